"""One synchronous connection to Redis, for one thread: pipelines, transactions, our errors.

Not a general client. It never retries by itself (a repeated write may have been applied already),
never waits longer than the socket time-out, and forgets a connection at the first trouble, so that
a late answer can never be taken for the answer to something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final, Protocol

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from pyao.errors import StorageUnavailable
from pyao.storage.redis_config import SOCKET_TIMEOUT_S, mask_url
from pyao.storage.values import storable

Command = tuple[str, ...]
Reply = object

# Commands per round trip: encoding this many takes about 0.3 ms; while the answers travel the
# game's thread has the interpreter to itself.
SLICE: Final = 100


def make_client(url: str) -> redis.Redis:
    """Return a client for `RedisLink` that makes one connection, when first used."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        encoding_errors="backslashreplace",
        protocol=2,
        socket_timeout=SOCKET_TIMEOUT_S,
        socket_connect_timeout=SOCKET_TIMEOUT_S,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )


class _Wire(Protocol):
    """What is used of a connection of redis-py, typed; the library leaves these untyped."""

    def send_packed_command(self, command: list[bytes]) -> None: ...
    def pack_commands(self, commands: Sequence[Command]) -> list[bytes]: ...
    def read_response(self) -> object: ...
    def disconnect(self) -> None: ...


class RedisLink:
    """A connection that is there or not; every trouble is `StorageUnavailable`."""

    def __init__(self, client: redis.Redis, name: str) -> None:
        self.name = mask_url(name)
        self.generation = 0  # grows with each lost connection: what was known before may be stale
        pool = client.connection_pool
        # Not from the pool itself: it counts what it has made, and stops at a hundred.
        self._connection: _Wire = pool.connection_class(**pool.connection_kwargs)

    def close(self) -> None:
        """Hang up; the next command connects anew."""
        self.generation += 1
        self._connection.disconnect()

    def ask(self, *command: str) -> Reply:
        """Send one command and return its answer."""
        return self.pipeline([command])[0]

    def pipeline(self, commands: Iterable[Command]) -> list[Reply]:
        """Send commands in slices and return the answers; one that Redis refuses raises."""
        with self._guarded() as connection:
            return [
                self._checked(reply)
                for piece in _slices(commands)
                for reply in self._exchange(connection, piece)
            ]

    def try_each(self, commands: Iterable[Command]) -> list[Reply]:
        """Like `pipeline`, but a refused command answers its `ResponseError`."""
        with self._guarded() as connection:
            return [r for piece in _slices(commands) for r in self._exchange(connection, piece)]

    def transaction(self, commands: Iterable[Command]) -> list[Reply] | None:
        """Run commands as one; None when a watched key changed, and then nothing was done.

        The commands are queued slice by slice, so that no other client of Redis waits for a long
        cut; they run together at the end.
        """
        with self._guarded() as connection:
            self._all_taken(self._exchange(connection, [("MULTI",)]))
            for piece in _slices(commands):
                self._all_taken(self._exchange(connection, piece))
            done = self._checked(self._exchange(connection, [("EXEC",)])[0])
            if done is None or isinstance(done, list):
                return done
            raise StorageUnavailable(f"{self.name}: odd answer to EXEC: {done!r}")

    def _exchange(self, connection: _Wire, commands: Sequence[Command]) -> list[Reply]:
        try:
            packed = connection.pack_commands(commands)
        except UnicodeEncodeError:
            packed = connection.pack_commands([tuple(map(storable, one)) for one in commands])
        connection.send_packed_command(packed)
        return [self._read(connection) for _ in commands]

    def _read(self, connection: _Wire) -> Reply:
        try:
            return connection.read_response()
        except ResponseError as error:
            return error

    def _checked(self, reply: Reply) -> Reply:
        if isinstance(reply, ResponseError):
            raise reply
        return reply

    def _all_taken(self, replies: Iterable[Reply]) -> None:
        for reply in replies:
            self._checked(reply)

    @contextmanager
    def _guarded(self) -> Iterator[_Wire]:
        try:
            yield self._connection
        except (RedisError, OSError) as error:
            self.close()
            raise StorageUnavailable(f"{self.name}: {mask_url(str(error))}") from error
        except BaseException:
            self.close()
            raise


def _slices(commands: Iterable[Command]) -> Iterator[list[Command]]:
    left = iter(commands)
    while piece := list(islice(left, SLICE)):
        yield piece
