"""The trip home of the dead: how far, how long, and what keeps one from it.

Follows ao-libre/ao-server, General.bas (goHome) and ModFile's distances of cities.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import Enum

from pyao.rules.kinds import Heading
from pyao.rules.options import JourneyTime
from pyao.rules.person import Person

STEP_SECONDS = 30
LEVEL_FROM = 25
LEVEL_FACTOR = 1.5
DUNGEON_EXTRA = 5
UNKNOWN = -1
DISTANCE_MAX = 255  # one byte on the wire
SECONDS_MAX = 32_767  # two, signed


class JourneyProblem(Enum):
    """Why nobody travels; the value is the key of the text told."""

    ALIVE = "map.journey_alive"
    HERE = "map.journey_here"
    REFUSED = "map.journey_refused"


def journey_seconds(distance: int, level: int, mode: JourneyTime = "0.13.0") -> int:
    """Return (d + 1) * 30, or by level rhe((d + 1) * max(level - 25, 0) * 1.5)."""
    if mode == "level":
        seconds = round((distance + 1) * max(level - LEVEL_FROM, 0) * LEVEL_FACTOR)
    else:
        seconds = (distance + 1) * STEP_SECONDS
    return min(seconds, SECONDS_MAX)


def check_journey(
    who: Person, distance: int, *, at_home: bool, restricted: bool
) -> JourneyProblem | None:
    """Return why a trip cannot begin, or None."""
    checks = (
        (JourneyProblem.ALIVE, not who.dead),
        (JourneyProblem.HERE, at_home),
        (JourneyProblem.REFUSED, restricted or who.jail_minutes > 0),
        (JourneyProblem.REFUSED, not 0 <= distance <= DISTANCE_MAX),
    )
    return next((problem for problem, applies in checks if applies), None)


def map_distances(home: int, borders: Mapping[int, Mapping[Heading, int]]) -> dict[int, int]:
    """Return how far each map of the surface lies from a home: |dx| + |dy| on the world grid.

    `borders` gives for each map the one beyond each edge. Maps no edge leads to are missing.
    """
    steps = {
        Heading.NORTH: (0, -1),
        Heading.EAST: (1, 0),
        Heading.SOUTH: (0, 1),
        Heading.WEST: (-1, 0),
    }
    places = {home: (0, 0)}
    queue = deque([home])
    while queue:
        number = queue.popleft()
        x, y = places[number]
        for heading, beyond in borders.get(number, {}).items():
            if beyond not in places:
                dx, dy = steps[heading]
                places[beyond] = (x + dx, y + dy)
                queue.append(beyond)
    return {number: abs(x) + abs(y) for number, (x, y) in places.items()}


def distance_home(distances: Mapping[int, int], number: int, last_surface: int) -> int:
    """Return the distance from a map; from a dungeon that of the last map of the surface + 5."""
    if number in distances:
        return distances[number]
    surface = distances.get(last_surface, UNKNOWN)
    return surface if surface == UNKNOWN else surface + DUNGEON_EXTRA
