from __future__ import annotations

import pytest

from pyao.content.items import Item
from pyao.content.map_view import (
    LEGEND,
    map_as_text,
    sketch,
    tile_letters,
)
from pyao.content.npcs import NpcKind
from pyao.content.world_data import TILES, MapData, WorldData, tile_index


@pytest.fixture
def world() -> WorldData:
    flags = bytearray(TILES)
    for x, bits in enumerate((1, 2, 4, 5, 8), start=10):
        flags[tile_index(x, 20)] = bits
    entry = MapData(
        number=3,
        name="Prado",
        flags=bytes(flags),
        exits={tile_index(30, 30): (3, 40, 40)},
        npcs=[(tile_index(31, 30), 1), (tile_index(32, 30), 500), (tile_index(33, 30), 9)],
        objects=[(tile_index(34, 30), 12, 5), (tile_index(30, 30), 12, 1)],
        safe=True,
    )
    return WorldData(
        name="x",
        maps={3: entry},
        items={12: Item(number=12, name="Oro")},
        npcs={
            1: NpcKind(number=1, name="Vecino"),
            500: NpcKind(number=500, name="Rata", hostile=True),
        },
    )


def test_a_tile_shows_the_most_telling_of_what_is_there(world: WorldData) -> None:
    letters = tile_letters(world, world.maps[3])
    assert letters[tile_index(10, 20) : tile_index(16, 20)] == "#,~%l."
    assert letters[tile_index(30, 30) : tile_index(36, 30)] == ">@!@o."
    assert set(letters) <= set(LEGEND)


def test_a_map_as_text_has_coordinates_and_lists(world: WorldData) -> None:
    text = map_as_text(world, world.maps[3])
    lines = text.splitlines()
    assert lines[0] == "map 3: Prado (safe)"
    assert lines[2].index("1") == 4 + 9
    assert lines[3 + 19].startswith(" 20 .........#,~%l.")
    assert "  (30,30)-(30,30) to map 3 (40,40) Prado" in lines
    assert "  1 x 500 Rata (32,30)" in lines
    assert "  1 x 9 unknown (33,30)" in lines
    assert "  2 x 12 Oro (34,30) (30,30)" in lines


def test_many_of_a_kind_are_not_all_listed(world: WorldData) -> None:
    entry = world.maps[3]
    entry.npcs = [(at, 500) for at in range(20)]
    assert "  20 x 500 Rata (1,1) (2,1) (3,1) (4,1) (5,1) ...\n" in map_as_text(world, entry)


def test_a_sketch_prefers_what_tells_something(world: WorldData) -> None:
    rows = sketch(world, world.maps[3])
    assert len(rows) == 22
    assert all(len(row) == 42 for row in rows)
    assert rows[5][9:13] == ".>@@", "the exit, then somebody before the creature"
    assert rows[0] == "." * 42
