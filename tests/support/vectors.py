"""Tables of worked examples, typed from the rules' documents, and dice that fall as told."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "rules" / "vectors"


def vectors(file: str, table: str) -> list[dict[str, Any]]:
    """Return the rows of one table: an array of tables, or `columns` with `rows`."""
    with (FOLDER / f"{file}.toml").open("rb") as source:
        content = tomllib.load(source)[table]
    if isinstance(content, list):
        return content
    columns = content["columns"]
    return [dict(zip(columns, row, strict=True)) for row in content["rows"]]


class Dice:
    """A roll that answers the given numbers in order and remembers the bounds it was asked for."""

    def __init__(self, *answers: int) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[int, int]] = []

    @classmethod
    def of(cls, answers: Iterable[int]) -> Dice:
        """Take the answers from a table."""
        return cls(*answers)

    def __call__(self, low: int, high: int) -> int:
        self.asked.append((low, high))
        assert self._answers, f"nobody expected a roll from {low} to {high}"
        answer = self._answers.pop(0)
        assert low <= answer <= high, f"{answer} is no roll from {low} to {high}"
        return answer

    @property
    def left(self) -> int:
        """How many answers nobody asked for."""
        return len(self._answers)


def never(low: int, high: int) -> int:
    """Fail: this rule must not throw dice."""
    msg = f"a roll from {low} to {high} where none belongs"
    raise AssertionError(msg)


def lowest(low: int, high: int) -> int:
    """Answer the smallest."""
    assert low <= high
    return low


def highest(low: int, high: int) -> int:
    """Answer the largest."""
    assert low <= high
    return high
