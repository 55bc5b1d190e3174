from __future__ import annotations

import pytest
from tests.support.byte_client import CONSOLE_MSG, ERROR_MSG, SOUTH, ByteClient
from tests.support.duel import MULTI, PING, BeginDuel, begin_duel_fixture, coded, lines
from tests.support.running import start_fixture
from tests.support.waiting import until
from tests.support.world import ManualClock
from tests.tasks.conftest import Running, Start

__all__ = ["begin_duel_fixture", "start_fixture"]

QUIT = b"\x47"
POSITION = b"\x07"
DISCONNECT, CANCEL_HOME = 4, 22


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
    bob.send(POSITION)
    await bob.settle()
    pass_time(running, clock, 2 * 60_000)
    await ana.get(ERROR_MSG)
    await ana.until_closed()
    await bob.settle()
    assert running.app.game.world.find("Bob") is not None


async def test_leaving_ends_with_a_farewell(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    ana.send(QUIT)
    await ana.until_closed()
    assert [packet.id for packet in ana.seen] == [CONSOLE_MSG, DISCONNECT]
    assert "Ana" in lines(ana)


async def test_a_body_nobody_plays_stays_for_as_long_again_when_it_is_attacked(
    begin_duel: BeginDuel,
) -> None:
    duel = await begin_duel()
    world = duel.running.app.game.world
    await duel.bob.reset()
    await until(lambda: len(duel.running.app.game.clients) == 1)
    duel.pass_time(8_000)
    duel.ana.send(b"\x08")
    await duel.ana.settle()
    duel.pass_time(9_900)
    assert world.find("Bob") is duel.b
    duel.pass_time(200)
    assert world.find("Bob") is None


async def test_even_a_blow_that_comes_too_early_calls_a_log_out_off(begin_duel: BeginDuel) -> None:
    duel = await begin_duel()
    await duel.attack()
    await duel.settle()
    duel.ana.send(QUIT)
    await duel.act(8)
    assert duel.running.app.game.texts("logout.cancelled") in lines(duel.ana)
    assert duel.a.leaving is None


async def test_a_wish_to_leave_ends_a_trip_home(begin_duel: BeginDuel) -> None:
    duel = await begin_duel()
    await duel.die()
    duel.a.journey = duel.running.app.game.world.schedule.after(60_000, lambda: None)
    duel.ana.send(QUIT)
    await duel.hear()
    assert not duel.running.app.game.world.break_journey(duel.a)
    assert coded(duel.ana, CANCEL_HOME) is not None
    assert [packet.id for packet in duel.ana.seen].count(MULTI) == 1


@pytest.mark.parametrize("ignored", [True, False])
async def test_a_ping_is_no_sign_of_life_unless_the_operator_says_so(
    start: Start, clock: ManualClock, ignored: bool
) -> None:
    running = await start(clock=clock, idle_minutes=15, idle_ignores_ping=ignored)
    ana = await running.newcomer("Ana")
    pass_time(running, clock, 14 * 60_000)
    ana.seen.clear()
    ana.send(PING)
    await ana.settle()
    pass_time(running, clock, 2 * 60_000)
    if ignored:
        await ana.until_closed()
    else:
        await ana.settle()
        assert not ana.closed
