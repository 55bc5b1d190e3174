from __future__ import annotations

import pytest
from tests.support.people import person
from tests.support.vectors import Dice

from pyao.rules.gambling import BetProblem, House, bet
from pyao.rules.inventory import GOLD_MAX


@pytest.mark.parametrize(("side", "gold"), [(1, 1_100), (47, 1_100), (48, 900), (100, 900)])
def test_a_bet_is_doubled_47_times_of_100(side: int, gold: int) -> None:
    who, dice = person(gold=1_000), Dice(side)
    assert bet(who, 100, dice) == gold - 1_000
    assert who.gold == gold
    assert dice.asked == [(1, 100)]


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        (0, BetProblem.TOO_SMALL),
        (-5, BetProblem.TOO_SMALL),
        (5_001, BetProblem.TOO_LARGE),
        (1_001, BetProblem.NO_GOLD),
    ],
)
def test_other_bets_are_refused_without_a_throw(amount: int, problem: BetProblem) -> None:
    who = person(gold=1_000)
    assert bet(who, amount, Dice()) is problem
    assert who.gold == 1_000


def test_bounds_of_bets_count() -> None:
    assert bet(person(gold=5_000), 5_000, Dice(48)) == -5_000
    assert bet(person(gold=1), 1, Dice(47)) == 1


def test_a_purse_that_could_not_hold_the_gain_takes_no_bet() -> None:
    assert bet(person(gold=GOLD_MAX), 1, Dice()) is BetProblem.WALLET_FULL
    assert bet(person(gold=GOLD_MAX - 1), 1, Dice(1)) == 1


def test_the_house_counts_what_it_wins_and_loses() -> None:
    house = House()
    for change in (-100, 30, -5):
        house.settle(change)
    assert house == House(won=105, lost=30, plays=3)
