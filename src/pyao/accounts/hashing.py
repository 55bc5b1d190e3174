"""Password hashing: argon2id in one thread, behind a short queue.

One hash takes about 20 ms and 19 MiB (t=2, m=19 MiB, p=1, the OWASP minimum). One thread keeps a
storm of log-ins from taking more than one core and one such block of memory; who finds the queue
full is told to try again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher as Argon2
from argon2 import Type
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

QUEUE = 32
TIME_COST = 2
MEMORY_KIB = 19 * 1024


class HasherBusy(Exception):  # noqa: N818 - a state, not a mistake
    """The queue is full; nothing was computed."""


class PasswordHasher:
    """Hashes and checks passwords outside the loop. `close` it at the end."""

    def __init__(self, *, queue: int = QUEUE) -> None:
        self._argon2 = Argon2(
            time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pyao-hash")
        self._queue = queue
        self._waiting = 0
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Return the hash to store; HasherBusy when too many wait."""
        return await self._run(lambda: self._argon2.hash(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether a password belongs to a stored hash; HasherBusy when too many wait.

        Without a stored hash a made-up one is checked, so that an unknown name costs the same time
        as a wrong password.
        """
        return await self._run(lambda: self._matches(stored, password))

    def outdated(self, stored: str) -> bool:
        """Tell whether a stored hash was made with other parameters and should be renewed."""
        return self._argon2.check_needs_rehash(stored)

    async def close(self) -> None:
        """Finish what runs and end the thread."""
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    def _matches(self, stored: str | None, password: str) -> bool:
        if stored is None:
            if self._nobody is None:
                self._nobody = self._argon2.hash("nobody has this password")
            stored = self._nobody
            password += "\0"  # never right, whatever was typed
        try:
            return self._argon2.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._queue:
            raise HasherBusy
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        future.add_done_callback(self._one_less)
        return await future

    def _one_less(self, _done: asyncio.Future[T]) -> None:
        self._waiting -= 1
