from __future__ import annotations

import pytest
from tests.support.duel import EFFECT, Duel, coded, values

from pyao.content.world_data import tile_index
from pyao.rules.kinds import Heading, Movement, NpcRole
from pyao.tasks.creatures_thinking import (
    ATTACK_MS,
    AWAKE_MS,
    BUDGET_S,
    THINK_MS,
    Minds,
    back_to_posts,
)
from pyao.world.npc import Npc

MOVE, HP = 32, 17
NPC_HITS, BLOOD = 12, 14


async def test_a_hostile_creature_comes_and_bites(duel: Duel) -> None:
    wolf = await duel.wolf(50, 46)
    duel.think(3)
    await duel.hear()
    assert (wolf.x, wolf.y) == (50, 49)
    assert [moved[1:] for moved in values(duel.ana, MOVE)] == [(50, 47), (50, 48), (50, 49)]
    duel.think()
    await duel.hear()
    bite = coded(duel.ana, NPC_HITS)
    assert bite is not None
    assert bite.values == (NPC_HITS, 1, 3)
    assert duel.a.hp == 97
    assert values(duel.ana, HP) == [(97,)]
    assert (duel.a.index, BLOOD, 0) in values(duel.bob, EFFECT)
    assert wolf.heading == Heading.SOUTH


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


async def test_creatures_leave_a_newcomer_alone_until_it_acts(duel: Duel) -> None:
    await duel.wolf()
    for player in (duel.a, duel.b):
        player.protected_until = duel.clock.now() + 5000
    duel.think()
    assert duel.a.hp == 100
    duel.ana.ask_position()
    await duel.hear()
    assert duel.a.protected_until == 0
    duel.think(3)
    assert duel.a.hp < 100


async def test_a_creature_that_attacks_knows_no_hidden_player(duel: Duel) -> None:
    wolf = await duel.wolf(50, 46)
    duel.a.hidden = duel.b.invisible = True
    duel.dice.high = True
    duel.think(3)
    await duel.hear()
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
    wolf = duel.remake(await duel.wolf(), movement=Movement.STILL)
    wolf.immobilised, wolf.paralysis_steps = True, 1
    duel.think()
    assert not wolf.held
    assert duel.a.hp == 100


async def test_royal_guards_go_after_criminals_and_clear_their_name(duel: Duel) -> None:
    guard = await duel.wolf(50, 46)
    duel.remake(
        guard,
        role=NpcRole.ROYAL_GUARD,
        movement=Movement.GUARD,
        hostile=False,
        alignment=0,
    )
    duel.think(2)
    await duel.hear()
    assert (guard.x, guard.y) == (50, 46)
    duel.b.bandit, duel.b.hp = 7000, 1
    assert duel.b.criminal
    duel.dice.high = True
    duel.think(3)
    duel.dice.high = False
    duel.think(3)
    await duel.hear()
    assert duel.b.dead
    assert duel.b.bandit == 6900
    assert duel.a.hp == 100


async def test_guards_go_back_to_their_posts(duel: Duel) -> None:
    guard = await duel.wolf(50, 46)
    duel.remake(guard, role=NpcRole.ROYAL_GUARD, movement=Movement.GUARD, fixed_place=True)
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
    duel.remake(hunter, movement=Movement.PATH_FINDING)
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


def crowd(duel: Duel, count: int) -> list[Npc]:
    """Bring paralysed creatures to life: each counts down by one when it thinks."""
    game = duel.running.app.game
    kind = game.world.data.npcs[500]
    herd = []
    for number in range(count):
        npc = Npc.at(kind, 2, tile_index(12 + number % 40, 70 + number // 40))
        npc.paralysed, npc.paralysis_steps = True, 100
        game.world.add_npc(game.world.maps[2], npc)
        herd.append(npc)
    return herd


def thought(herd: list[Npc]) -> int:
    return sum(100 - npc.paralysis_steps for npc in herd)


async def test_a_round_of_thought_is_spread_over_its_ticks(duel: Duel) -> None:
    herd = crowd(duel, 76)
    minds = Minds(duel.running.app.game, stopwatch=lambda: 0.0)
    counts = []
    for _ in range(8):
        minds.tick()
        counts.append(thought(herd))
        duel.clock.advance(50)
    assert counts == [10, 20, 30, 40, 50, 60, 70, 76]
    minds.tick()
    assert thought(herd) == 90  # the new round is 20 ms old


async def test_a_crowd_thinks_less_often_instead_of_making_players_wait(duel: Duel) -> None:
    herd = crowd(duel, 76)
    moments = iter(range(100_000))
    minds = Minds(duel.running.app.game, stopwatch=lambda: next(moments) * BUDGET_S * 0.4)
    for _ in range(12):
        before = thought(herd)
        minds.tick()
        assert thought(herd) - before <= 3
        duel.clock.advance(50)
    assert max(100 - npc.paralysis_steps for npc in herd) == 1


async def test_a_late_tick_is_not_followed_by_hurried_ones(duel: Duel) -> None:
    herd = crowd(duel, 8)
    minds = Minds(duel.running.app.game, stopwatch=lambda: 0.0)
    duel.clock.advance(20 * THINK_MS)
    for _ in range(9):
        minds.tick()
        duel.clock.advance(50)
    assert thought(herd) == 8 + 2


async def test_one_creature_that_fails_does_not_keep_others_from_thinking(duel: Duel) -> None:
    herd = crowd(duel, 8)
    herd[3].map = 77  # there is no such map
    minds = Minds(duel.running.app.game, stopwatch=lambda: 0.0)
    duel.clock.advance(THINK_MS)
    minds.tick()
    duel.clock.advance(THINK_MS - 1)
    with pytest.raises(KeyError):
        minds.tick()
    minds.tick()
    assert [npc.paralysis_steps for npc in herd] == [99, 99, 99, 100, 99, 99, 99, 99]


async def test_creatures_that_nobody_sees_stroll(duel: Duel) -> None:
    duel.dice.high = True
    wolf = await duel.wolf(15, 15)
    duel.think(3)
    assert (wolf.x, wolf.y) == (15, 15)
    duel.dice.high = False
    wolf.attacked_by = 9
    duel.think()
    assert (wolf.x, wolf.y, wolf.attacked_by) == (15, 14, 0)
