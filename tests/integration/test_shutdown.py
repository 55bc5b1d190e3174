"""A stop that was asked for: everybody is told, everything is saved, the exit code is 0."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest
from tests.integration.conftest import Connect
from tests.support.byte_client import EAST, ERROR_MSG, ByteClient
from tests.support.lives import word
from tests.support.server_process import ServerProcess

FULL = os.environ.get("PYAO_TEST_FULL") == "1"  # on a quiet machine, where times count
PLAYERS = 500 if FULL else 30
GRACE_S = 10.0


async def enter_all(connect: Connect) -> list[ByteClient]:
    few = asyncio.Semaphore(16)  # of more the server would turn some away as too many

    async def one(number: int) -> ByteClient:
        async with few:
            client = await connect()
            await client.enter_new(f"Vida {word(number)}", home=1 + number % 6)
        return client

    return await asyncio.gather(*(one(number) for number in range(PLAYERS)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_tells_everybody_and_saves_everything(
    server: ServerProcess, connect: Connect, number: signal.Signals
) -> None:
    server.start()
    clients = await enter_all(connect)
    lurker = await connect()
    for client in clients:
        client.walk(EAST)
    await asyncio.gather(*(client.settle() for client in clients))
    places = {
        word(number): (client.map, client.x, client.y) for number, client in enumerate(clients)
    }
    began = time.monotonic()
    server.signal(number)
    server.signal(number)
    for client in clients:
        told = await client.get(ERROR_MSG)
        assert "guardado" in str(told.values[0])
        await client.until_closed()
    await lurker.until_closed()
    while server.running:  # however often it is asked, also while it is ending
        server.signal(number)
        await asyncio.sleep(0.005)
    assert server.wait() == 0, server.output()
    took_s = time.monotonic() - began
    assert took_s < GRACE_S or not FULL
    assert not (server.data_dir / "server.json").exists()
    assert "Traceback" not in server.output()
    await asyncio.to_thread(server.start)
    for name in (word(0), word(PLAYERS - 1)):
        again = await connect()
        await again.enter(f"Vida {name}")
        assert (again.map, again.x, again.y) == places[name]


async def test_a_stop_during_the_start_leaves_nothing_half_done(
    server: ServerProcess, connect: Connect
) -> None:
    server.start()
    server.signal(signal.SIGTERM)  # it has only just begun to listen
    assert await asyncio.to_thread(server.wait) == 0
    assert not (server.data_dir / "server.json").exists()
    await asyncio.to_thread(server.start)
    await (await connect()).enter_new("Ana")
