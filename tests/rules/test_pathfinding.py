from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from pyao.rules.pathfinding import Tile, find_path


def everywhere(x: int, y: int) -> bool:
    return 1 <= x <= 100 and 1 <= y <= 100


def test_the_way_in_the_open_is_straight() -> None:
    assert find_path((10, 10), (14, 10), everywhere) == [(11, 10), (12, 10), (13, 10)]


def test_one_who_is_there_has_no_way_to_go() -> None:
    assert find_path((10, 10), (11, 10), everywhere) == []
    assert find_path((10, 10), (10, 10), everywhere) == []


def test_the_goal_itself_may_be_occupied() -> None:
    found = find_path((10, 10), (12, 10), lambda x, y: (x, y) != (12, 10))
    assert found == [(11, 10)]


def test_the_way_goes_around_a_wall() -> None:
    def wall(x: int, y: int) -> bool:
        return everywhere(x, y) and not (x == 12 and 5 <= y <= 12)

    found = find_path((10, 10), (14, 10), wall)
    assert found is not None
    assert len(found) == 9
    assert all(wall(*tile) for tile in found)


def test_a_way_of_more_steps_than_allowed_is_none() -> None:
    assert find_path((10, 10), (42, 10), everywhere, max_steps=30) is None
    found = find_path((10, 10), (40, 10), everywhere, max_steps=30)
    assert found is not None
    assert len(found) == 29
    assert find_path((10, 10), (41, 10), everywhere, max_steps=30) is None


def test_a_closed_room_has_no_way_out_and_the_search_ends() -> None:
    looked = []

    def room(x: int, y: int) -> bool:
        looked.append((x, y))
        return 8 <= x <= 12 and 8 <= y <= 12

    assert find_path((10, 10), (20, 20), room) is None
    assert len(looked) < 200


def test_the_search_gives_up_when_it_costs_too_much() -> None:
    looked = []

    def maze(x: int, y: int) -> bool:
        looked.append((x, y))
        return y >= 1

    assert find_path((50, 50), (50, 30), maze, max_steps=1_000, max_tiles=5) is None
    assert len(looked) <= 20


def shortest(start: Tile, goal: Tile, blocked: set[Tile]) -> int | None:
    """Return the steps of the shortest way to a tile next to the goal, by plain flooding."""
    seen, queue = {start}, deque([(start, 0)])
    while queue:
        (x, y), steps = queue.popleft()
        if abs(x - goal[0]) + abs(y - goal[1]) <= 1:
            return steps
        for near in ((x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)):
            inside = 1 <= near[0] <= 9 and 1 <= near[1] <= 9
            if inside and near not in blocked and near not in seen:
                seen.add(near)
                queue.append((near, steps + 1))
    return None


tiles = st.tuples(st.integers(1, 9), st.integers(1, 9))


@given(tiles, tiles, st.sets(tiles, max_size=40))
def test_the_way_found_is_a_shortest_one(start: Tile, goal: Tile, blocked: set[Tile]) -> None:
    def free(x: int, y: int) -> bool:
        return 1 <= x <= 9 and 1 <= y <= 9 and (x, y) not in blocked

    found = find_path(start, goal, free, max_steps=81)
    best = shortest(start, goal, blocked)
    assert (None if found is None else len(found)) == best
    at = start
    for tile in found or []:
        assert abs(at[0] - tile[0]) + abs(at[1] - tile[1]) == 1
        assert free(*tile)
        at = tile
