"""Password hashing: argon2id in one thread, behind a short queue.

One hash takes about 10 ms and 7 MiB (t=5, m=7 MiB, p=1). OWASP's password storage cheat sheet names
five settings that resist guessing equally; this is the one that keeps a core for the shortest time,
half of what t=2 with 19 MiB takes. libsodium computes it with whatever vector unit the processor
has, twice as fast as the reference code. One thread keeps a storm of log-ins from taking more than
one core and one such block of memory; who finds the queue full is told to try again.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

from pyao.process import give_way

T = TypeVar("T")

QUEUE: Final = 32
TIME_COST: Final = 5
MEMORY_KIB: Final = 7 * 1024
GIVE_WAY: Final = 10  # steps of priority below the game

_KIB: Final = 1024
# Memory in KiB, passes, lanes; salt of 8 bytes or more, digest of 16 or more.
_STORED: Final = re.compile(
    r"\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{22,}"
)
_LONGEST: Final = 127  # characters of a stored hash that libsodium takes


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
        self._time_cost = time_cost
        self._memory_kib = memory_kib
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="pyao-hash", initializer=partial(give_way, GIVE_WAY)
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
        return await self._run(lambda: self._hashed(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether a password belongs to a stored hash; HasherBusy when too many wait.

        Without a stored hash a made-up one is checked, so that an unknown name costs the same time
        as a wrong password. Raises `UnreadableHash`.
        """
        return await self._run(lambda: _matches(stored or self._nobody, password))

    def outdated(self, stored: str) -> bool:
        """Tell whether a stored hash was made with other parameters and should be renewed."""
        found = _STORED.fullmatch(stored)
        wanted = (self._memory_kib, self._time_cost, 1)
        return found is None or tuple(map(int, found.groups())) != wanted

    async def close(self) -> None:
        """Finish what runs and end the thread."""
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    def _hashed(self, password: str) -> str:
        memory = self._memory_kib * _KIB
        return argon2id.str(_bytes(password), self._time_cost, memory).decode("ascii")

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


def _matches(stored: str, password: str) -> bool:
    # libsodium answers alike for a wrong password and for what is no hash at all.
    if len(stored) > _LONGEST or _STORED.fullmatch(stored) is None:
        raise UnreadableHash
    try:
        return argon2id.verify(stored.encode("ascii"), _bytes(password))
    except InvalidkeyError:
        return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
