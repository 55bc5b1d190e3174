"""Turns a distribution that an operator owns into the compiled world of the data folder.

Everything is read and checked first; one file is written at the end or none. Nothing here prints:
`progress` is told what goes on, the `ImportReport` what came of it. The operator's files are never
written to.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from pyao.content.client_limits import (
    ClientLimits,
    fit_sounds,
    known_client,
    read_client_limits,
)
from pyao.content.collision import differing_tiles, find_client, read_ground, save_collision
from pyao.content.dat_import import DatContent, FileFigures, find_dat, import_dat
from pyao.content.ini import read_bytes
from pyao.content.map_folder import (
    MapFigures,
    MapFiles,
    MapSet,
    Progress,
    find_maps,
    holds_maps,
    read_map_set,
    resolve_references,
)
from pyao.content.maps import MAX_MAP_BYTES, read_tiles
from pyao.content.report import FindingKind, Report
from pyao.content.sealed import write_whole
from pyao.content.starter import COLLISION_FILE, load_starter
from pyao.content.world_data import City, WorldData, tile_place
from pyao.content.world_file import WORLD_FILE, save_world
from pyao.errors import ContentError
from pyao.rules.kinds import TileFlag

REPORT_FORMAT: Final = 1
HOMES: Final = 6
MAX_DIFFERENT_MAPS: Final = 5
"""More maps than this that disagree with the client are another world than the client's."""

_CLOSED = int(TileFlag.BLOCKED | TileFlag.WATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What to import. `dat` is a Dat folder or a distribution; without `maps` its Map.dat is asked.

    `strict` refuses a world with any finding; `force` accepts one that the client does not share
    and maps of two graphic widths.
    """

    data_dir: Path
    maps: Path | None = None
    dat: Path | None = None
    client_assets: Path | None = None
    report: Path | None = None
    strict: bool = False
    force: bool = False


@dataclass(slots=True)
class ImportReport:
    """What an import found and wrote; `written` is None when it was refused."""

    findings: Report = field(default_factory=Report)
    maps: dict[int, MapFigures] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)  # how many items, npcs, spells...
    kinds: dict[str, dict[int, int]] = field(default_factory=dict)  # of items, npcs and spells
    files: dict[str, FileFigures] = field(default_factory=dict)  # of the Dat folder
    compared_maps: int = 0
    name: str = ""
    written: Path | None = None
    refused: bool = False
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 when something was written, 1 when findings were refused."""
        return 1 if self.refused else 0

    @property
    def different_maps(self) -> list[int]:
        """The maps on which the client would let a player walk elsewhere than the server."""
        return [number for number, found in self.maps.items() if found.differs_from_client]

    def totals(self) -> dict[str, int]:
        """Return the sums over all maps."""
        found = list(self.maps.values())
        return {
            "maps": len(found),
            "size_bytes": sum(entry.size_bytes for entry in found),
            "blocked": sum(entry.blocked for entry in found),
            "water": sum(entry.water for entry in found),
            "water_blocked": sum(entry.water_blocked for entry in found),
            "disputed_water": sum(entry.disputed_water for entry in found),
            "disputed_water_blocked": sum(entry.disputed_water_blocked for entry in found),
            "lava": sum(entry.lava for entry in found),
            "exits": sum(entry.exits for entry in found),
            "exits_onto_blocked": sum(entry.exits_onto_blocked for entry in found),
            "exits_on_blocked": sum(entry.exits_on_blocked for entry in found),
            "npcs_placed": sum(sum(entry.npcs.values()) for entry in found),
            "npcs_on_blocked": sum(entry.npcs_on_blocked for entry in found),
            "objects_placed": sum(sum(entry.objects.values()) for entry in found),
            "object_amount": sum(entry.object_amount for entry in found),
        }

    def rows(self) -> list[tuple[str, str]]:
        """Return the summary as label and figure, ready for a table."""
        figures = {**(self.totals() if self.maps else {}), **self.records}
        if self.compared_maps:
            figures["maps_like_the_client's"] = self.compared_maps - len(self.different_maps)
        rows = [(name.replace("_", " "), f"{count:,}") for name, count in figures.items()]
        return rows + [
            (f"findings: {kind.value}", f"{count:,}")
            for kind, count in sorted(self.findings.counts.items(), key=lambda row: row[0].value)
        ]

    def as_json(self, error: str = "") -> bytes:
        """Encode the whole report; `error` says why the import stopped."""
        table: dict[str, Any] = {
            "format": REPORT_FORMAT,
            "world": self.name,
            "written": None if self.written is None else str(self.written),
            "refused": self.refused,
            "error": error,
            "seconds": round(self.seconds, 3),
            "totals": self.totals(),
            "records": self.records,
            "kinds": self.kinds,
            "files": self.files,
            "different_maps": self.different_maps,
            "maps": self.maps,
            "findings_total": self.findings.total,
            "findings_by_kind": {kind.value: n for kind, n in self.findings.counts.items()},
            "findings": self.findings.findings,
        }
        return msgspec.json.format(msgspec.json.encode(table), indent=1)


def silent(_what: str, _done: int, _total: int) -> None:
    """Ignore the progress."""


def import_world(options: ImportOptions, progress: Progress = silent) -> ImportReport:
    """Import what the options name; the written report is complete also when the import fails.

    The client's files alone give the starter world the client's ground. Anything that stops the
    import is a `ContentError`, and then nothing was written.
    """
    found = ImportReport()
    started = time.perf_counter()
    try:
        _import(options, found, progress)
    except ContentError as error:
        found.seconds = time.perf_counter() - started
        _write_report(options, found, str(error))
        raise
    found.seconds = time.perf_counter() - started
    _write_report(options, found, "")
    return found


def _import(options: ImportOptions, found: ImportReport, progress: Progress) -> None:
    if options.maps is not None or options.dat is not None:
        _import_distribution(options, found, progress)
    elif options.client_assets is not None:
        _import_ground(options, options.client_assets, found, progress)
    else:
        raise ContentError("nothing to import: name maps, a Dat folder or the client's Assets")


def _write_report(options: ImportOptions, found: ImportReport, error: str) -> None:
    if options.report is not None:
        write_whole(options.report, found.as_json(error))


# --- the client alone ------------------------------------------------------------------------


def _import_ground(
    options: ImportOptions, assets: Path, found: ImportReport, progress: Progress
) -> None:
    """Keep the client's ground of the maps that the starter world uses."""
    starter = load_starter()
    files = _client_maps(assets, found.findings)
    lacking = sorted(starter.maps.keys() - files.keys())
    if lacking:
        numbers = ", ".join(map(str, lacking))
        raise ContentError(f"has no map {numbers}, which the starter world needs", file=assets)
    progress("client ground", 0, 1)
    ground = read_ground(files, starter.maps)
    progress("client ground", 1, 1)
    found.name = starter.name
    found.records = {
        "maps_on_client_ground": len(ground),
        "free_tiles_as_measured": sum(_free(entry.flags) for entry in starter.maps.values()),
        "free_tiles_in_the_client": sum(_free(flags) for flags in ground.values()),
    }
    _finish(options, found, options.data_dir / COLLISION_FILE, ground)


def _free(flags: bytes) -> int:
    return sum(not bits & TileFlag.BLOCKED.value for bits in flags)


def _client_maps(assets: Path, findings: Report) -> dict[int, Path]:
    folder = find_client(assets).maps
    if folder is None:
        raise ContentError("has no Maps; expected the client's Assets", file=assets)
    return {number: files.tiles for number, files in find_maps(folder, findings, folder).items()}


# --- a distribution --------------------------------------------------------------------------


def _import_distribution(options: ImportOptions, found: ImportReport, progress: Progress) -> None:
    findings = found.findings
    progress("definitions", 0, 1)
    dat, limits = None, _limits(options)
    if options.dat is not None:
        dat = import_dat(options.dat, findings, limits)
    progress("definitions", 1, 1)
    maps = read_map_set(_map_files(options, dat, findings), findings, progress, mixed=options.force)
    found.maps = maps.figures
    _silence(maps, limits, findings)
    world = _assemble(options, dat, maps, found)
    _compare(options, maps, found, progress)
    _finish(options, found, options.data_dir / WORLD_FILE, world)


def _limits(options: ImportOptions) -> ClientLimits:
    if options.client_assets is not None:
        init = find_client(options.client_assets).init
        if init is not None:
            return read_client_limits(init)
    return known_client()


def _silence(maps: MapSet, limits: ClientLimits, findings: Report) -> None:
    """Leave out the sounds of places that the client has no file for."""
    for number, entry in maps.maps.items():
        entry.sounds, lacking = fit_sounds(entry.sounds, limits)
        for sound in lacking:
            message = f"sound {sound} is unknown to the client; left out"
            findings.add(FindingKind.LOOK, message, file=maps.name_of(number, "properties"))


def _map_files(
    options: ImportOptions, dat: DatContent | None, findings: Report
) -> dict[int, MapFiles]:
    client = None if options.client_assets is None else find_client(options.client_assets).maps
    folder = options.maps
    if folder is None and options.dat is not None and dat is not None:
        folder = _distribution_maps(options.dat, dat.map_path, client)
    if folder is None:
        raise ContentError(
            "Map.dat names no folder of maps beside it; name one with --maps", file=options.dat
        )
    files = find_maps(folder, findings, client)
    if dat is not None and dat.map_count and dat.map_count != len(files):
        findings.add(
            FindingKind.COUNT,
            f"says {dat.map_count} maps, there are {len(files)}",
            file="Map.dat",
            key="NumMaps",
        )
    return files


def _distribution_maps(dat: Path, map_path: str, client: Path | None) -> Path | None:
    """Follow MapPath from the distribution's folder, never out of it; else take the client's."""
    root = find_dat(dat).resolve().parent
    folder = root
    for part in map_path.replace("\\", "/").split("/"):
        if part in {"", "."}:
            continue
        inside = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_dir()}
        folder = inside.get(part.lower(), root)
        if folder == root or not folder.resolve().is_relative_to(root):
            return client
    return folder if folder != root and holds_maps(folder) else client


def _assemble(
    options: ImportOptions, dat: DatContent | None, maps: MapSet, found: ImportReport
) -> WorldData:
    folder = options.dat if options.dat is not None else options.maps
    name = "" if folder is None else folder.resolve().name
    world = WorldData(name=name, maps=maps.maps, sends_scenery=False)
    if options.dat is not None and dat is not None:
        world.name = find_dat(options.dat).resolve().parent.name
        world.items, world.npcs, world.spells = dat.items, dat.npcs, dat.spells
        world.cities, world.rulebook = dat.cities, dat.rulebook
        world.motd, world.help = dat.motd, dat.help
        world.forbidden_names = dat.forbidden_names
        found.files = dat.files
    else:
        found.findings.add(
            FindingKind.FILE,
            "no Dat folder was named: npcs and objects stay unknown",
            file=str(folder),
        )
    resolve_references(world, maps, found.findings, definitions=dat is not None)
    _settle_homes(world, maps, found.findings)
    found.name = world.name
    found.records = {
        "items": len(world.items),
        "npcs": len(world.npcs),
        "spells": len(world.spells),
        "quests": len(world.rulebook.quests),
        "cities": len(world.cities),
    }
    found.kinds = {
        "items": dict(Counter(item.kind for item in world.items.values())),
        "npcs": dict(Counter(npc.role for npc in world.npcs.values())),
        "spells": dict(Counter(spell.kind for spell in world.spells.values())),
    }
    return world


def _settle_homes(world: WorldData, maps: MapSet, findings: Report) -> None:
    """Drop homes and places on maps that do not exist; a world without homes gets one."""

    def exists(name: str, number: int, file: str) -> bool:
        if number in world.maps:
            return True
        message = f"{name} is on map {number}, which does not exist; left out"
        findings.add(FindingKind.REFERENCE, message, file=file)
        return False

    book, cities = world.rulebook, "Ciudades.dat"
    world.cities = {
        number: city
        for number, city in sorted(world.cities.items())
        if exists(city.name, city.map, cities)
    }
    book.places = {
        name: place for name, place in sorted(book.places.items()) if exists(name, place[0], cities)
    }
    book.arenas = tuple(one for one in book.arenas if exists("an arena", one.map, "Retos.dat"))
    book.fishing_zones = tuple(
        one for one in book.fishing_zones if exists("a zone", one.map, "EventoPesca.dat")
    )
    camp = book.pretorian_camp
    if camp is not None and not exists("the pretorian clan", camp[0], "Server.ini"):
        book.pretorian_camp = None
    for number, entry in world.maps.items():
        start, after_death = entry.start_pos, entry.on_death_goto
        file = maps.name_of(number, "properties")
        if start is not None and not exists("StartPos", start[0], file):
            entry.start_pos = None
        if after_death is not None and not exists("OnDeathGoTo", after_death[0], file):
            entry.on_death_goto = None
    if not world.cities:
        home = _middle(world)
        findings.add(
            FindingKind.FILE,
            f"no city is known: everybody starts on map {home.map} at ({home.x},{home.y})",
            file=cities,
        )
        world.cities = dict.fromkeys(range(1, HOMES + 1), home)


def _middle(world: WorldData) -> City:
    """Return the free tile nearest to the middle of the first map that has any."""
    for number, entry in sorted(world.maps.items()):
        free = [at for at, bits in enumerate(entry.flags) if not bits & _CLOSED]
        if free:
            x, y = min(map(tile_place, free), key=lambda spot: _distance(spot, (50, 50)))
            return City(number, x, y, entry.name)
    raise ContentError("no map has a single tile to stand on")


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _compare(options: ImportOptions, maps: MapSet, found: ImportReport, progress: Progress) -> None:
    """Compare the ground with the client's; a world that is not the client's is refused."""
    if options.client_assets is None or find_client(options.client_assets).maps is None:
        return
    files = _client_maps(options.client_assets, Report())
    progress("comparison with the client", 0, 1)
    for number, entry in maps.maps.items():
        if number not in files:
            file = maps.name_of(number)
            found.findings.add(FindingKind.MAP, "the client has no such map", file=file)
            continue
        found.compared_maps += 1
        differing = _difference(entry.flags, maps.figures[number].sha256, files[number])
        maps.figures[number].differs_from_client = differing
        if differing:
            message = f"{differing} tiles are open on one side only, here or in the client"
            found.findings.add(FindingKind.MAP, message, file=maps.name_of(number))
    progress("comparison with the client", 1, 1)
    differ = len(found.different_maps)
    if differ > MAX_DIFFERENT_MAPS and not options.force:
        raise ContentError(
            f"{differ} of {found.compared_maps} maps differ from the client's: players would be "
            "blocked or set free in the wrong places; import the classic world of 290 maps, or "
            "force this one",
            file=options.client_assets,
        )


def _difference(flags: bytes, sha256: str, path: Path) -> int:
    """Count the tiles on which the client's map differs; equal files need no decoding."""
    data = read_bytes(path, MAX_MAP_BYTES)
    if hashlib.sha256(data).hexdigest() == sha256:
        return 0
    return differing_tiles(flags, read_tiles(data, path.name).flags())


def _finish(
    options: ImportOptions,
    found: ImportReport,
    path: Path,
    content: WorldData | Mapping[int, bytes],
) -> None:
    """Write the one file, unless a strict import found anything."""
    if options.strict and found.findings.total:
        found.refused = True
        return
    if isinstance(content, WorldData):
        save_world(content, path)
    else:
        save_collision(content, path)
    found.written = path
