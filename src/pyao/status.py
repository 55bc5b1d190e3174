"""`server.json` in the data folder: what a listening server says of itself to scripts."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

STATUS_FILE: Final = "server.json"


@dataclass(frozen=True, slots=True)
class Status:
    """What `server.json` in the data folder says of a listening server."""

    pid: int
    addresses: list[tuple[str, int]]
    store: str
    world: str
    started: float  # unix seconds
    monitoring: tuple[str, int] | None = None  # where /metrics and the health pages are

    def write(self, data_dir: Path) -> None:
        """Put the file in its place at once: a reader never finds half of it."""
        target = data_dir / STATUS_FILE
        draft = target.with_suffix(".tmp")
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
        draft.replace(target)

    def withdraw(self, data_dir: Path) -> None:
        """Remove the file, unless a server that took the world over wrote its own."""
        path = data_dir / STATUS_FILE
        with contextlib.suppress(OSError, msgspec.DecodeError):
            if msgspec.json.decode(path.read_bytes(), type=Status) == self:
                path.unlink()
