"""A creature or townsman standing in the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pyao.content.npcs import NpcKind
from pyao.content.world_data import tile_place
from pyao.rules.commerce import Stock
from pyao.rules.creature import Creature
from pyao.rules.inventory import Pile


@dataclass(slots=True, kw_only=True, eq=False)
class Npc(Creature):
    """One living npc; `home` is the tile index where the map puts it."""

    kind: NpcKind
    home: int = 0
    index: int = 0
    zone: int = -1
    returns: bool = False  # another one comes when it dies
    trainer: Npc | None = None  # who called it to be practised on
    captive: int = 0  # the user it paralysed last
    stock: Stock | None = None  # of a merchant, from the first customer on
    words: str = ""  # what staff lets it answer, instead of what its kind says
    period: int = 0  # the last one in which it got back its attack

    @classmethod
    def at(cls, kind: NpcKind, map_number: int, tile: int, *, exp_percent: int = 100) -> Self:
        """Bring one of a kind to life on a tile; it is on no map yet."""
        npc = cls.of(kind, exp_percent=exp_percent)
        npc.map, npc.home = map_number, tile
        npc.x, npc.y = tile_place(tile)
        npc.heading = kind.heading
        return npc

    @property
    def goods(self) -> Stock:
        """What a merchant has to sell now; all customers share it."""
        if self.stock is None:
            piles = [Pile(pile.number, pile.amount) for pile in self.kind.stock]
            self.stock = Stock(piles, no_restock=self.kind.no_restock)
        return self.stock

    @property
    def dead(self) -> bool:
        """An npc on the map is alive; it leaves the map when it dies."""
        return False

    @property
    def gone(self) -> bool:
        """Whether it is on no map: dead, or not there yet."""
        return self.zone < 0
