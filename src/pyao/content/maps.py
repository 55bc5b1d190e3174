"""The map files of an AO distribution: `.map` tiles, `.inf` placements, `.dat` properties.

Bytes in, records out; any bytes at all give a record or a `ContentError`, in bounded time and
memory. Which files belong together and what they refer to is `importer.py`. Follows
ao-libre/ao-server, FileIO.bas (CargarMapa) and General.bas (HayAgua, HayLava).
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from pyao.content.ini import IniFile, IniSection, fold, parse_ini, whole
from pyao.content.report import FindingKind, Report
from pyao.content.world_data import PLAIN, TILES, AmbientSound, MapData, Place, tile_place
from pyao.errors import ContentError
from pyao.rules.kinds import TileFlag, Trigger

MAP_HEADER_BYTES: Final = 273
MAX_MAP_BYTES: Final = MAP_HEADER_BYTES + TILES * (1 + 4 * 4 + 2)
INF_HEADER_BYTES: Final = 10
MAX_INF_BYTES: Final = INF_HEADER_BYTES + TILES * (1 + 6 + 2 + 4)
MAX_SOUNDS: Final = 50

WIDTHS: Final = (2, 4)  # bytes of a graphic number: the classic world, then the Alkon world
LAYER_2, LAYER_3, LAYER_4, HAS_TRIGGER = 2, 4, 8, 16
HAS_EXIT, HAS_NPC, HAS_OBJECT = 1, 2, 4

# The client's rule. A server of 2020 takes 12439-12454 for water too, which the client walks on.
WATER_GROUND: Final = frozenset(
    chain(range(1505, 1521), range(5665, 5681), range(13547, 13563)),
)
DISPUTED_GROUND: Final = frozenset(range(12439, 12455))
LAVA_GROUND: Final = frozenset(range(5837, 5853))
# Plain integers: the operators of an IntFlag cost half a microsecond, over 3 million tiles.
_BLOCKED, _ROOF, _WATER, _LAVA = (int(flag) for flag in TileFlag)
_BLOCKED_BIT: Final = bytes(mark & _BLOCKED for mark in range(256))
_LIQUID: Final = WATER_GROUND | LAVA_GROUND
ROOFS: Final = frozenset(map(int, (Trigger.UNDER_ROOF, Trigger.HOUSE, Trigger.SAFE)))
TRIGGERS: Final = frozenset(int(kind) for kind in Trigger)

TERRAINS: Final = ("BOSQUE", "NIEVE", "DESIERTO", "CIUDAD", "CAMPO", "DUNGEON")
RESTRICTIONS: Final = ("NEWBIE", "ARMADA", "CAOS", "FACCION", "GM")
OPEN_WORDS: Final = ("", "NO", "0")

_HEADER = struct.Struct("<h255s2i")
_NUMBER = struct.Struct("<h")
_EXIT = struct.Struct("<3h")
_PAIR = struct.Struct("<2h")


@dataclass(slots=True)
class Tiles:
    """What a `.map` file says: one mark and ground graphic per tile, the rest where present."""

    version: int
    description: str  # by whom it was made, mostly
    crc: int  # never checked by anybody, as is the magic number
    magic: int
    width: int  # bytes of a graphic number in this file
    marks: bytes  # the flag byte of each record
    ground: array[int]
    layers: tuple[dict[int, int], dict[int, int], dict[int, int]]  # layers 2, 3 and 4
    triggers: dict[int, int]  # as the file has them, unknown numbers too

    def flags(self) -> bytes:
        """Work out the TileFlag bits; the first three are the client's own collision byte."""
        bits = bytearray(self.marks.translate(_BLOCKED_BIT))
        decoration = self.layers[0]
        liquid = _LIQUID & set(self.ground)
        for at, graphic in enumerate(self.ground) if liquid else ():
            if graphic in liquid:
                if graphic in LAVA_GROUND:
                    bits[at] |= _LAVA
                elif not decoration.get(at):
                    bits[at] |= _WATER
        for at, trigger in self.triggers.items():
            if trigger in ROOFS:
                bits[at] |= _ROOF
        return bytes(bits)

    def disputed_water(self) -> list[int]:
        """List the tiles that ao-libre's server takes for water and the client for land."""
        if DISPUTED_GROUND.isdisjoint(self.ground):
            return []
        decoration = self.layers[0]
        return [
            at
            for at, graphic in enumerate(self.ground)
            if graphic in DISPUTED_GROUND and not decoration.get(at)
        ]

    def trigger_layer(self) -> bytes:
        """Return one trigger number per tile; numbers no rule knows become 0."""
        known = {at: kind for at, kind in self.triggers.items() if kind in TRIGGERS and kind}
        if not known:
            return PLAIN
        layer = bytearray(TILES)
        for at, kind in known.items():
            layer[at] = kind
        return bytes(layer)


@dataclass(slots=True)
class Placements:
    """What an `.inf` file puts on tiles, as the file has it and in tile order."""

    exits: dict[int, Place] = field(default_factory=dict)
    npcs: list[tuple[int, int]] = field(default_factory=list)
    objects: list[tuple[int, int, int]] = field(default_factory=list)


def read_tiles(data: bytes, name: str) -> Tiles:
    """Read a `.map` file, finding out by itself how wide its graphic numbers are."""
    failures: list[str] = []
    for width in WIDTHS:
        shortest = MAP_HEADER_BYTES + TILES * (1 + width)
        if len(data) < shortest:
            failures.append(
                f"cut short: a map with {8 * width}-bit graphics has at least {shortest} bytes, "
                f"this file ends at offset {len(data)}"
            )
            break  # the wider layout needs more still
        try:
            return _tiles_of_width(data, width)
        except ContentError as error:
            failures.append(f"as {8 * width}-bit graphics: {error.reason}")
    raise ContentError("; ".join(failures), file=name)


def _tiles_of_width(data: bytes, width: int) -> Tiles:
    offsets = _offsets(data, MAP_HEADER_BYTES, _map_record_sizes(width))
    graphic = struct.Struct("<h" if width == WIDTHS[0] else "<i").unpack_from
    marks = bytes([data[offset] for offset in offsets])
    ground = array("i", [graphic(data, offset + 1)[0] for offset in offsets])
    layers: tuple[dict[int, int], dict[int, int], dict[int, int]] = ({}, {}, {})
    triggers: dict[int, int] = {}
    for at, mark in enumerate(marks):
        if mark <= _BLOCKED:
            continue
        offset = offsets[at] + 1 + width
        for layer, bit in zip(layers, (LAYER_2, LAYER_3, LAYER_4), strict=True):
            if mark & bit:
                layer[at] = graphic(data, offset)[0]
                offset += width
        if mark & HAS_TRIGGER:
            triggers[at] = _NUMBER.unpack_from(data, offset)[0]
    version, description, crc, magic = _HEADER.unpack_from(data)
    return Tiles(
        version=version,
        description=_plain(description),
        crc=crc,
        magic=magic,
        width=width,
        marks=marks,
        ground=ground,
        layers=layers,
        triggers=triggers,
    )


def _plain(text: bytes) -> str:
    """Return the description of a header without its padding and whatever cannot be shown."""
    decoded = text.partition(b"\0")[0].decode("cp1252", errors="replace").rstrip()
    return "".join(char if char.isprintable() else "\ufffd" for char in decoded)


def read_placements(data: bytes, name: str) -> Placements:
    """Read an `.inf` file: exits, npcs and objects. Numbers of 0 and below mean none."""
    shortest = INF_HEADER_BYTES + TILES
    if len(data) < shortest:
        raise ContentError(
            f"cut short: an .inf file has at least {shortest} bytes, this one ends at offset "
            f"{len(data)}",
            file=name,
        )
    try:
        offsets = _offsets(data, INF_HEADER_BYTES, _INF_RECORD_SIZES)
    except ContentError as error:
        raise ContentError(error.reason, file=name) from error
    found = Placements()
    for at, offset in enumerate(offsets):
        if data[offset]:
            _place_record(found, at, data, offset)
    return found


def _place_record(found: Placements, at: int, data: bytes, offset: int) -> None:
    mark = data[offset]
    offset += 1
    if mark & HAS_EXIT:
        leads_to = _EXIT.unpack_from(data, offset)
        if leads_to[0] > 0:
            found.exits[at] = leads_to
        offset += _EXIT.size
    if mark & HAS_NPC:
        (number,) = _NUMBER.unpack_from(data, offset)
        if number > 0:
            found.npcs.append((at, number))
        offset += _NUMBER.size
    if mark & HAS_OBJECT:
        number, amount = _PAIR.unpack_from(data, offset)
        if number > 0:
            found.objects.append((at, number, max(amount, 1)))


def _map_record_sizes(width: int) -> tuple[int, ...]:
    """Return how long a record is by its flag byte, 0 for bytes that cannot be."""
    layers = LAYER_2 | LAYER_3 | LAYER_4
    return tuple(
        1 + width + width * (mark & layers).bit_count() + 2 * bool(mark & HAS_TRIGGER)
        if mark < 2 * HAS_TRIGGER
        else 0
        for mark in range(256)
    )


_INF_RECORD_SIZES: Final = tuple(
    1 + 6 * bool(mark & HAS_EXIT) + 2 * bool(mark & HAS_NPC) + 4 * bool(mark & HAS_OBJECT)
    if mark < 2 * HAS_OBJECT
    else 0
    for mark in range(256)
)


def _offsets(data: bytes, start: int, sizes: tuple[int, ...]) -> list[int]:
    """Return where each of the 10,000 records starts; the last one must end with the file."""
    end = len(data)
    offset = start
    offsets: list[int] = []
    for _ in range(TILES):
        if offset >= end:
            break
        size = sizes[data[offset]]
        if not size:
            raise ContentError(
                f"offset {offset}, {_tile_name(len(offsets))}: flag byte {data[offset]} has bits "
                "that are never set"
            )
        offsets.append(offset)
        offset += size
    if len(offsets) < TILES or offset > end:
        last = len(offsets) if len(offsets) < TILES else TILES - 1
        raise ContentError(
            f"cut short: {_tile_name(last)} needs bytes up to offset {max(offset, end + 1)}, the "
            f"file has {end}"
        )
    if offset < end:
        raise ContentError(f"expected the end at offset {offset}, {end - offset} bytes follow")
    return offsets


def _tile_name(at: int) -> str:
    x, y = tile_place(at)
    return f"tile ({x},{y})"


def read_properties(data: bytes, number: int, name: str, report: Report) -> MapData:
    """Read a map's `.dat` file into a map without tiles. Sections of other maps are leftovers."""
    ini = parse_ini(data, name)
    section = ini.section(f"MAPA{number}")
    if not section.entries:
        report.add(FindingKind.MAP, f"has no section [Mapa{number}]: default properties", file=name)
    zone = fold(section.text("ZONA")) or "CAMPO"
    return MapData(
        number=number,
        name=section.text("NAME")[:100],
        music=_bounded(section.number("MUSICNUM") or section.number("MUSICNUMMP3")),
        safe=section.number("PK") != 0,
        terrain=_word(section, "TERRENO", TERRAINS, "BOSQUE", ini, report),
        zone=zone[:20],
        restriction=_restriction(section, ini, report),
        backup=section.number("BACKUP") != 0,
        no_magic=section.number("MAGIASINEFECTO") != 0,
        no_invisibility=section.number("INVISINEFECTO") != 0,
        no_resurrection=section.number("RESUSINEFECTO") != 0,
        no_hiding=section.number("OCULTARSINEFECTO") != 0,
        no_summons=section.number("INVOCARSINEFECTO") != 0,
        free_npcs=section.number("ROBONPCSPERMITIDO") != 0,
        start_pos=_place(section, "STARTPOS", ini, report),
        on_death_goto=_place(section, "ONDEATHGOTO", ini, report),
        sounds=_sounds(ini),
    )


def _bounded(number: int) -> int:
    return number if 0 <= number <= 32_767 else 0  # noqa: PLR2004 - 16 bit on the wire


def _word(
    section: IniSection,
    key: str,
    known: tuple[str, ...],
    default: str,
    ini: IniFile,
    report: Report,
) -> str:
    word = fold(section.text(key))
    if word in known:
        return word
    if word:
        report.add(
            FindingKind.VALUE,
            f"{word!r} is none of {', '.join(known)}; {default or 'nothing'} used",
            file=ini.name,
            line=section.line_of(key),
            key=key,
        )
    return default


def _restriction(section: IniSection, ini: IniFile, report: Report) -> str:
    if fold(section.text("RESTRINGIR")) in OPEN_WORDS:
        return ""
    return _word(section, "RESTRINGIR", RESTRICTIONS, "", ini, report)


def _place(section: IniSection, key: str, ini: IniFile, report: Report) -> Place | None:
    text = section.text(key)
    if not text:
        return None
    number, x, y, *_ = [*map(whole, text.split("-")[:3]), 0, 0]
    if is_place((number, x, y)):
        return number, x, y
    report.add(
        FindingKind.VALUE,
        f"{text!r} is no place, expected map-x-y",
        file=ini.name,
        line=section.line_of(key),
        key=key,
    )
    return None


def is_place(place: Place) -> bool:
    """Return whether map and coordinates can exist at all."""
    number, x, y = place
    return 0 < number <= 32_767 and 1 <= x <= 100 and 1 <= y <= 100  # noqa: PLR2004 - map side


def _sounds(ini: IniFile) -> tuple[AmbientSound, ...]:
    count = min(ini.section("SONIDOS").number("CANTIDAD"), MAX_SOUNDS)
    found = (ini.section(f"SONIDO{n}") for n in range(1, count + 1))
    return tuple(
        AmbientSound(
            sound=sound,
            percent=min(max(section.number("PROBABILIDAD"), 0), 100),
            dry_only=section.number("FLAGS") != 0,
        )
        for section in found
        if 0 < (sound := section.number("SONIDO")) <= 255  # noqa: PLR2004 - a byte on the wire
    )
