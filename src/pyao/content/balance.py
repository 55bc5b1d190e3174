"""The figures that decide fights and growth, of classes, races and factions ("Balance.dat").

The dataclasses are those of `rules/balance.py`, whose values are the defaults; a distribution or
the operator's `balance.toml` replaces what it names.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from pyao.content.fields import Natural, Percent
from pyao.rules.balance import CLASSES, RACES, ClassFigures, RaceFigures

FACTION_RANKS: Final = 15


class Balance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Races and classes by number, and what else the file holds.

    `whole_spread` and `half_spread` are percentages that sum to 100: how far the life of a new
    level falls from the class average, from two above to two below (half: from 1.5 to -1.5).
    """

    races: dict[int, RaceFigures]
    classes: dict[int, ClassFigures]
    whole_spread: tuple[Percent, ...] = (10, 20, 40, 20, 10)
    half_spread: tuple[Percent, ...] = (10, 40, 40, 10)
    meditation_percent: Percent = 6  # of max mana, per success
    party_exponent: float = 1.75
    faction_experience: tuple[Natural, ...] = (  # of each reward, 15 of them
        *(5_000, 7_500, 10_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000, 70_000),
        *(80_000, 100_000, 150_000, 220_000, 340_000),
    )


def classic_balance() -> Balance:
    """Return the figures of classic 0.13."""
    return Balance(races=dict(RACES), classes=dict(CLASSES))
