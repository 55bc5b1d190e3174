"""Unpacks the test archives of ../shared/data, which are never part of the project."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest


def unpack(shared: Path, archive: str, into: Path) -> Path:
    """Unpack an archive by its name without suffix; skip the test when it is not there."""
    path = shared / "data" / f"{archive}.tar.xz"
    if not path.is_file():
        pytest.skip(f"no {path.name} on this machine")
    with tarfile.open(path, "r:xz") as packed:
        packed.extractall(into, filter="data")
    return into
