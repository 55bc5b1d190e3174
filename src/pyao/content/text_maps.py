"""One map as readable text: rectangles of ground, a legend, character grids; to `MapData`.

The keys are the fields of `MapText` and the records it names. Everything is checked against the
ground while it is placed, so that nothing ends up inside a wall. Other maps and definitions are
looked at in `text_world.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Annotated, Final, NamedTuple

from msgspec import Meta, Struct

from pyao.content.maps import MAX_SOUNDS, RESTRICTIONS, ROOFS, TERRAINS
from pyao.content.report import FindingKind, Report
from pyao.content.text_files import Key, TextFile
from pyao.content.world_data import PLAIN, SIDE, TILES, AmbientSound, MapData, Place, tile_index
from pyao.rules.kinds import TileFlag, Trigger

Axis = Annotated[int, Meta(ge=1, le=SIDE)]
Count = Annotated[int, Meta(ge=1, le=10_000)]
Thing = Annotated[int, Meta(ge=1, le=32_767)]
Box = tuple[Axis, Axis, Axis, Axis]
"""West, north, east and south edge, all inside."""

MANY: Final = Meta(max_length=2_000)
"""Rectangles of a kind on one map; each may cover 10,000 tiles, so without a bound a file of a few
megabytes would take hours."""

NOTHING: Final = " ."
TILE_CHARS: Final = ".#~%lL"
"""Free ground, wall, water, blocked water, lava, blocked lava: the characters of `tiles`."""

_BLOCKED, _ROOF, _WATER, _LAVA = (int(flag) for flag in TileFlag)
TILE_FLAGS: Final = (0, _BLOCKED, _WATER, _WATER | _BLOCKED, _LAVA, _LAVA | _BLOCKED)
DIGITS: Final = NOTHING + "".join(str(int(kind)) for kind in Trigger)
"""The characters of `triggers`."""

_TILES: Final = bytes(
    TILE_FLAGS[TILE_CHARS.index(chr(code))] if chr(code) in TILE_CHARS else _BLOCKED
    for code in range(256)
)
_NUMBERS: Final = bytes(int(chr(code)) if chr(code) in "123456789" else 0 for code in range(256))
_TRIGGERS: Final = {kind.name.lower(): int(kind) for kind in Trigger}


class Strict(Struct, frozen=True, forbid_unknown_fields=True):
    """A table in which a misspelt key is a mistake."""


class Mark(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a letter of the legend puts on a tile. A blocking object is told to the client."""

    object: Thing | None = None
    amount: Count = 1
    npc: Thing | None = None
    trigger: str = ""
    exit: tuple[Thing, Axis, Axis] | None = None
    blocked: bool = False


class Grid(Strict, frozen=True, forbid_unknown_fields=True):
    """Rows of legend letters; the first stands at `at`. Blanks and dots put nothing."""

    at: tuple[Axis, Axis]
    rows: str


class Exit(Strict, frozen=True, forbid_unknown_fields=True):
    """Tiles that lead away: `to` is where the north-west one leads, the others stay beside it."""

    box: Box
    to: tuple[Thing, Axis, Axis]
    gather: bool = False  # all lead to the one tile


class Area(Strict, frozen=True, forbid_unknown_fields=True):
    """A rectangle of tiles with a trigger."""

    box: Box
    trigger: str


class Spawn(Strict, frozen=True, forbid_unknown_fields=True):
    """Creatures scattered over the free land of a rectangle, always on the same tiles.

    Where there is no land they are put in the water.
    """

    npc: Thing
    count: Annotated[int, Meta(ge=1, le=100)]
    box: Box


class Sound(Strict, frozen=True, forbid_unknown_fields=True):
    """A sound of the place, heard with so many percent every few seconds."""

    sound: Annotated[int, Meta(ge=1, le=255)]
    percent: Annotated[int, Meta(ge=0, le=100)]
    dry_only: bool = False


class MapText(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A map file. Ground is either `free` and `water` rectangles or all of `tiles`."""

    number: Thing
    name: str
    version: Annotated[int, Meta(ge=0, le=32_767)] = 1
    music: Annotated[int, Meta(ge=0, le=32_767)] = 0
    safe: bool = False
    terrain: str = "BOSQUE"
    zone: str = "CAMPO"
    restriction: str = ""
    backup: bool = False
    no_magic: bool = False
    no_invisibility: bool = False
    no_resurrection: bool = False
    no_hiding: bool = False
    no_summons: bool = False
    free_npcs: bool = False
    start_pos: tuple[Thing, Axis, Axis] | None = None
    on_death_goto: tuple[Thing, Axis, Axis] | None = None
    free: Annotated[list[Box], MANY] = []
    water: Annotated[list[Box], MANY] = []
    tiles: str = ""
    triggers: str = ""  # a digit per tile, blanks and dots for none
    area: Annotated[list[Area], MANY] = []
    exit: Annotated[list[Exit], MANY] = []
    spawn: Annotated[list[Spawn], MANY] = []
    sound: Annotated[list[Sound], Meta(max_length=MAX_SOUNDS)] = []
    objects: list[tuple[Axis, Axis, Thing, Count]] = []
    npcs: list[tuple[Axis, Axis, Thing]] = []
    legend: dict[str, Mark] = {}
    grid: list[Grid] = []


class Spot(NamedTuple):
    """Where in the file something was put on a tile: a key, and so many lines below it."""

    key: Key
    row: int = 0


class CompiledMap(NamedTuple):
    """A map, and where in the file each npc, object and exit comes from, by kind and tile.

    `drawn` is a map of all tiles, as an export writes it: it may have the oddities of its source.
    """

    data: MapData
    spots: Mapping[tuple[str, int], Spot]
    drawn: bool = False


def compile_map(
    file: TextFile,
    report: Report,
    legend: Mapping[str, Mark] | None = None,
    collision: Mapping[int, bytes] | None = None,
) -> CompiledMap | None:
    """Build the map a file describes; None when it cannot be read at all.

    `legend` are letters shared by all maps, `collision` the client's ground by map, which stands in
    for rectangles that were measured, not for tiles that somebody drew.
    Every mistake is reported.
    """
    text = file.convert(file.table, MapText, (), report)
    if text is None:
        return None
    builder = _Builder(file, report, text, legend or {})
    data = builder.build((collision or {}).get(text.number))
    return CompiledMap(data, builder.spots, drawn=bool(text.tiles))


class _Builder:
    """The tiles of one map while things are put on them."""

    def __init__(
        self, file: TextFile, report: Report, text: MapText, legend: Mapping[str, Mark]
    ) -> None:
        self.file = file
        self.report = report
        self.text = text
        self.legend = {**legend, **text.legend}
        self.flags = bytearray(TILES)
        self.triggers = bytearray(TILES)
        self.exits: dict[int, Place] = {}
        self.npcs: dict[int, int] = {}
        self.objects: dict[int, tuple[int, int]] = {}
        self.spots: dict[tuple[str, int], Spot] = {}

    def build(self, collision: bytes | None) -> MapData:
        """Put everything in its place, ground first."""
        text = self.text
        if text.tiles:
            self.fill_tiles()
        elif collision is not None:
            self.take_ground(collision)
        else:
            self.clear_ground()
        self.fill_triggers()
        for place, area in enumerate(text.area):
            self.set_trigger(self.cells(area.box, ("area", place, "box")), area, place)
        self.furnish()
        for at, kind in enumerate(self.triggers):
            if kind in ROOFS:
                self.flags[at] |= _ROOF
        return MapData(
            number=text.number,
            name=text.name,
            version=text.version,
            music=text.music,
            flags=bytes(self.flags),
            triggers=bytes(self.triggers) if any(self.triggers) else PLAIN,
            exits=self.exits,
            npcs=sorted(self.npcs.items()),
            objects=[(at, *pile) for at, pile in sorted(self.objects.items())],
            safe=text.safe,
            terrain=self.word("terrain", text.terrain, TERRAINS),
            zone=text.zone.upper(),
            restriction=self.word("restriction", text.restriction, ("", *RESTRICTIONS)),
            backup=text.backup,
            no_magic=text.no_magic,
            no_invisibility=text.no_invisibility,
            no_resurrection=text.no_resurrection,
            no_hiding=text.no_hiding,
            no_summons=text.no_summons,
            free_npcs=text.free_npcs,
            start_pos=text.start_pos,
            on_death_goto=text.on_death_goto,
            sounds=tuple(
                AmbientSound(entry.sound, entry.percent, dry_only=entry.dry_only)
                for entry in text.sound
            ),
        )

    def wrong(self, message: str, key: Key, kind: FindingKind = FindingKind.MAP) -> None:
        """Report a mistake of this file."""
        self.file.report(self.report, kind, message, key)

    def wrong_at(self, message: str, spot: Spot) -> None:
        """Report a mistake at the line of a grid, or at the key."""
        line = self.file.line(spot.key) + spot.row
        self.file.report(self.report, FindingKind.MAP, message, spot.key, line)

    def word(self, key: str, word: str, known: tuple[str, ...]) -> str:
        """Return a word the rules know, or report it."""
        if word.upper() not in known:
            self.wrong(
                f"{word!r} is none of {', '.join(filter(None, known))}", (key,), FindingKind.VALUE
            )
            return known[0]
        return word.upper()

    def cells(self, box: Box, key: Key) -> Iterator[int]:
        """Go through the tiles of a rectangle, west to east, north to south."""
        west, north, east, south = box
        if west > east or north > south:
            self.wrong(f"{list(box)} is no rectangle, expected west, north, east, south", key)
            return
        for y in range(north, south + 1):
            yield from range(tile_index(west, y), tile_index(east, y) + 1)

    # --- ground ------------------------------------------------------------------------------

    def clear_ground(self) -> None:
        """Block everything that no rectangle declares."""
        self.flags[:] = bytes([_BLOCKED]) * TILES
        for place, box in enumerate(self.text.free):
            for at in self.cells(box, ("free", place)):
                self.flags[at] = 0
        for place, box in enumerate(self.text.water):
            for at in self.cells(box, ("water", place)):
                self.flags[at] = _WATER

    def take_ground(self, collision: bytes) -> None:
        """Take ground, water and roofs from the client; a roof keeps the rain off."""
        for at, bits in enumerate(collision):
            self.flags[at] = bits & ~_ROOF
            if bits & _ROOF:
                self.triggers[at] = int(Trigger.UNDER_ROOF)

    def fill_tiles(self) -> None:
        """Take the ground of every tile from the full grid."""
        if drawn := self.full_grid(self.text.tiles, "tiles", TILE_CHARS):
            self.flags[:] = drawn.translate(_TILES)

    def fill_triggers(self) -> None:
        """Take triggers from the full grid, if there is one."""
        if self.text.triggers and (drawn := self.full_grid(self.text.triggers, "triggers", DIGITS)):
            self.triggers[:] = drawn.translate(_NUMBERS)

    def full_grid(self, rows: str, name: str, letters: str) -> bytes:
        """Return the letters of a grid of the whole map; empty when it has another size."""
        lines = rows.rstrip("\n").split("\n")
        if len(lines) != SIDE or any(len(line) != SIDE for line in lines):
            self.wrong(f"expected {SIDE} rows of {SIDE} characters", (name,))
            return b""
        drawn = "".join(lines)
        for letter in sorted(set(drawn) - set(letters)):
            row = drawn.index(letter) // SIDE + 1
            self.wrong_at(f"row {row}: {letter!r} is none of {letters!r}", Spot((name,), row))
        return drawn.encode("ascii", errors="replace")

    def set_trigger(self, cells: Iterator[int], area: Area, place: int) -> None:
        """Give a rectangle its trigger."""
        trigger = self.trigger(area.trigger, ("area", place, "trigger"))
        for at in cells:
            self.triggers[at] = trigger

    def trigger(self, name: str, key: Key) -> int:
        """Return the number of a trigger by its name."""
        if name.lower() not in _TRIGGERS:
            self.wrong(f"{name!r} is none of {', '.join(_TRIGGERS)}", key, FindingKind.VALUE)
            return 0
        return _TRIGGERS[name.lower()]

    # --- what stands on it -------------------------------------------------------------------

    def furnish(self) -> None:
        """Place grids, lists, exits and creatures, in this order."""
        for place, grid in enumerate(self.text.grid):
            for at, letter, row in self.letters(grid, place):
                spot = Spot(("grid", place, "rows"), row)
                mark = self.legend.get(letter)
                if mark is None:
                    self.wrong_at(f"letter {letter!r} is not in the legend", spot)
                else:
                    self.put(at, mark, ("legend", letter), spot)
        for place, (x, y, number, amount) in enumerate(self.text.objects):
            self.put_object(tile_index(x, y), number, amount, Spot(("objects", place)))
        for place, (x, y, number) in enumerate(self.text.npcs):
            self.put_npc(tile_index(x, y), number, Spot(("npcs", place)))
        for place, leads in enumerate(self.text.exit):
            self.put_exits(leads, ("exit", place))
        for place, spawn in enumerate(self.text.spawn):
            self.scatter(spawn, place)

    def letters(self, grid: Grid, place: int) -> Iterator[tuple[int, str, int]]:
        """Go through the letters of a grid: tile, letter and how far below the key it stands."""
        west, north = grid.at
        for row, line in enumerate(grid.rows.rstrip("\n").split("\n")):
            if north + row > SIDE or west + len(line.rstrip()) - 1 > SIDE:
                spot = Spot(("grid", place, "rows"), row + 1)
                self.wrong_at(f"row {row + 1} leaves the map", spot)
                return
            for column, letter in enumerate(line.rstrip()):
                if letter not in NOTHING:
                    yield tile_index(west + column, north + row), letter, row + 1

    def put(self, at: int, mark: Mark, legend: Key, spot: Spot) -> None:
        """Put on a tile what a letter means."""
        if mark.trigger:
            self.triggers[at] = self.trigger(mark.trigger, (*legend, "trigger"))
        if mark.object is not None:
            self.put_object(at, mark.object, mark.amount, spot)
        if mark.npc is not None:
            self.put_npc(at, mark.npc, spot)
        if mark.exit is not None:
            self.exits[at] = mark.exit
            self.spots["exit", at] = spot
        if mark.blocked:
            if self.flags[at] & _BLOCKED:
                self.wrong_at(f"{_place(at)} cannot be blocked, it is no free ground", spot)
            self.flags[at] |= _BLOCKED

    def put_object(self, at: int, number: int, amount: int, spot: Spot) -> None:
        """Lay an object on a tile that has none."""
        if at in self.objects:
            self.wrong_at(f"{_place(at)} has object {self.objects[at][0]} already", spot)
            return
        self.objects[at] = number, amount
        self.spots["object", at] = spot

    def put_npc(self, at: int, number: int, spot: Spot) -> None:
        """Stand an npc on a tile that has none."""
        if at in self.npcs:
            self.wrong_at(f"{_place(at)} has npc {self.npcs[at]} already", spot)
            return
        if self.flags[at] & _BLOCKED and not self.text.tiles:
            self.wrong_at(f"npc {number} at {_place(at)} stands on no free ground", spot)
        self.npcs[at] = number
        self.spots["npc", at] = spot

    def put_exits(self, leads: Exit, key: Key) -> None:
        """Make every tile of a rectangle an exit."""
        number, to_x, to_y = leads.to
        west, north, *_ = leads.box
        spot = Spot((*key, "to"))
        for at in self.cells(leads.box, (*key, "box")):
            x, y = to_x, to_y
            if not leads.gather:
                x += at % SIDE + 1 - west
                y += at // SIDE + 1 - north
            if x > SIDE or y > SIDE:
                self.wrong_at(f"{_place(at)} would lead to ({x},{y}), beyond the map", spot)
                return
            self.exits[at] = number, x, y
            self.spots["exit", at] = spot

    def scatter(self, spawn: Spawn, place: int) -> None:
        """Spread creatures over a rectangle, the same way at every start."""
        tiles = [
            at
            for at in self.cells(spawn.box, ("spawn", place, "box"))
            if not self.flags[at] & _BLOCKED
            and self.triggers[at] == Trigger.NONE
            and at not in self.npcs
            and at not in self.exits
        ]
        tiles = [at for at in tiles if not self.flags[at] & _WATER] or tiles
        if len(tiles) < spawn.count:
            self.wrong(
                f"{spawn.count} creatures do not fit on {len(tiles)} free tiles", ("spawn", place)
            )
            return
        dice = Random(f"{self.text.number}/{place}")
        for at in sorted(dice.sample(tiles, spawn.count)):
            self.npcs[at] = spawn.npc
            self.spots["npc", at] = Spot(("spawn", place, "npc"))


def _place(at: int) -> str:
    return f"({at % SIDE + 1},{at // SIDE + 1})"
