"""Reputation: six counters, their average, and who is a criminal.

Follows ao-libre/ao-server, Modulo_UsUaRiOs.bas and progression of classic 0.13.
"""

from __future__ import annotations

from typing import Protocol


class Reputed(Protocol):
    """Whoever has the six counters; a `Character` does."""

    assassin: int
    bandit: int
    bourgeois: int
    thief: int
    noble: int
    plebeian: int


def average(who: Reputed) -> int:
    """Return the mean of the six counters, the bad ones counted negative, half to even."""
    good = who.bourgeois + who.noble + who.plebeian
    return round((good - who.assassin - who.bandit - who.thief) / 6)


def is_criminal(who: Reputed) -> bool:
    """Return whether the average lies below zero; everybody else is a citizen."""
    return average(who) < 0
