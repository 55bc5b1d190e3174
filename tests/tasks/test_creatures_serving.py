from __future__ import annotations

from msgspec import structs
from tests.support.creatures import VILLAGER, WOLF
from tests.support.duel import CLICK, MULTI, WORK, BeginDuel, Duel, lines, values

from pyao.content.npcs import NpcKind, Trainee
from pyao.content.world_data import tile_index
from pyao.rules.kinds import Movement, NpcRole, Skill
from pyao.tasks import creatures
from pyao.world.npc import Npc

STAND, FOLLOW, RELEASE, TRAIN_LIST, TRAIN, LEFT_CLICK, QUIT = 74, 75, 76, 77, 39, 26, 71
LIST, CHAT, CREATE = 72, 23, 29
TAMING = int(Skill.TAMING)
TRAINER = NpcKind(
    number=502,
    name="trainer",
    body=10,
    role=NpcRole.TRAINER,
    creatures=(Trainee(500, "A wolf"), Trainee(501, "A villager")),
)


async def tamed(duel: Duel, x: int = 49, y: int = 50) -> Npc:
    """Let Ana tame a wolf."""
    wolf = await duel.wolf(x, y)
    wolf.kind = structs.replace(wolf.kind, taming=10, phrases=("Grrr",))
    duel.running.app.game.world.data.npcs[500] = wolf.kind
    duel.a.skills[TAMING - 1] = 100
    duel.clock.advance(1000)
    await duel.act(CLICK, x, y, TAMING)
    assert wolf.master == duel.a.user_id
    return wolf


async def test_who_asks_to_tame_is_given_a_target(duel: Duel) -> None:
    await duel.act(WORK, TAMING)
    assert values(duel.ana, MULTI) == []
    wolf = await duel.wolf()
    wolf.kind = structs.replace(wolf.kind, taming=10)
    await duel.act(WORK, TAMING)
    assert values(duel.ana, MULTI) == [(17, TAMING)]


async def test_a_tamed_creature_follows_and_another_takes_its_place(duel: Duel) -> None:
    await duel.wolf(62, 66)  # unrelated
    wolf = await duel.wolf(49, 50)
    wolf.returns = True
    wolf.kind = structs.replace(wolf.kind, taming=10)
    duel.a.skills[TAMING - 1] = 100
    duel.clock.advance(1000)
    await duel.act(CLICK, 49, 50, TAMING)
    assert duel.a.pets == [wolf]
    assert wolf.movement == Movement.FOLLOWS_MASTER
    assert "domado" in lines(duel.ana)
    duel.pass_time(100)
    assert len(list(duel.running.app.game.world.maps[2].npcs())) == 3
    duel.running.app.game.world.warp(duel.a, 2, 50, 55)
    await duel.settle()
    duel.dice.high = True
    duel.think(8)
    assert abs(wolf.y - duel.a.y) + abs(wolf.x - duel.a.x) == 3
    assert duel.a.hp == 100


async def test_taming_may_fail_and_may_be_refused(duel: Duel) -> None:
    wolf = await duel.wolf(49, 50)
    duel.clock.advance(1000)
    await duel.act(CLICK, 49, 50, TAMING)
    wolf.kind = structs.replace(wolf.kind, taming=60_000)
    duel.clock.advance(1000)
    await duel.act(CLICK, 49, 50, TAMING)
    assert duel.a.pets == []
    assert len(lines(duel.ana).splitlines()) >= 2


async def test_commands_are_for_ones_own_pet(duel: Duel) -> None:
    wolf = await tamed(duel)
    await duel.act(STAND)  # nobody was clicked
    await duel.act(LEFT_CLICK, 49, 50)
    await duel.act(STAND)
    assert wolf.movement == Movement.STILL
    assert any(said[0] == "Grrr" for said in values(duel.bob, CHAT))
    await duel.act(FOLLOW)
    assert wolf.movement == Movement.FOLLOWS_MASTER
    duel.bob.send(bytes((LEFT_CLICK, 49, 50, RELEASE)))
    await duel.hear()
    assert duel.a.pets == [wolf]
    await duel.act(RELEASE)
    assert wolf.gone
    assert duel.a.pets == []


async def test_a_pet_fights_what_its_master_fights(duel: Duel) -> None:
    wolf = await tamed(duel)
    await duel.away()
    prey = await duel.wolf(49, 49, number=501)
    creatures.provoke(duel.running.app.game, prey, duel.a)
    duel.think(9)
    await duel.hear()
    assert prey.gone or prey.hp < VILLAGER.max_hp
    assert not wolf.gone


async def test_the_kill_of_a_pet_pays_its_master(duel: Duel) -> None:
    await tamed(duel)
    prey = await duel.wolf(49, 49, number=501)
    prey.experience = prey.pool = 90
    prey.hp = 1
    creatures.provoke(duel.running.app.game, prey, duel.a)
    before = duel.a.experience
    duel.think(2)
    assert prey.gone
    assert duel.a.experience == before + 90


async def test_a_pet_comes_to_the_help_of_its_master(duel: Duel) -> None:
    pet = await tamed(duel)
    foe = await duel.wolf(50, 49)
    duel.think(2)
    assert pet.foe is foe
    assert foe.hp < WOLF.max_hp


async def test_a_pet_that_dies_is_mourned_and_leaves_nothing(duel: Duel) -> None:
    pet = await tamed(duel)
    pet.hp = 1
    foe = await duel.wolf(49, 49)
    foe.foe, foe.movement = pet, Movement.FIGHTS_NPC
    duel.think(2)
    await duel.hear()
    assert pet.gone
    assert duel.a.pets == []
    assert "mascota" in lines(duel.ana)
    duel.think()
    assert duel.a.pet_1 == 0


async def test_pets_of_both_sides_join_a_fight_of_players(duel: Duel) -> None:
    pet = await tamed(duel)
    duel.a.bandit = 7000
    await duel.attack()
    assert pet.attacked_by == duel.b.user_id
    duel.think(3)
    assert duel.b.hp < 100


async def test_a_lawful_pet_does_not_attack_citizens(duel: Duel) -> None:
    pet = await tamed(duel)
    creatures.take_sides(duel.b, duel.a)
    duel.a.safe = True
    duel.think()
    await duel.hear()
    assert pet.attacked_by == 0
    assert duel.b.hp == 100
    assert "ciudadanos" in lines(duel.ana)


async def test_tamed_creatures_wait_outside_safe_maps_and_summoned_ones_vanish(
    duel: Duel,
) -> None:
    game = duel.running.app.game
    pet = await tamed(duel)
    guest = creatures.summon(game, duel.a, 501, 50, 51)
    assert guest is not None
    pet.hp = 33
    game.world.warp(duel.a, 1, 50, 50)
    duel.think()
    await duel.hear()
    assert (pet.gone, guest.gone) == (True, True)
    assert (duel.a.pets, duel.a.waiting) == ([], [pet])
    assert duel.a.pet_1 == 500
    game.world.warp(duel.a, 2, 50, 50)
    duel.think()
    assert duel.a.pets == [pet]
    assert (pet.map, pet.hp) == (2, 33)
    await duel.hear()
    assert pet.index in duel.ana.figures


async def test_summoned_creatures_serve_for_forty_seconds(duel: Duel) -> None:
    guest = creatures.summon(duel.running.app.game, duel.a, 501, 50, 51)
    assert guest is not None
    assert (guest.experience, guest.master) == (0, duel.a.user_id)
    duel.pass_time(40_000)
    assert duel.a.pets == [guest]
    duel.pass_time(200)
    assert guest.gone
    assert duel.a.pets == []


async def test_pets_die_with_their_master(duel: Duel) -> None:
    pet = await tamed(duel)
    duel.a.hp = 0
    duel.think()
    assert pet.gone
    assert duel.a.pet_1 == 0


async def test_tamed_creatures_are_there_again_after_a_log_in(
    begin_duel: BeginDuel,
) -> None:
    duel = await begin_duel(logout_s=0)
    pet = await tamed(duel)
    duel.think()
    game = duel.running.app.game
    duel.ana.send(bytes((QUIT,)))
    await duel.ana.until_closed()
    assert pet.gone
    again = await duel.running.connect()
    await again.enter("Ana")
    duel.a = duel.running.player("Ana")
    duel.ana = again
    duel.think()
    assert [one.kind.number for one in duel.a.pets] == [500]
    await duel.hear()
    assert duel.a.pets[0].index in again.figures
    assert game.world.maps[2].occupant(duel.a.pets[0].x, duel.a.pets[0].y) is duel.a.pets[0]


async def test_a_trainer_calls_what_it_offers(duel: Duel) -> None:
    game = duel.running.app.game
    await duel.act(TRAIN_LIST)
    assert values(duel.ana, LIST) == []
    world = game.world
    room = world.maps[2]
    trainer = Npc.at(TRAINER, 2, tile_index(52, 52))
    world.add_npc(room, trainer)
    await duel.act(TRAIN_LIST)
    assert values(duel.ana, LIST) == [(["A wolf", "A villager"],)]
    await duel.act(TRAIN, 0)
    await duel.act(TRAIN, 3)
    await duel.act(TRAIN, 2)
    (called,) = (npc for npc in room.npcs() if npc is not trainer)
    assert (called.kind.name, called.trainer, called.returns) == ("villager", trainer, False)
    for _ in range(8):
        await duel.act(TRAIN, 2)
    assert sum(npc.trainer is trainer for npc in room.npcs()) == 7
    duel.clock.advance(1000)
    world.warp(duel.a, 2, 44, 52)
    world.warp(duel.a, 2, 60, 60)
    await duel.settle()
    await duel.act(TRAIN_LIST)
    assert values(duel.ana, LIST) == []


async def test_who_dies_loses_its_creatures_also_those_that_wait(duel: Duel) -> None:
    wolf = await tamed(duel)
    duel.running.app.game.world.warp(duel.a, 1, 50, 50)
    duel.think()
    assert duel.a.waiting == [wolf]
    duel.a.hp = 0
    duel.think()
    assert not duel.a.waiting
    assert duel.a.pet_1 == 0
