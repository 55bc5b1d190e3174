"""Files that the server writes for itself: sealed, replaced whole, refused when damaged.

Layout: magic, format version, size and SHA-256 of what follows, which is a zlib stream.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, NamedTuple

from pyao.content.ini import read_bytes
from pyao.errors import ContentError

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_BODY_BYTES: Final = 256 * 1024 * 1024

_HEADER: Final = struct.Struct("<8sHQ32s")


class Seal(NamedTuple):
    """What kind of file it is; `advice` tells an operator how to get a good one."""

    magic: bytes
    version: int
    advice: str


def write_sealed(path: Path, seal: Seal, body: bytes) -> None:
    """Write a file so that a reader finds the old one or the whole new one, nothing between."""
    packed = zlib.compress(body, 6)
    header = _HEADER.pack(seal.magic, seal.version, len(packed), hashlib.sha256(packed).digest())
    write_whole(path, header + packed)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file in one step; what is on disk is the old content or all of the new."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False, mode="wb"
        ) as file:
            temporary = Path(file.name)
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                temporary.chmod(0o644)
                temporary.replace(path)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise ContentError(
            f"cannot be written: {error.strerror}; free some space or choose another data folder",
            file=path,
        ) from error


def read_sealed(path: Path, seal: Seal) -> bytes:
    """Return the body; anything but what `write_sealed` wrote is refused with the reason."""
    data = read_bytes(path, MAX_FILE_BYTES)
    if len(data) < _HEADER.size or not data.startswith(seal.magic):
        raise ContentError(
            f"expected a whole file that starts with {seal.magic.decode()}; {seal.advice}",
            file=path,
        )
    _, version, size, digest = _HEADER.unpack_from(data)
    if version != seal.version:
        raise ContentError(
            f"was written in format {version}, this server reads format {seal.version}; "
            f"{seal.advice}",
            file=path,
        )
    packed = memoryview(data)[_HEADER.size :]
    if len(packed) != size:
        raise ContentError(
            f"cut short or grown: expected {size} bytes after the header, there are "
            f"{len(packed)}; {seal.advice}",
            file=path,
        )
    if hashlib.sha256(packed).digest() != digest:
        raise ContentError(f"is damaged: its checksum does not match; {seal.advice}", file=path)
    unpacker = zlib.decompressobj()
    try:
        body = unpacker.decompress(packed, MAX_BODY_BYTES)
    except zlib.error as error:
        raise ContentError(f"is damaged: {error}; {seal.advice}", file=path) from error
    if not unpacker.eof:
        message = f"unpacks to more than {MAX_BODY_BYTES} bytes or is cut; {seal.advice}"
        raise ContentError(message, file=path)
    return body
