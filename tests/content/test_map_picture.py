"""The picture of a map: every tile in its colour, and what a reader needs around it."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from pyao.content.items import Item
from pyao.content.map_picture import COLOURS, RULED, map_as_png
from pyao.content.map_view import LEGEND, tile_letters
from pyao.content.npcs import NpcKind
from pyao.content.world_data import SIDE, TILES, MapData, WorldData, tile_index


@pytest.fixture
def world() -> WorldData:
    flags = bytearray(TILES)
    for x, bits in enumerate((1, 2, 4, 5, 8), start=12):
        flags[tile_index(x, 22)] = bits
    entry = MapData(
        number=3,
        name="Prado",
        flags=bytes(flags),
        exits={tile_index(32, 32): (3, 40, 40)},
        npcs=[(tile_index(33, 32), 1), (tile_index(34, 32), 500)],
        objects=[(tile_index(35, 32), 12, 5)],
    )
    return WorldData(
        name="x",
        maps={3: entry},
        items={12: Item(number=12, name="Oro")},
        npcs={1: NpcKind(number=1), 500: NpcKind(number=500, hostile=True)},
    )


def picture(world: WorldData, scale: int) -> Image.Image:
    return Image.open(BytesIO(map_as_png(world, world.maps[3], scale))).convert("RGB")


def corner(image: Image.Image, scale: int) -> tuple[int, int]:
    """Find where the tiles start: their first run of free ground is as wide as nothing else."""
    free = COLOURS["."]
    for y in range(image.height):
        for x in range(image.width - scale):
            if image.getpixel((x, y)) == free and image.getpixel((x + scale, y)) == free:
                return x, y
    raise AssertionError("no tiles in the picture")


@pytest.mark.parametrize("scale", [1, 3, 8])
def test_a_picture_holds_every_tile_in_its_colour(world: WorldData, scale: int) -> None:
    image = picture(world, scale)
    west, north = corner(image, scale)
    letters = tile_letters(world, world.maps[3])
    assert set(letters) == set(LEGEND)
    for at, letter in enumerate(letters):
        row, column = divmod(at, SIDE)
        if scale == 1 and RULED - 1 in {row % RULED, column % RULED}:
            continue  # a line lies over the whole tile
        inside = scale - 1  # lines are drawn over the first pixel of a tile
        pixel = image.getpixel((west + column * scale + inside, north + row * scale + inside))
        assert pixel == COLOURS[letter], (column + 1, row + 1)


def test_the_legend_shows_every_colour_beside_the_tiles(world: WorldData) -> None:
    world.maps[3] = MapData(number=3)
    image = picture(world, 2)
    beside = image.crop((corner(image, 2)[0] + 2 * SIDE, 0, image.width, image.height))
    shown = {colour for _, colour in beside.getcolors(beside.width * beside.height) or []}
    assert set(COLOURS.values()) <= shown


def test_every_letter_has_a_colour_of_its_own() -> None:
    assert COLOURS.keys() == LEGEND.keys()
    assert len(set(COLOURS.values())) == len(COLOURS)


@pytest.mark.parametrize("scale", [0, 33])
def test_a_picture_of_no_sensible_size_is_refused(world: WorldData, scale: int) -> None:
    with pytest.raises(ValueError, match=f"scale {scale}, expected 1 to 32"):
        map_as_png(world, world.maps[3], scale)
