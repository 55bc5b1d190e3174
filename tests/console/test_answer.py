"""Answers: as text for people, as plain data for scripts, never as orders to a terminal."""

from __future__ import annotations

import json

from pyao.console.answer import Answer, facts, refused, said, table

GREEN = "\x1b[32m"


def test_a_table_is_aligned_below_its_lines() -> None:
    answer = table(("name", "rank"), [("Ana", "god"), ("Pepe Luis", "player")], "two accounts")
    assert answer.text() == [
        "two accounts",
        "name       rank",
        "Ana        god",
        "Pepe Luis  player",
    ]


def test_values_read_as_an_operator_would_write_them() -> None:
    answer = facts([("on", True), ("off", False), ("share", 0.123456789), ("none", None), ("n", 7)])
    assert [line.split() for line in answer.text()[1:]] == [
        ["on", "yes"],
        ["off", "no"],
        ["share", "0.123457"],
        ["none"],
        ["n", "7"],
    ]


def test_nothing_a_player_wrote_steers_the_terminal() -> None:
    answer = Answer((f"{GREEN}a\r\n",), ("name",), ((f"b{GREEN}",),), f"c{GREEN}\nd")
    shown = answer.text()
    assert all(line.isprintable() for line in shown)
    assert shown == ["\\x1b[32ma\\r\\n", "name", "b\\x1b[32m", "c\\x1b[32m", "d"]


def test_scripts_get_rows_by_column_name() -> None:
    answer = table(("name", "since"), [("Ana", 5)])
    assert json.loads(json.dumps(answer.as_dict())) == {
        "ok": True,
        "lines": [],
        "rows": [{"name": "Ana", "since": 5}],
        "error": "",
    }


def test_a_refusal_is_not_ok_and_says_why() -> None:
    assert not refused("no such player").ok
    assert refused("no such player").text() == ["no such player"]
    assert said("done").ok
