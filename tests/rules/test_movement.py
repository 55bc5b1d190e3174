from __future__ import annotations

import pytest

from pyao.rules.kinds import TileFlag
from pyao.rules.movement import (
    StepProblem,
    check_ground,
    inside,
    may_turn,
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
    assert check_ground(flags, sailing=sailing) is problem


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
