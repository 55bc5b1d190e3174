from __future__ import annotations

from typing import Any

import pytest
from tests.support import things
from tests.support.people import carrying
from tests.support.things import ITEMS
from tests.support.vectors import vectors

from pyao.content.items import Item
from pyao.rules.character import Slot
from pyao.rules.equipment import dress, true_look
from pyao.rules.kinds import CharClass, Skill
from pyao.rules.person import Gear, Person
from pyao.rules.sailing import Sailed, SailProblem, land, sailing_skill, use_boat


def sailor(
    char_class: int = CharClass.WARRIOR,
    level: int = 25,
    navigation: int = 100,
    fishing: int = 0,
) -> Person:
    who = carrying(Slot(474, 1), Slot(1, 1), level=level)
    who.char_class = char_class
    who.skills[Skill.NAVIGATION - 1] = navigation
    who.skills[Skill.FISHING - 1] = fishing
    return who


def board(who: Person, number: int = 1, *, water: bool = True, land_near: bool = True) -> object:
    return use_boat(who, number, ITEMS, water_near=water, land_near=land_near)


@pytest.mark.parametrize("row", vectors("npcs", "boats"), ids=str)
def test_a_boat_takes_skill(row: dict[str, Any]) -> None:
    boat = Item(number=1, kind=31, min_skill=row["least"])
    assert sailing_skill(sailor(CharClass.PIRATE), boat) == row["pirate"]
    assert sailing_skill(sailor(CharClass.WORKER, fishing=100), boat) == row["fisher"]
    assert sailing_skill(sailor(CharClass.WORKER, fishing=99), boat) == row["others"]
    assert sailing_skill(sailor(fishing=100), boat) == row["others"]


def test_boarding_hides_everything_but_the_boat() -> None:
    who = sailor()
    who.hidden = True
    assert board(who) is Sailed.BOARDED
    assert (who.sailing, who.hidden, who.gear.boat) == (True, False, things.BARGE)
    assert who.inventory[0] == Slot(474, 1, equipped=True)
    assert true_look(who).body == 395
    assert dress(who, ITEMS) == []


def test_landing_shows_oneself_again() -> None:
    who = sailor()
    board(who)
    assert board(who, land_near=False) is SailProblem.NO_LAND
    assert (who.sailing, who.gear.boat) == (True, things.BARGE)
    assert board(who) is Sailed.LANDED
    assert who.inventory[0] == Slot(474, 1)
    assert (who.sailing, who.gear) == (False, Gear())
    land(who)


@pytest.mark.parametrize(
    ("who", "problem"),
    [
        (sailor(level=24), SailProblem.LEVEL),
        (sailor(CharClass.PIRATE, level=19), SailProblem.LEVEL),
        (sailor(CharClass.PIRATE, level=20), None),
        (sailor(CharClass.WORKER, level=20, fishing=100), None),
        (sailor(CharClass.WORKER, level=20, fishing=99), SailProblem.LEVEL),
        (sailor(CharClass.WORKER, level=19, fishing=100), SailProblem.LEVEL),
        (sailor(navigation=69), SailProblem.SKILL),
        (sailor(navigation=70), None),
    ],
)
def test_who_may_sail(who: Person, problem: SailProblem | None) -> None:
    assert board(who) is (problem or Sailed.BOARDED)


def test_a_boat_needs_water_and_must_be_a_boat() -> None:
    assert board(sailor(), water=False) is SailProblem.NO_WATER
    for number in (0, 2, 3, 26):
        assert board(sailor(), number) is SailProblem.SILENT
    unknown = carrying(Slot(999, 1))
    assert board(unknown) is SailProblem.SILENT


def test_the_dead_may_sail() -> None:
    who = sailor()
    who.hp = 0
    assert board(who) is Sailed.BOARDED
    assert true_look(who).body == 87
