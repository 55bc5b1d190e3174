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


class Occupant(Enum):
    """Who stands on the tile ahead."""

    NOBODY = "nobody"
    LIVING = "living"
    GHOST = "ghost"
    HIDDEN_STAFF = "hidden staff"
    CREATURE = "creature"


class StepProblem(Enum):
    """Why a step is not made."""

    OUTSIDE = "outside"
    BLOCKED = "blocked"
    WATER = "water"
    LAND = "land"
    OCCUPIED = "occupied"


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


def check_step(
    x: int, y: int, flags: int, *, sailing: bool, occupant: Occupant = Occupant.NOBODY
) -> StepProblem | None:
    """Return why a player may not step on tile (x, y), or None.

    A ghost in the way is no obstacle (`swaps_with` says what becomes of it), nor is staff that
    nobody sees.
    """
    if not inside(x, y):
        return StepProblem.OUTSIDE
    problem = check_ground(flags, sailing=sailing)
    if problem is not None:
        return problem
    if occupant is Occupant.LIVING or occupant is Occupant.CREATURE:
        return StepProblem.OCCUPIED
    return None


def swaps_with(occupant: Occupant) -> bool:
    """Return whether the one ahead is pushed to the tile the walker leaves: only the dead are."""
    return occupant is Occupant.GHOST


def may_turn(*, paralysed: bool, immobilised: bool, ahead_is_free: bool) -> bool:
    """Return whether a heading may change.

    The merely paralysed turn only towards a tile they could not step on; the immobilised freely.
    """
    return not paralysed or immobilised or not ahead_is_free
