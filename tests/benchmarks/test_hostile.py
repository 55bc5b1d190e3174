"""The table of attacks says what was missed."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from benchmarks.hostile import CASES, Bound, quantile, table
from pyao.config import SETTINGS


def test_a_figure_over_its_bound_is_missed_and_one_without_never_is() -> None:
    assert Bound("memory, MB", 5, 5).good
    assert not Bound("memory, MB", 5.1, 5).good
    assert Bound("connects a second", 9_000).good


def test_the_table_marks_what_was_missed() -> None:
    out = Console(file=StringIO(), width=100)
    out.print(table({"flood": [Bound("memory, MB", 7, 5), Bound("processor", 0.123)]}))
    text = out.file.getvalue()  # type: ignore[attr-defined] # of a StringIO
    assert text.count("MISSED") == 1
    assert "0.12" in text


def test_a_time_that_was_missed_beside_other_work_is_told_apart_and_still_missed() -> None:
    late = Bound("player's ping, p99, ms", 300, 100, busy=0.5)
    assert not late.good
    assert late.verdict == "missed: machine busy"
    assert "MISSED" in Bound("player's ping, p99, ms", 300, 100, busy=0.01).verdict
    assert Bound("player's ping, p99, ms", 30, 100, busy=0.5).verdict == ""


def test_a_quantile_is_a_value_that_was_seen() -> None:
    assert quantile([], 0.99) == 0
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([3, 1, 2], 0.99) == 3


def test_attacks_meet_servers_with_settings_there_are() -> None:
    assert all(set(case.settings) <= set(SETTINGS) for case in CASES.values())
