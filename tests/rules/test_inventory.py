from __future__ import annotations

from typing import Any

import pytest
from tests.support import things
from tests.support.people import carrying
from tests.support.things import ITEMS
from tests.support.vectors import vectors

from pyao.content.items import Item
from pyao.rules.character import INVENTORY_SLOTS, Slot
from pyao.rules.inventory import (
    Dropped,
    DropProblem,
    Picked,
    PickProblem,
    Pile,
    Slots,
    at,
    count,
    drop,
    drop_gold,
    left_over,
    move,
    numbered,
    pick_up,
    piles_of_gold,
    place_for,
    pocket_gold,
    put,
    take,
    take_item,
)
from pyao.rules.kinds import Privilege


def bag(*slots: Slot | None) -> Slots:
    return [*slots, *[None] * (INVENTORY_SLOTS - len(slots))]


@pytest.mark.parametrize("row", vectors("items", "put"), ids=lambda row: row["of"])
def test_piles_go_to_the_first_stack_with_room_and_are_never_split(row: dict[str, Any]) -> None:
    slots = bag(*(Slot(item, amount) if item else None for item, amount in row["before"]))
    assert put(slots, row["item"], row["amount"]) == row["slot"]
    after = [Slot(item, amount) if item else None for item, amount in row["after"]]
    assert slots[: len(after)] == after


def test_a_full_bag_takes_nothing() -> None:
    slots: Slots = [Slot(2, 1) for _ in range(20)]
    before = [Slot(2, 1) for _ in range(20)]
    assert put(slots, 1, 1, room=20) == 0
    assert slots == before
    slots += [None] * 5
    assert put(slots, 1, 1, room=20) == 0
    assert put(slots, 1, 1) == 21


@pytest.mark.parametrize("amount", [0, -1, 10_001])
def test_an_impossible_amount_is_not_put(amount: int) -> None:
    slots = bag()
    assert put(slots, 1, amount) == 0
    assert slots == bag()


def test_one_may_ask_what_would_find_no_place() -> None:
    slots: Slots = [Slot(1, 9_990, equipped=True), None]
    piles = [Pile(1, 5), Pile(2, 1), Pile(1, 6), Pile(2, 1), Pile(3, 1)]
    assert left_over(slots, piles) == [Pile(1, 6), Pile(3, 1)]
    assert slots == [Slot(1, 9_990, equipped=True), None]


def test_one_may_ask_for_the_place_first() -> None:
    assert place_for(bag(Slot(2, 1)), 1, 5) == 2
    assert place_for([Slot(2, 1)], 1, 5) == 0


@pytest.mark.parametrize("number", [0, -1, 26, 31, 255])
def test_a_slot_that_is_none_holds_nothing(number: int) -> None:
    slots = bag(Slot(1, 5))
    assert at(slots, number) is None
    assert take(slots, number, 1) is None


def test_used_slots_are_numbered_from_one() -> None:
    assert list(numbered(bag(None, Slot(1, 5)))) == [(2, Slot(1, 5))]


def test_taking_a_part_leaves_the_rest_equipped() -> None:
    slots = bag(Slot(7, 150, equipped=True))
    assert take(slots, 1, 50) == Dropped(Pile(7, 50), 50)
    assert slots == bag(Slot(7, 100, equipped=True))
    assert take(slots, 1, 500) == Dropped(Pile(7, 100), 100, unequipped=True)
    assert slots == bag()
    assert take(slots, 1, 1) is None


def test_nothing_or_less_is_not_taken() -> None:
    slots = bag(Slot(1, 5))
    assert take(slots, 1, 0) is take(slots, 1, -3) is None
    assert slots[0] == Slot(1, 5)


def test_an_item_is_taken_from_several_slots_or_not_at_all() -> None:
    slots = bag(Slot(1, 3), Slot(2, 1), Slot(1, 4))
    assert take_item(slots, 1, 8) == []
    assert count(slots, 1) == 7
    assert take_item(slots, 1, 5) == [1, 3]
    assert slots[:3] == [None, Slot(2, 1), Slot(1, 2)]
    assert take_item(slots, 1, 0) == []
    assert take_item(slots, 1, 1) == [3]
    assert slots[2] == Slot(1, 1)


def test_moving_swaps_two_slots_with_what_is_equipped() -> None:
    slots = bag(Slot(2, 1, equipped=True))
    assert move(slots, 1, 2)
    assert slots[:2] == [None, Slot(2, 1, equipped=True)]
    for old, new in ((0, 1), (1, 0), (26, 1), (1, 26), (-1, 2)):
        assert not move(slots, old, new)


def test_something_dropped_lies_on_the_tile() -> None:
    who = carrying(Slot(1, 5))
    assert drop(who, 1, 2, None, ITEMS) == Dropped(Pile(1, 2), 2)
    assert drop(who, 1, 99, Pile(1, 2), ITEMS) == Dropped(Pile(1, 5), 3)
    assert who.inventory[0] is None


def test_a_tile_holds_ten_thousand_of_one_thing() -> None:
    who = carrying(Slot(1, 500, equipped=True))
    assert drop(who, 1, 500, Pile(1, 9_900), ITEMS) == Dropped(Pile(1, 10_000), 100)
    assert who.inventory[0] == Slot(1, 400, equipped=True)
    assert drop(who, 1, 1, Pile(1, 10_000), ITEMS) is DropProblem.NO_ROOM
    assert drop(who, 1, 1, Pile(2, 1), ITEMS) is DropProblem.NO_ROOM


def test_dropping_the_last_of_what_is_equipped_unequips_it() -> None:
    who = carrying(Slot(2, 1, equipped=True))
    assert drop(who, 1, 1, None, ITEMS) == Dropped(Pile(2, 1), 1, unequipped=True)


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (things.NEWBIE_DAGGER, DropProblem.NEWBIE),
        (things.HEIRLOOM, DropProblem.BOUND),
        (things.STONE, DropProblem.BOUND),
    ],
)
def test_some_things_cannot_be_dropped(item: Item, problem: DropProblem) -> None:
    who = carrying(Slot(item.number, 3))
    assert drop(who, 1, 1, None, ITEMS) is problem
    assert who.inventory[0] == Slot(item.number, 3)


def test_staff_may_drop_newbie_items() -> None:
    who = carrying(Slot(10, 1), privileges=Privilege.GOD)
    assert drop(who, 1, 1, None, ITEMS) == Dropped(Pile(10, 1), 1)


@pytest.mark.parametrize(("number", "item"), [(2, 1), (0, 1), (26, 1), (1, 999)])
def test_an_empty_slot_or_an_unknown_item_is_not_dropped(number: int, item: int) -> None:
    assert drop(carrying(Slot(item, 1)), number, 1, None, ITEMS) is DropProblem.EMPTY


@pytest.mark.parametrize(
    "figures",
    [
        {"hp": 0},
        {"sailing": 1},
        {"trading": 1},
        {"privileges": Privilege.COUNSELLOR},
    ],
)
def test_some_states_keep_one_from_dropping(figures: dict[str, int]) -> None:
    who = carrying(Slot(1, 5), gold=100, **figures)
    assert drop(who, 1, 1, None, ITEMS) is DropProblem.SILENT
    assert drop_gold(who, 1, lambda _: True) is DropProblem.SILENT


def test_a_counsellor_among_the_role_masters_may_drop() -> None:
    who = carrying(Slot(1, 5), privileges=Privilege.COUNSELLOR | Privilege.ROLE_MASTER)
    assert drop(who, 1, 1, None, ITEMS) == Dropped(Pile(1, 1), 1)


@pytest.mark.parametrize("amount", [0, -5, -32_768])
def test_nothing_or_less_is_not_dropped(amount: int) -> None:
    who = carrying(Slot(1, 5), gold=100)
    assert drop(who, 1, amount, None, ITEMS) is DropProblem.SILENT
    assert drop_gold(who, amount, lambda _: True) is DropProblem.SILENT
    assert who.gold == 100


def test_gold_leaves_the_wallet_only_if_it_was_laid() -> None:
    who, laid = carrying(gold=15_000), list[Pile]()

    def lay(pile: Pile) -> bool:
        laid.append(pile)
        return True

    assert drop_gold(who, 10_001, lambda _: True) is DropProblem.TOO_MUCH_GOLD
    assert drop_gold(who, 10_000, lambda _: False) is DropProblem.NO_ROOM
    assert who.gold == 15_000
    assert drop_gold(who, 10_000, lay) == 10_000
    assert (who.gold, laid) == (5_000, [Pile(12, 10_000)])
    assert drop_gold(who, 5_001, lambda _: True) is DropProblem.NO_GOLD


def test_what_is_picked_up_goes_into_a_slot() -> None:
    who = carrying(Slot(1, 5))
    assert pick_up(who, Pile(1, 3), ITEMS) == Picked(slot=1)
    assert who.inventory[0] == Slot(1, 8)


def test_gold_goes_into_the_wallet_as_far_as_it_fits() -> None:
    who = carrying(gold=89_999_999)
    assert pick_up(who, Pile(12, 10), ITEMS) == Picked(gold=1, left=Pile(12, 9))
    assert who.gold == 90_000_000
    assert pick_up(who, Pile(12, 9), ITEMS) is PickProblem.WALLET
    rich = carrying(gold=0)
    picked = pick_up(rich, Pile(12, 10_000), ITEMS)
    assert isinstance(picked, Picked)
    assert (picked.slot, picked.gold, picked.left) == (0, 10_000, None)


def test_some_things_cannot_be_picked_up() -> None:
    who = carrying(*[Slot(2, 1)] * INVENTORY_SLOTS)
    assert pick_up(who, None, ITEMS) is PickProblem.NOTHING
    assert pick_up(who, Pile(999, 1), ITEMS) is PickProblem.NOTHING
    assert pick_up(who, Pile(15, 1), ITEMS) is PickProblem.FIXED
    assert pick_up(who, Pile(1, 1), ITEMS) is PickProblem.FULL
    who.trading = True
    assert pick_up(who, Pile(1, 1), ITEMS) is PickProblem.SILENT


def test_one_may_pick_up_aboard_but_not_when_dead() -> None:
    assert pick_up(carrying(sailing=1), Pile(1, 1), ITEMS) == Picked(slot=1)
    assert pick_up(carrying(hp=0), Pile(1, 1), ITEMS) is PickProblem.SILENT


def test_a_stack_of_gold_becomes_money() -> None:
    who = carrying(Slot(12, 500), Slot(1, 5), gold=89_999_700)
    assert pocket_gold(who, 1) == 300
    assert (who.gold, who.inventory[0]) == (90_000_000, Slot(12, 200))
    assert pocket_gold(who, 1) == 0
    assert pocket_gold(who, 2) == pocket_gold(who, 3) == 0
    poor = carrying(Slot(12, 500))
    assert (pocket_gold(poor, 1), poor.gold, poor.inventory[0]) == (500, 500, None)


def test_gold_lies_in_piles_of_ten_thousand() -> None:
    assert [pile.amount for pile in piles_of_gold(25_000)] == [10_000, 10_000, 5_000]
    assert [pile.amount for pile in piles_of_gold(20_000)] == [10_000, 10_000]
    assert piles_of_gold(0) == piles_of_gold(-3) == []
    assert piles_of_gold(1) == [Pile(12, 1)]
