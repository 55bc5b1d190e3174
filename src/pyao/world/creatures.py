"""Creatures and townsmen: how they come into the world and leave it."""

from __future__ import annotations

from pyao.content.world_data import tile_place
from pyao.protocol import msg
from pyao.world.map_room import GroundItem, MapRoom
from pyao.world.npc import Npc
from pyao.world.pictures import npc_bytes
from pyao.world.sight import Sight


class Creatures(Sight):
    """Puts creatures where they belong and takes them away, with everybody in view told."""

    def furnish(self, room: MapRoom) -> None:
        """Put the npcs and objects of the map file where the file says."""
        for at, number, amount in room.data.objects:
            item = self.data.items.get(number)
            if item is not None and at not in room.ground:
                room.lay(*tile_place(at), GroundItem(item, amount, fixed=True))
        for at, number in room.data.npcs:
            kind = self.data.npcs.get(number)
            if kind is not None and at not in room.occupants:
                npc = Npc.at(kind, room.number, at)
                npc.returns = kind.respawns
                self.settle(room, npc)

    def settle(self, room: MapRoom, npc: Npc) -> None:
        """Put an npc on the free tile its x and y say; shows nothing yet."""
        npc.index = self.indices.take()
        room.put(npc)

    def add_npc(self, room: MapRoom, npc: Npc) -> None:
        """Put an npc on the free tile its x and y say, and show it to everybody in view."""
        self.settle(room, npc)
        room.show(npc_bytes(npc), npc.zone)

    def remove_npc(self, npc: Npc) -> None:
        """Take an npc off its map and out of everybody's sight."""
        room = self.maps[npc.map]
        room.show(msg.remove_char_dialog(npc.index), npc.zone)
        room.show(msg.character_remove(npc.index), npc.zone)
        room.take(npc)
        self.indices.give_back(npc.index)
        npc.index = 0

    def jump_npc(self, npc: Npc, room: MapRoom, x: int, y: int) -> None:
        """Put an npc that lives on a free tile anywhere, as a pet that is called."""
        if not npc.gone:
            self.remove_npc(npc)
        npc.map, npc.x, npc.y = room.number, x, y
        self.add_npc(room, npc)
