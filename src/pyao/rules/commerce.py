"""Merchants: what things cost, what a merchant has, and how goods and gold change hands.

Gold paid is destroyed and goods sold come out of the merchant's stock, which lives in memory and is
shared by all customers. Follows ao-libre/ao-server, Comercio.bas and InvNpcs.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from pyao.rules.character import Slot
from pyao.rules.inventory import (
    GOLD_MAX,
    STACK_MAX,
    Items,
    Pile,
    Slots,
    at,
    count,
    place_for,
    put,
    take,
)
from pyao.rules.kinds import ObjectType, Skill
from pyao.rules.person import Person
from pyao.rules.records import ItemFigures

MERCHANT_SLOTS = 50  # as many as the client's list has
MERCHANT_RANGE = 3
ANY_KIND = 1000  # what a merchant who buys everything "buys"
SALE_SHARE = 3  # a merchant pays a third of the price
ROYAL_TAILOR = "SR"
CHAOS_TAILOR = "SC"


Agree = Callable[[Pile, int], bool]
"""Is shown goods and gold when all else is settled, and says whether they may change hands."""


def agreed(_pile: Pile, _gold: int) -> bool:
    """Agree to everything."""
    return True


class BuyProblem(Enum):
    """Why nothing is bought; the value is the key of the text told, empty for silence."""

    SILENT = ""
    SOLD_OUT = "commerce.sold_out"
    NO_GOLD = "commerce.no_gold"
    FULL = "item.full"


class SellProblem(Enum):
    """Why nothing is sold; the value is the key of the text told, empty for silence."""

    SILENT = ""
    EMPTY = "item.empty_slot"
    BOUND = "commerce.bound"
    NOT_WANTED = "commerce.not_wanted"
    SAILING = "commerce.sailing"


@dataclass(frozen=True, slots=True)
class Deal:
    """What changed hands, for how much, and which slots of either side changed."""

    pile: Pile
    gold: int
    slot: int
    stock_slots: tuple[int, ...]
    unequipped: bool = False


@dataclass(frozen=True, slots=True)
class Merchant:
    """What a merchant takes: one kind of item or any, and the uniforms of one faction."""

    name: str
    buys: int


class Stock:
    """What a merchant has; slots are numbered from 1, as in the packets."""

    def __init__(self, goods: Sequence[Pile], *, no_restock: bool = False) -> None:
        self.goods = tuple(goods[:MERCHANT_SLOTS])
        self.no_restock = no_restock
        self.slots: Slots = [None] * MERCHANT_SLOTS
        self._fill()

    def _fill(self) -> None:
        for place, pile in enumerate(self.goods):
            if pile.amount >= 1:
                self.slots[place] = Slot(pile.item, min(pile.amount, STACK_MAX))

    def take(self, number: int, amount: int, *, crucial: bool) -> tuple[int, ...]:
        """Remove some of a slot and return the slots that changed.

        Crucial goods come back at once, the others when the merchant has nothing left at all,
        unless it is one that stays empty.
        """
        held = at(self.slots, number)
        if held is None or take(self.slots, number, amount) is None:
            return ()
        if self.slots[number - 1] is None and crucial and not count(self.slots, held.item):
            first = next((pile.amount for pile in self.goods if pile.item == held.item), 0)
            put(self.slots, held.item, min(first, STACK_MAX), room=MERCHANT_SLOTS)
            return tuple({number, *self._where(held.item)})
        if not self.no_restock and not any(self.slots):
            self._fill()
            return tuple({number, *range(1, len(self.goods) + 1)})
        return (number,)

    def add(self, pile: Pile) -> tuple[int, ...]:
        """Take in what was bought from a player; without a place for it, it is gone."""
        number = put(self.slots, pile.item, pile.amount, room=MERCHANT_SLOTS)
        return (number,) if number else ()

    def forget(self, item: int) -> tuple[int, ...]:
        """Have none of an item any more, also after a refill; return the slots that changed."""
        self.goods = tuple(Pile(one, 0 if one == item else many) for one, many in self.goods)
        gone = self._where(item)
        for number in gone:
            self.slots[number - 1] = None
        return tuple(gone)

    def _where(self, item: int) -> list[int]:
        return [
            number
            for number, slot in enumerate(self.slots, 1)
            if slot is not None and slot.item == item
        ]


def unit_price(price: int, skill: int) -> float:
    """Return what one unit is shown to cost: price / (1 + skill/100)."""
    return price * 100 / (100 + skill)


def buying_price(price: int, skill: int, amount: int) -> int:
    """Return what is paid: ceil(price x amount x 100 / (100 + skill)), at least 1.

    Whole numbers throughout. The classic server's floating point asked one coin more wherever the
    exact total was odd; the least of one coin keeps goods without a price from being free.
    """
    return max(1, -(-price * amount * 100 // (100 + skill)))


def selling_price(item: ItemFigures, amount: int) -> int:
    """Return what a merchant pays: trunc(price / 3 x amount); nothing for newbies' things."""
    return 0 if item.newbie else item.price * amount // SALE_SHARE


def buy(
    who: Person, stock: Stock, number: int, amount: int, items: Items, agree: Agree = agreed
) -> BuyProblem | Deal:
    """Buy up to `amount` of a merchant's slot; both sides and the purse change, or nothing does."""
    held = at(stock.slots, number)
    if amount <= 0 or who.dead:
        return BuyProblem.SILENT
    if held is None or held.item not in items:
        return BuyProblem.SOLD_OUT
    item = items[held.item]
    amount = min(amount, held.amount)
    price = buying_price(item.price, who.skills[Skill.TRADE - 1], amount)
    problem = _check_means(who, item.number, amount, price)
    if problem is None and not agree(Pile(item.number, amount), price):
        problem = BuyProblem.SILENT
    # Whoever was asked may have changed purse and bag.
    problem = problem or _check_means(who, item.number, amount, price)
    if problem is not None:
        return problem
    slot = put(who.inventory, item.number, amount)
    who.gold -= price
    changed = stock.take(number, amount, crucial=item.crucial)
    if item.kind == ObjectType.KEY:  # each door has one
        changed = tuple({*changed, *stock.forget(item.number)})
    return Deal(Pile(item.number, amount), price, slot, changed)


def _check_means(who: Person, item: int, amount: int, price: int) -> BuyProblem | None:
    if who.gold < price:
        return BuyProblem.NO_GOLD
    return None if place_for(who.inventory, item, amount) else BuyProblem.FULL


def sell(
    who: Person,
    number: int,
    amount: int,
    merchant: Merchant,
    stock: Stock,
    items: Items,
    agree: Agree = agreed,
) -> SellProblem | Deal:
    """Sell up to `amount` of a slot; both sides and the purse change, or nothing does."""
    if who.dead or who.counsellor:
        return SellProblem.SILENT
    held = at(who.inventory, number)
    if held is None or held.item not in items:
        return SellProblem.EMPTY
    item = items[held.item]
    problem = check_sale(who, held, item, merchant)
    if problem is not None:
        return problem
    amount = min(amount, held.amount)
    gold = min(selling_price(item, amount), GOLD_MAX - who.gold)
    if amount <= 0 or not agree(Pile(item.number, amount), gold):
        return SellProblem.SILENT
    # Whoever was asked may have changed purse and bag.
    left = at(who.inventory, number)
    there = left is not None and left.item == item.number and left.amount >= amount
    sold = take(who.inventory, number, amount) if there else None
    if sold is None:
        return SellProblem.EMPTY
    gold = min(gold, GOLD_MAX - who.gold)
    who.gold += gold
    return Deal(sold.pile, gold, number, stock.add(sold.pile), sold.unequipped)


def check_sale(
    who: Person, held: Slot, item: ItemFigures, merchant: Merchant
) -> SellProblem | None:
    """Say why a merchant does not take a thing; None when it does."""
    if item.bound or item.no_trade:
        return SellProblem.BOUND
    if item.kind == ObjectType.BOAT and held.equipped and who.sailing:
        return SellProblem.SAILING
    unwanted = merchant.buys not in {ANY_KIND, item.kind} or item.kind == ObjectType.MONEY
    uniform = (item.royal and merchant.name != ROYAL_TAILOR) or (
        item.chaos and merchant.name != CHAOS_TAILOR
    )
    return SellProblem.NOT_WANTED if unwanted or uniform else None
