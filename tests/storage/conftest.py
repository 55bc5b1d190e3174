"""Stores to test against: the same tests run on every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import fakeredis
import pytest
import redis
from tests.support.redis_server import RedisServer

from pyao.storage.redis_store import RedisStore
from pyao.storage.repository import Repository
from pyao.storage.sqlite_store import SqliteStore

StoreMaker = Callable[[], Repository]


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Return a running redis-server; tests that stop or fill it must start their own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def empty_redis(redis_server: RedisServer) -> RedisServer:
    """Return the shared redis-server without any key."""
    with redis_server.client() as client:
        client.flushall()
    return redis_server


def fake_client(server: fakeredis.FakeServer) -> redis.Redis:
    """Return a client of an imitation of Redis in this process."""
    return fakeredis.FakeRedis(server=server, decode_responses=True, protocol=2)


@pytest.fixture(params=["sqlite", "fakeredis", "redis"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreMaker]:
    """Return a maker of stores that all lead to the same, at first empty, world."""
    made: list[Repository] = []
    makers: dict[str, StoreMaker] = {
        "sqlite": lambda: SqliteStore(tmp_path / "world.db"),
        "fakeredis": lambda: RedisStore("redis://fake", client=fake_client(fake)),
        "redis": lambda: RedisStore(request.getfixturevalue("empty_redis").url),
    }
    fake = fakeredis.FakeServer()
    if request.param == "redis":
        request.getfixturevalue("empty_redis")

    def make() -> Repository:
        store = makers[request.param]()
        made.append(store)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(make_store: StoreMaker) -> Repository:
    """Return an open store."""
    made = make_store()
    made.open()
    return made
