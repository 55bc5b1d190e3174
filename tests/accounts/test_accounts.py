"""Accounts: creating, logging in, locking out, changing."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.accounts.conftest import Desk, newcomer
from tests.support.waiting import until

from pyao.accounts import FOREVER, AccountRecord, LoginRefusal, PasswordHasher, Why
from pyao.config import GameSettings
from pyao.errors import StorageCorrupt, StorageUnavailable
from pyao.rules.character import Character, UserId
from pyao.rules.kinds import Privilege
from pyao.rules.names import name_key
from pyao.rules.roles import Exceptions, permissions_of
from pyao.storage.keys import RedisKeys, character_keys
from pyao.storage.records import load_character

HOME, AWAY = "203.0.113.5", "198.51.100.7"
SECRET = "canary-password"
WRONG = LoginRefusal(Why.WRONG)


def maker(name: str, account: str = "") -> Callable[[UserId], Character]:
    """Return what makes a character once its number is known."""
    return lambda user_id: replace(newcomer(name, account), user_id=user_id)


async def pepe(desk: Desk) -> Character:
    made = await desk.accounts.create_with_character(
        "Pepe", SECRET, email="p@x", make=maker("Pepe")
    )
    assert isinstance(made, Character)
    return made


async def why(desk: Desk, name: str, password: str, address: str = HOME) -> Why | None:
    answer = await desk.accounts.verify(name, password, address)
    return answer.why if isinstance(answer, LoginRefusal) else None


# --- creating


async def test_an_account_and_its_first_character_are_one_commit(desk: Desk) -> None:
    made = await pepe(desk)
    assert desk.writer.stats.commits == 1
    await desk.close()
    await desk.open()
    account = await desk.accounts.verify("Pepe", SECRET, HOME)
    assert isinstance(account, AccountRecord)
    assert account.characters == {made.user_id: "Pepe"}
    assert account.email == "p@x"
    stored = await desk.writer.read(character_keys(made.user_id))
    assert load_character(made.user_id, stored) == made


@pytest.mark.parametrize("name", ["Pepe", "PEPE", "pepe"])
async def test_a_name_is_taken_whatever_its_case(desk: Desk, name: str) -> None:
    await pepe(desk)
    again = await desk.accounts.create_with_character(name, SECRET, email="", make=maker(name))
    assert again == LoginRefusal(Why.TAKEN)
    assert await desk.accounts.create(name, SECRET) == LoginRefusal(Why.TAKEN)


async def test_of_fifty_who_create_one_name_at_once_one_gets_it(desk: Desk) -> None:
    names = ["pepe", "Pepe", "PEPE", "pEPE", "pePE"] * 10
    tries = [
        desk.accounts.create_with_character(name, SECRET, email="", make=maker(name))
        for name in names
    ]
    made = [each for each in await asyncio.gather(*tries) if isinstance(each, Character)]
    assert len(made) == 1
    assert await desk.accounts.names() == [made[0].name]


@pytest.mark.parametrize(
    "name",
    ["", "ab", "a" * 16, "a" * 70_000, "Pépe", "pepe:1", "pe*pe", "pe\npe", " pepe", "pe  pe"],
)
async def test_a_name_nobody_may_have_is_refused_by_every_door(desk: Desk, name: str) -> None:
    assert await desk.accounts.create(name, SECRET) == LoginRefusal(Why.NAME)
    made = await desk.accounts.create_with_character(name, SECRET, email="", make=maker(name))
    assert made == LoginRefusal(Why.NAME)
    assert desk.hasher.hashes == 0


async def test_forbidden_words_are_refused(desk: Desk) -> None:
    assert await desk.accounts.create("The Admin", SECRET) == LoginRefusal(Why.NAME)


@pytest.mark.parametrize("password", ["", "ab", "x" * 65])
async def test_a_password_too_short_or_too_long_is_refused(desk: Desk, password: str) -> None:
    assert await desk.accounts.create("Pepe", password) == LoginRefusal(Why.PASSWORD)


@pytest.mark.parametrize("password", ["abc", "x" * 64, "ñ☃\x00\n ", "\ud800ab"])
async def test_any_characters_make_a_password(desk: Desk, password: str) -> None:
    assert isinstance(await desk.accounts.create("Pepe", password), AccountRecord)
    assert await why(desk, "Pepe", password) is None
    assert await why(desk, "Pepe", password + "x") is Why.WRONG


async def test_a_creation_that_cannot_be_stored_in_time_did_not_happen(desk: Desk) -> None:
    desk.commit_wait_s = 0.05
    await desk.close()
    await desk.open()
    blocker = sqlite3.connect(desk.path, isolation_level=None)
    user_id = await desk.writer.allocate_user_id()
    blocker.execute("BEGIN EXCLUSIVE")
    # On a busy machine a heartbeat may meet the lock first; then it is not even tried.
    with pytest.raises(StorageUnavailable, match="does not answer"):
        await desk.accounts.create("Pepe", SECRET)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert await desk.writer.drain(30)
    assert await desk.accounts.read("Pepe") is None
    desk.accounts.commit_wait_s = 30
    assert (await pepe(desk)).user_id > user_id


async def test_nobody_logs_in_to_what_may_still_be_taken_back(desk: Desk) -> None:
    """Its character would live on in the world, with an account that was never made."""
    assert await why(desk, "Pepe", SECRET) is Why.WRONG  # from now on no lock has to be read
    desk.accounts.commit_wait_s = 30
    blocker = sqlite3.connect(desk.path, isolation_level=None)

    def make(user_id: UserId) -> Character:
        blocker.execute("BEGIN EXCLUSIVE")
        return maker("Pepe")(user_id)

    creation = desk.accounts.create_with_character("Pepe", SECRET, email="", make=make)
    creating = asyncio.create_task(creation)
    await until(lambda: blocker.in_transaction)
    assert await why(desk, "Pepe", SECRET) is Why.BUSY
    blocker.execute("ROLLBACK")
    blocker.close()
    assert isinstance(await creating, Character)
    assert await why(desk, "Pepe", SECRET) is None


async def test_after_the_store_lost_characters_nobody_takes_their_names(desk: Desk) -> None:
    desk.writer.incomplete = True
    with pytest.raises(StorageUnavailable, match="lost characters"):
        await desk.accounts.create("Pepe", SECRET)


# --- several characters


async def test_an_account_has_several_characters_and_each_name_opens_it(desk: Desk) -> None:
    first = await pepe(desk)
    second = await desk.accounts.add_character("Pepe", "Juan Perez", maker("Juan Perez", "Pepe"))
    assert isinstance(second, Character)
    for name in ("Pepe", "JUAN PEREZ"):
        account = await desk.accounts.verify(name, SECRET, HOME)
        assert isinstance(account, AccountRecord)
        assert account.characters == {first.user_id: "Pepe", second.user_id: "Juan Perez"}


async def test_characters_and_accounts_share_one_space_of_names(desk: Desk) -> None:
    await pepe(desk)
    await desk.accounts.create("Other", SECRET)
    taken = LoginRefusal(Why.TAKEN)
    assert await desk.accounts.add_character("Pepe", "Other", maker("Other")) == taken
    assert await desk.accounts.add_character("Pepe", "Pepe", maker("Pepe")) == taken
    assert isinstance(
        await desk.accounts.add_character("Other", "Other", maker("Other")), Character
    )
    assert await desk.accounts.add_character("Nobody", "Fresh", maker("Fresh")) == WRONG


@settings(max_examples=50)
@given(st.lists(st.from_regex(r"[A-Za-z]([A-Za-z]| [A-Za-z]){2,6}", fullmatch=True), max_size=40))
def test_keys_of_allowed_names_differ_exactly_when_the_names_do(names: list[str]) -> None:
    keys = {RedisKeys.name(name_key(name)) for name in names}
    assert len(keys) == len({name.casefold() for name in names})


# --- logging in


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_for_the_same_work(
    desk: Desk,
) -> None:
    await pepe(desk)
    before = desk.hasher.hashes
    assert await desk.accounts.verify("Pepe", "wrong", HOME) == WRONG
    assert desk.hasher.hashes == before + 1
    assert await desk.accounts.verify("Nobody", "wrong", HOME) == WRONG
    assert desk.hasher.hashes == before + 2
    assert await desk.accounts.verify("x" * 60_000, "wrong", HOME) == WRONG
    assert desk.hasher.hashes == before + 3


async def test_five_failures_lock_an_account_for_a_minute(desk: Desk) -> None:
    await pepe(desk)
    for _ in range(5):
        assert await why(desk, "Pepe", "wrong") is Why.WRONG
    assert await desk.accounts.verify("Pepe", SECRET, AWAY) == LoginRefusal(Why.LOCKED, 60)
    desk.clock.now += 59
    assert await desk.accounts.verify("pepe", SECRET, AWAY) == LoginRefusal(Why.LOCKED, 1)
    desk.clock.now += 1
    assert await why(desk, "Pepe", SECRET, AWAY) is None


async def test_a_lock_survives_a_restart(desk: Desk) -> None:
    await pepe(desk)
    for _ in range(5):
        await why(desk, "Pepe", "wrong")
    await desk.close()
    await desk.open()
    assert await why(desk, "Pepe", SECRET, AWAY) is Why.LOCKED


async def test_failures_below_the_limit_survive_a_restart(desk: Desk) -> None:
    await pepe(desk)
    for _ in range(4):
        await why(desk, "Pepe", "wrong")
    await desk.close()
    await desk.open()
    assert await why(desk, "Pepe", "wrong", AWAY) is Why.WRONG
    assert await why(desk, "Pepe", SECRET, AWAY) is Why.LOCKED


async def test_a_right_password_forgives_the_account_but_not_the_address(desk: Desk) -> None:
    await pepe(desk)
    for _ in range(9):
        if await why(desk, "Pepe", "wrong") is Why.LOCKED:
            desk.clock.now += 60
            assert await why(desk, "Pepe", "wrong") is Why.WRONG
        assert await why(desk, "Pepe", SECRET, AWAY) in {None, Why.LOCKED}
    for _ in range(2):
        await why(desk, "Nobody", "wrong")
    assert await why(desk, "Pepe", SECRET, HOME) is Why.LOCKED
    assert await why(desk, "Pepe", SECRET, AWAY) is None


async def test_ten_failures_lock_an_address_for_ten_minutes(desk: Desk) -> None:
    await pepe(desk)
    for number in range(10):
        assert await why(desk, f"Nobody {number}", "wrong", AWAY) is Why.WRONG
    assert await desk.accounts.verify("Pepe", SECRET, AWAY) == LoginRefusal(Why.LOCKED, 600)
    assert await why(desk, "Pepe", SECRET, HOME) is None


async def test_all_characters_of_an_account_share_its_lock(desk: Desk) -> None:
    await pepe(desk)
    await desk.accounts.add_character("Pepe", "Second", maker("Second", "Pepe"))
    for name in ("Pepe", "Second", "Pepe", "Second", "Pepe"):
        assert await why(desk, name, "wrong") is Why.WRONG
    assert await why(desk, "Second", SECRET, AWAY) is Why.LOCKED


async def test_unknown_names_lock_like_known_ones_but_are_not_stored(desk: Desk) -> None:
    for _ in range(5):
        assert await why(desk, "Nobody", "wrong") is Why.WRONG
    assert await why(desk, "Nobody", "wrong", AWAY) is Why.LOCKED
    assert await desk.writer.scan("lockout:account:") == []
    assert await desk.writer.scan("lockout:address:") == [f"lockout:address:{HOME}"]


async def test_guesses_made_at_the_same_moment_get_no_more_answers(desk: Desk) -> None:
    await pepe(desk)
    tries = [why(desk, "Pepe", f"guess {number}", f"203.0.113.{number}") for number in range(32)]
    answers = await asyncio.gather(*tries)
    assert answers.count(Why.WRONG) == 5
    assert answers.count(Why.LOCKED) == 27


async def test_a_limit_of_zero_never_locks_and_applies_at_once(desk: Desk) -> None:
    await pepe(desk)
    desk.accounts.rules = GameSettings(lockout_failures=0, lockout_ip_failures=0)
    for _ in range(20):
        assert await why(desk, "Pepe", "wrong") is Why.WRONG
    assert await why(desk, "Pepe", SECRET) is None


async def test_a_full_queue_answers_busy_and_counts_nothing(desk: Desk) -> None:
    await pepe(desk)
    gate = threading.Event()
    desk.hasher._thread.submit(gate.wait)
    tries = [why(desk, f"Nobody {number}", "x", f"10.0.0.{number}") for number in range(100)]
    answering = asyncio.gather(*tries)
    await until(lambda: desk.hasher.refused == 100 - 32)
    gate.set()
    answers = await answering
    assert answers.count(Why.BUSY) == 100 - 32
    assert await why(desk, "Pepe", SECRET) is None


async def test_an_old_hash_is_renewed_at_log_in(desk: Desk) -> None:
    await pepe(desk)
    stronger = PasswordHasher(time_cost=2, memory_kib=16)
    desk.accounts.hasher, weak = stronger, desk.hasher
    assert await why(desk, "Pepe", SECRET) is None
    account = await desk.accounts.read("Pepe")
    assert account is not None
    assert "m=16,t=2" in account.password
    assert await why(desk, "Pepe", SECRET) is None
    await weak.close()


async def test_a_hash_that_is_none_sets_the_account_aside(desk: Desk) -> None:
    await pepe(desk)
    account = await desk.accounts.read("Pepe")
    assert account is not None
    account.password = "plain"
    desk.writer.submit({"account:pepe": account.to_hash()})
    with pytest.raises(StorageCorrupt, match="account:pepe, field password"):
        await desk.accounts.verify("Pepe", SECRET, HOME)


# --- changing


async def test_a_password_is_changed_only_with_the_old_one(desk: Desk) -> None:
    await pepe(desk)
    assert await desk.accounts.change_password("Pepe", "wrong", "new-password", HOME) == WRONG
    short = await desk.accounts.change_password("Pepe", SECRET, "ab", HOME)
    assert short == LoginRefusal(Why.PASSWORD)
    assert await desk.accounts.change_password("Pepe", SECRET, "new-password", HOME) is None
    assert await why(desk, "Pepe", SECRET) is Why.WRONG
    assert await why(desk, "Pepe", "new-password") is None


async def test_a_new_password_does_not_undo_what_changed_meanwhile(desk: Desk) -> None:
    await pepe(desk)
    rank = Privilege.PLAYER | Privilege.GOD
    changed, ranked = await asyncio.gather(
        desk.accounts.change_password("Pepe", SECRET, "new-password", HOME),
        desk.accounts.set_privileges("Pepe", rank),
    )
    assert (changed, ranked) == (None, None)
    account = await desk.accounts.verify("Pepe", "new-password", HOME)
    assert isinstance(account, AccountRecord)
    assert account.privileges == rank


async def test_a_change_that_cannot_be_stored_in_time_is_taken_back(desk: Desk) -> None:
    await pepe(desk)
    blocker = sqlite3.connect(desk.path, isolation_level=None)
    desk.accounts.commit_wait_s = 0.05
    blocker.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageUnavailable, match="the old value stays"):
        await desk.accounts.set_password("Pepe", "new-password")
    blocker.execute("ROLLBACK")
    blocker.close()
    assert await desk.writer.drain(5)
    assert await why(desk, "Pepe", SECRET) is None


async def test_an_operator_sets_a_password_and_that_opens_the_lock(desk: Desk) -> None:
    await pepe(desk)
    for _ in range(5):
        await why(desk, "Pepe", "wrong")
    assert await desk.accounts.set_password("Pepe", "new-password") is None
    assert await why(desk, "Pepe", "new-password", AWAY) is None
    assert await desk.accounts.set_password("Nobody", "new-password") == WRONG
    assert await desk.accounts.set_privileges("Nobody", 1) == WRONG


async def test_passwords_are_in_no_log_line_and_not_in_the_store(desk: Desk) -> None:
    with capture_logs() as lines:
        await pepe(desk)
        await why(desk, "Pepe", SECRET)
        await why(desk, "Pepe", SECRET + "x")
        await desk.accounts.change_password("Pepe", SECRET, SECRET + "2", HOME)
        account = await desk.accounts.read("Pepe")
        assert SECRET not in repr(account)
    assert lines
    assert SECRET not in repr(lines)
    assert "argon2" not in repr(lines)
    await desk.writer.drain(5)
    assert not any(SECRET.encode() in file.read_bytes() for file in desk.path.parent.iterdir())


# --- what staff does


async def test_a_banned_account_is_told_when_and_why_but_only_with_its_password(desk: Desk) -> None:
    await pepe(desk)
    until = int(desk.clock.now) + 600
    changed = await desk.accounts.set_ban("PEPE", until, "bad\x1b manners")
    assert changed is not None
    refusal = await desk.accounts.verify("Pepe", SECRET, HOME)
    assert refusal == LoginRefusal(Why.BANNED, 600, until, "bad manners")
    assert await desk.accounts.verify("Pepe", "wrong", HOME) == LoginRefusal(Why.WRONG)


async def test_a_ban_ends_by_itself_or_by_being_lifted_and_survives_a_restart(desk: Desk) -> None:
    await pepe(desk)
    await desk.accounts.set_ban("Pepe", int(desk.clock.now) + 600)
    await desk.accounts.set_ban("Pepe", FOREVER, "for good")
    await desk.close()
    await desk.open()
    desk.clock.now += 10_000_000
    assert isinstance(await desk.accounts.verify("Pepe", SECRET, HOME), LoginRefusal)
    await desk.accounts.set_ban("Pepe", int(desk.clock.now) + 600)
    desk.clock.now += 600
    assert isinstance(await desk.accounts.verify("Pepe", SECRET, HOME), AccountRecord)
    await desk.accounts.set_ban("Pepe", FOREVER)
    await desk.accounts.set_ban("Pepe", 0)
    assert isinstance(await desk.accounts.verify("Pepe", SECRET, HOME), AccountRecord)


async def test_nobody_is_banned_or_removed_who_does_not_exist(desk: Desk) -> None:
    assert await desk.accounts.set_ban("Nobody", FOREVER) is None
    assert await desk.accounts.remove("Nobody") is None


async def test_what_staff_did_is_stored_in_the_cut_of_its_effect(desk: Desk) -> None:
    await pepe(desk)
    before = desk.writer.stats.commits
    await desk.accounts.set_ban("Pepe", FOREVER, "", [{"cause": "ban"}])
    assert desk.writer.stats.commits == before + 1
    assert desk.writer.repository.audit(1) == [{"cause": "ban"}]
    await desk.accounts.set_privileges("Pepe", 9, [{"cause": "rank"}])
    await desk.accounts.set_password("Pepe", "secret2", [{"cause": "password"}])
    assert [row["cause"] for row in desk.writer.repository.audit(3)] == ["ban", "rank", "password"]


async def test_an_act_that_was_not_stored_in_time_is_taken_back_and_says_so(desk: Desk) -> None:
    await pepe(desk)
    blocker = sqlite3.connect(desk.path, isolation_level=None)
    desk.accounts.commit_wait_s = 0.05
    blocker.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageUnavailable, match="the old value stays"):
        await desk.accounts.set_ban("Pepe", FOREVER, "", [{"cause": "ban"}])
    blocker.execute("ROLLBACK")
    blocker.close()
    assert await desk.writer.drain(5)
    account = await desk.accounts.read("Pepe")
    assert account is not None
    assert account.banned_until == 0
    assert [row.get("outcome", "")[:10] for row in desk.writer.repository.audit(2)] == [
        "",
        "taken back",
    ]


async def test_a_removed_account_leaves_nothing_and_its_names_are_free(desk: Desk) -> None:
    await pepe(desk)
    await desk.accounts.add_character("Pepe", "Second", maker("Second", "Pepe"))
    await desk.accounts.verify("Pepe", "wrong", HOME)
    gone = await desk.accounts.remove("Second", [{"cause": "remove"}])
    assert gone is not None
    assert gone.name == "Pepe"
    assert await desk.writer.scan("account:") == []
    assert await desk.writer.scan("name:") == []
    assert await desk.writer.scan("player:") == []
    assert await desk.writer.scan("lockout:account:") == []
    assert isinstance(await desk.accounts.create("Second", SECRET), AccountRecord)


# --- policy and permissions ------------------------------------------------------------------


async def test_how_short_a_password_may_be_is_a_setting_and_asked_in_one_place(desk: Desk) -> None:
    await desk.accounts.create("Pepe", "abc")
    desk.accounts.rules = desk.accounts.rules.model_copy(update={"password_min_chars": 8})
    short = LoginRefusal(Why.PASSWORD)
    assert await desk.accounts.create("Juan", "sevenxx") == short
    made = await desk.accounts.create_with_character(
        "Juan", "sevenxx", email="", make=maker("Juan")
    )
    assert made == short
    assert await desk.accounts.set_password("Pepe", "sevenxx") == short
    assert await desk.accounts.change_password("Pepe", "abc", "sevenxx", "::1") == short
    assert isinstance(await desk.accounts.verify("Pepe", "abc", "::1"), AccountRecord)
    assert await desk.accounts.set_password("Pepe", "eightxxx") is None
    assert desk.accounts.password_chars == (8, 64)


async def test_permissions_are_granted_denied_and_survive_a_restart(desk: Desk) -> None:
    await desk.accounts.create("Pepe", "secreto", privileges=3)
    row = {"cause": "grant", "who": "test"}
    await desk.accounts.set_exceptions("PEPE", lambda now: now.with_grant("people.ban"), [row])
    await desk.accounts.set_exceptions("Pepe", lambda now: now.with_denial("people.mute"))
    await desk.close()
    await desk.open()
    account = await desk.accounts.read("Pepe")
    assert account is not None
    assert permissions_of(account.privileges, account.exceptions) == [
        "operate.announce",
        "people.ban",
        "people.jail",
        "people.see",
        "people.visit",
        "people.warn",
    ]
    assert desk.writer.repository.audit(1) == [{"cause": "grant", "who": "test"}]


async def test_what_is_no_permission_is_refused_and_nothing_changes(desk: Desk) -> None:
    await desk.accounts.create("Pepe", "secreto")
    with pytest.raises(ValueError, match="words with dots"):
        await desk.accounts.set_exceptions("Pepe", lambda now: now.with_grant("a b"))
    many = Exceptions(frozenset(f"p{number}" for number in range(65)))
    with pytest.raises(ValueError, match="64 permissions"):
        await desk.accounts.set_exceptions("Pepe", lambda _now: many)
    account = await desk.accounts.read("Pepe")
    assert account is not None
    assert account.exceptions == Exceptions()
    assert await desk.accounts.set_exceptions("Nobody", lambda now: now) is None


async def test_who_came_in_before_its_name_is_changed_keeps_it(desk: Desk) -> None:
    made = await pepe(desk)
    refusal = await desk.accounts.rename(made, "Berta", away=lambda: False)
    assert refusal == LoginRefusal(Why.BUSY)
    account = await desk.accounts.read("Pepe")
    assert account is not None
    assert account.characters == {made.user_id: "Pepe"}
    assert await desk.accounts.read("Berta") is None
    assert await desk.accounts.rename(made, "Berta") is None
    account = await desk.accounts.read("Berta")
    assert account is not None
    assert account.characters == {made.user_id: "Berta"}
