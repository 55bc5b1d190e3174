from __future__ import annotations

import pytest
from tests.support.people import person

from pyao.rules.character import Attributes, Section
from pyao.rules.kinds import Privilege, Skill, Trigger
from pyao.rules.person import Spot, distance


def test_current_attributes_begin_at_their_base() -> None:
    who = person(attributes=Attributes(agility=21))
    assert who.current == who.attributes
    assert who.current is not who.attributes


def test_a_person_equals_only_itself() -> None:
    first, second = person(), person()
    assert first != second
    assert len({first, second, first}) == 2


@pytest.mark.parametrize(("hunger", "thirst"), [(0, 1), (1, 0), (1, 1)])
def test_need_is_an_empty_bar(hunger: int, thirst: int) -> None:
    who = person(hunger=hunger, thirst=thirst)
    assert (who.hungry, who.thirsty) == (hunger == 0, thirst == 0)
    assert who.in_need is (0 in (hunger, thirst))


def test_newbies_are_up_to_level_twelve() -> None:
    assert person(level=12).newbie
    assert not person(level=13).newbie


def test_ranks_are_read_from_the_bits() -> None:
    assert person(privileges=Privilege.COUNSELLOR).counsellor
    assert not person(privileges=Privilege.GOD).counsellor
    assert person(privileges=Privilege.GOD).staff
    assert not person().staff


def test_the_hidden_and_the_invisible_are_out_of_sight() -> None:
    assert person(hidden=1).out_of_sight
    assert person(invisible=1).out_of_sight
    assert not person().out_of_sight


def test_skills_are_read_by_name() -> None:
    assert person(skills={Skill.NAVIGATION: 7}).skill(Skill.NAVIGATION) == 7


def test_a_spot_knows_arenas_and_truces() -> None:
    assert Spot(trigger=Trigger.ARENA).arena
    assert Spot(trigger=Trigger.SAFE).truce
    assert not Spot().arena
    assert not Spot().truce


def test_distance_counts_steps() -> None:
    assert distance(1, 1, 4, 5) == distance(4, 5, 1, 1) == 7


def test_everything_holds_every_section() -> None:
    assert all(section in Section.everything() for section in Section)
