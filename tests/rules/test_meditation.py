from __future__ import annotations

from typing import Any

import pytest
from tests.support.people import person
from tests.support.vectors import Dice, vectors

from pyao.rules.kinds import Privilege, Skill
from pyao.rules.meditation import (
    MeditateProblem,
    Trance,
    meditate,
    meditate_tick,
    meditation_look,
    meditation_odds,
)


@pytest.mark.parametrize("row", vectors("magic", "meditation_odds"), ids=str)
def test_skill_makes_the_odds(row: dict[str, Any]) -> None:
    assert meditation_odds(row["skill"]) == row["n"]
    who = person(skills={Skill.MEDITATE: row["skill"]}, max_mana=100, mana=0)
    dice = Dice(2)
    assert meditate_tick(who, dice, 6) == 0
    assert dice.asked == [(1, row["n"])]


@pytest.mark.parametrize("row", vectors("magic", "meditation_gains"), ids=str)
def test_a_tick_may_bring_a_share_of_all_mana(row: dict[str, Any]) -> None:
    who = person(max_mana=row["max_mana"], mana=0)
    assert meditate_tick(who, Dice(1), 6) == who.mana == row["gain"]


def test_mana_never_flows_over() -> None:
    who = person(max_mana=100, mana=98)
    assert meditate_tick(who, Dice(1), 6) == 2
    assert who.mana == 100
    assert meditate_tick(who, Dice(1), 6) == 0


@pytest.mark.parametrize("row", vectors("magic", "meditation_looks"), ids=str)
def test_a_trance_shows_the_level(row: dict[str, Any]) -> None:
    assert meditation_look(row["level"]) == row["effect"]


def test_the_command_begins_and_ends_a_trance() -> None:
    who = person(max_mana=100)
    assert meditate(who, 5) is Trance.BEGUN
    assert (who.meditating, who.effects.meditation_from) == (True, 5)
    assert meditate(who, 9) is Trance.ENDED
    assert not who.meditating


def test_some_cannot_meditate_and_staff_need_not() -> None:
    assert meditate(person(hp=0, max_mana=9), 0) is MeditateProblem.DEAD
    assert meditate(person(max_mana=0), 0) is MeditateProblem.NO_MANA
    god = person(max_mana=9, privileges=Privilege.GOD)
    assert meditate(god, 0) is Trance.FILLED
    assert (god.mana, god.meditating) == (9, False)
