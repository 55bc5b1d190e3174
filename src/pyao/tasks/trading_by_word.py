"""The commands of a trade between players, for clients that have no window for it."""

from __future__ import annotations

from pyao.content.items import Item
from pyao.protocol.client_packets import UserCommerceConfirm, UserCommerceOk, UserCommerceReject
from pyao.protocol.enums import Font
from pyao.rules.inventory import GOLD_SLOT, numbered
from pyao.rules.trade import GOLD_PLACE, OFFERED, free_place
from pyao.tasks.commands import command
from pyao.tasks.trading import (
    change_offer,
    in_words,
    trade_of,
    user_commerce_confirm,
    user_commerce_ok,
    user_commerce_reject,
)
from pyao.tasks.turn import Turn

GOLD_WORDS = frozenset({"oro", "gold", "monedas", "coins"})
DIGITS = 9  # of an amount that is typed


@command("ofrecer")
def ofrecer(turn: Turn, rest: str) -> None:
    """Add what is named to one's offer; a number before the name says how many."""
    by_word(turn, rest, sign=1)


@command("quitar")
def quitar(turn: Turn, rest: str) -> None:
    """Take what is named back from one's offer."""
    by_word(turn, rest, sign=-1)


@command("oferta", cost=6)
def oferta(turn: Turn, _rest: str) -> None:
    """Say what both offer."""
    deal = trade_of(turn)
    if deal is not None:
        own, other = deal.seen_by(turn.player)
        goods = in_words(turn.game, other)
        turn.tell("trade.you_offer", Font.PARTY, goods=in_words(turn.game, own))
        turn.tell("trade.offers", Font.PARTY, name=other.who.name, goods=goods)


@command("confirmar")
def confirmar(turn: Turn, _rest: str) -> None:
    """Confirm one's offer."""
    if lives(turn):
        user_commerce_confirm(turn, UserCommerceConfirm())


@command("aceptar")
def aceptar(turn: Turn, _rest: str) -> None:
    """Accept what both have confirmed."""
    if lives(turn):
        user_commerce_ok(turn, UserCommerceOk())


@command("rechazar")
def rechazar(turn: Turn, _rest: str) -> None:
    """End the trade."""
    user_commerce_reject(turn, UserCommerceReject())


def by_word(turn: Turn, rest: str, *, sign: int) -> None:
    """Change one's offer by what was typed: a number, and what of; without a number it is one."""
    deal = trade_of(turn) if lives(turn) else None
    if deal is None:
        return
    first, _, name = rest.partition(" ")
    counted = first.isdecimal() and len(first) <= DIGITS
    amount, wanted = (int(first), name) if counted else (1, rest)
    wanted = wanted.strip().casefold()
    if wanted in GOLD_WORDS:
        change_offer(turn, GOLD_SLOT, sign * amount, GOLD_PLACE)
        return
    own, _ = deal.seen_by(turn.player)
    items = turn.world.data.items
    if sign < 0:
        lying = ((place, pile.item) for place, pile in enumerate(own.piles, 1) if pile)
        place = next((place for place, item in lying if is_called(items.get(item), wanted)), 0)
        slot = OFFERED
    else:
        held = numbered(turn.player.inventory)
        slot, number = next(
            ((slot, one.item) for slot, one in held if is_called(items.get(one.item), wanted)),
            (0, 0),
        )
        place = free_place(own, number) if slot else 0
    if place:
        change_offer(turn, slot, sign * amount, place)
    else:
        turn.tell("trade.unknown", name=wanted)


def is_called(item: Item | None, wanted: str) -> bool:
    """Tell whether a thing has this name."""
    return item is not None and item.name.casefold() == wanted


def lives(turn: Turn) -> bool:
    """Tell the dead that they are dead."""
    if turn.player.dead:
        turn.tell("action.dead")
    return not turn.player.dead
