"""The list of events in the page for module authors is the one that is rendered."""

from __future__ import annotations

from pathlib import Path

from pyao.events import EventTypes
from pyao.events.reference import MARK, render, rewrite

PAGE = Path(__file__).resolve().parents[2] / "docs" / "modules.md"


def test_the_page_is_up_to_date() -> None:
    listed = PAGE.read_text(encoding="utf-8").partition(MARK)[2]
    assert listed == render(), "run: python -m pyao.events.reference docs/modules.md"


def test_rewriting_keeps_what_stands_above(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Mine\n{MARK}old")
    rewrite(page)
    rewrite(page)
    assert page.read_text() == f"# Mine\n{MARK}{render()}"


def test_every_type_has_one_row() -> None:
    page = render()
    assert all(page.count(f"| `{kind.name}` |") == 1 for kind in EventTypes)
