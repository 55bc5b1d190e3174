"""Players enter one world, walk, see each other, talk, and find everything again."""

from __future__ import annotations

import asyncio
import signal
from collections import deque

from tests.integration.conftest import Connect, Running, Start
from tests.support.byte_client import (
    CHANGE_MAP,
    CHAT,
    CONSOLE_MSG,
    DELTAS,
    EAST,
    ERROR_MSG,
    NORTH,
    POS_UPDATE,
    SOUTH,
    WEST,
    ByteClient,
)
from tests.support.server_process import ServerProcess
from tests.support.waiting import until
from tests.support.world import ManualClock

from pyao.content.starter import load_starter
from pyao.content.world_data import MapData, tile_index
from pyao.events import EventTypes
from pyao.rules.kinds import TileFlag

STEP_S = 0.267
STEP_MS = 270
TOWN, HALL = 1, 166
NO_WAY = TileFlag.BLOCKED | TileFlag.WATER


async def test_the_main_job(server: ServerProcess, connect: Connect) -> None:
    """The whole evening of two players, with a plug pulled and a restart in the middle."""
    server.start()
    ana = await connect()
    dice = await ana.enter_new("Ana Clara")
    assert len(dice) == 5
    assert all(15 <= value <= 18 for value in dice)
    bob = await connect()
    await bob.enter_new("Bob", head=12)

    # They see each other, once each.
    await ana.settle()
    assert ana.named("Bob") is not None
    assert bob.named("Ana Clara") is not None

    # Bob sees Ana walk; Ana is told nothing of her own steps.
    steps = await walk_about(ana)
    assert steps
    await bob.settle()
    shown = bob.named("Ana Clara")
    assert shown is not None
    assert (shown.x, shown.y) == (ana.x, ana.y)

    # Talk is over the head, in both pictures; an unknown command is answered in the console.
    ana.talk("Hola, Bob")
    heard = await bob.get(CHAT)
    assert heard.values[:2] == ("Hola, Bob", ana.index)
    ana.talk("/nosuchcommand")
    assert "/nosuchcommand" in str((await ana.get(CONSOLE_MSG)).values[0])

    # The plug is pulled. The character is found where it was.
    place = (ana.map, ana.x, ana.y)
    await ana.reset()
    again = await connect()
    await again.enter("ANA CLARA")
    assert (again.map, again.x, again.y) == place
    await bob.settle()
    assert sum(one.name == "Ana Clara" for one in bob.figures.values()) == 1, "no ghost is left"

    # Leaving is seen.
    again.send(b"\x47")
    await again.until_closed()
    await bob.settle()
    assert bob.named("Ana Clara") is None

    # A clean stop tells everybody; the next start finds everything again.
    server.signal(signal.SIGTERM)
    await bob.get(ERROR_MSG)
    await bob.until_closed()
    assert await asyncio.to_thread(server.wait) == 0
    assert not (server.data_dir / "server.json").exists()
    await asyncio.to_thread(server.start)
    back = await connect()
    await back.enter("Ana Clara")
    assert (back.map, back.x, back.y) == place


async def walk_about(client: ByteClient) -> int:
    """Walk a few steps wherever the way is free; return how many were taken."""
    taken = 0
    for heading in (SOUTH, SOUTH, EAST, EAST, NORTH, WEST):
        before = (client.x, client.y)
        client.walk(heading)
        await asyncio.sleep(STEP_S)
        await client.settle()
        taken += (client.x, client.y) != before
    return taken


async def test_a_wrong_password_is_refused_and_closed(running: Running) -> None:
    ana = await running.connect()
    await ana.enter_new("Ana")
    thief = await running.connect()
    thief.log_in("Ana", "not this one")
    await thief.get(ERROR_MSG)
    await thief.until_closed()
    assert not ana.closed


async def test_a_refused_creation_keeps_the_connection_for_another_try(running: Running) -> None:
    ana = await running.connect()
    ana.create("Ana")  # no dice thrown yet
    await ana.get(ERROR_MSG)
    ana.throw_dices()
    await ana.get(67)
    for name, head in (("Ana1", 5), ("An", 5), ("Ana", 99)):
        ana.create(name, head=head)
        await ana.get(ERROR_MSG)
    ana.create("Ana")
    await ana.entered()
    other = await running.connect()
    other.throw_dices()
    other.create("ANA")
    await other.get(ERROR_MSG)
    assert not other.closed


async def test_a_second_log_in_takes_the_character_over(running: Running) -> None:
    first = await running.connect()
    await first.enter_new("Ana")
    clients = [await running.connect() for _ in range(5)]
    for client in clients:
        client.log_in("Ana")
    await first.get(ERROR_MSG)
    await first.until_closed()
    inside = 0
    for client in clients:
        try:
            await client.entered()
            inside += 1
        except AssertionError:
            assert client.closed
    await until(lambda: sum(not client.closed for client in clients) == 1)


async def test_walking_faster_than_the_client_can_is_refused(start: Start) -> None:
    running = await start(clock=ManualClock())
    ana = await running.newcomer("Ana")
    x, y = ana.x, ana.y
    ana.send(b"\x06\x03" * 20)
    await ana.get(POS_UPDATE)
    await ana.settle()
    spare = running.app.game.options.intervals.step_burst
    assert abs(ana.x - x) + abs(ana.y - y) == spare < 20


async def test_a_map_exit_leads_to_another_map_and_back(start: Start) -> None:
    """In the starter world the town of map 1 and the hall of map 166 lead to each other."""
    clock = ManualClock()
    ana = await (await start(clock=clock, world="starter")).newcomer("Ana")
    world = load_starter()
    for number, then in ((TOWN, HALL), (HALL, TOWN)):
        assert ana.map == number
        for heading in way_out(world.maps[number], (ana.x, ana.y), then):
            clock.advance(STEP_MS)
            ana.walk(heading)
            came = await ana.settle()
        assert CHANGE_MAP in {packet.id for packet in came}
    assert ana.map == TOWN


def way_out(ground: MapData, start: tuple[int, int], leads: int) -> list[int]:
    """Find the shortest way from a place on a map to an exit to another one."""
    queue: deque[tuple[tuple[int, int], list[int]]] = deque([(start, [])])
    known = {start}
    while queue:
        (x, y), way = queue.popleft()
        if way and ground.exits.get(tile_index(x, y), (0, 0, 0))[0] == leads:
            return way
        for heading, (dx, dy) in DELTAS.items():
            there = (x + dx, y + dy)
            if there not in known and not ground.flags[tile_index(*there)] & NO_WAY:
                known.add(there)
                queue.append((there, [*way, heading]))
    raise AssertionError(f"no exit to map {leads} can be walked to")


async def test_who_is_put_out_as_it_comes_in_is_shown_that_on_the_screen_it_is_on(
    running: Running,
) -> None:
    """As when two log in at one moment: the first has seen nothing of the game yet."""
    first = await running.connect()
    await first.enter_new("Ana")
    await first.close()
    game = running.app.game
    await until(lambda: not game.clients)

    def put_out(_event: object) -> None:
        game.kick(running.player("Ana"), "login.replaced")

    game.events.register_handler(EventTypes.SESSION_STARTED, put_out, "test")
    late = await running.connect()
    late.log_in("Ana")
    await late.get(ERROR_MSG)
    await late.until_closed()
    assert not late.in_game
