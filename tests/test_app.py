from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.support.byte_client import CONSOLE_MSG, ERROR_MSG, ByteClient
from tests.support.files import tree
from tests.support.redis_server import free_port
from tests.support.running import Start, make_app, starter
from tests.support.waiting import PATIENCE_S, until

from pyao.app import App
from pyao.content.world_file import WORLD_FILE, load_world
from pyao.errors import ConfigError, ContentError, StorageConflict, StorageUnavailable
from pyao.process import heed_signals, ignore_signals
from pyao.status import STATUS_FILE
from pyao.storage import RedisKeys
from pyao.storage.values import Value


@pytest.fixture(name="start")
async def start_fixture(tmp_path: Path) -> AsyncIterator[Start]:
    async with starter(tmp_path) as begin:
        yield begin


async def refused(app: App, error: type[Exception], match: str) -> None:
    """Start a server that must not start, and let go of what it holds."""
    with pytest.raises(error, match=match):
        await app.start()


async def put(app: App, record: dict[str, Value | None]) -> None:
    """Write into the store of a running server, as an operator would."""
    assert await app.writer.committed(app.writer.submit(record))


# --- starting --------------------------------------------------------------------------------


async def test_the_status_file_says_where_the_server_is_while_it_runs(
    start: Start, tmp_path: Path
) -> None:
    app = (await start()).app
    status = json.loads((tmp_path / "data" / STATUS_FILE).read_text())
    assert status["pid"] == os.getpid()
    assert status["addresses"] == [list(app.server.addresses[0])]
    assert "world.db" in status["store"]
    assert "Test meadows" in status["world"]
    assert status["started"] > 1_700_000_000
    await app.stop()
    assert not (tmp_path / "data" / STATUS_FILE).exists()


async def test_a_port_that_is_taken_refuses_the_start_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        app = make_app(tmp_path, port=port)
        before = tree(tmp_path)
        await refused(app, ConfigError, f"port {port} is taken")
    assert tree(tmp_path) == before


async def test_a_store_that_does_not_answer_refuses_the_start_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    app = make_app(tmp_path, storage="redis", redis_url=url)
    before = tree(tmp_path)
    await refused(app, StorageUnavailable, "does not answer")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("damage", ["missing", "cut", "flipped", "foreign"])
async def test_a_world_that_cannot_be_read_refuses_the_start_and_nothing_is_written(
    tmp_path: Path, damage: str
) -> None:
    app = make_app(tmp_path)
    world = tmp_path / "meadows.pyao"
    whole = world.read_bytes()
    match damage:
        case "missing":
            world.unlink()
        case "cut":
            world.write_bytes(whole[:-100])
        case "flipped":
            world.write_bytes(whole[:-100] + bytes((whole[-100] ^ 1,)) + whole[-99:])
        case _:
            world.write_bytes(b"PK\3\4 something else" * 20)
    before = tree(tmp_path)
    expected = ConfigError if damage == "missing" else ContentError
    await refused(app, expected, r"meadows\.pyao")
    assert tree(tmp_path) == before


async def test_a_world_that_is_owned_refuses_a_second_server_and_names_the_owner(
    start: Start, tmp_path: Path
) -> None:
    first = await start()
    ana = await first.newcomer("Ana")
    before = (tmp_path / "data" / STATUS_FILE).read_bytes()
    await refused(make_app(tmp_path), StorageConflict, f"pid {os.getpid()}")
    assert (tmp_path / "data" / STATUS_FILE).read_bytes() == before
    await ana.settle()


async def test_the_imported_world_is_used_unless_another_one_is_named(
    start: Start, tmp_path: Path
) -> None:
    first = await start(world="starter")
    assert first.app.game.world.data.source == "starter"
    await first.app.stop()
    (tmp_path / "data" / WORLD_FILE).write_bytes((tmp_path / "meadows.pyao").read_bytes())
    second = await start(world="auto")
    assert second.app.game.world.data.name == load_world(tmp_path / "meadows.pyao").name
    await second.app.stop()
    third = await start(world="starter")
    assert third.app.game.world.data.source == "starter"


# --- settings from the store -----------------------------------------------------------------


async def test_settings_kept_in_the_store_count_from_the_start(
    start: Start, tmp_path: Path
) -> None:
    port = free_port()
    first = await start()
    record: dict[str, Value | None] = {
        RedisKeys.CONFIG_SERVER_PORT: str(port),
        RedisKeys.CONFIG_SERVER_HOST: "127.0.0.1",
    }
    await put(first.app, record)
    await first.app.stop()
    second = await start(host=None, port=None)
    assert second.app.server.addresses == [("127.0.0.1", port)]
    await second.app.stop()
    third = await start(host=None, port=0)
    assert third.app.server.addresses[0][0] == "127.0.0.1"
    assert third.app.server.addresses[0][1] != port, "the command line beats the store"
    assert tree(tmp_path / "data")


async def test_a_broken_setting_in_the_store_refuses_the_start(
    start: Start, tmp_path: Path
) -> None:
    first = await start()
    await put(first.app, {RedisKeys.CONFIG_SERVER_PORT: "many"})
    await first.app.stop()
    before = tree(tmp_path)
    await refused(make_app(tmp_path), ConfigError, "config:server:port")
    assert tree(tmp_path) == before


async def test_a_changed_limit_holds_for_the_next_client(start: Start) -> None:
    running = await start()
    ana, bob = [await running.newcomer(name) for name in ("Ana", "Bob")]
    await put(running.app, {RedisKeys.CONFIG_SERVER_MAX_CONNECTIONS: "2"})
    limits = running.app.server
    await until(lambda: running.app.settings.server.max_connections == 2)
    third = await running.connect()
    await third.get(ERROR_MSG)
    await third.until_closed()
    assert limits.stats.refused
    await ana.settle()
    await bob.settle()


async def test_a_changed_message_of_the_day_is_shown_to_who_comes_next(start: Start) -> None:
    running = await start()
    await put(running.app, {RedisKeys.config_server("motd"): "Hoy hay mercado"})
    await until(lambda: running.app.game.motd == ["Hoy hay mercado"])
    ana = await running.connect()
    ana.throw_dices()
    await ana.get(67)
    ana.create("Ana")
    await ana.until(lambda seen: seen.id == CONSOLE_MSG and seen.values[0] == "Hoy hay mercado")


async def test_a_setting_that_turns_bad_keeps_its_old_value(start: Start) -> None:
    running = await start()
    await put(running.app, {RedisKeys.CONFIG_SERVER_MAX_CONNECTIONS: "77"})
    await until(lambda: running.app.settings.server.max_connections == 77)
    await put(running.app, {RedisKeys.CONFIG_SERVER_MAX_CONNECTIONS: "many"})
    ana = await running.newcomer("Ana")
    await put(running.app, {RedisKeys.config_server("motd"): "later"})
    await until(lambda: running.app.game.motd == ["later"])
    assert running.app.settings.server.max_connections == 77
    await ana.settle()


# --- stopping --------------------------------------------------------------------------------


async def test_a_stop_tells_everybody_saves_all_and_can_be_asked_for_twice(
    start: Start, tmp_path: Path
) -> None:
    running = await start()
    players = [await running.newcomer(name) for name in ("Ana", "Bob", "Eva")]
    running.player("Ana").description = "unsaved"
    running.app.request_stop("test")
    running.app.request_stop("test again")
    running.app.game.close()
    await running.app.stop()
    for player in players:
        await player.get(ERROR_MSG)
        await player.until_closed()
    assert running.app.exit_code == 0
    again = await start()
    keys = [RedisKeys.player(number, "profile") for number in (1, 2, 3)]
    stored = await again.app.writer.read(keys)
    assert {record["name"] for record in stored.values()} == {"Ana", "Bob", "Eva"}
    assert stored[keys[0]]["description"] == "unsaved"
    assert (tmp_path / "data" / STATUS_FILE).exists()


async def test_a_client_in_the_lobby_is_closed_at_the_stop(start: Start) -> None:
    running = await start()
    waiting = await running.connect()
    waiting.throw_dices()
    await waiting.get(67)
    await running.app.stop()
    await waiting.until_closed()


async def test_a_server_whose_world_was_taken_stops_and_leaves_the_other_one_alone(
    start: Start, tmp_path: Path
) -> None:
    first = await start()
    ana = await first.newcomer("Ana")
    second = await start(take_over=True)
    status = (tmp_path / "data" / STATUS_FILE).read_bytes()
    async with asyncio.timeout(PATIENCE_S):
        assert await first.app.run() == 1
    await ana.get(ERROR_MSG)
    await ana.until_closed()
    assert (tmp_path / "data" / STATUS_FILE).read_bytes() == status
    await check_playable(await second.connect())


async def check_playable(client: ByteClient) -> None:
    await client.enter("Ana")


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Give the handlers of signals back at the end."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
async def test_signals_ask_for_a_stop_and_many_are_harmless(start: Start) -> None:
    app = (await start()).app
    heed_signals(app.request_stop)
    serving = asyncio.create_task(app.run())
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), number)
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE_S):
        assert await serving == 0
    ignore_signals()
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.usefixtures("own_signals")
async def test_a_closing_terminal_is_ignored_where_the_operator_wants_that(start: Start) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    app = (await start()).app
    heed_signals(app.request_stop)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
