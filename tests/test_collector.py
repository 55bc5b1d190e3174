"""What is set aside is looked at again in the end, and what leaves the game needs no collector."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.running import Start, meadow_options, start_fixture

from pyao.app import App
from pyao.collector import EVERYTHING_S, Collector
from pyao.config import Origin

__all__ = ["start_fixture"]


class Knot:
    """Something that refers to itself: counting references does not free it."""

    def __init__(self) -> None:
        self.itself = self


class Clock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def collector(clock: Clock) -> Iterator[Collector]:
    """Return a collector whose surroundings do not collect by themselves."""
    gc.collect()
    gc.disable()
    yield Collector(clock)
    gc.enable()
    gc.unfreeze()


def known(thing: object) -> bool:
    """Tell whether the collector looks at something."""
    return any(one is thing for one in gc.get_objects())


def set_aside(collector: Collector) -> weakref.ref[Knot]:
    """Return garbage that was set aside while it was none."""
    knot = Knot()
    assert known(knot)
    collector.tend(1)
    assert not known(knot)
    return weakref.ref(knot)


def test_what_is_young_garbage_is_collected_before_the_rest_is_set_aside(
    collector: Collector,
) -> None:
    knot = weakref.ref(Knot())
    assert knot() is not None
    collector.tend(1)
    assert knot() is None


def test_garbage_that_was_set_aside_is_found_when_the_last_player_has_gone(
    collector: Collector,
) -> None:
    knot = set_aside(collector)
    collector.tend(1)
    assert knot() is not None
    collector.tend(0)
    assert knot() is None


def test_garbage_that_was_set_aside_is_found_after_an_hour(
    collector: Collector, clock: Clock
) -> None:
    knot = set_aside(collector)
    clock.now = EVERYTHING_S - 1
    collector.tend(1)
    assert knot() is not None
    clock.now = EVERYTHING_S
    collector.tend(1)
    assert knot() is None


def test_garbage_that_is_expected_is_found_at_once_by_whoever_looks_and_soon_by_itself(
    collector: Collector,
) -> None:
    knot = set_aside(collector)
    collector.expect_garbage()
    gc.collect()
    assert knot() is None
    other = set_aside(collector)
    assert other() is not None
    collector.tend(1)
    assert other() is not None
    collector.expect_garbage()
    collector.tend(1)
    assert other() is None


async def test_a_server_that_is_given_a_collector_sets_aside_what_it_has_loaded(
    collector: Collector, tmp_path: Path
) -> None:
    app = App(Origin(cli=meadow_options(tmp_path), env={}, cwd=tmp_path), collector=collector)
    await app.start()
    assert not known(app.game.world.maps)
    await app.stop()


async def test_a_server_that_is_given_none_leaves_the_one_of_its_process_alone(
    start: Start,
) -> None:
    running = await start()
    assert known(running.app.game.world.maps)


def test_while_nobody_plays_nothing_is_done(collector: Collector) -> None:
    collector.tend(0)
    knot = Knot()
    collector.tend(0)
    assert known(knot)
