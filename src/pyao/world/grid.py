"""The area of interest: who sees whom, on squares of 9 x 9 tiles.

A sees B when both stand on the same map and their zones differ by at most one on each axis, so a
viewer sees the 3 x 3 zones around it. Follows rules/areas of classic 0.13, with explicit removals.
"""

from __future__ import annotations

from functools import lru_cache

from pyao.rules.areas import ZONE_TILES, ZONES_PER_AXIS

ZONES = ZONES_PER_AXIS * ZONES_PER_AXIS


def zone(x: int, y: int) -> int:
    """Return the number of the zone a tile lies in, 0 to 143."""
    return y // ZONE_TILES * ZONES_PER_AXIS + x // ZONE_TILES


def _block(of: int) -> tuple[int, ...]:
    row, column = divmod(of, ZONES_PER_AXIS)
    return tuple(
        r * ZONES_PER_AXIS + c
        for r in range(max(row - 1, 0), min(row + 2, ZONES_PER_AXIS))
        for c in range(max(column - 1, 0), min(column + 2, ZONES_PER_AXIS))
    )


# For each zone the zones whose inhabitants see it, itself among them. The last one is NO_ZONE's:
# what is still told of one who was just taken off the map is seen by nobody.
BLOCK: tuple[tuple[int, ...], ...] = (*(_block(number) for number in range(ZONES)), ())


@lru_cache(maxsize=2048)  # neighbours are a thousand pairs; others are jumps
def exchanged(old: int, new: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the zones that come into view and those that leave it, going from old to new."""
    before, after = BLOCK[old], BLOCK[new]
    return (
        tuple(number for number in after if number not in before),
        tuple(number for number in before if number not in after),
    )
