"""A pool of SQLite connections for modules: asked from the loop, worked in threads.

At most `size` connections are open; each serves one caller at a time and is rolled back before the
next. Not a home for players: those are in the store, which is written in consistent cuts.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pyao.errors import StorageError, StorageUnavailable

T = TypeVar("T")
Parameters = Sequence[Any] | Mapping[str, Any]
Row = dict[str, Any]

MAX_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Executed:
    """What a statement did: how many rows it changed, the id of the last one it inserted."""

    rows: int
    last_id: int | None


class Connection:
    """One leased connection; usable only inside `Pool.connection()`."""

    def __init__(self, pool: Pool, raw: sqlite3.Connection) -> None:
        self._pool = pool
        self._raw = raw

    async def execute(self, sql: str, parameters: Parameters = ()) -> Executed:
        """Run one statement."""
        return await self._pool.run(self._raw, sql, lambda: _execute(self._raw, sql, parameters))

    async def execute_many(self, sql: str, rows: Sequence[Parameters]) -> Executed:
        """Run one statement for each of the rows, all or none of them."""
        return await self._pool.run(self._raw, sql, lambda: _execute_many(self._raw, sql, rows))

    async def fetch_all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return every row (100,000 at most) by column name."""
        return await self._pool.run(self._raw, sql, lambda: _fetch(self._raw, sql, parameters))

    async def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row, or None."""
        rows = await self._pool.run(self._raw, sql, lambda: _fetch(self._raw, sql, parameters, 1))
        return rows[0] if rows else None

    async def call(self, what: str, work: Callable[[sqlite3.Connection], T]) -> T:
        """Let `work` use the bare connection in the pool's thread."""
        return await self._pool.run(self._raw, what, lambda: work(self._raw))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Commit what is done inside, or nothing of it when an error leaves the block."""
        await self.execute("BEGIN IMMEDIATE")
        try:
            yield self
        except BaseException:
            await self.call("ROLLBACK", _roll_back)
            raise
        await self.execute("COMMIT")


class Pool:
    """Connections to one file. `opened` never exceeds `size`; `in_use` falls back to 0."""

    def __init__(self, path: Path, *, size: int = 4, busy_ms: int = 5_000) -> None:
        self.path = path
        self.size = size
        self.opened = 0
        self.in_use = 0
        self._busy_s = busy_ms / 1000
        self._free: list[sqlite3.Connection] = []
        self._places = asyncio.Semaphore(size)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="sqlite-module")
        self._closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lease a connection, waiting for a free one; it is given back, rolled back, at the end."""
        async with self._places:
            raw = await self._take()
            self.in_use += 1
            try:
                yield Connection(self, raw)
            finally:
                if raw.in_transaction:
                    await self.run(raw, "ROLLBACK", lambda: _roll_back(raw))
                self.in_use -= 1
                self._free.append(raw)

    async def run(self, raw: sqlite3.Connection, what: str, work: Callable[[], T]) -> T:
        """Do something with a connection in a thread; a cancelled caller interrupts it."""
        return await self._in_thread(what, work, raw.interrupt)

    async def close(self) -> None:
        """Wait for the leases to end and close every connection."""
        self._closed = True
        for _ in range(self.size):
            await self._places.acquire()
        for raw in self._free:
            await self._in_thread("close", raw.close, raw.interrupt)
        self._free.clear()
        self.opened = 0
        self._threads.shutdown()
        for _ in range(self.size):
            self._places.release()

    async def _take(self) -> sqlite3.Connection:
        if self._closed:
            raise StorageUnavailable(f"{self.path} is closed")
        if self._free:
            return self._free.pop()
        self.opened += 1
        made: list[sqlite3.Connection] = []
        try:
            await self._in_thread("open", lambda: made.append(self._connect()), lambda: None)
        except BaseException:
            self._free += made  # the caller gave up meanwhile: the next one has it
            self.opened -= 1 - len(made)
            raise
        return made[0]

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        raw = sqlite3.connect(
            self.path, timeout=self._busy_s, isolation_level=None, check_same_thread=False
        )
        raw.row_factory = sqlite3.Row
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("PRAGMA synchronous = NORMAL")
            raw.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            raw.close()
            raise
        return raw

    async def _in_thread(
        self, what: str, work: Callable[[], T], interrupt: Callable[[], object]
    ) -> T:
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            interrupt()
            await asyncio.wait([future])
            raise
        except (sqlite3.Error, sqlite3.Warning) as error:
            text = f"{self.path}: {what:.80}: {error}"
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            away = isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR
            raise StorageUnavailable(text) if away else StorageError(text) from error
        except OSError as error:
            raise StorageUnavailable(f"{self.path}: {error}") from error


def statements(script: str) -> list[str]:
    """Cut a script into single statements; semicolons in texts and triggers do not cut."""
    found: list[str] = []
    rest = ""
    for piece in script.split(";"):
        rest += f"{piece};"
        if sqlite3.complete_statement(rest):
            found.append(rest.strip())
            rest = ""
    if rest.strip(" \n\t;"):
        found.append(rest.strip().removesuffix(";"))
    return [each for each in found if each.strip(" \n\t;")]


def _execute(raw: sqlite3.Connection, sql: str, parameters: Parameters) -> Executed:
    cursor = raw.execute(sql, parameters)
    return Executed(max(cursor.rowcount, 0), cursor.lastrowid)


def _execute_many(raw: sqlite3.Connection, sql: str, rows: Sequence[Parameters]) -> Executed:
    inside = raw.in_transaction
    if not inside:
        raw.execute("BEGIN IMMEDIATE")
    try:
        cursor = raw.executemany(sql, rows)
    except sqlite3.Error:
        if not inside:
            raw.execute("ROLLBACK")
        raise
    if not inside:
        raw.execute("COMMIT")
    return Executed(max(cursor.rowcount, 0), cursor.lastrowid)


def _fetch(
    raw: sqlite3.Connection, sql: str, parameters: Parameters, limit: int = MAX_ROWS
) -> list[Row]:
    cursor = raw.execute(sql, parameters)
    return [dict(row) for row in cursor.fetchmany(limit)]


def _roll_back(raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        raw.execute("ROLLBACK")
