from __future__ import annotations

import pytest

from pyao.rules.kinds import TileFlag
from pyao.rules.movement import (
    Occupant,
    StepProblem,
    check_step,
    inside,
    may_turn,
    swaps_with,
)


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
