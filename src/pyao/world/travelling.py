"""Coming into the world, going out of it, and jumping from place to place in it."""

from __future__ import annotations

from functools import partial

from pyao.content.world_data import MapData, Place, tile_index
from pyao.events.payloads import MapEntered, MapLeft
from pyao.protocol import msg
from pyao.rules.character import Section
from pyao.rules.effects import protect
from pyao.rules.ground import scatter
from pyao.rules.kinds import ObjectType
from pyao.rules.movement import check_ground
from pyao.rules.names import name_key
from pyao.rules.places import Restriction, check_entry
from pyao.world.creatures import Creatures
from pyao.world.ground import around
from pyao.world.map_room import MapRoom
from pyao.world.pictures import glow_bytes
from pyao.world.player import NO_ZONE, NOWHERE, Player

SEARCH_RADIUS = 12  # tiles around a taken place that are tried
EXIT_HOPS = 3  # an arrival on an exit goes on, but never in circles
SURE_MS, SURE_MAX_MS = 600, 4_800
WARP_FX = 1
WARP_SOUND = 3


NO_EXIT, FULL = "map.no_exit", "map.full"  # keys of texts


class Travelling(Creatures):
    """Puts players on tiles and takes them off, with everybody in view told."""

    def place(self, player: Player) -> bool:
        """Put a player on its map as near to its stored position as possible; show nothing yet.

        False when the map has no free tile near; the player is then not in the world.
        """
        self._follow_exits(player)
        room = self.maps.get(player.map)
        if room is None:
            return False
        at = (player.x, player.y)
        spot = self.free_tile(room, *at, sailing=player.sailing, on_exit=False)
        if spot is None:
            return False
        self._stand(player, room, *spot)
        self.players[player.user_id] = player
        self.names[name_key(player.name)] = player
        self._entered(player)
        return True

    def _follow_exits(self, player: Player) -> None:
        """Let one who comes in on an exit begin where that leads, if it may enter there."""
        for _ in range(EXIT_HOPS):
            room = self.maps.get(player.map)
            leads = None if room is None else room.exits.get(tile_index(player.x, player.y))
            beyond = None if leads is None else self.maps.get(leads[0])
            if leads is None or beyond is None or self.may_enter(player, beyond.data):
                return
            player.map, player.x, player.y = leads

    def remove(self, player: Player) -> None:
        """Take a player and its pets out of the world; all that is stored of it becomes dirty."""
        self._vanish(player)
        for pet in player.pets:
            if not pet.gone:
                self.remove_npc(pet)
        self.events.announce(MapLeft(int(player.user_id), player.name, player.map), "world")
        del self.players[player.user_id]
        del self.names[name_key(player.name)]
        self.mark(player, Section.everything())

    def hang_up(self, player: Player) -> None:
        """Show a player nothing any more, wherever it is."""
        if player.zone != NO_ZONE:
            self.maps[player.map].fall_silent(player)
        player.outlet = NOWHERE

    def _stand(self, player: Player, room: MapRoom, x: int, y: int) -> None:
        player.map, player.x, player.y = room.number, x, y
        player.index = self.indices.take()
        player.portrait = b""
        player.concealed = player.veiled
        if room.borders:
            player.last_surface = room.number
        room.put(player)
        self.mark(player, Section.POSITION)

    def break_journey(self, player: Player) -> bool:
        """End a trip home before it is over; return whether there was one."""
        if player.journey is None:
            return False
        player.journey.cancel()
        player.journey = None
        player.outlet.append(msg.multi_cancel_home())
        return True

    def _vanish(self, player: Player) -> None:
        self.break_journey(player)
        room = self.maps[player.map]
        self.show_of(player, msg.remove_char_dialog(player.index), but=player)
        self.show_of(player, msg.character_remove(player.index), but=player)
        room.take(player)
        self.indices.give_back(player.index)
        player.index = 0

    def _entered(self, player: Player) -> None:
        protect(player, self.clock.now(), self.options)
        entered = MapEntered(int(player.user_id), player.name, player.map, player.x, player.y)
        self.events.announce(entered, "world")

    def may_enter(self, player: Player, data: MapData) -> str:
        """Return the key of the text that says why a player may not enter; empty when it may."""
        name = data.restriction.upper()
        restriction = Restriction(name) if name else Restriction.NONE
        living_only = data.on_death_goto is not None
        problem = check_entry(player, restriction, living_only=living_only)
        return "" if problem is None else problem.value

    def leave_by(self, player: Player, x: int, y: int, leads: Place) -> bool:
        """Let a player go through the exit on a tile; a teleport flashes, and may set down askew.

        False when it is not let through: why not is in `denied`.
        """
        pile = self.maps[player.map].ground.get(tile_index(x, y))
        if pile is None or pile.item.kind != ObjectType.TELEPORT:
            return self.travel(player, *leads)
        beyond, to_x, to_y = leads
        room = self.maps.get(beyond)
        if room is not None:

            def is_exit(at_x: int, at_y: int) -> bool:
                return tile_index(at_x, at_y) in room.exits

            to_x, to_y = scatter(to_x, to_y, pile.item.radius, self.roll, is_exit)
        return self.travel(player, beyond, to_x, to_y, flash=True)

    def travel(
        self, player: Player, map_number: int, x: int, y: int, *, flash: bool = False
    ) -> bool:
        """Bring a player to another place; False leaves everything as it was, but for `denied`.

        An arrival on an exit goes on from there, a few times at most.
        """
        for _ in range(EXIT_HOPS):
            room = self.maps.get(map_number)
            player.denied = NO_EXIT if room is None else self.may_enter(player, room.data)
            if room is None or player.denied:
                return False
            onward = room.exits.get(tile_index(x, y))
            if onward is None or onward[0] == player.map:
                break
            map_number, x, y = onward
        arrived = self.warp(player, map_number, x, y, flash=flash)
        player.denied = "" if arrived else FULL
        return arrived

    def warp(self, player: Player, map_number: int, x: int, y: int, *, flash: bool = False) -> bool:
        """Put a player on the free tile nearest to a place, without asking who may enter.

        `flash` shows the effect and sound of a teleport. False when there is no place.
        """
        room = self.maps.get(map_number)
        spot = None if room is None else self.free_tile(room, x, y, sailing=player.sailing)
        if room is None or spot is None:
            return False
        changes_map = room.number != player.map
        self.forget_view(player, keep_objects=changes_map)
        self._vanish(player)
        if changes_map:
            self.events.announce(MapLeft(int(player.user_id), player.name, player.map), "world")
        self._stand(player, room, *spot)
        out = player.outlet.append
        if changes_map:
            self.tell_map(player)
        else:
            out(self.create_bytes(player))
            out(msg.user_char_index_in_server(player.index))
        self.tell_area(player)
        self.introduce(player)
        if flash:
            self.sound_of(player, WARP_SOUND)
            self.show_of(player, msg.create_fx(player.index, WARP_FX, 0))
        if player.meditating:
            self.show_of(player, glow_bytes(player))
        if changes_map:
            self._entered(player)
        self.make_sure(player)
        return True

    def make_sure(self, player: Player) -> None:
        """See to it that a client that was just put somewhere knows where its character is.

        Steps that were on their way meanwhile are walked from there, while their client forgot
        them. Once the character stands still after a step its place is told again.
        """
        player.told_place = (player.map, player.x, player.y)
        if player.unsure is None:
            self._look_later(player, SURE_MS)

    def _look_later(self, player: Player, wait_ms: int) -> None:
        look = partial(self._look_again, player, wait_ms)
        player.unsure = self.schedule.after(wait_ms, look, name="place")

    def _look_again(self, player: Player, waited_ms: int) -> None:
        player.unsure = None
        gone = self.players.get(player.user_id) is not player
        if gone or player.told_place == (player.map, player.x, player.y):
            return
        if player.pace.stands(self.clock.now()):
            player.outlet.append(msg.pos_update(player.x, player.y))
            self.make_sure(player)
        else:
            self._look_later(player, min(2 * waited_ms, SURE_MAX_MS))

    def free_tile(
        self, room: MapRoom, x: int, y: int, *, sailing: bool = False, on_exit: bool = True
    ) -> tuple[int, int] | None:
        """Return the free tile nearest to a place, the place itself first; None within 12 tiles.

        A tile beside the asked one is never an exit, or the arrival would be sent away again; the
        asked one may be, unless `on_exit` says no.
        """
        asked = (x, y) if on_exit else None
        for at_x, at_y in around(x, y, SEARCH_RADIUS):
            if (
                check_ground(room.flag(at_x, at_y), sailing=sailing) is None
                and room.occupant(at_x, at_y) is None
                and ((at_x, at_y) == asked or tile_index(at_x, at_y) not in room.exits)
            ):
                return at_x, at_y
        return None
