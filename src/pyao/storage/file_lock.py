"""The lock that says which process owns an SQLite world.

A lock of the operating system dies with its process, so a server that was killed never blocks the
next one. The file holds the owner as JSON, for the message to whoever comes second.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

from pyao.errors import StorageConflict, StorageUnavailable
from pyao.storage.owner import Owner
from pyao.storage.repository import owned_message
from pyao.storage.values import Hash

_TRIES = 10


class FileLock:
    """An exclusive lock on one file, held until released or until the process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def acquire(self, owner: Owner, *, take_over: bool = False) -> None:
        """Take the lock, or raise `StorageConflict` naming who has it.

        Taking over puts a new file in the place of the held one: the old owner keeps a lock on a
        file that no longer has a name, and notices by its epoch that it lost the world.
        """
        if self._fd is not None:
            self.release()
        try:
            self._fd = self._locked() if not take_over else self._replaced()
            if self._fd is None:
                raise StorageConflict(owned_message(self.holder()))
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, json.dumps(owner.to_hash()).encode("ascii"), 0)
        except OSError as error:
            raise StorageUnavailable(f"cannot lock {self.path}: {error.strerror}") from error

    def release(self) -> None:
        """Give the lock back; the file stays, so that nobody locks a file about to vanish."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = None

    def forget(self) -> None:
        """Close the file without touching it, when the world now belongs to somebody else."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def holder(self) -> Owner:
        """Return who wrote the file last."""
        try:
            record = json.loads(self.path.read_bytes() or b"{}")
        except (OSError, ValueError):
            record = {}
        known: Hash = (
            {str(name): str(text) for name, text in record.items()}
            if isinstance(record, dict)
            else {}
        )
        return Owner.from_hash(known)

    def _locked(self) -> int | None:
        for _ in range(_TRIES):
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(fd)
                return None
            if self._is_current(fd):
                return fd
            os.close(fd)  # replaced between opening and locking: that lock guards nothing
        return None

    def _replaced(self) -> int:
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        fd = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fresh.replace(self.path)
        return fd

    def _is_current(self, fd: int) -> bool:
        try:
            named = self.path.stat()
        except FileNotFoundError:
            return False
        mine = os.fstat(fd)
        return (named.st_dev, named.st_ino) == (mine.st_dev, mine.st_ino)
