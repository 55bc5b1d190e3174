"""The storage page says what the key table says."""

from __future__ import annotations

from pathlib import Path

from pyao.rules.character import Character, Section, UserId
from pyao.storage.keys import KINDS
from pyao.storage.records import field_table, sections
from pyao.storage.reference import render

PAGE = Path(__file__).resolve().parents[2] / "docs" / "storage.md"


def test_the_committed_page_is_what_the_tables_say() -> None:
    advice = "run: python -m pyao.storage.reference > docs/storage.md"
    assert PAGE.read_text("utf-8") == render(), advice


def test_every_key_is_a_row() -> None:
    page = render()
    assert all(f"| `{kind.pattern}` |" in page for kind in KINDS)
    assert all("|" not in kind.purpose + kind.lifetime for kind in KINDS)


def test_every_stored_field_is_described() -> None:
    who = Character(
        user_id=UserId(1), name="a", account="a", race=1, gender=1, char_class=1, head=1
    )
    table = field_table()
    for key, record in sections(who, Section.everything()).items():
        described = {
            name for names, _ in table[key.rpartition(":")[2]] for name in names.split(", ")
        }
        assert set(record) <= described, key
