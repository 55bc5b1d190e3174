"""Real servers on the stores they can be run on, and byte clients that play on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from tests.support.byte_client import ByteClient
from tests.support.redis_server import RedisServer, own_redis_fixture
from tests.support.running import Running, Start, running_fixture, start_fixture
from tests.support.server_process import ServerProcess
from tests.support.stores import STORES, StoreOptions

from pyao.storage import Repository

__all__ = ["Connect", "Running", "Start", "own_redis_fixture", "running_fixture", "start_fixture"]

Connect = Callable[[], Awaitable[ByteClient]]


@pytest.fixture
def sqlite_options() -> StoreOptions:
    """Return the options for the embedded store."""
    return StoreOptions(("--storage", "sqlite"))


@pytest.fixture
def redis_options(own_redis: RedisServer) -> StoreOptions:
    """Return the options for that redis-server."""
    return StoreOptions(("--storage", "redis", "--redis-url", own_redis.url), own_redis.port)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> StoreOptions:
    """Return the options for each store in turn."""
    options: StoreOptions = request.getfixturevalue(f"{request.param}_options")
    return options


@pytest.fixture
def repository(tmp_path: Path, store: StoreOptions) -> Repository:
    """Return that store, to look into it or to spoil it while no server runs."""
    return store.repository(tmp_path / "data")


@pytest.fixture
def server(tmp_path: Path, store: StoreOptions) -> Iterator[ServerProcess]:
    """Return a server on that store, not started yet; it is killed at the end."""
    running = ServerProcess(tmp_path / "data", *store.options)
    yield running
    running.kill()


@pytest.fixture
async def connect(server: ServerProcess) -> AsyncIterator[Connect]:
    """Return a way to connect byte clients to that server."""
    clients: list[ByteClient] = []

    async def new() -> ByteClient:
        client = await ByteClient.connect(server.port)
        clients.append(client)
        return client

    yield new
    for client in clients:
        await client.close()
