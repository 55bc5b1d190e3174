"""Stores the whole server is run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.redis_server import RedisServer
from tests.support.stores import StoreOptions


@pytest.fixture
def sqlite_options() -> StoreOptions:
    """Return the options for the embedded store."""
    return StoreOptions(("--storage", "sqlite"))


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Return a redis-server of this test alone."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis_options(own_redis: RedisServer) -> StoreOptions:
    """Return the options for that redis-server."""
    return StoreOptions(("--storage", "redis", "--redis-url", own_redis.url), own_redis.port)
