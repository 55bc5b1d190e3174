from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.vectors import vectors

from pyao.rules.intervals import Intervals
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
            early = 50 if now else 0
            assert attempt(state, what, now - early, figures) == answer


@pytest.mark.parametrize("what", ["hit", "cast", "bow", "use", "work"])
@given(early=st.integers(0, 49))
def test_what_comes_early_is_owed(what: str, early: int) -> None:
    state, figures = Intervals(), IntervalFigures()
    span = getattr(figures, what)
    done = [now for now in range(0, 20 * span, span - early) if _yes(state, what, now, figures)]
    assert len(done) <= 21


def _yes(state: Intervals, what: str, now: int, figures: IntervalFigures) -> bool:
    return attempt(state, what, now, figures) != "no"


def test_a_macro_at_legal_speed_is_never_refused() -> None:
    state, figures = Intervals(), IntervalFigures()
    for turn in range(400):
        jitter = (turn * 7919) % 50
        assert state.may_hit(turn * 1500 - jitter if turn else 0, figures)


@pytest.mark.parametrize("what", ["hit", "cast", "bow", "work", "use"])
def test_a_macro_at_double_speed_gains_nothing(what: str) -> None:
    state, figures = Intervals(), IntervalFigures()
    span = getattr(figures, what)
    minutes = 600_000
    done = sum(_yes(state, what, now, figures) for now in range(0, minutes, max(span // 2, 1)))
    assert done <= minutes // span * 1.05


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
