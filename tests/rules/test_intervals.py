from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.vectors import vectors

from pyao.rules.intervals import Intervals
from pyao.rules.movement import Pace, WalkPace
from pyao.rules.options import IntervalFigures

EXACT = IntervalFigures(tolerance_ms=0)


def attempt(state: Intervals, what: str, now: int, figures: IntervalFigures) -> str:
    """Do something and say which alternative allowed it."""
    before = (state.hit_after_cast, state.cast_after_hit)
    allowed = {
        "hit": state.may_hit,
        "cast": state.may_cast,
        "bow": state.may_shoot,
        "potion": state.may_drink,
        "use": state.may_use,
        "work": state.may_work,
    }[what](now, figures)
    if not allowed:
        return "no"
    if what not in ("hit", "cast"):
        return "ok"
    return "B" if before == (state.hit_after_cast, state.cast_after_hit) else "A"


@pytest.mark.parametrize("row", vectors("timing", "sequence"), ids=lambda row: row["of"])
def test_a_fresh_user_acts_in_sequence(row: dict[str, Any]) -> None:
    figures = IntervalFigures(tolerance_ms=0, strict=row.get("strict", True))
    state = Intervals()
    got = [[what, now, attempt(state, what, now, figures)] for what, now, _ in row["do"]]
    assert got == row["do"]


@pytest.mark.parametrize("row", vectors("timing", "sequence"), ids=lambda row: row["of"])
def test_an_unevenly_running_network_is_forgiven(row: dict[str, Any]) -> None:
    figures = IntervalFigures(strict=row.get("strict", True))
    state = Intervals()
    for what, now, answer in row["do"]:
        if answer != "no":
            early = {"use": 31}.get(what, 150) if now else 0
            assert attempt(state, what, now - early, figures) == answer


@pytest.mark.parametrize("what", ["hit", "cast", "bow", "use", "work"])
@given(early=st.integers(0, 150))
def test_what_comes_early_is_owed(what: str, early: int) -> None:
    state, figures = Intervals(), IntervalFigures()
    span = getattr(figures, what)
    pause = max(span - early, 1)
    done = [now for now in range(0, 20 * span, pause) if _yes(state, what, now, figures)]
    assert len(done) <= 21


@pytest.mark.parametrize(("what", "early"), [("hit", 150), ("work", 150), ("use", 31)])
def test_only_so_much_is_forgiven(what: str, early: int) -> None:
    state, figures = Intervals(), IntervalFigures()
    span = getattr(figures, what)
    assert _yes(state, what, 0, figures)
    assert not _yes(state, what, span - early - 1, figures)
    assert _yes(state, what, span - early, figures)


def _yes(state: Intervals, what: str, now: int, figures: IntervalFigures) -> bool:
    return attempt(state, what, now, figures) != "no"


class HonestClient:
    """The Godot client's own limits: it acts only when all of its timers have run out."""

    AFTER: ClassVar = {
        "hit": {"hit": 1500, "cast": 1000, "bow": 1400},
        "cast": {"cast": 1400, "hit": 1000, "bow": 1400},
        "bow": {"bow": 1400, "hit": 1500, "cast": 1400},
        "work": {"work": 700},
        "use": {"use": 450},
        "walk": {"walk": 261},
    }

    def __init__(self, speed: int = 1) -> None:
        self.speed = speed
        self.last: dict[str, int] = {}

    def next(self, what: str, now: int) -> int:
        """Do something as soon as it may be done, and return when that was."""
        waits = (
            self.last.get(of, -9_999) + ms // self.speed for of, ms in self.AFTER[what].items()
        )
        self.last[what] = now = max(now, *waits)
        return now


MINUTES_10 = 600_000
JITTER_MS = 150  # how unevenly a packet may travel; none overtakes another
KINDS = tuple(HonestClient.AFTER)


def arrivals(client: HonestClient, kinds: list[str], seed: int) -> Iterator[tuple[str, int]]:
    """Yield what a client does for ten minutes, and when each packet of it arrives."""
    dice = random.Random(seed)
    now = arrived = 0
    while now < MINUTES_10:
        what = dice.choice(kinds)
        now = client.next(what, now + dice.choice((0, 0, 0, 16, 400)))
        arrived = max(arrived, now + dice.randint(0, JITTER_MS))
        yield what, arrived


@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6, unique=True),
    seed=st.integers(0, 1 << 32),
)
@settings(max_examples=20, deadline=None)
def test_a_client_at_legal_speed_is_never_refused(kinds: list[str], seed: int) -> None:
    state, pace, figures = Intervals(), WalkPace(), IntervalFigures()
    for what, now in arrivals(HonestClient(), kinds, seed):
        if what == "walk":
            assert pace.walk(now) is Pace.OK
        else:
            assert _yes(state, what, now, figures), (what, now, state)


@pytest.mark.parametrize("what", ["hit", "cast", "bow", "work"])
@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=10, deadline=None)
def test_a_client_at_double_speed_gains_nothing(what: str, seed: int) -> None:
    state, figures = Intervals(), IntervalFigures()
    came = [now for _, now in arrivals(HonestClient(speed=2), [what], seed)]
    done = sum(_yes(state, what, now, figures) for now in came)
    assert done <= MINUTES_10 // getattr(figures, what) * 1.05


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=10, deadline=None)
def test_hits_and_spells_at_double_speed_gain_nothing(seed: int) -> None:
    state, figures = Intervals(), IntervalFigures()
    came = arrivals(HonestClient(speed=2), ["hit", "cast"], seed)
    done = sum(_yes(state, what, now, figures) for what, now in came)
    assert done <= MINUTES_10 // figures.cast_after_hit * 1.05


def test_a_walker_at_double_speed_is_thrown_out_within_half_a_minute() -> None:
    pace, client = WalkPace(), HonestClient(speed=2)
    steps = [pace.walk(client.next("walk", 0)) for _ in range(225)]
    assert steps.index(Pace.CHEATING) * 130 < 30_000


@given(st.lists(st.tuples(st.sampled_from(["hit", "cast"]), st.integers(0, 700)), max_size=60))
def test_strict_times_keep_two_actions_of_a_kind_apart(steps: list[tuple[str, int]]) -> None:
    state, now = Intervals(), 0
    last = {"hit": -10_000, "cast": -10_000}
    for what, wait in steps:
        now += wait
        if _yes(state, what, now, EXACT):
            assert now - last[what] >= 1000
            last[what] = now


def test_looking_at_a_bow_restarts_nothing() -> None:
    state = Intervals()
    assert state.may_use(0, EXACT, consume=False)
    assert state.may_use(1, EXACT)
    assert not state.may_use(2, EXACT, consume=False)


def test_a_potion_waits_for_hits_only() -> None:
    state = Intervals()
    assert state.may_cast(0, EXACT)
    assert state.may_drink(1, EXACT)
    assert state.may_drink(2, EXACT)
