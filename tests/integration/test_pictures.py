"""A random game: what each client believes is compared with the world, in full, again and again."""

from __future__ import annotations

import logging
import os
import random
from collections import Counter

import pytest
from structlog.testing import capture_logs
from tests.integration.conftest import Running, Start
from tests.support.by_hand import changed_by_hand, check_ledger
from tests.support.byte_client import ByteClient
from tests.support.client_picture import SPELLS
from tests.support.keyboard import press
from tests.support.play import some_packets
from tests.support.truth import compare
from tests.support.world import ManualClock

from pyao.protocol.client_packets import MoveSpell
from pyao.rules.character import Slot
from pyao.rules.kinds import NpcRole
from pyao.tasks.belongings import show_belongings, show_figures
from pyao.world import Player

pytestmark = pytest.mark.untraced

log = logging.getLogger(__name__)

ROUNDS = int(os.environ.get("PYAO_TEST_ROUNDS", "150"))
SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)
NAMES = ("Ana", "Bob", "Eva", "Leo", "Mar", "Sol")
STEP_MS = 300
LOOK_EVERY = 3
MAPS = (1, 8, 18, 166)
RICH = 5_000
DEALERS = {NpcRole.BANKER, NpcRole.TRAINER, NpcRole.PRIEST}


class Game:
    """Six clients in one server, with time moved by hand."""

    def __init__(self, running: Running, clock: ManualClock) -> None:
        self.running = running
        self.clock = clock
        self.roll = random.Random(SEED)
        self.clients: dict[str, ByteClient] = {}
        self.did: Counter[str] = Counter()

    async def enter_all(self) -> None:
        """Bring everybody into the game, who is new with something to play with."""
        for name in NAMES:
            client = self.clients.get(name)
            if client is not None and not client.closed:
                continue
            if client is None:
                self.clients[name] = await self.running.newcomer(name)
                player = self.running.player(name)
                with changed_by_hand(self.running.app, player):
                    self.equip(player)
            else:
                self.running.clients.remove(client)
                again = await self.running.connect()
                await again.enter(name)
                self.clients[name] = again

    def equip(self, player: Player) -> None:
        data = self.running.app.game.world.data
        items = [number for number, item in data.items.items() if item.graphic]
        player.inventory[:] = [
            Slot(number, self.roll.randint(1, 20))
            for number in self.roll.sample(items, min(len(player.inventory), len(items)))
        ]
        spells = list(data.spells)[: len(player.spells)]
        player.spells[: len(spells)] = spells
        player.level, player.gold = 20, RICH
        player.max_hp = player.hp = self.clients[player.name].hp = 60
        player.max_mana = player.mana = 2_000
        player.skills[:] = [100] * len(player.skills)
        place = (self.roll.choice(MAPS), self.roll.randint(40, 60), self.roll.randint(40, 60))
        game, world = self.running.app.game, self.running.app.game.world
        show_belongings(game, player)
        show_figures(game, player)
        world.dress(player)
        world.show_look(player)
        world.warp(player, *place)

    async def play_round(self) -> None:
        """Let everybody do one thing, then some time pass."""
        world = self.running.app.game.world
        for name, client in self.clients.items():
            player = world.find(name)
            if client.closed or player is None:
                continue
            if self.roll.random() < 0.6:
                await client.settle()  # a client walks from where it stands by now
                press(client, self.roll.randint(1, 4), world.data.maps[client.map].flags)
                self.did["WALK"] += 1
            elif self.roll.random() < 0.02:
                await client.reset()
                client.closed = True
            else:
                for packet in some_packets(player, self.roll, NAMES):
                    client.send(packet.encode())
                    if isinstance(packet, MoveSpell):
                        swap_rows(client, packet)
                    self.did[packet.packet_name] += 1
        await self.settle()
        if self.roll.random() < 0.1:
            lucky = world.find(self.roll.choice(NAMES))
            if lucky is not None:
                world.warp(lucky, *self.some_place())
        self.clock.advance(STEP_MS)
        world.schedule.run_due()
        await self.settle()

    def some_place(self) -> tuple[int, int, int]:
        """Return any place, or one beside a townsman who deals with players."""
        on = self.roll.choice(MAPS)
        townsmen = [
            npc
            for npc in self.running.app.game.world.maps[on].npcs()
            if npc.kind.trades or npc.kind.role in DEALERS
        ]
        if townsmen and self.roll.random() < 0.7:
            npc = self.roll.choice(townsmen)
            return on, npc.x, npc.y
        return on, self.roll.randint(20, 80), self.roll.randint(20, 80)

    async def settle(self) -> None:
        """Let every client answer for all that was sent to it; some were let go meanwhile."""
        for client in self.clients.values():
            try:
                if not client.closed:
                    await client.settle()
            except AssertionError:
                if client.error is not None or not client.closed:
                    raise

    def look(self) -> None:
        """Compare every client's picture with the world."""
        for name, client in self.clients.items():
            player = self.running.app.game.world.find(name)
            if player is not None and not client.closed:
                compare(self.running.app.game.world, client, player)


def swap_rows(client: ByteClient, moved: MoveSpell) -> None:
    """Swap two rows of the book as the client does without being told."""
    slot, other = moved.slot, moved.slot + (-1 if moved.upwards else 1)
    if 1 <= slot <= SPELLS and 1 <= other <= SPELLS:
        rows = client.book.get(slot, 0), client.book.get(other, 0)
        client.book[other], client.book[slot] = rows


async def test_every_client_sees_the_world_as_it_is(start: Start) -> None:
    log.warning("PYAO_TEST_SEED=%d PYAO_TEST_ROUNDS=%d", SEED, ROUNDS)
    clock = ManualClock()
    running = await start(clock=clock, world="starter", packet_rate=0, logout_s=2)
    game = Game(running, clock)
    with capture_logs() as logs:
        for number in range(ROUNDS):
            await game.enter_all()
            await game.play_round()
            if number % LOOK_EVERY == 0:
                game.look()
    assert running.app.server.stats.handler_errors == 0
    assert running.app.game.world.schedule.failures == 0
    assert not [entry for entry in logs if entry["log_level"] in {"error", "critical"}]
    assert len(game.did) > 12, game.did
    found = await check_ledger(running.app)
    assert found.destroyed, "nothing was used up"
