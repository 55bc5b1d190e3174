from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from pyao.content import sealed
from pyao.content.sealed import Seal, read_sealed, write_sealed
from pyao.errors import ContentError

SEAL = Seal(b"TESTFILE", 2, "make it again")


def test_what_was_sealed_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_sealed(path, SEAL, b"body" * 1000)
    assert read_sealed(path, SEAL) == b"body" * 1000


def test_a_seal_of_another_kind_or_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_sealed(path, SEAL, b"body")
    with pytest.raises(ContentError, match="starts with OTHERONE; make it again"):
        read_sealed(path, Seal(b"OTHERONE", 2, "make it again"))
    with pytest.raises(ContentError, match="in format 2, this server reads format 3"):
        read_sealed(path, Seal(b"TESTFILE", 3, "make it again"))


def test_a_file_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_sealed(path, SEAL, bytes(100_000))
    assert path.stat().st_size < 1_000
    monkeypatch.setattr(sealed, "MAX_BODY_BYTES", 50_000)
    with pytest.raises(ContentError, match="unpacks to more than 50000 bytes"):
        read_sealed(path, SEAL)


def test_a_stream_that_is_no_zlib_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    monkeypatch.setattr(zlib, "compress", lambda data, _level: data)
    write_sealed(path, SEAL, b"not packed")
    with pytest.raises(ContentError, match="is damaged"):
        read_sealed(path, SEAL)


def test_a_file_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_sealed(path, SEAL, bytes(range(256)) * 10)
    monkeypatch.setattr(sealed, "MAX_FILE_BYTES", 50)
    with pytest.raises(ContentError, match="larger than 50 bytes"):
        read_sealed(path, SEAL)
