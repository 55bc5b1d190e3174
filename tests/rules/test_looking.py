from __future__ import annotations

import tomllib
from typing import Any

import pytest
from tests.support.vectors import FOLDER, vectors

from pyao.rules.kinds import Privilege
from pyao.rules.looking import Condition, condition, sees_veiled

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


def test_only_staff_above_counsellors_sees_the_veiled_and_no_role_master() -> None:
    seeing = [rank for rank in Privilege if sees_veiled(Privilege.PLAYER | rank)]
    assert seeing == [Privilege.DEMIGOD, Privilege.GOD, Privilege.ADMIN]
    assert not sees_veiled(Privilege.GOD | Privilege.ROLE_MASTER)
