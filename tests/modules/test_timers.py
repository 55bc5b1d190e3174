"""Timers: once, periodic, late, cancelled, failing."""

from __future__ import annotations

import weakref

import pytest
from tests.support.rooms import Moment

from pyao.errors import ModuleError
from pyao.events import Bulkhead
from pyao.modules.timers import Timer, Timers


class Box:
    """Something that can be referred to weakly."""

    def open(self) -> None:
        """Do nothing."""


@pytest.fixture
def clock() -> Moment:
    return Moment(100.0)


@pytest.fixture
def timers(clock: Moment) -> Timers:
    return Timers(Bulkhead(), clock)


def periodic(heard: list[str], word: str, period_s: float, module: str = "m") -> Timer:
    return Timer(module, word, period_s, periodic=True, callback=heard.append, args=(word,))


def once(heard: list[str], word: str, delay_s: float, module: str = "m") -> Timer:
    return Timer(module, word, delay_s, periodic=False, callback=heard.append, args=(word,))


def test_timers_run_in_order_of_time(timers: Timers) -> None:
    heard: list[str] = []
    timers.add(once(heard, "b", 2))
    timers.add(once(heard, "a", 1))
    timers.add(periodic(heard, "p", 1.5))
    assert timers.tick(100.9) == 0
    assert timers.tick(102) == 3
    assert heard == ["a", "p", "b"]
    assert timers.tick(103) == 1
    assert [timer.name for timer in timers.timers()] == ["p"]


def test_a_late_tick_runs_a_periodic_timer_once_and_keeps_its_rhythm(timers: Timers) -> None:
    heard: list[str] = []
    timer = timers.add(periodic(heard, "p", 10))
    timers.tick(147)
    assert (heard, timer.due) == (["p"], 150)


def test_a_timer_may_cancel_itself_and_others(timers: Timers) -> None:
    heard: list[str] = []
    second = timers.add(once(heard, "second", 1))
    first = timers.add(Timer("m", "", 0.5, periodic=True, callback=second.cancel))
    timers.tick(100.5)
    first.cancel()
    assert timers.tick(200) == 0
    assert heard == []
    assert timers.add(second).cancelled
    assert timers.timers() == []


def test_a_failing_timer_goes_on_and_hurts_its_module_only(clock: Moment) -> None:
    bulkhead = Bulkhead()
    timers = Timers(bulkhead, clock)
    heard: list[str] = []
    timers.add(Timer("bad", "", 1, periodic=True, callback=lambda: 1 / 0))
    timers.add(periodic(heard, "good", 1))
    timers.tick(101)
    timers.tick(102)
    assert heard == ["good", "good"]
    assert bulkhead.failures == {"bad": 2}


@pytest.mark.parametrize(("delay_s", "repeats"), [(0, True), (-1, True), (-1, False)])
def test_an_impossible_time_is_refused(delay_s: float, repeats: bool) -> None:
    with pytest.raises(ModuleError, match=r"of -?[01] s"):
        Timer("m", "t", delay_s, periodic=repeats, callback=print)


def test_a_modules_timers_leave_together_and_come_back_with_their_time(
    timers: Timers, clock: Moment
) -> None:
    heard: list[str] = []
    timers.add(periodic(heard, "mine", 10))
    timers.add(periodic(heard, "theirs", 10, module="other"))
    mine = timers.remove_all("m")
    clock.now = 108
    assert timers.tick(109) == 0
    assert timers.add(mine[0]).due == 110
    timers.tick(110)
    assert sorted(heard) == ["mine", "theirs"]
    assert len(timers.timers()) == 2


def test_cancelled_timers_do_not_pile_up(timers: Timers) -> None:
    boxes = [Box() for _ in range(1_000)]
    alive = [weakref.ref(box) for box in boxes]
    while boxes:
        timers.add(Timer("m", "", 9e9, periodic=False, callback=boxes.pop().open)).cancel()
    assert sum(ref() is not None for ref in alive) <= 65
