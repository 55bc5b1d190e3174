from __future__ import annotations

import pytest
from tests.support import things
from tests.support.creatures import DRAGON, WOLF, creature
from tests.support.people import carrying
from tests.support.things import catalogue

from pyao.content.items import Item
from pyao.rules.attack import (
    NoShot,
    SwingProblem,
    begin_melee,
    begin_shot,
    break_slayer,
    show_oneself,
    spend_shot,
)
from pyao.rules.character import Slot
from pyao.rules.equipment import dress
from pyao.rules.kinds import Privilege
from pyao.rules.options import IntervalFigures
from pyao.rules.person import Person

EXACT = IntervalFigures(tolerance_ms=0)
SLAYER = Item(number=402, kind=2)
KNIVES = Item(number=403, kind=2, ranged=True)
STONES = Item(number=404, kind=2, ranged=True, needs_ammo=True)
ALL = catalogue(SLAYER, KNIVES, STONES)


def armed(*numbers: int, amount: int = 1, **figures: int) -> Person:
    who = carrying(*(Slot(number, amount, equipped=True) for number in numbers), stamina=40)
    for name, value in figures.items():
        setattr(who, name, value)
    dress(who, ALL)
    return who


def test_a_swing_begins() -> None:
    who = armed(2)
    assert begin_melee(who, 0, EXACT) is None
    assert begin_melee(who, 1_499, EXACT) is SwingProblem.SILENT
    assert begin_melee(who, 1_500, EXACT) is None


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({"hp": 0}, SwingProblem.DEAD),
        ({"meditating": 1}, SwingProblem.SILENT),
        ({"privileges": Privilege.GOD}, SwingProblem.SILENT),
        ({"stamina": 9}, SwingProblem.TIRED),
        ({"stamina": 10}, None),
    ],
)
def test_some_states_keep_one_from_striking(
    figures: dict[str, int], problem: SwingProblem | None
) -> None:
    who = armed(2)
    for name, value in figures.items():
        setattr(who, name, value)
    assert begin_melee(who, 0, EXACT) is problem


def test_a_bow_is_no_club() -> None:
    who = armed(8)
    assert begin_melee(who, 0, EXACT) is SwingProblem.IS_RANGED
    assert begin_shot(armed(2), 0, EXACT) == NoShot(SwingProblem.NOT_RANGED)


def test_the_interval_is_used_up_even_without_stamina() -> None:
    who = armed(2, stamina=0)
    assert begin_melee(who, 0, EXACT) is SwingProblem.TIRED
    assert begin_melee(who, 100, EXACT) is SwingProblem.SILENT


def test_a_shot_begins_and_uses_up_an_arrow() -> None:
    who = armed(8, 7, amount=2)
    assert begin_shot(who, 0, EXACT) is None
    assert spend_shot(who) == 2
    assert who.inventory[:3] == [Slot(8, 2, equipped=True), Slot(7, 1, equipped=True), None]
    assert spend_shot(who) == 2
    assert who.inventory[:3] == [Slot(8, 2, equipped=True), None, None]
    assert who.gear.ammunition is None
    assert spend_shot(who) == 0
    assert begin_shot(who, 1_399, EXACT) == NoShot(SwingProblem.SILENT)


def test_what_was_thrown_is_gone() -> None:
    who = armed(403)
    assert begin_shot(who, 0, EXACT) is None
    assert spend_shot(who) == 1
    assert who.gear.weapon is None


@pytest.mark.parametrize("figures", [{"hp": 0}, {"resting": 1}, {"meditating": 1}])
def test_some_states_keep_one_from_shooting(figures: dict[str, int]) -> None:
    who = armed(8, 7)
    for name, value in figures.items():
        setattr(who, name, value)
    assert begin_shot(who, 0, EXACT) == NoShot(SwingProblem.SILENT)


def test_one_too_tired_does_not_shoot() -> None:
    assert begin_shot(armed(8, 7, stamina=9), 0, EXACT) == NoShot(SwingProblem.TIRED)


def test_arrows_without_a_bow_are_put_away() -> None:
    who = armed(2, 7)
    assert begin_shot(who, 0, EXACT) == NoShot(SwingProblem.NOT_RANGED, (2,))
    assert who.gear.ammunition is None
    bare = armed(7)
    assert begin_shot(bare, 0, EXACT) == NoShot(SwingProblem.NOT_RANGED, (1,))


def test_a_bow_without_arrows_is_put_away() -> None:
    who = armed(8)
    assert begin_shot(who, 0, EXACT) == NoShot(SwingProblem.NO_AMMUNITION, (1,))
    assert who.gear.weapon is None
    odd = armed(404)
    odd.gear.ammunition = things.APPLE
    assert begin_shot(odd, 0, EXACT) == NoShot(SwingProblem.NO_AMMUNITION, (1,))
    assert odd.gear.ammunition is None


def test_the_slayer_goes_with_the_dragon() -> None:
    who = armed(402)
    assert break_slayer(who, creature(WOLF)) == 0
    assert break_slayer(who, creature(DRAGON)) == 1
    assert (who.inventory[0], who.gear.weapon) == (None, None)
    assert break_slayer(armed(2), creature(DRAGON)) == break_slayer(armed(), creature(DRAGON)) == 0


def test_gear_that_no_slot_holds_is_not_used_up() -> None:
    who = armed()
    who.gear.weapon = KNIVES
    assert spend_shot(who) == 0


def test_attacking_ends_protection_and_hiding() -> None:
    who = armed(2, hidden=1)
    who.protected_until = 99
    assert show_oneself(who)
    assert (who.hidden, who.protected_until) == (False, 0)
    assert not show_oneself(who)
    assert not show_oneself(armed(2, hidden=1, invisible=1))
