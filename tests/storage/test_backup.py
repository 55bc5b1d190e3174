"""Backups made while the server writes, and put back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.storage.conftest import StoreMaker

from pyao.errors import StorageUnavailable
from pyao.storage.backup import backup_path, gently, write_whole
from pyao.storage.keys import RedisKeys
from pyao.storage.migrate import migrate
from pyao.storage.repository import Repository
from pyao.storage.snapshot import SnapshotWriter
from pyao.storage.sqlite_store import SqliteStore
from pyao.storage.values import Hash

PEOPLE = {RedisKeys.player(n, "flags"): {"gold": str(n)} for n in range(1, 300)}
FIRST = RedisKeys.player(1, "flags")
ROW: Hash = {"cause": "trade"}


@pytest.fixture
async def writer(make_store: StoreMaker) -> AsyncIterator[SnapshotWriter]:
    made = SnapshotWriter(make_store())
    await made.open()
    yield made
    await made.close()


def restored(backup: Path, folder: Path) -> tuple[dict[str, Hash], list[Hash]]:
    """Migrate a backup into an empty world, as an operator does, and return what that holds."""
    target = SqliteStore(folder / "restored.db")
    migrate(SqliteStore(backup), target)
    target.open()
    found = target.read(list(PEOPLE)), list(target.audit_rows())
    target.close()
    return found


async def test_a_backup_holds_what_was_submitted_before_and_can_be_put_back(
    writer: SnapshotWriter, tmp_path: Path
) -> None:
    writer.submit(PEOPLE, [ROW])
    target = tmp_path / "backups" / "copy.db"
    await writer.back_up(target)
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert restored(target, tmp_path) == (PEOPLE, [ROW])


async def test_the_game_goes_on_while_a_backup_is_made_and_is_stored_after_it(
    writer: SnapshotWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.submit(PEOPLE)
    entered, go_on = threading.Event(), threading.Event()
    whole = type(writer.repository).back_up

    def slowly(store: Repository, target: Path) -> None:
        entered.set()
        assert go_on.wait(10)
        whole(store, target)

    monkeypatch.setattr(type(writer.repository), "back_up", slowly)
    work = asyncio.create_task(writer.back_up(tmp_path / "copy.db"))
    await asyncio.to_thread(entered.wait, 10)
    number = writer.submit({FIRST: {"gold": "1000"}})
    assert (await writer.read([FIRST]))[FIRST] == {"gold": "1000"}
    peace = writer.repository.backup_needs_peace
    assert await writer.committed(number, 0.1) is not peace
    with pytest.raises(StorageUnavailable, match="another backup"):
        await writer.back_up(tmp_path / "second.db")
    go_on.set()
    await work
    assert await writer.committed(number, 5)
    people, _ = restored(tmp_path / "copy.db", tmp_path)
    assert people[FIRST] == ({"gold": "1"} if peace else {"gold": "1000"})
    assert not (tmp_path / "second.db").exists()


async def test_a_backup_that_cannot_be_written_leaves_nothing_and_harms_nothing(
    writer: SnapshotWriter, tmp_path: Path
) -> None:
    writer.submit(PEOPLE)
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(StorageUnavailable, match=r"cannot write .*copy\.db"):
        await writer.back_up(tmp_path / "backups" / "copy.db")
    assert await writer.committed(writer.submit({FIRST: {"gold": "2"}}))
    await writer.back_up(tmp_path / "copy.db")


def test_a_draft_that_fails_half_way_is_removed(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        draft.write_text("half")
        draft.with_name(draft.name + "-wal").write_text("half")
        raise StorageUnavailable("no more space")

    with pytest.raises(StorageUnavailable, match="no more space"):
        write_whole(tmp_path / "copy.db", fail)
    assert list(tmp_path.iterdir()) == []


def test_two_backups_in_one_second_have_two_names(tmp_path: Path) -> None:
    first = backup_path(tmp_path, 1_700_000_000)
    assert first == tmp_path / "backups" / "world-20231114-221320.db"
    first.parent.mkdir()
    first.touch()
    assert backup_path(tmp_path, 1_700_000_000).name == "world-20231114-221320-2.db"


def test_walking_gently_changes_nothing() -> None:
    assert list(gently(range(120))) == list(range(120))
