"""What the Godot client has and how it judges the ground, from the format pages, not from our code.

Bodies, heads and what is worn, by number; graphics and maps from the client's own files where the
folder of reference data is at hand.
"""

from __future__ import annotations

import struct
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

GRAPHICS: Container[int] = range(1, 23_651)  # the index file names a few hundred fewer
BODIES = frozenset(range(1, 549))
HEADS = frozenset(
    number
    for first, last in (
        *((1, 51), (70, 89), (101, 122), (170, 188), (201, 221), (270, 288), (301, 319)),
        *((370, 385), (401, 418), (470, 486), (500, 514)),
    )
    for number in range(first, last + 1)
)
NONE = 2  # the number of a weapon, shield or helmet that is not there
WEAPONS = frozenset(range(1, 77))
SHIELDS = frozenset(range(1, 11))
HELMETS = frozenset(range(1, 17))
EFFECTS = 35
FONTS = 20
MAPS = 290

ZONE_TILES = 9
TILES = 10_000
HEADER_BYTES = 273
WATER = (*range(1505, 1521), *range(5665, 5681), *range(13_547, 13_563))


def sees(x: int, y: int, other_x: int, other_y: int) -> bool:
    """Tell whether two places of one map are in view of each other: zones of 9 x 9, no further."""
    return (
        abs(x // ZONE_TILES - other_x // ZONE_TILES) <= 1
        and abs(y // ZONE_TILES - other_y // ZONE_TILES) <= 1
    )


@dataclass(frozen=True)
class Ground:
    """Where the client lets its player walk on one map: its own tiles, not the server's."""

    blocked: frozenset[tuple[int, int]]
    water: frozenset[tuple[int, int]]

    def walkable(self, x: int, y: int) -> bool:
        """Tell whether a player on foot may step there, as far as the ground goes."""
        at = (x, y)
        inside = 1 <= x <= 100 and 1 <= y <= 100
        return inside and at not in self.blocked and at not in self.water


def read_ground(path: Path) -> Ground:
    """Read one of the client's `mapaN.map` files: layers of two bytes, water by three ranges."""
    data = path.read_bytes()
    at = HEADER_BYTES
    blocked, water = set(), set()
    for tile in range(TILES):
        place = (tile % 100 + 1, tile // 100 + 1)
        flags = data[at]
        (ground,) = struct.unpack_from("<h", data, at + 1)
        second = struct.unpack_from("<h", data, at + 3)[0] if flags & 2 else 0
        at += 3 + 2 * (flags >> 1 & 15).bit_count()
        if flags & 1:
            blocked.add(place)
        if not second and ground in WATER:
            water.add(place)
    assert at == len(data), f"{path} is no map of the client"
    return Ground(frozenset(blocked), frozenset(water))


def read_graphics(path: Path) -> frozenset[int]:
    """Read which graphics the client's `graficos.ind` names."""
    data = path.read_bytes()
    at = 8
    found = set()
    while at < len(data):
        number, frames = struct.unpack_from("<ih", data, at)
        at += 6 + (12 if frames == 1 else frames * 4 + 4)
        found.add(number)
    assert at == len(data), f"{path} is no index of graphics"
    return frozenset(found)
