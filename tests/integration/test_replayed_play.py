"""What anybody may do is replayed as it was: nothing moves the game but what is on the tape.

`PYAO_TEST_REPLAYED=60` makes the play long.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.integration.conftest import Running, Start
from tests.support.random_packets import random_packet
from tests.support.waiting import until

from pyao.protocol.client_packets import (
    Attack,
    LoginExistingChar,
    LoginNewChar,
    Quit,
    ThrowDices,
    Walk,
)
from pyao.protocol.packet import ClientPacket
from pyao.protocol.tables import CLIENT_PACKETS
from pyao.replay import replay
from pyao.rules.character import Section
from pyao.rules.kinds import Privilege

ROUNDS = int(os.environ.get("PYAO_TEST_REPLAYED", "10"))
BATCH = 8
SEED = 7
NAMES = ("Gandalf", "Ana", "Bob", "Cleo")
NEVER = {LoginExistingChar, LoginNewChar, ThrowDices, Quit}
# What stops the server, shuts players out for the rest of the play, or changes its world.
DRASTIC = ("SHUTDOWN", "TURN_OFF", "RESTART", "BAN", "RELOAD")
KINDS = [
    kind
    for kind in CLIENT_PACKETS
    if kind not in NEVER and not any(word in kind.packet_name for word in DRASTIC)
]


class Someone:
    """A client that sends what comes into its head, and comes back when it is thrown out."""

    def __init__(self, running: Running, name: str, random: Random) -> None:
        self.running = running
        self.name = name
        self.random = random
        self.writer: asyncio.StreamWriter | None = None
        self.deaf: asyncio.Task[bytes] | None = None

    async def act(self) -> None:
        """Send a batch of packets; wait until some of it was handled, or all refused."""
        if self.writer is None or self.deaf is None or self.deaf.done():
            await self.go()
            port = self.running.app.server.addresses[0][1]
            reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
            self.deaf = asyncio.create_task(reader.read())
            self.writer.write(LoginExistingChar(self.name, "secreto", 0, 13, 0).encode())
        self.writer.write(b"".join(packet.encode() for packet in self.packets()))
        stats, deaf = self.running.app.server.stats, self.deaf
        enough = stats.packets_in + BATCH // 2
        await until(lambda: stats.packets_in >= enough or deaf.done())

    async def go(self) -> None:
        """Hang up."""
        if self.writer is not None and self.deaf is not None:
            self.writer.close()
            with contextlib.suppress(OSError):
                await self.deaf
                await self.writer.wait_closed()

    def packets(self) -> Iterator[ClientPacket]:
        for _ in range(BATCH):
            choice = self.random.random()
            if choice < 0.35:
                yield Walk(self.random.randint(1, 4))
            elif choice < 0.5:
                yield Attack()
            else:
                yield random_packet(self.random.choice(KINDS), self.random)


async def populate(running: Running) -> None:
    """Make four people who can do something, one of them a god."""
    for name in NAMES:
        await running.newcomer(name)
    rank = int(Privilege.PLAYER | Privilege.GOD)
    await running.app.game.accounts.set_privileges(NAMES[0], rank)
    for player in running.app.game.world.players.values():
        player.gold, player.level = 100_000, 20
        player.hp = player.max_hp = player.mana = player.max_mana = 900
        player.spells[:10] = range(1, 11)
        running.app.game.world.mark(player, Section.everything())
    await running.app.stop()


async def test_random_play_is_replayed_as_it_was(start: Start, tmp_path: Path) -> None:
    common = {"world": "starter", "packet_rate": 0, "connections_per_address": 0}
    await populate(await start(**common))
    running = await start(record_to=tmp_path / "tapes", **common)
    random = Random(SEED)
    people = [Someone(running, name, random) for name in NAMES]
    for _ in range(ROUNDS):
        for one in people:
            await one.act()
    for one in people:
        await one.go()
    await running.app.stop()
    (folder,) = (tmp_path / "tapes").iterdir()
    outcome = await replay(folder, given={})
    assert [one.lines() for one in outcome.differences] == []
    assert outcome.packets > ROUNDS * BATCH
