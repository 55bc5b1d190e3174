from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from tests.support.people import carrying, person
from tests.support.things import APPLE, BARGE, GOLD, HEIRLOOM, ITEMS, NEWBIE_DAGGER, SWORD, TUNIC
from tests.support.vectors import vectors

from pyao.content.items import Item
from pyao.rules.character import Slot
from pyao.rules.commerce import (
    ANY_KIND,
    CHAOS_TAILOR,
    MERCHANT_RANGE,
    MERCHANT_SLOTS,
    ROYAL_TAILOR,
    BuyProblem,
    Deal,
    Merchant,
    SellProblem,
    Stock,
    buy,
    buying_price,
    sell,
    selling_price,
    unit_price,
)
from pyao.rules.inventory import GOLD_MAX, STACK_MAX, Pile, count
from pyao.rules.kinds import ObjectType, Privilege, Skill

POTION = Item(number=30, name="potion", kind=ObjectType.POTION, price=20, crucial=True)
UNIFORM = Item(number=31, name="uniform", kind=ObjectType.ARMOUR, price=90, royal=True)
ROBE = Item(number=32, name="robe", kind=ObjectType.ARMOUR, price=90, chaos=True)
CHARM = Item(number=33, name="charm", kind=ObjectType.RING, price=90, no_trade=True)
GOODS = {**ITEMS, **{item.number: item for item in (POTION, UNIFORM, ROBE, CHARM)}}
BAZAAR = Merchant("Bazaar", ANY_KIND)


def stock(*piles: tuple[int, int], no_restock: bool = False) -> Stock:
    return Stock([Pile(*pile) for pile in piles], no_restock=no_restock)


def shelf(of: Stock) -> list[tuple[int, int] | None]:
    """Return what stands in the first slots, as item and amount."""
    return [None if slot is None else (slot.item, slot.amount) for slot in of.slots[:4]]


@pytest.mark.parametrize("row", vectors("commerce", "buying"), ids=str)
def test_a_merchant_asks_the_price_less_what_skill_saves(row: dict[str, Any]) -> None:
    assert buying_price(row["price"], row["skill"], row["amount"]) == row["paid"]


@pytest.mark.parametrize("row", vectors("commerce", "selling"), ids=str)
def test_a_merchant_pays_a_third(row: dict[str, Any]) -> None:
    assert selling_price(structs.replace(SWORD, price=row["price"]), row["amount"]) == row["got"]


def test_a_merchant_deals_within_three_tiles() -> None:
    assert MERCHANT_RANGE == 3


def test_the_price_on_show_is_that_of_one() -> None:
    assert unit_price(25, 0) == 25
    assert unit_price(25, 50) == pytest.approx(16.666, abs=0.001)
    assert selling_price(structs.replace(NEWBIE_DAGGER, price=90), 3) == 0


def test_a_purchase_changes_purse_bag_and_stock() -> None:
    who = person(gold=210, skills={Skill.TRADE: 0})
    goods = stock((SWORD.number, 3), (APPLE.number, 5))
    deal = buy(who, goods, 1, 2, GOODS)
    assert deal == Deal(Pile(SWORD.number, 2), 200, 1, (1,))
    assert who.gold == 10
    assert who.inventory[0] == Slot(SWORD.number, 2)
    assert shelf(goods)[:2] == [(SWORD.number, 1), (APPLE.number, 5)]


def test_no_more_is_bought_than_there_is() -> None:
    who = person(gold=1_000)
    deal = buy(who, stock((APPLE.number, 3), no_restock=True), 1, 32_767, GOODS)
    assert isinstance(deal, Deal)
    assert (deal.pile.amount, who.gold) == (3, 985)


@pytest.mark.parametrize(
    ("slot", "amount", "problem"),
    [
        (1, 0, BuyProblem.SILENT),
        (1, -5, BuyProblem.SILENT),
        (0, 1, BuyProblem.SOLD_OUT),
        (MERCHANT_SLOTS, 1, BuyProblem.SOLD_OUT),
        (255, 1, BuyProblem.SOLD_OUT),
        (2, 1, BuyProblem.SOLD_OUT),
        (1, 3, BuyProblem.NO_GOLD),
    ],
)
def test_what_cannot_be_bought_changes_nothing(slot: int, amount: int, problem: BuyProblem) -> None:
    who = person(gold=250)
    goods = stock((SWORD.number, 3), (9_999, 1))
    assert buy(who, goods, slot, amount, GOODS) is problem
    assert (who.gold, shelf(goods)[0]) == (250, (SWORD.number, 3))


def test_a_full_bag_and_the_dead_buy_nothing() -> None:
    goods = stock((SWORD.number, 3))
    full = carrying(*[Slot(APPLE.number, 1)] * 25, gold=500)
    assert buy(full, goods, 1, 1, GOODS) is BuyProblem.FULL
    ghost = person(hp=0, gold=500)
    assert buy(ghost, goods, 1, 1, GOODS) is BuyProblem.SILENT
    assert (full.gold, ghost.gold, shelf(goods)[0]) == (500, 500, (SWORD.number, 3))


# --- stock -----------------------------------------------------------------------------------


def test_crucial_goods_come_back_at_once_and_others_when_nothing_is_left() -> None:
    goods = stock((POTION.number, 10), (SWORD.number, 1))
    assert goods.take(1, 10, crucial=True) == (1,)
    assert shelf(goods)[:2] == [(POTION.number, 10), (SWORD.number, 1)]
    assert goods.take(2, 1, crucial=False) == (2,)
    assert shelf(goods)[:2] == [(POTION.number, 10), None]


def test_an_empty_merchant_is_filled_again_unless_it_stays_empty() -> None:
    goods = stock((SWORD.number, 1), (APPLE.number, 2))
    goods.take(1, 1, crucial=False)
    assert set(goods.take(2, 2, crucial=False)) == {1, 2}
    assert shelf(goods)[:2] == [(SWORD.number, 1), (APPLE.number, 2)]
    last = stock((SWORD.number, 1), no_restock=True)
    assert last.take(1, 1, crucial=False) == (1,)
    assert shelf(last) == [None] * 4
    assert last.take(1, 1, crucial=False) == ()


def test_crucial_goods_that_players_sold_do_not_come_back() -> None:
    goods = stock((SWORD.number, 1))
    assert goods.add(Pile(POTION.number, 4)) == (2,)
    assert goods.take(2, 4, crucial=True) == (2,)
    assert shelf(goods)[:2] == [(SWORD.number, 1), None]


def test_crucial_goods_in_another_slot_are_enough() -> None:
    goods = stock((POTION.number, 10_000), (POTION.number, 5))
    goods.take(2, 5, crucial=True)
    assert shelf(goods)[:2] == [(POTION.number, 10_000), None]


def test_a_stock_holds_no_more_than_the_window_shows() -> None:
    goods = stock(*[(APPLE.number, 0), (SWORD.number, 20_000)], *[(APPLE.number, 1)] * 60)
    assert len(goods.slots) == MERCHANT_SLOTS
    assert shelf(goods)[:2] == [None, (SWORD.number, STACK_MAX)]
    full = stock(*[(SWORD.number, STACK_MAX)] * MERCHANT_SLOTS)
    assert full.add(Pile(APPLE.number, 1)) == ()


# --- selling ---------------------------------------------------------------------------------


def test_a_sale_changes_purse_bag_and_stock() -> None:
    who = carrying(Slot(SWORD.number, 3, equipped=True), gold=1)
    goods = stock((APPLE.number, 2))
    deal = sell(who, 1, 2, BAZAAR, goods, GOODS)
    assert deal == Deal(Pile(SWORD.number, 2), 66, 1, (2,))
    assert (who.gold, who.inventory[0]) == (67, Slot(SWORD.number, 1, equipped=True))
    last = sell(who, 1, 9, BAZAAR, goods, GOODS)
    assert isinstance(last, Deal)
    assert (last.unequipped, last.pile.amount, who.inventory[0]) == (True, 1, None)
    assert shelf(goods)[1] == (SWORD.number, 3)


def test_a_full_purse_takes_what_fits() -> None:
    who = carrying(Slot(SWORD.number, 3), gold=GOLD_MAX - 10)
    assert isinstance(sell(who, 1, 3, BAZAAR, stock(), GOODS), Deal)
    assert who.gold == GOLD_MAX


@pytest.mark.parametrize(
    ("item", "merchant", "problem"),
    [
        (HEIRLOOM, BAZAAR, SellProblem.BOUND),
        (CHARM, BAZAAR, SellProblem.BOUND),
        (GOLD, BAZAAR, SellProblem.NOT_WANTED),
        (GOLD, Merchant("Changer", ObjectType.MONEY), SellProblem.NOT_WANTED),
        (SWORD, Merchant("Grocer", ObjectType.USE_ONCE), SellProblem.NOT_WANTED),
        (SWORD, Merchant("Smith", ObjectType.WEAPON), None),
        (UNIFORM, BAZAAR, SellProblem.NOT_WANTED),
        (UNIFORM, Merchant(CHAOS_TAILOR, ANY_KIND), SellProblem.NOT_WANTED),
        (UNIFORM, Merchant(ROYAL_TAILOR, ANY_KIND), None),
        (ROBE, Merchant(ROYAL_TAILOR, ANY_KIND), SellProblem.NOT_WANTED),
        (ROBE, Merchant(CHAOS_TAILOR, ANY_KIND), None),
        (TUNIC, BAZAAR, None),
    ],
)
def test_merchants_take_what_they_take(
    item: Item, merchant: Merchant, problem: SellProblem | None
) -> None:
    who = carrying(Slot(item.number, 2))
    answer = sell(who, 1, 1, merchant, stock(), GOODS)
    assert answer is problem if problem else isinstance(answer, Deal)
    assert count(who.inventory, item.number) == (2 if problem else 1)


def test_nobody_sells_the_boat_below_the_own_feet() -> None:
    who = carrying(Slot(BARGE.number, 1, equipped=True), sailing=True)
    assert sell(who, 1, 1, BAZAAR, stock(), GOODS) is SellProblem.SAILING
    who.sailing = False
    assert isinstance(sell(who, 1, 1, BAZAAR, stock(), GOODS), Deal)


@pytest.mark.parametrize(
    ("slot", "amount", "problem"),
    [
        (1, 0, SellProblem.SILENT),
        (1, -1, SellProblem.SILENT),
        (0, 1, SellProblem.EMPTY),
        (26, 1, SellProblem.EMPTY),
        (2, 1, SellProblem.EMPTY),
        (3, 1, SellProblem.EMPTY),
    ],
)
def test_what_cannot_be_sold_changes_nothing(slot: int, amount: int, problem: SellProblem) -> None:
    who = carrying(Slot(SWORD.number, 3), None, Slot(9_999, 1), gold=5)
    assert sell(who, slot, amount, BAZAAR, stock(), GOODS) is problem
    assert (who.gold, who.inventory[0]) == (5, Slot(SWORD.number, 3))


def test_the_dead_and_counsellors_sell_nothing() -> None:
    for who in (
        carrying(Slot(SWORD.number, 1), hp=0),
        carrying(Slot(SWORD.number, 1), privileges=Privilege.COUNSELLOR),
    ):
        assert sell(who, 1, 1, BAZAAR, stock(), GOODS) is SellProblem.SILENT
        assert who.inventory[0] == Slot(SWORD.number, 1)


def test_who_is_asked_before_a_deal_may_say_no() -> None:
    asked: list[tuple[Pile, int]] = []

    def no(pile: Pile, gold: int) -> bool:
        asked.append((pile, gold))
        return False

    goods = stock((SWORD.number, 1))
    buyer = carrying(gold=1_000)
    assert buy(buyer, goods, 1, 1, GOODS, no) is BuyProblem.SILENT
    seller = carrying(Slot(SWORD.number, 2))
    assert sell(seller, 1, 2, BAZAAR, goods, GOODS, no) is SellProblem.SILENT
    assert [pile for pile, _ in asked] == [Pile(SWORD.number, 1), Pile(SWORD.number, 2)]
    assert (buyer.gold, buyer.inventory[0]) == (1_000, None)
    assert (seller.gold, seller.inventory[0]) == (0, Slot(SWORD.number, 2))
    assert shelf(goods)[0] == (SWORD.number, 1)


def test_what_is_taken_while_somebody_is_asked_is_not_dealt_with() -> None:
    who = carrying(Slot(SWORD.number, 2), gold=1_000)

    def rob(_pile: Pile, _gold: int) -> bool:
        who.gold, who.inventory[0] = 0, Slot(APPLE.number, 2)
        return True

    goods = stock((SWORD.number, 1))
    assert buy(who, goods, 1, 1, GOODS, rob) is BuyProblem.NO_GOLD
    assert (who.gold, who.inventory[1], shelf(goods)[0]) == (0, None, (SWORD.number, 1))
    who.inventory[0] = Slot(SWORD.number, 2)
    assert sell(who, 1, 2, BAZAAR, goods, GOODS, rob) is SellProblem.EMPTY
    assert (who.gold, who.inventory[0]) == (0, Slot(APPLE.number, 2))


# --- laws --------------------------------------------------------------------------------------


@given(
    st.integers(0, 1_000_000), st.integers(0, 100), st.integers(1, STACK_MAX), st.integers(0, 100)
)
def test_nobody_earns_by_buying_and_selling_again(
    price: int, skill: int, amount: int, other_skill: int
) -> None:
    item = structs.replace(SWORD, price=price)
    paid = buying_price(price, skill, amount)
    assert paid >= 1
    assert selling_price(item, amount) <= paid
    assert paid <= buying_price(price, min(skill, other_skill), amount)


def test_a_key_is_sold_once() -> None:
    key = Item(number=33, kind=ObjectType.KEY, price=3, crucial=True)
    goods = Stock([Pile(33, 2), Pile(POTION.number, 1)])
    who = carrying(gold=100)
    deal = buy(who, goods, 1, 1, {33: key, POTION.number: POTION})
    assert isinstance(deal, Deal)
    assert deal.stock_slots == (1,)
    assert goods.slots[0] is None
    goods.take(2, 1, crucial=False)
    assert [slot.item for slot in goods.slots if slot] == [POTION.number]
