"""A random game: of who is hidden or invisible, not a byte reaches those who may not see it."""

from __future__ import annotations

import logging
import os
import random
from dataclasses import dataclass

import pytest
from tests.integration.conftest import Running, Start
from tests.support.byte_client import (
    CHANGE,
    CHAT,
    CREATE,
    MOVE,
    REMOVE,
    ByteClient,
    Seen,
)
from tests.support.play import some_packet
from tests.support.world import ManualClock

from pyao.protocol import client_packets as said
from pyao.protocol.packet import ClientPacket
from pyao.rules.character import Slot
from pyao.rules.kinds import Privilege
from pyao.tasks.belongings import show_figures
from pyao.world import Player

pytestmark = pytest.mark.untraced

log = logging.getLogger(__name__)

ROUNDS = int(os.environ.get("PYAO_TEST_ROUNDS", "120"))
SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)
NAMES = ("Ana", "Bob", "Eva", "Leo", "Mar")
STAFF = "Mar"
STEP_MS = 300
WAVE, EFFECT, VEIL, TAG, NICK, DIALOG, MULTI = 39, 44, 66, 89, 31, 2, 104
# Where a packet names a character: which of its values.
NAMED = {
    **dict.fromkeys((CREATE, REMOVE, MOVE, CHANGE, EFFECT, VEIL, TAG, NICK, DIALOG), 0),
    CHAT: 1,
}
NAMING_CODES = (14, 15, 16, 18, 19)


@dataclass(frozen=True)
class Veil:
    """How a player stood at one moment."""

    down: bool
    index: int
    place: tuple[int, int]

    @classmethod
    def of(cls, player: Player) -> Veil:
        down = (player.hidden or player.invisible) and not player.sailing
        return cls(down, player.index, (player.x, player.y))


def named_index(packet: Seen) -> object:
    """Return the index of the character a packet tells of, if it tells of any."""
    if packet.id == MULTI:
        return packet.values[1] if packet.values[0] in NAMING_CODES else None
    return packet.values[NAMED[packet.id]] if packet.id in NAMED else None


class Game:
    """Five clients in one server, one act at a time, with all that comes of it looked at."""

    def __init__(self, running: Running, clock: ManualClock) -> None:
        self.running = running
        self.world = running.app.game.world
        self.clock = clock
        self.roll = random.Random(SEED)
        self.clients: dict[str, ByteClient] = {}
        self.kept_quiet = 0
        self.shown_to_staff = 0

    async def begin(self) -> None:
        for name in NAMES:
            client = self.clients[name] = await self.running.newcomer(name)
            player = self.running.player(name)
            if name == STAFF:
                player.privileges |= int(Privilege.GOD)
            player.level, player.max_mana, player.mana = 30, 2_000, 2_000
            player.max_hp = player.hp = client.hp = 400
            show_figures(self.running.app.game, player)
            player.skills[:] = [100] * len(player.skills)
            player.inventory[:10] = [
                Slot(number, 20) for number in self.roll.sample(list(self.world.data.items), 10)
            ]
            spells = [n for n, spell in self.world.data.spells.items() if spell.target != 4]
            player.spells[: len(spells)] = spells[:35]
            self.world.warp(player, 1, self.roll.randint(45, 55), self.roll.randint(45, 55))
        await self.gather()

    async def do(self, name: str) -> None:
        """Let one player act, and look at what came of it."""
        client, player = self.clients[name], self.running.player(name)
        dice = self.roll.random()
        packet: ClientPacket | None = None
        before = self.veils()
        if dice < 0.5:
            client.walk(self.roll.randint(1, 4))
        elif dice < 0.6 and not player.dead:
            player.invisible = True
            player.effects.invisible_until = self.clock.now() + self.roll.randint(1, 40) * STEP_MS
            self.world.refresh_veil(player)
        elif dice < 0.65:
            place = (self.roll.randint(40, 60), self.roll.randint(40, 60))
            self.world.warp(player, self.roll.choice((1, 1, 8)), *place, flash=True)
        else:
            packet = some_packet(player, self.roll)
            if not isinstance(packet, said.Quit):
                client.send(packet.encode())
        came = await self.gather()
        aimed = packet if isinstance(packet, said.WorkLeftClick | said.DoubleClick) else None
        self.check(before, came, actor=name, aimed=(aimed.x, aimed.y) if aimed else None)

    async def pass_time(self) -> None:
        before = self.veils()
        self.clock.advance(STEP_MS)
        self.world.schedule.run_due()
        self.check(before, await self.gather())

    async def gather(self) -> dict[str, list[Seen]]:
        """Return all that everybody got of the last act, whoever was asked first."""
        first = {name: await client.settle() for name, client in self.clients.items()}
        for name, client in self.clients.items():
            first[name] += await client.settle()
        return first

    def veils(self) -> dict[str, Veil]:
        return {name: Veil.of(self.running.player(name)) for name in NAMES}

    def check(
        self,
        before: dict[str, Veil],
        came: dict[str, list[Seen]],
        actor: str = "",
        aimed: tuple[int, int] | None = None,
    ) -> None:
        after = self.veils()
        for name in NAMES:
            if not (before[name].down and after[name].down):
                continue
            indices = {before[name].index, after[name].index}
            places = {before[name].place, after[name].place} - {aimed}
            for viewer, packets in came.items():
                if viewer == name:
                    continue
                if viewer == STAFF:
                    self.shown_to_staff += any(named_index(one) in indices for one in packets)
                    continue
                assert after[name].index not in self.clients[viewer].figures
                for packet in packets:
                    assert named_index(packet) not in indices, (name, viewer, packet)
                    if packet.id == WAVE and actor in {name, ""}:
                        assert packet.values[1:] not in places, (name, viewer, packet)
                self.kept_quiet += 1


async def test_nothing_of_the_veiled_reaches_those_who_may_not_see_them(start: Start) -> None:
    log.warning("PYAO_TEST_SEED=%d PYAO_TEST_ROUNDS=%d", SEED, ROUNDS)
    clock = ManualClock()
    running = await start(clock=clock, world="starter", packet_rate=0)
    game = Game(running, clock)
    await game.begin()
    for _ in range(ROUNDS):
        for name in NAMES:
            await game.do(name)
        await game.pass_time()
    assert game.kept_quiet > ROUNDS, "somebody was veiled most of the time"
    assert game.shown_to_staff > 0
    assert running.app.server.stats.handler_errors == 0
