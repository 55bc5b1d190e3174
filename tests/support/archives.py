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
        if hasattr(tarfile, "data_filter"):
            packed.extractall(into, filter="data")
        else:  # Python before 3.11.4; the archives are trusted
            packed.extractall(into)  # noqa: S202 - see above
    return into
