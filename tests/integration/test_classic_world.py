"""The classic world of 290 maps, imported and played with the true ground of the client.

Needs ../shared/data; its files are inputs of tests on a developer's machine only.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import deque
from itertools import pairwise

import pytest
from tests.integration.conftest import Connect
from tests.support.byte_client import (
    CHANGE_MAP,
    CHAR_INDEX,
    CHAT,
    CREATE,
    DELTAS,
    MOVE,
    POS_UPDATE,
    REMOVE,
    ByteClient,
)
from tests.support.classic import Classic, classic_fixture, world_fixture
from tests.support.client_facts import Ground, sees
from tests.support.server_process import ServerProcess

from pyao.content.world_data import WorldData, tile_place

__all__ = ["classic_fixture", "world_fixture"]

STEP_S = 0.267
ULLATHORPE = (1, 58, 45)
OBJECT_CREATE, BLOCK_POSITION, AREA_CHANGED = 35, 37, 41
QUIT = b"\x47"
Place = tuple[int, int]


@pytest.fixture
def playing(server: ServerProcess, classic: Classic) -> ServerProcess:
    """Return a started server that found the imported world in its data folder."""
    server.data_dir.mkdir()
    shutil.copy(classic.file, server.data_dir / "world.pyao")
    server.start()
    assert "290 maps" in server.status["world"]
    return server


def way_out(
    ground: Ground, client: ByteClient, exits: dict[Place, tuple[int, int, int]]
) -> list[int]:
    """Find the shortest way to an exit as the client sees the ground now; a list of headings."""
    start = (client.x, client.y)
    taken = {(one.x, one.y) for one in client.figures.values()}
    queue: deque[tuple[Place, list[int]]] = deque([(start, [])])
    known = {start}
    while queue:
        (x, y), way = queue.popleft()
        if way and (x, y) in exits:
            return way
        for heading, (dx, dy) in DELTAS.items():
            there = (x + dx, y + dy)
            walkable = there not in ground.water and not client.blocked.get(
                there, there in ground.blocked
            )
            if walkable and there not in known and there not in taken:
                known.add(there)
                queue.append((there, [*way, heading]))
    raise AssertionError(f"no way out of map {client.map} from {start}")


async def walk_out(
    client: ByteClient, ground: Ground, world: WorldData
) -> tuple[list[Place], tuple[int, int, int]]:
    """Walk to the nearest exit and onto it; return the tiles stood on and where it leads."""
    exits = {tile_place(at): to for at, to in world.maps[client.map].exits.items()}
    steps = [(client.x, client.y)]
    while True:
        client.walk(way_out(ground, client, exits)[0])
        there = (client.x, client.y)
        await asyncio.sleep(STEP_S)
        if there in exits:
            return [*steps, there], exits[there]
        await client.settle()
        # The client saw that the way is free; only a creature may have been faster.
        assert (client.x, client.y) == there or client.figures
        if (client.x, client.y) == there:
            steps.append(there)


def check_order(ids: list[int]) -> None:
    """Check what follows a CHANGE_MAP: own character, its index, then everything else."""
    own, index, area = ids.index(CREATE), ids.index(CHAR_INDEX), ids.index(AREA_CHANGED)
    assert own < index < area
    assert all(ids.index(other) > area for other in (OBJECT_CREATE, BLOCK_POSITION) if other in ids)
    assert ids.count(CHAR_INDEX) == 1
    assert CHANGE_MAP not in ids


async def test_the_main_job_in_the_classic_world(
    playing: ServerProcess, connect: Connect, classic: Classic, world: WorldData
) -> None:
    graphics = classic.graphics()

    async def new() -> ByteClient:
        client = await connect()
        client.graphics = graphics
        return client

    ana = await new()
    await ana.enter_new("Ana Clara", home=1)
    assert (ana.map, ana.x, ana.y) == ULLATHORPE
    assert any(one.name == "" for one in ana.figures.values()), "townsmen stand around"
    bob = await new()
    await bob.enter_new("Bob", home=1)
    await ana.settle()
    assert ana.knows(bob)
    assert bob.knows(ana)

    # Ana talks and walks out of the town; Bob sees all of it until she is out of view.
    ana.talk("Me voy")
    assert (await bob.get(CHAT)).values[:2] == ("Me voy", ana.index)
    index = ana.index
    steps, leads = await walk_out(ana, classic.ground(1), world)
    came = [packet.id for packet in await ana.settle()]
    arrival = came.index(CHANGE_MAP)
    assert POS_UPDATE not in came[:arrival], "the step onto the exit was not taken back"
    check_order(came[arrival + 1 :])
    assert ana.map == leads[0]
    assert abs(ana.x - leads[1]) + abs(ana.y - leads[2]) <= 12
    shown = await bob.settle()
    moves = [step.values[1:] for step in shown if step.id == MOVE and step.values[0] == index]
    seen_from = (bob.x, bob.y)
    assert moves == [to for at, to in pairwise(steps) if sees(*seen_from, *at)]
    assert (REMOVE, (index,)) in [(packet.id, packet.values) for packet in shown]
    assert bob.named("Ana Clara") is None

    # The plug is pulled; she is where she was, after a kill too. Somebody there sees her leave.
    place = (ana.map, ana.x, ana.y)
    await ana.reset()
    again = await new()
    await again.enter("Ana Clara")
    assert (again.map, again.x, again.y) == place
    await asyncio.sleep(1.2)
    playing.kill()
    await asyncio.to_thread(playing.start)
    back = await new()
    await back.enter("Ana Clara")
    assert (back.map, back.x, back.y) == place
    home = await new()
    await home.enter("Bob")
    assert (home.map, home.x, home.y) == (bob.map, bob.x, bob.y)
    home.send(QUIT)
    await home.until_closed()
