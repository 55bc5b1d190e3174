"""Orders about things on the ground: make them, destroy them, teleports; each a line of the ledger.

Follows ao-libre/ao-server, Protocol.bas.
"""

from __future__ import annotations

from typing import Final

from pyao.content.world_data import tile_index, tile_place
from pyao.protocol.gm_world_packets import (
    GmCleanWorld,
    GmCreateItem,
    GmDestroyAllItemsInArea,
    GmDestroyItems,
    GmTeleportCreate,
    GmTeleportDestroy,
)
from pyao.rules.inventory import Pile
from pyao.rules.kinds import ObjectType
from pyao.rules.movement import inside
from pyao.storage.ledger import NOBODY, of_map
from pyao.tasks.gm.door import Form, order
from pyao.tasks.gm.ranks import demigods, gods
from pyao.tasks.turn import Turn

MADE_AMOUNT: Final = 100
TELEPORT: Final = 1012  # the item of a teleport that sets down exactly; the next ones set askew
RADIUS_MAX: Final = 6
ITEMS = gods("world.items")
FIXTURES: Final = frozenset(
    {
        ObjectType.DOOR,
        ObjectType.FORUM,
        ObjectType.SIGN,
        ObjectType.TREE,
        ObjectType.ELVEN_TREE,
        ObjectType.ORE_DEPOSIT,
        ObjectType.FISHING_DEPOSIT,
    }
)


@order(GmCreateItem, "ci", ITEMS)
def create_item(turn: Turn, packet: GmCreateItem) -> None:
    """Lay a hundred of a thing on the tile to the north."""
    item = turn.world.data.items.get(packet.object)
    x, y = turn.player.x, turn.player.y - 1
    if item is None:
        turn.tell("gm.no_item", number=packet.object)
    elif not is_bare(turn, x, y):
        turn.tell("gm.taken")
    else:
        lay(turn, x, y, item.number, MADE_AMOUNT)
        turn.tell("gm.item_made", name=item.name, amount=MADE_AMOUNT)


@order(GmDestroyItems, "dest", ITEMS)
def destroy_items(turn: Turn, _packet: GmDestroyItems) -> None:
    """Destroy what lies under one's feet."""
    pile = turn.room.ground.get(tile_index(turn.player.x, turn.player.y))
    if pile is None or pile.item.kind == ObjectType.TELEPORT:
        turn.tell("gm.nothing_here")
        return
    destroy(turn, turn.player.x, turn.player.y)
    turn.tell("gm.item_gone", name=pile.item.name, amount=pile.amount)


@order(GmDestroyAllItemsInArea, "massdest", ITEMS)
def destroy_all_items_in_area(turn: Turn, _packet: GmDestroyAllItemsInArea) -> None:
    """Destroy every loose thing in view, but not what the map brings and nobody can move."""
    room, gone = turn.room, 0
    for at, pile in room.ground_in(room.seen_from(turn.player.zone)):
        kind = pile.item.kind
        fixture = kind in FIXTURES or (pile.fixed and pile.item.fixed)
        if not fixture and not room.is_open_teleport(at):
            destroy(turn, *tile_place(at))
            gone += 1
    turn.tell("gm.items_gone", count=gone)


@order(GmCleanWorld, "limpiar", demigods("world.items", masters=False))
def clean_world(turn: Turn, _packet: GmCleanWorld) -> None:
    """Take away now what players left lying about; teleports that lead somewhere stay."""
    turn.game.changes.clear_ground(0)
    turn.tell("gm.cleaned")


# --- teleports -----------------------------------------------------------------------------------


def exact(_turn: Turn, parts: list[str]) -> list[str]:
    """Let who names no radius get a teleport that sets down exactly."""
    return [*parts, "0"] if len(parts) == 3 else parts  # noqa: PLR2004 - map, x, y


@order(GmTeleportCreate, "ct", gods("world.edit"), Form(fill=exact))
def teleport_create(turn: Turn, packet: GmTeleportCreate) -> None:
    """Open a teleport on the tile to the north; both its ends must be bare."""
    x, y = turn.player.x, turn.player.y - 1
    beyond = turn.world.maps.get(packet.map)
    number = TELEPORT + min(packet.radius, RADIUS_MAX)
    if beyond is None or not inside(packet.x, packet.y):
        turn.tell("gm.no_map", map=packet.map)
    elif number not in turn.world.data.items:
        turn.tell("gm.no_item", number=number)
    elif not is_bare(turn, x, y) or at_end(turn, packet):
        turn.tell("gm.taken")
    else:
        lay(turn, x, y, number, 1)
        turn.room.exits[tile_index(x, y)] = (packet.map, packet.x, packet.y)
        turn.tell("gm.teleport_made", map=packet.map, x=packet.x, y=packet.y)


def at_end(turn: Turn, packet: GmTeleportCreate) -> bool:
    """Tell whether something lies, or an exit is, where a teleport would lead."""
    room, at = turn.world.maps[packet.map], tile_index(packet.x, packet.y)
    return at in room.ground or at in room.exits


@order(GmTeleportDestroy, "dt", gods("world.edit"))
def teleport_destroy(turn: Turn, _packet: GmTeleportDestroy) -> None:
    """Close the clicked teleport; one that was made here outlives its way when a server stops."""
    x, y = turn.player.aimed_at
    at = tile_index(x, y) if inside(x, y) else -1
    pile = turn.room.ground.get(at)
    made = pile is not None and not pile.fixed
    if pile is None or pile.item.kind != ObjectType.TELEPORT or not (made or at in turn.room.exits):
        turn.tell("gm.click_teleport")
        return
    turn.room.exits.pop(at, None)
    destroy(turn, x, y)
    turn.tell("gm.teleport_gone")


# --- laying and destroying -----------------------------------------------------------------------


def is_bare(turn: Turn, x: int, y: int) -> bool:
    """Tell whether nothing lies on a tile of the own map and it leads nowhere."""
    at = tile_index(x, y)
    return inside(x, y) and at not in turn.room.ground and at not in turn.room.exits


def lay(turn: Turn, x: int, y: int, number: int, amount: int) -> None:
    """Bring things into being on a bare tile."""
    turn.world.set_ground(turn.room, x, y, Pile(number, amount))
    target = of_map(turn.room.number)
    turn.game.changes.record("gm made", turn.player, number, amount, source=NOBODY, target=target)


def destroy(turn: Turn, x: int, y: int) -> None:
    """Destroy what lies on a tile; what came with the map was never anybody's value."""
    pile = turn.room.ground[tile_index(x, y)]
    turn.world.set_ground(turn.room, x, y, None)
    if not pile.fixed:
        source, number = of_map(turn.room.number), pile.item.number
        turn.game.changes.record(
            "gm destroyed", turn.player, number, pile.amount, source=source, target=NOBODY
        )
