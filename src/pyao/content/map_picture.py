"""Draws a map as a PNG: every tile in the colour of its letter, coordinates at the rim, a legend.

The only module that needs Pillow, which comes with the extra `images`; nothing that runs a world
imports it.
"""

from __future__ import annotations

from io import BytesIO
from types import MappingProxyType
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from pyao.content.map_view import (
    DEEP,
    EXIT,
    FOE,
    FREE,
    LAVA,
    LEGEND,
    NPC,
    OBJECT,
    ROOF,
    WALL,
    WATER,
    tile_letters,
)
from pyao.content.world_data import SIDE, MapData, WorldData

COLOURS: Final = MappingProxyType(
    {
        FREE: (0xD8, 0xD2, 0xB8),
        WALL: (0x3A, 0x36, 0x32),
        ROOF: (0xB4, 0x9A, 0x78),
        WATER: (0x6F, 0xA8, 0xDC),
        DEEP: (0x2E, 0x5C, 0x8A),
        LAVA: (0xE0, 0x60, 0x20),
        EXIT: (0xF2, 0xD0, 0x2C),
        NPC: (0x2C, 0x8C, 0x3C),
        FOE: (0xC0, 0x20, 0x30),
        OBJECT: (0x8C, 0x4C, 0xB4),
    }
)
MAX_SCALE: Final = 32
RULED: Final = 10
"""A line and a coordinate every so many tiles."""

_PAPER: Final = (0xF8, 0xF6, 0xEE)
_INK: Final = (0x22, 0x22, 0x22)
_LINE_STRENGTH: Final = 0.25
_TITLE_PIXELS, _RIM_PIXELS, _LEGEND_PIXELS = 28, 34, 190
_LEAST_HEIGHT: Final = 320  # what the legend needs


def map_as_png(world: WorldData, entry: MapData, scale: int = 8) -> bytes:
    """Draw a map with `scale` pixels per tile, 1 to 32, and return the PNG."""
    if not 1 <= scale <= MAX_SCALE:
        msg = f"scale {scale}, expected 1 to {MAX_SCALE}"
        raise ValueError(msg)
    tiles = _ruled(_tiles(world, entry, scale), scale)
    height = max(_TITLE_PIXELS + tiles.height + _RIM_PIXELS, _LEAST_HEIGHT)
    page = Image.new("RGB", (_RIM_PIXELS + tiles.width + _LEGEND_PIXELS, height), _PAPER)
    page.paste(tiles, (_RIM_PIXELS, _TITLE_PIXELS))
    _label(page, entry, scale)
    file = BytesIO()
    page.save(file, "PNG", optimize=True)
    return file.getvalue()


def _tiles(world: WorldData, entry: MapData, scale: int) -> Image.Image:
    colours = b"".join(bytes(COLOURS[letter]) for letter in tile_letters(world, entry))
    small = Image.frombytes("RGB", (SIDE, SIDE), colours)
    return small.resize((SIDE * scale, SIDE * scale), Image.Resampling.NEAREST)


def _ruled(tiles: Image.Image, scale: int) -> Image.Image:
    """Lay faint lines over the tiles, before x and y of 10, 20...: what is below stays visible."""
    lines = tiles.copy()
    draw = ImageDraw.Draw(lines)
    for tile in range(RULED - 1, SIDE, RULED):
        at = tile * scale
        draw.line((at, 0, at, tiles.height), fill=_INK)
        draw.line((0, at, tiles.width, at), fill=_INK)
    return Image.blend(tiles, lines, _LINE_STRENGTH)


def _label(page: Image.Image, entry: MapData, scale: int) -> None:
    """Write the name above, the coordinates west and south, the legend east."""
    draw = ImageDraw.Draw(page)
    font, large = ImageFont.load_default(12), ImageFont.load_default(16)
    kind = "safe" if entry.safe else "unsafe"
    title = f"{entry.number} {entry.name} ({kind})"
    draw.text((_RIM_PIXELS, 4), title, fill=_INK, font=large)
    south = _TITLE_PIXELS + SIDE * scale
    for tile in range(RULED, SIDE + 1, RULED):
        middle = (tile - 1) * scale + scale // 2
        draw.text(
            (_RIM_PIXELS - 6, _TITLE_PIXELS + middle), str(tile), fill=_INK, font=font, anchor="rm"
        )
        draw.text((_RIM_PIXELS + middle, south + 6), str(tile), fill=_INK, font=font, anchor="mt")
    east = _RIM_PIXELS + SIDE * scale + 12
    for row, (letter, meaning) in enumerate(LEGEND.items()):
        top = _TITLE_PIXELS + 24 * row
        draw.rectangle((east, top, east + 16, top + 16), fill=COLOURS[letter], outline=_INK)
        draw.text((east + 24, top + 8), meaning, fill=_INK, font=font, anchor="lm")
