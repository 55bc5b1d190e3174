"""The page of orders is what the code says."""

from __future__ import annotations

from pathlib import Path

from pyao.tasks.gm.door import ORDERS
from pyao.tasks.gm.reference import render

PAGE = Path(__file__).resolve().parents[3] / "docs" / "game-masters.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == render()


def test_every_order_says_what_it_does() -> None:
    assert [word for word, entry in ORDERS.items() if not entry.function.__doc__] == []
