"""The world: all maps, all players, and the order in which things are shown.

One thread of control; nothing here awaits. Whoever changes a player says which section became
dirty, and the next snapshot writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from pyao.content.items import Item
from pyao.content.world_data import MapData, WorldData, tile_index, tile_place
from pyao.events import EventTypes
from pyao.events.payloads import MapEntered, MapLeft, PlayerMoved
from pyao.protocol import msg
from pyao.rooms import RoomManager
from pyao.rules import appearance, equipment
from pyao.rules.character import Section, UserId
from pyao.rules.effects import protect
from pyao.rules.inventory import STACK_MAX, Pile
from pyao.rules.kinds import DELTAS, Privilege, TileFlag, Trigger
from pyao.rules.movement import check_ground, inside
from pyao.rules.names import name_key
from pyao.rules.options import DEFAULTS
from pyao.world.clock import Clock, Schedule
from pyao.world.grid import BLOCK, exchanged, zone
from pyao.world.indices import IndexPool
from pyao.world.map_room import GroundItem, MapRoom
from pyao.world.npc import Npc
from pyao.world.pictures import ground_bytes, npc_bytes
from pyao.world.player import Player

SEARCH_RADIUS = 12  # tiles around a taken place that are tried
LAY_RADIUS = 6  # tiles around a body or purse where things come to lie
EXIT_HOPS = 3  # an arrival on an exit goes on, but never in circles
WARP_FX = 1
WARP_SOUND = 3
NEWBIE_LEVEL = 12
VEILED = True

# Plain numbers: an operation on a flag enumeration costs ten times as much.
_BLOCKED = int(TileFlag.BLOCKED)
_WATER = int(TileFlag.WATER)


class Denied(Enum):
    """Why a map cannot be entered."""

    UNKNOWN = auto()
    NEWBIES_ONLY = auto()
    FACTION_ONLY = auto()
    LIVING_ONLY = auto()
    STAFF_ONLY = auto()
    FULL = auto()


class World:
    """Everything that lives, and who sees it."""

    def __init__(self, data: WorldData, clock: Clock, rooms: RoomManager) -> None:
        self.data = data
        self.clock = clock
        self.rooms = rooms
        self.events = rooms.hub.events
        self.schedule = Schedule(clock)
        self.players: dict[UserId, Player] = {}
        self.names: dict[str, Player] = {}
        self.dirty: set[Player] = set()
        self.dirty_ground: set[MapRoom] = set()
        self.indices = IndexPool()
        self.maps: dict[int, MapRoom] = {}
        for entry in data.maps.values():
            self.add_map(entry)

    def add_map(self, entry: MapData) -> None:
        """Let a map live, with everything that belongs to it."""
        room = MapRoom(entry, sends_scenery=self.data.sends_scenery)
        self.maps[entry.number] = room
        self.furnish(room)
        self.rooms.add(room)

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

    def mark(self, player: Player, section: Section) -> None:
        """Remember that a part of a player must be written."""
        player.dirty |= int(section)  # two flags would take ten times as long to join
        self.dirty.add(player)

    def find(self, name: str) -> Player | None:
        """Return the player in the world by name, whatever the case."""
        return self.names.get(name_key(name))

    # --- entering and leaving ----------------------------------------------------------------

    def place(self, player: Player) -> bool:
        """Put a player on its map as near to its stored position as possible; show nothing yet.

        False when the map has no free tile near; the player is then not in the world.
        """
        room = self.maps.get(player.map)
        if room is None:
            return False
        spot = self.free_tile(room, player.x, player.y, sailing=player.sailing)
        if spot is None:
            return False
        self._stand(player, room, *spot)
        self.players[player.user_id] = player
        self.names[name_key(player.name)] = player
        self._entered(player)
        return True

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
        self._tell_zones(player, room, BLOCK[player.zone])

    def _stand(self, player: Player, room: MapRoom, x: int, y: int) -> None:
        player.map, player.x, player.y = room.number, x, y
        player.index = self.indices.take()
        room.put(player)
        self.mark(player, Section.POSITION)

    def _vanish(self, player: Player) -> None:
        room = self.maps[player.map]
        room.show(msg.remove_char_dialog(player.index), player.zone, but=player)
        room.show(msg.character_remove(player.index), player.zone, but=player)
        room.take(player)
        self.indices.give_back(player.index)
        player.index = 0

    def _entered(self, player: Player) -> None:
        protect(player, self.clock.now(), DEFAULTS)
        entered = MapEntered(int(player.user_id), player.name, player.map, player.x, player.y)
        self.events.announce(entered, "world")

    # --- walking -----------------------------------------------------------------------------

    def walk(self, player: Player, heading: int) -> bool:
        """Move a player one tile; False when the tile cannot be walked on.

        Everybody who saw the walker is shown the step, the walker nothing: its client has moved
        already.
        """
        dx, dy = DELTAS[heading]
        x, y = player.x + dx, player.y + dy
        room = self.maps[player.map]
        if check_ground(room.flag(x, y), sailing=player.sailing) is not None:
            return False
        other = room.occupant(x, y)
        if other is not None and not (isinstance(other, Player) and other.dead):
            return False
        player.heading = heading
        room.show(msg.character_move(player.index, x, y), player.zone, player)
        leads = room.exits.get(tile_index(x, y)) if other is None else None
        if leads is not None and self.travel(player, *leads):
            return True
        if isinstance(other, Player):
            self._swap(room, player, other, heading)
            return True
        old = room.shift(player, x, y)
        self.mark(player, Section.POSITION)
        if old != player.zone:
            self._rezoned(player, room, old)
        if self.events.hears(EventTypes.PLAYER_MOVED):
            self.events.announce(
                PlayerMoved(int(player.user_id), room.number, x, y, heading), "world"
            )
        return True

    def turn_to(self, player: Player, heading: int) -> None:
        """Turn a player and show it to everybody in view, itself included."""
        player.heading = heading
        self.mark(player, Section.POSITION)
        self.show_look(player)

    def _swap(self, room: MapRoom, walker: Player | Npc, ghost: Player, heading: int) -> None:
        """Push a ghost to where the walker came from."""
        back = (heading + 1) % 4 + 1
        ghost.heading = back
        room.show(msg.character_move(ghost.index, walker.x, walker.y), ghost.zone, but=ghost)
        ghost.outlet.append(msg.force_char_move(back))
        walker_zone, ghost_zone = room.swap(walker, ghost)
        self.mark(ghost, Section.POSITION)
        if isinstance(walker, Player):
            self.mark(walker, Section.POSITION)
        if walker_zone == ghost_zone:
            return
        if isinstance(walker, Player):
            self._rezoned(walker, room, walker_zone)
        else:
            self._npc_rezoned(walker, room, walker_zone)
        self._rezoned(ghost, room, ghost_zone)

    def npc_may_step(self, room: MapRoom, npc: Npc, x: int, y: int) -> bool:
        """Tell whether an npc may go to the tile next to it.

        Exits are left free, unlike in the classic server: a creature on one would shut players in.
        """
        if not inside(x, y):
            return False
        at = tile_index(x, y)
        flags = room.flags[at]
        if flags & _BLOCKED or at in room.exits:
            return False
        if not npc.kind.water_ok if flags & _WATER else npc.kind.land_forbidden:
            return False
        if not npc.master and room.data.triggers[at] == Trigger.NO_NPC:
            return False
        other = room.occupants.get(at)
        if other is None:
            return True
        # A ghost makes room, but never between land and water.
        return (
            isinstance(other, Player)
            and other.dead
            and not other.unseen
            and check_ground(room.flag(npc.x, npc.y), sailing=other.sailing) is None
        )

    def walk_npc(self, npc: Npc, heading: int) -> bool:
        """Move an npc one tile and show it; False when it may not go there."""
        dx, dy = DELTAS[heading]
        x, y = npc.x + dx, npc.y + dy
        room = self.maps[npc.map]
        if not self.npc_may_step(room, npc, x, y):
            return False
        npc.heading = heading
        room.show(msg.character_move(npc.index, x, y), npc.zone)
        other = room.occupant(x, y)
        if isinstance(other, Player):
            self._swap(room, npc, other, heading)
            return True
        old = room.shift(npc, x, y)
        if old != npc.zone:
            self._npc_rezoned(npc, room, old)
        return True

    def turn_npc(self, npc: Npc, heading: int) -> None:
        """Turn an npc and show it, unless it looks there already."""
        if npc.heading == heading:
            return
        npc.heading = heading
        kind, none = npc.kind, appearance.NONE
        self.maps[npc.map].show(
            msg.character_change(npc.index, kind.body, kind.head, heading, none, none, none, 0, 0),
            npc.zone,
        )

    def jump_npc(self, npc: Npc, room: MapRoom, x: int, y: int) -> None:
        """Put an npc that lives on a free tile anywhere, as a pet that is called."""
        if not npc.gone:
            self.remove_npc(npc)
        npc.map, npc.x, npc.y = room.number, x, y
        self.add_npc(room, npc)

    def _npc_rezoned(self, npc: Npc, room: MapRoom, old: int) -> None:
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

    def _rezoned(self, player: Player, room: MapRoom, old: int) -> None:
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
        self._tell_zones(player, room, seen)

    def _tell_zones(self, player: Player, room: MapRoom, zones: tuple[int, ...]) -> None:
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

    # --- travelling --------------------------------------------------------------------------

    def may_enter(self, player: Player, data: MapData) -> Denied | None:
        """Say why a player may not enter a map; None when it may."""
        if player.privileges > Privilege.PLAYER:
            return None
        restriction = data.restriction.upper()
        if restriction == "NEWBIE" and player.level > NEWBIE_LEVEL:
            return Denied.NEWBIES_ONLY
        if restriction in {"ARMADA", "CAOS", "FACCION"}:
            return Denied.FACTION_ONLY
        if restriction == "GM":
            return Denied.STAFF_ONLY
        if player.dead and data.on_death_goto is not None:
            return Denied.LIVING_ONLY
        return None

    def travel(self, player: Player, map_number: int, x: int, y: int) -> bool:
        """Bring a player to another place; False leaves everything as it was.

        An arrival on an exit goes on from there, a few times at most.
        """
        for _ in range(EXIT_HOPS):
            room = self.maps.get(map_number)
            if room is None or self.may_enter(player, room.data) is not None:
                return False
            onward = room.exits.get(tile_index(x, y))
            if onward is None or onward[0] == player.map:
                break
            map_number, x, y = onward
        return self.warp(player, map_number, x, y)

    def warp(self, player: Player, map_number: int, x: int, y: int, *, flash: bool = False) -> bool:
        """Put a player on the free tile nearest to a place, without asking who may enter.

        `flash` shows the effect and sound of a teleport. False when there is no place.
        """
        room = self.maps.get(map_number)
        spot = None if room is None else self.free_tile(room, x, y, sailing=player.sailing)
        if room is None or spot is None:
            return False
        changes_map = room.number != player.map
        self._forget_view(player, keep_objects=changes_map)
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
            room.show(msg.play_wave(WARP_SOUND, player.x, player.y), player.zone)
            room.show(msg.create_fx(player.index, WARP_FX, 0), player.zone)
        if changes_map:
            self._entered(player)
        return True

    def _forget_view(self, player: Player, *, keep_objects: bool) -> None:
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

    def free_tile(
        self, room: MapRoom, x: int, y: int, *, sailing: bool = False
    ) -> tuple[int, int] | None:
        """Return the free tile nearest to a place, the place itself first; None within 12 tiles.

        A tile beside the asked one is never an exit, or the arrival would be sent away again.
        """
        for at_x, at_y in around(x, y, SEARCH_RADIUS):
            if (
                check_ground(room.flag(at_x, at_y), sailing=sailing) is None
                and room.occupant(at_x, at_y) is None
                and ((at_x, at_y) == (x, y) or tile_index(at_x, at_y) not in room.exits)
            ):
                return at_x, at_y
        return None

    # --- things on the ground ----------------------------------------------------------------

    def replace_ground(self, room: MapRoom, x: int, y: int, item: Item) -> None:
        """Turn what lies on a tile into another item, as a door that opens."""
        room.ground[tile_index(x, y)].item = item
        room.show(msg.object_create(x, y, item.graphic), zone(x, y))

    def set_ground(self, room: MapRoom, x: int, y: int, pile: Pile | None) -> None:
        """Let a pile (or nothing) lie on a tile instead of what lies there, and show it."""
        at = tile_index(x, y)
        if at in room.ground:
            old = room.lift(x, y)
            if pile is None and room.is_sent(old.item):
                room.show(msg.object_delete(x, y), zone(x, y))
        if pile is not None:
            item = self.data.items[pile.item]
            room.lay(x, y, GroundItem(item, pile.amount, laid_ms=self.clock.now()))
            if room.is_sent(item):
                room.show(msg.object_create(x, y, item.graphic), zone(x, y))
        self.dirty_ground.add(room)

    def lay_near(self, room: MapRoom, x: int, y: int, pile: Pile) -> bool:
        """Lay a pile on the nearest tile that has room for all of it; False when none has."""
        if pile.item not in self.data.items:
            return False
        for at_x, at_y in around(x, y, LAY_RADIUS):
            if check_ground(room.flag(at_x, at_y), sailing=False) is not None:
                continue
            index = tile_index(at_x, at_y)
            lying = room.ground.get(index)
            amount = pile.amount
            if lying is not None:
                amount += lying.amount
                if lying.item.number != pile.item or lying.fixed or amount > STACK_MAX:
                    continue
            elif index in room.exits:
                continue
            self.set_ground(room, at_x, at_y, Pile(pile.item, amount))
            return True
        return False

    def clear_ground(self, older_than_ms: int) -> list[tuple[MapRoom, int, GroundItem]]:
        """Take away what has lain about for long; return map, tile and pile of each."""
        before = self.clock.now() - older_than_ms
        gone = [
            (room, at, pile)
            for room in self.maps.values()
            for at, pile in room.ground.items()
            if not pile.fixed and pile.laid_ms <= before
        ]
        for room, at, _ in gone:
            self.set_ground(room, *tile_place(at), None)
        return gone

    def block(self, room: MapRoom, x: int, y: int, *, blocked: bool) -> None:
        """Close or open a tile and tell the whole map: a client remembers it out of sight."""
        room.block(x, y, blocked=blocked)
        packet = msg.block_position(x, y, blocked)
        for player in room.players():
            player.outlet.append(packet)

    def sound(self, room: MapRoom, wave: int, x: int, y: int) -> None:
        """Let a sound be heard around a tile."""
        room.show(msg.play_wave(wave, x, y), zone(x, y))

    # --- what characters look like -----------------------------------------------------------

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


def around(x: int, y: int, radius: int) -> Iterator[tuple[int, int]]:
    """Go through the tiles around one, itself first, in growing rhombs."""
    for distance in range(radius + 1):
        for dx in range(-distance, distance + 1):
            rest = distance - abs(dx)
            yield x + dx, y - rest
            if rest:
                yield x + dx, y + rest
