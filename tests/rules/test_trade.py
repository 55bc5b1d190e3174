from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.people import carrying
from tests.support.things import APPLE, BARGE, HEIRLOOM, ITEMS, NEWBIE_DAGGER, SWORD, TUNIC

from pyao.content.items import Item
from pyao.rules.character import INVENTORY_SLOTS, Slot
from pyao.rules.inventory import GOLD_ITEM, GOLD_MAX, GOLD_SLOT, STACK_MAX, Pile, put, take
from pyao.rules.kinds import ObjectType, Privilege
from pyao.rules.person import Person
from pyao.rules.trade import (
    GOLD_PLACE,
    OFFERED,
    TRADE_RANGE,
    WISH_MS,
    AskProblem,
    Exchange,
    Failed,
    Failure,
    OfferProblem,
    Side,
    Trade,
    Wish,
    accept,
    check_ask,
    exchange,
    free_place,
    offer,
    wants,
)

POTION = Item(number=30, name="potion", kind=ObjectType.POTION, price=20)
CHARM = Item(number=33, name="charm", kind=ObjectType.RING, price=90, no_trade=True)
PACK = Item(number=34, name="pack", kind=ObjectType.BACKPACK, price=90)
GOODS = {**ITEMS, **{item.number: item for item in (POTION, CHARM, PACK)}}


def agreed(_first: Side[Person], _second: Side[Person]) -> bool:
    return True


def two(*mine: Slot | None, gold: int = 100) -> tuple[Trade[Person], Side[Person], Side[Person]]:
    """Return a trade between one with these things and one with a sword and 50 coins."""
    trade = Trade.between(
        carrying(*mine, gold=gold), carrying(Slot(SWORD.number, 1), gold=50, user_id=2)
    )
    return trade, *trade.sides


def settle(trade: Trade[Person]) -> Exchange | Failed[Person]:
    """Let both confirm and accept."""
    for side in trade.sides:
        side.confirmed = True
    assert all(accept(trade, side.who) for side in trade.sides)
    return exchange(trade, GOODS, agreed)


def held(who: Person) -> Counter[int]:
    """Return what somebody has, coins in the purse included."""
    found = Counter({GOLD_ITEM: who.gold})
    for slot in who.inventory:
        if slot is not None:
            found[slot.item] += slot.amount
    return found


# --- asking --------------------------------------------------------------------------------------


def test_who_may_ask_whom() -> None:
    who, other = carrying(x=50, y=50), carrying(x=50, y=50 + TRADE_RANGE)
    assert check_ask(who, other) is None
    other.trading = True
    assert check_ask(who, other) is AskProblem.BUSY
    other.y += 1
    assert check_ask(who, other) is AskProblem.TOO_FAR
    other.y, other.map = 50, 2
    assert check_ask(who, other) is AskProblem.TOO_FAR
    other.hp = 0
    assert check_ask(who, other) is AskProblem.TARGET_DEAD
    who.privileges |= Privilege.COUNSELLOR
    assert check_ask(who, other) is AskProblem.STAFF
    who.trading = True
    assert check_ask(who, other) is AskProblem.TRADING


def test_a_wish_is_for_one_person_and_a_minute() -> None:
    ana, bob, eva = carrying(), carrying(), carrying()
    wish = Wish(bob, WISH_MS)
    assert wants(wish, bob, WISH_MS - 1)
    assert not wants(wish, bob, WISH_MS)
    assert not wants(wish, eva, 0)
    assert not wants(None, ana, 0)


def test_a_trade_stands_while_both_live_and_are_near() -> None:
    places = [(1, 50, 50, 9), (1, 50 + TRADE_RANGE, 50, 9), (1, 49, 47, 9), (2, 50, 50, 9)]
    found = []
    for number, x, y, hp in [*places, (1, 50, 50, 0)]:
        trade, mine, other = two()
        other.who.map, other.who.x, other.who.y, other.who.hp = number, x, y, hp
        found.append(trade.stands)
        assert trade.seen_by(other.who) == (other, mine)
    assert found == [True, True, False, False, False]


# --- offering ------------------------------------------------------------------------------------


def test_an_offer_grows_and_shrinks_but_never_below_nothing() -> None:
    _, side, _ = two(Slot(POTION.number, 10))
    assert offer(side, 1, 6, 3, GOODS) == 3
    assert offer(side, OFFERED, 4, 3, GOODS) == 3
    assert side.piles[2] == Pile(POTION.number, 10)
    assert offer(side, OFFERED, -3, 3, GOODS) == 3
    assert offer(side, 1, -2, 3, GOODS) == 3
    assert side.piles[2] == Pile(POTION.number, 5)
    assert offer(side, OFFERED, -2_000_000_000, 3, GOODS) == 3
    assert side.totals() == {}
    assert offer(side, OFFERED, -1, 3, GOODS) is OfferProblem.SILENT
    assert offer(side, 1, -1, 3, GOODS) is OfferProblem.SILENT
    assert side.who.inventory[0] == Slot(POTION.number, 10), "nothing leaves the bag"


def test_gold_is_offered_up_to_what_the_purse_holds() -> None:
    _, side, _ = two()
    assert offer(side, GOLD_SLOT, 60, GOLD_PLACE, GOODS) == GOLD_PLACE
    assert offer(side, GOLD_SLOT, 41, GOLD_PLACE, GOODS) is OfferProblem.NO_GOLD
    assert offer(side, OFFERED, 40, GOLD_PLACE, GOODS) == GOLD_PLACE
    assert side.gold == 100
    assert offer(side, GOLD_SLOT, -2_000_000_000, GOLD_PLACE, GOODS) == GOLD_PLACE
    assert side.gold == 0
    assert offer(side, GOLD_SLOT, -1, GOLD_PLACE, GOODS) is OfferProblem.SILENT


@pytest.mark.parametrize(
    ("slot", "amount", "place", "problem"),
    [
        (1, 0, 1, OfferProblem.SILENT),
        (1, 1, 0, OfferProblem.SILENT),
        (1, 1, GOLD_PLACE + 1, OfferProblem.SILENT),
        (1, 1, GOLD_PLACE, OfferProblem.SILENT),
        (OFFERED, 1, 5, OfferProblem.SILENT),
        (INVENTORY_SLOTS, 1, 1, OfferProblem.EMPTY),
        (INVENTORY_SLOTS + 1, 1, 1, OfferProblem.EMPTY),
        (255, 1, 1, OfferProblem.EMPTY),
        (1, 11, 1, OfferProblem.TOO_MANY),
        (1, 2_147_483_647, 1, OfferProblem.TOO_MANY),
        (2, 1, 1, OfferProblem.NEWBIE),
        (3, 1, 1, OfferProblem.BOUND),
        (4, 1, 1, OfferProblem.BOUND),
        (5, 1, 1, OfferProblem.SAILING),
        (6, 1, 1, OfferProblem.BACKPACK),
        (7, 1, 1, OfferProblem.EMPTY),
    ],
)
def test_what_cannot_be_offered(slot: int, amount: int, place: int, problem: OfferProblem) -> None:
    things = (NEWBIE_DAGGER, HEIRLOOM, CHARM, BARGE, PACK)
    bag = [Slot(POTION.number, 10), *(Slot(item.number, 2) for item in things), Slot(999, 1)]
    _, side, _ = two(*bag)
    side.who.sailing = True
    side.who.gear.boat, side.who.gear.backpack = BARGE, PACK
    assert offer(side, slot, amount, place, GOODS) is problem
    assert not list(side.goods())
    assert side.gold == 0


def test_one_thing_is_not_offered_twice() -> None:
    _, side, _ = two(Slot(POTION.number, 10), Slot(POTION.number, 5))
    assert offer(side, 1, 10, 1, GOODS) == 1
    assert offer(side, 2, 5, 2, GOODS) == 2
    assert offer(side, 1, 1, 3, GOODS) is OfferProblem.TOO_MANY
    assert offer(side, OFFERED, 1, 1, GOODS) is OfferProblem.TOO_MANY
    assert side.totals() == {POTION.number: 15}


def test_a_place_holds_one_kind_of_thing_and_one_stack() -> None:
    _, side, _ = two(Slot(POTION.number, 9_000), Slot(POTION.number, 9_000), Slot(APPLE.number, 1))
    assert offer(side, 1, STACK_MAX, 1, GOODS) == 1
    assert offer(side, 1, 1, 1, GOODS) is OfferProblem.TOO_MANY
    assert offer(side, 3, 1, 1, GOODS) is OfferProblem.TAKEN
    assert (free_place(side, POTION.number), free_place(side, APPLE.number)) == (1, 2)
    side.piles[:] = [Pile(POTION.number, 1)] * len(side.piles)
    assert free_place(side, APPLE.number) == 0


def test_a_confirmed_offer_is_frozen() -> None:
    _, side, _ = two(Slot(POTION.number, 10))
    side.confirmed = True
    assert offer(side, 1, 1, 1, GOODS) is OfferProblem.FROZEN
    assert offer(side, GOLD_SLOT, 1, GOLD_PLACE, GOODS) is OfferProblem.FROZEN


# --- exchanging ----------------------------------------------------------------------------------


def test_nothing_is_accepted_before_both_confirmed() -> None:
    trade, mine, other = two()
    mine.confirmed = True
    assert not accept(trade, mine.who)
    assert not accept(trade, other.who)
    assert not mine.accepted
    other.confirmed = True
    assert accept(trade, mine.who)
    assert (mine.accepted, other.accepted) == (True, False)


def test_both_get_what_they_were_offered() -> None:
    trade, mine, other = two(Slot(POTION.number, 10))
    offer(mine, 1, 10, 1, GOODS)
    offer(mine, GOLD_SLOT, 60, GOLD_PLACE, GOODS)
    offer(other, 1, 1, 1, GOODS)
    offer(other, GOLD_SLOT, 50, GOLD_PLACE, GOODS)
    done = settle(trade)
    assert isinstance(done, Exchange)
    assert [changed.slots for changed in done.changed] == [(1,), (1,)]
    assert held(mine.who) == {SWORD.number: 1, GOLD_ITEM: 90}
    assert held(other.who) == {POTION.number: 10, GOLD_ITEM: 60}


def test_what_was_spent_meanwhile_ends_it_without_change() -> None:
    trade, mine, other = two(Slot(POTION.number, 10))
    offer(mine, 1, 10, 1, GOODS)
    offer(other, 1, 1, 1, GOODS)
    mine.who.inventory[0] = Slot(POTION.number, 9)
    assert settle(trade) == Failed(Failure.LACKS, mine.who)
    assert held(mine.who) == {POTION.number: 9, GOLD_ITEM: 100}
    assert held(other.who) == {SWORD.number: 1, GOLD_ITEM: 50}


def test_gold_spent_meanwhile_ends_it_without_change() -> None:
    trade, mine, _ = two()
    offer(mine, GOLD_SLOT, 100, GOLD_PLACE, GOODS)
    mine.who.gold = 99
    assert settle(trade) == Failed(Failure.LACKS, mine.who)


def test_a_boat_boarded_meanwhile_stays() -> None:
    trade, mine, _ = two(Slot(BARGE.number, 1))
    assert offer(mine, 1, 1, 1, GOODS) == 1
    mine.who.sailing, mine.who.gear.boat = True, BARGE
    assert settle(trade) == Failed(Failure.LACKS, mine.who)


def test_a_full_bag_or_purse_ends_it_without_change() -> None:
    trade, mine, other = two(Slot(POTION.number, 10))
    offer(mine, 1, 5, 1, GOODS)
    other.who.inventory[:] = [Slot(SWORD.number, 1)] * INVENTORY_SLOTS
    assert settle(trade) == Failed(Failure.NO_ROOM, other.who)
    trade, mine, other = two(gold=100)
    other.who.gold = GOLD_MAX
    offer(mine, GOLD_SLOT, 1, GOLD_PLACE, GOODS)
    assert settle(trade) == Failed(Failure.WALLET, other.who)
    assert (mine.who.gold, other.who.gold) == (100, GOLD_MAX)


def test_a_full_bag_takes_what_it_makes_room_for() -> None:
    trade, mine, other = two(Slot(POTION.number, 10), gold=GOLD_MAX)
    other.who.inventory[:] = [Slot(SWORD.number, 1)] * INVENTORY_SLOTS
    offer(mine, 1, 5, 1, GOODS)
    offer(other, 7, 1, 1, GOODS)
    offer(mine, GOLD_SLOT, 50, GOLD_PLACE, GOODS)
    offer(other, GOLD_SLOT, 50, GOLD_PLACE, GOODS)
    assert isinstance(settle(trade), Exchange)
    assert held(other.who)[POTION.number] == 5
    assert mine.who.gold == GOLD_MAX


def test_what_is_worn_goes_last_and_comes_off() -> None:
    trade, mine, _ = two(Slot(SWORD.number, 1, equipped=True), Slot(SWORD.number, 1))
    offer(mine, 1, 1, 1, GOODS)
    done = settle(trade)
    assert isinstance(done, Exchange)
    assert mine.who.inventory[0] == Slot(SWORD.number, 1, equipped=True)
    assert (done.changed[0].slots, done.changed[0].unequipped) == ((2,), False)
    trade, mine, other = two(Slot(TUNIC.number, 1, equipped=True))
    offer(mine, 1, 1, 1, GOODS)
    done = settle(trade)
    assert isinstance(done, Exchange)
    assert done.changed[0].unequipped
    assert other.who.inventory[1] == Slot(TUNIC.number, 1)


def test_who_is_asked_last_may_forbid_it() -> None:
    trade, mine, _ = two(Slot(POTION.number, 10))
    offer(mine, 1, 10, 1, GOODS)
    for side in trade.sides:
        side.confirmed = side.accepted = True
    assert exchange(trade, GOODS, lambda *_: False) == Failed(Failure.FORBIDDEN, mine.who)
    assert held(mine.who)[POTION.number] == 10


def test_what_is_taken_and_given_while_somebody_is_asked_counts() -> None:
    trade, mine, other = two(Slot(POTION.number, 10), Slot(SWORD.number, 1))
    offer(mine, 1, 8, 1, GOODS)
    for side in trade.sides:
        side.confirmed = side.accepted = True

    def tax(own: Side[Person], _other: Side[Person]) -> bool:
        take(own.who.inventory, 1, 1)
        own.who.gold -= 5
        return True

    assert isinstance(exchange(trade, GOODS, tax), Exchange)
    assert held(mine.who) == {POTION.number: 1, SWORD.number: 1, GOLD_ITEM: 95}
    assert held(other.who)[POTION.number] == 8
    put(mine.who.inventory, POTION.number, 7)
    assert exchange(trade, GOODS, tax) == Failed(Failure.LACKS, mine.who), "7 of 8 are left"
    assert held(mine.who)[POTION.number] == 7


_slots = st.lists(
    st.none()
    | st.builds(
        Slot,
        st.sampled_from([POTION.number, APPLE.number, SWORD.number]),
        st.sampled_from([1, 5, 4_999, STACK_MAX]),
        st.booleans(),
    ),
    max_size=INVENTORY_SLOTS,
)
_offers = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(0, 32),
        st.sampled_from([1, 7, 5_000, STACK_MAX, -1, -STACK_MAX, 0]),
        st.integers(0, 22),
    ),
    max_size=12,
)


@given(_slots, _slots, st.integers(0, GOLD_MAX), st.integers(0, GOLD_MAX), _offers)
def test_nothing_is_doubled_or_lost_whatever_is_offered(
    mine: list[Slot | None],
    theirs: list[Slot | None],
    gold: int,
    their_gold: int,
    offers: list[tuple[bool, int, int, int]],
) -> None:
    first = carrying(*[slot and copy_of(slot) for slot in mine], gold=gold)
    second = carrying(*[slot and copy_of(slot) for slot in theirs], gold=their_gold, user_id=2)
    trade = Trade.between(first, second)
    before = held(first) + held(second)
    for is_first, slot, amount, place in offers:
        offer(trade.sides[0 if is_first else 1], slot, amount, place, GOODS)
    settle(trade)
    assert held(first) + held(second) == before
    for who in (first, second):
        assert 0 <= who.gold <= GOLD_MAX
        assert all(slot is None or 1 <= slot.amount <= STACK_MAX for slot in who.inventory)


def copy_of(slot: Slot) -> Slot:
    return Slot(slot.item, slot.amount, slot.equipped)
