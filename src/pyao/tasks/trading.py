"""Trade between players over the wire; what may be offered and exchanged is in `rules/trade.py`.

The Godot client shows no window for it and sends none of its packets but COMMERCE_START. Its player
is told of offers in the console, and offers, confirms and accepts with the commands of
`trading_by_word.py`. Other clients send the packets.
"""

from __future__ import annotations

from functools import partial

from pyao.events.payloads import BeforeTrade, TradeDone
from pyao.game import Game
from pyao.game.trades import break_off, part
from pyao.protocol.client_packets import (
    CommerceChat,
    UserCommerceConfirm,
    UserCommerceEnd,
    UserCommerceOffer,
    UserCommerceOk,
    UserCommerceReject,
)
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import UserOfferConfirm
from pyao.protocol.server_window_packets import CancelOfferItem, ChangeUserTradeSlot
from pyao.protocol.server_window_packets import CommerceChat as ChatLine
from pyao.protocol.server_window_packets import UserCommerceEnd as TradeClosed
from pyao.protocol.server_window_packets import UserCommerceInit as TradeOpened
from pyao.rules import trade as rules
from pyao.rules.commerce import selling_price
from pyao.rules.inventory import GOLD_ITEM, Pile
from pyao.rules.trade import (
    GOLD_PLACE,
    WISH_MS,
    Exchange,
    Failed,
    OfferProblem,
    Side,
    Trade,
    Wish,
)
from pyao.storage.ledger import of_player
from pyao.tasks.belongings import show_gold, show_slots, slot_packet
from pyao.tasks.chat import spoken
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player

ENDED, REJECTED = "trade.ended", "trade.rejected"
STRAYS_MS = 1_000  # how often the tick looks for those who were put apart


# --- beginning -----------------------------------------------------------------------------------


def is_somebody_else(turn: Turn, other: Player) -> bool:
    """Tell whether one that was clicked some time ago is another player one still sees."""
    present = turn.world.players.get(other.user_id) is other
    return present and other is not turn.player and turn.player.sees(other)


def ask_to_trade(turn: Turn, other: Player) -> None:
    """Tell a player that one wishes to trade; begin when it wished so already."""
    player = turn.player
    problem = rules.check_ask(player, other)
    if problem is not None:
        turn.tell(problem.value, name=other.name)
    elif rules.wants(other.wish, player, turn.now):
        begin(turn.game, other, player)
    elif rules.wants(player.wish, other, turn.now):
        turn.tell("trade.asked_already", name=other.name)
    else:
        player.wish = Wish(other, turn.now + WISH_MS)
        other.clicked = player  # so that the command alone accepts
        turn.tell("trade.asked", name=other.name)
        turn.game.tell(other, "trade.asks", Font.TALK, name=player.name)


def begin(game: Game, first: Player, second: Player) -> None:
    """Open the trade of two who both wish it; the first is the one who asked."""
    deal = Trade.between(first, second)
    game.world.trades.add(deal)
    for who, other in ((first, second), (second, first)):
        who.trade, who.wish, who.trading = deal, None, True
        for number, slot in enumerate(who.inventory, 1):
            game.send(who, slot_packet(game, number, slot))
        game.send(who, TradeOpened(other.name))
        if not game.settings.game.trade_window:
            game.tell(who, "trade.begun", Font.PARTY, name=other.name)


def trade_of(turn: Turn) -> Trade[Player] | None:
    """Return the trade one is in, if it still stands; one that does not is ended."""
    deal = turn.player.trade
    if deal is None:
        turn.tell("trade.none")
    elif not deal.stands:
        break_off(turn.game.send, turn.game.tell, turn.world, turn.player)
    else:
        return deal
    return None


def end_strays(game: Game) -> None:
    """End the trades of those who are not near each other any more, wherever they were put."""
    for deal in [deal for deal in game.world.trades if not deal.stands]:
        break_off(game.send, game.tell, game.world, deal.sides[0].who)


# --- offering ------------------------------------------------------------------------------------


@on(UserCommerceOffer, alive=True)
def user_commerce_offer(turn: Turn, packet: UserCommerceOffer) -> None:
    """Add to one's offer, or take back from it with a negative amount."""
    change_offer(turn, packet.slot, packet.amount, packet.offer_slot)


def change_offer(turn: Turn, slot: int, amount: int, place: int) -> None:
    """Change one's offer and show it to the other; changing what was confirmed ends the trade."""
    deal = trade_of(turn)
    if deal is None:
        return
    own, other = deal.seen_by(turn.player)
    changed = rules.offer(own, slot, amount, place, turn.world.data.items)
    if changed is OfferProblem.FROZEN:
        turn.tell(changed.value)
        break_off(turn.game.send, turn.game.tell, turn.world, turn.player)
    elif isinstance(changed, OfferProblem):
        if changed.value:
            note(turn.game, turn.player, changed.value)
            turn.reply(CancelOfferItem(place))
    else:
        show_offer(turn.game, own, other, changed)


def show_offer(game: Game, own: Side[Player], other: Side[Player], place: int) -> None:
    """Show the other what changed in an offer: its slot, or all of it in words."""
    if game.settings.game.trade_window:
        game.send(other.who, offer_packet(game, own, place))
    else:
        goods = in_words(game, own)
        game.tell(other.who, "trade.offers", Font.PARTY, name=own.who.name, goods=goods)
        game.tell(own.who, "trade.you_offer", Font.PARTY, goods=goods)


def offer_packet(game: Game, side: Side[Player], place: int) -> ChangeUserTradeSlot:
    """Build the packet of a place of an offer."""
    pile = Pile(GOLD_ITEM, side.gold) if place == GOLD_PLACE else side.piles[place - 1]
    item = None if pile is None else game.world.data.items.get(pile.item)
    if pile is None or not pile.amount:
        return ChangeUserTradeSlot(place, 0, 0, 0, 0, 0, 0, 0, 0, 0, "")
    if item is None:  # coins, in a world that has no item for them
        return ChangeUserTradeSlot(place, pile.item, pile.amount, 0, 0, 0, 0, 0, 0, 0, "")
    return ChangeUserTradeSlot(
        place,
        item.number,
        pile.amount,
        item.graphic,
        item.kind,
        item.max_hit,
        item.min_hit,
        item.max_defense,
        item.min_defense,
        selling_price(item, 1),
        item.name,
    )


def in_words(game: Game, side: Side[Player]) -> str:
    """Return an offer as one line."""
    items = game.world.data.items
    goods = [f"{amount} {items[item].name}" for item, amount in side.totals().items()]
    if side.gold:
        goods.append(game.texts("trade.coins", gold=side.gold))
    return ", ".join(goods) or game.texts("trade.nothing")


# --- agreeing ------------------------------------------------------------------------------------


@on(UserCommerceConfirm, alive=True)
def user_commerce_confirm(turn: Turn, _packet: UserCommerceConfirm) -> None:
    """Confirm one's offer; it cannot be changed from then on."""
    deal = trade_of(turn)
    if deal is None:
        return
    own, other = deal.seen_by(turn.player)
    if own.confirmed:
        return
    own.confirmed = True
    turn.game.send(other.who, UserOfferConfirm())
    goods = in_words(turn.game, own)
    note(turn.game, own.who, "trade.you_confirmed", goods=goods)
    note(turn.game, other.who, "trade.confirmed", name=own.who.name, goods=goods)


@on(UserCommerceOk, alive=True)
def user_commerce_ok(turn: Turn, _packet: UserCommerceOk) -> None:
    """Accept what both have confirmed; when both accept, goods and gold change hands."""
    deal = trade_of(turn)
    if deal is None:
        return
    own, other = deal.seen_by(turn.player)
    if own.accepted:
        return
    if not rules.accept(deal, turn.player):
        note(turn.game, turn.player, "trade.not_confirmed")
    elif other.accepted:
        conclude(turn.game, deal)
    else:
        note(turn.game, own.who, "trade.you_accepted", name=other.who.name)
        note(turn.game, other.who, "trade.accepted", name=own.who.name)


@on(UserCommerceReject)
def user_commerce_reject(turn: Turn, _packet: UserCommerceReject) -> None:
    """Turn the other's offer down; the trade is over."""
    quit_trade(turn, REJECTED)


@on(UserCommerceEnd)
def user_commerce_end(turn: Turn, _packet: UserCommerceEnd) -> None:
    """Leave the trade; without one, the word that it is closed does no harm."""
    quit_trade(turn, ENDED)


def quit_trade(turn: Turn, key: str) -> None:
    """End one's trade and tell the other why."""
    if turn.player.trade is None:
        turn.reply(TradeClosed())
    break_off(turn.game.send, turn.game.tell, turn.world, turn.player, key)


@on(CommerceChat)
def commerce_chat(turn: Turn, packet: CommerceChat) -> None:
    """Talk to the one who trades with one."""
    deal = trade_of(turn)
    text = "" if deal is None else spoken(turn, packet.text, "trade")
    if deal is not None and text:
        for side in deal.sides:
            note(turn.game, side.who, "trade.said", name=turn.player.name, text=text)


def note(game: Game, player: Player, key: str, /, **values: object) -> None:
    """Write into the chat of the window, and into the console of clients that have none."""
    game.send(player, ChatLine(game.texts(key, **values), Font.PARTY))
    if not game.settings.game.trade_window:
        game.tell(player, key, Font.PARTY, **values)


# --- the exchange --------------------------------------------------------------------------------


def conclude(game: Game, deal: Trade[Player]) -> None:
    """Exchange what both accepted, as one change; or end the trade and say what was amiss."""
    first, second = deal.sides
    done = rules.exchange(deal, game.world.data.items, partial(may_exchange, game, deal))
    if isinstance(done, Failed):
        for side in deal.sides if done.why.value else ():
            game.tell(side.who, done.why.value, Font.FIGHT, name=done.who.name)
        break_off(game.send, game.tell, game.world, first.who)
        return
    show_exchange(game, deal, done)
    part(first.who, second.who, game.world)
    game.events.announce(
        TradeDone(
            int(first.who.user_id),
            second.who.name,
            pairs(first),
            pairs(second),
            int(second.who.user_id),
        ),
        "world",
    )
    number = game.changes.snapshot()
    for side in deal.sides:
        promise(game, side.who, number)


def may_exchange(
    game: Game, deal: Trade[Player], first: Side[Player], second: Side[Player]
) -> bool:
    """Ask modules before goods and gold change hands; tell both players when one forbids it.

    One that puts a player out of the game or away from the other has ended the trade with it.
    """
    user_id, partner = int(first.who.user_id), second.who
    asked = game.events.announce(
        BeforeTrade(user_id, partner.name, pairs(first), pairs(second), int(partner.user_id)),
        "world",
    )
    for side in (first, second) if asked.vetoed else ():
        game.tell(side.who, "commerce.vetoed", reason=asked.veto_reason)
    return not asked.vetoed and first.who.trade is deal and deal.stands


def pairs(side: Side[Player]) -> tuple[tuple[int, int], ...]:
    """Return what one side offers as events tell it."""
    gold = ((GOLD_ITEM, side.gold),) if side.gold else ()
    return (*side.totals().items(), *gold)


def show_exchange(game: Game, deal: Trade[Player], done: Exchange) -> None:
    """Show both what changed for them, and write it into the ledger."""
    for side, changed in zip(deal.sides, done.changed, strict=True):
        own, other = deal.seen_by(side.who)
        source, target = of_player(own.who.user_id), of_player(other.who.user_id)
        for item, amount in pairs(side):
            game.changes.record("trade", own.who, item, amount, source=source, target=target)
        show_slots(game, own.who, changed.slots)
        if own.gold or other.gold:
            show_gold(game, own.who)
        if changed.unequipped:
            game.world.dress(own.who)
            game.world.show_look(own.who)


def promise(game: Game, player: Player, number: int, *, told: bool = False) -> None:
    """Close a player's window once what it got is stored; until then nothing is promised.

    While the store is away the player is told so, once.
    """

    def answer(stored: bool) -> None:  # noqa: FBT001 - the writer's own answer
        if stored:
            game.tell(player, "trade.done", Font.PARTY)
            game.send(player, TradeClosed())
        elif player.user_id in game.clients:
            if not told:
                game.tell(player, "server.store_away")
            promise(game, player, number, told=True)

    game.writer.on_committed(number, answer, game.settings.storage.commit_wait_s)
