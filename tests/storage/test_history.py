"""The memory of recent cuts."""

from __future__ import annotations

from pyao.storage.history import KEEP_S, RecentCuts
from pyao.storage.repository import Cut, Stamp


def cut(number: int, **changes: str) -> Cut:
    return Cut(Stamp(1, number), changes, ledger=({"cut": str(number)},))


def test_only_what_was_written_after_a_number_is_given_back() -> None:
    recent = RecentCuts(0)
    recent.add(cut(1, a="1", b="1"), 0)
    recent.add(cut(2, b="2"), 0)
    recent.add(cut(3, c="3"), 0)
    assert recent.since(1) == ({"b": "2", "c": "3"}, [{"cut": "2"}, {"cut": "3"}])
    assert recent.since(0)[0] == {"a": "1", "b": "2", "c": "3"}


def test_a_store_older_than_the_memory_cannot_be_brought_up_to_date() -> None:
    recent = RecentCuts(10)
    recent.add(cut(11, a="1"), 0)
    recent.add(cut(12, b="1"), KEEP_S / 2)
    assert recent.floor == 10
    recent.add(cut(13, c="1"), KEEP_S + 1)
    assert recent.floor == 11
    assert set(recent.keys()) == {"b", "c"}


def test_a_line_that_was_written_anew_is_given_back_once() -> None:
    recent = RecentCuts(0)
    recent.add(cut(1, a="1"), 0)
    recent.add(cut(2, b="2"), 0)
    changes, rows = recent.since(1)
    recent.add(Cut(Stamp(1, 3), changes, (*rows, {"cut": "3"}), rewrite=True), 0)
    assert recent.since(1) == ({"b": "2"}, [{"cut": "2"}, {"cut": "3"}])


def test_a_removed_key_is_remembered_as_removed() -> None:
    recent = RecentCuts(0)
    recent.add(Cut(Stamp(1, 1), {"a": None}), 0)
    assert recent.get("a") == (None,)
    assert recent.get("b") is None
