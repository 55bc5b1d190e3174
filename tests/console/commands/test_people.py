"""Commands about accounts and players; what they do to people is tested with `pyao.staff`."""

from __future__ import annotations

import time

import pytest
from tests.console.conftest import WHO, Operator, leave
from tests.support.byte_client import ERROR_MSG

from pyao.accounts import AccountRecord, LoginRefusal, Why
from pyao.rules.kinds import Privilege

HERE = "127.0.0.1"


async def why(operator: Operator, name: str, password: str = "secreto") -> Why | None:
    answer = await operator.running.app.game.accounts.verify(name, password, HERE)
    return answer.why if isinstance(answer, LoginRefusal) else None


async def test_an_account_is_added_and_its_password_is_nowhere(operator: Operator) -> None:
    await operator.done("users add Pepe hunter22")
    assert await why(operator, "Pepe", "hunter22") is None
    (row,) = await operator.audit()
    assert (row["who"], row["cause"], row["target"]) == (WHO, "console users add", "Pepe")
    assert row["arguments"] == "Pepe ***"
    assert "hunter22" not in repr(await operator.ask("logs"))


async def test_accounts_are_listed_and_shown(operator: Operator) -> None:
    await operator.newcomer("Ana")
    await operator.done("users add Pepe secreto")
    answer = await operator.done("users list")
    assert answer.rows == (("Ana", "player", "Ana", ""), ("Pepe", "player", "", ""))
    facts = await operator.facts("users show ana")
    assert (facts["account"], facts["playing"]) == ("Ana", "Ana")
    assert "argon2" not in repr(facts)


async def test_a_password_and_a_rank_are_changed(operator: Operator) -> None:
    await operator.done("users add Pepe secreto")
    await operator.done("users password pepe another-one")
    assert await why(operator, "Pepe", "another-one") is None
    await operator.done("users rank Pepe GOD")
    assert (await operator.done("users")).rows[0][1] == "god"
    assert "another-one" not in repr(await operator.audit(10))


async def test_one_part_of_an_account_is_modified(operator: Operator) -> None:
    await operator.done("users add Pepe secreto")
    await operator.done("users modify pepe password another-one")
    assert await why(operator, "Pepe", "another-one") is None
    await operator.done("users modify Pepe rank God")
    assert (await operator.done("users")).rows[0][1] == "god"
    arguments = [row["arguments"] for row in await operator.audit(2)]
    assert arguments == ["pepe password ***", "Pepe rank god"]
    assert "is no rank; there are" in await operator.refused("users modify Pepe rank emperor")
    assert "usage: users modify" in await operator.refused("users modify Pepe shoes red")


async def test_a_removed_account_is_gone_with_its_characters(operator: Operator) -> None:
    ana = await operator.newcomer("Ana")
    answer = await operator.done("users remove Ana")
    assert answer.lines == ("account Ana is removed with 1 characters",)
    await ana.until_closed()
    assert (await operator.done("users")).rows == ()
    causes = {row["cause"] for row in await operator.audit(20)}
    assert {"removed", "console users remove"} <= causes  # what it had, and who took it


async def test_a_kick_throws_out_and_says_why(operator: Operator) -> None:
    ana = await operator.newcomer("Ana")
    assert (await operator.done("kick ana too  loud")).lines == ("Ana is out",)
    assert "too  loud" in str((await ana.get(ERROR_MSG)).values[0])
    (row,) = await operator.audit()
    assert (row["cause"], row["target"]) == ("console kick", "Ana")


async def test_a_ban_with_and_without_an_end_and_its_lifting(operator: Operator) -> None:
    await leave(await operator.newcomer("Ana"))
    now = int(time.time())
    answer = await operator.done("ban Ana 30 rude")
    assert "until 2" in answer.lines[0]
    account = await operator.running.app.game.accounts.read("Ana")
    assert isinstance(account, AccountRecord)
    assert now + 1800 <= account.banned_until <= now + 1860
    assert account.ban_reason == "rude"
    assert await why(operator, "Ana") is Why.BANNED
    assert "for ever" in (await operator.done("ban Ana")).lines[0]
    assert (await operator.done("users")).rows[0][3] == "for ever"
    await operator.done("unban Ana")
    assert await why(operator, "Ana") is None
    causes = [row["cause"] for row in await operator.audit(3)]
    assert causes == ["console ban", "console ban", "console unban"]


async def test_a_player_is_muted_and_may_speak_again(operator: Operator) -> None:
    await operator.newcomer("Ana")
    player = operator.running.player("Ana")
    await operator.done("mute Ana 10 spam")
    assert operator.running.app.game.muted(player)
    await operator.done("unmute Ana")
    assert not operator.running.app.game.muted(player)
    rows = await operator.audit(2)
    assert [(row["cause"], row["arguments"]) for row in rows] == [
        ("console mute", "Ana 10 spam"),
        ("console unmute", "Ana"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "users show Nobody", "users remove Nobody", "users password Nobody secreto",
        "users rank Nobody god", "kick Nobody", "users permissions Nobody",
        "users grant Nobody people.kick", "users logout Nobody",
        "ban Nobody 5", "unban Nobody", "mute Nobody 5",
        "unmute Nobody",
    ],
)  # fmt: skip
async def test_nobody_is_found_who_does_not_exist_and_nothing_is_audited(
    operator: Operator, line: str
) -> None:
    assert "Nobody" in await operator.refused(line)
    assert await operator.audit(5) == []


async def test_a_permission_is_granted_and_revoked_at_once(operator: Operator) -> None:
    await operator.newcomer("Ana")
    player = operator.running.player("Ana")
    await operator.done("users grant Ana people.kick")
    assert "people.kick" in player.exceptions.granted
    rows = {row[0]: row[1:3] for row in (await operator.done("users permissions Ana")).rows}
    assert rows["people.kick"] == (True, "granted")
    assert rows["people.ban"] == (False, "rank")
    answer = await operator.done("users revoke Ana people.kick")
    assert answer.lines == ("Ana has not people.kick",)
    assert "people.kick" in player.exceptions.denied
    causes = [row["cause"] for row in await operator.audit(2)]
    assert causes == ["console users grant", "console users revoke"]


async def test_tokens_can_be_made_worthless(operator: Operator) -> None:
    await operator.newcomer("Ana")
    assert (await operator.done("users logout Ana")).lines == ("0 tokens of Ana are worthless",)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("users add Pepe", "PASSWORD is missing"),
        ("users add Pepe xy", "3 to 64"),
        ("users add 4Pepe secreto", "letters"),
        ("users rank Pepe emperor", "RANK, one of player"),
        ("users dance", "usage: users show NAME"),
        ("users password Ana xy", "3 to 64"),
        ("users grant Ana Wrong!", "Wrong!"),
        ("mute Ana", "MINUTES is missing"),
        ("ban Ana 0", "from 1 to"),
        ("kick", "usage: kick NAME"),
    ],
)
async def test_what_is_wrong_with_a_line_is_said(
    operator: Operator, line: str, problem: str
) -> None:
    await operator.newcomer("Ana")
    assert problem in await operator.refused(line)


async def test_a_name_is_taken_once(operator: Operator) -> None:
    await operator.done("users add Pepe secreto")
    assert "belongs to somebody" in await operator.refused("users add PEPE secreto")


async def test_acts_are_refused_while_the_store_is_away(operator: Operator) -> None:
    await operator.done("users add Pepe secreto")
    accounts = operator.running.app.game.accounts
    accounts.commit_wait_s = 0
    assert "the old value stays" in await operator.refused("ban Pepe")
    assert await why(operator, "Pepe") is None


async def test_a_mark_goes_on_top_of_a_rank_and_stays_when_that_changes(
    operator: Operator,
) -> None:
    await operator.done("users add Pepe secreto")
    accounts = operator.running.app.game.accounts

    async def bits() -> int:
        record = await accounts.read("Pepe")
        assert record is not None
        return record.privileges

    await operator.done("users rank Pepe demigod")
    await operator.done("users mark Pepe role_master")
    assert await bits() == Privilege.PLAYER | Privilege.DEMIGOD | Privilege.ROLE_MASTER
    await operator.done("users rank Pepe god")
    assert await bits() == Privilege.PLAYER | Privilege.GOD | Privilege.ROLE_MASTER
    await operator.done("users mark Pepe role_master off")
    assert await bits() == Privilege.PLAYER | Privilege.GOD
    await operator.refused("users mark Nobody role_master")
