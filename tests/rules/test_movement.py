from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.vectors import vectors

from pyao.rules.kinds import TileFlag
from pyao.rules.movement import (
    Occupant,
    Pace,
    StepProblem,
    WalkPace,
    check_step,
    inside,
    may_turn,
    swaps_with,
)


def test_five_spare_steps_may_come_at_once_and_one_more_each_200_ms() -> None:
    pace = WalkPace()
    assert [pace.walk(1000) for _ in range(6)] == [Pace.OK] * 5 + [Pace.TOO_FAST]
    assert pace.walk(1199) is Pace.TOO_FAST
    assert pace.walk(1200) is Pace.OK
    assert pace.walk(1200) is Pace.TOO_FAST


def test_spare_steps_do_not_pile_up_over_a_long_rest() -> None:
    pace = WalkPace()
    pace.walk(0)
    assert [pace.walk(60_000) for _ in range(6)] == [Pace.OK] * 5 + [Pace.TOO_FAST]


@given(st.lists(st.integers(0, 120), min_size=60, max_size=400))
def test_an_honest_client_is_never_refused(jitter: list[int]) -> None:
    pace = WalkPace()
    answers = {pace.walk(261 * step + late) for step, late in enumerate(jitter)}
    assert answers == {Pace.OK}


def test_at_any_rate_no_more_than_five_steps_a_second_are_walked() -> None:
    pace = WalkPace()
    walked = sum(pace.walk(at) is Pace.OK for at in range(0, 4000, 10))
    assert walked <= 5 + 4000 // 200


@pytest.mark.parametrize("row", vectors("areas", "speed"), ids=str)
def test_thirty_walks_in_less_than_5800_ms_are_a_strike(row: dict[str, Any]) -> None:
    pace = WalkPace()
    answer = pace.walk(0)
    at, first = 0, True
    for run in row["runs"]:
        for _ in range(28 if first else 29):
            assert answer is not Pace.CHEATING
            answer = pace.walk(at)
        at, first = at + run, False
        answer = pace.walk(at)
    assert (answer is Pace.CHEATING) is row["cheating"]
    assert (pace.suspected_at is not None) is row["suspected"]
    assert pace.figure == row["figure"]


def test_a_walk_while_paralysed_forgets_the_first_strike() -> None:
    pace = WalkPace()
    for at in range(0, 3000, 100):
        pace.walk(at)
    assert pace.suspected_at == 2900
    pace.forgive()
    assert {pace.walk(at) for at in range(3000, 6000, 100)} == {Pace.OK, Pace.TOO_FAST}


@pytest.mark.parametrize(("later", "answer"), [(30_000, Pace.CHEATING), (30_001, Pace.OK)])
def test_a_strike_is_remembered_for_half_a_minute(later: int, answer: Pace) -> None:
    pace = WalkPace(step_ms=0, suspected_at=0, counted=29, counted_from=later - 5_799)
    assert pace.walk(later) is answer
    assert pace.suspected_at == later


def test_walks_that_are_refused_count_as_well() -> None:
    pace = WalkPace()
    answers = [pace.walk(1000 + at) for at in range(59)]
    assert Pace.CHEATING not in answers
    assert pace.walk(1060) is Pace.CHEATING
    assert pace.figure == 126_000 // 31


def test_the_figure_of_nobody_in_particular_is_harmless() -> None:
    assert WalkPace().figure == 126_000


@pytest.mark.parametrize(
    ("x", "y", "legal"),
    [
        (9, 7, True),
        (92, 94, True),
        (8, 50, False),
        (93, 50, False),
        (50, 6, False),
        (50, 95, False),
    ],
)
def test_nobody_stands_within_half_a_screen_of_the_border(x: int, y: int, legal: bool) -> None:
    assert inside(x, y) is legal
    expected = None if legal else StepProblem.OUTSIDE
    assert check_step(x, y, 0, sailing=False) is expected


@pytest.mark.parametrize(
    ("flags", "sailing", "problem"),
    [
        (0, False, None),
        (TileFlag.ROOF | TileFlag.LAVA, False, None),
        (TileFlag.BLOCKED, False, StepProblem.BLOCKED),
        (TileFlag.BLOCKED | TileFlag.WATER, True, StepProblem.BLOCKED),
        (TileFlag.WATER, False, StepProblem.WATER),
        (TileFlag.WATER, True, None),
        (0, True, StepProblem.LAND),
    ],
)
def test_the_ground_must_suit(flags: int, sailing: bool, problem: StepProblem | None) -> None:
    assert check_step(50, 50, flags, sailing=sailing) is problem


@pytest.mark.parametrize(
    ("occupant", "problem", "swaps"),
    [
        (Occupant.NOBODY, None, False),
        (Occupant.LIVING, StepProblem.OCCUPIED, False),
        (Occupant.CREATURE, StepProblem.OCCUPIED, False),
        (Occupant.GHOST, None, True),
        (Occupant.HIDDEN_STAFF, None, False),
    ],
)
def test_only_the_dead_make_way(
    occupant: Occupant, problem: StepProblem | None, swaps: bool
) -> None:
    assert check_step(50, 50, 0, sailing=False, occupant=occupant) is problem
    assert swaps_with(occupant) is swaps


@pytest.mark.parametrize(
    ("paralysed", "immobilised", "free", "turns"),
    [
        (False, False, True, True),
        (True, False, True, False),
        (True, False, False, True),
        (True, True, True, True),
    ],
)
def test_the_paralysed_turn_only_towards_what_is_in_their_way(
    paralysed: bool, immobilised: bool, free: bool, turns: bool
) -> None:
    got = may_turn(paralysed=paralysed, immobilised=immobilised, ahead_is_free=free)
    assert got is turns
