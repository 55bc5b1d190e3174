"""Password hashing: argon2id in one thread, behind a short queue.

One hash takes about 20 ms and 19 MiB (t=2, m=19 MiB, p=1, the OWASP minimum). One thread keeps a
storm of log-ins from taking more than one core and one such block of memory; who finds the queue
full is told to try again.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher as Argon2
from argon2 import Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

T = TypeVar("T")

QUEUE: Final = 32
TIME_COST: Final = 2
MEMORY_KIB: Final = 19 * 1024
GIVE_WAY: Final = 10  # steps of priority below the game


class HasherBusy(Exception):  # noqa: N818 - a state, not a mistake
    """The queue is full; nothing was computed."""


class UnreadableHash(Exception):  # noqa: N818 - a state, not a mistake
    """What is stored is no hash of this kind; nobody can log in with it."""


class PasswordHasher:
    """Hashes and checks passwords outside the loop. `close` it at the end.

    `hashes` counts what was computed, `refused` what the full queue turned away.
    """

    def __init__(
        self, *, queue: int = QUEUE, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB
    ) -> None:
        self.hashes = 0
        self.refused = 0
        self._argon2 = Argon2(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=1, type=Type.ID
        )
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="pyao-hash", initializer=_give_way_to_the_game
        )
        self._queue = queue
        self._waiting = 0
        # A hash of nothing: checking it costs what any other costs, and nobody knows a password
        # for it.
        salt, digest = (
            b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32)
        )
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={time_cost},p=1${salt}${digest}"

    @property
    def waiting(self) -> int:
        """How many passwords wait, the one that is being hashed included."""
        return self._waiting

    async def hash(self, password: str) -> str:
        """Return the hash to store; HasherBusy when too many wait."""
        return await self._run(lambda: self._argon2.hash(_bytes(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether a password belongs to a stored hash; HasherBusy when too many wait.

        Without a stored hash a made-up one is checked, so that an unknown name costs the same time
        as a wrong password. Raises `UnreadableHash`.
        """
        return await self._run(lambda: self._matches(stored or self._nobody, password))

    def outdated(self, stored: str) -> bool:
        """Tell whether a stored hash was made with other parameters and should be renewed."""
        return self._argon2.check_needs_rehash(stored)

    async def close(self) -> None:
        """Finish what runs and end the thread."""
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._argon2.verify(stored, _bytes(password))
        except VerifyMismatchError:
            return False
        except (VerificationError, InvalidHashError) as error:
            raise UnreadableHash from error

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._queue:
            self.refused += 1
            raise HasherBusy
        self._waiting += 1
        self.hashes += 1
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        # Not in a finally: a caller who gives up leaves its work in the queue.
        future.add_done_callback(self._one_less)
        return await future

    def _one_less(self, _done: asyncio.Future[T]) -> None:
        self._waiting -= 1


def _give_way_to_the_game() -> None:
    """Let this thread have what the loop leaves of a core they share; on Linux only.

    There priorities belong to threads, elsewhere to the whole process.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + GIVE_WAY)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
