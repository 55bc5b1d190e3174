"""Which map lies beyond each edge of another: how the maps of the surface form one grid.

Follows ao-libre/ao-server, ModFile's distances of cities: exits near an edge lead to the neighbour.
"""

from __future__ import annotations

from collections import Counter

from pyao.content.world_data import MapData, exit_places, tile_place
from pyao.rules.kinds import Heading

NORTH, SOUTH = range(7, 11), range(91, 95)  # rows
WEST, EAST = range(9, 13), range(89, 93)  # columns


def borders(data: MapData) -> dict[Heading, int]:
    """Return the map beyond each edge that has one; none at all means no map of the surface.

    Exits in a corner say nothing: they belong to one edge or the other.
    """
    votes: dict[Heading, Counter[int]] = {}
    for at, number in exit_places(data.exits):
        x, y = tile_place(at)
        row = Heading.NORTH if y in NORTH else Heading.SOUTH if y in SOUTH else None
        column = Heading.WEST if x in WEST else Heading.EAST if x in EAST else None
        edge = row or column
        if edge is not None and (row is None or column is None) and number != data.number:
            votes.setdefault(edge, Counter())[number] += 1
    return {edge: counted.most_common(1)[0][0] for edge, counted in votes.items()}
