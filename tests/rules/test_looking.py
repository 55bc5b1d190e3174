from __future__ import annotations

import tomllib
from typing import Any

import pytest
from tests.support.vectors import FOLDER, vectors

from pyao.rules.looking import Condition, condition

PERCENTS: list[int] = tomllib.loads((FOLDER / "npcs.toml").read_text(encoding="utf-8"))[
    "conditions"
]["percents"]


def rows() -> list[dict[str, Any]]:
    return vectors("npcs", "conditions")


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row["survival"]))
def test_survival_tells_how_somebody_is(row: dict[str, Any]) -> None:
    seen = [condition(hp * 3, 300, row["survival"]).value for hp in PERCENTS]
    assert seen == [f"look.condition_{name}" for name in row["seen"]]


def test_staff_see_exactly() -> None:
    assert condition(1, 2, 0, staff=True) is Condition.EXACT
