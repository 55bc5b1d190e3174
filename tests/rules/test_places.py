from __future__ import annotations

import pytest
from tests.support.people import person, with_figures

from pyao.rules.kinds import Faction, Privilege
from pyao.rules.places import EntryProblem, Restriction, check_entry


@pytest.mark.parametrize(
    ("figures", "restriction", "problem"),
    [
        ({}, Restriction.NONE, None),
        ({"level": 12}, Restriction.NEWBIES, None),
        ({"level": 13}, Restriction.NEWBIES, EntryProblem.NEWBIES),
        ({}, Restriction.ROYAL, EntryProblem.ROYAL),
        ({"faction": Faction.ROYAL}, Restriction.ROYAL, None),
        ({"faction": Faction.CHAOS}, Restriction.ROYAL, EntryProblem.ROYAL),
        ({"faction": Faction.CHAOS}, Restriction.CHAOS, None),
        ({"faction": Faction.ROYAL}, Restriction.CHAOS, EntryProblem.CHAOS),
        ({}, Restriction.FACTIONS, EntryProblem.FACTIONS),
        ({"faction": Faction.CHAOS}, Restriction.FACTIONS, None),
        ({"faction": Faction.ROYAL}, Restriction.FACTIONS, None),
        ({}, Restriction.STAFF, EntryProblem.STAFF),
    ],
)
def test_some_maps_are_for_some(
    figures: dict[str, int], restriction: Restriction, problem: EntryProblem | None
) -> None:
    assert check_entry(with_figures(person(), figures), restriction) is problem
    god = with_figures(person(privileges=Privilege.GOD), figures)
    assert check_entry(god, restriction, living_only=True) is None


def test_some_maps_are_for_the_living() -> None:
    ghost = person(hp=0)
    assert check_entry(ghost, Restriction.NONE, living_only=True) is EntryProblem.DEAD
    assert check_entry(ghost, Restriction.NONE) is None
    assert check_entry(person(), Restriction.NONE, living_only=True) is None


def test_a_map_file_names_its_restriction() -> None:
    assert Restriction("NEWBIE") is Restriction.NEWBIES
