"""A folder of map files as one set: which belong together, what they hold, what they refer to.

File names are matched whatever their case. What cannot be resolved is dropped and reported; only a
map whose tiles cannot be decoded stops the reading.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pyao.content.fields import MAX_NUMBER
from pyao.content.ini import read_bytes
from pyao.content.maps import (
    MAX_INF_BYTES,
    MAX_MAP_BYTES,
    Placements,
    Tiles,
    is_place,
    read_placements,
    read_properties,
    read_tiles,
)
from pyao.content.report import FindingKind, Report
from pyao.content.world_data import MapData, WorldData, tile_index, tile_place
from pyao.errors import ContentError
from pyao.rules.kinds import TileFlag

MAX_MAPS: Final = 2_000
"""More than any world has; each costs 20 KB of memory."""

MAX_PLACED: Final = 500_000
"""Exits, npcs and objects of a whole world; the known ones have 80,000, each costs 100 bytes."""

_MAP_FILE: Final = re.compile(r"mapa0*([1-9]\d{0,5})\.(map|inf|dat)")
_BLOCKED, _, _WATER, _LAVA = (int(flag) for flag in TileFlag)

Progress = Callable[[str, int, int], None]
"""Told what is done now, how much of it is done and how much there is."""


MapPart = Literal["tiles", "placements", "properties"]


class MapFiles(NamedTuple):
    """The files of one map."""

    tiles: Path
    placements: Path | None
    properties: Path | None


@dataclass(slots=True)
class MapFigures:
    """What one map holds, for the written report."""

    number: int
    name: str
    size_bytes: int  # of the .map file
    sha256: str  # of the same
    width_bits: int
    description: str
    crc: int
    magic: int
    blocked: int
    void: int  # tiles without any ground
    water: int
    water_blocked: int
    disputed_water: int  # for ao-libre's server water, for the client land
    disputed_water_blocked: int
    lava: int
    layers: tuple[int, int, int]  # entries of layers 2, 3 and 4
    triggers: dict[int, int]  # by kind, as the file has them
    exits: int
    exit_targets: dict[int, int]
    exits_on_blocked: int
    npcs: dict[int, int]
    npcs_on_blocked: int
    objects: dict[int, int]
    object_amount: int
    sounds: int
    exits_onto_blocked: int = 0
    differs_from_client: int | None = None  # tiles; None when there was nothing to compare with


@dataclass(slots=True)
class MapSet:
    """All maps of a folder."""

    maps: dict[int, MapData] = field(default_factory=dict)
    figures: dict[int, MapFigures] = field(default_factory=dict)
    files: Mapping[int, MapFiles] = field(default_factory=dict)

    def name_of(self, number: int, kind: MapPart = "tiles") -> str:
        """Return what findings call a file of a map, or its tiles where it has no such file."""
        path = getattr(self.files[number], kind) or self.files[number].tiles
        return f"{path.name}"


def find_maps(folder: Path, report: Report, tiles_from: Path | None = None) -> dict[int, MapFiles]:
    """List the maps of a folder by number; `tiles_from` has the `.map` files that it lacks."""
    found = _listed(folder, report)
    tiles = {number: files["map"] for number, files in found.items() if "map" in files}
    if tiles_from is not None:
        for number, files in _listed(tiles_from, report).items():
            if "map" in files and (number in found or folder == tiles_from):
                tiles.setdefault(number, files["map"])
    for number in sorted(found.keys() - tiles.keys()):
        report.add(FindingKind.FILE, f"map {number} has no .map file; not read", file=str(folder))
    if not tiles:
        raise ContentError("has no mapN.map files; expected a folder of maps", file=folder)
    if len(tiles) > MAX_MAPS:
        raise ContentError(f"has {len(tiles)} maps, more than {MAX_MAPS}", file=folder)
    return {
        number: MapFiles(path, found.get(number, {}).get("inf"), found.get(number, {}).get("dat"))
        for number, path in sorted(tiles.items())
    }


def holds_maps(folder: Path) -> bool:
    """Return whether a folder has map files at all."""
    return any("map" in files for files in _listed(folder, Report()).values())


def _listed(folder: Path, report: Report) -> dict[int, dict[str, Path]]:
    try:
        root = folder.resolve(strict=True)
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", file=folder) from error
    found: dict[int, dict[str, Path]] = {}
    for path in paths:
        name = _MAP_FILE.fullmatch(path.name.lower())
        if name is None or not path.is_file():
            continue
        number, kind = int(name[1]), name[2]
        if number > MAX_NUMBER:
            report.add(FindingKind.FILE, f"map number beyond {MAX_NUMBER}", file=path.name)
        elif not path.resolve().is_relative_to(root):
            report.add(FindingKind.FILE, "leads out of the folder; not read", file=path.name)
        elif kind in found.setdefault(number, {}):
            message = f"is map {number} again, {found[number][kind].name} counts"
            report.add(FindingKind.FILE, message, file=path.name)
        else:
            found[number][kind] = path
    return found


def read_map_set(
    files: Mapping[int, MapFiles], report: Report, progress: Progress, *, mixed: bool = False
) -> MapSet:
    """Read all these maps. Two graphic widths in one set are refused unless `mixed` allows them.

    A missing `.inf` or `.dat` is reported, unless there is none at all, as in the client's folder.
    """
    found = MapSet(files=files)
    widths: dict[int, str] = {}
    placed = 0
    tiles_only = not any(paths.placements or paths.properties for paths in files.values())
    if tiles_only:
        report.add(
            FindingKind.FILE,
            "has no .inf and .dat files, as the client's maps: they have no names, exits, npcs and "
            "objects, and nobody leaves a map on foot",
            file=str(next(iter(files.values())).tiles.parent),
        )
    for done, (number, paths) in enumerate(files.items()):
        progress("maps", done, len(files))
        data = read_bytes(paths.tiles, MAX_MAP_BYTES)
        tiles = read_tiles(data, paths.tiles.name)
        widths.setdefault(tiles.width, paths.tiles.name)
        if len(widths) > 1 and not mixed:
            raise ContentError(
                "maps of two worlds: "
                + ", ".join(f"{name} has {8 * width}-bit" for width, name in widths.items())
                + " graphics; import one world, or force the mixture",
                file=paths.tiles.parent,
            )
        entry = _read_one(number, paths, tiles, Report() if tiles_only else report)
        placed += len(entry.exits) + len(entry.npcs) + len(entry.objects)
        if placed > MAX_PLACED:
            message = f"the maps up to this one hold more than {MAX_PLACED} exits, npcs and objects"
            raise ContentError(message, file=paths.placements)
        found.maps[number] = entry
        found.figures[number] = _figures(entry, tiles, data)
    progress("maps", len(files), len(files))
    return found


def _read_one(number: int, paths: MapFiles, tiles: Tiles, report: Report) -> MapData:
    name = paths.tiles.name
    if paths.properties is None:
        report.add(FindingKind.FILE, "has no .dat file: default properties", file=name)
        entry = MapData(number=number)
    else:
        data = read_bytes(paths.properties)
        entry = read_properties(data, number, paths.properties.name, report)
    placed = Placements()
    if paths.placements is None:
        report.add(FindingKind.FILE, "has no .inf file: no exits, npcs, objects", file=name)
    else:
        data = read_bytes(paths.placements, MAX_INF_BYTES)
        placed = read_placements(data, paths.placements.name)
    entry.version = max(tiles.version, 0)
    entry.flags, entry.triggers = tiles.flags(), tiles.trigger_layer()
    entry.exits, entry.npcs, entry.objects = placed.exits, placed.npcs, placed.objects
    return entry


def _figures(entry: MapData, tiles: Tiles, data: bytes) -> MapFigures:
    flags = entry.flags
    exits = entry.exits
    disputed = tiles.disputed_water()
    return MapFigures(
        number=entry.number,
        name=entry.name,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        width_bits=8 * tiles.width,
        description=tiles.description,
        crc=tiles.crc,
        magic=tiles.magic,
        blocked=_count(flags, _BLOCKED),
        void=tiles.ground.count(0),
        water=_count(flags, _WATER),
        water_blocked=_count(flags, _WATER | _BLOCKED),
        disputed_water=len(disputed),
        disputed_water_blocked=sum(flags[at] & _BLOCKED for at in disputed),
        lava=_count(flags, _LAVA),
        layers=(len(tiles.layers[0]), len(tiles.layers[1]), len(tiles.layers[2])),
        triggers=dict(Counter(tiles.triggers.values())),
        exits=len(exits),
        exit_targets=dict(Counter(leads_to[0] for leads_to in exits.values())),
        exits_on_blocked=sum(flags[at] & _BLOCKED for at in exits),
        npcs=dict(Counter(number for _, number in entry.npcs)),
        npcs_on_blocked=sum(flags[at] & _BLOCKED for at, _ in entry.npcs),
        objects=dict(Counter(number for _, number, _ in entry.objects)),
        object_amount=sum(amount for *_, amount in entry.objects),
        sounds=len(entry.sounds),
    )


def _count(flags: bytes, wanted: int) -> int:
    """Count the tiles that have all these bits."""
    counts = Counter(flags)
    return sum(count for bits, count in counts.items() if bits & wanted == wanted)


def resolve_references(
    world: WorldData, found: MapSet, report: Report, *, definitions: bool
) -> None:
    """Drop and report what leads nowhere. Npcs and items are only looked up with `definitions`."""
    for number, entry in found.maps.items():
        file = found.name_of(number, "placements")
        exits = dict(entry.exits)
        for at, leads_to in entry.exits.items():
            if leads_to[0] in found.maps and is_place(leads_to):
                target = found.maps[leads_to[0]]
                blocked = target.flags[tile_index(leads_to[1], leads_to[2])] & _BLOCKED
                found.figures[number].exits_onto_blocked += blocked
            else:
                del exits[at]
                message = f"the exit leads to {leads_to}, no such place"
                report.add(FindingKind.REFERENCE, message, file=file, key=f"{tile_place(at)}")
        entry.exits = exits
        if definitions:
            _drop_undefined(world, entry, report, file)


def _drop_undefined(world: WorldData, entry: MapData, report: Report, file: str) -> None:
    for at, npc in entry.npcs:
        if npc not in world.npcs:
            message = f"npc {npc} is not defined"
            report.add(FindingKind.REFERENCE, message, file=file, key=f"{tile_place(at)}")
    for at, item, _ in entry.objects:
        if item not in world.items:
            message = f"object {item} is not defined"
            report.add(FindingKind.REFERENCE, message, file=file, key=f"{tile_place(at)}")
    entry.npcs = [placed for placed in entry.npcs if placed[1] in world.npcs]
    entry.objects = [placed for placed in entry.objects if placed[1] in world.items]
