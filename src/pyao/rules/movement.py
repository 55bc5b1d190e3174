"""Steps: where they may lead. How fast they may come is said in `intervals`.

Follows ao-libre/ao-server, General.bas (legal positions).
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.kinds import TileFlag

# Where a character may stand: the map less half a screen on each side.
MIN_X, MAX_X = 9, 92
MIN_Y, MAX_Y = 7, 94


# Plain numbers: an operation on a flag enumeration costs ten times as much, at every step.
_BLOCKED = int(TileFlag.BLOCKED)
_WATER = int(TileFlag.WATER)


class StepProblem(Enum):
    """What speaks against the ground of a tile."""

    BLOCKED = "blocked"
    WATER = "water"
    LAND = "land"


def inside(x: int, y: int) -> bool:
    """Return whether a character may stand at these coordinates at all."""
    return MIN_X <= x <= MAX_X and MIN_Y <= y <= MAX_Y


def check_ground(flags: int, *, sailing: bool) -> StepProblem | None:
    """Return what speaks against the ground of a tile: walls, water on foot, land by boat."""
    if flags & _BLOCKED:
        return StepProblem.BLOCKED
    if flags & _WATER:
        return None if sailing else StepProblem.WATER
    return StepProblem.LAND if sailing else None


def may_turn(*, paralysed: bool, immobilised: bool, ahead_is_free: bool) -> bool:
    """Return whether a heading may change.

    The merely paralysed turn only towards a tile they could not step on; the immobilised freely.
    """
    return not paralysed or immobilised or not ahead_is_free
