"""The store of a server without Redis: one SQLite file in the data folder.

The same keys and hashes as on Redis, a row each, the hash as JSON. A file lock beside the database
names the owner; the epoch in the database fences one that was taken over.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from pyao.errors import StorageCorrupt, StorageUnavailable
from pyao.rules.character import UserId
from pyao.storage import sqlite_tables as tables
from pyao.storage.crash_points import AFTER_COMMIT, BEFORE_COMMIT, INSIDE_COMMIT, CrashPoint
from pyao.storage.file_lock import FileLock
from pyao.storage.keys import RedisKeys, is_live
from pyao.storage.ledger import carried_forward, holders_in
from pyao.storage.owner import Owner
from pyao.storage.repository import (
    SCHEMA_VERSION,
    TRIM_AT_ONCE,
    Beat,
    Claim,
    Cut,
    Repository,
    Stamp,
    Standing,
    Verdict,
    check_schema,
    half_migrated,
    judge,
    judge_beat,
    next_epoch,
    read_number,
)
from pyao.storage.stocktaking import Findings, all_at_once
from pyao.storage.upgrade import upgraded
from pyao.storage.values import Hash, Value, storable

_BUSY_S: Final = 0.5
# Rows per slice; between slices the thread lets go of the interpreter, so that the game's thread
# never waits for more than about a millisecond of encoding.
_SLICE: Final = 100
_YIELD_S: Final = 0.000_05
_NO_FILE: Final = (0, 0)

_values: Final[msgspec.json.Decoder[Value]] = msgspec.json.Decoder(Value)
_hashes: Final[msgspec.json.Decoder[Hash]] = msgspec.json.Decoder(Hash)


def _text(value: Value) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        if isinstance(value, str):
            return _text(storable(value))
        return _text({storable(name): storable(text) for name, text in value.items()})


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours; a full disk or a busy file heals, a damaged file does not."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageUnavailable(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StorageCorrupt(
            f"{path} is not a sound database ({error}); move it away or restore a backup"
        ) from error


class SqliteStore(Repository):
    """`Repository` on one SQLite file."""

    kind = "sqlite"
    backup_needs_peace = False  # a reader sees one moment, whatever is written meanwhile

    def __init__(
        self,
        path: Path,
        *,
        crash_point: CrashPoint | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self._crash_point = crash_point or CrashPoint()
        self._clock = clock
        self._lock = FileLock(path.with_name(path.name + ".owner"))
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] = _NO_FILE

    # --- opening and closing

    def open(self, *, unfinished: bool = False) -> None:
        """Open the file; one that does not exist reads as empty and is made by a claim.

        A world of a newer version stays byte for byte as it is.
        """
        if self._connection is not None:
            return
        with _translated(self.path):
            self._connect(self.path if self._exists() else None, unfinished=unfinished)

    def _exists(self) -> bool:
        try:
            self.path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StorageUnavailable(
                f"cannot reach {self.path}: {error.strerror}; choose another folder with --data-dir"
            ) from error
        return True

    def _make(self) -> None:
        """Open the file for writing, and make it with its folder where there is none."""
        if self._file != _NO_FILE and self._connection is not None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # It holds password hashes: for nobody but the server, and the log beside it follows.
            self.path.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable(
                f"cannot write {self.path}: {error.strerror}; choose another folder with --data-dir"
            ) from error
        self._hang_up()
        with _translated(self.path):
            self._connect(self.path, unfinished=False)

    def _connect(self, path: Path | None, *, unfinished: bool) -> None:
        """Open a file, or an empty world in memory that stands for the one not made yet."""
        # Opened by one thread and used by another, never by both at a time.
        connection = sqlite3.connect(
            path or ":memory:", timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            if not self._check(connection, unfinished=unfinished):
                tables.tune(connection)
                tables.make(connection)
                self._put(connection, {RedisKeys.WORLD_SCHEMA: str(SCHEMA_VERSION)})
            tables.tune(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._file = _NO_FILE
        if path is not None:
            found = path.stat()
            self._file = (found.st_dev, found.st_ino)

    def _check(self, connection: sqlite3.Connection, *, unfinished: bool) -> bool:
        """Return whether this is a world already; refuse one that cannot be served."""
        if not tables.has_table(connection, "records"):
            return False
        texts = self._strings(connection, [RedisKeys.WORLD_SCHEMA, RedisKeys.WORLD_MIGRATING])
        if RedisKeys.WORLD_MIGRATING in texts and not unfinished:
            raise StorageCorrupt(half_migrated(self.describe()))
        schema = texts.get(RedisKeys.WORLD_SCHEMA)
        if check_schema(str(self.path), schema, RedisKeys.WORLD_SCHEMA) == 0:
            return False
        tables.read_without_places(connection)
        return True

    def close(self) -> None:
        """Close the file and let go of the lock."""
        self._hang_up()
        self._lock.forget()

    def _hang_up(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def describe(self) -> str:
        """Say which file this is."""
        return f"SQLite {self.path}"

    # --- ownership

    def claim(self, owner: Owner, *, take_over: bool = False) -> Claim:
        """Lock the world and raise its epoch."""
        self._make()  # the lock stands in the same folder
        holder = self._lock.holder()
        self._lock.acquire(owner, take_over=take_over)
        try:
            with self._transaction() as db:
                stamp = self._stamp(db)
                epoch = next_epoch(stamp.epoch if stamp else None, self._clock())
                claimed = Stamp(epoch, stamp.number if stamp else 0)
                db.execute("DELETE FROM records WHERE expires IS NOT NULL")
                tables.add_ranks(db)
                self._put_stamp(db, claimed)
                self._put(db, self._upgrade(db))
                self._put(db, {RedisKeys.WORLD_OWNER: owner.to_hash()})
                last = self._last_user_id(db)
        except StorageUnavailable as error:
            self._lock.forget()
            if not take_over:
                raise
            raise StorageUnavailable(
                f"{error}: {holder.describe()} may be stopped in the middle of a write; end that "
                "process first"
            ) from error
        except BaseException:
            self._lock.forget()
            raise
        return Claim(claimed, last)

    def _upgrade(self, db: sqlite3.Connection) -> dict[str, Value]:
        texts = self._strings(db, [RedisKeys.WORLD_SCHEMA])
        version = check_schema(str(self.path), texts.get(RedisKeys.WORLD_SCHEMA), "world:schema")
        changes = upgraded(version, self.items)
        return {**changes, RedisKeys.WORLD_SCHEMA: str(SCHEMA_VERSION)}

    def release(self, stamp: Stamp) -> None:
        """Remove the owner and what lived with it, then unlock."""
        with self._transaction() as db:
            stored = self._stamp(db)
            ours = stored is not None and stored.epoch == stamp.epoch
            if ours:
                db.execute("DELETE FROM records WHERE expires IS NOT NULL")
                db.execute(tables.DELETE, (RedisKeys.WORLD_OWNER,))
        if ours:
            self._lock.release()
        else:
            self._lock.forget()

    # --- writing

    def commit(self, cut: Cut) -> Standing:
        """Write a cut in one transaction; encoding happens before it, in slices."""
        rows = list(self._encoded(cut))
        if not self._follow_file(create=cut.rewrite):
            return Standing(Verdict.LOST, None)
        self._crash_point.reach(BEFORE_COMMIT)
        with self._transaction() as db:
            stored = self._stamp(db)
            verdict = judge(stored, cut)
            if verdict is None:
                tables.write(db, rows)
                self._crash_point.reach(INSIDE_COMMIT)
                db.executemany(tables.APPEND, ((_text(row),) for row in cut.ledger))
                self._put_stamp(db, cut.stamp)
        self._crash_point.reach(AFTER_COMMIT)
        if verdict is None:
            return Standing(Verdict.STORED, cut.stamp)
        return Standing(verdict, stored)

    def _encoded(self, cut: Cut) -> Iterator[tuple[str, str | None]]:
        changes = iter(cut.changes.items())
        while piece := list(islice(changes, _SLICE)):
            for key, value in piece:
                yield key, (_text(value) if value or value == "" else None)
            time.sleep(_YIELD_S)

    def beat(self, beat: Beat) -> Standing:
        """Look whether the world is still ours and write what lives with the server."""
        if not self._follow_file(create=False):
            return Standing(Verdict.LOST, None)
        if not (beat.volatile or beat.durable or beat.refresh):
            with _translated(self.path):
                stored = self._stamp(self._db())
            return Standing(judge_beat(stored, beat.stamp), stored)
        expires = int(self._clock()) + beat.ttl_s
        with self._transaction() as db:
            stored = self._stamp(db)
            verdict = judge_beat(stored, beat.stamp)
            if verdict is Verdict.STORED:
                for key, value in beat.volatile.items():
                    if value is None:
                        db.execute(tables.DELETE, (key,))
                    else:
                        db.execute(tables.PUT, (key, _text(value), expires))
                db.executemany(
                    "UPDATE records SET expires = ? WHERE key = ?",
                    ((expires, key) for key in beat.refresh),
                )
                self._put(db, beat.durable)
        return Standing(verdict, stored)

    def trim(self, stamp: Stamp, keep: int) -> Standing:
        """Drop the oldest rows above `keep` and carry their sums forward, in one transaction."""
        if not self._follow_file(create=False):
            return Standing(Verdict.LOST, None)
        with self._transaction() as db:
            stored = self._stamp(db)
            verdict = judge_beat(stored, stamp)
            if verdict is Verdict.STORED:
                # Numbers have no gaps: rows are only ever appended, and only dropped from here.
                low, high = db.execute("SELECT min(number), max(number) FROM audit").fetchone()
                surplus = 0 if low is None else min(high - low + 1 - keep, TRIM_AT_ONCE)
                if surplus > 0:
                    self._carry_forward(db, low + surplus)
        return Standing(verdict, stored)

    def _carry_forward(self, db: sqlite3.Connection, first_kept: int) -> None:
        found = db.execute("SELECT row FROM audit WHERE number < ?", (first_kept,))
        rows = [_hashes.decode(text) for (text,) in found]
        stored = {key: self._hash(key, text) for key, text in self._rows(db, holders_in(rows))}
        for key, balance in carried_forward(rows, stored).items():
            if balance is None:
                db.execute(tables.DELETE, (key,))
            else:
                self._put(db, {key: balance})
        db.execute("DELETE FROM audit WHERE number < ?", (first_kept,))

    def take_stock(self) -> Findings:
        """Read everything at one moment, over a connection of its own."""
        if not self._exists():
            return all_at_once((), ())
        with (
            _translated(self.path),
            closing(sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)) as reader,
        ):
            tables.read_without_places(reader)
            reader.execute("BEGIN")
            records = tables.walk(reader)
            rows = reader.execute("SELECT number, row FROM audit ORDER BY number")
            return all_at_once(
                ((key, self._value(key, text)) for key, text in records),
                ((number, _hashes.decode(text)) for number, text in rows),
            )

    def allocate_user_id(self, floor: int) -> UserId:
        """Count one up, durably before it is given out."""
        with self._transaction() as db:
            number = max(self._last_user_id(db), floor) + 1
            self._put(db, {RedisKeys.WORLD_LAST_USER_ID: str(number)})
        return UserId(number)

    # --- reading

    def read(self, keys: Sequence[str]) -> dict[str, Hash]:
        """Return the hashes under these keys."""
        found: dict[str, Hash] = {}
        with _translated(self.path):
            for key, text in self._rows(self._db(), keys):
                found[key] = self._hash(key, text)
        return found

    def read_strings(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the texts under these keys."""
        with _translated(self.path):
            return self._strings(self._db(), keys)

    def scan(self, prefix: str) -> list[str]:
        """Return the keys that start so."""
        with _translated(self.path):
            return tables.scan(self._db(), prefix, int(self._clock()))

    def best(self, board: str, first: int, count: int) -> list[tuple[UserId, int]]:
        """Read a part of a ranking."""
        with _translated(self.path):
            rows = tables.best(self._db(), f"{RedisKeys.ranking(board)}:", first, count)
        return [(UserId(int(key.rpartition(":")[2])), score) for key, score in rows]

    def place(self, board: str, user_id: UserId) -> int | None:
        """Count who is ahead of a character."""
        own = RedisKeys.ranked(board, user_id)
        with _translated(self.path):
            return tables.place_in(self._db(), f"{RedisKeys.ranking(board)}:", own)

    def audit(self, count: int) -> list[Hash]:
        """Return the last rows of the audit."""
        with _translated(self.path):
            rows = self._db().execute(
                "SELECT row FROM audit ORDER BY number DESC LIMIT ?", (count,)
            )
            return [_hashes.decode(text) for (text,) in rows][::-1]

    def audit_rows(self) -> Iterator[Hash]:
        """Walk over the audit."""
        with _translated(self.path):
            rows = self._db().execute("SELECT row FROM audit ORDER BY number")
            with closing(rows):
                for (text,) in rows:
                    yield _hashes.decode(text)

    def items(self) -> Iterator[tuple[str, Value]]:
        """Walk over every lasting record."""
        with _translated(self.path):
            rows = tables.walk(self._db())
            with closing(rows):
                for key, text in rows:
                    if not is_live(key):
                        yield key, self._value(key, text)

    def damage(self) -> list[str]:
        """Let SQLite check every page and index."""
        with _translated(self.path):
            rows = self._db().execute("PRAGMA integrity_check").fetchall()
        return [f"{self.path}: {text}" for (text,) in rows if text != "ok"]

    def back_up(self, target: Path) -> None:
        """Write a compact copy of this moment over a connection of its own."""
        with (
            _translated(self.path),
            closing(sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)) as reader,
        ):
            reader.execute("VACUUM INTO ?", (str(target),))

    # --- migration

    def wipe(self) -> None:
        """Empty the tables, except for what says which layout and whose world it is."""
        keep = (RedisKeys.WORLD_SCHEMA, RedisKeys.WORLD_OWNER, RedisKeys.WORLD_EPOCH)
        with self._transaction() as db:
            db.execute("DELETE FROM records WHERE key NOT IN (?, ?, ?)", keep)
            db.execute("DELETE FROM places")
            db.execute("DELETE FROM audit")

    def fill(self, records: Iterable[tuple[str, Value]], ledger: Iterable[Hash]) -> None:
        """Write what another store held, in one transaction."""
        with self._transaction() as db:
            tables.write(db, ((key, _text(value)) for key, value in records))
            db.executemany(tables.APPEND, ((_text(row),) for row in ledger))

    # --- inside

    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StorageUnavailable(f"{self.path} is not open")
        return self._connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._connection is not None:
            self._make()
        with _translated(self.path):
            db = self._db()
            db.execute("BEGIN IMMEDIATE")
            try:
                tables.set_places_apart(db)
                yield db
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise

    def _follow_file(self, *, create: bool) -> bool:
        """Look whether the path still leads to our file, and open what stands there now if not.

        Somebody may delete the file of a running server, or put a backup in its place; writing on
        into a file without a name would lose everything at the end. False: there is none.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            if not create:
                return False
        except OSError as error:
            raise StorageUnavailable(f"{self.path}: {error.strerror}") from error
        else:
            if self._connection is not None and (found.st_dev, found.st_ino) == self._file:
                return True
        self._hang_up()
        self._make()
        return True

    def _stamp(self, db: sqlite3.Connection) -> Stamp | None:
        texts = self._strings(db, (RedisKeys.WORLD_EPOCH, RedisKeys.WORLD_COMMIT))
        epoch = read_number("world:epoch", texts.get(RedisKeys.WORLD_EPOCH))
        number = read_number("world:commit", texts.get(RedisKeys.WORLD_COMMIT))
        return None if epoch is None or number is None else Stamp(epoch, number)

    def _put_stamp(self, db: sqlite3.Connection, stamp: Stamp) -> None:
        self._put(
            db,
            {RedisKeys.WORLD_EPOCH: str(stamp.epoch), RedisKeys.WORLD_COMMIT: str(stamp.number)},
        )

    def _last_user_id(self, db: sqlite3.Connection) -> int:
        key = RedisKeys.WORLD_LAST_USER_ID
        return read_number(key, self._strings(db, (key,)).get(key)) or 0

    def _put(self, db: sqlite3.Connection, records: Mapping[str, Value]) -> None:
        tables.write(db, ((key, _text(value)) for key, value in records.items()))

    def _rows(self, db: sqlite3.Connection, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
        now = int(self._clock())
        for key in keys:
            text = tables.get(db, key, now)
            if text is not None:
                yield key, text

    def _strings(self, db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, str]:
        found = {key: self._value(key, text) for key, text in self._rows(db, keys)}
        return {key: value for key, value in found.items() if isinstance(value, str)}

    def _hash(self, key: str, text: str) -> Hash:
        value = self._value(key, text)
        if isinstance(value, str):
            raise StorageCorrupt(f"{key}: expected a hash, got a text")
        return value

    def _value(self, key: str, text: str) -> Value:
        try:
            return _values.decode(text)
        except msgspec.DecodeError as error:
            raise StorageCorrupt(
                f"{key}: expected a JSON object of texts, got {text[:60]!r} ({error}); repair or "
                "remove the row"
            ) from error
