"""One map as it lives: tiles, who stands where, what lies on the ground, who sees what.

A `MapRoom` changes and shows; it decides nothing. Legality is in `rules/movement.py`, the order of
events in `walking.py` and `travelling.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyao.channel import AtOnce, Channel, Post
from pyao.content.borders import borders
from pyao.content.items import Item
from pyao.content.world_data import MapData, Place, tile_index
from pyao.rooms import GenericRoom
from pyao.rules.kinds import Heading, ObjectType, TileFlag, Trigger
from pyao.rules.movement import inside
from pyao.world.grid import BLOCK, ZONES, zone
from pyao.world.npc import Npc
from pyao.world.player import NO_ZONE, Player

# Drawn by the client from its own copy of the classic maps; sent only for worlds of our own.
SCENERY = frozenset({ObjectType.TREE, ObjectType.SIGN, ObjectType.FORUM, ObjectType.ORE_DEPOSIT})


@dataclass(slots=True)
class GroundItem:
    """What lies on one tile: a pile of one item."""

    item: Item
    amount: int
    fixed: bool = False  # part of the map: never cleaned up
    laid_ms: int = 0  # when it came to lie there


class MapRoom(GenericRoom):
    """The live state of one map, addressed as room `map:N`."""

    kind = "map"

    def __init__(
        self, data: MapData, *, sends_scenery: bool = False, post: Post | None = None
    ) -> None:
        """`post` sees to it that what is said on the map is written."""
        super().__init__(f"map:{data.number}", name=data.name)
        self.data = data
        self.number = data.number
        self.flags: bytes | bytearray = data.flags
        self.sends_scenery = sends_scenery
        self.occupants: dict[int, Player | Npc] = {}
        self.ground: dict[int, GroundItem] = {}
        self.population = 0
        self._exits: dict[int, Place] | None = None
        self._borders: dict[Heading, int] | None = None
        self._players: list[list[Player]] = [[] for _ in range(ZONES)]
        self._channels: list[Channel | None] = [None] * ZONES  # where somebody listens
        self._said: list[list[bytes] | None] = [None] * ZONES  # what they say, side by side
        self._post = post or AtOnce()
        self._npcs: dict[int, list[Npc]] = {}
        self._ground_zones: dict[int, set[int]] = {}

    def on_create(self) -> None:
        """Give the map the variables that anybody in the room is shown when they change."""
        self.set_variable("name", self.data.name, broadcast=True, stored=False)
        self.set_variable("safe", self.data.safe, broadcast=True, stored=False)
        self.set_variable("population", 0, broadcast=True, stored=False)
        # The sky is clear when a server starts, whatever it was when the last one stopped.
        self.set_variable("weather", "clear", broadcast=True, stored=False)
        self.set_variable("owner", self.get_variable("owner", ""), broadcast=True)

    def take_over(self, data: MapData) -> None:
        """Let changed ground take the place of the old; who and what is on it stays."""
        self.data = data
        self.name = data.name
        self.flags = data.flags
        self._exits = self._borders = None
        self.set_variable("name", data.name)
        self.set_variable("safe", data.safe)

    # --- tiles -------------------------------------------------------------------------------

    def flag(self, x: int, y: int) -> int:
        """Return the tile's TileFlag bits as they are now; beyond the map all is blocked."""
        if not inside(x, y):
            return TileFlag.BLOCKED
        return self.flags[tile_index(x, y)]

    def trigger(self, x: int, y: int) -> int:
        """Return the tile's trigger number."""
        return self.data.triggers[tile_index(x, y)]

    @property
    def exits(self) -> dict[int, Place]:
        """Where tiles lead, by tile index; unpacked when the first player comes."""
        if self._exits is None:
            self._exits = dict(self.data.exits)
        return self._exits

    @property
    def borders(self) -> dict[Heading, int]:
        """The map beyond each edge; a dungeon has none."""
        return self.learn_borders()

    def learn_borders(self) -> dict[Heading, int]:
        """Look once at all exits for the maps beyond the edges: up to a tenth of a millisecond."""
        if self._borders is None:
            self._borders = borders(self.data)
        return self._borders

    def block(self, x: int, y: int, *, blocked: bool) -> None:
        """Close or open a tile, as a door does. The map file itself is never changed."""
        if not isinstance(self.flags, bytearray):
            self.flags = bytearray(self.flags)
        if blocked:
            self.flags[tile_index(x, y)] |= TileFlag.BLOCKED
        else:
            self.flags[tile_index(x, y)] &= ~TileFlag.BLOCKED & 0xFF

    def is_safe(self, x: int, y: int) -> bool:
        """Tell whether nobody may be attacked here: a safe map or a safe tile."""
        return self.data.safe or self.trigger(x, y) == Trigger.SAFE

    # --- characters --------------------------------------------------------------------------

    def put(self, character: Player | Npc) -> None:
        """Place a character where its x and y say. The tile must be free."""
        at = tile_index(character.x, character.y)
        if at in self.occupants:
            msg = f"{character} cannot stand on {self.id} at an occupied tile"
            raise ValueError(msg)
        self.occupants[at] = character
        character.zone = zone(character.x, character.y)
        if isinstance(character, Player):
            self._players[character.zone].append(character)
            self._follow(character)
            self._count(1)
        else:
            self._npcs.setdefault(character.zone, []).append(character)

    def take(self, character: Player | Npc) -> None:
        """Remove a character from the map."""
        del self.occupants[tile_index(character.x, character.y)]
        if isinstance(character, Player):
            self._players[character.zone].remove(character)
            self.fall_silent(character)
            self._count(-1)
        else:
            self._npcs[character.zone].remove(character)
        character.zone = NO_ZONE

    def shift(self, character: Player | Npc, x: int, y: int) -> int:
        """Move a character to a free tile; return the zone it came from."""
        del self.occupants[tile_index(character.x, character.y)]
        self.occupants[tile_index(x, y)] = character
        character.x = x
        character.y = y
        old, new = character.zone, zone(x, y)
        if old != new:
            self._rezone(character, old, new)
        return old

    def swap(self, walker: Player | Npc, ghost: Player) -> tuple[int, int]:
        """Let two characters change places; return the zones they came from."""
        self.occupants[tile_index(walker.x, walker.y)] = ghost
        self.occupants[tile_index(ghost.x, ghost.y)] = walker
        walker.x, walker.y, ghost.x, ghost.y = ghost.x, ghost.y, walker.x, walker.y
        zones = walker.zone, ghost.zone
        if walker.zone != ghost.zone:
            self._rezone(walker, *zones)
            self._rezone(ghost, zones[1], zones[0])
        return zones

    def occupant(self, x: int, y: int) -> Player | Npc | None:
        """Return who stands on the tile."""
        return self.occupants.get(tile_index(x, y))

    def players(self) -> Iterator[Player]:
        """Go through everybody on the map."""
        for inhabitants in self._players:
            yield from inhabitants

    def npcs(self) -> Iterator[Npc]:
        """Go through every npc on the map."""
        for inhabitants in self._npcs.values():
            yield from inhabitants

    def _count(self, change: int) -> None:
        self.population += change
        if self.hub is not None:
            self.run_hook(self.set_variable, "population", self.population)

    def _rezone(self, character: Player | Npc, old: int, new: int) -> None:
        character.zone = new
        if isinstance(character, Player):
            self._players[old].remove(character)
            self._players[new].append(character)
            self._follow(character)
            self._close_empty(old)
        else:
            self._npcs[old].remove(character)
            self._npcs.setdefault(new, []).append(character)

    # --- who sees what -----------------------------------------------------------------------

    def seen_from(self, number: int) -> tuple[int, ...]:
        """Return the zones in view of a zone."""
        return BLOCK[number]

    def viewers(self, seen_from: int) -> list[Player]:
        """Return the players who see a zone."""
        players = self._players
        return [viewer for number in BLOCK[seen_from] for viewer in players[number]]

    def players_in(self, zones: Iterable[int]) -> list[Player]:
        """Return the players who stand in these zones."""
        return [player for number in zones for player in self._players[number]]

    def npcs_in(self, zones: Iterable[int]) -> list[Npc]:
        """Return the npcs that stand in these zones."""
        return [npc for number in zones for npc in self._npcs.get(number, ())]

    def show(self, data: bytes, at: int, but: Player | None = None) -> None:
        """Give one packet to everybody who sees zone `at`. The hottest loop of the server."""
        zones = BLOCK[at]
        if but is not None and (but.zone == at or but.zone in zones):
            but.outlet.miss_next()
        self.tell(data, zones)

    def tell(self, data: bytes, zones: Iterable[int]) -> None:
        """Give one packet to everybody who stands in these zones."""
        # Past the channels: each object less to look at here is nine less for every step.
        everything = self._said
        for number in zones:
            said = everything[number]
            if said is not None:
                said.append(data)
                if len(said) == 1:
                    self._begin(number)

    def _begin(self, number: int) -> None:
        channel = self._channels[number]
        if channel is not None:
            channel.begin()

    def fall_silent(self, player: Player) -> None:
        """Show a player on the map nothing any more."""
        player.outlet.unfollow()
        self._close_empty(player.zone)

    def _follow(self, player: Player) -> None:
        channel = self._channels[player.zone]
        if channel is None:
            channel = self._channels[player.zone] = Channel(self._post)
            self._said[player.zone] = channel.said
        player.outlet.follow(channel)
        self._close_empty(player.zone)

    def _close_empty(self, number: int) -> None:
        channel = self._channels[number]
        if channel is not None and channel.deserted:
            self._channels[number] = self._said[number] = None

    # --- the ground --------------------------------------------------------------------------

    def lay(self, x: int, y: int, pile: GroundItem) -> None:
        """Put a pile on an empty tile, replacing nothing."""
        at = tile_index(x, y)
        if at in self.ground:
            msg = f"something lies on {self.id} at ({x},{y}) already"
            raise ValueError(msg)
        self.ground[at] = pile
        self._ground_zones.setdefault(zone(x, y), set()).add(at)

    def lift(self, x: int, y: int) -> GroundItem:
        """Take the whole pile off a tile."""
        at = tile_index(x, y)
        self._ground_zones[zone(x, y)].discard(at)
        return self.ground.pop(at)

    def ground_in(self, zones: Iterable[int]) -> list[tuple[int, GroundItem]]:
        """Return tile index and pile of everything the client must be told of in these zones."""
        return [
            (at, self.ground[at])
            for number in zones
            if (tiles := self._ground_zones.get(number))
            for at in sorted(tiles)
            if self.is_sent(self.ground[at].item)
        ]

    def is_open_teleport(self, at: int) -> bool:
        """Tell whether what lies on a tile is the mark of a way that leads on from there.

        Without its mark nobody would see such a way, or could close it by `/dt`.
        """
        return self.ground[at].item.kind == ObjectType.TELEPORT and at in self.exits

    def is_sent(self, item: Item) -> bool:
        """Tell whether the client has to be told of such an item on the ground."""
        return item.graphic > 0 and (self.sends_scenery or item.kind not in SCENERY)
