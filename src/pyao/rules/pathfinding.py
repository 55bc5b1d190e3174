"""The shortest way from tile to tile in four directions, bounded in length and in cost.

Follows the bound of ao-libre/ao-server, PathFinding.bas; the search itself is A*.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

MAX_STEPS = 30
MAX_TILES = 400  # looked at before giving up: under a millisecond

Tile = tuple[int, int]


def find_path(
    start: Tile,
    goal: Tile,
    passable: Callable[[int, int], bool],
    *,
    max_steps: int = MAX_STEPS,
    max_tiles: int = MAX_TILES,
) -> list[Tile] | None:
    """Return the tiles to walk on up to one next to the goal, or None when there is no such way.

    The goal itself need not be passable; a way longer than `max_steps` is none.
    """
    gx, gy = goal
    came: dict[Tile, Tile | None] = {start: None}
    cost = {start: 0}
    heap: list[tuple[int, int, Tile]] = [(_steps(start, goal), 0, start)]
    looked_at = 0
    while heap and looked_at < max_tiles:
        _, _, tile = heappop(heap)
        looked_at += 1
        x, y = tile
        if abs(x - gx) + abs(y - gy) <= 1:
            return _trace(came, tile)
        steps = cost[tile] + 1
        for near in ((x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)):
            if steps >= cost.get(near, max_steps + 1) or not passable(*near):
                continue
            total = steps + _steps(near, goal)
            if total <= max_steps:
                came[near], cost[near] = tile, steps
                # Of equally promising tiles the one farther on comes first.
                heappush(heap, (total, -steps, near))
    return None


def _steps(a: Tile, b: Tile) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _trace(came: dict[Tile, Tile | None], tile: Tile) -> list[Tile]:
    path: list[Tile] = []
    at: Tile | None = tile
    while at is not None:
        path.append(at)
        at = came[at]
    path.pop()
    path.reverse()
    return path
