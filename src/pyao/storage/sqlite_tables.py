"""The tables of a world's SQLite file, and what is said to them.

A record is a row of `records`, but for the places where characters stand. Of everybody who walks
one is written each second, and a cut takes whole pages of 4 KiB: among the other records of its
character each place takes a page of its own, in the table `places` sixty of them share one.

Everything here is for the store's thread, raises what `sqlite3` raises, and begins no transaction.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Final

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    # FULL: each cut is on the disk before it counts as stored, for confirmations promise that a
    # trade survives a power cut too. NORMAL would lose the last cuts then (never corrupt, WAL sees
    # to that). The price is one flush per cut in this thread; the game does not wait for it.
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=16777216",
    # KiB of pages kept in memory, not the usual 2 MB: what everybody who plays changes each second
    # takes a hundred pages, and the rest is in the system's own memory anyway.
    "PRAGMA cache_size=-800",
)
_PLACES: Final = (
    """CREATE TABLE IF NOT EXISTS places (
        user_id INTEGER PRIMARY KEY, value TEXT NOT NULL
    )""",
    """CREATE VIEW IF NOT EXISTS everything AS
        SELECT key, value, expires FROM records UNION ALL
        SELECT 'player:' || user_id || ':position', value, NULL FROM places""",
)
# An empty table for who only reads a file of before, where places are among the records.
_NO_PLACES: Final = tuple(each.replace("CREATE", "CREATE TEMP", 1) for each in _PLACES)
_NO_PLACES_ANY_MORE: Final = ("DROP VIEW temp.everything", "DROP TABLE temp.places")
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS records (
        key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS live ON records (expires) WHERE expires IS NOT NULL",
    """CREATE TABLE IF NOT EXISTS audit (
        number INTEGER PRIMARY KEY AUTOINCREMENT, row TEXT NOT NULL
    )""",
    *_PLACES,
)

_PLACE_KEY: Final = re.compile(r"player:([1-9][0-9]{0,17}):position")
_PLACES_AMONG_RECORDS: Final = "SELECT key, value FROM records WHERE key GLOB 'player:*:position'"

_HAS: Final = "SELECT name FROM sqlite_master WHERE name = ?"
_HAS_OF_ITS_OWN: Final = "SELECT name FROM sqlite_temp_master WHERE name = ?"
PUT: Final = (
    "INSERT INTO records (key, value, expires) VALUES (?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
)
DELETE: Final = "DELETE FROM records WHERE key = ?"
APPEND: Final = "INSERT INTO audit (row) VALUES (?)"
_GET: Final = "SELECT value, expires FROM records WHERE key = ?"
_PUT_PLACE: Final = (
    "INSERT INTO places (user_id, value) VALUES (?, ?)"
    " ON CONFLICT (user_id) DO UPDATE SET value = excluded.value"
)
_DELETE_PLACE: Final = "DELETE FROM places WHERE user_id = ?"
_GET_PLACE: Final = "SELECT value, NULL FROM places WHERE user_id = ?"
_WALK: Final = "SELECT key, value FROM everything WHERE expires IS NULL"
_SCAN: Final = (
    "SELECT key FROM everything WHERE key >= ? AND key < ?"
    " AND (expires IS NULL OR expires > ?) ORDER BY key"
)

# Rankings by their key without the character's number, which ends it.
_BOARD: Final = "rtrim(key, '0123456789')"
_SCORE: Final = "CAST(trim(value, '\"') AS INTEGER)"
_RANKS: Final = (
    f"CREATE INDEX IF NOT EXISTS ranks ON records ({_BOARD}, {_SCORE}, key)"
    " WHERE key GLOB 'ranking:*'"
)
_RANKED: Final = f"FROM records WHERE key GLOB 'ranking:*' AND {_BOARD} = ?"


def tune(db: sqlite3.Connection) -> None:
    """Set how a file is written."""
    for statement in _PRAGMAS:
        db.execute(statement)


def make(db: sqlite3.Connection) -> None:
    """Make the tables of a new world."""
    for statement in _TABLES:
        db.execute(statement)


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Tell whether there is such a table."""
    return db.execute(_HAS, (name,)).fetchone() is not None


def add_ranks(db: sqlite3.Connection) -> None:
    """Index the rankings; files made before there were any have no such index."""
    db.execute(_RANKS)


def read_without_places(db: sqlite3.Connection) -> None:
    """Let who only reads also read a file of layout 3 or before, without changing it."""
    if not has_table(db, "places"):
        for statement in _NO_PLACES:
            db.execute(statement)


def set_places_apart(db: sqlite3.Connection) -> None:
    """Move places out of the records, unless they are already; before anything is written."""
    if db.execute(_HAS_OF_ITS_OWN, ("places",)).fetchone() is not None:
        for statement in _NO_PLACES_ANY_MORE:  # it would hide that of the file
            db.execute(statement)
    if has_table(db, "places"):
        return
    for statement in _PLACES:
        db.execute(statement)
    found = db.execute(_PLACES_AMONG_RECORDS).fetchall()
    moved = [(key, text) for key, text in found if _PLACE_KEY.fullmatch(key)]
    write(db, moved)
    db.executemany(DELETE, ((key,) for key, _ in moved))


def write(db: sqlite3.Connection, rows: Iterable[tuple[str, str | None]]) -> None:
    """Write encoded records by key, and remove those that are None."""
    for key, text in rows:
        place = _PLACE_KEY.fullmatch(key)
        if place is not None:
            if text is None:
                db.execute(_DELETE_PLACE, (int(place[1]),))
            else:
                db.execute(_PUT_PLACE, (int(place[1]), text))
        elif text is None:
            db.execute(DELETE, (key,))
        else:
            db.execute(PUT, (key, text, None))


def get(db: sqlite3.Connection, key: str, now: int) -> str | None:
    """Return a record as it is encoded; None when there is none, or no more at `now` (unix s)."""
    place, row = _PLACE_KEY.fullmatch(key), None
    if place is not None:
        row = db.execute(_GET_PLACE, (int(place[1]),)).fetchone()
    if row is None:  # in a file of layout 3 or before, places are here too
        row = db.execute(_GET, (key,)).fetchone()
    if row is None or (row[1] is not None and row[1] <= now):
        return None
    text: str = row[0]
    return text


def walk(db: sqlite3.Connection) -> sqlite3.Cursor:
    """Walk over key and encoded value of everything that does not expire."""
    return db.execute(_WALK)


def scan(db: sqlite3.Connection, prefix: str, now: int) -> list[str]:
    """Return the keys that start so, in order, but for those that have expired at `now`."""
    return [key for (key,) in db.execute(_SCAN, (prefix, prefix + "\U0010ffff", now))]


def best(db: sqlite3.Connection, board: str, first: int, count: int) -> list[tuple[str, int]]:
    """Return keys and scores of a part of a ranking, whose key begins with `board`."""
    rows = db.execute(
        f"SELECT key, {_SCORE} {_RANKED} ORDER BY {_SCORE} DESC, key DESC LIMIT ? OFFSET ?",
        (board, max(count, 0), first),
    )
    return rows.fetchall()


def place_in(db: sqlite3.Connection, board: str, key: str) -> int | None:
    """Count who is ahead of somebody in a ranking; None for who is not in it."""
    ask = f"SELECT count(*) {_RANKED} AND {_SCORE}"
    row = db.execute(f"SELECT {_SCORE} {_RANKED} AND key = ?", (board, key)).fetchone()
    if row is None:
        return None
    (above,) = db.execute(f"{ask} > ?", (board, *row)).fetchone()
    (beside,) = db.execute(f"{ask} = ? AND key > ?", (board, *row, key)).fetchone()
    return int(above + beside)
