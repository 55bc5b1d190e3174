"""Every packet a client may send, with any fields, in every state a session can be in."""

from __future__ import annotations

import contextlib
import os

import pytest
from hypothesis import Phase, given, settings
from structlog.testing import capture_logs
from tests.integration.conftest import Running, Start
from tests.support.by_hand import changed_by_hand, check_ledger
from tests.support.byte_client import PONG, ByteClient, ServerClosedError
from tests.support.packet_strategies import packets

from pyao.protocol.client_packets import LoginNewChar, Quit
from pyao.protocol.packet import ClientPacket
from pyao.protocol.tables import CLIENT_PACKETS
from pyao.rules.character import Slot
from pyao.rules.kinds import Privilege
from pyao.world import Player

pytestmark = pytest.mark.untraced

EXAMPLES = int(os.environ.get("PYAO_TEST_EXAMPLES", "4"))
PING = b"\x77"
MAX_OF_EACH = 200
RICH = 100_000


def set_alive(player: Player) -> None:
    player.hp = player.max_hp


def set_dead(player: Player) -> None:
    player.hp = 0


def set_paralysed(player: Player) -> None:
    player.paralysed = True


def set_staff(player: Player) -> None:
    player.privileges = int(Privilege.PLAYER | Privilege.ADMIN)


STATES = {
    "alive": set_alive,
    "dead": set_dead,
    "paralysed": set_paralysed,
    "staff": set_staff,
}


def examples(cls: type[ClientPacket]) -> list[ClientPacket]:
    """Make some packets of one class, with fields at and between their bounds."""
    made: list[ClientPacket] = []

    @settings(max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate])
    @given(packets(cls))
    def collect(packet: ClientPacket) -> None:
        made.append(packet)

    collect()
    return made


class Victim:
    """The client that sends it all: put back into its state, and into the game, each time."""

    def __init__(self, running: Running, state: str) -> None:
        self.running = running
        self.state = state
        self.client: ByteClient | None = None
        self.logged_in = 0

    async def ready(self) -> ByteClient:
        """Return a client in the state that is tested."""
        client = self.client
        if client is None or client.closed:
            client = self.client = await self.running.connect()
            self.running.clients.remove(client)
            if self.state != "lobby":
                await client.enter("Mala")
                self.logged_in += 1
        if self.state != "lobby":
            self._restore(self.running.player("Mala"))
        return client

    def _restore(self, player: Player) -> None:
        """Undo what the last packet may have changed, and give plenty to do something with."""
        player.paralysed = False
        player.hp = player.max_hp
        player.privileges = int(Privilege.PLAYER)
        items = list(self.running.app.game.world.data.items)
        with changed_by_hand(self.running.app, player):
            player.gold = RICH
            player.inventory[:] = [Slot(number, 10) for number in items[: len(player.inventory)]]
        player.muted_until = 0
        self.running.app.game.closed_to_players = None  # an order may have shut players out
        STATES[self.state](player)

    async def send(self, packet: ClientPacket) -> None:
        """Send a packet and a question; either is answered, or the server hangs up."""
        client = await self.ready()
        client.seen.clear()
        client.send(packet.encode())
        if self.state != "lobby":
            client.send(PING)
            try:
                await client.until(lambda seen: seen.id == PONG)
            except AssertionError:
                assert client.closed, packet
                assert client.error is None, (packet, client.error)
        elif packet.packet_name != "THROW_DICES":
            # A refused creation keeps the connection: ask for what no stranger may have.
            if isinstance(packet, LoginNewChar):
                client.send(PING)
            await client.until_closed()
            assert client.error is None, (packet, client.error)


@pytest.mark.parametrize("state", ["lobby", *STATES])
async def test_no_packet_breaks_the_server_in_any_state(start: Start, state: str) -> None:
    running = await start(packet_rate=0, world="starter", language="en", lockout_ip_failures=0)
    eva = await running.newcomer("Eva")
    first = await running.newcomer("Mala")
    await first.close()
    victim = Victim(running, state)
    stats = running.app.server.stats
    with capture_logs() as logs:
        for cls in CLIENT_PACKETS:
            for packet in examples(cls):
                if eva.closed:
                    running.app.game.closed_to_players = None
                    eva = await running.connect()
                    await eva.enter("Eva")
                await victim.send(packet)
                assert stats.handler_errors == 0, (packet.encode().hex(), logs[-3:])
            with contextlib.suppress(ServerClosedError):  # an order of staff throws everybody out
                await eva.settle()
            assert state == "staff" or not eva.closed
    failures = [entry for entry in logs if entry["log_level"] in {"error", "critical"}]
    assert not failures
    assert running.app.game.world.schedule.failures == 0
    await check_ledger(running.app)
    if victim.client is not None:
        await victim.client.close()


def test_the_table_says_what_is_sent_here() -> None:
    names = {cls.packet_name for cls in CLIENT_PACKETS}
    assert len(names) == 129 + 134  # 130 packets, one of which is the staff's with its 134
    assert Quit.packet_name in names
