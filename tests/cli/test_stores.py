"""`pyao-server accounts`: each act holds at the next log-in and is in the audit."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from tests.support.commands import Ended, invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = accounts(tmp_path, "create", "Ana", "--password", "secreto")
    assert made.code == 0, made
    return tmp_path


def accounts(folder: Path, *words: str, **env: str) -> Ended:
    return invoke(
        "accounts", *words, "--storage", "sqlite", "--data-dir", "data", cwd=folder, env=env
    )


def audit(folder: Path) -> list[dict[str, str]]:
    database = sqlite3.connect(folder / "data" / "world.db")
    try:
        columns = [one[1] for one in database.execute("PRAGMA table_info(audit)")]
        rows = database.execute("SELECT * FROM audit").fetchall()
    finally:
        database.close()
    at = next(i for i, name in enumerate(columns) if str(rows[0][i]).startswith("{"))
    return [json.loads(row[at]) for row in rows]


def said(folder: Path, permission: str) -> list[str]:
    """Return what the list of permissions says of one: yes or no, and why."""
    listed = accounts(folder, "permissions", "Ana")
    assert listed.code == 0, listed
    line = next(line for line in listed.stdout.splitlines() if f" {permission} " in line)
    return [cell.strip() for cell in line.strip("│ ").split("│")][1:3]


def test_a_player_has_no_permissions_but_those_granted(folder: Path) -> None:
    assert said(folder, "people.kick") == ["no", "rank player"]
    assert accounts(folder, "grant", "ana", "people.kick").code == 0
    assert said(folder, "people.kick") == ["yes", "granted"]
    assert said(folder, "people.ban") == ["no", "rank player"]


def test_a_revoked_permission_is_gone_whatever_the_rank_until_it_is_reset(folder: Path) -> None:
    assert accounts(folder, "set-privilege", "Ana", "admin").code == 0
    assert said(folder, "people.ban") == ["yes", "rank admin"]
    assert accounts(folder, "revoke", "Ana", "people.ban").code == 0
    assert said(folder, "people.ban") == ["no", "revoked"]
    assert accounts(folder, "permissions", "Ana", "--reset").code == 0
    assert said(folder, "people.ban") == ["yes", "rank admin"]


def test_a_permission_of_a_module_can_be_granted(folder: Path) -> None:
    assert accounts(folder, "grant", "Ana", "arena.open").code == 0
    assert said(folder, "arena.open") == ["yes", "granted"]


def test_every_act_is_in_the_audit_with_who_did_it_and_without_passwords(folder: Path) -> None:
    accounts(folder, "set-password", "Ana", "--password", "canary-word")
    accounts(folder, "set-privilege", "Ana", "god")
    accounts(folder, "grant", "Ana", "people.kick")
    accounts(folder, "revoke", "Ana", "people.ban")
    accounts(folder, "logout-everywhere", "Ana")
    rows = audit(folder)
    assert [row["cause"] for row in rows] == [
        f"accounts {act}"
        for act in (
            "create", "set-password", "set-privilege", "grant", "revoke", "logout-everywhere",
        )
    ]  # fmt: skip
    assert {row["target"] for row in rows} == {"Ana"}
    assert all(row["who"].startswith("cli:") for row in rows)
    assert rows[3]["arguments"] == "people.kick"
    assert "canary" not in str(rows)


@pytest.mark.parametrize("act", ["grant", "revoke"])
def test_nobody_and_nothing_are_refused_in_one_line(folder: Path, act: str) -> None:
    assert "no account or character" in accounts(folder, act, "Nobody", "people.kick").refusal
    assert "words with dots" in accounts(folder, act, "Ana", "Kick People").refusal


def test_commands_about_nobody_are_refused_in_one_line(folder: Path) -> None:
    assert "no account" in accounts(folder, "permissions", "Nobody").refusal
    assert "no account" in accounts(folder, "logout-everywhere", "Nobody").refusal


def test_how_short_a_password_may_be_follows_the_settings(folder: Path) -> None:
    policy = {"PYAO_PASSWORD_MIN_CHARS": "8"}
    short = accounts(folder, "set-password", "Ana", "--password", "sevenxx", **policy)
    assert "expected 8 to 64 characters" in short.refusal
    short = accounts(folder, "create", "Eva", "--password", "sevenxx", **policy)
    assert "expected 8 to 64 characters" in short.refusal
    assert accounts(folder, "set-password", "Ana", "--password", "sevenxx").code == 0
