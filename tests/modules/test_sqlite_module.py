"""The database of modules: pool, transactions, migrations, backups."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import psutil
import pytest
import pytest_asyncio
from tests.support.small_server import Workshop

from pyao.errors import StorageError, StorageUnavailable
from pyao.modules.sqlite_module import DAY_S, SQLiteModule
from pyao.modules.sqlite_pool import Pool, statements


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path / "modules", builtin={"sqlite_module": SQLiteModule})
    shop.server.config = SimpleNamespace(data_dir=tmp_path)
    shop.server.bulkhead.hang_s = 5.0
    return shop


@pytest_asyncio.fixture
async def database(shop: Workshop) -> AsyncIterator[SQLiteModule]:
    assert await shop.manager.enable_module("sqlite_module"), shop.error("sqlite_module")
    yield cast("SQLiteModule", shop.module("sqlite_module"))
    await shop.manager.shutdown()


async def test_what_is_written_is_read_also_after_a_restart(
    shop: Workshop, database: SQLiteModule
) -> None:
    await database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    added = await database.execute("INSERT INTO notes (text) VALUES (?)", ["hola"])
    assert (added.rows, added.last_id) == (1, 1)
    many = await database.execute_many(
        "INSERT INTO notes (text) VALUES (:text)", [{"text": "b"}, {"text": "c"}]
    )
    assert many.rows == 2
    assert await shop.manager.unload_module("sqlite_module")
    assert await shop.manager.enable_module("sqlite_module")
    again = cast("SQLiteModule", shop.module("sqlite_module"))
    assert await again.fetch_one("SELECT text FROM notes WHERE id = ?", [1]) == {"text": "hola"}
    assert await again.fetch_one("SELECT text FROM notes WHERE id = ?", [9]) is None
    texts = await again.fetch_all("SELECT text FROM notes ORDER BY id")
    assert [row["text"] for row in texts] == ["hola", "b", "c"]


async def test_fifty_queries_share_the_connections_and_give_them_back(
    database: SQLiteModule,
) -> None:
    await database.execute("CREATE TABLE n (x INTEGER)")
    await asyncio.gather(
        *(database.execute("INSERT INTO n VALUES (?)", [number]) for number in range(50))
    )
    assert await database.fetch_one("SELECT count(*) AS c, sum(x) AS s FROM n") == {
        "c": 50,
        "s": 1225,
    }
    assert database.pool.opened <= 4
    assert database.pool.in_use == 0


async def test_a_transaction_is_whole_or_nothing(database: SQLiteModule) -> None:
    await database.execute("CREATE TABLE n (x INTEGER UNIQUE)")
    async with database.get_connection() as connection, connection.transaction():
        await connection.execute("INSERT INTO n VALUES (1)")

    async def two_and_one() -> None:
        async with database.get_connection() as connection, connection.transaction():
            await connection.execute("INSERT INTO n VALUES (2)")
            await connection.execute("INSERT INTO n VALUES (1)")

    with pytest.raises(StorageError, match="UNIQUE"):
        await two_and_one()
    with pytest.raises(StorageError, match="UNIQUE"):
        await database.execute_many("INSERT INTO n VALUES (?)", [[3], [1]])
    assert await database.fetch_all("SELECT x FROM n") == [{"x": 1}]


async def test_a_forgotten_transaction_is_rolled_back_before_the_next_user(
    database: SQLiteModule,
) -> None:
    await database.execute("CREATE TABLE n (x INTEGER)")
    async with database.get_connection() as connection:
        await connection.execute("BEGIN")
        await connection.execute("INSERT INTO n VALUES (1)")
    assert await database.fetch_all("SELECT x FROM n") == []


async def test_a_wrong_statement_names_file_and_statement(database: SQLiteModule) -> None:
    with pytest.raises(StorageError, match=r"modules\.db: SELECT \* FROM nowhere: no such"):
        await database.fetch_all("SELECT * FROM nowhere")


async def test_a_cancelled_query_is_interrupted_and_its_connection_comes_back(
    database: SQLiteModule,
) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    query = asyncio.create_task(database.fetch_all(endless))
    await asyncio.wait([query], timeout=0.05)
    assert database.pool.in_use == 1
    query.cancel()
    with pytest.raises(asyncio.CancelledError):
        await query
    assert database.pool.in_use == 0
    assert await database.fetch_one("SELECT 1 AS one") == {"one": 1}


async def test_migrations_run_once_each_in_order(database: SQLiteModule) -> None:
    first = "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('one; two');"

    def second(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 7")

    assert await database.migrate("shop", [first]) == 1
    assert await database.migrate("shop", [first, second]) == 2
    assert await database.migrate("shop", [first, second]) == 2
    assert await database.fetch_all("SELECT * FROM a") == [{"x": "one; two", "y": 7}]
    assert await database.migrate("other", []) == 0


async def test_a_failed_migration_is_undone_and_named(database: SQLiteModule) -> None:
    good = "CREATE TABLE a (x TEXT)"
    bad = "CREATE TABLE b (x TEXT); INSERT INTO nowhere VALUES (1);"
    with pytest.raises(StorageError, match=r"migration 2 of shop.*no such table: nowhere"):
        await database.migrate("shop", [good, bad])
    tables = await database.fetch_all("SELECT name FROM sqlite_master WHERE type = 'table'")
    assert {row["name"] for row in tables} == {"module_versions", "a"}
    assert await database.migrate("shop", [good, "CREATE TABLE b (x TEXT)"]) == 2


async def test_a_database_from_a_newer_module_is_refused(database: SQLiteModule) -> None:
    await database.migrate("shop", ["CREATE TABLE a (x)", "CREATE TABLE b (x)"])
    with pytest.raises(StorageError, match="version 2, newer than its 1"):
        await database.migrate("shop", ["CREATE TABLE a (x)"])


async def test_backups_are_made_in_rhythm_and_old_ones_go(
    shop: Workshop, database: SQLiteModule
) -> None:
    await database.execute("CREATE TABLE n (x INTEGER)")
    first = await database.backup()
    stranger = first.with_name("modules-notes.db")
    stranger.touch()
    shop.server.unix.now += 8 * DAY_S
    shop.server.advance(DAY_S)
    await asyncio.wait(shop.server.bulkhead._tasks["sqlite_module"], timeout=20)
    names = sorted(path.name for path in first.parent.iterdir())
    assert names == ["modules-20240115-120000.db", "modules-notes.db"]
    with contextlib.closing(sqlite3.connect(first.parent / names[0])) as copy:
        assert copy.execute("SELECT name FROM sqlite_master WHERE name = 'n'").fetchone()


async def test_a_file_that_is_no_database_keeps_the_module_out(
    shop: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "modules.db").write_bytes(b"not a database, but long enough to look at " * 50)
    assert not await shop.manager.enable_module("sqlite_module")
    assert "modules.db" in shop.error("sqlite_module")
    assert "not a database" in shop.error("sqlite_module")


async def test_a_closed_pool_says_so(tmp_path: Path) -> None:
    pool = Pool(tmp_path / "x.db", size=1)
    await pool.close()
    with pytest.raises(StorageUnavailable, match="is closed"):
        async with pool.connection():
            pass


def opened_files(path: Path) -> list[str]:
    return [one.path for one in psutil.Process().open_files() if one.path == str(path)]


async def test_a_file_that_cannot_be_used_is_not_kept_open(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"not a database, but long enough to look at " * 50)
    pool = Pool(path, size=1)
    with pytest.raises(StorageError, match="not a database"):
        async with pool.connection():
            pass
    assert (pool.opened, opened_files(path)) == (0, [])
    await pool.close()


async def test_a_caller_that_gives_up_while_a_file_is_opened_leaves_it_to_the_next(
    tmp_path: Path,
) -> None:
    pool = Pool(tmp_path / "x.db", size=1)

    async def ask() -> None:
        async with pool.connection() as connection:
            await connection.fetch_one("SELECT 1")

    impatient = asyncio.create_task(ask())
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    await ask()
    assert (pool.opened, pool.in_use, len(pool._free)) == (1, 0, 1)
    await pool.close()
    assert opened_files(tmp_path / "x.db") == []


def test_a_script_is_cut_at_the_right_semicolons() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"
    script = f"-- first; really\nSELECT 'a;b';\n{trigger}\nSELECT 2"
    assert statements(script) == ["-- first; really\nSELECT 'a;b';", trigger, "SELECT 2;"]
    assert statements(" ;; \n") == []
