from __future__ import annotations

from pathlib import Path

from pyao.content.starter import load_starter
from pyao.content.texts import LANGUAGES
from pyao.content.world_page import render

PAGE = Path(__file__).resolve().parents[2] / "docs" / "world.md"


def test_the_page_is_up_to_date() -> None:
    advice = "run: python -m pyao.content.world_page > docs/world.md"
    assert PAGE.read_text(encoding="utf-8") == render(), advice


def test_every_place_is_named_in_both_languages() -> None:
    page = render()
    for language in LANGUAGES:
        assert all(entry.name in page for entry in load_starter(language=language).maps.values())
