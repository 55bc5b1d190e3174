from __future__ import annotations

import random
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.vectors import Dice, highest, lowest, never

from pyao.rules.ground import (
    RESPAWN_LOOKS,
    WHOLE_MAP,
    Tile,
    nearest,
    place_to_lay,
    place_to_respawn,
    rhombus,
    scatter,
    territory,
)
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Trigger
from pyao.rules.movement import MAX_Y, MIN_X


def anywhere(x: int, y: int) -> bool:
    return 1 <= x <= 100 and 1 <= y <= 100


def nowhere(x: int, y: int) -> bool:
    del x, y
    return False


def nothing(x: int, y: int) -> Pile | None:
    del x, y
    return None


def test_a_rhombus_goes_from_west_around_by_north() -> None:
    assert list(rhombus(10, 10, 0)) == [(10, 10)]
    assert list(rhombus(10, 10, 1)) == [(9, 10), (10, 9), (11, 10), (10, 11)]
    assert list(rhombus(10, 10, 2)) == [
        *((8, 10), (9, 9)),
        *((10, 8), (11, 9)),
        *((12, 10), (11, 11)),
        *((10, 12), (9, 11)),
    ]


@given(st.integers(-20, 120), st.integers(-20, 120), st.integers(1, 16))
def test_a_rhombus_has_every_tile_of_its_distance_once(x: int, y: int, radius: int) -> None:
    tiles = list(rhombus(x, y, radius))
    assert len(set(tiles)) == len(tiles) == 4 * radius
    assert all(abs(tx - x) + abs(ty - y) == radius for tx, ty in tiles)


def test_the_nearest_tile_is_the_first_that_fits() -> None:
    assert nearest(10, 10, anywhere) == (10, 10)
    assert nearest(10, 10, lambda x, _: x >= 12) == (12, 10)
    assert nearest(10, 10, lambda x, _: x >= 22) == (22, 10)
    assert nearest(10, 10, lambda x, _: x >= 23) is None
    assert nearest(10, 10, nowhere) is None


def test_a_pile_lies_where_there_is_nothing_or_room_on_the_same() -> None:
    there = {(10, 10): Pile(1, 9_999), (9, 10): Pile(2, 1), (10, 9): Pile(1, 9_998)}

    def lying(x: int, y: int) -> Pile | None:
        return there.get((x, y))

    assert place_to_lay(10, 10, Pile(1, 1), anywhere, lying) == (10, 10)
    assert place_to_lay(10, 10, Pile(1, 2), anywhere, lying) == (10, 9)
    assert place_to_lay(10, 10, Pile(1, 3), anywhere, lying) == (11, 10)
    assert place_to_lay(10, 10, Pile(3, 1), anywhere, lying) == (11, 10)
    assert place_to_lay(10, 10, Pile(3, 1), nowhere, nothing) is None
    assert place_to_lay(50, 50, Pile(3, 1), lambda x, _: x == 66, nothing) == (66, 50)
    assert place_to_lay(50, 50, Pile(3, 1), lambda x, _: x == 67, nothing) is None


def plain(x: int, y: int) -> int:
    del x, y
    return Trigger.NONE


def at_column_31(trigger: int, x: int, y: int) -> int:
    del y
    return trigger if x == 31 else Trigger.SAFE


def test_a_creature_comes_back_anywhere_on_its_map() -> None:
    dice = Dice(30, 40)
    assert place_to_respawn(dice, anywhere, nowhere, plain) == (30, 40)
    assert dice.asked == [(9, 92), (7, 94)]


def test_a_creature_comes_back_unseen_and_not_under_a_roof() -> None:
    for trigger in (Trigger.UNDER_ROOF, Trigger.HOUSE, Trigger.NO_NPC):
        found = place_to_respawn(
            Dice(30, 40, 31, 41, 32, 42),
            anywhere,
            lambda x, _: x == 30,
            partial(at_column_31, trigger),
        )
        assert found == (32, 42)


def test_after_sixty_tries_the_last_legal_tile_is_taken() -> None:
    dice = Dice(*[30, 40] * 59, 31, 41)
    assert place_to_respawn(dice, anywhere, anywhere, plain) == (31, 41)
    assert dice.left == 0


def test_in_a_cave_where_all_is_seen_the_search_ends_sooner() -> None:
    looked: list[Tile] = []

    def cave(x: int, y: int) -> bool:
        looked.append((x, y))
        return (x, y) == (40, 50)

    dice = Dice(40, 45, *[80, 80] * 7, 40, 45, 80, 80)
    assert place_to_respawn(dice, cave, anywhere, plain) == (40, 50)
    assert dice.left == 2
    assert len(looked) > RESPAWN_LOOKS


def test_a_rare_place_is_looked_for_in_all_tries() -> None:
    dice = Dice(*[80, 80] * 59, 40, 45)
    assert place_to_respawn(dice, lambda x, y: (x, y) == (40, 50), anywhere, plain) == (40, 50)
    assert dice.left == 0


def test_a_creature_that_finds_no_place_comes_back_in_the_middle_or_not() -> None:
    middle = place_to_respawn(lowest, lambda x, y: (x, y) == (50, 52), nowhere, plain)
    assert middle == (50, 52)
    assert place_to_respawn(lowest, nowhere, nowhere, plain) is None


def test_a_teleport_scatters_but_not_onto_exits() -> None:
    assert scatter(50, 50, 0, never, anywhere) == (50, 50)
    dice = Dice(-3, 2)
    assert scatter(50, 50, 3, dice, nowhere) == (47, 52)
    assert dice.asked == [(-3, 3), (-3, 3)]
    assert scatter(50, 50, 3, Dice(1, 1, 2, 2), lambda x, _: x == 51) == (52, 52)
    five = Dice(*[1, 1] * 5)
    assert scatter(50, 50, 3, five, anywhere) == (50, 50)
    assert five.left == 0


@pytest.mark.parametrize(("roll", "tile"), [(lowest, (9, 7)), (highest, (16, 14))])
def test_a_teleport_leads_into_the_playable_map(roll: object, tile: tuple[int, int]) -> None:
    assert callable(roll)
    assert scatter(10, 8, 99, roll, nowhere) == tile


def test_a_creature_of_a_territory_comes_back_within_it() -> None:
    assert territory(30, 40, 0) == WHOLE_MAP
    assert territory(12, 90, 10) == (MIN_X, 80, 22, MAX_Y)
    dice = random.Random(1)
    within = territory(40, 50, 3)
    found = {place_to_respawn(dice.randint, anywhere, nowhere, plain, within) for _ in range(300)}
    assert found == {(x, y) for x in range(37, 44) for y in range(47, 54)}
