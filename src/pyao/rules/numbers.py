"""The arithmetic every rule shares.

A real that becomes a whole number is rounded half to even at each place where the rules say so;
that is exactly Python's built-in `round`, so no function of ours stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable

Roll = Callable[[int, int], int]
"""A uniform whole number between two bounds, both included."""


def pct(total: int, percent: int) -> int:
    """Return `percent` per cent of a total, rounded half to even."""
    return round(total * percent / 100)


def clamp(value: int, low: int, high: int) -> int:
    """Return the value, or the bound it lies beyond."""
    return low if value < low else min(value, high)


def between(roll: Roll, low: int, high: int) -> int:
    """Roll between two figures of a data file, which may stand in the wrong order."""
    return roll(low, high) if low <= high else roll(high, low)
