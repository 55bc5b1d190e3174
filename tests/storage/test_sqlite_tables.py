"""Places stand apart from the other records of their characters; in older files they do not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pyao.storage import sqlite_tables as tables
from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.repository import SCHEMA_VERSION, Cut, Stamp
from pyao.storage.sqlite_store import SqliteStore
from pyao.storage.values import Hash, Value

ME = Owner.this_process()
ODD = ("player:007:position", "player:x:position", "player:1:position:old", "player::position")
PLACE: Hash = {"map": "1", "x": "50", "y": "50", "heading": "3"}
PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "world.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as store:
        store.open()
        yield store


def commit(store: SqliteStore, stamp: Stamp, changes: dict[str, Value | None]) -> Stamp:
    after = Stamp(stamp.epoch, stamp.number + 1)
    store.commit(Cut(after, changes))
    return after


def characters(count: int) -> dict[str, Value | None]:
    """Return characters as large as usual."""
    bag = {f"slot_{number}": "460:1000" for number in range(1, 31)}
    return {
        key: value
        for number in range(1, count + 1)
        for key, value in (
            (RedisKeys.player_position(number), PLACE),
            (RedisKeys.player_inventory(number), bag),
            (RedisKeys.player_stats(number), {"gold": "10", "level": "7", "text": "x" * 2000}),
        )
    }


def counted(path: Path, query: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        (number,) = db.execute(query).fetchone()
    return int(number)


def mixed(path: Path) -> None:
    """Make a file with two characters as it was before there were places."""
    with closing(SqliteStore(path)) as store:
        store.open()
        stamp = store.claim(ME).stamp
        stamp = commit(store, stamp, {**characters(2), **dict.fromkeys(ODD, PLACE)})
        store.release(stamp)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO records (key, value) SELECT key, value FROM everything"
            " WHERE key IN ('player:1:position', 'player:2:position')"
        )
        db.execute("DROP VIEW everything")
        db.execute("DROP TABLE places")
        db.execute("UPDATE records SET value = '\"3\"' WHERE key = 'world:schema'")


def test_a_place_is_a_row_of_its_own_table_and_every_other_key_a_record(
    store: SqliteStore, path: Path
) -> None:
    stamp = commit(store, store.claim(ME).stamp, {**characters(2), **dict.fromkeys(ODD, PLACE)})
    assert counted(path, "SELECT count(*) FROM places") == 2
    assert counted(path, "SELECT count(*) FROM records WHERE key LIKE 'player:%'") == 4 + len(ODD)
    assert counted(path, "SELECT count(*) FROM everything WHERE key LIKE '%:position'") == 5
    wanted = [RedisKeys.player_position(2), *ODD]
    assert store.read(wanted) == dict.fromkeys(wanted, PLACE)
    assert store.scan("player:1:") == [
        "player:1:inventory",
        "player:1:position",
        "player:1:position:old",
        "player:1:stats",
    ]
    commit(store, stamp, {RedisKeys.player_position(1): None, ODD[0]: None})
    assert store.read([RedisKeys.player_position(1), ODD[0]]) == {}
    store.wipe()
    assert not store.scan("player:")


def test_the_places_of_everybody_take_few_pages(store: SqliteStore, path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    stamp = commit(store, store.claim(ME).stamp, characters(600))
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert log.stat().st_size == 0
    moved = {RedisKeys.player_position(n): {**PLACE, "x": "51"} for n in range(1, 601)}
    commit(store, stamp, dict(moved))
    assert log.stat().st_size < 30 * PAGE
    assert store.read(list(moved)) == moved


def test_a_file_of_before_is_read_as_it_is_and_moved_when_it_is_claimed(path: Path) -> None:
    mixed(path)
    held = {**characters(2), **dict.fromkeys(ODD, PLACE)}
    place = RedisKeys.player_position(1)
    with closing(SqliteStore(path)) as store:
        store.open()
        before = dict(store.items())
        assert {key: before[key] for key in held} == held
        assert store.read([place]) == {place: PLACE}
        assert place in store.scan("player:1:")
        assert store.take_stock().held
        assert counted(path, "SELECT count(*) FROM sqlite_master WHERE name = 'places'") == 0
        store.claim(ME)
        schema = {RedisKeys.WORLD_SCHEMA: str(SCHEMA_VERSION)}
        assert store.read_strings([RedisKeys.WORLD_SCHEMA]) == schema
        assert {key: value for key, value in store.items() if key in held} == held
        assert store.read([place]) == {place: PLACE}
    assert counted(path, "SELECT count(*) FROM places") == 2
    assert counted(path, "SELECT count(*) FROM records WHERE key LIKE '%:position'") == 3


def test_a_move_that_is_taken_back_leaves_a_file_of_before_as_it_was(path: Path) -> None:
    mixed(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        tables.read_without_places(db)
        before = tables.walk(db).fetchall()
        db.execute("BEGIN IMMEDIATE")
        tables.set_places_apart(db)
        assert sorted(tables.walk(db)) == sorted(before)
        db.execute("ROLLBACK")
        assert not tables.has_table(db, "places")
        assert tables.walk(db).fetchall() == before
        assert tables.get(db, "player:1:position", 0) is not None


def test_who_opened_a_file_of_before_writes_to_what_another_one_made_of_it(path: Path) -> None:
    mixed(path)
    place = RedisKeys.player_position(1)
    with closing(SqliteStore(path)) as late, closing(SqliteStore(path)) as first:
        late.open()
        first.open()
        first.release(first.claim(ME).stamp)
        stamp = late.claim(ME).stamp
        commit(late, stamp, {place: {**PLACE, "x": "77"}})
    assert counted(path, "SELECT count(*) FROM places WHERE value LIKE '%77%'") == 1
    assert counted(path, "SELECT count(*) FROM places") == 2


@pytest.mark.parametrize("made", [1, 2, 3, 4, 5])
def test_a_file_that_was_being_made_when_its_server_died_is_completed(
    path: Path, made: int
) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in tables._TABLES[:made]:
            db.execute(statement)
    with closing(SqliteStore(path)) as store:
        store.open()
        commit(store, store.claim(ME).stamp, {**characters(1)})
    assert counted(path, "SELECT count(*) FROM places") == 1
    assert counted(path, "SELECT count(*) FROM everything WHERE key LIKE 'player:%'") == 3
