"""Who owns a world, and whether that process still lives.

A process id says something only inside one process namespace of one running system, so an owner
carries where it runs. From elsewhere only a lease that is no longer renewed shows a death.
"""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyao.storage.values import Hash


def _read(path: str) -> str:
    with contextlib.suppress(OSError):
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    return ""


def _place() -> str:
    """Name this running system and its process namespace; empty where neither can be told."""
    boot = _read("/proc/sys/kernel/random/boot_id")
    with contextlib.suppress(OSError):
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    return boot


def _started(pid: int) -> str:
    """Return when a process started, in clock ticks since boot; empty when that is unknown.

    It tells a living owner from another process that was given its number later.
    """
    stat = _read(f"/proc/{pid}/stat")
    after_name = stat.rpartition(")")[2].split()
    return after_name[19] if len(after_name) > 19 else ""  # noqa: PLR2004 - field 22 of proc(5)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@dataclass(frozen=True, slots=True)
class Owner:
    """A server process; stored as the readable hash `world:owner`."""

    host: str
    pid: int
    since: str
    what: str = "pyao-server"
    place: str = ""
    started: str = ""

    @classmethod
    def this_process(cls, what: str = "pyao-server") -> Owner:
        """Describe the process that runs this."""
        pid = os.getpid()
        return cls(
            host=socket.gethostname(),
            pid=pid,
            since=datetime.now(tz=UTC).isoformat(timespec="seconds"),
            what=what,
            place=_place(),
            started=_started(pid),
        )

    @classmethod
    def from_hash(cls, record: Hash) -> Owner:
        """Read a stored owner; what is missing or odd reads as unknown, it only feeds a message."""
        pid = record.get("pid", "")
        return cls(
            host=record.get("host", "?"),
            pid=int(pid) if pid.isascii() and pid.isdigit() else 0,
            since=record.get("since", "?"),
            what=record.get("what", "?"),
            place=record.get("place", ""),
            started=record.get("started", ""),
        )

    def to_hash(self) -> Hash:
        """Return the stored form."""
        return {
            "host": self.host,
            "pid": str(self.pid),
            "since": self.since,
            "what": self.what,
            "place": self.place,
            "started": self.started,
        }

    def describe(self) -> str:
        """Say for people who this is."""
        return f"{self.what} on host {self.host}, pid {self.pid}, since {self.since}"

    def is_dead(self) -> bool | None:
        """Return whether this process has ended; None when that cannot be told from here."""
        if not self.place or self.place != _place() or self.pid <= 0:
            return None
        if not _exists(self.pid):
            return True
        return bool(self.started) and self.started != _started(self.pid)
