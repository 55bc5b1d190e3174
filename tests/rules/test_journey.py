from __future__ import annotations

from typing import Any

import pytest
from tests.support.people import person, with_figures
from tests.support.vectors import vectors

from pyao.rules.journey import (
    JourneyProblem,
    check_journey,
    distance_home,
    journey_seconds,
    map_distances,
)
from pyao.rules.kinds import Heading

N, E, S, W = Heading


@pytest.mark.parametrize("row", vectors("npcs", "journeys"), ids=str)
def test_a_trip_takes_by_distance_or_by_level(row: dict[str, Any]) -> None:
    distance, level = row["distance"], row["level"]
    assert journey_seconds(distance, level) == row["seconds"]
    assert journey_seconds(distance, level, "level") == row["by_level"]


def test_a_trip_fits_the_wire() -> None:
    assert journey_seconds(5_000, 1) == 32_767


@pytest.mark.parametrize(
    ("figures", "distance", "home", "restricted", "problem"),
    [
        ({"hp": 0}, 3, False, False, None),
        ({"hp": 0}, 0, False, False, None),
        ({"hp": 0}, 255, False, False, None),
        ({}, 3, False, False, JourneyProblem.ALIVE),
        ({"hp": 0}, 0, True, False, JourneyProblem.HERE),
        ({"hp": 0}, 3, False, True, JourneyProblem.REFUSED),
        ({"hp": 0, "jail_minutes": 1}, 3, False, False, JourneyProblem.REFUSED),
        ({"hp": 0}, -1, False, False, JourneyProblem.REFUSED),
        ({"hp": 0}, 256, False, False, JourneyProblem.REFUSED),
    ],
)
def test_who_may_travel(
    figures: dict[str, int],
    distance: int,
    home: bool,
    restricted: bool,
    problem: JourneyProblem | None,
) -> None:
    who = with_figures(person(), figures)
    assert check_journey(who, distance, at_home=home, restricted=restricted) is problem


def test_distances_count_the_maps_of_the_surface() -> None:
    borders = {
        1: {E: 2, S: 5},
        2: {W: 1, E: 3},
        3: {W: 2, N: 4},
        5: {N: 1, W: 6},
        9: {E: 10},
    }
    assert map_distances(1, borders) == {1: 0, 2: 1, 3: 2, 4: 3, 5: 1, 6: 2}
    assert map_distances(7, borders) == {7: 0}


def test_a_dungeon_is_five_beyond_the_last_map_of_the_surface() -> None:
    distances = {1: 0, 2: 4}
    assert distance_home(distances, 2, 1) == 4
    assert distance_home(distances, 99, 2) == 9
    assert distance_home(distances, 99, 98) == -1
