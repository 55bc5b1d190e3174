"""Tokens: random, stored hashed, running out, renewed, withdrawn, and gone all at once."""

from __future__ import annotations

import contextlib
import re
import sqlite3

import pytest
from tests.accounts.conftest import Desk

from pyao.accounts import AccountRecord, LoginRefusal, Token, Tokens, Why
from pyao.accounts.tokens import MAX_TOKENS, TOKEN_BYTES, digest_of

WRONG, EXPIRED = LoginRefusal(Why.WRONG), LoginRefusal(Why.EXPIRED)
HOUR, DAY = 3600, 86_400


@pytest.fixture
async def tokens(desk: Desk) -> Tokens:
    await desk.accounts.create("Pepe", "secreto")
    return Tokens(desk.accounts, desk.writer, desk.clock)


async def given(tokens: Tokens, name: str = "Pepe") -> Token:
    token = await tokens.issue(name, "web")
    assert token is not None
    return token


async def is_good(tokens: Tokens, token: Token) -> bool:
    found = await tokens.check(token.text)
    return isinstance(found, AccountRecord) and found.name == "Pepe"


async def test_a_token_stands_for_its_account_and_is_never_the_same(tokens: Tokens) -> None:
    one, other = await given(tokens), await given(tokens)
    assert one.text != other.text
    assert len(one.text) * 6 // 8 == TOKEN_BYTES
    assert await is_good(tokens, one)
    assert await is_good(tokens, other)
    assert one.text not in repr(one)
    assert await tokens.issue("Nobody") is None


async def test_only_the_hash_of_a_token_is_stored(tokens: Tokens, desk: Desk) -> None:
    token = await given(tokens)
    await desk.writer.drain(5)
    with contextlib.closing(sqlite3.connect(desk.path)) as database, database:
        rows = "\n".join(map(repr, database.execute("SELECT * FROM records")))
    database.close()
    assert token.text not in rows
    assert rows.count(digest_of(token.text)) == 2, "in the account, and the way to it"


async def test_tokens_survive_a_restart(tokens: Tokens, desk: Desk) -> None:
    token = await given(tokens)
    await desk.close()
    await desk.open()
    assert await is_good(Tokens(desk.accounts, desk.writer, desk.clock), token)


@pytest.mark.parametrize(
    "text", ["", "x", "A" * 43, "A" * 44, "é" * 43, "A" * 42 + ":", "\x00" * 43]
)
async def test_what_is_no_token_lets_nobody_in(tokens: Tokens, text: str) -> None:
    assert await tokens.check(text) == WRONG
    assert await tokens.refresh(text) == WRONG
    assert not await tokens.revoke(text)


async def test_the_hash_itself_is_no_token(tokens: Tokens) -> None:
    token = await given(tokens)
    assert await tokens.check(digest_of(token.text)) == WRONG


async def test_a_token_runs_out_and_can_be_renewed_for_a_while(tokens: Tokens, desk: Desk) -> None:
    token = await given(tokens)
    desk.clock.now += 24 * HOUR - 1
    assert await is_good(tokens, token)
    desk.clock.now += 1
    assert await tokens.check(token.text) == EXPIRED
    renewed = await tokens.refresh(token.text)
    assert isinstance(renewed, Token)
    assert await is_good(tokens, renewed)
    assert await tokens.check(token.text) == WRONG, "the old one is worth nothing any more"
    assert await tokens.refresh(token.text) == WRONG
    desk.clock.now += 30 * DAY
    assert await tokens.refresh(renewed.text) == EXPIRED


async def test_how_long_a_token_lasts_is_a_setting_that_counts_at_once(
    tokens: Tokens, desk: Desk
) -> None:
    desk.accounts.rules = desk.accounts.rules.model_copy(
        update={"token_minutes": 1, "token_renew_days": 0}
    )
    token = await given(tokens)
    assert token.expires == token.renewable == int(desk.clock.now) + 60
    desk.clock.now += 60
    assert await tokens.refresh(token.text) == EXPIRED


async def test_one_token_is_withdrawn_and_the_others_stay(tokens: Tokens, desk: Desk) -> None:
    one, other = await given(tokens), await given(tokens)
    assert await tokens.revoke(one.text)
    assert not await tokens.revoke(one.text)
    assert await tokens.check(one.text) == WRONG
    assert await is_good(tokens, other)
    assert not await desk.writer.read([f"token:{digest_of(one.text)}"])


async def test_logging_out_everywhere_ends_every_token_and_is_in_the_audit(
    tokens: Tokens, desk: Desk
) -> None:
    all_of_them = [await given(tokens) for _ in range(3)]
    row = {"cause": "log out everywhere", "who": "test"}
    assert await desk.accounts.forget_tokens("pepe", [row]) == 3
    for token in all_of_them:
        assert await tokens.check(token.text) == WRONG
        assert await tokens.refresh(token.text) == WRONG
    with contextlib.closing(sqlite3.connect(desk.path)) as database, database:
        assert "log out everywhere" in str(database.execute("SELECT * FROM audit").fetchall())
    database.close()
    assert await desk.writer.scan("token:") == []
    assert await desk.accounts.forget_tokens("Nobody") is None
    assert await is_good(tokens, await given(tokens))


async def test_a_new_password_logs_out_everywhere(tokens: Tokens, desk: Desk) -> None:
    token = await given(tokens)
    assert await desk.accounts.change_password("Pepe", "secreto", "another", "::1") is None
    assert await tokens.check(token.text) == WRONG


async def test_a_ban_shuts_tokens_out_too_until_it_ends(tokens: Tokens, desk: Desk) -> None:
    token = await given(tokens)
    await desk.accounts.set_ban("Pepe", int(desk.clock.now) + HOUR, "rude")
    refused = await tokens.check(token.text)
    assert isinstance(refused, LoginRefusal)
    assert (refused.why, refused.reason) == (Why.BANNED, "rude")
    assert await tokens.refresh(token.text) == refused
    desk.clock.now += HOUR
    assert await is_good(tokens, token)


async def test_a_token_of_a_removed_account_is_not_one_of_its_successor(
    tokens: Tokens, desk: Desk
) -> None:
    token = await given(tokens)
    await desk.accounts.remove("Pepe")
    assert await tokens.check(token.text) == WRONG
    await desk.accounts.create("Pepe", "otro")
    assert await tokens.check(token.text) == WRONG
    assert await desk.writer.scan("token:") == []


async def test_an_account_has_a_bounded_number_of_tokens_the_newest(
    tokens: Tokens, desk: Desk
) -> None:
    made = []
    for _ in range(MAX_TOKENS + 3):
        made.append(await given(tokens))
        desk.clock.now += 1
    assert [await is_good(tokens, token) for token in made] == [False] * 3 + [True] * MAX_TOKENS
    assert len(await desk.writer.scan("token:")) == MAX_TOKENS


async def test_dead_tokens_go_when_a_new_one_is_made(tokens: Tokens, desk: Desk) -> None:
    for _ in range(5):
        await given(tokens)
    desk.clock.now += 31 * DAY
    await given(tokens)
    assert len(await desk.writer.scan("token:")) == 1


async def test_the_door_is_a_word_that_cannot_spoil_the_record(tokens: Tokens, desk: Desk) -> None:
    for door in ("web", "a:b", "x" * 99, "new\nline"):
        await tokens.issue("Pepe", door)
    account = await desk.accounts.read("Pepe")
    assert account is not None
    assert sorted(one.door for one in account.tokens.values()) == ["", "", "", "web"]
    assert not any(re.search(r"[\n]", text) for text in account.to_hash().values())
