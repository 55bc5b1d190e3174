"""The small files of a classic `Dat` folder: recipes, cities, faction armour, balance, arenas.

Each function takes the parsed file and gives records; what cannot be is left out and reported.
Follows ao-libre/ao-server: FileIO.bas, praetorians.bas, Retos.bas, Evento_Pesca.bas, General.bas.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from msgspec import structs

from pyao.content.balance import FACTION_RANKS, Balance, classic_balance
from pyao.content.dat_records import CLASS_NAMES, MAX_LIST, SectionReader
from pyao.content.fields import MAX_NUMBER, Ref
from pyao.content.ini import IniFile, IniSection, decode, val
from pyao.content.report import FindingKind
from pyao.content.rulebook import (
    Arena,
    FactionArmour,
    FishingZone,
    Place,
    PretorianRank,
)
from pyao.content.world_data import SIDE, City
from pyao.rules.balance import ClassFigures, RaceFigures
from pyao.rules.kinds import Race

HOMES: Final = (
    *("ULLATHORPE", "NIX", "BANDERBILL", "LINDOS", "ARGHAL", "ARKHEIN"),
    *("GOTLAND", "PERDIDA", "TOTEM"),
)
"""The cities a character may call home, in the order of their numbers from 1."""

PLACES: Final = MappingProxyType(
    {"PRISION": "prison", "PRISION-AFUERA": "prison_exit", "NEMAHUAK": "newbie_start"}
)
PRETORIAN_CLAN: Final = "CLAN-PRETORIANO"
MAX_FORBIDDEN_NAMES: Final = 5_000
MAX_WORD_CHARS: Final = 60
MAX_LINE_CHARS: Final = 500

_RACE_PREFIXES: Final = MappingProxyType(
    {
        Race.HUMAN: "HUMANO",
        Race.ELF: "ELFO",
        Race.DROW: "DROW",
        Race.GNOME: "GNOMO",
        Race.DWARF: "ENANO",
    }
)
_ATTRIBUTE_SUFFIXES: Final = MappingProxyType(
    {
        "strength": "FUERZA",
        "agility": "AGILIDAD",
        "intelligence": "INTELIGENCIA",
        "charisma": "CARISMA",
        "constitution": "CONSTITUCION",
    }
)
_CLASS_SECTIONS: Final = MappingProxyType(
    {
        "evasion": "MODEVASION",
        "attack_melee": "MODATAQUEARMAS",
        "attack_ranged": "MODATAQUEPROYECTILES",
        "attack_unarmed": "MODATAQUEWRESTLING",
        "damage_melee": "MODDANOARMAS",
        "damage_ranged": "MODDANOPROYECTILES",
        "damage_unarmed": "MODDANOWRESTLING",
        "shield": "MODESCUDO",
        "hp_base": "MODVIDA",
    }
)
_PRETORIAN_RANKS: Final = ("KING", "HEALER", "SPELLCASTER", "LONGRANGE", "SWORDSWINGER", "THIEF")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_MAX_FACTOR: Final = 100.0
PERCENT: Final = 100


def read_recipes(ini: IniFile, prefix: str, reader: SectionReader) -> tuple[int, ...]:
    """Read the item numbers of a crafting list, in its order."""
    numbered = sorted(ini.numbered(prefix), key=lambda found: found[0])
    return tuple(
        item
        for _, section in numbered
        if (item := section.number("INDEX")) and reader.exists(section, "INDEX", Ref.ITEM, item)
    )


def read_cities(ini: IniFile, reader: SectionReader) -> tuple[dict[int, City], dict[str, Place]]:
    """Read the homes by number, and the other named places by our names for them."""
    cities: dict[int, City] = {}
    places: dict[str, Place] = {}
    for name, section in ini.sections.items():
        place = _place(section, reader)
        if place is None:
            continue
        if name in HOMES:
            cities[HOMES.index(name) + 1] = City(*place, name.capitalize())
        elif name not in PLACES:
            reader.add(FindingKind.VALUE, "no home of that name can be chosen", section)
        if name in PLACES:
            places[PLACES[name]] = place
    return cities, places


def read_faction_armour(ini: IniFile, reader: SectionReader) -> dict[int, FactionArmour]:
    """Read what each class is given by its faction."""

    def three(section: IniSection, side: str, size: str) -> tuple[int, int, int]:
        keys = [f"DEF{level}{side}{size}" for level in ("MIN", "MED", "ALTA")]
        low, medium, high = (
            item
            if (item := section.number(key)) and reader.exists(section, key, Ref.ITEM, item)
            else 0
            for key in keys
        )
        return low, medium, high

    return {
        number: FactionArmour(
            three(section, "ARMY", "ALTO"),
            three(section, "ARMY", "BAJO"),
            three(section, "CAOS", "ALTO"),
            three(section, "CAOS", "BAJO"),
        )
        for number, section in ini.numbered("CLASE")
        if 1 <= number <= len(CLASS_NAMES)
    }


def read_pretorians(ini: IniFile, reader: SectionReader) -> dict[str, PretorianRank]:
    """Read the ranks of the pretorian clan; each has a tall and a short variant of every member."""

    def variants(section: IniSection, prefix: str) -> tuple[int, ...]:
        return tuple(
            npc
            for _, key, _ in reader.counted(section, prefix, "CANTIDAD")
            if (npc := section.number(key)) and reader.exists(section, key, Ref.NPC, npc)
        )

    return {
        rank.lower(): PretorianRank(variants(section, "ALTO"), variants(section, "BAJO"))
        for rank in _PRETORIAN_RANKS
        if (section := ini.sections.get(rank))
    }


def read_pretorian_camp(ini: IniFile, reader: SectionReader) -> Place | None:
    """Read where the pretorian clan stands ("Server.ini")."""
    section = ini.sections.get(PRETORIAN_CLAN)
    return None if section is None else _place(section, reader)


def read_arenas(ini: IniFile, reader: SectionReader) -> tuple[Arena, ...]:
    """Read the places for duels."""
    found = sorted(ini.numbered("ARENA"), key=lambda numbered: numbered[0])[:MAX_LIST]
    return tuple(
        Arena(*(_tile(reader, section, key) for key in ("MAPA", "X", "Y", "X2", "Y2")))
        for _, section in found
    )


def read_fishing_zones(ini: IniFile, reader: SectionReader) -> tuple[FishingZone, ...]:
    """Read the maps with fish of their own."""
    found = sorted(ini.numbered("ZONA"), key=lambda numbered: numbered[0])[:MAX_LIST]
    return tuple(
        FishingZone(
            _tile(reader, section, "MAPA"),
            tuple(
                fish
                for _, key, _ in reader.counted(section, "PEZ", "CANTIDAD")
                if (fish := section.number(key)) and reader.exists(section, key, Ref.ITEM, fish)
            ),
        )
        for _, section in found
    )


def read_lines(ini: IniFile, name: str, reader: SectionReader) -> list[str]:
    """Read `Line1..LineN` of a section, N from `[INIT] NumLines`.

    Colours after the first `~` are for a client that nobody has any more; they are left out.
    """
    section = ini.section(name)
    count = ini.section("INIT").number("NUMLINES")
    lines = []
    for index, key, entry in reader.indexed(section, "LINE"):
        if index <= count:
            text = _CONTROLS.sub(" ", entry.value.partition("~")[0]).strip()
            lines.append(text[:MAX_LINE_CHARS])
        else:
            reader.add(FindingKind.COUNT, f"lies beyond NumLines={count}", section, key)
    return lines


def read_forbidden_names(data: bytes) -> list[str]:
    """Read one forbidden word per line; the file is no INI and may hold brackets."""
    text, _ = decode(data)
    words = (_CONTROLS.sub(" ", line).strip()[:MAX_WORD_CHARS] for line in text.split("\n"))
    return [word for word in words if word][:MAX_FORBIDDEN_NAMES]


def read_balance(ini: IniFile, reader: SectionReader) -> Balance:
    """Read the class and race figures; what the file lacks keeps its classic value."""
    classic = classic_balance()
    races = ini.section("MODRAZA")
    return structs.replace(
        classic,
        races={
            number: _race(figures, _RACE_PREFIXES[Race(number)], races, reader)
            for number, figures in classic.races.items()
        },
        classes={
            number: _class(figures, CLASS_NAMES[number - 1], ini, reader)
            for number, figures in classic.classes.items()
        },
        whole_spread=_spread(ini, reader, "E", classic.whole_spread),
        half_spread=_spread(ini, reader, "S", classic.half_spread),
        meditation_percent=_meditation(ini, reader, classic.meditation_percent),
        party_exponent=_factor(
            ini.section("PARTY"), "EXPONENTENIVELPARTY", reader, classic.party_exponent
        ),
        faction_experience=_faction_experience(ini, reader, classic.faction_experience),
    )


def _place(section: IniSection, reader: SectionReader) -> Place | None:
    number, x, y = (section.number(key) for key in ("MAPA", "X", "Y"))
    if 1 <= number <= MAX_NUMBER and 1 <= x <= SIDE and 1 <= y <= SIDE:
        return number, x, y
    reader.add(FindingKind.VALUE, f"map {number} ({x},{y}) is no place; left out", section)
    return None


def _tile(reader: SectionReader, section: IniSection, key: str) -> int:
    high = MAX_NUMBER if key == "MAPA" else SIDE
    return reader.bounded(section, key, section.number(key), 1, high)


def _race(
    figures: RaceFigures, prefix: str, section: IniSection, reader: SectionReader
) -> RaceFigures:
    changes: dict[str, Any] = {}
    for attribute, suffix in _ATTRIBUTE_SUFFIXES.items():
        key = prefix + suffix
        if key in section.entries:
            changes[attribute] = reader.bounded(section, key, section.number(key), -20, 20)
    return replace(figures, **changes)


def _class(figures: ClassFigures, name: str, ini: IniFile, reader: SectionReader) -> ClassFigures:
    changes: dict[str, Any] = {
        field: _factor(ini.section(title), name, reader, getattr(figures, field))
        for field, title in _CLASS_SECTIONS.items()
    }
    return replace(figures, **changes)


def _factor(section: IniSection, key: str, reader: SectionReader, classic: float) -> float:
    """Return a factor from 0 to 100, or the classic one when missing or beyond."""
    if key not in section.entries:
        return classic
    factor = val(section.text(key))
    if 0 <= factor <= _MAX_FACTOR:
        return factor
    reader.add(FindingKind.VALUE, f"{factor:g} is no factor; {classic:g} is taken", section, key)
    return classic


def _spread(
    ini: IniFile, reader: SectionReader, letter: str, classic: tuple[int, ...]
) -> tuple[int, ...]:
    """Read percentages that sum to 100."""
    section = ini.section("DISTRIBUCION")
    keys = [f"{letter}{index}" for index in range(1, len(classic) + 1)]
    if not any(key in section.entries for key in keys):
        return classic
    spread = tuple(section.number(key) for key in keys)
    if min(spread) >= 0 and sum(spread) == PERCENT:
        return spread
    message = f"{letter}1 to {letter}{len(classic)} do not sum to 100; the classic ones are taken"
    reader.add(FindingKind.VALUE, message, section)
    return classic


def _meditation(ini: IniFile, reader: SectionReader, classic: int) -> int:
    section, key = ini.section("EXTRA"), "PORCENTAJERECUPEROMANA"
    if key not in section.entries:
        return classic
    return reader.bounded(section, key, section.number(key), 0, PERCENT)


def _faction_experience(
    ini: IniFile, reader: SectionReader, classic: tuple[int, ...]
) -> tuple[int, ...]:
    section = ini.section("RECOMPENSAFACCION")
    return tuple(
        reader.bounded(section, key, section.number(key), 0, 2**31 - 1)
        if (key := f"RANGO{rank}") in section.entries
        else classic[rank - 1]
        for rank in range(1, FACTION_RANKS + 1)
    )
