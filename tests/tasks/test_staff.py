"""What staff does to people: it holds at once, after a restart, and for who is just coming in."""

from __future__ import annotations

import asyncio
import time

import pytest
from tests.support.byte_client import CONSOLE_MSG, DICE_ROLL, ERROR_MSG, ByteClient
from tests.tasks.conftest import Running, Start

from pyao import staff
from pyao.accounts import FOREVER, Refusal
from pyao.events import Event, EventTypes
from pyao.events.payloads import BeforeLogin
from pyao.game import Game
from pyao.rules.character import Character, Section
from pyao.storage.keys import RedisKeys
from pyao.world import Player

ROW = staff.act_row("console:test", "test", "Ana", "")


async def leave(client: ByteClient) -> None:
    client.send(b"\x47")
    await client.until_closed()


async def refused(running: Running, name: str) -> str:
    """Log in and return the text of the error box."""
    client = await running.connect()
    client.log_in(name)
    text = str((await client.get(ERROR_MSG)).values[0])
    await client.until_closed()
    return text


async def entering(running: Running, name: str) -> tuple[Character, ByteClient]:
    """Load a character as a log-in does and stop just before it enters the world."""
    client = await running.connect()
    client.throw_dices()
    await client.get(67)
    session = next(iter(running.app.game.connected.values()))
    loaded = await running.app.game.load(name, "secreto", session)
    assert isinstance(loaded, Character)
    return loaded, client


def admit(game: Game, character: Character) -> object:
    return game.admit(character, next(iter(game.connected.values())))


async def test_a_ban_throws_out_and_keeps_out_with_date_and_reason(running: Running) -> None:
    ana = await running.newcomer("Ana")
    until = int(time.time()) + 3600
    assert await staff.ban(running.app.game, "ana", until, "insultos", ROW) is not None
    assert "insultos" in str((await ana.get(ERROR_MSG)).values[0])
    await ana.until_closed()
    assert not running.app.game.world.players
    text = await refused(running, "Ana")
    assert "insultos" in text
    assert time.strftime("%Y-%m-%d", time.gmtime(until)) in text


@pytest.mark.parametrize(("reason", "key"), [("", "login.banned"), ("spam", "login.banned_reason")])
async def test_a_ban_for_ever_names_no_date(running: Running, reason: str, key: str) -> None:
    await leave(await running.newcomer("Ana"))
    await staff.ban(running.app.game, "Ana", FOREVER, reason, ROW)
    assert await refused(running, "Ana") == running.app.game.texts(key, reason=reason)


async def test_a_ban_holds_after_a_restart_until_it_is_lifted(start: Start) -> None:
    running = await start(language="en")
    await leave(await running.newcomer("Ana"))
    await staff.ban(running.app.game, "Ana", FOREVER, "", ROW)
    await running.app.stop()
    later = await start(language="en")
    assert "banned" in (await refused(later, "Ana")).lower()
    assert await staff.unban(later.app.game, "Ana", ROW) is not None
    again = await later.connect()
    again.log_in("Ana")
    await again.entered()


async def test_who_is_banned_or_removed_while_coming_in_stays_out(running: Running) -> None:
    game = running.app.game
    await leave(await running.newcomer("Ana"))
    character, _ = await entering(running, "Ana")
    await staff.ban(game, "Ana", FOREVER, "", ROW)
    assert admit(game, character) == Refusal(
        "login.banned", {"date": "9999-12-31 23:59 UTC", "reason": ""}
    )
    await staff.unban(game, "Ana", ROW)
    await staff.remove(game, "Ana", ROW)
    assert admit(game, character) == Refusal("login.wrong_password", {"seconds": 0})
    assert not game.world.players


async def test_who_is_muted_while_coming_in_is_silent(running: Running) -> None:
    game = running.app.game
    await leave(await running.newcomer("Ana"))
    character, _ = await entering(running, "Ana")
    until = int(time.time()) + 600
    assert await staff.mute(game, "ANA", until, "", ROW) == "Ana"
    admit(game, character)
    assert running.player("Ana").muted_until == until


@pytest.mark.parametrize("passes", range(12))
async def test_a_mute_holds_whenever_its_target_comes_and_goes(start: Start, passes: int) -> None:
    """However the two lie in time, who was muted stays so, and nothing of what it did is undone."""
    running = await start()
    game = running.app.game
    await leave(await running.newcomer("Ana"))
    client = await running.connect()
    client.throw_dices()
    await client.get(DICE_ROLL)
    session = next(iter(game.connected.values()))
    until = int(time.time()) + 600

    async def come_and_go() -> None:
        loaded = await game.load("Ana", "secreto", session)
        assert isinstance(loaded, Character)
        for _ in range(passes % 4):
            await asyncio.sleep(0)
        player = game.admit(loaded, session)
        assert isinstance(player, Player)
        player.jail_minutes = 7
        game.world.mark(player, Section.FLAGS)
        game.leave(player)

    async def mute() -> str | None:
        for _ in range(passes // 4):
            await asyncio.sleep(0)
        return await staff.mute(game, "Ana", until, "", ROW)

    done = await asyncio.gather(*(work() for work in (come_and_go, mute)))
    assert done[1] == "Ana"
    again, _ = await entering(running, "Ana")
    player = admit(game, again)
    assert isinstance(player, Player)
    assert (player.muted_until, player.jail_minutes) == (until, 7)
    await running.app.stop()
    later = await start()
    stored = await later.app.writer.read([RedisKeys.player(player.user_id, "flags")])
    assert {"muted_until": str(until), "jail_minutes": "7"}.items() <= next(
        iter(stored.values())
    ).items()


async def test_a_mute_outlives_a_log_in_that_is_refused(running: Running) -> None:
    game = running.app.game
    await leave(await running.newcomer("Ana"))
    character, _ = await entering(running, "Ana")
    until = int(time.time()) + 600
    assert await staff.mute(game, "Ana", until, "", ROW) == "Ana"

    def veto(event: Event[BeforeLogin]) -> None:
        event.veto("later")

    game.events.register_handler(EventTypes.BEFORE_LOGIN, veto, "test")
    assert admit(game, character) == Refusal("login.vetoed", {"reason": "later"})
    game.events.unregister_all_handlers("test")
    admit(game, character)
    assert running.player("Ana").muted_until == until


async def test_what_was_decided_of_one_who_comes_in_is_written_with_it(running: Running) -> None:
    game = running.app.game
    await leave(await running.newcomer("Ana"))
    character, _ = await entering(running, "Ana")
    game.verdicts.muted[character.user_id] = 5_000_000_000
    admit(game, character)
    game.changes.snapshot()
    key = RedisKeys.player(character.user_id, "flags")
    assert (await running.app.writer.read([key]))[key]["muted_until"] == "5000000000"


async def test_a_muted_player_is_told_and_not_heard_until_it_may_speak(running: Running) -> None:
    game = running.app.game
    ana = await running.newcomer("Ana")
    await staff.mute(game, "Ana", int(time.time()) + 600, "spam", ROW)
    assert "spam" in str((await ana.get(CONSOLE_MSG)).values[0])
    ana.talk("hola")
    assert "10" in str((await ana.get(CONSOLE_MSG)).values[0])
    await staff.mute(game, "Ana", 0, "", ROW)
    assert (await ana.get(CONSOLE_MSG)).values[0] == "Puedes volver a hablar."


async def test_an_absent_player_is_muted_in_the_store(start: Start) -> None:
    running = await start()
    await leave(await running.newcomer("Ana"))
    until = int(time.time()) + 600
    assert await staff.mute(running.app.game, "Ana", until, "", ROW) == "Ana"
    await running.app.stop()
    later = await start()
    again = await later.connect()
    again.log_in("Ana")
    await again.entered()
    assert later.player("Ana").muted_until == until


async def test_nobody_is_muted_banned_or_removed_who_does_not_exist(running: Running) -> None:
    game = running.app.game
    assert await staff.mute(game, "Nobody", 1, "", ROW) is None
    assert await staff.ban(game, "Nobody", 1, "", ROW) is None
    assert await staff.unban(game, "Nobody", ROW) is None
    assert await staff.remove(game, "Nobody", ROW) is None
    assert await running.app.writer.drain(5)
    assert running.app.writer.repository.audit(1) == []


async def test_a_kick_is_one_cut_with_its_row(running: Running) -> None:
    game = running.app.game
    ana = await running.newcomer("Ana")
    assert await running.app.writer.drain(5)
    commits = running.app.writer.stats.commits
    staff.kick(game, running.player("Ana"), "fuera", ROW)
    assert "fuera" in str((await ana.get(ERROR_MSG)).values[0])
    assert await running.app.writer.drain(5)
    assert running.app.writer.stats.commits == commits + 1
    assert running.app.writer.repository.audit(1) == [ROW]


async def test_a_removed_player_is_gone_and_the_name_is_free(running: Running) -> None:
    ana = await running.newcomer("Ana")
    assert await staff.remove(running.app.game, "Ana", ROW) is not None
    await ana.until_closed()
    assert await running.app.writer.scan("player:") == []
    await running.newcomer("Ana")


# --- permissions -----------------------------------------------------------------------------


async def test_a_grant_holds_at_once_and_after_the_next_log_in(running: Running) -> None:
    ana = await running.newcomer("Ana")
    game = running.app.game
    await staff.set_permissions(game, "Ana", lambda now: now.with_grant("people.kick"), ROW)
    assert running.player("Ana").may("people.kick")
    await leave(ana)
    again = await running.connect()
    await again.enter("Ana")
    assert running.player("Ana").may("people.kick")
    assert not running.player("Ana").may("people.ban")
    assert await staff.set_permissions(game, "Nobody", lambda now: now, ROW) is None


async def test_a_denial_reaches_a_character_that_is_just_coming_in(running: Running) -> None:
    ana = await running.newcomer("Ana")
    game = running.app.game
    await staff.set_permissions(game, "Ana", lambda now: now.with_grant("people.kick"), ROW)
    await leave(ana)
    character, _client = await entering(running, "Ana")
    await staff.set_permissions(game, "Ana", lambda now: now.with_denial("people.kick"), ROW)
    admitted = admit(game, character)
    assert isinstance(admitted, Player)
    assert not admitted.may("people.kick")
