"""The client for scripts, on an imitation and on a real Redis."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import fakeredis
import pytest
from tests.support.redis_server import RedisServer, free_port

from pyao.errors import StorageUnavailable
from pyao.storage import RedisClient, RedisConfig, RedisKeys


@pytest.fixture(params=["fakeredis", "redis"])
async def client(request: pytest.FixtureRequest) -> AsyncIterator[RedisClient]:
    made = RedisClient()
    if request.param == "fakeredis":
        await made.connect(client=fakeredis.FakeAsyncRedis(decode_responses=True))
    else:
        server: RedisServer = request.getfixturevalue("empty_redis")
        await made.connect(RedisConfig(host="127.0.0.1", port=server.port))
    yield made
    await made.disconnect()


def test_there_is_one_client() -> None:
    assert RedisClient() is RedisClient()


def test_before_connecting_there_is_no_redis() -> None:
    with pytest.raises(RuntimeError, match="connect"):
        _ = RedisClient().redis


async def test_host_and_port_come_back_and_have_defaults(client: RedisClient) -> None:
    assert await client.get_server_host() == "0.0.0.0"
    assert await client.get_server_port() == 7666
    await client.set_server_host("127.0.0.1")
    await client.set_server_port(7700)
    assert await client.get_server_host() == "127.0.0.1"
    assert await client.get_server_port() == 7700
    assert await client.redis.get("config:server:port") == "7700"


async def test_connections_are_counted(client: RedisClient) -> None:
    assert await client.get_connections_count() == 0
    assert await client.increment_connections() == 1
    assert await client.increment_connections() == 2
    assert await client.decrement_connections() == 1
    assert await client.get_connections_count() == 1


async def test_a_session_comes_and_goes(client: RedisClient) -> None:
    await client.set_player_session(1, {"name": "Pepe", "since": 5})
    assert await client.get_player_session(1) == {"name": "Pepe", "since": "5"}
    await client.delete_player_session(1)
    assert await client.get_player_session(1) == {}


async def test_last_seen_is_unix_seconds(client: RedisClient) -> None:
    before = int(time.time())
    await client.update_player_last_seen(1)
    text = await client.redis.get(RedisKeys.session_last_seen(1))
    assert before <= int(text or 0) <= int(time.time())


async def test_connecting_twice_keeps_the_first_connection(client: RedisClient) -> None:
    first = client.redis
    await client.connect(RedisConfig(port=1))
    assert client.redis is first


async def test_a_redis_that_does_not_answer_is_named() -> None:
    port = free_port()
    with pytest.raises(StorageUnavailable, match=f"127.0.0.1:{port}"):
        await RedisClient().connect(RedisConfig(host="127.0.0.1", port=port))
    with pytest.raises(RuntimeError):
        _ = RedisClient().redis
