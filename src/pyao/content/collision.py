"""The client's own ground: what it blocks, what it takes for water, and how a world compares.

Read from the client's `Assets/Maps/mapaN.map`; the result can be kept in the data folder, where the
starter world finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from pyao.content.sealed import Seal, read_sealed, write_sealed
from pyao.content.world_data import TILES
from pyao.errors import ContentError

SEAL: Final = Seal(b"PYAOGRND", 1, "import it again (pyao-server import --client-assets DIR)")


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
