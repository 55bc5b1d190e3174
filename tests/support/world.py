"""A small real world for tests: maps made by hand, a clock moved by hand, viewers that record."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache

from pyao.channel import AtOnce, Defer, Post, Subscriber
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.world_data import City, MapData, Place, WorldData, tile_index
from pyao.events import Bulkhead, EventManager
from pyao.protocol import Decoder
from pyao.protocol.packet import Packet
from pyao.protocol.tables import SERVER_PACKETS
from pyao.rooms import RoomHub, RoomManager
from pyao.rules.character import UserId
from pyao.rules.kinds import TileFlag
from pyao.world import Player, World

WALLS = {(x, 20) for x in range(20, 30)}
WATER = {(x, y) for x in range(40, 46) for y in range(40, 46)}
DOOR = (60, 60)


class ManualClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: int = 1_000_000) -> None:
        self.time = now

    def now(self) -> int:
        return self.time

    def advance(self, milliseconds: int) -> None:
        self.time += milliseconds


class Recorder(Subscriber):
    """An outlet that keeps what a viewer is shown."""

    def __init__(self, defer: Defer | None = None) -> None:
        super().__init__(defer or AtOnce().later)
        self.data: list[bytes] = []

    def flush(self) -> None:
        self._collect()
        self.append = self._first
        self.data += self._parts
        self._parts.clear()

    def flush_shared(self, said: list[bytes], data: bytes) -> None:
        assert b"".join(said) == data
        self.flush()
        self._heard = 0

    def refused(self, data: bytes, taken: int) -> None:
        raise AssertionError((data, taken))  # it has no line

    def packets(self) -> list[Packet]:
        """Return what came since the last call, decoded as the client would."""
        seen = Decoder(SERVER_PACKETS).feed(b"".join(self.data))
        self.data.clear()
        return list(seen)

    def names(self) -> list[str]:
        return [packet.packet_name for packet in self.packets()]


@cache
def rim() -> bytes:
    """Return the flags of a map whose rim cannot be walked on, as in every classic map."""
    flags = bytearray(10_000)
    for y in range(1, 101):
        for x in range(1, 101):
            if not (9 <= x <= 92 and 7 <= y <= 94):
                flags[tile_index(x, y)] = TileFlag.BLOCKED
    return bytes(flags)


def frame() -> bytearray:
    """Return those flags, to draw on."""
    return bytearray(rim())


def meadow(number: int, *, exits: dict[tuple[int, int], Place] | None = None) -> MapData:
    """Return a safe map with a wall, a pond, a closed door and exits as wished."""
    flags = frame()
    for x, y in WALLS:
        flags[tile_index(x, y)] |= TileFlag.BLOCKED
    for x, y in WATER:
        flags[tile_index(x, y)] |= TileFlag.WATER
    for x, y in (DOOR, (DOOR[0] - 1, DOOR[1])):
        flags[tile_index(x, y)] |= TileFlag.BLOCKED
    return MapData(
        number=number,
        name=f"Meadow {number}",
        flags=bytes(flags),
        exits={tile_index(*at): to for at, to in (exits or {}).items()},
        npcs=[(tile_index(70, 70), 1)],
        objects=[(tile_index(*DOOR), 20, 1)],
        safe=number == 1,
    )


def world_data() -> WorldData:
    """Return two meadows that lead to each other: 1 is safe, 2 is not."""
    return WorldData(
        name="Test meadows",
        maps={
            1: meadow(1, exits={(92, 50): (2, 11, 50), (9, 50): (3, 50, 50)}),
            2: replace(meadow(2, exits={(10, 50): (1, 90, 50)}), npcs=[]),
        },
        items={
            20: Item(number=20, name="Puerta", kind=6, graphic=500, closed=True, open_item=21),
            21: Item(number=21, name="Puerta abierta", kind=6, graphic=501, closed_item=20),
            463: Item(number=463, name="Ropa", kind=3, graphic=600, body=1),
            12: Item(number=12, name="Monedas de oro", kind=5, graphic=511),
            460: Item(number=460, name="Daga", kind=2, graphic=601, animation=12),
        },
        npcs={1: NpcKind(number=1, name="Tendero", body=100, head=1)},
        cities={n: City(1, 50, 50, "Prueba") for n in range(1, 7)},
    )


def make_world(
    clock: ManualClock | None = None, data: WorldData | None = None, post: Post | None = None
) -> World:
    """Return a living world on a clock moved by hand."""
    bulkhead = Bulkhead()
    hub = RoomHub(EventManager(bulkhead), bulkhead, lambda _room: None)
    rooms = RoomManager(hub, time.monotonic)
    return World(data or world_data(), clock or ManualClock(), rooms, post)


def make_player(
    world: World, name: str = "Ana", x: int = 50, y: int = 50, *, number: int = 1, on: int = 1
) -> tuple[Player, Recorder]:
    """Return a player placed and introduced, and the recorder of what it is shown."""
    seen = Recorder(world.post.later)
    player = Player(
        user_id=UserId(number),
        name=name,
        account=name,
        race=1,
        gender=1,
        char_class=3,
        head=5,
        map=on,
        x=x,
        y=y,
        outlet=seen,
    )
    world.dress(player)
    assert world.place(player)
    world.tell_map(player)
    world.tell_area(player)
    world.introduce(player)
    return player, seen
