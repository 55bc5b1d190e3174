"""What is judged in E: rounds between echoes, on figures made by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from benchmarks.in_turn import Measure, Quartiles, Round, alternate, mostly


def told(log: list[str], name: str, values: Sequence[float]) -> Measure:
    """Return a measurement that finds these values one after the other, and logs its turns."""
    left = iter(values)

    async def measure() -> float:
        log.append(name)
        await asyncio.sleep(0)
        return next(left)

    return measure


async def test_each_round_is_compared_with_the_echoes_before_and_after_it() -> None:
    log: list[str] = []
    walk, echo = told(log, "walk", [102.0, 127.0]), told(log, "echo", [4.0, 8.0, 6.0])
    assert await alternate(2, walk, echo) == [Round(102.0, 6.0), Round(127.0, 7.0)]
    assert log == ["echo", "walk", "echo", "walk", "echo"]


@pytest.mark.parametrize(
    ("values", "quartiles"),
    [([17.0, 15.0, 90.0, 16.0, 14.0], (15.0, 16.0, 17.0)), ([10.0, 20.0], (12.5, 15.0, 17.5))],
)
def test_one_bad_moment_of_the_host_moves_no_median(
    values: list[float], quartiles: tuple[float, float, float]
) -> None:
    assert Quartiles.of(values) == quartiles


def test_rounds_mean_nothing_when_most_of_them_do() -> None:
    assert mostly(["", "late", ""]) == ""
    assert mostly(["", "late", "late"]) == "late"
    assert mostly(["late", ""]) == ""
