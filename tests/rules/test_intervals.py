from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.vectors import vectors

from pyao.rules.intervals import ANSWER_MS, ANSWERS, Intervals, Pace, WalkPace
from pyao.rules.options import IntervalFigures

EXACT = IntervalFigures(tolerance_ms=0)
STEPS = IntervalFigures(step=200, step_burst=5)


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
        "use": {"use": 450},  # by key; by double click it takes 500
        "walk": {"walk": 261},
    }

    def __init__(self, speed: float = 1) -> None:
        self.speed = speed
        self.last: dict[str, int] = {}

    def next(self, what: str, now: int) -> int:
        """Do something as soon as it may be done, and return when that was."""
        waits = (
            self.last.get(of, -9_999) + int(ms / self.speed) for of, ms in self.AFTER[what].items()
        )
        self.last[what] = now = max(now, *waits)
        return now


class Gate:
    """Everything the server asks about how soon one player acts."""

    def __init__(self, figures: IntervalFigures) -> None:
        self.figures = figures
        self.state, self.pace = Intervals(), WalkPace()

    def lets(self, what: str, now: int) -> bool:
        """Do something and say whether it counts."""
        if what == "walk":
            return self.pace.walk(now, self.figures) is Pace.OK
        return _yes(self.state, what, now, self.figures)


MINUTES_10 = 600_000
JITTER_MS = 150  # how unevenly a packet may travel; none overtakes another
KINDS = tuple(HonestClient.AFTER)


def arrivals(
    client: HonestClient, kinds: list[str], seed: int, *, pauses: bool = True
) -> Iterator[tuple[str, int]]:
    """Yield what a client does for ten minutes, and when each packet of it arrives."""
    dice = random.Random(seed)
    now = arrived = 0
    while now < MINUTES_10:
        what = dice.choice(kinds)
        now = client.next(what, now + (dice.choice((0, 0, 0, 16, 400)) if pauses else 0))
        arrived = max(arrived, now + dice.randint(0, JITTER_MS))
        yield what, arrived


@pytest.mark.parametrize("pauses", [False, True])
@pytest.mark.parametrize("what", KINDS)
def test_ten_minutes_at_legal_speed_are_never_refused(what: str, pauses: bool) -> None:
    gate = Gate(IntervalFigures())
    came = list(arrivals(HonestClient(), [what], seed=1, pauses=pauses))
    assert all(gate.lets(what, now) for what, now in came)


@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6, unique=True),
    seed=st.integers(0, 1 << 32),
)
@settings(max_examples=20, deadline=None)
def test_nor_is_what_a_client_does_in_between(kinds: list[str], seed: int) -> None:
    gate = Gate(IntervalFigures())
    for what, now in arrivals(HonestClient(), kinds, seed):
        assert gate.lets(what, now), (what, now, gate.state, gate.pace)


@pytest.mark.parametrize("speed", [4 / 3, 2, 8])
@pytest.mark.parametrize("what", KINDS)
def test_ten_minutes_at_a_higher_speed_gain_no_more_than_a_twentieth(
    what: str, speed: float
) -> None:
    gate = Gate(IntervalFigures())
    came = list(arrivals(HonestClient(speed), [what], seed=1, pauses=False))
    legal = MINUTES_10 // HonestClient.AFTER[what][what]
    assert len(came) > 1.3 * legal
    assert sum(gate.lets(what, now) for what, now in came) <= legal * 1.05


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=10, deadline=None)
def test_hits_and_spells_at_double_speed_gain_nothing(seed: int) -> None:
    gate = Gate(IntervalFigures())
    came = arrivals(HonestClient(speed=2), ["hit", "cast"], seed)
    done = sum(gate.lets(what, now) for what, now in came)
    assert done <= MINUTES_10 // gate.figures.cast_after_hit * 1.05


def test_a_walker_at_double_speed_is_thrown_out_within_half_a_minute() -> None:
    pace, client, figures = WalkPace(), HonestClient(speed=2), IntervalFigures()
    steps = [pace.walk(client.next("walk", 0), figures) for _ in range(225)]
    assert steps.index(Pace.CHEATING) * 130 < 30_000


@given(st.lists(st.integers(0, 1500), min_size=60, max_size=400))
def test_steps_that_a_stall_delivers_at_once_are_all_walked(stalls: list[int]) -> None:
    gate, arrived = Gate(IntervalFigures()), 0
    for step, late in enumerate(stalls):
        arrived = max(arrived, 261 * step + late)
        assert gate.lets("walk", arrived)


def test_things_are_used_by_key_and_by_double_click_at_once_for_a_while() -> None:
    gate = Gate(IntervalFigures())
    keys = dict.fromkeys(range(0, 5000, 450), "use")
    clicks = {now: "use" for now in range(200, 5000, 500) if now not in keys}
    together = sorted(keys | clicks)
    apart = [now for before, now in pairwise([-500, *together]) if now - before >= 125]
    assert len(apart) > 16
    assert all(gate.lets("use", now) for now in apart)


def test_the_classic_pace_of_uses_can_be_had() -> None:
    gate = Gate(IntervalFigures(use_pace=0))
    assert all(gate.lets("use", now) for now in range(0, MINUTES_10, 125))


def test_spare_uses_do_not_pile_up_and_come_back_one_by_one() -> None:
    gate = Gate(IntervalFigures(use=0, use_pace=400, use_burst=3))
    assert [gate.lets("use", 60_000) for _ in range(4)] == [True, True, True, False]
    assert not gate.lets("use", 60_399)
    assert [gate.lets("use", 60_400) for _ in range(2)] == [True, False]


def test_spare_lines_come_back_one_by_one_and_refused_ones_cost_nothing() -> None:
    state, figures = Intervals(), IntervalFigures(talk=700, talk_burst=3)
    assert [state.may_talk(60_000, figures) for _ in range(5)] == [True] * 3 + [False] * 2
    assert not state.may_talk(60_699, figures)
    assert [state.may_talk(60_700, figures) for _ in range(2)] == [True, False]
    assert [state.may_talk(90_000, figures) for _ in range(4)] == [True] * 3 + [False]


def test_talk_without_a_limit_can_be_had() -> None:
    state, figures = Intervals(), IntervalFigures(talk=0)
    assert all(state.may_talk(60_000, figures) for _ in range(1000))


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


def test_five_spare_steps_may_come_at_once_and_one_more_each_200_ms() -> None:
    pace = WalkPace()
    assert [pace.walk(1000, STEPS) for _ in range(6)] == [Pace.OK] * 5 + [Pace.TOO_FAST]
    assert pace.walk(1199, STEPS) is Pace.TOO_FAST
    assert pace.walk(1200, STEPS) is Pace.OK
    assert pace.walk(1200, STEPS) is Pace.TOO_FAST


def test_spare_steps_do_not_pile_up_over_a_long_rest() -> None:
    pace = WalkPace()
    pace.walk(0, STEPS)
    assert [pace.walk(60_000, STEPS) for _ in range(6)] == [Pace.OK] * 5 + [Pace.TOO_FAST]


def test_at_any_rate_no_more_than_five_steps_a_second_are_walked() -> None:
    pace = WalkPace()
    walked = sum(pace.walk(at, STEPS) is Pace.OK for at in range(0, 4000, 10))
    assert walked <= 5 + 4000 // 200


@pytest.mark.parametrize("row", vectors("areas", "speed"), ids=str)
def test_thirty_walks_in_less_than_5800_ms_are_a_strike(row: dict[str, Any]) -> None:
    pace = WalkPace()
    answer = pace.walk(0, STEPS)
    at, first = 0, True
    for run in row["runs"]:
        for _ in range(28 if first else 29):
            assert answer is not Pace.CHEATING
            answer = pace.walk(at, STEPS)
        at, first = at + run, False
        answer = pace.walk(at, STEPS)
    assert (answer is Pace.CHEATING) is row["cheating"]
    assert (pace.suspected_at is not None) is row["suspected"]
    assert pace.figure == row["figure"]


def test_a_walk_while_paralysed_forgets_the_first_strike() -> None:
    pace = WalkPace()
    for at in range(0, 3000, 100):
        pace.walk(at, STEPS)
    assert pace.suspected_at == 2900
    pace.forgive()
    assert {pace.walk(at, STEPS) for at in range(3000, 6000, 100)} == {Pace.OK, Pace.TOO_FAST}


@pytest.mark.parametrize(("later", "answer"), [(30_000, Pace.CHEATING), (30_001, Pace.OK)])
def test_a_strike_is_remembered_for_half_a_minute(later: int, answer: Pace) -> None:
    pace = WalkPace(suspected_at=0, counted=29, counted_from=later - 5_799)
    figures = IntervalFigures(step=0)
    assert pace.walk(later, figures) is answer
    assert pace.suspected_at == later


def test_walks_that_come_too_fast_count_as_well() -> None:
    pace = WalkPace()
    answers = [pace.walk(1000 + at, STEPS) for at in range(59)]
    assert Pace.CHEATING not in answers
    assert pace.walk(1060, STEPS) is Pace.CHEATING
    assert pace.figure == 126_000 // 31


def test_the_figure_of_nobody_in_particular_is_harmless() -> None:
    assert WalkPace().figure == 126_000


def test_a_walk_that_was_given_back_was_never_made() -> None:
    pace = WalkPace()
    for at in range(0, 2000, 10):
        assert pace.walk(at, STEPS) is Pace.OK
        pace.give_back(STEPS)
    assert pace.suspected_at is None
    assert [pace.walk(2000, STEPS) for _ in range(6)] == [Pace.OK] * 5 + [Pace.TOO_FAST]


def test_who_wakes_has_one_step_and_no_spare_ones() -> None:
    pace = WalkPace()
    pace.wake(1000, STEPS)
    assert [pace.walk(at, STEPS) for at in (1016, 1032, 1199)] == [
        *(Pace.OK, Pace.TOO_FAST, Pace.TOO_FAST)
    ]
    assert pace.walk(1216, STEPS) is Pace.OK


def test_walks_that_lead_nowhere_are_answered_at_once_until_they_are_many() -> None:
    pace = WalkPace()
    assert [pace.answers(1_000) for _ in range(ANSWERS + 1)] == [*[True] * ANSWERS, False]
    assert not pace.answers(1_000 + ANSWER_MS - 1)
    assert pace.answers(1_000 + ANSWER_MS)
    assert pace.answers(60_000)
