"""Whatever holds the loop is named: the watch reads the stack of the loop's thread."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs
from tests.support.running import Running, Start
from tests.support.waiting import until
from tests.support.world import ManualClock

from pyao.events import Bulkhead
from pyao.protocol.client_packets import Online
from pyao.tasks.task import TASK_HANDLERS, Row
from pyao.tasks.turn import Turn
from pyao.watch.stalls import Culprit, culprit_of
from pyao.world.clock import Schedule

BOUND_S = 10


class Look:
    """Takes the culprit of the place it is called from."""

    def __init__(self) -> None:
        self.found = Culprit("", "")

    def __call__(self) -> None:
        self.found = culprit_of(sys._getframe())


def test_a_timed_job_is_named() -> None:
    clock, look = ManualClock(), Look()
    schedule = Schedule(clock)
    schedule.after(1, look, name="the plague spreads")
    clock.advance(1)
    schedule.run_due()
    assert (look.found.kind, look.found.name) == ("job", "the plague spreads")
    assert "test_stalls.py" in look.found.at


def test_a_hook_of_a_module_is_named_also_inside_a_job() -> None:
    clock, look, bulkhead = ManualClock(), Look(), Bulkhead()
    schedule = Schedule(clock)

    def timers() -> None:
        bulkhead.call("market", "on_hour", look)

    schedule.after(1, timers, name="rooms and timers")
    clock.advance(1)
    schedule.run_due()
    assert (look.found.kind, look.found.name) == ("module", "market: on_hour")
    assert look.found.told


async def test_a_coroutine_of_a_module_is_named() -> None:
    look, bulkhead = Look(), Bulkhead()

    async def work() -> None:
        look()

    task = bulkhead.spawn("market", "restock", work())
    assert isinstance(task, asyncio.Task)
    await task
    assert (look.found.kind, look.found.name) == ("module", "market: restock")
    assert not look.found.told


def test_a_task_is_named_when_no_frame_says_more() -> None:
    found = culprit_of(sys._getframe(), "settings")
    assert (found.kind, found.name) == ("task", "settings")


def hold_until_seen(running: Running) -> None:
    """Block the loop until the watch has looked, as a slow piece of code would."""
    stalls = running.app.watch.stalls
    looks, until_s = stalls.looks, time.monotonic() + BOUND_S
    while stalls.looks == looks and time.monotonic() < until_s:
        time.sleep(0.001)


async def stalled(running: Running, kind: str) -> None:
    counts = running.app.watch.stalls.counts
    await until(lambda: counts[kind])


async def test_a_job_that_holds_the_loop_is_one_line_in_the_log(start: Start) -> None:
    running = await start(stall_ms=20)
    schedule = running.app.game.world.schedule
    with capture_logs() as logs:
        schedule.after(1, lambda: hold_until_seen(running), name="the plague spreads")
        await stalled(running, "job")
    (line,) = [entry for entry in logs if entry.get("culprit") == "the plague spreads"]
    assert line["event"] == "loop_stalled"
    assert line["kind"] == "job"
    assert line["ms"] >= 20
    assert "hold_until_seen" in line["at"]


async def test_a_packet_whose_task_is_slow_is_named(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_turn: Turn, _packet: Online) -> None:
        hold_until_seen(running)

    monkeypatch.setitem(TASK_HANDLERS, Online.key, Row(slow))
    running = await start(stall_ms=20)
    ana = await running.newcomer("Ana")
    with capture_logs() as logs:
        ana.send(Online().encode())
        await stalled(running, "packet")
    # A busy machine may hold the loop at other places too.
    assert [entry["culprit"] for entry in logs if entry["event"] == "loop_stalled"].count(
        "ONLINE"
    ) == 1


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_module_that_sleeps_is_one_line_in_the_log(
    start: Start, *, asynchronous: bool
) -> None:
    running = await start(stall_ms=20)
    bulkhead = running.app.game.events.bulkhead

    async def work() -> None:
        hold_until_seen(running)

    callback: Callable[[], object] = work if asynchronous else lambda: hold_until_seen(running)
    with capture_logs() as logs:
        bulkhead.call("market", "on_hour", callback)
        await stalled(running, "module")
    lines = [entry for entry in logs if "market" in str(entry)]
    assert [entry["event"] for entry in lines] == [
        "loop_stalled" if asynchronous else "module_slow"
    ]


async def test_a_limit_of_zero_watches_nothing(start: Start) -> None:
    running = await start(stall_ms=20)
    settings = running.app.settings.watch
    running.app.watch.apply(settings.model_copy(update={"stall_ms": 0}))
    assert running.app.watch.stalls.threshold_s == 0
