"""What people read and write with redis-cli while the server runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import redis
from tests.support.byte_client import DELTAS, ERROR_MSG, ByteClient
from tests.support.redis_server import RedisServer, free_port
from tests.support.server_process import ServerProcess
from tests.support.waiting import until

from pyao.config import StorageSettings

STEP_S = 0.267
QUIT = b"\x47"

Connect = Callable[[], Awaitable[ByteClient]]


@pytest.fixture
def keys(own_redis: RedisServer) -> Iterator[redis.Redis]:
    """Return a plain client, as an operator has one."""
    with own_redis.client() as client:
        yield client


@pytest.fixture
def server(tmp_path: Path, own_redis: RedisServer) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path / "data", "--storage", "redis", "--redis-url", own_redis.url)
    yield running
    running.kill()


@pytest.fixture
async def connect(server: ServerProcess) -> AsyncIterator[Connect]:
    clients: list[ByteClient] = []

    async def new() -> ByteClient:
        clients.append(await ByteClient.connect(server.port))
        return clients[-1]

    yield new
    for client in clients:
        await client.close()


def position(keys: redis.Redis, number: int = 1) -> dict[str, str]:
    found: dict[str, str] = keys.hgetall(f"player:{number}:position")  # type: ignore[assignment] # not awaited
    return found


def place(client: ByteClient) -> dict[str, str]:
    """Return where a client is, as the key shows it."""
    heading = client.figures[client.index].heading
    return {
        "map": str(client.map),
        "x": str(client.x),
        "y": str(client.y),
        "heading": str(heading),
    }


async def step(client: ByteClient) -> None:
    """Take one step wherever the way is free."""
    for heading in DELTAS:
        before = (client.x, client.y)
        client.walk(heading)
        await client.settle()
        if (client.x, client.y) != before:
            return
        await asyncio.sleep(STEP_S)
    raise AssertionError("there is no way out")


async def check_stored(keys: redis.Redis, client: ByteClient) -> None:
    """Wait until a place is stored, which the next commit that begins must do."""

    def commits() -> int:
        return int(str(keys.get("world:commit")))

    last = commits() + 2  # one may be under way
    await until(lambda: position(keys) == place(client) or commits() >= last)
    assert position(keys) == place(client)


async def test_the_position_follows_a_walking_player_with_the_next_commit(
    server: ServerProcess, keys: redis.Redis, connect: Connect
) -> None:
    server.start()
    ana = await connect()
    await ana.enter_new("Ana")
    assert StorageSettings().snapshot_ms <= 1000
    for _ in range(3):
        await step(ana)
        await check_stored(keys, ana)
    assert keys.hget("player:1:stats", "level") == "1"
    assert keys.hget("player:1:inventory", "slots") == "25"
    assert await asyncio.to_thread(server.stop) == 0
    assert position(keys) == place(ana)


async def test_a_session_exists_as_long_as_somebody_plays(
    server: ServerProcess, keys: redis.Redis, connect: Connect
) -> None:
    server.start()
    ana = await connect()
    await ana.enter_new("Ana Clara")
    await until(lambda: keys.exists("session:1:active"))
    session = keys.hgetall("session:1:active")
    assert session["name"] == "Ana Clara"
    assert session["address"] == "127.0.0.1"
    await until(lambda: keys.get("session:1:last_seen"))
    first = int(str(keys.get("session:1:last_seen")))
    assert abs(first - time.time()) < 10
    await until(lambda: int(str(keys.get("session:1:last_seen"))) > first)
    ana.send(QUIT)
    await ana.until_closed()
    await until(lambda: not keys.exists("session:1:active"))
    assert keys.get("session:1:last_seen")


async def test_the_count_of_connections_is_the_live_one_even_after_a_kill(
    server: ServerProcess, keys: redis.Redis, connect: Connect
) -> None:
    def shown() -> int:
        return int(str(keys.get("server:connections:count") or -1))

    server.start()
    clients = [await connect() for _ in range(5)]
    await until(lambda: shown() == 5)
    await clients[0].reset()
    await until(lambda: shown() == 4)
    await clients[1].enter_new("Ana")
    await until(lambda: keys.exists("session:1:active"))
    server.kill()
    assert shown() == 4
    await asyncio.to_thread(server.start)
    assert shown() == 0
    assert not keys.exists("session:1:active")
    assert await asyncio.to_thread(server.stop) == 0
    assert not keys.exists("server:connections:count")
    assert not keys.exists("world:owner")


async def test_a_lower_limit_holds_without_a_restart(
    server: ServerProcess, keys: redis.Redis, connect: Connect
) -> None:
    server.start()
    ana, bob = await connect(), await connect()
    await ana.enter_new("Ana")
    await bob.enter_new("Bob")
    keys.set("config:server:max_connections", "2")
    await until(lambda: "max_connections" in server.output())
    third = await connect()
    await third.get(ERROR_MSG)
    await third.until_closed()
    keys.set("config:server:max_connections", "3")
    await until(lambda: server.output().count("max_connections") == 2)
    fourth = await connect()
    await fourth.enter_new("Eva")
    await ana.settle()
    await bob.settle()


async def test_host_and_port_are_read_at_the_start(
    own_redis: RedisServer, keys: redis.Redis, tmp_path: Path
) -> None:
    port = free_port()
    keys.mset({"config:server:host": "127.0.0.1", "config:server:port": str(port)})
    options = ("--storage", "redis", "--redis-url", own_redis.url)
    server = ServerProcess(tmp_path / "data", *options, listen=())
    try:
        server.start()
        assert server.status["addresses"] == [["127.0.0.1", port]]
        client = await ByteClient.connect(port)
        client.throw_dices()
        await client.get(67)
        await client.close()
        other = free_port()
        keys.set("config:server:port", str(other))
        await until(lambda: "next start" in server.output())
        assert await asyncio.to_thread(server.stop) == 0
        server.start()
        assert server.port == other
    finally:
        server.kill()
