"""A game master and a player side by side, with what each was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from tests.support.byte_client import CONSOLE_MSG, ByteClient, Seen
from tests.support.running import Running, Start
from tests.support.world import ManualClock

from pyao.game import Game
from pyao.protocol.packet import ClientPacket
from pyao.rules.kinds import Privilege
from pyao.world import Player, World

RANKS = {
    "player": Privilege.PLAYER,
    "counsellor": Privilege.COUNSELLOR,
    "demigod": Privilege.DEMIGOD,
    "god": Privilege.GOD,
    "admin": Privilege.ADMIN,
}


@dataclass
class Court:
    """Gandalf, a game master, and Ana, a player; both stand on the first meadow and are seen."""

    running: Running
    clock: ManualClock
    gm: ByteClient
    ana: ByteClient

    @property
    def game(self) -> Game:
        return self.running.app.game

    @property
    def world(self) -> World:
        return self.running.app.game.world

    @property
    def master(self) -> Player:
        return self.running.player("Gandalf")

    @property
    def player(self) -> Player:
        return self.running.player("Ana")

    def rank(self, word: str, *marks: Privilege, of: str = "Gandalf") -> None:
        """Give somebody in the game a rank, as the next log-in would."""
        bits = Privilege.PLAYER | RANKS[word]
        for mark in marks:
            bits |= mark
        self.running.player(of).privileges = int(bits)

    async def order(self, line: str | ClientPacket) -> str:
        """Give an order, typed or as a packet; return what the game master is told."""
        if isinstance(line, ClientPacket):
            self.gm.send(line.encode())
        else:
            self.gm.talk(line)
        return told(await self.gm.settle())

    async def heard(self, client: ByteClient | None = None) -> str:
        """Return what somebody, Ana at first, was told meanwhile."""
        return told(await (client or self.ana).settle())

    async def audited(self, cause: str) -> list[dict[str, str]]:
        """Return the rows of the audit with a cause, once they are stored."""
        self.game.changes.snapshot()
        await self.game.writer.drain(5)
        rows = self.game.writer.repository.audit(500)
        return [row for row in rows if row.get("cause") == cause]


def told(seen: list[Seen]) -> str:
    return "\n".join(str(packet.values[0]) for packet in seen if packet.id == CONSOLE_MSG)


BeginCourt = Callable[..., Awaitable[Court]]


@pytest.fixture(name="begin_court")
def begin_court_fixture(start: Start) -> BeginCourt:
    """Return what opens a court; settings are given by leaf name."""

    async def begin(rank: str = "god", **settings: object) -> Court:
        clock = ManualClock()
        running = await start(clock=clock, language="en", packet_rate=0, **settings)
        gm, ana = await running.newcomer("Gandalf"), await running.newcomer("Ana")
        court = Court(running, clock, gm, ana)
        court.rank(rank)
        await gm.settle()
        await ana.settle()
        return court

    return begin


@pytest.fixture(name="court")
async def court_fixture(begin_court: BeginCourt) -> Court:
    """Return a court with a god."""
    return await begin_court()
