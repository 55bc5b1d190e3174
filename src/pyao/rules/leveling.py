"""Experience and levels: what each level costs and what it gives.

Follows ao-libre/ao-server, Modulo_UsUaRiOs.bas; the older curve is that of 0.13.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

ExpCurve = Literal["baseline", "0.13.0"]

FIRST_LEVEL_EXP = 300
LEVEL_WIRE_CAP = 55  # the next cost does not fit the signed 32 bits of UpdateUserStats

# (last new level, factor): the cost of a level is the one before times the factor, rounded.
_FACTORS: Mapping[ExpCurve, tuple[tuple[int, float], ...]] = MappingProxyType(
    {
        "baseline": ((14, 1.4), (20, 1.35), (25, 1.3), (34, 1.2), (39, 1.3), (255, 1.375)),
        "0.13.0": ((14, 1.4), (20, 1.35), (32, 1.3), (40, 1.225), (255, 1.25)),
    }
)


@cache
def _costs(curve: ExpCurve) -> tuple[int, ...]:
    costs = [FIRST_LEVEL_EXP]
    for upto, factor in _FACTORS[curve]:
        while len(costs) < min(upto, LEVEL_WIRE_CAP):
            costs.append(round(costs[-1] * factor))
    return tuple(costs)


def experience_next(level: int, curve: ExpCurve = "baseline") -> int:
    """Return the experience needed to leave a level; elu(n) = rhe(elu(n-1) * f(n)).

    Levels beyond the last the wire can carry cost what that one does.
    """
    return _costs(curve)[min(level, LEVEL_WIRE_CAP) - 1]


def total_experience(level: int, curve: ExpCurve = "baseline") -> int:
    """Return the experience needed to reach a level from the first."""
    return sum(_costs(curve)[: level - 1])
