from __future__ import annotations

from dataclasses import replace

from tests.support.world import meadow

from pyao.content.borders import borders
from pyao.content.starter import load_starter
from pyao.content.world_data import PackedExits, pack_exits
from pyao.rules.journey import map_distances
from pyao.rules.kinds import Heading


def test_exits_near_an_edge_lead_to_the_neighbour() -> None:
    exits = {
        (50, 7): (4, 50, 93),
        (51, 94): (5, 51, 8),
        (9, 50): (3, 91, 50),
        (92, 50): (2, 11, 50),
    }
    expected = {Heading.NORTH: 4, Heading.SOUTH: 5, Heading.WEST: 3, Heading.EAST: 2}
    data = meadow(1, exits=exits)
    assert borders(data) == expected
    assert borders(replace(data, exits=PackedExits(pack_exits(data.exits)))) == expected


def test_corners_doors_in_the_middle_and_ways_back_to_the_same_map_say_nothing() -> None:
    exits = {(9, 8): (6, 91, 8), (50, 50): (7, 50, 50), (50, 94): (1, 50, 8)}
    assert borders(meadow(1, exits=exits)) == {}


def test_most_exits_of_an_edge_decide() -> None:
    exits = {(40, 7): (8, 50, 50), (50, 7): (4, 50, 93), (51, 7): (4, 51, 93)}
    assert borders(meadow(1, exits=exits)) == {Heading.NORTH: 4}


def test_the_starter_world_hangs_together() -> None:
    world = load_starter()
    distances = map_distances(1, {n: borders(data) for n, data in world.maps.items()})
    assert distances[1] == 0
    assert len(distances) > len(world.maps) / 2
