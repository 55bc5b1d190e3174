"""The command that asks the modules' database; it only reads, and never the players' store."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from pyao.console.answer import Answer, Cell, Row, refused, table
from pyao.console.command import Rest, command
from pyao.console.desk import Call
from pyao.errors import StorageError
from pyao.modules.sqlite_module import SQLiteModule
from pyao.storage.choose import SQLITE_FILE

MODULE: Final = "sqlite_module"
MAX_ROWS: Final = 1_000
MAX_CHARS: Final = 500
MAX_BYTES: Final = 1_000_000
TIMEOUT_S: Final = 5.0
_STEPS: Final = 10_000  # of SQLite's machine between two looks at the clock

_READING: Final = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_ABOUT: Final = {"table_info", "table_xinfo", "table_list", "index_list", "index_info"}


@command("db", act=True)
async def db(call: Call, query: Rest) -> Answer:
    """Ask the modules' database with one SELECT, or PRAGMA table_list."""
    module = call.desk.modules.get_module(MODULE)
    if not isinstance(module, SQLiteModule):
        return refused(f"the modules' database is not open; `start {MODULE}` opens it")
    if module.path.resolve() == (call.game.settings.data_dir / SQLITE_FILE).resolve():
        return refused(
            f"{module.path} is the store of the players; give {MODULE} a file of its own"
        )
    return await asyncio.to_thread(ask, module.path, query)


def ask(path: Path, query: str, timeout_s: float = TIMEOUT_S) -> Answer:
    """Return the rows of one statement that only reads; StorageError for any other.

    Rows, their size and the time are bounded.
    """
    deadline = time.monotonic() + timeout_s
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reader:
            reader.set_authorizer(_only_reading)
            reader.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_BYTES)
            reader.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            cursor = reader.execute(query)
            rows = cursor.fetchmany(MAX_ROWS + 1)
            columns = _unique([str(column[0]) for column in cursor.description or ()])
    except (sqlite3.Error, sqlite3.Warning) as error:
        late = f" (it may take {timeout_s:g} s)" if time.monotonic() > deadline else ""
        raise StorageError(f"{path.name}: {error}{late}") from error
    more = [f"only the first {MAX_ROWS} rows are shown"] if len(rows) > MAX_ROWS else []
    return table(columns, [_row(row) for row in rows[:MAX_ROWS]], *more)


def _only_reading(
    action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None
) -> int:
    """Allow what only looks: reading, functions, and questions about tables."""
    asks = action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _ABOUT
    calls = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() != "load_extension"
    return sqlite3.SQLITE_OK if action in _READING or asks or calls else sqlite3.SQLITE_DENY


def _row(row: tuple[object, ...]) -> Row:
    return tuple(_cell(value) for value in row)


def _cell(value: object) -> Cell:
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return value[:MAX_CHARS] if isinstance(value, str) else value  # type: ignore[return-value] # SQLite has no other types


def _unique(names: list[str]) -> list[str]:
    """Return the names with a number behind repeated ones: answers hold each name once."""
    return [
        name if names.index(name) == at else f"{name}_{names[: at + 1].count(name)}"
        for at, name in enumerate(names)
    ]
