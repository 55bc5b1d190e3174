"""A merchant, a banker and a customer between them on the safe meadow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.by_hand import changed_by_hand
from tests.support.byte_client import CONSOLE_MSG, ByteClient, Seen
from tests.support.running import Running, Start
from tests.support.world import world_data

from pyao.content.fields import Pile
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.world_data import tile_index
from pyao.content.world_file import save_world
from pyao.rules.commerce import ANY_KIND
from pyao.rules.kinds import NpcRole, ObjectType
from pyao.world import Player
from pyao.world.npc import Npc

MERCHANT, BANKER, SMITH, GAMBLER = (50, 48), (52, 50), (50, 70), (50, 53)
POTION = Item(number=30, name="Pocima", kind=ObjectType.POTION, price=20, graphic=700, crucial=True)
SWORD = Item(number=31, name="Espada", kind=ObjectType.WEAPON, price=100, graphic=701, animation=7)
RELIC = Item(number=32, name="Reliquia", kind=ObjectType.RING, price=9, graphic=702, bound=True)
KINDS = (
    NpcKind(
        number=1,
        name="Tendero",
        body=100,
        head=1,
        trades=True,
        buys=ANY_KIND,
        stock=(Pile(POTION.number, 10), Pile(SWORD.number, 1)),
    ),
    NpcKind(number=2, name="Banquero", body=100, head=1, role=NpcRole.BANKER),
    NpcKind(
        number=3,
        name="Herrero",
        body=100,
        head=1,
        trades=True,
        buys=ObjectType.WEAPON,
        stock=(Pile(SWORD.number, 1),),
        description="Hierro y fuego.",
    ),
    NpcKind(number=5, name="Tahur", body=100, head=1, role=NpcRole.GAMBLER),
    NpcKind(number=4, name="Vecino", body=100, head=1, description="Buen dia."),
)
OpenMarket = Callable[..., Awaitable[tuple[Running, ByteClient, Player]]]


def save_market(path: Path) -> None:
    """Write the world of the market as a compiled file."""
    data = world_data()
    places = [(MERCHANT, 1), (BANKER, 2), (SMITH, 3), (GAMBLER, 5), ((48, 50), 4)]
    first = replace(data.maps[1], npcs=[(tile_index(*at), kind) for at, kind in places])
    items = {**data.items, **{item.number: item for item in (POTION, SWORD, RELIC)}}
    save_world(
        replace(
            data,
            maps={**data.maps, 1: first},
            items=items,
            npcs={kind.number: kind for kind in KINDS},
        ),
        path,
    )


@pytest.fixture(name="market")
def market_fixture(start: Start, tmp_path: Path) -> OpenMarket:
    """Return what opens the market and brings Ana in, with 1,000 coins and an empty bag."""

    async def begin(**settings: object) -> tuple[Running, ByteClient, Player]:
        path = tmp_path / "market.pyao"
        save_market(path)
        running = await start(world=str(path), **settings)
        client = await running.newcomer("Ana")
        player = running.player("Ana")
        with changed_by_hand(running.app, player):
            player.gold = 1_000
            player.inventory[:] = [None] * len(player.inventory)
        await client.settle()
        client.seen.clear()
        return running, client, player

    return begin


def townsman(running: Running, at: tuple[int, int]) -> Npc:
    """Return who stands on a tile of the market."""
    found = running.app.game.world.maps[1].occupant(*at)
    assert isinstance(found, Npc)
    return found


async def ask(client: ByteClient, *packets: bytes, end: int | None = None) -> list[Seen]:
    """Send packets and return what comes of them, up to one of the kind `end` if it is given."""
    client.send(*packets)
    if end is None:
        return await client.settle()
    return await client.take_until(lambda packet: packet.id == end)


def rows(came: list[Seen], packet_id: int) -> list[tuple[object, ...]]:
    """Return the values of every packet of one kind."""
    return [packet.values for packet in came if packet.id == packet_id]


def console(came: list[Seen]) -> str:
    """Return what was written into the console."""
    return "\n".join(str(values[0]) for values in rows(came, CONSOLE_MSG))
