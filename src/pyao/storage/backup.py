"""Backups: the whole world in one SQLite file, made while the server runs.

Each is a store of its own; `pyao-server storage restore FILE` checks it and puts it back. A file
that is not complete never bears the name of a backup.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from pyao.errors import StorageUnavailable
from pyao.storage.keys import RedisKeys
from pyao.storage.migrate import copy_world
from pyao.storage.owner import Owner
from pyao.storage.repository import Repository, Stamp, read_number
from pyao.storage.sqlite_store import SqliteStore

T = TypeVar("T")

FOLDER: Final = "backups"
_PAUSE_EVERY: Final = 50
_PAUSE_S: Final = 0.000_2


def backup_path(data_dir: Path, now: float) -> Path:
    """Return where the backup of this moment goes; a second one in a second gets a number."""
    stem = datetime.fromtimestamp(now, UTC).strftime("world-%Y%m%d-%H%M%S")
    folder = data_dir / FOLDER
    path = folder / f"{stem}.db"
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}.db"
        number += 1
    return path


def write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a draft beside the target, for nobody else to read, and name it at last."""
    draft = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)  # it holds password hashes
        write(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        raise StorageUnavailable(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        for left in target.parent.glob(f"{draft.name}*"):
            left.unlink(missing_ok=True)


def copy_into(source: Repository, target: Path) -> None:
    """Copy a store that nobody writes meanwhile into an SQLite file, record by record, checked."""
    commit = RedisKeys.WORLD_COMMIT
    number = read_number(commit, source.read_strings([commit]).get(commit)) or 0
    with closing(SqliteStore(target)) as store:
        store.open()
        epoch = store.claim(Owner.this_process("pyao-server backup")).stamp.epoch
        copy_world(source, store, Stamp(epoch, number), pace=gently)
        store.release(Stamp(epoch, number))


def gently(things: Iterable[T]) -> Iterator[T]:
    """Hand things on, letting go of the interpreter now and then: players wait for it."""
    for number, thing in enumerate(things):
        if number % _PAUSE_EVERY == 0:
            time.sleep(_PAUSE_S)
        yield thing
