"""Looks at a map: as text for a terminal, as a sketch for a page.

Nothing here is needed to run a world. `map_picture.py` draws the same letters as a picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pyao.content.text_export import exit_boxes
from pyao.content.world_data import SIDE, MapData, WorldData, tile_place
from pyao.rules.kinds import TileFlag

FREE, WALL, ROOF, WATER, DEEP, LAVA, EXIT, NPC, FOE, OBJECT = ".", "#", ",", "~", "%", "l", *">@!o"
LEGEND: Final = {
    FREE: "free ground",
    WALL: "blocked",
    ROOF: "under a roof",
    WATER: "water",
    DEEP: "blocked water",
    LAVA: "lava",
    EXIT: "way out",
    NPC: "somebody",
    FOE: "a creature that attacks",
    OBJECT: "something on the ground",
}
# From where a character may stand; the rim outside says nothing.
INSIDE_X: Final = (9, 92)
INSIDE_Y: Final = (7, 94)

_BLOCKED, _ROOF, _WATER, _LAVA = (int(flag) for flag in TileFlag)


def tile_letters(world: WorldData, entry: MapData) -> str:
    """Return one letter of the legend per tile, the most telling of all that is there."""
    letters = [_ground_letter(bits) for bits in entry.flags]
    for at, *_ in entry.objects:
        letters[at] = OBJECT
    for at in entry.exits:
        letters[at] = EXIT
    for at, number in entry.npcs:
        kind = world.npcs.get(number)
        letters[at] = FOE if kind is not None and kind.hostile else NPC
    return "".join(letters)


def _ground_letter(bits: int) -> str:
    if bits & _BLOCKED:
        return DEEP if bits & _WATER else WALL
    if bits & _LAVA:
        return LAVA
    if bits & _WATER:
        return WATER
    return ROOF if bits & _ROOF else FREE


def map_as_text(world: WorldData, entry: MapData) -> str:
    """Draw a map with coordinates, and list where it leads and who and what is on it."""
    letters = tile_letters(world, entry)
    ruler = "".join(str(x // 10 % 10) if x % 10 == 0 else " " for x in range(1, SIDE + 1))
    lines = [f"map {entry.number}: {entry.name} ({'safe' if entry.safe else 'unsafe'})", ""]
    lines.append(f"    {ruler}")
    lines += [f"{y:3} {letters[(y - 1) * SIDE : y * SIDE]}" for y in range(1, SIDE + 1)]
    lines += ["", *(f"{letter} {meaning}" for letter, meaning in LEGEND.items()), ""]
    return "\n".join([*lines, *_listing(world, entry)]) + "\n"


def _listing(world: WorldData, entry: MapData) -> Iterator[str]:
    yield "ways out:"
    for west, north, east, south, (number, x, y) in exit_boxes(entry.exits):
        there = world.maps[number].name if number in world.maps else "nowhere"
        yield f"  ({west},{north})-({east},{south}) to map {number} ({x},{y}) {there}"
    yield "people and creatures:"
    places: dict[int, list[int]] = {}
    for at, number in entry.npcs:
        places.setdefault(number, []).append(at)
    for number, tiles in sorted(places.items()):
        name = world.npcs[number].name if number in world.npcs else "unknown"
        yield f"  {len(tiles)} x {number} {name} {_places(tiles)}"
    yield "objects:"
    piles = Counter(number for _, number, _ in entry.objects)
    for number, count in sorted(piles.items()):
        name = world.items[number].name if number in world.items else "unknown"
        tiles = [at for at, item, _ in entry.objects if item == number]
        yield f"  {count} x {number} {name} {_places(tiles)}"


def _places(tiles: list[int]) -> str:
    shown = " ".join("({},{})".format(*tile_place(at)) for at in tiles[:5])
    return shown if len(tiles) <= 5 else f"{shown} ..."  # noqa: PLR2004 - the five just shown


def sketch(world: WorldData, entry: MapData, wide: int = 2, high: int = 4) -> list[str]:
    """Draw the inside of a map small: each letter stands for `wide` x `high` tiles.

    A letter that tells something wins over ground, and of ground the most frequent.
    """
    letters = tile_letters(world, entry)
    rows = []
    for top in range(INSIDE_Y[0], INSIDE_Y[1] + 1, high):
        row = ""
        for left in range(INSIDE_X[0], INSIDE_X[1] + 1, wide):
            block = "".join(
                letters[(y - 1) * SIDE + left - 1 : (y - 1) * SIDE + left - 1 + wide]
                for y in range(top, min(top + high, INSIDE_Y[1] + 1))
            )
            telling = [letter for letter in (EXIT, NPC, FOE) if letter in block]
            row += telling[0] if telling else Counter(block).most_common(1)[0][0]
        rows.append(row)
    return rows
