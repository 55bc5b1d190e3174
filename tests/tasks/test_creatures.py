from __future__ import annotations

from msgspec import structs
from tests.support.duel import (
    EFFECT,
    Duel,
    coded,
    lines,
    values,
)

from pyao.content.world_data import tile_index
from pyao.rules.kinds import Heading, Movement, NpcRole, Trigger
from pyao.tasks import creatures
from pyao.tasks.creatures_thinking import ATTACK_MS, AWAKE_MS, Minds, back_to_posts
from pyao.world.npc import Npc

NPC_SWING, NPC_KILLS, NPC_HITS = 1, 2, 12
MOVE, CREATE, REMOVE, LOOK, HP, CHAT = 32, 29, 30, 34, 17, 23
BLOOD = 14


def teach(duel: Duel, npc: Npc, **changes: object) -> Npc:
    """Make a creature and those that come after it of a changed kind."""
    npc.kind = structs.replace(npc.kind, **changes)
    npc.movement, npc.hostile = npc.kind.movement, npc.kind.hostile
    duel.running.app.game.world.data.npcs[npc.kind.number] = npc.kind
    return npc


async def fights(duel: Duel, times: int = 1) -> None:
    duel.think(times)
    await duel.hear()


# --- thinking and walking ----------------------------------------------------------------------


async def test_a_hostile_creature_comes_and_bites(duel: Duel) -> None:
    wolf = await duel.wolf(50, 46)
    await fights(duel, 3)
    assert (wolf.x, wolf.y) == (50, 49)
    assert [moved[1:] for moved in values(duel.ana, MOVE)] == [(50, 47), (50, 48), (50, 49)]
    await fights(duel)
    bite = coded(duel.ana, NPC_HITS)
    assert bite is not None
    assert bite.values == (NPC_HITS, 1, 3)
    assert duel.a.hp == 97
    assert values(duel.ana, HP) == [(97,)]
    assert (duel.a.index, BLOOD, 0) in values(duel.bob, EFFECT)
    assert wolf.heading == Heading.SOUTH


async def test_a_miss_is_told(duel: Duel) -> None:
    await duel.wolf()
    duel.dice.high = True
    await fights(duel)
    assert coded(duel.ana, NPC_SWING)
    assert duel.a.hp == 100


async def test_a_creature_attacks_once_in_a_period(duel: Duel) -> None:
    await duel.wolf()
    minds = Minds(duel.running.app.game, stopwatch=lambda: 0.0)
    duel.clock.advance(-duel.clock.now() % ATTACK_MS)
    lives = []
    for _ in range(5):
        minds.tick()
        lives.append(duel.a.hp)
        duel.clock.advance(400)
    assert lives == [97, 97, 97, 97, 94]


async def test_nobody_is_bitten_on_a_safe_tile(duel: Duel) -> None:
    await duel.wolf()
    room = duel.running.app.game.world.maps[2]
    triggers = bytearray(room.data.triggers)
    triggers[tile_index(50, 50)] = Trigger.SAFE
    room.data.triggers = bytes(triggers)
    await fights(duel, 3)
    assert duel.a.hp == 100


async def test_creatures_leave_a_newcomer_alone_until_it_acts(duel: Duel) -> None:
    await duel.wolf()
    for player in (duel.a, duel.b):
        player.effects.protected_until = duel.clock.now() + 5000
    duel.think()
    assert duel.a.hp == 100
    duel.ana.ask_position()
    await duel.hear()
    assert duel.a.effects.protected_until == 0
    duel.think(3)
    assert duel.a.hp < 100


async def test_the_poison_of_a_bite_is_told(duel: Duel) -> None:
    teach(duel, await duel.wolf(), poisonous=True)
    await fights(duel)
    assert duel.a.poisoned
    assert "wolf" in lines(duel.ana)


async def test_who_dies_of_a_creature_is_told_and_left_alone(duel: Duel) -> None:
    wolf = await duel.wolf()
    await duel.away()
    duel.a.hp = 2
    await fights(duel)
    assert coded(duel.ana, NPC_KILLS)
    assert duel.a.dead
    assert duel.ana.hp == 0
    before = (wolf.x, wolf.y)
    duel.ana.seen.clear()
    await fights(duel, 2)
    assert coded(duel.ana, NPC_HITS) is None
    assert before == (50, 49)


async def test_a_creature_casts_what_it_knows(duel: Duel) -> None:
    teach(duel, await duel.wolf(50, 46), spells=(2,))
    await fights(duel)
    assert duel.a.hp == 97
    assert "te ha lanzado un dardo" in lines(duel.ana)
    assert any("DARDO" in str(said[0]) for said in values(duel.bob, CHAT))
    assert (duel.a.index, 15, 2) in values(duel.bob, EFFECT)


async def test_a_creature_paralyses_and_its_death_frees(duel: Duel) -> None:
    wolf = teach(duel, await duel.wolf(50, 46), spells=(9,))
    await fights(duel)
    assert duel.a.paralysed
    assert "paralysed" in duel.ana.flags
    creatures.wound(duel.running.app.game, wolf, 1000, duel.b)
    await duel.hear()
    assert duel.a.effects.paralysis_until == 0
    assert "paralysed" not in duel.ana.flags


async def test_a_creature_that_attacks_knows_no_hidden_player(duel: Duel) -> None:
    wolf = await duel.wolf(50, 46)
    duel.a.hidden = duel.b.invisible = True
    duel.dice.high = True
    await fights(duel, 3)
    assert (wolf.x, wolf.y) == (50, 46)


async def test_a_paralysed_creature_only_counts_down(duel: Duel) -> None:
    wolf = await duel.wolf(50, 46)
    wolf.paralysed, wolf.paralysis_steps = True, 2
    duel.think()
    assert (wolf.x, wolf.y, wolf.paralysed) == (50, 46, True)
    duel.think(2)
    assert not wolf.paralysed
    assert wolf.y > 46


async def test_a_creature_that_stands_still_is_freed_too(duel: Duel) -> None:
    wolf = teach(duel, await duel.wolf(), movement=Movement.STILL)
    wolf.immobilised, wolf.paralysis_steps = True, 1
    duel.think()
    assert not wolf.held
    assert duel.a.hp == 100


async def test_royal_guards_go_after_criminals_and_clear_their_name(duel: Duel) -> None:
    guard = await duel.wolf(50, 46)
    teach(
        duel,
        guard,
        role=NpcRole.ROYAL_GUARD,
        movement=Movement.GUARD,
        hostile=False,
        alignment=0,
    )
    await fights(duel, 2)
    assert (guard.x, guard.y) == (50, 46)
    duel.b.bandit, duel.b.hp = 7000, 1
    assert duel.b.criminal
    duel.dice.high = True
    duel.think(3)
    duel.dice.high = False
    await fights(duel, 3)
    assert duel.b.dead
    assert duel.b.bandit == 6900
    assert duel.a.hp == 100


async def test_guards_go_back_to_their_posts(duel: Duel) -> None:
    guard = await duel.wolf(50, 46)
    teach(duel, guard, role=NpcRole.ROYAL_GUARD, movement=Movement.GUARD, fixed_place=True)
    guard.returns = True
    world = duel.running.app.game.world
    world.walk_npc(guard, Heading.NORTH)
    back_to_posts(duel.running.app.game)
    assert (guard.x, guard.y) == (50, 46)
    await duel.hear()
    assert duel.ana.figures[guard.index].y == 46


async def test_a_creature_finds_its_way_around_a_wall(duel: Duel) -> None:
    world = duel.running.app.game.world
    hunter = await duel.wolf(25, 19)
    teach(duel, hunter, movement=Movement.PATH_FINDING)
    world.warp(duel.a, 2, 25, 21)  # behind a wall of ten tiles
    world.warp(duel.b, 2, 26, 85)
    await duel.settle()
    duel.think(12)
    assert abs(hunter.x - 25) + abs(hunter.y - 21) == 1
    await duel.settle()
    assert (duel.ana.figures[hunter.index].x, duel.ana.figures[hunter.index].y) == (
        hunter.x,
        hunter.y,
    )


async def test_maps_without_players_fall_asleep(duel: Duel) -> None:
    game = duel.running.app.game
    wolf = await duel.wolf(20, 80)
    for player in (duel.a, duel.b):
        game.world.warp(player, 1, 50, 50)
    duel.think()
    duel.clock.advance(AWAKE_MS)
    place = (wolf.x, wolf.y)
    duel.think(5)
    assert (wolf.x, wolf.y) == place


# --- death and coming back ---------------------------------------------------------------------


async def test_another_one_comes_where_nobody_sees_it(duel: Duel) -> None:
    wolf = await duel.wolf()
    wolf.returns, wolf.experience, wolf.pool = True, 0, 0
    duel.dice.fall(95, 60, 60, 20, 80)  # no spoils, a tile in view, one that is not
    creatures.wound(duel.running.app.game, wolf, 1000, duel.a)
    assert wolf.gone
    duel.pass_time(100)
    (again,) = duel.running.app.game.world.maps[2].npcs()
    assert (again.x, again.y, again.hp, again.returns) == (20, 80, 100, True)


async def test_one_with_a_fixed_place_takes_its_time(duel: Duel) -> None:
    wolf = await duel.wolf()
    teach(duel, wolf, fixed_place=True).returns = True
    creatures.wound(duel.running.app.game, wolf, 1000, duel.a)
    room = duel.running.app.game.world.maps[2]
    duel.pass_time(14_000)
    assert not list(room.npcs())
    duel.pass_time(2_000)
    (again,) = room.npcs()
    assert (again.x, again.y) == (50, 49)
    await duel.hear()
    assert again.index in duel.ana.figures


async def test_a_guest_does_not_come_back(duel: Duel) -> None:
    creatures.wound(duel.running.app.game, await duel.wolf(), 1000, duel.a)
    duel.pass_time(60_000)
    assert not list(duel.running.app.game.world.maps[2].npcs())


async def test_a_full_map_is_tried_again(duel: Duel) -> None:
    game = duel.running.app.game
    wolf = await duel.wolf()
    room = game.world.maps[2]
    wolf.returns = True
    open_ground, room.flags = room.flags, bytes([1]) * 10_000
    creatures.wound(game, wolf, 1000, duel.a)
    duel.pass_time(1_000)
    assert not list(room.npcs())
    room.flags = open_ground
    duel.pass_time(31_000)
    assert len(list(room.npcs())) == 1


async def test_what_experience_is_left_goes_to_the_killer(duel: Duel) -> None:
    game = duel.running.app.game
    wolf = await duel.wolf()
    creatures.wound(game, wolf, 60, duel.b)
    creatures.wound(game, wolf, 1000, duel.a)
    await duel.hear()
    assert "300" in lines(duel.bob)
    assert "200" in lines(duel.ana)
    assert wolf.pool == 0
