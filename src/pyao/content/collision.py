"""The client's own ground: what it blocks, what it takes for water, and how a world compares.

Read from the client's `Assets/Maps/mapaN.map`; the result can be kept in the data folder, where the
starter world finds it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from operator import ne
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from pyao.content.ini import read_bytes
from pyao.content.maps import MAX_MAP_BYTES, read_tiles
from pyao.content.sealed import Seal, read_sealed, write_sealed
from pyao.content.world_data import TILES
from pyao.errors import ContentError
from pyao.rules.kinds import TileFlag

SEAL: Final = Seal(b"PYAOGRND", 1, "import it again (pyao-server import --client-assets DIR)")

_WALKING_BITS: Final = bytes(bits & (TileFlag.BLOCKED | TileFlag.WATER) for bits in range(256))


def save_collision(ground: Mapping[int, bytes], path: Path) -> None:
    """Keep the flags of maps by number."""
    write_sealed(path, SEAL, msgspec.msgpack.encode(dict(ground)))


def load_collision(path: Path) -> dict[int, bytes]:
    """Read what `save_collision` wrote."""
    body = read_sealed(path, SEAL)
    try:
        ground = msgspec.msgpack.decode(body, type=dict[int, bytes])
    except msgspec.DecodeError as error:
        message = f"does not hold ground: {error}; {SEAL.advice}"
        raise ContentError(message, file=path) from error
    for number, flags in ground.items():
        if len(flags) != TILES:
            message = f"map {number} has {len(flags)} tiles, expected {TILES}; {SEAL.advice}"
            raise ContentError(message, file=path)
    return ground


class ClientFolder(NamedTuple):
    """Where the client keeps its maps and its index files; either may be missing."""

    maps: Path | None
    init: Path | None


def find_client(folder: Path) -> ClientFolder:
    """Find `Maps` and `Init` in the client's `Assets`, given that folder or the client's own."""
    names = _folders(folder)
    if "assets" in names and "maps" not in names and "init" not in names:
        names = _folders(names["assets"])
    found = ClientFolder(names.get("maps"), names.get("init"))
    if found == (None, None):
        raise ContentError("has neither Maps nor Init; expected the client's Assets", file=folder)
    return found


def _folders(folder: Path) -> dict[str, Path]:
    try:
        return {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_dir()}
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", file=folder) from error


def read_ground(
    files: Mapping[int, Path], wanted: Container[int] | None = None
) -> dict[int, bytes]:
    """Read the flags of the client's maps, or of the wanted ones."""
    return {
        number: read_tiles(read_bytes(path, MAX_MAP_BYTES), path.name).flags()
        for number, path in files.items()
        if wanted is None or number in wanted
    }


def differing_tiles(flags: bytes, ground: bytes) -> int:
    """Count the tiles that a server and a client would not both let a player step on."""
    return sum(map(ne, flags.translate(_WALKING_BITS), ground.translate(_WALKING_BITS)))
