"""Who is shown what: how players and creatures look, and what comes into view and leaves it.

Of a concealed player nothing reaches those who may not see it, from the moment it is taken out of
their sight to the moment it comes back. Whatever tells of a player, its place or its doings, goes
through `show_of`.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyao.content.world_data import tile_place
from pyao.protocol import msg
from pyao.rules import appearance, equipment
from pyao.world.grid import BLOCK, exchanged
from pyao.world.map_room import MapRoom
from pyao.world.npc import Npc
from pyao.world.pictures import glow_bytes, ground_bytes, npc_bytes
from pyao.world.player import Player
from pyao.world.stage import Stage

VEILED, PLAIN = True, False


class Sight(Stage):
    """Shows characters to those in view of them, and the view to whoever comes into it."""

    def show_of(self, player: Player, packet: bytes, but: Player | None = None) -> None:
        """Give a packet that tells of a player to everybody in view who sees it, itself too."""
        room = self.maps[player.map]
        if not player.concealed:
            room.show(packet, player.zone, but)
            return
        for viewer in room.viewers(player.zone):
            if viewer is not but and viewer.sees(player):
                viewer.outlet.append(packet)

    def sound_of(self, player: Player, wave: int) -> None:
        """Let a sound be heard where a player is, by those who may know that."""
        self.show_of(player, msg.play_wave(wave, player.x, player.y))

    def refresh_veil(self, player: Player) -> None:
        """Take one who became veiled out of others' sight, or show one who is veiled no more.

        Those who see it all the same are shown a mark beside its name instead.
        """
        veiled = player.veiled
        if veiled == player.concealed:
            return
        others = [one for one in self.maps[player.map].viewers(player.zone) if one is not player]
        player.concealed = True
        blind = [one for one in others if not one.sees(player)]
        player.concealed = veiled
        packets: tuple[bytes, ...]
        if veiled:
            packets = (
                msg.set_invisible(player.index, VEILED),
                msg.remove_char_dialog(player.index),
                msg.character_remove(player.index),
            )
        else:
            packets = (self.create_bytes(player), msg.set_invisible(player.index, PLAIN))
        for viewer in blind:
            for packet in packets:
                viewer.outlet.append(packet)
        if len(blind) < len(others):
            self.show_label(player)

    def show_label(self, player: Player) -> None:
        """Show the colour and the label of a name to everybody in view who sees it."""
        player.portrait = b""
        color = int(appearance.nick_color(player, attackable=bool(player.attackable_by)))
        plain = msg.update_tag_and_status(player.index, color, player.tag)
        if not player.concealed:
            self.show_of(player, plain)
            return
        self.show_of(
            player, msg.update_tag_and_status(player.index, color, player.marked_tag), but=player
        )
        player.outlet.append(plain)

    def create_bytes(self, player: Player, tag: str | None = None) -> bytes:
        """Encode a player as it is shown, with its own label or another."""
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
            player.tag if tag is None else tag,
            int(appearance.nick_color(player, attackable=bool(player.attackable_by))),
            player.privileges,
        )

    def dress(self, player: Player) -> None:
        """Work out gear and look from race, what a player wears, if it lives and if it sails."""
        player.portrait = b""
        player.build = self.data.rulebook.balance.races.get(player.race, player.build)
        equipment.dress(player, self.data.items)
        afloat = player.hidden and player.sailing
        player.look = appearance.GHOST_AT_SEA if afloat else equipment.visible_look(player)

    def show_look(self, player: Player, but: Player | None = None) -> None:
        """Show a changed look or heading to everybody in view, the player too, but to `but`."""
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
        self.show_of(player, packet, but)

    def introduce(self, player: Player) -> None:
        """Show a newly placed player to everybody else who sees it."""
        self.show_of(player, self._newcomer(player), but=player)

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
        self._tell(player, room, msg.character_remove(player.index), unseen)
        for other in room.players_in(unseen):
            if player.sees(other):
                out(msg.character_remove(other.index))
        for npc in room.npcs_in(unseen):
            out(msg.character_remove(npc.index))
        for at, _ in room.ground_in(unseen):
            out(msg.object_delete(*tile_place(at)))
        self._tell(player, room, self._newcomer(player), seen)
        self.tell_zones(player, room, seen)

    def npc_rezoned(self, npc: Npc, room: MapRoom, old: int) -> None:
        """Show an npc to those who see it now and take it from those who see it no more."""
        seen, unseen = exchanged(old, npc.zone)
        room.tell(msg.character_remove(npc.index), unseen)
        if room.players_in(seen):
            room.tell(npc_bytes(npc), seen)

    def tell_zones(self, player: Player, room: MapRoom, zones: Iterable[int]) -> None:
        """Tell a player of everybody else and everything it sees in these zones."""
        out = player.outlet.append
        for other in room.players_in(zones):
            if other is not player and player.sees(other):
                out(self._newcomer(other))
                if other.meditating:
                    out(glow_bytes(other))
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
            if player.sees(other):
                out(msg.character_remove(other.index))
        for npc in room.npcs_in(zones):
            out(msg.character_remove(npc.index))
        for at, _ in room.ground_in(zones):
            out(msg.object_delete(*tile_place(at)))

    def _tell(self, player: Player, room: MapRoom, packet: bytes, zones: Iterable[int]) -> None:
        """Give a packet that tells of a player to those in other zones who see it."""
        if not player.concealed:
            room.tell(packet, zones)
            return
        for viewer in room.players_in(zones):
            if viewer.sees(player):
                viewer.outlet.append(packet)

    def _newcomer(self, player: Player) -> bytes:
        """Encode a player for others who see it come into view.

        The bytes are kept until its look, its label or its index change, which others are shown at
        once, so a newcomer is shown what everybody else was. A look at all that they come from
        would touch much memory that nothing else does, twelve times for each zone that is crossed.
        """
        if player.concealed:
            return self.create_bytes(player, player.marked_tag)
        if not player.portrait:
            player.portrait = self.create_bytes(player)
        return msg.character_elsewhere(player.portrait, player.heading, player.x, player.y)
