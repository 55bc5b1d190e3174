from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.vectors import vectors

from pyao.rules.reputation import average, is_criminal


@dataclass(slots=True)
class Somebody:
    assassin: int = 0
    bandit: int = 0
    bourgeois: int = 0
    thief: int = 0
    noble: int = 1000
    plebeian: int = 30


@pytest.mark.parametrize("row", vectors("progression", "averages"), ids=str)
def test_the_average_decides_who_is_a_criminal(row: dict[str, Any]) -> None:
    who = Somebody(*row["counters"])
    assert average(who) == row["average"]
    assert is_criminal(who) is row["criminal"]
