"""What must fit together in a world of text files: references, places, looks, figures.

`text_world.py` reads the files; here each record, map and place is held against the others. Every
mistake is reported where it stands, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from msgspec import Struct

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
from pyao.content.npcs import DROP_SLOTS, NpcKind
from pyao.content.report import FindingKind, Report
from pyao.content.rulebook import Quest, Rulebook
from pyao.content.spells import Change, Spell
from pyao.content.text_files import Key, TextFile
from pyao.content.text_maps import CompiledMap
from pyao.content.texts import Language
from pyao.content.world_data import Place, WorldData, tile_index, tile_place
from pyao.rules.kinds import NpcRole, ObjectType, TileFlag

MERCHANT_SLOTS: Final = 50
"""What the client's window of a merchant holds."""

_BLOCKED, _WATER = int(TileFlag.BLOCKED), int(TileFlag.WATER)
_RANGES: Final = (
    *(("min_hit", "max_hit"), ("min_defense", "max_defense"), ("min_effect", "max_effect")),
    *(("min_magic_defense", "max_magic_defense"), ("min_hp", "max_hp")),
)


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
    maps: dict[int, CompiledMap] = field(default_factory=dict)

    def wrong(
        self,
        defined: Defined,
        message: str,
        *more: str | int,
        kind: FindingKind = FindingKind.REFERENCE,
    ) -> None:
        """Report a mistake of a record, at its key or at a key within it."""
        defined.file.report(self.report, kind, message, (*defined.key, *more))


def check_world(reading: Reading, limits: ClientLimits | None) -> None:
    """Report everything that does not fit; looks only with the limits of a client."""
    _check_references(reading)
    _check_rulebook(reading)
    _check_figures(reading)
    for number, compiled in reading.maps.items():
        _check_map(reading, reading.defined["map", number], compiled)
    _check_places(reading)
    if limits is not None:
        _check_looks(reading, limits)


# --- what names what -------------------------------------------------------------------------


def _check_references(reading: Reading) -> None:
    known = _known(reading)
    for name, kind, records in _records(reading):
        pointers = [column for column in columns(kind) if column.ref is not None]
        for record in records:
            defined = reading.defined[name, record.number]
            for column in pointers:
                _check_pointer(reading, column, getattr(record, column.field), known, defined)


def _records(
    reading: Reading,
) -> Iterator[tuple[str, type[Struct], Iterable[Item | NpcKind | Spell | Quest]]]:
    world = reading.world
    yield "item", Item, world.items.values()
    yield "npc", NpcKind, world.npcs.values()
    yield "spell", Spell, world.spells.values()
    yield "quest", Quest, reading.book.quests.values()


def _known(reading: Reading) -> dict[Ref, Mapping[int, object]]:
    world = reading.world
    return {
        Ref.ITEM: world.items,
        Ref.NPC: world.npcs,
        Ref.SPELL: world.spells,
        Ref.QUEST: reading.book.quests,
    }


def _check_pointer(
    reading: Reading,
    column: Column,
    value: object,
    known: Mapping[Ref, Mapping[int, object]],
    defined: Defined,
) -> None:
    ref = column.ref
    if ref is None:
        return
    many = isinstance(value, tuple)
    for place, entry in enumerate(value if isinstance(value, tuple) else (value,)):
        number = entry if isinstance(entry, int) else getattr(entry, "number", 0)
        if number and number not in known[ref]:
            step = (column.field, place) if many else (column.field,)
            reading.wrong(defined, f"there is no {ref.value} {number}", *step)


def _check_rulebook(reading: Reading) -> None:
    """Look up what `world.toml` names: recipes, faction armour, pretorians, fish."""
    known = _known(reading)
    for ref, number, defined, step in _named(reading):
        if number and number not in known[ref]:
            reading.wrong(defined, f"there is no {ref.value} {number}", *step)
    for place, zone in enumerate(reading.book.fishing_zones):
        if zone.map not in reading.world.maps:
            defined = reading.defined["world", 0]
            reading.wrong(defined, f"there is no map {zone.map}", "fishing_zones", place)


def _named(reading: Reading) -> Iterator[tuple[Ref, int, Defined, Key]]:
    book = reading.book
    whole = reading.defined.get(("world", 0))
    if whole is None:
        return
    for trade in ("smith_weapons", "smith_armours", "carpenter", "artisan"):
        for place, number in enumerate(getattr(book.recipes, trade)):
            yield Ref.ITEM, number, whole, ("recipes", trade, place)
    for word, armour in book.faction_armour.items():
        given = (armour.royal_tall, armour.royal_short, armour.chaos_tall, armour.chaos_short)
        for number in chain.from_iterable(given):
            yield Ref.ITEM, number, reading.defined["faction_armour", word], ()
    for rank, of in book.pretorians.items():
        for number in (*of.tall, *of.short):
            yield Ref.NPC, number, whole, ("pretorians", rank)
    for place, zone in enumerate(book.fishing_zones):
        for number in zone.fish:
            yield Ref.ITEM, number, whole, ("fishing_zones", place)


# --- figures that make no sense together -----------------------------------------------------


def _check_figures(reading: Reading) -> None:
    for name, _, records in _records(reading):
        for record in records:
            defined = reading.defined[name, record.number]
            for low, high in _RANGES:
                if getattr(record, low, 0) > getattr(record, high, 0):
                    message = f"{getattr(record, low)} is more than {high} {getattr(record, high)}"
                    reading.wrong(defined, message, low, kind=FindingKind.SENSE)
            for key, message in _doubts(record):
                reading.wrong(defined, message, key, kind=FindingKind.SENSE)


def _doubts(record: Item | NpcKind | Spell | Quest) -> Iterator[tuple[str, str]]:
    """Say what is legal in each field and yet can do nothing in the game: key and message."""
    if isinstance(record, Item):
        if record.kind == ObjectType.SCROLL and not record.spell:
            yield "kind", "is a scroll that teaches nothing; name its spell"
    elif isinstance(record, NpcKind):
        yield from _doubts_about_npc(record)
    elif isinstance(record, Spell):
        if record.summons and not record.creature:
            yield "summons", "summons nothing; name its creature"
        for key in record.__struct_fields__:
            change = getattr(record, key)
            if isinstance(change, Change) and change.low > change.high:
                yield key, f"{change.low} is more than {change.high}"


def _doubts_about_npc(npc: NpcKind) -> Iterator[tuple[str, str]]:
    if npc.role == NpcRole.TRAINER and not npc.creatures:
        yield "role", "is a trainer without creatures"
    if npc.trades and not npc.stock:
        yield "trades", "trades but has no stock to sell"
    if len(npc.stock) > MERCHANT_SLOTS:
        yield "stock", f"{len(npc.stock)} goods, the client shows {MERCHANT_SLOTS}"
    if len(npc.drops) > DROP_SLOTS:
        yield "drops", f"{len(npc.drops)} drops, there are odds for {DROP_SLOTS}"
    if npc.attackable and not npc.max_hp:
        yield "attackable", "can be attacked but has no max_hp"


# --- maps and places -------------------------------------------------------------------------


def _check_map(reading: Reading, defined: Defined, compiled: CompiledMap) -> None:
    world, entry = reading.world, compiled.data

    def wrong(what: str, at: int, message: str, kind: FindingKind = FindingKind.REFERENCE) -> None:
        spot = compiled.spots[what, at]
        line = defined.file.line(spot.key) + spot.row
        defined.file.report(reading.report, kind, message, spot.key, line)

    odd = FindingKind.SENSE if compiled.drawn else FindingKind.MAP

    for at, number in entry.npcs:
        kind = world.npcs.get(number)
        wet = bool(entry.flags[at] & _WATER)
        if kind is None:
            wrong("npc", at, f"there is no npc {number}, placed at {tile_place(at)}")
        elif kind.land_forbidden if not wet else not kind.water_ok:
            element = "in the water" if wet else "on land"
            wrong("npc", at, f"npc {number} at {tile_place(at)} does not live {element}", odd)
    for at, number, _ in entry.objects:
        if number not in world.items:
            wrong("object", at, f"there is no item {number}, placed at {tile_place(at)}")
    for at, target in entry.exits.items():
        if problem := _no_place(world, target):
            how = odd if target[0] in world.maps else FindingKind.REFERENCE
            wrong("exit", at, f"the exit at {tile_place(at)} leads to {target}: {problem}", how)


def _check_places(reading: Reading) -> None:
    for defined, spot, step in _spots(reading):
        if problem := _no_place(reading.world, spot):
            reading.wrong(defined, f"{spot}: {problem}", *step)


def _spots(reading: Reading) -> Iterator[tuple[Defined, Place, Key]]:
    """Go through the places that somebody can be brought to."""
    world, book = reading.world, reading.book
    for number, city in world.cities.items():
        yield reading.defined["city", number], (city.map, city.x, city.y), ("at",)
    for name, spot in book.places.items():
        yield reading.defined["place", name], spot, ()
    for number, entry in world.maps.items():
        file = Defined(reading.defined["map", number].file, ())
        if entry.start_pos is not None:
            yield file, entry.start_pos, ("start_pos",)
        if entry.on_death_goto is not None:
            yield file, entry.on_death_goto, ("on_death_goto",)
    whole = reading.defined.get(("world", 0))
    if whole is None:
        return
    if book.pretorian_camp is not None:
        yield whole, book.pretorian_camp, ("pretorian_camp",)
    for place, arena in enumerate(book.arenas):
        yield whole, (arena.map, arena.x, arena.y), ("arenas", place)
        yield whole, (arena.map, arena.x2, arena.y2), ("arenas", place)


def _no_place(world: WorldData, place: Place) -> str:
    """Say why nobody can be brought to a place; empty when somebody can."""
    number, x, y = place
    target = world.maps.get(number)
    if target is None:
        return f"there is no map {number}"
    if target.flags[tile_index(x, y)] & _BLOCKED:
        return "that is no free ground"
    return ""


# --- looks -----------------------------------------------------------------------------------


def _check_looks(reading: Reading, limits: ClientLimits) -> None:
    """Report graphics, bodies, heads, animations, effects and sounds that the client lacks."""
    world = reading.world
    lacking: list[tuple[str, int, Replaced]] = [
        *(("item", number, fit_item(item, limits)[1]) for number, item in world.items.items()),
        *(("npc", number, fit_npc(npc, limits)[1]) for number, npc in world.npcs.items()),
        *(("spell", number, fit_spell(it, limits)[1]) for number, it in world.spells.items()),
    ]
    for number, entry in world.maps.items():
        lacking.append(
            ("map", number, [("sound", it) for it in fit_sounds(entry.sounds, limits)[1]])
        )
    for name, number, wrong in lacking:
        defined = reading.defined[name, number]
        if name == "map":
            defined = Defined(defined.file, ())
        for key, value in wrong:
            message = f"the client has no {key.replace('_', ' ')} {value}"
            reading.wrong(defined, message, key, kind=FindingKind.LOOK)
