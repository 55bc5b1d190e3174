"""Every trade can be lived off in the world that ships: by packets, at its own trees and veins."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from tests.integration.conftest import Running, Start
from tests.support.byte_client import ByteClient
from tests.support.duel import USE
from tests.support.world import ManualClock

from pyao.content.items import Item
from pyao.content.world_data import tile_index, tile_place
from pyao.rules.character import Slot
from pyao.rules.kinds import CharClass, ObjectType, Skill, TileFlag
from pyao.world import Player
from pyao.world.world import World

pytestmark = pytest.mark.untraced

CLICK, ORDER_SMITH, ORDER_CARPENTER, BEGIN = 33, 31, 32, 123
SMELT = 88
TRIES = 60
WATER = int(TileFlag.WATER)

Place = tuple[int, int]


class Worker:
    """A master of all trades with nothing in the bag yet."""

    def __init__(self, running: Running, client: ByteClient, clock: ManualClock) -> None:
        self.client = client
        self.clock = clock
        self.world: World = running.app.game.world
        self.player: Player = running.player("Ana")
        self.player.skills[:] = [100] * len(self.player.skills)
        self.player.assigned_points = 10
        self.player.level = 20

    def hold(self, *slots: Slot) -> None:
        player = self.player
        player.inventory[:] = [*slots, *[None] * (len(player.inventory) - len(slots))]
        self.world.dress(player)

    def has(self, item: int) -> bool:
        return any(slot is not None and slot.item == item for slot in self.player.inventory)

    def find(self, number: int, wanted: Callable[[Item], bool]) -> Place:
        """Return where the first such thing of a map lies."""
        for at, item, _ in self.world.data.maps[number].objects:
            if wanted(self.world.data.items[item]):
                return tile_place(at)
        raise AssertionError(f"no such thing on map {number}")

    async def stand_by(self, number: int, place: Place) -> None:
        """Go to a free tile beside a place, as far as one may be from what one works on."""
        room = self.world.maps[number]
        x, y = next(
            (place[0] + dx, place[1] + dy)
            for dx, dy in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1))
            if not room.flag(place[0] + dx, place[1] + dy)
            and room.occupant(place[0] + dx, place[1] + dy) is None
        )
        self.world.warp(self.player, number, x, y)
        await self.client.settle()
        assert (self.player.map, self.player.x, self.player.y) == (number, x, y)

    async def work(self, slot: int, skill: int, place: Place, item: int) -> None:
        """Use what is in a slot on a tile again and again until a thing comes of it."""
        for _ in range(TRIES):
            self.player.stamina = self.player.max_stamina
            self.clock.advance(2_000)
            self.client.send(bytes((USE, slot)))
            await self.client.settle()
            self.clock.advance(2_000)
            self.client.send(bytes((CLICK, *place, skill)))
            await self.client.settle()
            if self.has(item):
                return
        raise AssertionError(f"no {self.world.data.items[item].name} in {TRIES} tries")

    async def order(self, packet: int, item: int) -> None:
        """Order one of a thing."""
        self.player.stamina = self.player.max_stamina
        self.clock.advance(2_000)
        self.client.send(
            bytes((BEGIN,)) + struct.pack("<ih", 1, 1),
            bytes((packet,)) + struct.pack("<h", item),
        )
        await self.client.settle()


@pytest.fixture
async def worker(start: Start) -> Worker:
    clock = ManualClock()
    running = await start(clock=clock, world="starter", packet_rate=1_000)
    client = await running.newcomer("Ana", char_class=int(CharClass.WORKER))
    return Worker(running, client, clock)


@pytest.mark.parametrize(
    ("tool", "skill", "number", "kind", "ore", "item"),
    [
        (127, Skill.WOODCUTTING, 8, ObjectType.TREE, 0, 58),
        (127, Skill.WOODCUTTING, 18, ObjectType.TREE, 0, 58),
        (1005, Skill.WOODCUTTING, 18, ObjectType.ELVEN_TREE, 0, 1006),
        (187, Skill.MINING, 166, ObjectType.ORE_DEPOSIT, 192, 192),
        (187, Skill.MINING, 166, ObjectType.ORE_DEPOSIT, 193, 193),
        (187, Skill.MINING, 166, ObjectType.ORE_DEPOSIT, 194, 194),
    ],
    ids=["meadow wood", "forest wood", "old wood", "iron", "silver", "gold"],
)
async def test_trees_and_veins_yield(
    worker: Worker, tool: int, skill: Skill, number: int, kind: ObjectType, ore: int, item: int
) -> None:
    place = worker.find(number, lambda thing: thing.kind == kind and thing.ore == ore)
    await worker.stand_by(number, place)
    worker.hold(Slot(tool, 1, equipped=True))
    await worker.work(1, skill, place, item)


@pytest.mark.parametrize("number", [62, 83])
async def test_fish_bite_at_the_harbour_and_at_the_lake(worker: Worker, number: int) -> None:
    flags = worker.world.data.maps[number].flags
    shore = next(
        (x, y)
        for x in range(12, 90)
        for y in range(10, 90)
        if flags[tile_index(x, y)] & WATER and not flags[tile_index(x, y + 1)]
    )
    await worker.stand_by(number, shore)
    worker.hold(Slot(138, 1, equipped=True))
    await worker.work(1, Skill.FISHING, shore, 139)


@pytest.mark.parametrize("number", [1, 62])
async def test_ore_becomes_a_blade_in_either_town(worker: Worker, number: int) -> None:
    forge = worker.find(number, lambda thing: thing.kind == ObjectType.FORGE)
    await worker.stand_by(number, forge)
    worker.hold(Slot(389, 1, equipped=True), Slot(192, 2_000))
    while not worker.has(15):
        await worker.work(2, SMELT, forge, 386)
        await worker.order(ORDER_SMITH, 15)
        assert worker.has(192), "a dagger takes less than all the ore one can carry"


async def test_wood_becomes_arrows_anywhere(worker: Worker) -> None:
    worker.hold(Slot(198, 1, equipped=True), Slot(58, 500))
    await worker.order(ORDER_CARPENTER, 480)
    assert worker.has(480)
