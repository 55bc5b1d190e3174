from __future__ import annotations

import pytest
from tests.support.by_hand import check_ledger
from tests.support.byte_client import CONSOLE_MSG, NORTH, ByteClient
from tests.support.duel import Duel, coded, lines
from tests.support.things import SWORD
from tests.support.world import DOOR
from tests.tasks.conftest import Running

from pyao.content.items import Item
from pyao.content.world_data import tile_index
from pyao.protocol.enums import Font
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Faction, NpcRole, ObjectType, Privilege, Skill
from pyao.storage.ledger import NOBODY, of_map
from pyao.world.map_room import GroundItem

DOUBLE_CLICK, LEFT_CLICK = 27, 26
OBJECT_CREATE, BLOCK = 35, 37


@pytest.fixture
async def at_the_door(running: Running) -> ByteClient:
    ana = await running.newcomer("Ana")
    running.app.game.world.warp(running.player("Ana"), 1, DOOR[0], DOOR[1] + 1)
    await ana.settle()
    ana.seen.clear()
    return ana


async def test_a_door_opens_lets_through_and_does_not_close_on_anybody(
    running: Running, at_the_door: ByteClient
) -> None:
    ana = at_the_door
    ana.send(bytes((DOUBLE_CLICK, *DOOR)))
    assert (await ana.get(OBJECT_CREATE)).values == (*DOOR, 501)
    await ana.settle()
    assert ana.blocked[DOOR] is False
    ana.walk(NORTH)
    await ana.settle()
    assert (running.player("Ana").x, running.player("Ana").y) == DOOR
    ana.send(bytes((DOUBLE_CLICK, *DOOR)))
    await ana.get(CONSOLE_MSG)
    assert ana.blocked[DOOR] is False


async def test_a_far_door_stays_shut(running: Running) -> None:
    ana = await running.newcomer("Ana")
    running.app.game.world.warp(running.player("Ana"), 1, DOOR[0], DOOR[1] + 4)
    await ana.settle()
    ana.seen.clear()
    ana.send(bytes((DOUBLE_CLICK, *DOOR)))
    await ana.get(CONSOLE_MSG)
    assert ana.objects[DOOR] == 500


async def test_a_click_names_who_stands_there(running: Running) -> None:
    ana = await running.newcomer("Ana")
    bob = await running.newcomer("Bob")
    await ana.settle()
    ana.seen.clear()
    ana.send(bytes((LEFT_CLICK, bob.x, bob.y)))
    assert "Bob" in str((await ana.get(CONSOLE_MSG)).values[0])


@pytest.mark.parametrize("place", [(0, 0), (255, 1), (101, 50), (1, 100)])
async def test_a_click_outside_the_view_says_nothing(
    running: Running, place: tuple[int, int]
) -> None:
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    ana.send(bytes((LEFT_CLICK, *place)), bytes((DOUBLE_CLICK, *place)))
    await ana.settle()
    assert not ana.seen


async def test_a_click_tells_how_a_creature_seems_to_be(duel: Duel) -> None:
    wolf = await duel.wolf(50, 47)
    wolf.hp = wolf.kind.max_hp // 4
    await duel.act(LEFT_CLICK, 50, 47)
    duel.a.skills[Skill.SURVIVAL - 1] = 30
    await duel.act(LEFT_CLICK, 50, 47)
    duel.a.skills[Skill.SURVIVAL - 1] = 60
    await duel.act(LEFT_CLICK, 50, 47)
    wolf.owner = duel.b.user_id
    duel.a.hp = 0
    await duel.act(LEFT_CLICK, 50, 47)
    wolf.master = duel.b.user_id
    await duel.act(LEFT_CLICK, 50, 47)
    told = lines(duel.ana).splitlines()
    name = wolf.kind.name
    assert told == [
        f"{name} (no sabrias decir como esta)",
        f"{name} (malherido)",
        f"{name} ({wolf.hp} de {wolf.kind.max_hp} puntos de vida)",
        f"{name}, disputado por Bob",
        f"{name}, mascota de Bob",
    ]


async def test_a_click_names_what_lies_there_and_who_stands_on_it(duel: Duel) -> None:
    world = duel.running.app.game.world
    world.set_ground(world.maps[2], duel.b.x, duel.b.y, Pile(SWORD.number, 2))
    await duel.act(LEFT_CLICK, duel.b.x, duel.b.y)
    told = lines(duel.ana)
    assert "sword - 2" in told
    assert "Bob" in told


async def test_a_click_on_nothing_says_so_and_on_a_door_nothing(duel: Duel) -> None:
    await duel.act(LEFT_CLICK, 45, 50)
    assert coded(duel.ana, 0) is not None
    duel.running.app.game.world.warp(duel.a, 1, 60, 62)
    await duel.settle()
    await duel.act(LEFT_CLICK, *DOOR)
    assert not lines(duel.ana)
    assert coded(duel.ana, 0) is None


@pytest.mark.parametrize(
    ("place", "opens"), [((60, 62), True), ((62, 60), True), ((61, 61), True), ((62, 62), False)]
)
async def test_a_door_is_two_tiles_away_as_the_crow_flies(
    duel: Duel, place: tuple[int, int], opens: bool
) -> None:
    duel.running.app.game.world.warp(duel.a, 2, *place)
    await duel.settle()
    await duel.act(DOUBLE_CLICK, *DOOR)
    assert (duel.ana.objects[DOOR] == 501) is opens


async def test_a_door_that_was_laid_down_keeps_its_place_in_the_ledger(duel: Duel) -> None:
    app = duel.running.app
    closed = app.game.world.maps[2].ground[tile_index(*DOOR)].item
    tile = (50, 53)
    app.game.world.warp(duel.a, 2, 50, 51)
    app.game.world.set_ground(app.game.world.maps[2], *tile, Pile(closed.number, 2))
    app.game.changes.record("by hand", duel.a, closed.number, 2, source=NOBODY, target=of_map(2))
    await duel.settle()
    await duel.act(DOUBLE_CLICK, *tile)
    assert duel.ana.objects[tile] == 501
    await check_ledger(app)


async def test_what_lies_on_the_tile_comes_before_a_door_beside_it(duel: Duel) -> None:
    board = Item(number=700, name="board", kind=ObjectType.SIGN, graphic=1, text="Hola")
    room = duel.running.app.game.world.maps[2]
    room.lay(59, 60, GroundItem(board, 1, fixed=True))
    duel.running.app.game.world.warp(duel.a, 2, 59, 62)
    await duel.settle()
    await duel.act(DOUBLE_CLICK, 59, 60)
    assert "Hola" in lines(duel.ana)
    assert duel.ana.objects[DOOR] == 500


async def test_a_sign_is_read_from_wherever_it_is_seen(duel: Duel) -> None:
    board = Item(number=700, name="board", kind=ObjectType.SIGN, graphic=1, text="Hola")
    duel.running.app.game.world.maps[2].lay(58, 44, GroundItem(board, 1, fixed=True))
    await duel.act(DOUBLE_CLICK, 58, 44)
    assert "Hola" in lines(duel.ana)


@pytest.mark.parametrize(
    ("noble", "faction", "privileges", "dies"),
    [
        (0, Faction.CHAOS, 1, True),
        (1, Faction.ROYAL, 1, True),
        (0, Faction.ROYAL, 1, False),
        (1, Faction.CHAOS, 1, False),
        (0, Faction.NONE, 1, False),
        (0, Faction.CHAOS, Privilege.PLAYER | Privilege.GOD, False),
    ],
)
async def test_a_noble_strikes_down_the_enemy_who_clicks_it(
    duel: Duel, noble: int, faction: Faction, privileges: int, dies: bool
) -> None:
    king = duel.remake(await duel.wolf(50, 47), role=NpcRole.NOBLE, faction=noble, movement=1)
    duel.a.faction, duel.a.privileges = faction, privileges
    await duel.act(LEFT_CLICK, king.x, king.y)
    assert duel.a.dead is dies
    assert (duel.ana.hp == 0) is dies
    assert ("fulminado" in lines(duel.ana)) is dies


async def test_staff_see_who_attacks_a_creature(duel: Duel) -> None:
    wolf = await duel.wolf(50, 47)
    wolf.attacked_by = duel.b.user_id
    await duel.act(LEFT_CLICK, 50, 47)
    assert "Bob" not in lines(duel.ana)
    duel.a.privileges = int(Privilege.PLAYER | Privilege.GOD)
    await duel.act(LEFT_CLICK, 50, 47)
    assert "Lo ataca Bob" in lines(duel.ana)


async def test_a_click_tells_what_a_player_is(duel: Duel) -> None:
    await duel.act(LEFT_CLICK, duel.b.x, duel.b.y)
    assert "Ves a Bob <recien llegado> <ciudadano>" in lines(duel.ana)
    duel.b.level, duel.b.description, duel.b.guild_name = 25, "de viaje", "Los Faros"
    duel.b.faction, duel.b.faction_rank = Faction.ROYAL, 2
    await duel.act(LEFT_CLICK, duel.b.x, duel.b.y)
    assert "Bob <Armada Real> <Soldado> <Los Faros> - de viaje <ciudadano>" in lines(duel.ana)
    duel.b.faction, duel.b.bandit = Faction.CHAOS, 5_000_000
    await duel.act(LEFT_CLICK, duel.b.x, duel.b.y)
    assert "<Legion Oscura> <Paria> <Los Faros> - de viaje <criminal>" in lines(duel.ana)


@pytest.mark.parametrize(
    ("privilege", "words", "font"),
    [
        (Privilege.ROYAL_COUNCIL, "Consejo Real", Font.COUNCIL_SEEN),
        (Privilege.CHAOS_COUNCIL, "Concilio de las Sombras", Font.CHAOS_COUNCIL_SEEN),
        (Privilege.COUNSELLOR, "personal del juego", Font.COUNSELLOR),
        (Privilege.DEMIGOD, "personal del juego", Font.GM),
        (Privilege.GOD, "personal del juego", Font.GOD),
    ],
)
async def test_a_click_tells_honours_before_crimes(
    duel: Duel, privilege: Privilege, words: str, font: Font
) -> None:
    duel.b.bandit, duel.b.privileges = 5_000_000, int(Privilege.PLAYER | privilege)
    await duel.act(LEFT_CLICK, duel.b.x, duel.b.y)
    (said,) = [p.values for p in duel.ana.seen if p.id == CONSOLE_MSG]
    assert f"<{words}>" in str(said[0])
    assert said[1] == font
