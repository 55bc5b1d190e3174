"""The command that asks the modules' database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.console.conftest import Operator

from pyao.console.commands.database import MAX_ROWS, ask
from pyao.errors import StorageError

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT WANTED FROM n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a database with a table of birds."""
    path = tmp_path / "birds.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE birds (name TEXT, weight REAL, picture BLOB)")
        database.execute("INSERT INTO birds VALUES ('wren', 9.5, x'00ff'), ('owl', NULL, NULL)")
        database.commit()
    return path


def test_rows_come_with_their_columns(file: Path) -> None:
    answer = ask(file, "SELECT * FROM birds ORDER BY name")
    assert answer.columns == ("name", "weight", "picture")
    assert answer.rows == (("owl", None, None), ("wren", 9.5, "<2 bytes>"))


def test_columns_of_one_name_are_told_apart_and_long_texts_cut(file: Path) -> None:
    answer = ask(file, "SELECT name, name, printf('%.*c', 5000, 'x') AS name FROM birds LIMIT 1")
    assert answer.columns == ("name", "name_2", "name_3")
    assert len(str(answer.rows[0][2])) == 500


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM birds",
        "INSERT INTO birds VALUES ('hawk', 1, NULL)",
        "DROP TABLE birds",
        "CREATE TABLE x (a)",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'copy.db'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = 1",
        "BEGIN",
        "SELECT load_extension('x')",
        "SELECT 1; DELETE FROM birds",
        "nonsense",
        "",
    ],
)
def test_everything_but_reading_is_refused(file: Path, query: str, tmp_path: Path) -> None:
    before = file.read_bytes()
    if query:
        with pytest.raises(StorageError, match=r"birds\.db: "):
            ask(file, query)
    else:
        assert ask(file, query).rows == ()
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["birds.db"]


def test_questions_about_tables_are_welcome(file: Path) -> None:
    assert ask(file, "PRAGMA table_info(birds)").rows[0][1] == "name"
    assert "birds" in repr(ask(file, "SELECT name FROM sqlite_schema").rows)


def test_rows_and_time_are_bounded(file: Path) -> None:
    answer = ask(file, ENDLESS.replace("WANTED", "i"))
    assert len(answer.rows) == MAX_ROWS
    assert "only the first" in answer.lines[0]
    with pytest.raises(StorageError, match=r"interrupted \(it may take 0.05 s\)"):
        ask(file, ENDLESS.replace("WANTED", "count(*)"), timeout_s=0.05)


async def test_the_command_needs_the_module(operator: Operator) -> None:
    assert "start sqlite_module" in await operator.refused("db SELECT 1")
    await operator.done("start sqlite_module")
    answer = await operator.done("db SELECT 1 AS one, 'it''s' AS text")
    assert answer.rows == ((1, "it's"),)
    assert "not authorized" in await operator.refused("db DELETE FROM module_versions")
    (row,) = [row for row in await operator.audit(9) if row["cause"] == "console db"]
    assert "SELECT 1 AS one" in row["arguments"]


async def test_the_store_of_the_players_is_never_asked(operator: Operator) -> None:
    folder = operator.data_dir / "config" / "modules"
    folder.mkdir(parents=True)
    (folder / "sqlite_module.yaml").write_text("settings:\n  path: ./world.db\n")
    await operator.done("start sqlite_module")
    assert "store of the players" in await operator.refused("db SELECT * FROM records")
