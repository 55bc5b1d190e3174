"""Trades between players that end without an exchange, for whatever reason; both are told."""

from __future__ import annotations

from typing import Protocol

from pyao.game.parties import Tell
from pyao.protocol.packet import ServerPacket
from pyao.protocol.server_window_packets import UserCommerceEnd
from pyao.world import Player, World

OVER = "trade.over"


class Send(Protocol):
    """Sends a packet to one player."""

    def __call__(self, player: Player, packet: ServerPacket | bytes) -> None:
        """Send it."""
        ...


def break_off(send: Send, tell: Tell, world: World, player: Player, key: str = OVER) -> None:
    """End the trade of a player, if there is one, and what it wished; nothing changes hands.

    The other one is told why by `key`.
    """
    trade, player.wish = player.trade, None
    if trade is None:
        return
    own, other = trade.seen_by(player)
    part(player, other.who, world)
    send(own.who, UserCommerceEnd())
    send(other.who, UserCommerceEnd())
    tell(own.who, OVER, name=other.who.name)
    tell(other.who, key, name=own.who.name)


def part(player: Player, other: Player, world: World) -> None:
    """Let two not trade any more."""
    if player.trade is not None:
        world.trades.discard(player.trade)
    for who in (player, other):
        who.trade, who.wish, who.trading = None, None, False
