"""Clients that send rubbish: closed, counted, named once in the log, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import random
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from structlog.testing import capture_logs
from tests.integration.conftest import Running, Start
from tests.support.byte_client import EAST, WEST, ByteClient
from tests.support.server_process import ServerProcess
from tests.support.stores import StoreOptions
from tests.support.waiting import PATIENCE_S, until

TLS_HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(range(200))
LOGIN = (
    b"\x00" + struct.pack("<h", 3) + b"Eva" + struct.pack("<h", 7) + b"secreto" + b"\x00\x0d\x00"
)


def long_string(length: int) -> bytes:
    """Return a talk whose text says it is so long."""
    return b"\x03" + struct.pack("<H", length) + b"x" * 10


RUBBISH: dict[str, bytes] = {
    "TLS": TLS_HELLO,
    "HTTP": b"GET / HTTP/1.1\r\nHost: pyao\r\n\r\n",
    "SSH": b"SSH-2.0-OpenSSH_9.6\r\n",
    "zeros": bytes(1_000_000),
    "unknown id": b"\xfe" + b"whatever",
    "unknown command of the staff": b"\x7a\xfa",
    "negative length": long_string(0xFFFF),
    "0xff": b"\xff" * 5000,
}
STRANGE: dict[str, Callable[[], bytes]] = {
    "noise": lambda: random.Random(7).randbytes(20_000),
    "packets at the wrong time": lambda: b"\x06\x01\x07\x03\x01\x00x",
    "login twice": lambda: LOGIN + LOGIN,
}


async def stranger(running: Running) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", running.app.server.addresses[0][1])


async def read_to_end(reader: asyncio.StreamReader) -> bytes:
    """Read until the server has closed, which it must do soon."""
    async with asyncio.timeout(PATIENCE_S):
        with contextlib.suppress(ConnectionResetError):
            return await reader.read()
    return b""


@pytest.mark.parametrize("name", [*RUBBISH, *STRANGE])
async def test_rubbish_is_closed_and_nobody_else_notices(running: Running, name: str) -> None:
    ana = await running.newcomer("Ana")
    stats = running.app.server.stats
    data = RUBBISH[name] if name in RUBBISH else STRANGE[name]()
    with capture_logs() as logs:
        reader, writer = await stranger(running)
        with contextlib.suppress(ConnectionError):
            writer.write(data)
            await writer.drain()
        answer = await read_to_end(reader)
        writer.close()
        await until(lambda: stats.open == 1)
    assert len(answer) < 300
    assert stats.handler_errors == 0
    if name in RUBBISH:
        assert stats.violations == 1
        assert sum(stats.dropped.values()) == 1
        mine = [entry for entry in logs if entry.get("address") == "127.0.0.1"]
        assert len(mine) == 1, logs
    assert not [entry for entry in logs if entry["log_level"] in {"error", "critical"}]
    ana.walk(EAST)
    await ana.settle()


async def test_rubbish_in_the_middle_of_a_game_costs_the_player_that_sent_it(
    running: Running,
) -> None:
    ana, bob = await running.newcomer("Ana"), await running.newcomer("Bob")
    bob.send(b"\x06\x02\xfe\x06\x02")
    await bob.until_closed()
    await until(lambda: running.app.game.world.find("Bob") is None)
    await ana.settle()
    assert ana.named("Bob") is None
    assert running.app.server.stats.violations == 1


async def test_half_packets_wait_and_are_closed_in_time(running: Running) -> None:
    ana = await running.newcomer("Ana")
    hasty = running.app.settings.server.model_copy(update={"login_deadline_s": 0.4})
    running.app.server.apply_limits(hasty)
    drops = [await stranger(running) for _ in range(20)]
    for at in range(4):
        for _, writer in drops:
            with contextlib.suppress(ConnectionError):
                writer.write(LOGIN[at : at + 1])
        await asyncio.sleep(0.1)
    for reader, writer in drops:
        assert await read_to_end(reader) == b""
        writer.close()
    stats = running.app.server.stats
    await until(lambda: stats.open == 1)
    assert sum(stats.dropped.values()) == 20
    await ana.settle()


async def test_a_log_line_is_written_for_some_of_many_strangers(running: Running) -> None:
    ana = await running.newcomer("Ana")
    with capture_logs() as logs:
        for _ in range(50):
            reader, writer = await stranger(running)
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            await read_to_end(reader)
            writer.close()
    stats = running.app.server.stats
    assert stats.violations == 50
    assert 1 <= len([entry for entry in logs if "address" in entry]) <= 10
    await ana.settle()


@pytest.mark.parametrize(
    ("packets", "told"), [(b"\x06\x02\x06\x04", "speed hack"), (b"\x77", "a client was let go")]
)
async def test_a_flood_is_slowed_then_dropped_and_slows_nobody_else(
    flooded: ServerProcess, packets: bytes, told: str
) -> None:
    """Megabytes of valid steps, or of questions; meanwhile another player is answered as ever."""
    ana, bob = await ByteClient.connect(flooded.port), await ByteClient.connect(flooded.port)
    await ana.enter_new("Ana")
    await bob.enter_new("Bob")
    calm = [await answer_s(ana) for _ in range(5)]
    flood = asyncio.create_task(pour(bob, packets))
    waits = []
    while not bob.closed:
        waits.append(await answer_s(ana))
    await flood
    # On a busy machine both wait; a queue of megabytes would take seconds on an idle one.
    assert median(waits) < 0.25 + 10 * max(calm), (calm, waits)
    await ana.settle()
    assert ana.named("Bob") is None
    output = flooded.output()
    assert output.count(f'"event": "{told}"') == 1
    assert "Traceback" not in output
    await ana.close()


async def answer_s(client: ByteClient) -> float:
    """Take a step; return after how many seconds it was answered."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    client.walk(random.choice((EAST, WEST)))
    await client.settle()
    took_s = loop.time() - began
    await asyncio.sleep(0.267)
    return took_s


@pytest.fixture
def flooded(tmp_path: Path, sqlite_options: StoreOptions) -> Iterator[ServerProcess]:
    """Return a server in a process of its own, so that only it suffers."""
    with ServerProcess(tmp_path / "data", *sqlite_options.options) as running:
        yield running


async def pour(client: ByteClient, packets: bytes) -> None:
    """Send valid packets as fast as they are taken, until the server hangs up."""
    with contextlib.suppress(ConnectionError):
        while not client.closed:
            client.writer.write(packets * 4096)
            await client.writer.drain()
            await asyncio.sleep(0)


async def test_a_client_that_never_reads_is_dropped_and_costs_little(start: Start) -> None:
    running = await start(send_stall_s=0.5, outbox_kib=16, packet_rate=0)
    ana = await running.newcomer("Ana")
    deaf = await running.newcomer("Sorda")
    transport = deaf.writer.transport
    transport.pause_reading()  # type: ignore[attr-defined] # of a stream, it can
    player = running.player("Sorda")
    with capture_logs() as logs:
        for _ in range(200):
            if player.user_id not in running.app.game.clients:
                break
            for _ in range(200):
                ana.send(b"\x25\x01\x25\x02")
            with contextlib.suppress(TimeoutError):
                await ana.settle()
        await until(lambda: player.user_id not in running.app.game.clients)
    assert [entry for entry in logs if entry.get("address")]
    assert running.app.server.stats.handler_errors == 0
