"""A server and the echo in turn, so that what is judged in E is divided by the E of its moment.

The pace of a shared host changes within seconds: an echo of another minute is off by a fifth. So
the server is measured in short rounds with an echo before, between and after them, each round is
divided by the mean of its two neighbours, and what counts is the median of these ratios.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from statistics import quantiles
from typing import Final, NamedTuple

from benchmarks.echo import calibrate
from benchmarks.places import Bench

ECHO_PART: Final = 1 / 8  # of the length of a measurement

Measure = Callable[[], Awaitable[float]]  # microseconds of CPU per walk or request


class Round(NamedTuple):
    """What one round found; in a record it is a list of the two."""

    cpu_us: float  # of the server, per walk or request
    echo_us: float  # mean of the echo before and the one after


class Quartiles(NamedTuple):
    """A quarter of all values, half of them and three quarters are not above these."""

    first: float
    median: float
    third: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Quartiles:
        """Return those of two values or more."""
        return cls(*quantiles(values, n=4, method="inclusive"))


async def in_turn(bench: Bench, measure: Measure) -> list[Round]:
    """Measure a server in rounds between echoes that have its core to themselves."""

    async def echo() -> float:
        # A process of its own each time: how its memory happens to lie must not tint all rounds.
        return (await calibrate(bench.cores, bench.seconds * ECHO_PART)).cpu_us

    return await alternate(bench.rounds, measure, echo)


async def alternate(rounds: int, measure: Measure, echo: Measure) -> list[Round]:
    """Go through so many rounds, each between two echoes; neighbours share the one between them."""
    echoes = [await echo()]
    costs: list[float] = []
    for _ in range(rounds):
        costs.append(await measure())
        echoes.append(await echo())
    return [
        Round(round(cost, 2), round((before + after) / 2, 3))
        for cost, (before, after) in zip(costs, pairwise(echoes), strict=True)
    ]


def mostly(reasons: Sequence[str]) -> str:
    """Return a reason why rounds mean nothing if most have one: a median bears the rest."""
    found = [reason for reason in reasons if reason]
    return found[0] if len(found) > len(reasons) / 2 else ""
