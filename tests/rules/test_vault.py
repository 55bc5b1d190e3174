from __future__ import annotations

import pytest
from tests.support.people import carrying, person
from tests.support.things import APPLE, BARGE, ITEMS, SWORD

from pyao.rules.character import BANK_SLOTS, Slot
from pyao.rules.inventory import GOLD_MAX, Pile
from pyao.rules.vault import (
    BANK_GOLD_MAX,
    Moved,
    VaultProblem,
    deposit,
    deposit_gold,
    extract,
    extract_gold,
    shift,
)


def test_a_pile_goes_where_it_fits_whole() -> None:
    who = carrying(Slot(APPLE.number, 15))
    who.bank[0] = Slot(APPLE.number, 9_995)
    assert deposit(who, 1, 10, ITEMS) == Moved(Pile(APPLE.number, 10), 1, 2)
    assert who.bank[:2] == [Slot(APPLE.number, 9_995), Slot(APPLE.number, 10)]
    assert deposit(who, 1, 5, ITEMS) == Moved(Pile(APPLE.number, 5), 1, 1)
    assert who.bank[0] == Slot(APPLE.number, 10_000)
    assert who.inventory[0] is None


def test_more_than_there_is_moves_all_of_it() -> None:
    who = carrying(Slot(SWORD.number, 2, equipped=True))
    moved = deposit(who, 1, 32_767, ITEMS)
    assert moved == Moved(Pile(SWORD.number, 2), 1, 1, unequipped=True)
    assert extract(who, 1, 1) == Moved(Pile(SWORD.number, 1), 1, 1)
    assert (who.bank[0], who.inventory[0]) == (Slot(SWORD.number, 1), Slot(SWORD.number, 1))


def test_without_a_place_nothing_moves() -> None:
    who = carrying(Slot(SWORD.number, 2))
    who.bank[:] = [Slot(APPLE.number, 1) for _ in range(BANK_SLOTS)]
    assert deposit(who, 1, 1, ITEMS) is VaultProblem.VAULT_FULL
    who.inventory[:] = [Slot(SWORD.number, 1) for _ in range(25)]
    assert extract(who, 1, 1) is VaultProblem.BAG_FULL
    assert who.bank[0] == Slot(APPLE.number, 1)
    assert who.inventory[0] == Slot(SWORD.number, 1)


@pytest.mark.parametrize(
    ("slot", "amount", "problem"),
    [
        (1, 0, VaultProblem.SILENT),
        (1, -1, VaultProblem.SILENT),
        (0, 1, VaultProblem.EMPTY),
        (255, 1, VaultProblem.EMPTY),
        (2, 1, VaultProblem.EMPTY),
    ],
)
def test_impossible_moves_change_nothing(slot: int, amount: int, problem: VaultProblem) -> None:
    who = carrying(Slot(SWORD.number, 2))
    who.bank[0] = Slot(APPLE.number, 3)
    assert deposit(who, slot, amount, ITEMS) is problem
    assert extract(who, slot, amount) is problem
    assert (who.inventory[0], who.bank[0]) == (Slot(SWORD.number, 2), Slot(APPLE.number, 3))


def test_the_boat_below_the_own_feet_stays() -> None:
    who = carrying(Slot(BARGE.number, 1, equipped=True), Slot(SWORD.number, 1), sailing=True)
    assert deposit(who, 1, 1, ITEMS) is VaultProblem.SAILING
    assert isinstance(deposit(who, 2, 1, ITEMS), Moved)
    who.inventory[1] = Slot(9_999, 1, equipped=True)
    assert isinstance(deposit(who, 2, 1, ITEMS), Moved)


def test_slots_are_swapped_up_and_down() -> None:
    who = person()
    who.bank[:2] = [Slot(APPLE.number, 1), Slot(SWORD.number, 1)]
    assert shift(who, 2, upwards=True)
    assert who.bank[:2] == [Slot(SWORD.number, 1), Slot(APPLE.number, 1)]
    assert shift(who, 1, upwards=False)
    assert who.bank[:2] == [Slot(APPLE.number, 1), Slot(SWORD.number, 1)]
    assert not shift(who, 1, upwards=True)
    assert not shift(who, BANK_SLOTS, upwards=False)
    assert not shift(who, 0, upwards=True)
    assert not shift(who, 0, upwards=False)


def test_gold_goes_into_the_bank_and_out_again() -> None:
    who = person(gold=100, bank_gold=5)
    assert deposit_gold(who, 60) is None
    assert (who.gold, who.bank_gold) == (40, 65)
    assert extract_gold(who, 65) is None
    assert (who.gold, who.bank_gold) == (105, 0)
    assert deposit_gold(who, 1) is None
    assert (who.gold, who.bank_gold) == (104, 1)
    assert extract_gold(who, 1) is None
    assert (who.gold, who.bank_gold) == (105, 0)


@pytest.mark.parametrize("amount", [0, -1, 101, 2**31 - 1, -(2**31)])
def test_a_sum_one_has_not_is_refused(amount: int) -> None:
    who = person(gold=100, bank_gold=100)
    assert deposit_gold(who, amount) is VaultProblem.NO_SUCH_SUM
    assert extract_gold(who, amount) is VaultProblem.NO_SUCH_SUM
    assert (who.gold, who.bank_gold) == (100, 100)


def test_neither_purse_nor_account_overflows() -> None:
    who = person(gold=GOLD_MAX - 5, bank_gold=BANK_GOLD_MAX - 5)
    assert extract_gold(who, 6) is VaultProblem.WALLET_FULL
    assert deposit_gold(who, 6) is VaultProblem.NO_SUCH_SUM
    assert extract_gold(who, 5) is None
    assert deposit_gold(who, 10) is None
