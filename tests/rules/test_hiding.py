from __future__ import annotations

from typing import Any

import pytest
from tests.support.people import person, with_figures
from tests.support.vectors import Dice, never, vectors

from pyao.content.items import Item
from pyao.rules.hiding import (
    Hid,
    HideProblem,
    hide,
    hide_chance,
    hide_ticks,
    stay_hidden,
    walks_hidden,
)
from pyao.rules.kinds import CharClass, Skill
from pyao.rules.options import Options
from pyao.rules.person import Gear, Person, Spot

CLASSIC = Options()
FIELD = Spot()


@pytest.mark.parametrize("row", vectors("magic", "hiding"), ids=str)
def test_skill_makes_the_chance_and_the_time(row: dict[str, Any]) -> None:
    works = [roll for roll in range(1, 101) if roll <= hide_chance(row["skill"])]
    assert works[-1] == row["upto"]
    assert hide_ticks(row["skill"], CharClass.WARRIOR, 500) == row["ticks"]
    assert hide_ticks(row["skill"], CharClass.BANDIT, 500) == row["bandit"]


@pytest.mark.parametrize("row", vectors("magic", "hiding"), ids=str)
def test_the_roll_decides(row: dict[str, Any]) -> None:
    who = person(skills={Skill.HIDE: row["skill"]})
    dice = Dice(row["upto"] + 1)
    assert hide(who, FIELD, 0, dice, CLASSIC) is Hid.SEEN
    assert dice.asked == [(1, 100)]
    assert (who.hidden, who.effects.hidden_until) == (False, 0)
    assert hide(who, FIELD, 700, Dice(row["upto"]), CLASSIC) is Hid.HIDDEN
    assert (who.hidden, who.effects.hidden_until) == (True, 700 + row["ticks"] * 40)


@pytest.mark.parametrize(
    ("figures", "here", "problem"),
    [
        ({"hp": 0}, FIELD, HideProblem.DEAD),
        ({}, Spot(no_hiding=True), HideProblem.NOT_HERE),
        ({"consulting": 1}, FIELD, HideProblem.CONSULTING),
        ({"sailing": 1}, FIELD, HideProblem.SAILING),
        ({"hidden": 1}, FIELD, HideProblem.ALREADY),
    ],
)
def test_sometimes_one_cannot_hide(
    figures: dict[str, int], here: Spot, problem: HideProblem
) -> None:
    assert hide(with_figures(person(), figures), here, 0, never, CLASSIC) is problem


def test_a_pirate_hides_at_sea() -> None:
    who = person(char_class=CharClass.PIRATE, sailing=1)
    assert hide(who, FIELD, 0, Dice(1), CLASSIC) is Hid.HIDDEN


def test_attempts_take_the_time_of_work_unless_the_world_says_otherwise() -> None:
    who = person()
    assert hide(who, FIELD, 0, Dice(100), CLASSIC) is Hid.SEEN
    assert hide(who, FIELD, 549, never, CLASSIC) is HideProblem.SILENT
    assert hide(who, FIELD, 549, Dice(100), Options(hide_interval=False)) is Hid.SEEN


def master(char_class: int = CharClass.HUNTER, skill: int = 91, armour: int = 360) -> Person:
    clothes = Item(number=armour, kind=3)
    return person(
        char_class=char_class, skills={Skill.HIDE: skill}, gear=Gear(armour=clothes), hidden=1
    )


def test_a_master_hunter_in_camouflage_stays_hidden() -> None:
    for number in (360, 648):
        who = master(armour=number)
        assert stay_hidden(who, 1_000, CLASSIC)
        assert who.effects.hidden_until == 1_000 + 442 * 40
    naked = master()
    naked.gear.armour = None
    for other in (master(CharClass.THIEF), master(skill=90), master(armour=361), naked):
        assert not stay_hidden(other, 1_000, CLASSIC)


def test_thieves_and_bandits_walk_hidden() -> None:
    walkers = {kind for kind in CharClass if walks_hidden(person(char_class=kind))}
    assert walkers == {CharClass.THIEF, CharClass.BANDIT}
