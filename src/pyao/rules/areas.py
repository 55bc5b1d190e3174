"""Who is in sight of whom, on squares of 9 x 9 tiles, and what a step brings into view.

A sees B when both are on the same map and their zones differ by at most one on each axis.
Follows ModAreas of classic 0.13. Nothing here knows a map's contents.
"""

from __future__ import annotations

from typing import NamedTuple

MAP_SIDE = 100
ZONE_TILES = 9
ZONES_PER_AXIS = 12

# The rules' own range of vision, narrower than the zones: half a screen to each side.
VISION_X = 8
VISION_Y = 6


class Zone(NamedTuple):
    """A square of 9 x 9 tiles; 0 to 11 on each axis."""

    x: int
    y: int


class Rectangle(NamedTuple):
    """Tiles from (left, top) to (right, bottom), all included."""

    left: int
    top: int
    right: int
    bottom: int


def zone(p: int) -> int:
    """Return the zone index of one coordinate, 1 to 100."""
    return p // ZONE_TILES


def zone_of(x: int, y: int) -> Zone:
    """Return the zone a tile lies in."""
    return Zone(zone(x), zone(y))


def window(x: int, y: int) -> Rectangle:
    """Return the tiles seen from (x, y): its zone and the eight around, cut to the map."""
    left, top = _first(zone(x) - 1), _first(zone(y) - 1)
    return Rectangle(left, top, _last(zone(x) + 1), _last(zone(y) + 1))


def tiles(of: Zone) -> Rectangle:
    """Return the tiles of one zone, cut to the map."""
    return Rectangle(_first(of.x), _first(of.y), _last(of.x), _last(of.y))


def sees(a: Zone, b: Zone) -> bool:
    """Return whether those in one zone see those in the other."""
    return abs(a.x - b.x) <= 1 and abs(a.y - b.y) <= 1


def zones_around(of: Zone) -> tuple[Zone, ...]:
    """Return the zones in view, row by row; itself among them."""
    return tuple(
        Zone(column, row)
        for row in range(max(of.y - 1, 0), min(of.y + 2, ZONES_PER_AXIS))
        for column in range(max(of.x - 1, 0), min(of.x + 2, ZONES_PER_AXIS))
    )


def entering(old: Zone, new: Zone) -> tuple[Zone, ...]:
    """Return the zones that come into view on the way from one zone to another."""
    return tuple(each for each in zones_around(new) if not sees(each, old))


def leaving(old: Zone, new: Zone) -> tuple[Zone, ...]:
    """Return the zones that go out of view on the way from one zone to another."""
    return tuple(each for each in zones_around(old) if not sees(each, new))


def bounds(zones: tuple[Zone, ...]) -> Rectangle | None:
    """Return the tiles that zones cover together, or None when there are none."""
    if not zones:
        return None
    corners = [tiles(each) for each in zones]
    return Rectangle(
        min(each.left for each in corners),
        min(each.top for each in corners),
        max(each.right for each in corners),
        max(each.bottom for each in corners),
    )


def in_vision(dx: int, dy: int) -> bool:
    """Return whether a distance lies within the range the rules call vision."""
    return abs(dx) <= VISION_X and abs(dy) <= VISION_Y


def _first(index: int) -> int:
    return max(index * ZONE_TILES, 1)


def _last(index: int) -> int:
    return min(index * ZONE_TILES + ZONE_TILES - 1, MAP_SIDE)
