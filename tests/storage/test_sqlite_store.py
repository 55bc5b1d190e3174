"""What only the SQLite store has: its file, its lock, its flushes."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.support.waiting import until

from pyao.errors import StorageConflict, StorageCorrupt, StorageUnavailable
from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.repository import Cut, Stamp
from pyao.storage.snapshot import Loss, SnapshotWriter
from pyao.storage.sqlite_store import SqliteStore
from pyao.storage.values import Value

A, B, C = (RedisKeys.player(number, "flags") for number in (1, 2, 3))
ME = Owner.this_process()


def gold(amount: int) -> dict[str, str]:
    return {"gold": str(amount)}


@contextlib.contextmanager
def opened(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    store.open()
    try:
        yield store
    finally:
        store.close()


def test_a_store_of_a_newer_version_stays_byte_for_byte_the_same(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with opened(path) as store:
        stamp = store.claim(ME).stamp
        store.commit(Cut(Stamp(stamp.epoch, 1), {RedisKeys.WORLD_SCHEMA: "99"}))
    before = path.read_bytes()
    with pytest.raises(StorageCorrupt, match="Nothing was changed"):
        SqliteStore(path).open()
    assert path.read_bytes() == before


def test_a_store_that_does_not_exist_is_made_by_who_claims_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with opened(folder / "world.db") as store:
        assert store.read([A]) == {}
        assert store.scan("player:") == []
        assert not folder.exists(), "looking writes nothing"
        store.claim(ME)
        assert (folder / "world.db").exists()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    path.write_bytes(b"MZ this is something else " * 100)
    with pytest.raises(StorageCorrupt, match=r"world\.db is not a sound database"):
        SqliteStore(path).open()
    assert path.read_bytes().startswith(b"MZ this")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageUnavailable, match="data"):
        SqliteStore(tmp_path / "data" / "world.db").open()


def test_only_the_server_may_read_the_file(tmp_path: Path) -> None:
    with opened(tmp_path / "world.db") as store:
        store.claim(ME)
        modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
    assert set(modes.values()) == {0}
    assert "world.db-wal" in modes


def test_an_owner_frozen_inside_a_write_is_named_to_who_takes_over(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with opened(path) as first, opened(path) as second:
        first.claim(ME)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as frozen:
            frozen.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable, match=f"pid {ME.pid}.* end that process first"):
                second.claim(ME, take_over=True)
        second.claim(ME, take_over=True)


def test_a_row_that_is_no_json_is_named_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with opened(path) as store:
        stamp = store.claim(ME).stamp
        store.commit(Cut(Stamp(stamp.epoch, 1), {A: gold(1), B: gold(2)}))
        with contextlib.closing(sqlite3.connect(path)) as other, other:
            other.execute("UPDATE records SET value = '{\"gold\": 5' WHERE key = ?", (A,))
        with pytest.raises(StorageCorrupt, match=A):
            store.read([A])
        assert store.read([B]) == {B: gold(2)}


def test_a_killed_owner_does_not_block_the_next(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    code = (
        "import sys, time; from pathlib import Path\n"
        "from pyao.storage.sqlite_store import SqliteStore\n"
        "from pyao.storage.owner import Owner\n"
        "store = SqliteStore(Path(sys.argv[1])); store.open(); store.claim(Owner.this_process())\n"
        "print('mine', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"mine\n"
        with opened(path) as second:
            with pytest.raises(StorageConflict, match=f"pid {owner.pid}"):
                second.claim(ME)
            os.kill(owner.pid, signal.SIGKILL)
            owner.wait()
            assert second.claim(ME).stamp.number == 0


def test_a_frozen_owner_can_be_taken_over_and_is_fenced(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with opened(path) as first, opened(path) as second, opened(path) as third:
        first.claim(ME)
        second.claim(ME, take_over=True)
        with pytest.raises(StorageConflict):
            third.claim(ME)
        first.close()
        with pytest.raises(StorageConflict):
            third.claim(ME)
        second.close()
        third.claim(ME)


async def test_the_game_goes_on_while_the_file_is_busy_and_everything_is_written_after(
    tmp_path: Path,
) -> None:
    path = tmp_path / "world.db"
    writer = SnapshotWriter(SqliteStore(path))
    await writer.open()
    blocker = sqlite3.connect(path, isolation_level=None)
    with capture_logs() as lines:
        blocker.execute("BEGIN EXCLUSIVE")
        for amount in range(2000):
            number = writer.submit({A: gold(amount), B: gold(-amount)})
        await until(lambda: not writer.healthy)
        for amount in range(2000, 4000):
            number = writer.submit({A: gold(amount), B: gold(-amount)})
        assert not await writer.committed(number, 0.05)
        assert writer.stats.pending_keys <= 4
        assert await writer.read([A]) == {A: gold(3999)}
        with pytest.raises(StorageUnavailable):
            await writer.read([C])
        blocker.execute("ROLLBACK")
        assert await writer.committed(number, 5)
    blocker.close()
    assert [line["event"] for line in lines] == ["store_away", "store_back"]
    assert writer.stats.commits <= 3
    await writer.close()
    with opened(path) as store:
        assert store.read([A, B]) == {A: gold(3999), B: gold(-3999)}


async def test_a_deleted_file_is_noticed_and_written_anew_from_memory(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    losses: list[Loss] = []

    def everything(loss: Loss) -> dict[str, Value | None]:
        losses.append(loss)
        return {A: gold(11), B: gold(22)}

    writer = SnapshotWriter(SqliteStore(path))
    writer.on_lost = everything
    await writer.open()
    user_id = await writer.allocate_user_id()
    await writer.committed(writer.submit({A: gold(1), C: gold(3)}), 5)
    path.unlink()
    assert await writer.committed(writer.submit({A: gold(2)}), 5)
    assert losses == [Loss(None, complete=False)]
    assert writer.incomplete
    assert await writer.committed(writer.submit({B: gold(23)}), 5)
    assert await writer.allocate_user_id() > user_id
    await writer.close()
    with opened(path) as store:
        assert store.read([A, B, C]) == {A: gold(11), B: gold(23), C: gold(3)}


async def test_a_store_that_was_rolled_back_gets_what_was_confirmed_since(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    losses: list[Loss] = []

    def everything(loss: Loss) -> dict[str, Value | None]:
        losses.append(loss)
        return {A: gold(9)}

    writer = SnapshotWriter(SqliteStore(path))
    writer.on_lost = everything
    await writer.open()
    await writer.committed(writer.submit({A: gold(10), B: gold(0)}, [{"move": "1"}]), 5)
    with contextlib.closing(sqlite3.connect(path)) as copier:
        copier.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
    # A gives to B, who leaves the game: only the writer's memory still knows of it.
    number = writer.submit({A: gold(9), B: gold(1)}, [{"move": "2"}])
    await writer.committed(number, 5)
    for name in ("world.db-wal", "world.db-shm"):
        (tmp_path / name).unlink()
    (tmp_path / "old.db").replace(path)
    await until(lambda: writer.stats.rewrites)
    assert await writer.drain(5)
    assert [(loss.stored and loss.stored.number, loss.complete) for loss in losses] == [(1, True)]
    assert not writer.incomplete
    await writer.close()
    with opened(path) as store:
        assert store.read([A, B]) == {A: gold(9), B: gold(1)}
        assert store.audit(9) == [{"move": "1"}, {"move": "2"}]


async def test_a_loss_nobody_can_mend_ends_the_server(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    ends: list[str] = []
    writer = SnapshotWriter(SqliteStore(path))
    writer.on_end = ends.append
    await writer.open()
    await writer.committed(writer.submit({A: gold(1)}), 5)
    path.unlink()
    await until(lambda: ends)
    assert "emptied or rolled back" in ends[0]
    assert not path.exists()
    await writer.close()
