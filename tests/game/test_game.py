from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.byte_client import CONSOLE_MSG, ERROR_MSG, ByteClient
from tests.support.running import Running, Start, starter
from tests.support.waiting import until
from tests.support.world import ManualClock

from pyao.accounts import Refusal
from pyao.events import EventTypes
from pyao.events.payloads import SessionEnded, SessionStarted
from pyao.game import Game
from pyao.protocol.client_packets import Meditate
from pyao.rules.character import Attributes, Character, Section, UserId
from pyao.rules.creation import Choice, new_character
from pyao.rules.inventory import GOLD_ITEM
from pyao.storage import RedisKeys
from pyao.storage.ledger import NOBODY, of_player
from pyao.world import Player

UNSAFE = (2, 50, 50)


@pytest.fixture(name="start")
async def start_fixture(tmp_path: Path) -> AsyncIterator[Start]:
    async with starter(tmp_path) as begin:
        yield begin


async def give_second_character(running: Running, account: str, name: str) -> None:
    """Give an account one more character, as doors with a list of characters do."""
    game = running.app.game

    def make(user_id: UserId) -> Character:
        choice = Choice(name=name, race=1, gender=1, char_class=3, head=5, home=1, email="")
        dice = Attributes(15, 15, 15, 15, 15)
        made = new_character(choice, dice, game.roll, user_id=user_id, account=account, created=0)
        made.map, made.x, made.y = UNSAFE
        return made

    added = await game.accounts.add_character(account, name, make)
    assert isinstance(added, Character)


async def enter(running: Running, name: str) -> ByteClient:
    client = await running.connect()
    await client.enter(name)
    return client


# --- one session per account -----------------------------------------------------------------


async def test_the_second_character_of_an_account_ends_the_session_of_the_first(
    start: Start,
) -> None:
    running = await start()
    ana = await running.newcomer("Ana")
    await give_second_character(running, "Ana", "Bea")
    bea = await enter(running, "Bea")
    await ana.get(ERROR_MSG)
    await ana.until_closed()
    assert running.app.game.world.find("Ana") is None, "she was on safe ground"
    again = await enter(running, "Ana")
    await bea.until_closed()
    assert running.app.game.world.find("Bea") is not None, "her body stays where it is not safe"
    assert len(running.app.game.clients) == 1
    await again.settle()


async def test_the_second_character_of_an_account_can_be_refused_instead(start: Start) -> None:
    running = await start(second_login="refuse")
    ana = await running.newcomer("Ana")
    await give_second_character(running, "Ana", "Bea")
    bea = await running.connect()
    bea.log_in("Bea")
    await bea.get(ERROR_MSG)
    await bea.until_closed()
    await ana.settle()


async def test_accounts_do_not_disturb_each_other(start: Start) -> None:
    running = await start()
    players = [await running.newcomer(name) for name in ("Ana", "Bob", "Eva")]
    for player in players:
        await player.settle()
    assert len(running.app.game.clients) == 3


async def test_a_character_that_was_read_for_one_log_in_is_read_for_no_other(
    start: Start,
) -> None:
    """It could be played and left in between, and what it gave away would come back with it."""
    running = await start()
    game = running.app.game
    await leave_and_wait(running, await running.newcomer("Ana"))
    clients = [await running.connect() for _ in range(2)]
    await until(lambda: len(game.connected) == len(clients))
    first, second = game.connected.values()
    read = await game.load("Ana", "secreto", first)
    assert isinstance(read, Player)
    assert await game.load("Ana", "secreto", second) == Refusal("login.already_online")
    assert game.admit(read, second) == Refusal("login.already_online")
    assert game.admit(read, first) is read
    game.leave(read)
    assert isinstance(await game.load("Ana", "secreto", second), Player)


async def test_who_hangs_up_during_its_log_in_keeps_nobody_out(start: Start) -> None:
    running = await start()
    game = running.app.game
    await leave_and_wait(running, await running.newcomer("Ana"))
    quitter, _ = [await running.connect() for _ in range(2)]
    await until(lambda: len(game.connected) == 2)
    first, second = game.connected.values()
    assert isinstance(await game.load("Ana", "secreto", first), Player)
    await quitter.close()
    await until(lambda: first.client_id not in game.connected)
    assert isinstance(await game.load("Ana", "secreto", second), Player)


async def leave_and_wait(running: Running, client: ByteClient) -> None:
    """Log out on safe ground, and wait until the server knows."""
    client.send(b"\x47")
    await client.until_closed()
    await until(lambda: not running.app.game.connected)


# --- bodies that are left behind -------------------------------------------------------------


async def test_a_body_that_is_taken_over_goes_on_with_what_it_did(start: Start) -> None:
    clock = ManualClock()
    running = await start(clock=clock)
    ana = await running.newcomer("Ana")
    player = running.player("Ana")
    player.max_mana = 100
    running.app.game.world.warp(player, *UNSAFE)
    ana.send(Meditate().encode())
    await ana.settle()
    assert ana.flags == {"meditating"}
    await ana.reset()
    await until(lambda: not running.app.game.clients)
    again = await enter(running, "Ana")
    assert running.player("Ana").meditating
    assert again.flags == {"meditating"}
    again.send(Meditate().encode())
    await again.settle()
    assert again.flags == set()


# --- what others hear of it ------------------------------------------------------------------


async def test_sessions_are_announced_when_they_begin_and_when_they_end(start: Start) -> None:
    running = await start()
    heard: list[object] = []
    events = running.app.game.events
    for kind in (EventTypes.SESSION_STARTED, EventTypes.SESSION_ENDED):
        events.register_handler(kind, lambda event: heard.append(event.data), "test")
    ana = await running.newcomer("Ana")
    ana.send(b"\x47")
    await ana.until_closed()
    await until(lambda: len(heard) == 2)
    begun, ended = heard
    assert isinstance(begun, SessionStarted)
    assert isinstance(ended, SessionEnded)
    assert (begun.client_id, begun.name) == (ended.client_id, "Ana")


async def test_a_module_may_keep_somebody_out(start: Start) -> None:
    running = await start()
    ana = await running.newcomer("Ana")
    ana.send(b"\x47")
    await ana.until_closed()
    running.app.game.events.register_handler(
        EventTypes.BEFORE_LOGIN, lambda event: event.veto("hoy no"), "test"
    )
    again = await running.connect()
    again.log_in("Ana")
    assert "hoy no" in str((await again.get(ERROR_MSG)).values[0])
    await again.until_closed()
    assert not running.app.game.clients


# --- where one begins ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "place"),
    [({}, (1, 50, 50)), ({"start_mode": "fixed", "start_map": 2, "start_x": 30}, (2, 30, 50))],
)
async def test_a_new_character_begins_at_home_or_where_the_settings_say(
    start: Start, settings: dict[str, object], place: tuple[int, int, int]
) -> None:
    running = await start(**settings)
    await running.newcomer("Ana")
    player = running.player("Ana")
    assert (player.map, player.x, player.y) == place


# --- what is written -------------------------------------------------------------------------


async def test_everything_that_changed_is_in_one_cut(start: Start) -> None:
    running = await start(snapshot_ms=60_000)
    game = running.app.game
    await running.newcomer("Ana")
    await running.newcomer("Bob")
    game.changes.snapshot()
    await running.app.writer.drain(5)
    assert not game.changes.unsaved
    before = running.app.writer.last_number
    ana, bob = running.player("Ana"), running.player("Bob")
    ana.gold, bob.gold = 5, 7
    for player in (ana, bob):
        game.world.mark(player, Section.STATS)
    for player, amount in ((ana, 5), (bob, 7)):
        mine = of_player(player.user_id)
        game.changes.record("test", player, GOLD_ITEM, amount, source=NOBODY, target=mine)
    number = game.changes.snapshot()
    assert number == running.app.writer.last_number == before + 1
    assert await running.app.writer.committed(number)
    assert await gold_of(game) == ["5", "7"]
    assert running.app.writer.repository.audit(1)[0]["cause"] == "test"


async def gold_of(game: Game) -> list[str]:
    keys = [RedisKeys.player_stats(number) for number in (1, 2)]
    found = await game.writer.read(keys)
    return [found[key]["gold"] for key in keys]


async def test_all_that_lives_can_be_written_anew(start: Start) -> None:
    running = await start()
    await running.newcomer("Ana")
    everything = running.app.game.changes.everything()
    assert {key for key in everything if key.startswith("player:1:")} == {
        RedisKeys.player(1, part)
        for part in (
            "position", "stats", "inventory", "spells", "skills", "bank", "flags", "profile",
        )
    }  # fmt: skip


async def test_a_line_to_everybody_is_neutralised(start: Start) -> None:
    running = await start()
    ana = await running.newcomer("Ana")
    running.app.game.broadcast("[b]vuelvo[/b]")
    line = await ana.until(lambda seen: seen.id == CONSOLE_MSG and "vuelvo" in str(seen.values[0]))
    assert "[" not in str(line.values[0])


async def test_what_many_are_told_keeps_its_place_and_holds_no_markup(start: Start) -> None:
    running = await start()
    game = running.app.game
    clients = [await running.newcomer(name) for name in ("Ana", "Bob")]
    everybody = [running.player("Ana"), running.player("Bob")]
    for client in clients:
        await client.settle()
    for player in everybody:
        game.tell(player, "walk.paralysed")
    game.tell_all(everybody, "council.said", name="[b]Eva", text="a\0b")
    for player in everybody:
        game.tell(player, "walk.paralysed")
    for client in clients:
        lines = [one.values[0] for one in await client.settle() if one.id == CONSOLE_MSG]
        assert lines[0] == lines[2]
        assert lines[1:2] == ["(b]Eva> ab"]
