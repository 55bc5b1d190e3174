"""Who is shown what: how players and creatures look, and what comes into view and leaves it."""

from __future__ import annotations

from pyao.content.world_data import tile_place
from pyao.protocol import msg
from pyao.rules import appearance, equipment
from pyao.world.grid import BLOCK, exchanged
from pyao.world.map_room import MapRoom
from pyao.world.npc import Npc
from pyao.world.pictures import ground_bytes, npc_bytes
from pyao.world.player import Player
from pyao.world.stage import Stage

VEILED = True


class Sight(Stage):
    """Shows characters to those in view of them, and the view to whoever comes into it."""

    def create_bytes(self, player: Player) -> bytes:
        """Encode a player as others are shown it."""
        look = player.look
        return msg.character_create(
            player.index,
            look.body,
            look.head,
            player.heading,
            player.x,
            player.y,
            look.weapon,
            look.shield,
            look.helmet,
            0,
            0,
            player.tag,
            int(appearance.nick_color(player, attackable=bool(player.attackable_by))),
            player.privileges,
        )

    def dress(self, player: Player) -> None:
        """Work out gear and look from what a player wears, if it lives and if it sails."""
        equipment.dress(player, self.data.items)
        afloat = player.hidden and player.sailing
        player.look = appearance.GHOST_AT_SEA if afloat else equipment.visible_look(player)

    def show_look(self, player: Player) -> None:
        """Show a changed look or heading to everybody in view, the player included."""
        look = player.look
        packet = msg.character_change(
            player.index,
            look.body,
            look.head,
            player.heading,
            look.weapon,
            look.shield,
            look.helmet,
            0,
            0,
        )
        self.maps[player.map].show(packet, player.zone)

    def introduce(self, player: Player) -> None:
        """Show a newly placed player to everybody else who sees the place."""
        room = self.maps[player.map]
        room.show(self.create_bytes(player), player.zone, but=player)
        if player.veiled:
            room.show(msg.set_invisible(player.index, VEILED), player.zone, but=player)

    def tell_map(self, player: Player) -> None:
        """Tell a player which map it is on and which character is its own."""
        out = player.outlet.append
        room = self.maps[player.map]
        out(msg.change_map(room.number, room.data.version))
        out(msg.play_midi(room.data.music, -1))
        out(self.create_bytes(player))
        out(msg.user_char_index_in_server(player.index))

    def tell_area(self, player: Player) -> None:
        """Tell a player of everything else in view."""
        room = self.maps[player.map]
        out = player.outlet.append
        out(msg.area_changed(player.x, player.y))
        self.tell_zones(player, room, BLOCK[player.zone])

    def rezoned(self, player: Player, room: MapRoom, old: int) -> None:
        """Exchange what came into view and what left it, on both sides."""
        seen, unseen = exchanged(old, player.zone)
        out = player.outlet.append
        out(msg.area_changed(player.x, player.y))
        gone = msg.character_remove(player.index)
        for other in room.players_in(unseen):
            other.outlet.append(gone)
            out(msg.character_remove(other.index))
        for npc in room.npcs_in(unseen):
            out(msg.character_remove(npc.index))
        for at, _ in room.ground_in(unseen):
            out(msg.object_delete(*tile_place(at)))
        newcomer = self.create_bytes(player)
        veiled = player.veiled
        for other in room.players_in(seen):
            other.outlet.append(newcomer)
            if veiled:
                other.outlet.append(msg.set_invisible(player.index, VEILED))
        self.tell_zones(player, room, seen)

    def npc_rezoned(self, npc: Npc, room: MapRoom, old: int) -> None:
        """Show an npc to those who see it now and take it from those who see it no more."""
        seen, unseen = exchanged(old, npc.zone)
        gone = msg.character_remove(npc.index)
        for viewer in room.players_in(unseen):
            viewer.outlet.append(gone)
        viewers = room.players_in(seen)
        if viewers:
            newcomer = npc_bytes(npc)
            for viewer in viewers:
                viewer.outlet.append(newcomer)

    def tell_zones(self, player: Player, room: MapRoom, zones: tuple[int, ...]) -> None:
        """Tell a player of everybody else and everything in these zones."""
        out = player.outlet.append
        for other in room.players_in(zones):
            if other is player:
                continue
            out(self.create_bytes(other))
            if other.veiled:
                out(msg.set_invisible(other.index, VEILED))
        for npc in room.npcs_in(zones):
            out(npc_bytes(npc))
        for at, pile in room.ground_in(zones):
            for packet in ground_bytes(room, at, pile):
                out(packet)

    def forget_view(self, player: Player, *, keep_objects: bool) -> None:
        """Tell a player that jumps on its own map that it sees none of the old place any more.

        A change of map needs none of it: the client forgets all by itself.
        """
        if keep_objects:
            return
        room = self.maps[player.map]
        zones = BLOCK[player.zone]
        out = player.outlet.append
        for other in room.players_in(zones):
            out(msg.character_remove(other.index))
        for npc in room.npcs_in(zones):
            out(msg.character_remove(npc.index))
        for at, _ in room.ground_in(zones):
            out(msg.object_delete(*tile_place(at)))
