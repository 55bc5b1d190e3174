"""The database module: an SQLite file for other modules, reports and tools.

Other modules depend on `sqlite_module` and get it as `self.server.module("sqlite_module")`. It has
a pool of connections, numbered migrations per module, and online backups; players are elsewhere.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Final

from pyao.errors import StorageError, StorageUnavailable
from pyao.modules.base import BaseModule, ModuleInfo
from pyao.modules.scope import ModuleServer
from pyao.modules.sqlite_pool import Connection, Executed, Parameters, Pool, Row, statements

Migration = str | Callable[[sqlite3.Connection], None]

DAY_S: Final = 86_400
_VERSIONS: Final = """CREATE TABLE IF NOT EXISTS module_versions (
    module TEXT PRIMARY KEY, version INTEGER NOT NULL
) STRICT"""


class SQLiteModule(BaseModule):
    """One database file for all modules.

    Settings: `path` (modules.db, below the data folder), `pool_size` (4), `busy_ms` (5000),
    `backup_hours` (24, 0 is never), `backup_keep_days` (7).
    """

    def __init__(self, server: ModuleServer) -> None:
        super().__init__(server)
        self.module_info = ModuleInfo(
            name="SQLiteModule",
            version="1.0.0",
            description="An SQLite database for modules: pool, migrations, backups.",
            author="PyAO Server",
        )
        folder = Path(getattr(server.config, "data_dir", "data"))
        self.path = folder / str(self.config.get("path", "modules.db"))
        self.pool = Pool(
            self.path,
            size=max(1, int(self.config.get("pool_size", 4))),
            busy_ms=int(self.config.get("busy_ms", 5_000)),
        )

    async def load(self) -> bool:
        """Open the file and see that it is a database."""
        async with self.pool.connection() as connection:
            await connection.execute(_VERSIONS)
        return True

    async def enable(self) -> bool:
        """Begin the rhythm of backups."""
        hours = float(self.config.get("backup_hours", 24))
        if hours > 0:
            self.every(hours * 3600, self.begin_backup)
        return True

    async def unload(self) -> bool:
        """Close all connections."""
        await self.pool.close()
        return True

    async def execute(self, sql: str, parameters: Parameters = ()) -> Executed:
        """Run one statement by itself."""
        async with self.pool.connection() as connection:
            return await connection.execute(sql, parameters)

    async def execute_many(self, sql: str, rows: Sequence[Parameters]) -> Executed:
        """Run one statement for each of the rows, all or none of them."""
        async with self.pool.connection() as connection:
            return await connection.execute_many(sql, rows)

    async def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row by column name, or None."""
        async with self.pool.connection() as connection:
            return await connection.fetch_one(sql, parameters)

    async def fetch_all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return every row by column name."""
        async with self.pool.connection() as connection:
            return await connection.fetch_all(sql, parameters)

    @asynccontextmanager
    async def get_connection(self) -> AsyncIterator[Connection]:
        """Lease one connection for several statements, or a transaction."""
        async with self.pool.connection() as connection:
            yield connection

    async def migrate(self, module: str, migrations: Sequence[Migration]) -> int:
        """Bring a module's tables up to date and return their version.

        Migration n is the n-th of the list, from 1: a script, or a function of a connection. Those
        done before are skipped. One that fails is undone as a whole, raises StorageError naming
        it, and those before it stay.
        """
        async with self.pool.connection() as connection:
            done = await self._version(connection, module)
            if done > len(migrations):
                raise StorageError(
                    f"{self.path}: tables of {module} are of version {done}, newer than its "
                    f"{len(migrations)} migrations; install the newer module or restore a backup"
                )
            for number in range(done + 1, len(migrations) + 1):
                migration = migrations[number - 1]
                await self._apply(connection, module, number, migration)
            return len(migrations)

    def begin_backup(self) -> None:
        """Make a backup beside the game, however long it takes; a failure is logged."""
        self.spawn(self.backup(), "backup")

    async def backup(self) -> Path:
        """Copy the database as it is now, while it is in use, and drop copies that are too old."""
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(self.server.now()))
        target = self.path.parent / "backups" / f"{self.path.stem}-{stamp}.db"
        async with self.pool.connection() as connection:
            await connection.call(f"backup to {target}", lambda raw: _copy(raw, target))
        self._drop_old_backups(target.parent)
        self.logger.info("database_backup", path=str(target))
        return target

    def _drop_old_backups(self, folder: Path) -> None:
        keep_s = float(self.config.get("backup_keep_days", 7)) * DAY_S
        oldest = time.strftime("%Y%m%d-%H%M%S", time.gmtime(self.server.now() - keep_s))
        name = re.compile(re.escape(self.path.stem) + r"-(\d{8}-\d{6})\.db")
        for path in folder.iterdir():
            found = name.fullmatch(path.name)
            if found is not None and found[1] < oldest:
                path.unlink(missing_ok=True)

    async def _version(self, connection: Connection, module: str) -> int:
        sql = "SELECT version FROM module_versions WHERE module = ?"
        row = await connection.fetch_one(sql, [module])
        return 0 if row is None else int(row["version"])

    async def _apply(
        self, connection: Connection, module: str, number: int, migration: Migration
    ) -> None:
        try:
            async with connection.transaction():
                if isinstance(migration, str):
                    for statement in statements(migration):
                        await connection.execute(statement)
                else:
                    await connection.call(f"migration {number}", migration)
                await connection.execute(
                    "INSERT INTO module_versions VALUES (?, ?) "
                    "ON CONFLICT (module) DO UPDATE SET version = excluded.version",
                    [module, number],
                )
        except StorageError as error:
            raise StorageError(f"migration {number} of {module}: {error}") from error


def _copy(raw: sqlite3.Connection, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".tmp")
    try:
        with closing(sqlite3.connect(draft)) as copy:
            raw.backup(copy)
        draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        draft.unlink(missing_ok=True)
        raise StorageUnavailable(f"backup {target}: {error}") from error
