"""What lies on the ground: how it comes there, is shown, and goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyao.content.items import Item
from pyao.content.world_data import tile_index, tile_place
from pyao.protocol import msg
from pyao.rules.ground import Tile, place_to_lay
from pyao.rules.inventory import STACK_MAX, Pile
from pyao.rules.kinds import TileFlag
from pyao.world.grid import zone
from pyao.world.map_room import GroundItem, MapRoom
from pyao.world.stage import Stage

_BLOCKED = int(TileFlag.BLOCKED)
_WATER = int(TileFlag.WATER)


class Ground(Stage):
    """Piles and doors, and what tiles sound like."""

    def replace_ground(self, room: MapRoom, x: int, y: int, item: Item) -> None:
        """Turn what lies on a tile into another item, as a door that opens."""
        pile = room.ground[tile_index(x, y)]
        shown = pile.item if room.is_sent(pile.item) else None
        pile.item = item
        self._show_ground(room, x, y, shown, item)

    def set_ground(self, room: MapRoom, x: int, y: int, pile: Pile | None) -> None:
        """Let a pile (or nothing) lie on a tile instead of what lies there, and show it."""
        at = tile_index(x, y)
        shown = item = None
        if at in room.ground:
            old = room.lift(x, y).item
            shown = old if room.is_sent(old) else None
        if pile is not None:
            item = self.data.items[pile.item]
            room.lay(x, y, GroundItem(item, pile.amount, laid_ms=self.clock.now()))
        self._show_ground(room, x, y, shown, item)
        self.dirty_ground.add(room)

    def _show_ground(
        self, room: MapRoom, x: int, y: int, shown: Item | None, item: Item | None
    ) -> None:
        """Show what lies on a tile from now on instead of what is shown there.

        The client keeps one object per tile: the old one goes first, and a pile that only grew
        looks as before.
        """
        sent = item if item is not None and room.is_sent(item) else None
        if shown is not None and sent is not None and shown.graphic == sent.graphic:
            return
        if shown is not None:
            room.show(msg.object_delete(x, y), zone(x, y))
        if sent is not None:
            room.show(msg.object_create(x, y, sent.graphic), zone(x, y))

    def lay_near(self, room: MapRoom, x: int, y: int, pile: Pile) -> bool:
        """Lay a pile on the nearest tile that has room for all of it; False when none has."""
        found = self.places_near(room, x, y, [pile])
        if found is None:
            return False
        for place, there in found.items():
            self.set_ground(room, *place, there)
        return True

    def places_near(
        self, room: MapRoom, x: int, y: int, piles: Iterable[Pile]
    ) -> dict[Tile, Pile] | None:
        """Return what would lie where once piles were laid in turn; None if one finds no room.

        What falls on land stays on land: only boats could fetch it from the water.
        """
        afloat = bool(room.flag(x, y) & _WATER)
        laid: dict[Tile, Pile] = {}

        def legal(at_x: int, at_y: int) -> bool:
            flags = room.flag(at_x, at_y)
            if flags & _BLOCKED or (flags & _WATER and not afloat):
                return False
            return room.occupant(at_x, at_y) is None and tile_index(at_x, at_y) not in room.exits

        def lying(at_x: int, at_y: int) -> Pile | None:
            there = room.ground.get(tile_index(at_x, at_y))
            if there is None or (at_x, at_y) in laid:
                return laid.get((at_x, at_y))
            # What the map brings is no pile to be added to.
            return Pile(there.item.number, STACK_MAX if there.fixed else there.amount)

        for pile in piles:
            place = place_to_lay(x, y, pile, legal, lying) if pile.item in self.data.items else None
            if place is None:
                return None
            under = lying(*place)
            laid[place] = Pile(pile.item, pile.amount + (0 if under is None else under.amount))
        return laid

    def clear_ground(self, older_than_ms: int) -> list[tuple[MapRoom, int, GroundItem]]:
        """Take away what has lain about for long; return map, tile and pile of each.

        Teleports stay for as long as they lead somewhere.
        """
        before = self.clock.now() - older_than_ms
        gone = [
            (room, at, pile)
            for room in self.maps.values()
            for at, pile in room.ground.items()
            if not pile.fixed and pile.laid_ms <= before and not room.is_open_teleport(at)
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


def around(x: int, y: int, radius: int) -> Iterator[tuple[int, int]]:
    """Go through the tiles around one, itself first, in growing rhombs."""
    for distance in range(radius + 1):
        for dx in range(-distance, distance + 1):
            rest = distance - abs(dx)
            yield x + dx, y - rest
            if rest:
                yield x + dx, y + rest
