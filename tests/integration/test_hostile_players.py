"""Hostile clients that got in: random packets, quick returns, recorded bytes, too many descriptors.

`PYAO_FUZZ_PACKETS=1000000` and `PYAO_RECONNECTS=6000` make the long forms of the first two.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
import pytest
from structlog.testing import capture_logs
from tests.integration.conftest import Running, Start
from tests.support.byte_client import PONG, ByteClient, ServerClosedError
from tests.support.random_packets import random_packet
from tests.support.server_process import ServerProcess
from tests.support.stores import StoreOptions
from tests.support.waiting import until

from pyao.net import socket_options
from pyao.protocol.client_packets import Drop, LoginExistingChar, PickUp, Quit
from pyao.protocol.tables import CLIENT_PACKETS
from pyao.rules.character import Section, Slot
from pyao.rules.kinds import Privilege
from pyao.world import Player

PACKETS = int(os.environ.get("PYAO_FUZZ_PACKETS", "3000"))
RECONNECTS = int(os.environ.get("PYAO_RECONNECTS", "40"))
BATCH = 50
PING = b"\x77"
ITEMS = 10


def belongings(player: Player) -> tuple[object, ...]:
    """Return what nobody else may change of a player in a safe place."""
    return (player.gold, player.bank_gold, list(player.inventory), list(player.bank), player.level)


class Fuzzer:
    """A player who sends batches of random packets, and comes back after each end."""

    def __init__(self, running: Running, seed: int) -> None:
        self.running = running
        self.random = Random(seed)
        self.client: ByteClient | None = None

    async def ready(self) -> ByteClient:
        world = self.running.app.game.world
        if self.client is not None and world.find("Mala") is None:
            await self.client.until_closed()
        if self.client is None or self.client.closed:
            self.client = await self.running.connect()
            self.running.clients.remove(self.client)
            await self.client.enter("Mala")
        player = self.running.player("Mala")
        player.hp, player.privileges = player.max_hp, int(Privilege.PLAYER)
        return self.client

    async def batch(self) -> list[str]:
        """Send one batch and wait until it is handled; return what was sent."""
        client = await self.ready()
        classes = list(CLIENT_PACKETS)
        packets = [random_packet(self.random.choice(classes), self.random) for _ in range(BATCH)]
        client.seen.clear()
        client.send(*(packet.encode() for packet in packets), PING)
        with contextlib.suppress(AssertionError):
            await client.until(lambda seen: seen.id == PONG)
        return [str(packet) for packet in packets]


@pytest.mark.timeout(max(120, PACKETS // 200))
async def test_random_packets_of_a_player_break_nothing_and_nobody(start: Start) -> None:
    running = await start(packet_rate=0, world="starter", language="en", lockout_ip_failures=0)
    eva = await running.newcomer("Eva")
    mala = await running.newcomer("Mala")
    await mala.close()
    before = belongings(running.player("Eva"))
    seed = int.from_bytes(os.urandom(4), "big")
    fuzzer = Fuzzer(running, seed)
    stats = running.app.server.stats
    with capture_logs() as logs:
        for _ in range(-(-PACKETS // BATCH)):
            sent = await fuzzer.batch()
            failures = [one for one in logs if one["log_level"] in {"error", "critical"}]
            assert not failures, (seed, failures[-1], sent)
            assert stats.handler_errors == 0, (seed, sent)
            logs.clear()
    assert running.app.game.world.schedule.failures == 0
    assert belongings(running.player("Eva")) == before
    eva.seen.clear()
    eva.send(PING)
    await eva.until(lambda seen: seen.id == PONG)
    if fuzzer.client is not None:
        await fuzzer.client.close()


async def test_quick_returns_of_one_player_leave_one_character_and_nothing_else(
    start: Start,
) -> None:
    running = await start(world="starter", lockout_ip_failures=0)
    app = running.app
    first = await running.newcomer("Eva")
    await first.close()
    await until(lambda: not app.server.stats.open and not app.game.world.players, within_s=30)
    tasks, timers = len(asyncio.all_tasks()), len(app.game.world.schedule)
    indices = len(app.game.world.indices)
    for number in range(RECONNECTS):
        client = await running.connect()
        running.clients.remove(client)
        if number % 4 == 3:  # gone before the answer
            client.log_in("Eva")
        elif number % 4 == 0:  # the one before may be coming in still, and keep it out
            with contextlib.suppress(ServerClosedError):
                await client.enter("Eva")
        else:
            await client.enter("Eva")
        assert len(app.game.world.players) <= 1
        assert len(app.game.clients) <= 1
        await (client.reset() if number % 2 else client.close())
    await until(lambda: not app.server.stats.open and not app.game.world.players, within_s=30)
    await until(lambda: len(asyncio.all_tasks()) <= tasks)
    assert len(app.game.world.schedule) <= timers
    assert len(app.game.world.indices) == indices
    assert not app.game.clients
    assert app.server.stats.handler_errors == 0


async def test_recorded_bytes_double_nothing(start: Start) -> None:
    """Whoever has the bytes of a log-in has the password; but not a second item."""
    running = await start(lockout_ip_failures=0)
    world = running.app.game.world
    ana = await running.newcomer("Ana")
    player = running.player("Ana")
    item = next(iter(world.data.items))
    player.inventory[:] = [Slot(item, ITEMS), *[None] * (len(player.inventory) - 1)]
    running.app.game.world.mark(player, Section.INVENTORY)
    recorded = [
        LoginExistingChar("Ana", "secreto", 0, 13, 0).encode(),
        Drop(1, 4).encode(),
        Quit().encode(),
    ]
    await ana.close()
    await until(lambda: world.find("Ana") is None, within_s=30)
    for _ in range(3):
        again = await running.connect()
        again.send(*recorded)
        await again.until_closed()
        await until(lambda: world.find("Ana") is None, within_s=30)
    back = await running.connect()
    await back.enter("Ana")
    held = sum(slot.amount for slot in running.player("Ana").inventory if slot is not None)
    lying = sum(
        pile.amount
        for room in world.maps.values()
        for pile in room.ground.values()
        if not pile.fixed and pile.item.number == item
    )
    assert held + lying == ITEMS
    assert lying


async def test_bytes_of_a_game_without_its_log_in_give_nothing(running: Running) -> None:
    stranger = await running.connect()
    stranger.send(Drop(1, 4).encode(), PickUp().encode())
    await stranger.until_closed()
    assert not running.app.game.world.players


def test_a_peer_that_vanished_is_noticed_within_a_minute() -> None:
    """Idle, by keep-alive; with bytes on their way, by their own limit."""
    idle_s = socket_options.KEEP_ALIVE_IDLE_S
    idle_s += socket_options.KEEP_ALIVE_INTERVAL_S * socket_options.KEEP_ALIVE_COUNT
    assert idle_s <= 60
    assert socket_options.UNANSWERED_MS <= 60_000


@pytest.mark.skipif(sys.platform != "linux", reason="these options are Linux's")
async def test_a_players_socket_has_those_limits(running: Running) -> None:
    await running.newcomer("Ana")
    (connection,) = running.app.server.connections
    sock = connection._sock
    assert sock is not None
    wanted = {
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): socket_options.KEEP_ALIVE_IDLE_S,
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): socket_options.KEEP_ALIVE_INTERVAL_S,
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT): socket_options.KEEP_ALIVE_COUNT,
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT): socket_options.UNANSWERED_MS,
    }
    assert {option: sock.getsockopt(*option) for option in wanted} == wanted


@pytest.fixture
def limited(tmp_path: Path, sqlite_options: StoreOptions) -> Iterator[ServerProcess]:
    """Return a server that may have 256 files open."""
    with ServerProcess(tmp_path / "data", *sqlite_options.options) as running:
        if sys.platform == "linux":
            resource.prlimit(running.pid, resource.RLIMIT_NOFILE, (256, 256))
        yield running


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
async def test_out_of_descriptors_the_game_goes_on_and_places_come_back(
    limited: ServerProcess,
) -> None:
    ana = await ByteClient.connect(limited.port)
    await ana.enter_new("Ana")
    process = psutil.Process(limited.pid)
    before = process.num_fds()
    flood = []
    for _ in range(400):
        sock = socket.socket()
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.connect(("127.0.0.1", limited.port))
        flood.append(sock)
    await until(lambda: process.num_fds() >= 250)
    await ana.settle()
    for sock in flood:
        sock.close()
    await until(lambda: process.num_fds() <= before, within_s=30)
    late = await ByteClient.connect(limited.port)
    await late.enter_new("Bob")
    await late.close()
    await ana.close()
    output = limited.output()
    assert "out of file descriptors" in output
    assert output.count("a client was let go") < 60
    assert "Traceback" not in output


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
async def test_a_thousand_dribblers_cost_little_and_keep_nobody_out(
    tmp_path: Path, sqlite_options: StoreOptions
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    env = {"PYAO_LOGIN_DEADLINE_S": "8"}
    try:
        with ServerProcess(tmp_path / "data", *sqlite_options.options, env=env) as server:
            process = psutil.Process(server.pid)
            memory, descriptors = process.memory_info().rss, process.num_fds()
            writers = [
                (await asyncio.open_connection("127.0.0.1", server.port))[1] for _ in range(1000)
            ]
            for writer in writers:
                writer.write(b"\x00")
            await until(lambda: process.num_fds() >= descriptors + 1000)
            assert process.memory_info().rss - memory < 20_000_000
            ana = await ByteClient.connect(server.port)
            await ana.enter_new("Ana")
            await until(lambda: process.num_fds() <= descriptors + 5, within_s=40)
            await ana.settle()
            await ana.close()
            for writer in writers:
                writer.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
