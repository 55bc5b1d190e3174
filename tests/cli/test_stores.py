"""`pyao-server accounts`: each act holds at the next log-in and is in the audit."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from tests.support.byte_client import ERROR_MSG, LOGGED
from tests.support.commands import Ended, invoke
from tests.support.files import tree
from tests.support.running import starter


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


@pytest.mark.parametrize("act", ["grant", "revoke"])
def test_a_permission_that_may_be_misspelt_is_told(folder: Path, act: str) -> None:
    assert "only a module" not in accounts(folder, act, "Ana", "people.kick").stdout
    assert "only a module can ask for that" in accounts(folder, act, "Ana", "people.kik").stdout


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


def test_an_account_is_made_listed_and_given_a_rank(folder: Path) -> None:
    assert accounts(folder, "create", "Eva", "--password", "secreto").stdout == (
        "created account Eva\n"
    )
    made = accounts(folder, "set-privilege", "Eva", "god")
    assert made.stdout == "Eva is god from the next log-in on\n"
    listed = [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in accounts(folder, "list").stdout.splitlines()
        if line.startswith("│")
    ]
    assert listed == [["Ana", "player", ""], ["Eva", "god", ""]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "Ana", "--password", "secreto"), "belongs to somebody already"),
        (("create", "A", "--password", "secreto"), "expected 3 to 15 letters"),
        (("create", "Eva", "--password", "ab"), "expected 3 to 64 characters"),
        (("create", "Eva"), "expected one with --password or as a line of the input"),
        (("set-password", "Nobody", "--password", "secreto"), "no account or character"),
        (("set-privilege", "Nobody", "god"), "no account or character"),
        (("set-privilege", "Ana", "emperor"), "expected one of player, counsellor"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in accounts(folder, *words).refusal
    assert "Eva" not in accounts(folder, "list").stdout


def test_a_script_pipes_the_password_in(tmp_path: Path) -> None:
    made = invoke(
        "accounts", "create", "Ana", "--storage", "sqlite", cwd=tmp_path, text="secreto\r\n"
    )
    assert (made.code, made.stdout) == (0, "created account Ana\n")


def test_a_character_is_shown_with_all_that_is_kept_of_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with starter(tmp_path) as start:
            await (await start()).newcomer("Ana")

    asyncio.run(play())
    shown = invoke("inspect", "ana", "--storage", "sqlite", cwd=tmp_path)
    assert shown.code == 0, shown
    for kind in ("position", "stats", "inventory", "profile"):
        assert f"player:1:{kind}" in shown.stdout
    assert "no character 'Eva'" in invoke("inspect", "Eva", cwd=tmp_path).refusal


def test_a_copy_of_the_store_is_put_aside_and_the_server_stays_with_its_own(folder: Path) -> None:
    memory = folder / "data" / "store.json"
    memory.write_text('{"store": "redis"}')
    copied = invoke("storage", "migrate", "--from", "sqlite", "--to", "copy.db", cwd=folder)
    assert copied.code == 0, copied
    assert (folder / "copy.db").exists()
    assert json.loads(memory.read_text()) == {"store": "redis"}
    back = invoke(
        "storage", "migrate", "--from", "copy.db", "--to", "sqlite", "--force", cwd=folder
    )
    assert back.code == 0, back
    assert json.loads(memory.read_text())["store"] == "sqlite"


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("sqlite", "sqlite", "name two stores"),
        ("sqlite", "no/such/folder/x.db", "a file in an existing folder"),
        ("nothing.db", "copy.db", "holds nothing to copy"),
        ("redis://127.0.0.1:1/0", "copy.db", "redis://127.0.0.1:1/0"),
    ],
)
def test_a_migration_that_cannot_be_is_refused_and_nothing_is_written(
    folder: Path, source: str, target: str, said: str
) -> None:
    before = tree(folder)
    ended = invoke("storage", "migrate", "--from", source, "--to", target, cwd=folder)
    assert said in ended.refusal
    assert tree(folder) == before


def test_an_account_is_banned_with_reason_and_end_and_let_in_again(folder: Path) -> None:
    banned = accounts(folder, "ban", "ana", "--minutes", "60", "--reason", "selling gold")
    assert banned.code == 0, banned
    assert "account Ana is banned until 2" in banned.stdout
    assert "for ever" in accounts(folder, "ban", "Ana").stdout
    assert accounts(folder, "unban", "Ana").code == 0
    rows = [row for row in audit(folder) if "ban" in row["cause"]]
    assert [row["cause"] for row in rows] == ["accounts ban", "accounts ban", "accounts unban"]
    assert rows[0]["arguments"].startswith("until 2")
    assert rows[0]["arguments"].endswith("Z selling gold")
    assert all(row["who"].startswith("cli:") for row in rows)


def test_who_was_banned_or_muted_at_the_command_line_finds_it_so(tmp_path: Path) -> None:
    asyncio.run(visit(tmp_path, new=True))
    ban = ("ban", "Bea", "--minutes", "60", "--reason", "gritos")
    for act, outcome in (
        (ban, "gritos"),
        (("unban", "Bea"), "may speak"),
        (("mute", "bea", "60"), "muted"),
        (("unmute", "Bea"), "may speak"),
    ):
        done = accounts(tmp_path, *act)
        assert done.code == 0, done
        assert outcome in asyncio.run(visit(tmp_path))


async def visit(folder: Path, *, new: bool = False) -> str:
    """Let Bea log in; return whether she may speak, or why she was not let in."""
    async with starter(folder) as start:
        running = await start()
        if new:
            await running.newcomer("Bea")
            return ""
        client = await running.connect()
        client.log_in("Bea")
        seen = await client.until(lambda packet: packet.id in {ERROR_MSG, LOGGED})
        if seen.id == ERROR_MSG:
            return str(seen.values[0])
        return "muted" if running.app.game.muted(running.player("Bea")) else "may speak"


@pytest.mark.parametrize(
    "act", [("ban", "Nadie"), ("unban", "Nadie"), ("mute", "Nadie", "5"), ("unmute", "Nadie")]
)
def test_nobody_is_banned_or_muted(folder: Path, act: tuple[str, ...]) -> None:
    refused = accounts(folder, *act)
    assert refused.code != 0
    assert "no account or character" in refused.stderr
    assert accounts(folder, "mute", "Ana", "0").code != 0


def test_an_account_is_carried_into_another_world_by_a_file(folder: Path) -> None:
    assert accounts(folder, "set-privilege", "Ana", "god").code == 0
    printed = accounts(folder, "export", "ana")
    written = accounts(folder, "export", "ana", "--to", "ana.json")
    assert (printed.code, written.code) == (0, 0), written
    file = folder / "ana.json"
    assert file.read_text() == printed.stdout
    assert file.stat().st_mode & 0o077 == 0, "it holds the hash of a password"
    assert "ana.json exists" in accounts(folder, "export", "Ana", "--to", "ana.json").refusal
    assert "one belongs to somebody here" in accounts(folder, "import", "ana.json").refusal
    (folder / "data").rename(folder / "old")
    ended = accounts(folder, "import", "ana.json")
    assert (ended.code, "imported Ana (god)" in ended.stdout) == (0, True), ended
    assert accounts(folder, "export", "Ana").stdout == printed.stdout
    assert [row["cause"] for row in audit(folder)] == ["accounts import"]


def test_what_cannot_be_exported_or_imported_is_refused_in_one_line(folder: Path) -> None:
    (folder / "list.json").write_text("[]")
    assert "no account" in accounts(folder, "export", "Nadie").refusal
    assert "accounts export" in accounts(folder, "import", "list.json").refusal
    assert "nowhere.json cannot be read" in accounts(folder, "import", "nowhere.json").refusal
