"""The world: all maps, all players, and the order in which things are shown.

One thread of control; nothing here awaits. Each subject has its module and builds on those before:
`stage` (maps and players), `sight` (who is shown what), `creatures`, `travelling`, `walking`, and
beside them `ground`.
"""

from __future__ import annotations

import random

from pyao.channel import AtOnce, Post
from pyao.content.world_data import MapData, WorldData
from pyao.rooms import RoomManager
from pyao.world.clock import Clock
from pyao.world.ground import Ground
from pyao.world.map_room import MapRoom
from pyao.world.walking import Walking


class World(Walking, Ground):
    """Everything that lives, and who sees it."""

    def __init__(
        self,
        data: WorldData,
        clock: Clock,
        rooms: RoomManager,
        post: Post | None = None,
        dice: random.Random | None = None,
    ) -> None:
        """`post` has what is shown written; a network collects it for some milliseconds."""
        super().__init__(data, clock, rooms, dice)
        self.post = post or AtOnce()
        for entry in data.maps.values():
            self.add_map(entry)

    def add_map(self, entry: MapData) -> None:
        """Let a map live, with everything that belongs to it."""
        room = MapRoom(entry, sends_scenery=self.data.sends_scenery, post=self.post)
        self.maps[entry.number] = room
        self.furnish(room)
        self.rooms.add(room)
