"""Writes `.map` and `.inf` files as an editor would, for tests of their readers."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from pyao.content.world_data import TILES, tile_index

Layers = tuple[int, int, int]


def map_bytes(
    *,
    width: int = 2,
    ground: Mapping[int, int] | None = None,
    blocked: frozenset[int] = frozenset(),
    layers: Mapping[int, Layers] | None = None,
    triggers: Mapping[int, int] | None = None,
    version: int = 7,
) -> bytes:
    """Return a map of grass (graphic 6000) with what is named by tile index on top of it."""
    graphic = struct.Struct("<h" if width == 2 else "<i")
    out = bytearray(struct.pack("<h255siid", version, b"a test map", 1, 2, 0.0))
    for at in range(TILES):
        upper = (layers or {}).get(at, (0, 0, 0))
        mark = int(at in blocked)
        mark |= sum(bit for bit, value in zip((2, 4, 8), upper, strict=True) if value)
        trigger = (triggers or {}).get(at)
        mark |= 16 if trigger is not None else 0
        out.append(mark)
        out += graphic.pack((ground or {}).get(at, 6000))
        for value in upper:
            out += graphic.pack(value) if value else b""
        out += b"" if trigger is None else struct.pack("<h", trigger)
    return bytes(out)


def inf_bytes(
    *,
    exits: Mapping[int, tuple[int, int, int]] | None = None,
    npcs: Mapping[int, int] | None = None,
    objects: Mapping[int, tuple[int, int]] | None = None,
) -> bytes:
    """Return an `.inf` file with these placements by tile index."""
    out = bytearray(struct.pack("<dh", 0.0, 0))
    for at in range(TILES):
        leads_to = (exits or {}).get(at)
        npc = (npcs or {}).get(at)
        pile = (objects or {}).get(at)
        out.append((leads_to is not None) | (npc is not None) << 1 | (pile is not None) << 2)
        out += b"" if leads_to is None else struct.pack("<3h", *leads_to)
        out += b"" if npc is None else struct.pack("<h", npc)
        out += b"" if pile is None else struct.pack("<2h", *pile)
    return bytes(out)


def dat_bytes(number: int, **keys: object) -> bytes:
    """Return a `.dat` file with these keys."""
    lines = [f"[Mapa{number}]", *(f"{key}={value}" for key, value in keys.items())]
    return "\r\n".join(lines).encode("cp1252")


MIDDLE = tile_index(50, 50)
