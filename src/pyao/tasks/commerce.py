"""Buying from merchants and selling to them; prices and refusals are in `rules/commerce.py`.

Trade between players is in `trading.py`.
"""

from __future__ import annotations

from functools import partial

from pyao.events.payloads import BeforeTrade, TradeDone
from pyao.protocol.client_packets import CommerceBuy, CommerceEnd, CommerceSell, CommerceStart
from pyao.protocol.server_window_packets import CommerceEnd as CommerceClosed
from pyao.protocol.server_window_packets import TradeOk
from pyao.rules import commerce
from pyao.rules.commerce import MERCHANT_RANGE, MERCHANT_SLOTS, Deal, Merchant
from pyao.rules.fight import Lesson
from pyao.rules.inventory import GOLD_ITEM, Pile
from pyao.rules.kinds import ObjectType, Skill
from pyao.storage.ledger import NOBODY, of_player
from pyao.tasks.belongings import show_gold, show_slots
from pyao.tasks.growth import teach
from pyao.tasks.inventory import redress
from pyao.tasks.task import on
from pyao.tasks.trading import ask_to_trade, is_somebody_else
from pyao.tasks.turn import Turn
from pyao.tasks.windows import (
    close_window,
    dealer_of,
    find_townsman,
    goods_of,
    is_merchant,
    note_key,
    open_shop,
    say,
    show_goods,
    show_prices,
    show_to_customers,
)
from pyao.world import Player
from pyao.world.npc import Npc


@on(CommerceStart, alive=True, cost=12)
def commerce_start(turn: Turn, _packet: CommerceStart) -> None:
    """Deal with whom one clicked, else with the nearest merchant in view (/comerciar)."""
    clicked = turn.player.clicked
    if turn.player.trading:
        turn.tell("action.trading")
    elif isinstance(clicked, Player) and is_somebody_else(turn, clicked):
        ask_to_trade(turn, clicked)
    elif isinstance(clicked, Npc) and not is_merchant(clicked.kind) and clicked.kind.description:
        say(turn, clicked, "commerce.no_merchant")
    else:
        merchant = find_townsman(turn, is_merchant, MERCHANT_RANGE)
        if merchant is not None:
            open_shop(turn, merchant)


@on(CommerceEnd)
def commerce_end(turn: Turn, _packet: CommerceEnd) -> None:
    """Close the merchant's window; the client waits for the word, and a second one does no harm."""
    if turn.player.dealer is None:
        turn.reply(CommerceClosed())
    close_window(turn.game, turn.player)


@on(CommerceBuy, alive=True)
def commerce_buy(turn: Turn, packet: CommerceBuy) -> None:
    """Buy from a slot of the merchant whose window is open."""
    merchant = dealer_of(turn, is_merchant)
    if merchant is None:
        return
    agree = partial(may_change_hands, turn, merchant, buying=True)
    goods, items = goods_of(turn.game, merchant), turn.world.data.items
    deal = commerce.buy(turn.player, goods, packet.slot, packet.amount, items, agree)
    if isinstance(deal, Deal):
        if turn.world.data.items[deal.pile.item].kind == ObjectType.KEY:
            note_key(turn.game, merchant, deal.pile.item)
        strike(turn, merchant, deal, "buy")
        return
    if deal.value:
        turn.tell(deal.value)
    if 1 <= packet.slot <= MERCHANT_SLOTS:
        show_goods(turn.game, turn.player, merchant, (packet.slot,))


@on(CommerceSell, alive=True)
def commerce_sell(turn: Turn, packet: CommerceSell) -> None:
    """Sell a slot to the merchant whose window is open."""
    merchant = dealer_of(turn, is_merchant)
    if merchant is None:
        return
    wants = Merchant(merchant.kind.name, merchant.kind.buys)
    deal = commerce.sell(
        turn.player,
        packet.slot,
        packet.amount,
        wants,
        goods_of(turn.game, merchant),
        turn.world.data.items,
        partial(may_change_hands, turn, merchant, buying=False),
    )
    if isinstance(deal, Deal):
        strike(turn, merchant, deal, "sell")
        if deal.unequipped:
            redress(turn)
    elif deal.value:
        turn.tell(deal.value)


def may_change_hands(turn: Turn, merchant: Npc, pile: Pile, gold: int, *, buying: bool) -> bool:
    """Ask modules before goods and gold change hands; tell the player when one forbids it."""
    goods, price = ((pile.item, pile.amount),), ((GOLD_ITEM, gold),)
    user_id, partner = int(turn.player.user_id), merchant.kind.name
    offer, demand = (price, goods) if buying else (goods, price)
    return turn.allowed(BeforeTrade(user_id, partner, offer, demand), "commerce.vetoed")


def strike(turn: Turn, merchant: Npc, deal: Deal, cause: str) -> None:
    """Show what a deal changed to all who see it, write it down, and confirm it when stored."""
    game, player = turn.game, turn.player
    show_slots(game, player, (deal.slot,))
    show_gold(game, player)
    show_to_customers(game, merchant, deal.stock_slots)
    mine = of_player(player.user_id)
    # What merchants have is not remembered: what they sell comes into being, what they buy is gone.
    goods, pay = (NOBODY, mine), (mine, NOBODY)
    if cause == "sell":
        goods, pay = pay, goods
    record = game.changes.record
    record(cause, player, *deal.pile, source=goods[0], target=goods[1])
    if deal.gold:
        record(cause, player, GOLD_ITEM, deal.gold, source=pay[0], target=pay[1])
    given, received = ((deal.pile.item, deal.pile.amount),), ((GOLD_ITEM, deal.gold),)
    if cause == "buy":
        given, received = received, given
    user_id, partner = int(player.user_id), merchant.kind.name
    game.events.announce(TradeDone(user_id, partner, given, received), "world")
    before = player.skills[Skill.TRADE - 1]
    teach(game, player, [Lesson(Skill.TRADE, success=True)])
    if player.skills[Skill.TRADE - 1] != before:
        show_prices(game, player)
    turn.confirm(TradeOk())
