"""What makes the server send much costs as much of a client's allowance."""

from __future__ import annotations

import asyncio

import pytest
from tests.integration.test_packet_states import examples
from tests.support.byte_client import PONG, ByteClient
from tests.support.market import BANKER, MERCHANT
from tests.support.waiting import until
from tests.support.world import ManualClock
from tests.tasks.conftest import OpenMarket, Running, Start

from pyao.content.items import Item
from pyao.protocol.client_packets import (
    BankStart,
    CommerceStart,
    DoubleClick,
    Help,
    LeftClick,
)
from pyao.protocol.client_social_packets import Inquiry, Talk
from pyao.protocol.packet import ClientPacket
from pyao.protocol.tables import CLIENT_PACKETS
from pyao.rules.board import POSTS_MAX, TITLE_MAX_CHARS, Corner, Post
from pyao.rules.board import TEXT_MAX_CHARS as BOARD_TEXT_MAX_CHARS
from pyao.rules.character import Slot
from pyao.rules.kinds import ObjectType
from pyao.rules.poll import OPTION_MAX_CHARS, OPTIONS_MAX, TEXT_MAX_CHARS
from pyao.tasks.boards import LINES
from pyao.tasks.packet_handlers import TASK_HANDLERS
from pyao.tasks.session import Phase
from pyao.world.map_room import GroundItem

BYTES_PER_COST = 200
PING = b"\x77"
IN_GAME = [
    cls
    for cls in CLIENT_PACKETS
    if cls.key in TASK_HANDLERS and TASK_HANDLERS[cls.key].phase is Phase.IN_GAME
]


async def answered(client: ByteClient, *packets: ClientPacket) -> None:
    client.seen.clear()
    client.send(*(packet.encode() for packet in packets), PING)
    await client.until(lambda seen: seen.id == PONG)


async def size_of_answer(running: Running, client: ByteClient, packet: ClientPacket) -> int:
    """Return how many bytes one packet makes the server send, to anybody."""
    await answered(client)
    stats = running.app.server.stats
    before = stats.bytes_out
    await answered(client, packet)
    return stats.bytes_out - before - 1


def pays(packet: ClientPacket, size: int) -> bool:
    return size <= BYTES_PER_COST * TASK_HANDLERS[packet.key].cost


async def test_every_packet_pays_for_its_answer(start: Start) -> None:
    """Time stands still, so that nothing is sent but answers."""
    clock = ManualClock()
    running = await start(clock=clock, packet_rate=0, world="starter", lockout_ip_failures=0)
    eva = await running.newcomer("Eva")
    for cls in IN_GAME:
        for packet in examples(cls):
            if eva.closed:
                eva = await running.connect()
                await eva.enter("Eva")
            player = running.player("Eva")
            player.hp, player.mana, player.gold = player.max_hp, player.max_mana, 100_000
            items = list(running.app.game.world.data.items)
            player.inventory[:] = [Slot(n, 10) for n in items[: len(player.inventory)]]
            clock.advance(2000)
            await asyncio.sleep(0)
            try:
                size = await size_of_answer(running, eva, packet)
            except AssertionError:
                assert eva.closed
                continue
            assert pays(packet, size), (packet, size)


@pytest.mark.parametrize(
    ("place", "packet"),
    [(BANKER, BankStart()), (MERCHANT, CommerceStart())],
    ids=["vault", "shop"],
)
async def test_a_window_pays_for_its_slots_by_word_and_by_click(
    market: OpenMarket, place: tuple[int, int], packet: ClientPacket
) -> None:
    running, client, player = await market()
    items = list(running.app.game.world.data.items)
    player.bank[:] = [Slot(items[n % len(items)], 10_000) for n in range(len(player.bank))]
    for request in (packet, DoubleClick(*place)):
        await answered(client, LeftClick(*place))
        size = await size_of_answer(running, client, request)
        assert size > 40 * 10
        assert pays(request, size), (request, size)
        player.trading = False
        player.dealer = None


async def test_the_longest_poll_and_the_longest_board_pay_for_their_answer(
    market: OpenMarket,
) -> None:
    running, client, player = await market()
    game = running.app.game
    game.polls.open("¿" * TEXT_MAX_CHARS, ("o" * OPTION_MAX_CHARS,) * OPTIONS_MAX, 1)
    size = await size_of_answer(running, client, Inquiry())
    assert size > TEXT_MAX_CHARS + OPTIONS_MAX * OPTION_MAX_CHARS
    assert pays(Inquiry(), size), size
    board = Item(number=900, name="board", kind=ObjectType.FORUM, graphic=1, forum="Plaza")
    x, y = player.x, player.y + 2
    game.world.maps[player.map].lay(x, y, GroundItem(board, 1, fixed=True))
    post = Post("t" * TITLE_MAX_CHARS, "n" * 30, "x" * BOARD_TEXT_MAX_CHARS)
    for _ in range(POSTS_MAX):
        game.boards.add("Plaza", Corner.GENERAL, post, announced=False)
    size = await size_of_answer(running, client, DoubleClick(x, y))
    assert size > LINES * TITLE_MAX_CHARS
    for line in ("/tablon", "/leer 1"):
        typed = await size_of_answer(running, client, Talk(line))
        assert typed <= BYTES_PER_COST * (4 if line == "/tablon" else 2), (line, typed)


async def test_a_dear_request_uses_up_the_allowance_of_many(start: Start) -> None:
    running = await start()
    ana = await running.newcomer("Ana")
    ana.send(*(Help().encode() for _ in range(20)))
    await until(lambda: running.app.server.throttled == 1)
    bob = await running.newcomer("Bob")
    bob.send(*(PING for _ in range(20)))
    await bob.settle()


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("/noticiasclan", 5),
        ("/publicar aviso: texto", 10),
        ("/anunciar aviso: texto", 10),
        ("/tablon", 50),
        ("/leer 1", 75),
        ("/miembro Bob", 50),
        ("/oferta", 40),
        ("/forjar", 20),
        ("/construir", 20),
    ],
)
async def test_what_is_typed_costs_as_much_as_a_packet_that_asks_for_the_same(
    start: Start, line: str, times: int
) -> None:
    running = await start()
    ana = await running.newcomer("Ana")
    ana.send(*(Talk(line).encode() for _ in range(times)))
    await until(lambda: running.app.server.throttled == 1)
