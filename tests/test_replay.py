from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.support.byte_client import DICE_ROLL, EAST, NORTH
from tests.support.commands import invoke
from tests.support.redis_server import RedisServer, own_redis_fixture
from tests.support.running import Running, Start, running_fixture, start_fixture

from pyao.errors import ConfigError
from pyao.protocol.gm_packets import GmServerTime
from pyao.protocol.gm_world_packets import GmDoBackup
from pyao.protocol.server_packets import ErrorMsg, Pong
from pyao.recording import Entry, Way, read_tape
from pyao.recording.tape import STORE_FILE, TAPE_FILE
from pyao.replay import replay
from pyao.rules.kinds import Privilege
from pyao.tasks.dispatch import Dispatcher

__all__ = ["own_redis_fixture", "running_fixture", "start_fixture"]

PASSWORD = "a long canary"
PONG = Pong().encode()


async def evening(running: Running) -> None:
    """Let three play: with somebody's eyes, words and steps, a return, and a wrong password."""
    gandalf = await running.connect()
    await gandalf.enter("Gandalf", PASSWORD)
    gandalf.send(GmDoBackup().encode(), GmServerTime().encode())
    ana = await running.newcomer("Ana")
    bob = await running.newcomer("Bob")
    gandalf.talk("/apass Bob@palabra")
    await gandalf.until(lambda packet: "Bob" in str(packet.values))
    gandalf.talk("/online")
    await gandalf.settle()
    for heading in (EAST, NORTH, EAST, EAST):
        ana.walk(heading)
        bob.walk(NORTH)
        ana.talk("hola")
        await ana.settle()
    bob.whisper("Ana", "un rumor")
    await bob.settle()
    await ana.close()
    again = await running.connect()
    await again.enter("Ana")
    again.talk("otra vez")
    await again.settle()
    wrong = await running.connect()
    wrong.log_in("Bob", "equivocada")
    await wrong.until_closed()


async def recorded(start: Start, tmp_path: Path, **settings: object) -> Path:
    """Return the recording of an evening on a world that somebody has played on before."""
    before = await start(**settings)
    gandalf = await before.connect()
    gandalf.throw_dices()
    await gandalf.get(DICE_ROLL)
    gandalf.create("Gandalf", PASSWORD)
    await gandalf.entered()
    rank = Privilege.PLAYER | Privilege.GOD
    await before.app.game.accounts.set_privileges("Gandalf", int(rank))
    await before.app.stop()
    running = await start(record_to=tmp_path / "tapes", **settings)
    await evening(running)
    await running.app.stop()
    (folder,) = (tmp_path / "tapes").iterdir()
    return folder


async def test_the_same_build_sends_every_client_the_same(start: Start, tmp_path: Path) -> None:
    folder = await recorded(start, tmp_path)
    outcome = await replay(folder, given={})
    assert [one.lines() for one in outcome.differences] == []
    assert outcome.connections == 5
    assert {entry.way for entry in read_tape(folder)[1]} == set(Way) - {Way.OUTSIDE}


async def test_no_password_is_on_the_tape(start: Start, tmp_path: Path) -> None:
    tape = (await recorded(start, tmp_path) / TAPE_FILE).read_text("utf-8")
    for word in (PASSWORD, "secreto", "equivocada", "palabra"):
        assert word.encode().hex() not in tape
    assert b"hola".hex() in tape


async def test_a_recording_takes_in_what_was_stored_before_it(start: Start, tmp_path: Path) -> None:
    folder = await recorded(start, tmp_path)
    store = folder / STORE_FILE
    assert store.stat().st_mode & 0o777 == 0o600
    store.unlink()
    with pytest.raises(ConfigError, match=STORE_FILE):
        await replay(folder, given={})


async def test_settings_decide_what_is_said_and_are_recorded(start: Start, tmp_path: Path) -> None:
    folder = await recorded(start, tmp_path, language="en")
    assert not (await replay(folder, given={})).differences
    outcome = await replay(folder, given={"language": "es"})
    first = outcome.differences[0]
    assert first.name == "Gandalf"
    assert first.expected.startswith("CONSOLE_MSG")
    assert first.expected != first.came


def edited(folder: Path, way: Way, make: Callable[[Entry], list[Entry]]) -> None:
    """Put other entries in the place of the first of its kind."""
    path = folder / TAPE_FILE
    header, entries = read_tape(folder)
    at = next(number for number, entry in enumerate(entries) if entry.way is way)
    entries[at : at + 1] = make(entries[at])
    lines = map(msgspec.json.encode, (header, *entries))
    path.write_bytes(b"".join(line + b"\n" for line in lines))


async def test_a_packet_this_build_cannot_read_is_told(start: Start, tmp_path: Path) -> None:
    folder = await recorded(start, tmp_path)
    edited(folder, Way.PACKET, lambda old: [Entry(old.at, old.way, old.who, "fd00")])
    first = (await replay(folder, given={})).differences[0]
    assert first.expected == "a packet: fd 00"
    assert first.came.startswith("cannot read it")


async def test_a_connection_that_only_this_build_keeps_open_is_told(
    start: Start, tmp_path: Path
) -> None:
    folder = await recorded(start, tmp_path)
    edited(folder, Way.LOST, lambda old: [Entry(old.at, old.way, old.who, "thrown out")])
    first = (await replay(folder, given={})).differences[0]
    assert first.expected == "the end: thrown out"
    assert first.came == "keeps the connection open"


async def test_what_was_done_from_outside_is_told(start: Start, tmp_path: Path) -> None:
    folder = await recorded(start, tmp_path)
    edited(folder, Way.TICK, lambda old: [old, Entry(old.at, Way.OUTSIDE, 0, "a new motd")])
    (told,) = (await replay(folder, given={})).outside
    assert told.endswith(" s: a new motd")


async def test_the_command_says_equal_or_where_it_is_not(start: Start, tmp_path: Path) -> None:
    folder = await recorded(start, tmp_path)
    same = await asyncio.to_thread(invoke, "replay", str(folder), "--speed", "100", cwd=tmp_path)
    assert (same.code, same.stdout.splitlines()[-1]) == (
        0,
        "equal: this build sends every client what it was sent then",
    )
    edited(folder, Way.SENT, lambda old: [Entry(old.at, old.way, old.who, PONG.hex())])
    other = await asyncio.to_thread(invoke, "replay", str(folder), cwd=tmp_path)
    assert other.code == 1
    assert "  recorded       PONG" in other.stdout
    assert other.stdout.splitlines()[-1] == "different for 1 of 5 connections"
    none = await asyncio.to_thread(invoke, "replay", "nowhere", cwd=tmp_path)
    assert "expected the folder of a recording" in none.refusal


async def test_a_server_that_is_not_recorded_has_nothing_in_the_way(running: Running) -> None:
    await running.newcomer("Ana")
    (connection,) = running.app.server.connections
    assert isinstance(connection._receiver, Dispatcher)
    assert connection._outbox._direct


async def test_the_packet_log_may_be_switched_while_it_is_recorded(
    start: Start, tmp_path: Path
) -> None:
    running = await start(record_to=tmp_path / "tapes")
    ana = await running.newcomer("Ana")
    running.app.server.packet_log = True
    running.app.server.packet_log = False
    ana.talk("hola")
    await ana.settle()
    await running.app.stop()
    (folder,) = (tmp_path / "tapes").iterdir()
    assert not (await replay(folder, given={})).differences
    last = [entry.data for entry in read_tape(folder)[1] if entry.way is Way.SENT][-1]
    assert bytes.fromhex(last) == ErrorMsg(running.app.game.texts("server.stopping")).encode()


async def test_an_order_at_the_console_is_on_the_tape_in_words(
    start: Start, tmp_path: Path
) -> None:
    running = await start(record_to=tmp_path / "tapes")
    await running.app.console.run("say hola a todos", "console:me")
    await running.app.console.run("status", "console:me")
    await running.app.stop()
    (folder,) = (tmp_path / "tapes").iterdir()
    told = [entry.data for entry in read_tape(folder)[1] if entry.way is Way.OUTSIDE]
    assert told == ['an order at the console: say "hola a todos"']


async def test_what_was_played_on_redis_is_replayed_without_it(
    start: Start, tmp_path: Path, own_redis: RedisServer
) -> None:
    folder = await recorded(start, tmp_path, storage="redis", redis_url=own_redis.url)
    own_redis.kill()
    outcome = await replay(folder, given={})
    assert [one.lines() for one in outcome.differences] == []
    assert outcome.connections == 5


async def test_a_server_that_cannot_record_as_it_was_told_does_not_start(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"log\.record_to: cannot write"):
        await start(record_to=tmp_path / "file")
    await (await start()).newcomer("Ana")  # and has let go of its store
