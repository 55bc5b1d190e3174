"""A newcomer walks to everybody and everything that the page about the starter world names.

Only what a client knows decides each step: its own ground, and the blocks it was told of.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.conftest import Running, Start
from tests.support.archives import unpack
from tests.support.byte_client import CONSOLE_MSG, DELTAS, ByteClient
from tests.support.client_facts import Ground, read_graphics, read_ground
from tests.support.world import ManualClock

from pyao.content.world_data import WorldData, tile_index, tile_place
from pyao.rules.kinds import ObjectType
from pyao.tasks.belongings import show_figures

pytestmark = pytest.mark.untraced

DOUBLE_CLICK = 27
STEP_MS = 270
TOUR = (1, 8, 1, 16, 1, 18, 22, 168, 22, 18, 1, 83, 62, 83, 1, 166, 1)
USED = (
    *(ObjectType.SIGN, ObjectType.FORUM, ObjectType.ANVIL, ObjectType.FORGE, ObjectType.TREE),
    *(ObjectType.ELVEN_TREE, ObjectType.ORE_DEPOSIT, ObjectType.CAMPFIRE, ObjectType.DOOR),
    ObjectType.TELEPORT,
)

Place = tuple[int, int]


class Walker:
    """A client that goes wherever it likes, step by step."""

    def __init__(
        self, running: Running, client: ByteClient, clock: ManualClock, maps: Path
    ) -> None:
        self.live = running.app.game.world
        self.world: WorldData = self.live.data
        self.client = client
        self.clock = clock
        self.maps = maps
        self.grounds: dict[int, Ground] = {}
        self.steps = 0

    @property
    def ground(self) -> Ground:
        number = self.client.map
        if number not in self.grounds:
            self.grounds[number] = read_ground(self.maps / f"mapa{number}.map")
        return self.grounds[number]

    def way(self, arrived: Callable[[Place], bool], avoid: frozenset[Place]) -> list[int]:
        """Find the shortest way on ground that the client takes for free; a list of headings."""
        client, ground = self.client, self.ground
        start = (client.x, client.y)
        taken = {(one.x, one.y) for one in client.figures.values()} | avoid
        queue: deque[tuple[Place, list[int]]] = deque([(start, [])])
        known = {start}
        while queue:
            here, way = queue.popleft()
            if arrived(here):
                return way
            for heading, (dx, dy) in DELTAS.items():
                there = (here[0] + dx, here[1] + dy)
                shut = client.blocked.get(there, there in ground.blocked) or there in ground.water
                if not shut and there not in known and there not in taken:
                    known.add(there)
                    queue.append((there, [*way, heading]))
        raise AssertionError(f"no way on map {client.map} from {start}")

    async def go(self, arrived: Callable[[Place], bool], *, onto_exit: bool = False) -> None:
        """Walk there; the way is looked for anew after each step, as more comes into view."""
        number = self.client.map
        exits = frozenset(map(tile_place, self.world.maps[number].exits))
        # Those that lead elsewhere may lie on the shortest way to the one that is looked for.
        avoid = frozenset(one for one in exits if not arrived(one)) if onto_exit else exits
        while self.client.map == number and not arrived((self.client.x, self.client.y)):
            # What time brings, such as being told once more where one stands, comes before the
            # step: on a clock that stands still meanwhile it would always cross it.
            self.clock.advance(STEP_MS)
            self.live.schedule.run_due()
            await self.client.settle()
            way = self.way(arrived, avoid)
            self.client.walk(way[0])
            there = (self.client.x, self.client.y)
            await self.client.settle()
            self.steps += 1
            if self.client.map == number and (self.client.x, self.client.y) != there:
                # Only a townsman who was faster may take a step back; it may have gone on since.
                others = set(self.client.figures) - {self.client.index}
                near = [self.client.figures[index] for index in others]
                assert any(math.dist(there, (one.x, one.y)) <= 1 for one in near), number


def beside(place: Place) -> Callable[[Place], bool]:
    return lambda here: abs(here[0] - place[0]) + abs(here[1] - place[1]) <= 2


def named(world: WorldData, number: int) -> list[Place]:
    """List everybody who is no wild creature, and all that can be read or used."""
    entry = world.maps[number]
    found = [at for at, kind in entry.npcs if not world.npcs[kind].attackable]
    found += [at for at, item, _ in entry.objects if world.items[item].kind in USED]
    return [tile_place(at) for at in found]


def nearest_first(places: list[Place], start: Place) -> list[Place]:
    """Order places so that each is the nearest to the one before."""
    left, tour, here = set(places), [], start
    while left:
        here = min(left, key=lambda one: (abs(one[0] - here[0]) + abs(one[1] - here[1]), one))
        left.remove(here)
        tour.append(here)
    return tour


@pytest.fixture
def assets(shared: Path, tmp_path: Path) -> Path:
    return unpack(shared, "godot-client-assets", tmp_path) / "godot-client" / "Assets"


async def test_a_newcomer_walks_to_everything_ashore(start: Start, assets: Path) -> None:
    clock = ManualClock()
    running = await start(clock=clock, world="starter", packet_rate=1_000, packet_burst=10_000)
    client = await running.newcomer("Ana", home=1)
    walks_unharmed(running)  # other creatures come back, or strike back
    client.graphics = read_graphics(assets / "Init" / "graficos.ind")
    for room in running.app.game.world.maps.values():
        for npc in [npc for npc in room.npcs() if npc.kind.hostile]:
            running.app.game.world.remove_npc(npc)  # a newcomer would not live to see it all
    walker = Walker(running, client, clock, assets / "Maps")
    seen: set[int] = set()
    read = 0
    for number, then in zip(TOUR, (*TOUR[1:], 0), strict=True):
        assert client.map == number
        if number not in seen:
            seen.add(number)
            for place in nearest_first(named(walker.world, number), (client.x, client.y)):
                await walker.go(beside(place))
                read += await reads(walker, place)
        if then:
            out = {
                tile_place(at)
                for at, leads in walker.world.maps[number].exits.items()
                if leads[0] == then
            }
            await walker.go(out.__contains__, onto_exit=True)
    assert seen == walker.world.maps.keys() - {106, 107}
    assert read == sum(
        walker.world.items[item].kind == ObjectType.SIGN
        for entry in walker.world.maps.values()
        for _, item, _ in entry.objects
    )
    assert walker.steps > 1_000


def walks_unharmed(running: Running) -> None:
    """Give the newcomer more life than all the world could take from it on the way."""
    player = running.player("Ana")
    player.max_hp = player.hp = 30_000
    show_figures(running.app.game, player)


async def reads(walker: Walker, place: Place) -> bool:
    """Click on what lies there; tell whether it was a sign and was read in full."""
    for at, item, _ in walker.world.maps[walker.client.map].objects:
        sign = walker.world.items[item]
        if at == tile_index(*place) and sign.kind == ObjectType.SIGN:
            walker.clock.advance(1_000)
            walker.client.send(bytes((DOUBLE_CLICK, *place)))
            came = await walker.client.settle()
            told = " ".join(str(packet.values[0]) for packet in came if packet.id == CONSOLE_MSG)
            assert "El cartel dice: " in told, sign.name
            return True
    return False
