from __future__ import annotations

import pytest
from tests.support.byte_client import CONSOLE_MSG, ERROR_MSG, SOUTH, ByteClient
from tests.support.waiting import until
from tests.support.world import ManualClock
from tests.tasks.conftest import Running, Start

QUIT = b"\x47"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def on_unsafe_ground(start: Start, clock: ManualClock) -> tuple[Running, ByteClient]:
    running = await start(clock=clock)
    ana = await running.newcomer("Ana")
    running.app.game.world.warp(running.player("Ana"), 2, 50, 50)
    await ana.settle()
    ana.seen.clear()
    return running, ana


def pass_time(running: Running, clock: ManualClock, milliseconds: int) -> None:
    clock.advance(milliseconds)
    running.app.game.world.schedule.run_due()


async def test_leaving_a_safe_place_takes_no_time(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.send(QUIT)
    await ana.until_closed()
    assert running.app.game.world.find("Ana") is None


async def test_leaving_elsewhere_takes_ten_seconds(
    on_unsafe_ground: tuple[Running, ByteClient], clock: ManualClock
) -> None:
    running, ana = on_unsafe_ground
    ana.send(QUIT)
    assert "10" in str((await ana.get(CONSOLE_MSG)).values[0])
    pass_time(running, clock, 9_900)
    await ana.settle()
    assert not ana.closed
    pass_time(running, clock, 200)
    await ana.until_closed()
    assert running.app.game.world.find("Ana") is None


async def test_walking_cancels_the_count_down(
    on_unsafe_ground: tuple[Running, ByteClient], clock: ManualClock
) -> None:
    running, ana = on_unsafe_ground
    ana.send(QUIT)
    await ana.get(CONSOLE_MSG)
    ana.walk(SOUTH)
    await ana.get(CONSOLE_MSG)
    pass_time(running, clock, 20_000)
    await ana.settle()
    assert not ana.closed


async def test_a_pulled_plug_leaves_the_body_for_ten_seconds(
    on_unsafe_ground: tuple[Running, ByteClient], clock: ManualClock
) -> None:
    running, ana = on_unsafe_ground
    bob = await running.newcomer("Bob")
    running.app.game.world.warp(running.player("Bob"), 2, 52, 50)
    await bob.settle()
    await ana.reset()
    await until(lambda: len(running.app.game.clients) == 1)
    assert running.app.game.world.find("Ana") is not None
    pass_time(running, clock, 10_100)
    await bob.settle()
    assert bob.named("Ana") is None
    assert running.app.game.world.find("Ana") is None


async def test_who_comes_back_in_time_takes_the_same_body_over(
    on_unsafe_ground: tuple[Running, ByteClient], clock: ManualClock
) -> None:
    running, ana = on_unsafe_ground
    player = running.player("Ana")
    player.gold = 77
    await ana.reset()
    await until(lambda: not running.app.game.clients)
    again = await running.connect()
    await again.enter("Ana")
    assert running.player("Ana") is player
    pass_time(running, clock, 20_000)
    await again.settle()
    assert running.player("Ana").gold == 77


async def test_who_does_nothing_for_long_is_sent_home(start: Start, clock: ManualClock) -> None:
    running = await start(clock=clock, idle_minutes=15)
    ana = await running.newcomer("Ana")
    bob = await running.newcomer("Bob")
    pass_time(running, clock, 14 * 60_000)
    await bob.settle()
    pass_time(running, clock, 2 * 60_000)
    await ana.get(ERROR_MSG)
    await ana.until_closed()
    await bob.settle()
    assert running.app.game.world.find("Bob") is not None
