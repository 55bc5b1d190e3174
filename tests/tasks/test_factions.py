"""Armies: enlisting before a noble, rewards, leaving, being put out."""

from __future__ import annotations

import pytest
from tests.support.duel import BeginDuel, Duel, lines, values
from tests.support.waiting import until

from pyao.content.items import Item
from pyao.content.rulebook import FactionArmour
from pyao.content.world_data import tile_index
from pyao.protocol import client_social_packets as said
from pyao.protocol.packet import ClientPacket
from pyao.rules import inventory
from pyao.rules.character import Section, Slot
from pyao.rules.inventory import Pile
from pyao.rules.kinds import CharClass, Faction, NpcRole, ObjectType
from pyao.rules.movement import MAX_X, MAX_Y, MIN_X, MIN_Y
from pyao.tasks.factions import expel
from pyao.world.npc import Npc

CUIRASS, TUNIC, SHIELD = 801, 802, 803
UNIFORM = (
    Item(number=CUIRASS, name="cuirass", kind=ObjectType.ARMOUR, royal=True, body=64),
    Item(number=TUNIC, name="tunic", kind=ObjectType.ARMOUR, chaos=True, body=77),
    Item(number=SHIELD, name="shield of the army", kind=ObjectType.SHIELD, royal=True),
)
SPEECH, SLOT, LOOK = 23, 47, 34


@pytest.fixture(name="court")
async def court_fixture(begin_duel: BeginDuel) -> Duel:
    """Return a duel before a king, whom Ana has clicked and would be taken in by."""
    duel = await begin_duel(*UNIFORM)
    book = duel.running.app.game.world.data.rulebook
    book.faction_armour[CharClass.WARRIOR] = FactionArmour(
        (0, 0, CUIRASS), (0, 0, 0), (0, TUNIC, 0), (0, 0, 0)
    )
    duel.a.level, duel.a.experience_next = 25, 10_000_000
    duel.a.criminals_killed, duel.a.noble = 30, 1_000_000
    await noble(duel, Faction.ROYAL)
    return duel


async def noble(duel: Duel, of: Faction, x: int = 50, y: int = 47) -> Npc:
    """Let a noble stand there, and Ana look at it."""
    found = duel.remake(
        await duel.wolf(x, y), role=NpcRole.NOBLE, faction=int(of is Faction.CHAOS), movement=1
    )
    duel.a.clicked = found
    return found


async def send(duel: Duel, packet: ClientPacket) -> str:
    """Let Ana send a packet; return what is said to her over heads."""
    duel.ana.seen.clear()
    await duel.act(*packet.encode())
    return "\n".join(str(row[0]) for row in values(duel.ana, SPEECH))


async def unexplained(duel: Duel) -> int:
    """Return how much value came or went so far without a line of the ledger."""
    app = duel.running.app
    app.game.world.mark(duel.a, Section.everything())
    app.game.changes.snapshot()
    assert await app.writer.drain(10)
    return app.writer.books.unexplained


async def test_the_king_takes_in_a_noble_soul_and_clothes_it(court: Duel) -> None:
    before = await unexplained(court)
    assert "Bienvenido a la Armada" in await send(court, said.Enlist())
    assert court.a.faction is Faction.ROYAL
    assert court.held(1) == Slot(CUIRASS, 1)
    assert court.a.experience == 5_000
    assert "5000" in lines(court.ana)
    assert "Ya sirves" in await send(court, said.Enlist())
    assert court.held(1) == Slot(CUIRASS, 1)
    assert await unexplained(court) == before


async def test_who_is_not_worthy_is_told_why(court: Duel) -> None:
    court.a.criminals_killed = 12
    assert "30 criminales, y llevas 12" in await send(court, said.Enlist())
    court.a.criminals_killed, court.a.noble = 30, 5_000
    assert "5000 de 1000000" in await send(court, said.Enlist())
    assert court.a.faction is Faction.NONE
    assert court.held(1) is None


async def test_one_has_to_stand_before_a_noble(court: Duel) -> None:
    court.running.app.game.world.warp(court.a, 2, 50, 53)
    assert await send(court, said.Enlist()) == ""
    assert "lejos" in lines(court.ana)
    await send(court, said.Reward())
    assert "lejos" in lines(court.ana)
    await send(court, said.Information())
    assert "lejos" in lines(court.ana)
    await court.die()
    await send(court, said.Enlist())
    assert court.a.faction is Faction.NONE


async def test_rewards_are_given_one_after_another(court: Duel) -> None:
    assert "No sirves" in await send(court, said.Reward())
    await send(court, said.Enlist())
    assert "mata a 40 mas" in await send(court, said.Information())
    assert "mata a 40 mas" in await send(court, said.Reward())
    court.a.criminals_killed = 131
    assert "Pideme tu recompensa" in await send(court, said.Information())
    assert "Escudero" in await send(court, said.Reward())
    assert "Soldado" in await send(court, said.Reward())
    assert "mata a 79 mas" in await send(court, said.Reward())
    assert court.a.faction_rank == 2
    assert inventory.count(court.a.inventory, CUIRASS) == 1 + 3 + 4
    assert court.a.experience == 5_000 + 7_500 + 10_000


async def test_a_full_bag_lets_the_gift_fall_at_ones_feet(court: Duel) -> None:
    court.give(court.a, *[Slot(460, 1)] * 25)
    before = await unexplained(court)
    await send(court, said.Enlist())
    room = court.running.app.game.world.maps[2]
    assert [pile.amount for pile in room.ground.values() if pile.item.number == CUIRASS] == [1]
    assert await unexplained(court) == before


async def test_nobody_is_taken_in_who_has_no_room_for_the_gift(court: Duel) -> None:
    court.give(court.a, *[Slot(460, 1)] * 25)
    cover_the_ground(court)
    assert "bolsa llena" in await send(court, said.Enlist())
    assert (court.a.faction, court.a.enlistments, court.a.experience) == (Faction.NONE, 0, 0)
    assert not court.a.welcomed_royal
    court.give(court.a, *[Slot(460, 1)] * 24)
    before = await unexplained(court)
    assert "Bienvenido a la Armada" in await send(court, said.Enlist())
    assert court.held(25) == Slot(CUIRASS, 1)
    assert await unexplained(court) == before


async def test_a_reward_waits_until_there_is_room_for_all_of_it(court: Duel) -> None:
    court.running.app.game.world.data.rulebook.faction_armour[CharClass.WARRIOR] = FactionArmour(
        (SHIELD, 0, CUIRASS), (0, 0, 0), (0, 0, 0), (0, 0, 0)
    )
    await send(court, said.Enlist())
    court.a.criminals_killed = 70
    court.give(court.a, *[Slot(460, 1)] * 24)  # one of both fits
    cover_the_ground(court)
    assert "bolsa llena" in await send(court, said.Reward())
    assert (court.a.faction_rank, court.a.experience, court.held(25)) == (0, 5_000, None)
    room, free = court.running.app.game.world.maps[2], (court.a.x + 5, court.a.y)
    court.running.app.game.world.set_ground(room, *free, None)
    before, commits = await unexplained(court), court.running.app.writer.stats.commits
    assert "Escudero" in await send(court, said.Reward())
    assert await court.running.app.writer.drain(10)
    assert court.running.app.writer.stats.commits == commits + 1
    assert court.held(25) == Slot(SHIELD, 7)
    laid = room.ground[tile_index(*free)]
    assert (laid.item.number, laid.amount) == (CUIRASS, 3)
    assert await unexplained(court) == before


def cover_the_ground(duel: Duel) -> None:
    """Let something lie on every tile around Ana."""
    world = duel.running.app.game.world
    for x in range(MIN_X, MAX_X + 1):
        for y in range(MIN_Y, MAX_Y + 1):
            world.set_ground(world.maps[2], x, y, Pile(460, 1))


async def test_leaving_takes_the_uniform_off(court: Duel) -> None:
    await send(court, said.Enlist())
    court.give(court.a, Slot(CUIRASS, 1, equipped=True), Slot(SHIELD, 1, equipped=True))
    assert "Ser" in await send(court, said.LeaveFaction())
    assert court.a.faction is Faction.NONE
    assert court.a.naked
    assert court.a.gear.shield is None
    assert {row[0] for row in values(court.ana, SLOT)} == {1, 2}
    assert values(court.bob, LOOK)
    assert "Has dejado la Armada" in lines(court.ana)
    await send(court, said.LeaveFaction())
    assert "ninguna faccion" in lines(court.ana)


async def test_the_enemy_noble_lets_nobody_go(court: Duel) -> None:
    await send(court, said.Enlist())
    court.a.clicked = await noble(court, Faction.CHAOS, 51, 47)
    assert "bufon" in await send(court, said.LeaveFaction())
    kept = court.a.faction
    court.a.clicked = None
    assert await send(court, said.LeaveFaction()) == ""
    assert (kept, court.a.faction) == (Faction.ROYAL, Faction.NONE)


async def test_the_legion_takes_in_murderers(court: Duel) -> None:
    await noble(court, Faction.CHAOS, 51, 47)
    court.a.noble, court.a.assassin, court.a.citizens_killed = 0, 140_000, 70
    assert "Bienvenido a la Legion" in await send(court, said.Enlist())
    assert court.held(1) == Slot(TUNIC, 2)
    assert "mata a 90 ciudadanos" in await send(court, said.Information())
    court.a.citizens_killed = 160
    assert "Alma Corrupta" in await send(court, said.Reward())
    assert "arrastrandote" in await send(court, said.LeaveFaction())


async def test_who_is_put_out_is_told_and_one_put_out_for_good_stays_out(court: Duel) -> None:
    game = court.running.app.game
    await send(court, said.Enlist())
    assert expel(game, court.a) is Faction.ROYAL
    assert expel(game, court.a) is Faction.NONE
    await send(court, said.Enlist())
    assert lines(court.ana).count("Has sido expulsado de la Armada") == 1
    assert expel(game, court.a, for_good=True) is Faction.ROYAL
    assert "demasiadas veces" in await send(court, said.Enlist())


async def test_a_soldier_is_one_still_after_a_pause(court: Duel) -> None:
    await send(court, said.Enlist())
    court.a.criminals_killed = 70
    await send(court, said.Reward())
    court.running.app.game.leave(court.a)
    await until(lambda: not court.running.app.game.changes.unsaved)
    client = await court.running.connect()
    client.log_in("Ana")
    await client.settle()
    back = court.running.player("Ana")
    assert back is not court.a
    assert (back.faction, back.faction_rank, back.enlistments) == (Faction.ROYAL, 1, 1)
    assert back.welcomed_royal
    assert not back.welcomed_chaos
