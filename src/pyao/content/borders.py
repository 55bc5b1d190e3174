"""Which map lies beyond each edge of another: how the maps of the surface form one grid.

Follows ao-libre/ao-server, ModFile's distances of cities: exits near an edge lead to the neighbour.
"""

from __future__ import annotations

from collections import Counter

from pyao.content.world_data import TILES, MapData, exit_places, tile_place
from pyao.rules.kinds import Heading

NORTH, SOUTH = range(7, 11), range(91, 95)  # rows
WEST, EAST = range(9, 13), range(89, 93)  # columns


def _edge(x: int, y: int) -> int:
    row = Heading.NORTH if y in NORTH else Heading.SOUTH if y in SOUTH else 0
    column = Heading.WEST if x in WEST else Heading.EAST if x in EAST else 0
    return 0 if row and column else row or column


# By tile, 0 = no edge or a corner: a table, since a large world has 60,000 exits to look at.
_EDGES = bytes(_edge(*tile_place(at)) for at in range(TILES))


def borders(data: MapData) -> dict[Heading, int]:
    """Return the map beyond each edge that has one; none at all means no map of the surface.

    Exits in a corner say nothing: they belong to one edge or the other.
    """
    votes = Counter((_EDGES[at], number) for at, number in exit_places(data.exits))
    found: dict[Heading, int] = {}
    for (edge, number), _ in votes.most_common():
        if edge and number != data.number:
            found.setdefault(Heading(edge), number)
    return found
