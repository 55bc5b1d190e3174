"""Steps: how fast they may come, and where they may lead.

Follows ao-libre/ao-server, Protocol.bas (the count of 30 walks) and General.bas (legal positions).
The token bucket on top is ours: it answers a burst with a refusal instead of a punishment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.kinds import TileFlag

STEP_MS = 200
STEP_BURST = 5
COUNTED_STEPS = 30
COUNTED_STEPS_MS = 5800  # an honest client needs 8000
SUSPICION_MS = 30_000
SPEED_FIGURE = 126_000

# Where a character may stand: the map less half a screen on each side.
MIN_X, MAX_X = 9, 92
MIN_Y, MAX_Y = 7, 94


# Plain numbers: an operation on a flag enumeration costs ten times as much, at every step.
_BLOCKED = int(TileFlag.BLOCKED)
_WATER = int(TileFlag.WATER)


class Pace(Enum):
    """What to do with a walk that has just come."""

    OK = "ok"
    TOO_FAST = "too fast"  # not walked; answered with the true position
    CHEATING = "cheating"  # second strike: disconnect and tell the staff


_IN_TIME = Pace.OK  # read once: on Python 3.11 each look at a member takes 0.2 microseconds


@dataclass(slots=True)
class WalkPace:
    """How one player's walks have come so far. `now` is in milliseconds throughout."""

    step_ms: int = STEP_MS
    burst: int = STEP_BURST
    full_at: int = 0  # when the bucket of spare steps is full again
    counted: int = 0
    counted_from: int | None = None
    elapsed_ms: int = 0  # of the last 30 counted walks
    suspected_at: int | None = None

    def walk(self, now: int) -> Pace:
        """Count a walk, even one that goes nowhere, and say whether it comes in time."""
        if self._strikes(now):
            return Pace.CHEATING
        full_at = max(self.full_at, now)
        if full_at - now > (self.burst - 1) * self.step_ms:
            return Pace.TOO_FAST
        self.full_at = full_at + self.step_ms
        return _IN_TIME

    def forgive(self) -> None:
        """Forget the first strike, as a walk while paralysed does."""
        self.suspected_at = None

    @property
    def figure(self) -> int:
        """How fast the last 30 walks were, as the staff are told; 21 is the limit."""
        return SPEED_FIGURE // max(self.elapsed_ms, 1)

    def _strikes(self, now: int) -> bool:
        if self.counted_from is None:
            self.counted_from = now
        self.counted += 1
        if self.counted < COUNTED_STEPS:
            return False
        self.elapsed_ms = now - self.counted_from
        self.counted, self.counted_from = 0, now
        if self.elapsed_ms >= COUNTED_STEPS_MS:
            return False
        suspected_at, self.suspected_at = self.suspected_at, now
        return suspected_at is not None and now - suspected_at <= SUSPICION_MS


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
