"""Two or three players who stand together on the market and trade with each other."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from tests.support.by_hand import changed_by_hand
from tests.support.byte_client import CONSOLE_MSG, ByteClient, ServerClosedError
from tests.support.market import POTION, SWORD, OpenMarket
from tests.support.running import Running

from pyao.protocol import client_packets as said
from pyao.protocol.packet import ClientPacket
from pyao.rules.character import Slot
from pyao.world import Player

GOLD_SLOT, GOLD_PLACE = 31, 21


@dataclass
class Dealing:
    """Ana with 10 potions and 100 coins, Bob with a sword and 50, and Eva who looks on."""

    running: Running
    ana: ByteClient
    bob: ByteClient
    eva: ByteClient
    a: Player
    b: Player
    e: Player

    async def send(self, who: ByteClient, *packets: ClientPacket) -> None:
        """Send packets, and let everybody get what comes of them."""
        who.send(*(packet.encode() for packet in packets))
        await self.hear()

    async def say(self, who: ByteClient, words: str) -> None:
        """Type something, and let everybody get what comes of it."""
        who.talk(words)
        await self.hear()

    async def hear(self) -> None:
        """Let all clients get what was sent so far, and keep it."""
        for client in (self.ana, self.bob, self.eva):
            with contextlib.suppress(ServerClosedError):
                client.seen[:0] = await client.settle()

    def forget(self) -> None:
        """Let all clients forget what they have got."""
        for client in (self.ana, self.bob, self.eva):
            client.seen.clear()

    async def begin(self) -> None:
        """Let Ana propose a trade to Bob, and Bob accept."""
        self.a.clicked = self.b
        await self.send(self.ana, said.CommerceStart())
        await self.send(self.bob, said.CommerceStart())

    async def agree(self) -> None:
        """Let both confirm and accept."""
        for packet in (said.UserCommerceConfirm(), said.UserCommerceOk()):
            for who in (self.ana, self.bob):
                await self.send(who, packet)

    @property
    def apart(self) -> bool:
        """Whether neither of the two trades, nor thinks so."""
        return (
            (self.a.trade, self.b.trade) == (None, None)
            and not self.a.trading
            and not self.b.trading
            and not self.running.app.game.world.trades
        )

    def wealth(self) -> tuple[object, ...]:
        """Return what both have."""
        return tuple(
            (who.gold, [slot for slot in who.inventory if slot]) for who in (self.a, self.b)
        )


WEALTH = ((100, [Slot(POTION.number, 10)]), (50, [Slot(SWORD.number, 1)]))

BeginDealing = Callable[..., Awaitable[Dealing]]


@pytest.fixture(name="begin_dealing")
def begin_dealing_fixture(market: OpenMarket) -> BeginDealing:
    """Return what brings the three together; settings are given by leaf name."""

    async def begin(**settings: object) -> Dealing:
        running, ana, a = await market(**settings)
        bob, eva = await running.newcomer("Bob"), await running.newcomer("Eva")
        b, e = running.player("Bob"), running.player("Eva")
        bags = ((a, 100, Slot(POTION.number, 10)), (b, 50, Slot(SWORD.number, 1)))
        with changed_by_hand(running.app, a, b, e):
            for who, gold, slot in bags:
                who.gold, who.inventory[:] = gold, [slot, *[None] * (len(who.inventory) - 1)]
            e.gold, e.inventory[:] = 0, [None] * len(e.inventory)
        dealing = Dealing(running, ana, bob, eva, a, b, e)
        await dealing.hear()
        dealing.forget()
        return dealing

    return begin


@pytest.fixture(name="dealing")
async def dealing_fixture(begin_dealing: BeginDealing) -> Dealing:
    """Return three players on the market."""
    return await begin_dealing()


@pytest.fixture(name="trading")
async def trading_fixture(dealing: Dealing) -> Dealing:
    """Return them with Ana and Bob trading."""
    await dealing.begin()
    dealing.forget()
    return dealing


def told(client: ByteClient) -> str:
    """Return everything a client got in its console."""
    return "\n".join(str(p.values[0]) for p in client.seen if p.id == CONSOLE_MSG)


def count(client: ByteClient, packet_id: int) -> int:
    """Return how many packets of a kind a client got."""
    return sum(packet.id == packet_id for packet in client.seen)


def values(client: ByteClient, packet_id: int) -> list[tuple[object, ...]]:
    """Return the values of every packet of a kind that a client got."""
    return [packet.values for packet in client.seen if packet.id == packet_id]
