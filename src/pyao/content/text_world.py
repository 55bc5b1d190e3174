"""A world as a folder of readable text files; to `WorldData`, with every mistake by file and line.

`world.toml` holds what concerns the whole, `balance.toml` the figures of classes and races,
`maps/*.toml` one map each, every other `*.toml` tables of items, npcs, spells and quests, in as
many files as the author likes. A folder with any mistake gives no world at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Final, TypeVar

from msgspec import Meta, Struct

from pyao.content.balance import read_balance
from pyao.content.client_limits import (
    ClientLimits,
    Replaced,
    fit_item,
    fit_npc,
    fit_sounds,
    fit_spell,
)
from pyao.content.fields import Column, Ref, columns
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.report import FindingKind, Report
from pyao.content.rulebook import (
    Arena,
    FactionArmour,
    FishingZone,
    PretorianRank,
    Quest,
    Recipes,
    Rulebook,
)
from pyao.content.spells import Spell, SpellKind
from pyao.content.text_files import Key, TextFile
from pyao.content.text_maps import Axis, Mark, Thing, compile_map
from pyao.content.texts import LANGUAGES, Language
from pyao.content.world_data import City, MapData, Place, WorldData, tile_index, tile_place
from pyao.errors import ContentError
from pyao.rules.kinds import (
    CharClass,
    Direction,
    Movement,
    NpcRole,
    ObjectType,
    SpellTarget,
    TileFlag,
)

MAX_FILES: Final = 2_000
WORLD_TOML: Final = "world.toml"
BALANCE_TOML: Final = "balance.toml"
MAPS_FOLDER: Final = "maps"
DIRECTIONS: Final = frozenset({"hp", "mana_points", "stamina_points", "hunger", "thirst"}) | {
    "agility",
    "strength",
    "charisma",
}

_BLOCKED, _WATER = int(TileFlag.BLOCKED), int(TileFlag.WATER)
Record = TypeVar("Record", Item, NpcKind, Spell, Quest)


class CityText(Struct, frozen=True, forbid_unknown_fields=True):
    """A home: its number on the creation screen, its name, and where its people start."""

    number: Annotated[int, Meta(ge=1, le=255)]
    name: str
    at: tuple[Thing, Axis, Axis]


class WorldText(Struct, frozen=True, forbid_unknown_fields=True):
    """What `world.toml` says."""

    name: str
    sends_scenery: bool = True  # False where the client's own pictures show it
    motd: list[str] = []
    help: list[str] = []
    forbidden_names: list[str] = []
    city: list[CityText] = []
    places: dict[str, tuple[Thing, Axis, Axis]] = {}
    recipes: Recipes = Recipes()
    pretorian_camp: tuple[Thing, Axis, Axis] | None = None
    arenas: tuple[Arena, ...] = ()
    fishing_zones: tuple[FishingZone, ...] = ()
    faction_armour: dict[str, FactionArmour] = {}  # by class
    pretorians: dict[str, PretorianRank] = {}  # by rank
    legend: dict[str, Mark] = {}


@dataclass(slots=True)
class Defined:
    """Where each record stands, so that a wrong reference can be named."""

    file: TextFile
    key: Key


@dataclass(slots=True)
class Reading:
    """A folder while it is read."""

    folder: Path
    language: Language
    report: Report
    world: WorldData
    book: Rulebook = field(default_factory=Rulebook)
    defined: dict[tuple[str, int | str], Defined] = field(default_factory=dict)


def read_text_world(
    folder: Path,
    language: Language = "es",
    *,
    report: Report,
    collision: Mapping[int, bytes] | None = None,
    limits: ClientLimits | None = None,
) -> WorldData:
    """Read a whole folder; the world is only fit for use when the report stayed empty.

    `collision` is ground known better than the files know it, by map number. With `limits` a look
    that the client lacks is a mistake too.
    """
    reading = Reading(folder, language, report, WorldData(name=folder.name, source=str(folder)))
    legend: dict[str, Mark] = {}
    for file in _files(reading, folder):
        if file.path.name == WORLD_TOML:
            legend = _read_world(reading, file)
        elif file.path.name == BALANCE_TOML:
            reading.book.balance = read_balance(file, report)
        else:
            _read_definitions(reading, file)
    for file in _files(reading, folder / MAPS_FOLDER):
        entry = compile_map(file, report, legend, collision)
        if entry is not None and _is_new(reading, "map", entry.number, file, ("number",)):
            reading.world.maps[entry.number] = entry
    reading.world.rulebook = reading.book
    _check_references(reading)
    _check_maps(reading)
    _check_places(reading)
    if limits is not None:
        _check_looks(reading, limits)
    return reading.world


def load_text_world(
    folder: Path, language: Language = "es", collision: Mapping[int, bytes] | None = None
) -> WorldData:
    """Read a folder that has to be right; the first mistake and their number are the error."""
    report = Report()
    world = read_text_world(folder, language, report=report, collision=collision)
    if report.findings:
        first = report.findings[0]
        more = f" (and {report.total - 1} more mistakes)" if report.total > 1 else ""
        raise ContentError(
            f"{first.key}: {first.message}{more}", file=first.file, line=first.line or None
        )
    return world


def _files(reading: Reading, folder: Path) -> Iterator[TextFile]:
    try:
        paths = sorted(path for path in folder.glob("*.toml") if path.is_file())
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", file=folder) from error
    if not paths:
        reading.report.add(FindingKind.FILE, "has no *.toml files", file=str(folder))
    for path in paths[:MAX_FILES]:
        try:
            yield TextFile(path, reading.language)
        except ContentError as error:
            reading.report.add(FindingKind.FILE, error.reason, file=str(path), line=error.line or 0)


def _is_new(reading: Reading, name: str, number: int, file: TextFile, key: Key) -> bool:
    first = reading.defined.setdefault((name, number), Defined(file, key))
    if first.file is file and first.key == key:
        return True
    file.report(
        reading.report,
        FindingKind.DUPLICATE,
        f"{name} {number} is defined already, {first.file.path}:{first.file.line(first.key)}",
        key,
    )
    return False


# --- definitions -----------------------------------------------------------------------------


def _read_world(reading: Reading, file: TextFile) -> dict[str, Mark]:
    text = file.convert(file.table, WorldText, (), reading.report)
    if text is None:
        return {}
    world = reading.world
    world.name = text.name
    world.sends_scenery = text.sends_scenery
    world.motd, world.help = text.motd, text.help
    world.forbidden_names = [name.lower() for name in text.forbidden_names]
    for place, city in enumerate(text.city):
        if _is_new(reading, "city", city.number, file, ("city", place)):
            world.cities[city.number] = City(*city.at, city.name)
    for name in text.places:
        reading.defined["place", name] = Defined(file, ("places", name))
    book = reading.book
    book.places, book.recipes = dict(text.places), text.recipes
    book.pretorians, book.pretorian_camp = text.pretorians, text.pretorian_camp
    book.arenas, book.fishing_zones = text.arenas, text.fishing_zones
    for word, armour in text.faction_armour.items():
        number = _class_number(file, word, reading.report)
        if number:
            book.faction_armour[number] = armour
    reading.defined["recipes", 0] = Defined(file, ("recipes",))
    return text.legend


def _class_number(file: TextFile, word: str, report: Report) -> int:
    if word.upper() in CharClass.__members__:
        return int(CharClass[word.upper()])
    message = f"{word!r} is none of {', '.join(entry.name.lower() for entry in CharClass)}"
    file.report(report, FindingKind.VALUE, message, ("faction_armour", word))
    return 0


def _read_definitions(reading: Reading, file: TextFile) -> None:
    file.only(frozenset({"item", "npc", "spell", "quest"}), reading.report)
    world = reading.world
    _take(reading, file, "item", Item, world.items)
    _take(reading, file, "npc", NpcKind, world.npcs)
    _take(reading, file, "spell", Spell, world.spells)
    _take(reading, file, "quest", Quest, reading.book.quests)


def _take(
    reading: Reading, file: TextFile, name: str, kind: type[Record], found: dict[int, Record]
) -> None:
    tables = file.table.get(name)
    for place, table in enumerate(tables if isinstance(tables, list) else []):
        _spell_out(reading, file, name, place, table)
    for place, record in file.records(name, kind, reading.report):
        if _is_new(reading, name, record.number, file, (name, place)):
            found[record.number] = record


_Words = type[IntEnum]
WORDS: Final[Mapping[tuple[str, str], _Words]] = {
    ("item", "kind"): ObjectType,
    ("item", "forbidden_classes"): CharClass,
    ("npc", "role"): NpcRole,
    ("npc", "movement"): Movement,
    ("spell", "kind"): SpellKind,
    ("spell", "target"): SpellTarget,
    **{("spell", name): Direction for name in DIRECTIONS},
}


def _spell_out(reading: Reading, file: TextFile, name: str, place: int, table: object) -> None:
    """Replace the words that files use for numbers, such as kind = "potion"."""
    if not isinstance(table, dict):
        return

    def number(word: object, words: _Words, key: str) -> object:
        if not isinstance(word, str):
            return word
        try:
            return int(words[word.upper()])
        except KeyError:
            known = ", ".join(member.name.lower() for member in words)
            file.report(
                reading.report,
                FindingKind.VALUE,
                f"{word!r} is none of {known}",
                (name, place, key),
            )
            return 0

    for key, value in table.items():
        words = WORDS.get((name, key))
        if words is None:
            continue
        if isinstance(value, list):
            table[key] = [number(entry, words, key) for entry in value]
        else:
            table[key] = number(value, words, key)


# --- what refers to what ---------------------------------------------------------------------


def _check_references(reading: Reading) -> None:
    world = reading.world
    known: dict[Ref, Mapping[int, object]] = {
        Ref.ITEM: world.items,
        Ref.NPC: world.npcs,
        Ref.SPELL: world.spells,
        Ref.QUEST: reading.book.quests,
    }
    kinds: tuple[tuple[str, type[Struct], Iterable[Item | NpcKind | Spell | Quest]], ...] = (
        ("item", Item, world.items.values()),
        ("npc", NpcKind, world.npcs.values()),
        ("spell", Spell, world.spells.values()),
        ("quest", Quest, reading.book.quests.values()),
    )
    for name, kind, records in kinds:
        pointers = [column for column in columns(kind) if column.ref is not None]
        for record in records:
            place = reading.defined[name, record.number]
            for column in pointers:
                _check_pointer(reading, column, getattr(record, column.field), known, place)
    for trade in ("smith_weapons", "smith_armours", "carpenter", "artisan"):
        for number in getattr(reading.book.recipes, trade):
            if number not in world.items:
                _missing(reading, Ref.ITEM, number, reading.defined["recipes", 0], trade)


def _check_pointer(
    reading: Reading,
    column: Column,
    value: object,
    known: Mapping[Ref, Mapping[int, object]],
    place: Defined,
) -> None:
    ref = column.ref
    if ref is None:
        return
    entries = value if isinstance(value, tuple) else (value,)
    for entry in entries:
        number = entry if isinstance(entry, int) else getattr(entry, "number", 0)
        if number and number not in known[ref]:
            _missing(reading, ref, number, place, column.field)


def _missing(reading: Reading, ref: Ref, number: int, place: Defined, key: str) -> None:
    place.file.report(
        reading.report,
        FindingKind.REFERENCE,
        f"there is no {ref.value} {number}",
        (*place.key, key),
    )


def _check_maps(reading: Reading) -> None:
    for entry in reading.world.maps.values():
        file = reading.defined["map", entry.number].file

        def wrong(message: str, file: TextFile = file) -> None:
            file.report(reading.report, FindingKind.REFERENCE, message, ("name",))

        _check_map(reading.world, entry, wrong)


def _check_map(world: WorldData, entry: MapData, wrong: Callable[[str], None]) -> None:
    for at, number in entry.npcs:
        kind = world.npcs.get(number)
        wet = bool(entry.flags[at] & _WATER)
        if kind is None:
            wrong(f"there is no npc {number}, placed at {tile_place(at)}")
        elif kind.land_forbidden if not wet else not kind.water_ok:
            element = "in the water" if wet else "on land"
            wrong(f"npc {number} at {tile_place(at)} does not live {element}")
    for at, number, _ in entry.objects:
        if number not in world.items:
            wrong(f"there is no item {number}, placed at {tile_place(at)}")
    for at, target in entry.exits.items():
        problem = _no_place(world, target)
        if problem:
            wrong(f"the exit at {tile_place(at)} leads to {target}: {problem}")


def _check_places(reading: Reading) -> None:
    world = reading.world
    spots: list[tuple[Defined, Place]] = [
        (reading.defined["city", number], (city.map, city.x, city.y))
        for number, city in world.cities.items()
    ]
    spots += [(reading.defined["place", name], spot) for name, spot in reading.book.places.items()]
    for defined, spot in spots:
        problem = _no_place(world, spot)
        if problem:
            defined.file.report(
                reading.report, FindingKind.REFERENCE, f"{spot}: {problem}", defined.key
            )


def _check_looks(reading: Reading, limits: ClientLimits) -> None:
    """Report graphics, bodies, heads, animations and effects that the client cannot draw."""
    world = reading.world
    lacking: list[tuple[str, int, Replaced]] = [
        *(("item", number, fit_item(item, limits)[1]) for number, item in world.items.items()),
        *(("npc", number, fit_npc(npc, limits)[1]) for number, npc in world.npcs.items()),
        *(("spell", number, fit_spell(it, limits)[1]) for number, it in world.spells.items()),
    ]
    for name, number, wrong in lacking:
        place = reading.defined[name, number]
        for key, value in wrong:
            message = f"the client has no {key.replace('_', ' ')} {value}"
            place.file.report(reading.report, FindingKind.LOOK, message, (*place.key, key))
    for number, entry in world.maps.items():
        place = reading.defined["map", number]
        for sound in fit_sounds(entry.sounds, limits)[1]:
            message = f"the client has no sound {sound}"
            place.file.report(reading.report, FindingKind.LOOK, message, ("sound",))


def _no_place(world: WorldData, place: Place) -> str:
    """Say why nobody can be brought to a place; empty when somebody can."""
    number, x, y = place
    target = world.maps.get(number)
    if target is None:
        return f"there is no map {number}"
    if target.flags[tile_index(x, y)] & _BLOCKED:
        return "that is no free ground"
    return ""


def check_text_world(folder: Path, limits: ClientLimits | None = None) -> Report:
    """Read a folder in every language and report each mistake once."""
    report = Report()
    for language in LANGUAGES:
        found = Report()
        read_text_world(folder, language, report=found, limits=limits)
        known = set(report.findings)
        for finding in found.findings:
            if finding not in known:
                report.add(
                    finding.kind,
                    finding.message,
                    file=finding.file,
                    line=finding.line,
                    key=finding.key,
                )
    return report
