"""A small asynchronous client for scripts and tools that look at a running server's Redis.

The server itself does not use it: it writes through `SnapshotWriter` and sets counts from live
figures. The counting methods exist for tools that keep a count of their own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar, Self

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pyao.errors import StorageUnavailable
from pyao.storage.redis_config import DEFAULT_SERVER_CONFIG, RedisConfig, RedisKeys


class RedisClient:
    """The one client of a process: every `RedisClient()` is the same object.

    Connect once, use it everywhere in that event loop, disconnect at the end.
    """

    _instance: ClassVar[Self | None] = None
    _redis: Redis | None = None

    def __new__(cls) -> Self:
        """Return the one client, made at the first call."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    async def connect(
        self, config: RedisConfig | None = None, *, client: Redis | None = None
    ) -> None:
        """Connect and check that Redis answers; does nothing when connected already.

        `client` takes the place of one made from `config`. Raises `StorageUnavailable`.
        """
        if self._redis is not None:
            return
        config = config or RedisConfig()
        made = client or Redis(
            host=config.host,
            port=config.port,
            db=config.db,
            decode_responses=config.decode_responses,
            socket_timeout=config.socket_timeout,
            socket_connect_timeout=config.socket_connect_timeout,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            await made.ping()
        except (RedisError, OSError) as error:
            await made.aclose()
            raise StorageUnavailable(
                f"no Redis answers at {config.host}:{config.port} ({error}); start it, or connect "
                "to another"
            ) from error
        self._redis = made

    async def disconnect(self) -> None:
        """Hang up; may be called twice, and `connect` works again afterwards."""
        if self._redis is not None:
            await self._redis.aclose()
            self._redis = None

    @property
    def redis(self) -> Redis:
        """The connected client of redis-py; RuntimeError before `connect`."""
        if self._redis is None:
            raise RuntimeError("not connected to Redis: await RedisClient().connect() first")
        return self._redis

    async def get_server_host(self) -> str:
        """Return the address kept in Redis, or the default."""
        return await self._config(RedisKeys.CONFIG_SERVER_HOST)

    async def set_server_host(self, host: str) -> None:
        """Keep an address in Redis; a server uses it from its next start."""
        await self.redis.set(RedisKeys.CONFIG_SERVER_HOST, host)

    async def get_server_port(self) -> int:
        """Return the port kept in Redis, or the default."""
        return int(await self._config(RedisKeys.CONFIG_SERVER_PORT))

    async def set_server_port(self, port: int) -> None:
        """Keep a port in Redis; a server uses it from its next start."""
        await self.redis.set(RedisKeys.CONFIG_SERVER_PORT, str(port))

    async def increment_connections(self) -> int:
        """Count one connection up and return the count."""
        return int(await self.redis.incr(RedisKeys.SERVER_CONNECTIONS_COUNT))

    async def decrement_connections(self) -> int:
        """Count one connection down and return the count."""
        return int(await self.redis.decr(RedisKeys.SERVER_CONNECTIONS_COUNT))

    async def get_connections_count(self) -> int:
        """Return the number of connections; 0 when no server runs."""
        return int(await self.redis.get(RedisKeys.SERVER_CONNECTIONS_COUNT) or 0)

    async def set_player_session(self, user_id: int, data: Mapping[str, object]) -> None:
        """Write a character's session."""
        fields = [text for pair in data.items() for text in map(str, pair)]
        await self.redis.hset(RedisKeys.session_active(user_id), items=fields)

    async def get_player_session(self, user_id: int) -> dict[str, str]:
        """Return a character's session; empty while it is not played."""
        found = await self.redis.hgetall(RedisKeys.session_active(user_id))
        return {str(name): str(text) for name, text in found.items()}

    async def delete_player_session(self, user_id: int) -> None:
        """Remove a character's session."""
        await self.redis.delete(RedisKeys.session_active(user_id))

    async def update_player_last_seen(self, user_id: int) -> None:
        """Note that a character is played now."""
        await self.redis.set(RedisKeys.session_last_seen(user_id), str(int(time.time())))

    async def _config(self, key: str) -> str:
        return str(await self.redis.get(key) or DEFAULT_SERVER_CONFIG[key])
