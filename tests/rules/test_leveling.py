from __future__ import annotations

from typing import Any

import pytest
from tests.support.vectors import vectors

from pyao.rules.leveling import experience_next, total_experience


@pytest.mark.parametrize("row", vectors("progression", "experience"), ids=lambda r: str(r["level"]))
def test_the_cost_of_a_level(row: dict[str, Any]) -> None:
    assert experience_next(row["level"]) == row["next"]
    assert experience_next(row["level"], "0.13.0") == row["legacy"]
    assert total_experience(row["level"]) == row["total"]


def test_every_cost_fits_the_client() -> None:
    assert experience_next(56) == experience_next(255) == experience_next(55) < 2**31
