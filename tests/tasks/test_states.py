from __future__ import annotations

import pytest
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.world import ManualClock
from tests.tasks.conftest import Running, Start

from pyao.rules.character import Slot
from pyao.world import Player

MEDITATE, REST, RESURRECT, HEAL, MODIFY = b"\x4f", b"\x4e", b"\x50", b"\x51", 38
TOGGLE, FX, STAMINA, NEEDS = 68, 44, 15, 60


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def ana(start: Start, clock: ManualClock) -> tuple[Running, ByteClient, Player]:
    running = await start(clock=clock, idle_minutes=0)
    client = await running.newcomer("Ana", char_class=1)
    client.seen.clear()
    return running, client, running.player("Ana")


def pass_time(running: Running, clock: ManualClock, seconds: float) -> None:
    for _ in range(int(seconds * 20)):
        clock.advance(50)
        running.app.game.world.schedule.run_due()


async def test_meditation_brings_mana_and_ends_when_there_is_no_more_room(
    ana: tuple[Running, ByteClient, Player], clock: ManualClock
) -> None:
    running, client, player = ana
    player.mana = 0
    client.send(MEDITATE)
    await client.get(TOGGLE)
    assert (await client.get(FX)).values == (player.index, 4, -1)
    pass_time(running, clock, 600)
    assert (await client.get(FX)).values == (player.index, 0, 0)
    assert player.mana == player.max_mana
    assert "meditating" not in client.flags


async def test_who_falls_into_a_trance_and_wakes_is_told(
    ana: tuple[Running, ByteClient, Player],
) -> None:
    _, client, player = ana
    player.mana = 0
    client.send(MEDITATE)
    assert "Comienzas a meditar" in str((await client.get(CONSOLE_MSG)).values[0])
    client.send(MEDITATE)
    assert "terminado de meditar" in str((await client.get(CONSOLE_MSG)).values[0])


async def test_a_trance_is_seen_by_who_comes_later_and_wherever_one_is_brought(
    ana: tuple[Running, ByteClient, Player],
) -> None:
    running, client, player = ana
    player.mana = 0
    client.send(MEDITATE)
    await client.settle()
    bob = await running.newcomer("Bob")
    assert bob.figures[player.index].glows
    world = running.app.game.world
    for place in ((1, player.x + 1, player.y), (2, 50, 50)):
        world.warp(running.player("Bob"), *place)
        world.warp(player, *place)
        await client.settle()
        await bob.settle()
        assert client.figures[player.index].glows
        assert bob.figures[player.index].glows


async def test_hunger_thirst_and_stamina_follow_the_clock(
    ana: tuple[Running, ByteClient, Player], clock: ManualClock
) -> None:
    running, client, player = ana
    player.stamina = 0
    pass_time(running, clock, 5)
    assert player.stamina > 0
    await client.get(STAMINA)
    pass_time(running, clock, 300)
    assert (player.hunger, player.thirst) == (90, 90)
    await client.get(NEEDS)


async def test_poison_kills_and_the_dead_fall_as_ghosts(
    ana: tuple[Running, ByteClient, Player], clock: ManualClock
) -> None:
    running, client, player = ana
    bob = await running.newcomer("Bob")
    player.level, player.gold, player.hp = 20, 250_000, 3
    player.inventory[:] = [Slot(460, 2), *[None] * 24]
    player.poisoned = True
    pass_time(running, clock, 120)
    await client.settle()
    await bob.settle()
    assert player.dead
    ghost = bob.named("Ana")
    assert ghost is not None
    assert (ghost.body, ghost.head) == (8, 500)
    assert player.inventory[0] is None
    assert player.gold == 200_000
    lying = {
        pile.item.number: pile.amount
        for pile in running.app.game.world.maps[1].ground.values()
        if not pile.fixed
    }
    assert lying[460] == 2
    assert (
        sum(
            pile.amount
            for pile in running.app.game.world.maps[1].ground.values()
            if pile.item.number == 12
        )
        == 50_000
    )
    client.send(MEDITATE)
    assert "meditating" not in client.flags


async def test_there_is_no_rest_without_a_fire(
    ana: tuple[Running, ByteClient, Player],
) -> None:
    _, client, player = ana
    client.send(REST)
    await client.get(CONSOLE_MSG)
    assert not player.resting
    assert "resting" not in client.flags


async def test_free_points_are_spent_all_or_not_at_all(
    ana: tuple[Running, ByteClient, Player],
) -> None:
    _, client, player = ana
    client.send(bytes((MODIFY, 200, *[0] * 19)))
    await client.settle()
    assert player.skills[0] == 0
    client.send(bytes((MODIFY, 4, 6, *[0] * 18)))
    await client.settle()
    assert player.skills[:2] == [4, 6]
    assert player.free_skill_points == 0
    client.send(bytes((MODIFY, 1, *[0] * 19)))
    await client.settle()
    assert player.skills[0] == 4


async def test_nobody_is_there_to_give_life_back(
    ana: tuple[Running, ByteClient, Player],
) -> None:
    _, client, player = ana
    player.hp = 0
    client.send(RESURRECT, HEAL)
    await client.get(CONSOLE_MSG)
    await client.settle()
    assert player.dead
