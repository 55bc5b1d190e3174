"""A creature or townsman standing in the world."""

from __future__ import annotations

from dataclasses import dataclass

from pyao.content.npcs import NpcKind
from pyao.content.world_data import tile_place


@dataclass(slots=True, eq=False)
class Npc:
    """One living npc; `home` is the tile index where the map puts it."""

    kind: NpcKind
    map: int
    home: int
    x: int = 0
    y: int = 0
    heading: int = 3
    index: int = 0
    zone: int = -1
    hp: int = 0

    @classmethod
    def of(cls, kind: NpcKind, map_number: int, at: int) -> Npc:
        """Put an npc of this kind on the tile the map names."""
        x, y = tile_place(at)
        return cls(kind, map_number, at, x, y, kind.heading, hp=kind.max_hp)

    @property
    def dead(self) -> bool:
        """An npc on the map is alive; it leaves the map when it dies."""
        return False
