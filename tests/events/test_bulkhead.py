"""The bulkhead: failures, hangs and tasks of one module stay with it."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys

import pytest
from structlog.testing import capture_logs

from pyao.events import FAILED, Bulkhead


def explode() -> None:
    raise RuntimeError("boom")


async def explode_later() -> None:
    raise RuntimeError("boom")


async def hang() -> None:
    await asyncio.Event().wait()


def test_a_call_returns_the_result() -> None:
    assert Bulkhead().call("m", "sum", max, 1, 2) == 2


def test_a_failure_is_logged_with_its_traceback_and_counted() -> None:
    bulkhead = Bulkhead()
    with capture_logs() as logs:
        result = bulkhead.call("m", "hook", explode)
    assert result is FAILED
    assert not result
    assert isinstance(logs[0]["exc_info"], RuntimeError)
    assert bulkhead.failures == {"m": 1}
    reason = bulkhead.last_failure["m"]
    assert re.fullmatch(r"hook: RuntimeError: boom \(test_bulkhead\.py, line \d+\)", reason)


async def test_a_module_cannot_end_the_process() -> None:
    """`exit()` in somebody's code is a mistake; `self.server.shutdown` is the way to stop."""
    bulkhead = Bulkhead()

    async def leave() -> None:
        sys.exit(3)

    assert bulkhead.call("m", "hook", sys.exit, 3) is FAILED
    assert await bulkhead.run("m", "load", leave) is FAILED
    task = bulkhead.spawn("m", "work", leave())
    assert isinstance(task, asyncio.Task)
    assert await task is FAILED
    assert bulkhead.failures["m"] == 3
    assert bulkhead.last_failure["m"].startswith("work: SystemExit: 3 (test_bulkhead.py, line ")


async def test_a_module_that_asks_a_cancelled_task_is_not_taken_for_one() -> None:
    """`task.result()` raises CancelledError; out of a callback it would end the server's tick."""
    bulkhead = Bulkhead()
    gone = asyncio.get_running_loop().create_future()
    gone.cancel()

    async def ask() -> None:
        gone.result()

    assert bulkhead.call("m", "timer", gone.result) is FAILED
    assert await bulkhead.run("m", "load", ask) is FAILED
    task = bulkhead.spawn("m", "work", ask())
    assert isinstance(task, asyncio.Task)
    assert await task is FAILED
    assert bulkhead.failures["m"] == 3


async def test_who_is_really_cancelled_stops() -> None:
    bulkhead = Bulkhead()
    loading = asyncio.create_task(bulkhead.run("m", "load", hang))
    await asyncio.sleep(0)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert bulkhead.failures["m"] == 0


def test_the_end_of_the_process_is_not_contained() -> None:
    def leave() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Bulkhead().call("m", "hook", leave)


def test_a_callback_that_always_fails_does_not_flood_the_log() -> None:
    """Tracebacks cost more than steps: a module that fails at each would slow everybody down."""
    now = [0.0]
    bulkhead = Bulkhead(clock=lambda: now[0])
    with capture_logs() as logs:
        for _ in range(100):
            bulkhead.call("m", "hook", explode)
        bulkhead.call("other", "hook", explode)
        now[0] = 10.0
        bulkhead.call("m", "hook", explode)
    assert [(each["module"], each.get("left_out", 0)) for each in logs] == [
        *[("m", 0)] * 5,
        ("other", 0),
        ("m", 95),
    ]
    assert bulkhead.failures == {"m": 101, "other": 1}


def test_a_slow_callback_is_reported() -> None:
    times = iter([0.0, 0.5])
    with capture_logs() as logs:
        Bulkhead(clock=lambda: next(times)).call("m", "hook", max, 1, 2)
    assert (logs[0]["event"], logs[0]["module"], logs[0]["ms"]) == ("module_slow", "m", 500.0)


def test_a_callback_that_is_always_slow_does_not_flood_the_log_either() -> None:
    times = itertools.count(0.0, 0.1)
    bulkhead = Bulkhead(clock=lambda: next(times))
    with capture_logs() as logs:
        for _ in range(40):
            bulkhead.call("m", "hook", max, 1, 2)
    assert [each["event"] for each in logs] == ["module_slow"] * 5


async def test_run_waits_for_a_coroutine_and_contains_it() -> None:
    bulkhead = Bulkhead(hang_s=0.01)

    async def answer() -> int:
        return 7

    assert await bulkhead.run("m", "answer", answer) == 7
    assert await bulkhead.run("m", "plain", lambda: 8) == 8
    assert await bulkhead.run("m", "broken", explode_later) is FAILED
    assert await bulkhead.run("m", "hanging", hang) is FAILED
    assert bulkhead.failures == {"m": 2}


async def test_run_does_not_let_the_loop_turn_when_nothing_waits() -> None:
    turned: list[int] = []
    asyncio.get_running_loop().call_soon(turned.append, 1)

    async def answer() -> int:
        return 7

    await Bulkhead().run("m", "answer", answer)
    assert turned == []


async def test_a_coroutine_becomes_a_task_that_ends_with_its_module() -> None:
    bulkhead = Bulkhead()
    task = bulkhead.call("m", "hook", hang)
    other = bulkhead.call("other", "hook", hang)
    assert isinstance(task, asyncio.Task)
    assert isinstance(other, asyncio.Task)
    assert bulkhead.cancel("m") == 1
    await asyncio.wait([task])
    assert task.cancelled()
    assert bulkhead.pending("other") == 1
    await bulkhead.close()
    assert other.cancelled()


async def test_a_module_with_too_many_tasks_gets_no_more() -> None:
    bulkhead = Bulkhead(max_tasks=2)
    results = [bulkhead.call("m", "hook", hang) for _ in range(3)]
    assert results[2] is FAILED
    assert bulkhead.pending("m") == 2
    await bulkhead.close()


async def test_an_endless_task_outlives_the_deadline() -> None:
    bulkhead = Bulkhead(hang_s=0.001)
    gate = asyncio.Event()

    async def work() -> str:
        await gate.wait()
        return "done"

    task = bulkhead.spawn("m", "work", work(), endless=True)
    assert isinstance(task, asyncio.Task)
    await asyncio.wait([task], timeout=0.02)
    gate.set()
    assert await task == "done"


async def test_a_task_that_cancels_its_own_module_survives() -> None:
    bulkhead = Bulkhead()

    async def reload_me() -> str:
        bulkhead.cancel("m")
        await asyncio.sleep(0)
        return "alive"

    task = bulkhead.spawn("m", "reload", reload_me())
    assert isinstance(task, asyncio.Task)
    assert await task == "alive"


def test_the_place_of_a_failure_is_the_modules_own_line() -> None:
    bulkhead = Bulkhead()
    bulkhead.call("m", "hook", json.loads, "{")
    assert bulkhead.last_failure["m"].startswith("hook: JSONDecodeError")
    assert "decoder.py" not in bulkhead.last_failure["m"]
    bulkhead.call("m", "hook", lambda: json.loads("{"))
    assert "(test_bulkhead.py, line " in bulkhead.last_failure["m"]
