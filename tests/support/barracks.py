"""A place beside the traders' field where value comes from nowhere: a noble, a board, bare ground.

A teleport may be opened there, too.

Only the map and what is on it; who lives there is in `decrees.py`.
"""

from __future__ import annotations

from dataclasses import replace

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.rulebook import FactionArmour
from pyao.content.world_data import MapData, tile_index
from pyao.rules.kinds import CharClass, NpcRole, ObjectType

BARRACKS = 1
NOBLE_AT, CAMP = (80, 20), (80, 22)
BOARD_AT = (21, 79)
BARE, SOUTH_OF_IT = (20, 79), (20, 80)  # out of sight of the camp
GATE, SOUTH_OF_GATE = (24, 79), (24, 80)  # in sight of the bare tile
BEYOND = (80, 80)  # where the teleport leads
BOARD = Item(number=31, name="board", kind=ObjectType.FORUM, fixed=True, forum="plaza", graphic=550)
DECREED = tuple(Item(number=901 + n, name=f"decree {n}", kind=21, graphic=550) for n in range(5))
TELEPORT = Item(number=1012, name="teleport", kind=ObjectType.TELEPORT, fixed=True, graphic=550)
SUITS = tuple(
    Item(number=951 + n, name=f"suit {n}", kind=ObjectType.ARMOUR, royal=True, graphic=550)
    for n in range(3)
)
ITEMS = (BOARD, TELEPORT, *DECREED, *SUITS)
NOBLE = NpcKind(number=4, name="Rey", body=100, head=1, role=NpcRole.NOBLE)
SOLDIERS = CharClass.WARRIOR
UNIFORM = FactionArmour(
    (SUITS[0].number, SUITS[1].number, SUITS[2].number), (0, 0, 0), (0, 0, 0), (0, 0, 0)
)


def furnished(meadow: MapData) -> MapData:
    """Return a meadow with the noble and the board on it, and nobody else."""
    return replace(
        meadow,
        npcs=[(tile_index(*NOBLE_AT), NOBLE.number)],
        objects=[(tile_index(*BOARD_AT), BOARD.number, 1)],
    )
