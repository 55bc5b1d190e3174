"""The page of events is the one that is rendered."""

from __future__ import annotations

from pathlib import Path

from pyao.events import EventTypes
from pyao.events.reference import render

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), (
        "run: python -m pyao.events.reference > docs/events.md"
    )


def test_every_type_has_one_row() -> None:
    page = render()
    assert all(page.count(f"| `{kind.name}` |") == 1 for kind in EventTypes)
