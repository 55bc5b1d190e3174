from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.vectors import vectors

from pyao.rules.areas import (
    Zone,
    bounds,
    entering,
    in_vision,
    leaving,
    sees,
    tiles,
    window,
    zone,
    zone_of,
    zones_around,
)

coordinates = st.integers(1, 100)
tiles_of_map = st.tuples(coordinates, coordinates)


@pytest.mark.parametrize("row", vectors("areas", "windows"), ids=str)
def test_the_window_is_the_three_by_three_zones_around(row: dict[str, Any]) -> None:
    x, y = row["at"]
    assert list(zone_of(x, y)) == row["zone"]
    seen = window(x, y)
    assert [seen.left, seen.right] == row["x"]
    assert [seen.top, seen.bottom] == row["y"]


@pytest.mark.parametrize("row", vectors("areas", "strips"), ids=str)
def test_a_step_into_another_zone_brings_a_strip_into_view(row: dict[str, Any]) -> None:
    strip = bounds(entering(zone_of(*row["from"]), zone_of(*row["to"])))
    assert strip is not None
    assert ([strip.left, strip.right], [strip.top, strip.bottom]) == (row["x"], row["y"])


@pytest.mark.parametrize("row", vectors("areas", "left"), ids=str)
def test_a_step_into_another_zone_takes_a_strip_out_of_view(row: dict[str, Any]) -> None:
    strip = bounds(leaving(zone_of(*row["from"]), zone_of(*row["to"])))
    assert strip is not None
    assert ([strip.left, strip.right], [strip.top, strip.bottom]) == (row["x"], row["y"])


@pytest.mark.parametrize("row", vectors("areas", "bands"), ids=str)
def test_zones_are_nine_tiles_wide(row: dict[str, Any]) -> None:
    assert zone(row["coordinate"]) == row["zone"]


@pytest.mark.parametrize("row", vectors("areas", "sight"), ids=str)
def test_neighbouring_zones_see_each_other(row: dict[str, Any]) -> None:
    assert sees(zone_of(*row["a"]), zone_of(*row["b"])) is row["sees"]


def test_a_step_within_a_zone_changes_nothing() -> None:
    assert entering(Zone(5, 5), Zone(5, 5)) == leaving(Zone(5, 5), Zone(5, 5)) == ()
    assert bounds(()) is None


def test_the_corners_of_the_map_see_four_zones() -> None:
    assert zones_around(Zone(0, 0)) == (Zone(0, 0), Zone(1, 0), Zone(0, 1), Zone(1, 1))
    assert zones_around(Zone(11, 11)) == (Zone(10, 10), Zone(11, 10), Zone(10, 11), Zone(11, 11))


@given(tiles_of_map, tiles_of_map)
def test_sight_is_symmetric_and_is_the_window(a: tuple[int, int], b: tuple[int, int]) -> None:
    seen = window(*a)
    inside = seen.left <= b[0] <= seen.right and seen.top <= b[1] <= seen.bottom
    assert sees(zone_of(*a), zone_of(*b)) is sees(zone_of(*b), zone_of(*a)) is inside


@given(tiles_of_map, tiles_of_map)
def test_what_comes_and_goes_adds_up(a: tuple[int, int], b: tuple[int, int]) -> None:
    old, new = zone_of(*a), zone_of(*b)
    kept = set(zones_around(old)) - set(leaving(old, new))
    assert kept | set(entering(old, new)) == set(zones_around(new))
    assert entering(old, new) == leaving(new, old)


@given(tiles_of_map)
def test_a_tile_lies_in_its_zone(at: tuple[int, int]) -> None:
    square = tiles(zone_of(*at))
    assert square.left <= at[0] <= square.right
    assert square.top <= at[1] <= square.bottom


@pytest.mark.parametrize(
    ("dx", "dy", "seen"),
    [(8, 6, True), (-8, -6, True), (9, 0, False), (0, 7, False), (-9, 0, False), (0, -7, False)],
)
def test_vision_is_half_a_screen(dx: int, dy: int, seen: bool) -> None:
    assert in_vision(dx, dy) is seen
