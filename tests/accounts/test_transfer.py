"""Accounts as files: what goes along, what stays behind, and what is no account."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.accounts.conftest import Desk, newcomer

from pyao.accounts.transfer import exported, import_account, read_document
from pyao.errors import ConfigError
from pyao.rules.character import Character, Slot, UserId
from pyao.storage.repository import SCHEMA_VERSION
from pyao.storage.verify import verify

WHEN = 1_700_000_000
SECRET = "secreto"


def rich(name: str) -> Callable[[UserId], Character]:
    """Return what makes a character with something in purse, bag and vault."""

    def make(user_id: UserId) -> Character:
        made = newcomer(name, "Ana")
        made.user_id = user_id
        made.gold, made.bank_gold = 70, 700
        made.inventory[2] = Slot(463, 1, equipped=True)
        made.bank[0] = Slot(857, 12)
        return made

    return make


@pytest.fixture
async def paper(desk: Desk) -> dict[str, Any]:
    """Return the file of an account with two characters, read as JSON."""
    await desk.accounts.create_with_character("Ana", SECRET, email="a@b.c", make=rich("Ana"))
    await desk.accounts.add_character("Ana", "Bea", rich("Bea"))
    await desk.accounts.set_ban("Ana", WHEN + 60, "insultos")
    text = exported(desk.writer.repository, "bea")
    assert text is not None
    found: dict[str, Any] = json.loads(text)
    return found


async def take_in(desk: Desk, paper: object) -> None:
    document = read_document(json.dumps(paper).encode())
    await import_account(desk.writer, document, [], when=WHEN)


async def test_an_account_comes_back_as_it_went(desk: Desk, paper: dict[str, Any]) -> None:
    assert await desk.accounts.remove("Ana") is not None
    await take_in(desk, paper)
    again = exported(desk.writer.repository, "Ana")
    assert again is not None
    assert json.loads(again) == paper
    account = await desk.accounts.read("Bea")
    assert account is not None
    assert account.characters == {3: "Ana", 4: "Bea"}, "numbers are never given out twice"


async def test_what_an_imported_account_owns_is_explained_by_the_ledger(
    paper: dict[str, Any], tmp_path: Path
) -> None:
    other = Desk(tmp_path / "other.db")
    await other.open()
    await take_in(other, paper)
    found = verify(other.writer.repository)
    assert found.problems == ()
    assert (found.accounts, found.characters) == (1, 2)
    assert sum(found.findings.created.values()) == 2 * (70 + 700 + 1 + 12)
    await other.close()


@pytest.mark.parametrize("name", ["Ana", "Bea"])
async def test_a_name_that_is_taken_changes_nothing(
    paper: dict[str, Any], tmp_path: Path, name: str
) -> None:
    other = Desk(tmp_path / "other.db")
    await other.open()
    await other.accounts.create(name, SECRET)
    before = dict(other.writer.repository.items())
    with pytest.raises(ConfigError, match="belongs to somebody here"):
        await take_in(other, paper)
    assert dict(other.writer.repository.items()) == before
    await other.close()


def spoilt(paper: dict[str, Any], *path: str, value: object) -> dict[str, Any]:
    """Return a copy with one thing in it replaced."""
    copy: dict[str, Any] = json.loads(json.dumps(paper))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("layout", SCHEMA_VERSION + 1, "layout"),
        ("layout", "two", "accounts export"),
        ("more", 1, "accounts export"),
        ("account", {}, "damaged"),
        ("account/privileges", "-1", "privileges"),
        ("account/name", "Ana:1", "3 to 15 letters"),
        ("characters/Bea/stats/gold", "-5", "gold"),
        ("characters/Bea/stats/gold", 5, "accounts export"),
        ("characters/Bea/inventory/slot_1", "463:-9", "slot_1"),
        ("characters/Bea/houses", {}, "unknown part"),
        ("characters/Bea/profile/name", "Eva", "those of 'Eva'"),
        ("characters/Eva", {}, "damaged"),
    ],
)
async def test_what_no_server_could_read_is_refused(
    desk: Desk, paper: dict[str, Any], path: str, value: object, words: str
) -> None:
    await desk.accounts.remove("Ana")
    before = dict(desk.writer.repository.items())
    with pytest.raises(ConfigError, match=words):
        await take_in(desk, spoilt(paper, *path.split("/"), value=value))
    assert dict(desk.writer.repository.items()) == before


async def test_two_characters_of_one_name_are_refused(desk: Desk, paper: dict[str, Any]) -> None:
    twin = spoilt(paper, "characters", "Bea", "profile", "name", value="BEA")["characters"]["Bea"]
    await desk.accounts.remove("Ana")
    with pytest.raises(ConfigError, match="same name"):
        await take_in(desk, spoilt(paper, "characters", "BEA", value=twin))


def test_a_file_that_is_no_json_or_too_large_is_refused() -> None:
    for text in (b"", b"\xff", b"[" * 100_000, b" " * (2**24 + 1)):
        with pytest.raises(ConfigError, match="expected"):
            read_document(text)


async def test_log_in_tokens_stay_behind(desk: Desk, paper: dict[str, Any]) -> None:
    assert not [name for name in paper["account"] if name.startswith("token_")]
    with_one = spoilt(paper, "account", f"token_{'0' * 64}", value="1:2:3:web")
    await desk.accounts.remove("Ana")
    await take_in(desk, with_one)
    account = await desk.accounts.read("Ana")
    assert account is not None
    assert account.tokens == {}


async def test_nobody_is_exported_as_nobody(desk: Desk) -> None:
    assert exported(desk.writer.repository, "Nadie") is None
