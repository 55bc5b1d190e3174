"""`pyao-server storage` where no server runs; see also integration/test_storage_commands.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.commands import invoke


def test_a_backup_that_is_none_is_refused(tmp_path: Path) -> None:
    ended = invoke("storage", "verify", "nothing.db", "--storage", "sqlite", cwd=tmp_path)
    assert (ended.code, "expected a file" in ended.stderr) == (2, True)


def test_a_file_of_no_bytes_is_no_backup_in_good_order(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    ended = invoke("storage", "verify", "empty.db", "--storage", "sqlite", cwd=tmp_path)
    assert "no world in SQLite empty.db" in ended.refusal


@pytest.mark.parametrize("settling", [False, True])
def test_an_empty_world_adds_up(tmp_path: Path, *, settling: bool) -> None:
    sqlite = ("--storage", "sqlite")
    made = invoke("accounts", "create", "Ana", "--password", "secreto", *sqlite, cwd=tmp_path)
    assert made.code == 0, made
    words = ["--settle"] if settling else []
    ended = invoke("storage", "audit", *words, *sqlite, cwd=tmp_path)
    assert (ended.code, "0 differences" in ended.stdout) == (0, True), ended


@pytest.mark.parametrize(
    "command",
    [
        "storage audit", "storage audit --settle", "storage backup", "storage verify",
        "accounts list", "accounts set-password Ana --password secreto", "accounts ban Ana",
        "accounts mute Ana 5", "accounts permissions Ana --reset",
    ],
)  # fmt: skip
def test_where_no_world_is_there_is_nothing_to_look_at_or_keep(
    tmp_path: Path, command: str
) -> None:
    """A folder that was mistyped must not pass for a world in good order, nor become one."""
    ended = invoke(*command.split(), "--storage", "sqlite", "--data-dir", "dta", cwd=tmp_path)
    assert "there is no world in SQLite dta/world.db" in ended.refusal
    assert "--data-dir" in ended.refusal
    assert list(tmp_path.iterdir()) == []
