"""A world as a folder of readable text files; to `WorldData`, with every mistake by file and line.

`world.toml` holds what concerns the whole, `balance.toml` the figures of classes and races,
`maps/*.toml` one map each, every other `*.toml` tables of items, npcs, spells and quests, in as
many files as the author likes. A folder with any mistake gives no world at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Final, TypeVar

from msgspec import Meta, Struct

from pyao.content.balance import read_balance
from pyao.content.client_limits import ClientLimits
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.report import FindingKind, Report
from pyao.content.rulebook import Arena, FactionArmour, FishingZone, PretorianRank, Quest, Recipes
from pyao.content.spells import Spell, SpellKind
from pyao.content.text_checks import Defined, Reading, check_world
from pyao.content.text_files import Key, TextFile
from pyao.content.text_maps import Axis, Mark, Thing, compile_map
from pyao.content.texts import LANGUAGES, Language
from pyao.content.world_data import City, WorldData
from pyao.errors import ContentError
from pyao.rules.kinds import CharClass, Direction, Movement, NpcRole, ObjectType, SpellTarget

MAX_FILES: Final = 2_000
WORLD_TOML: Final = "world.toml"
BALANCE_TOML: Final = "balance.toml"
MAPS_FOLDER: Final = "maps"
DIRECTIONS: Final = frozenset({"hp", "mana_points", "stamina_points", "hunger", "thirst"}) | {
    "agility",
    "strength",
    "charisma",
}

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
        compiled = compile_map(file, report, legend, collision)
        if compiled is not None:
            entry = compiled.data
            if _is_new(reading, "map", entry.number, file, ("number",)):
                reading.world.maps[entry.number] = entry
                reading.maps[entry.number] = compiled
    reading.world.rulebook = reading.book
    check_world(reading, limits)
    return reading.world


def load_text_world(
    folder: Path, language: Language = "es", collision: Mapping[int, bytes] | None = None
) -> WorldData:
    """Read a folder that has to be right; the first mistake and their number are the error.

    What is only hardly meant (`FindingKind.SENSE`) does not stop it: imported worlds have it too.
    """
    report = Report()
    world = read_text_world(folder, language, report=report, collision=collision)
    mistakes = [found for found in report.findings if found.kind is not FindingKind.SENSE]
    if mistakes:
        first, count = mistakes[0], report.total - report.counts[FindingKind.SENSE]
        more = f" (and {count - 1} more mistakes)" if count > 1 else ""
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
            reading.defined["faction_armour", number] = Defined(file, ("faction_armour", word))
    reading.defined["world", 0] = Defined(file, ())
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


def check_text_world(folder: Path, limits: ClientLimits | None = None) -> Report:
    """Read a folder in every language and report each mistake once."""
    if not folder.is_dir():
        raise ContentError("expected a folder of world text; there is none", file=folder)
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
