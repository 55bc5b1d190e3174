"""One section of a classic data file to one record: items, npcs, spells and quests.

The declarations of the records drive it. Whatever the section holds, a legal record comes out;
what had to be changed is reported with its line. Follows ao-libre/ao-server, FileIO.bas.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyao.content.fields import MAX_NUMBER, Column, Pile, Ref, columns
from pyao.content.ini import Entry, IniSection, fields, fold, pair, whole
from pyao.content.items import Item
from pyao.content.npcs import DROP_SLOTS, NO_DROP, NpcKind, Trainee
from pyao.content.report import FindingKind, Report
from pyao.content.rulebook import Quest
from pyao.content.spells import NO_CHANGE, Change, Spell

CLASS_NAMES: Final = (
    *("MAGO", "CLERIGO", "GUERRERO", "ASESINO", "LADRON", "BARDO"),
    *("DRUIDA", "BANDIDO", "PALADIN", "CAZADOR", "TRABAJADOR", "PIRATA"),
)
SKILL_NAMES: Final = (
    *("MAGIA", "ROBAR", "EVASION EN COMBATE", "COMBATE CON ARMAS", "MEDITAR", "APUNALAR"),
    *("OCULTARSE", "SUPERVIVENCIA", "TALAR", "COMERCIO", "DEFENSA CON ESCUDOS", "PESCA"),
    *("MINERIA", "CARPINTERIA", "HERRERIA", "LIDERAZGO", "DOMAR ANIMALES"),
    *("COMBATE A DISTANCIA", "COMBATE SIN ARMAS", "NAVEGACION"),
)
MAX_TEXT_CHARS: Final = 4_000
MAX_LIST: Final = 100
"""Entries kept of a numbered list in one section; the classic ones hold at most 30."""

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_INDEXED: Final = re.compile(r"([A-Z]+)([1-9][0-9]{0,2})")

_ITEM_COLUMNS: Final = columns(Item)
_NPC_COLUMNS: Final = columns(NpcKind)
_SPELL_COLUMNS: Final = columns(Spell)
_QUEST_COLUMNS: Final = columns(Quest)


@dataclass(frozen=True, slots=True)
class SectionReader:
    """Reads the sections of one file; `known` tells which numbers a reference may name."""

    file: str
    report: Report
    known: Mapping[Ref, Container[int]]

    def add(self, kind: FindingKind, message: str, section: IniSection, key: str = "") -> None:
        """Report an anomaly of a key of the section."""
        line = section.line_of(key) if key else section.line
        where = f"[{section.name}] {key}" if key else f"[{section.name}]"
        self.report.add(kind, message, file=self.file, line=line, key=where)

    def bounded(self, section: IniSection, key: str, number: int, low: int, high: int) -> int:
        """Return the number, or the bound it lies beyond, which is reported."""
        if low <= number <= high:
            return number
        nearest = min(max(number, low), high)
        message = f"{number} is not within {low} and {high}; {nearest} is taken"
        self.add(FindingKind.VALUE, message, section, key)
        return nearest

    def text(self, section: IniSection, key: str) -> str:
        """Return a text without control characters and of bounded length."""
        text = _CONTROLS.sub(" ", section.text(key)).strip()
        if len(text) > MAX_TEXT_CHARS:
            message = f"a text of {len(text)} characters is cut to {MAX_TEXT_CHARS}"
            self.add(FindingKind.VALUE, message, section, key)
        return text[:MAX_TEXT_CHARS]

    def exists(self, section: IniSection, key: str, ref: Ref, number: int) -> bool:
        """Return whether a reference names something; one that does not is reported."""
        if 1 <= number <= MAX_NUMBER and number in self.known.get(ref, ()):
            return True
        message = f"names {ref.value} {number}, which does not exist; left out"
        self.add(FindingKind.REFERENCE, message, section, key)
        return False

    def scalars(self, section: IniSection, record: tuple[Column, ...]) -> dict[str, Any]:
        """Read every plain field that the section gives: numbers, flags, texts."""
        values: dict[str, Any] = {}
        for column in record:
            key = fold(column.key)
            if key not in section.entries:
                continue
            if column.kind is str:
                values[column.field] = self.text(section, key)
            elif column.kind is bool:
                values[column.field] = section.number(key) != 0
            elif column.kind is int and (number := self._number(section, key, column)) is not None:
                values[column.field] = number
        return values

    def _number(self, section: IniSection, key: str, column: Column) -> int | None:
        """Return a number within its bounds that names something, or None for the default."""
        number = section.number(key)
        if number < column.low and column.low > 0:  # a heading: the nearest makes no sense
            self.add(FindingKind.VALUE, f"{number} cannot be; the default is taken", section, key)
            return None
        number = self.bounded(section, key, number, column.low, column.high)
        if column.ref and number and not self.exists(section, key, column.ref, number):
            return None
        return number

    def indexed(self, section: IniSection, prefix: str) -> Iterator[tuple[int, str, Entry]]:
        """Iterate over `PREFIX1`, `PREFIX2`… in numeric order: index, key, entry."""
        found = []
        for key, entry in section.entries.items():
            match = _INDEXED.fullmatch(key)
            if match and match[1] == prefix:
                found.append((int(match[2]), key, entry))
        if len(found) > MAX_LIST:
            message = f"{len(found)} entries of {prefix}; only {MAX_LIST} are read"
            self.add(FindingKind.COUNT, message, section)
        yield from sorted(found)[:MAX_LIST]

    def counted(
        self, section: IniSection, prefix: str, count_key: str
    ) -> Iterator[tuple[int, str, Entry]]:
        """Iterate as `indexed`, but only up to the count the section gives; report the rest."""
        count = section.number(count_key)
        for index, key, entry in self.indexed(section, prefix):
            if index <= count:
                yield index, key, entry
            else:
                message = f"lies beyond {count_key}={count} and is not read"
                self.add(FindingKind.COUNT, message, section, key)

    def pile(self, section: IniSection, key: str, entry: Entry, ref: Ref) -> Pile | None:
        """Read `number-amount`; one that names nothing is reported and left out."""
        number, amount = pair(entry.value)
        if number == 0:
            if entry.value.strip("0- "):
                message = f"{entry.value[:40]!r} names no {ref.value}; left out"
                self.add(FindingKind.VALUE, message, section, key)
            return None
        if not self.exists(section, key, ref, number):
            return None
        return Pile(number, self.bounded(section, key, amount, 0, 2**31 - 1))

    def piles(
        self, section: IniSection, prefix: str, count_key: str, ref: Ref = Ref.ITEM
    ) -> tuple[Pile, ...]:
        """Read the piles of a counted list."""
        counted = self.counted(section, prefix, count_key)
        read = (self.pile(section, key, entry, ref) for _, key, entry in counted)
        return tuple(pile for pile in read if pile is not None)


def read_item(number: int, section: IniSection, reader: SectionReader) -> Item:
    """Read one `[OBJn]`."""
    values = reader.scalars(section, _ITEM_COLUMNS)
    values["forbidden_classes"] = tuple(_forbidden_classes(section, reader))
    values["ingredients"] = tuple(
        pile
        for _, key, entry in reader.indexed(section, "ITEMCRAFTEO")
        if (pile := reader.pile(section, key, entry, Ref.ITEM))
    )
    values["sounds"] = _sounds(section, reader)
    if "SKILLREQUERIDO" in section.entries:
        name, points = (*fields(section.text("SKILLREQUERIDO")), "", "")[:2]
        folded = fold(name.replace("+", " ").strip())
        values["required_skill"] = _position(SKILL_NAMES, folded)
        values["required_skill_points"] = min(max(whole(points), 0), 100)
        if not values["required_skill"]:
            message = f"{name[:40]!r} is no skill; none is required"
            reader.add(FindingKind.VALUE, message, section, "SKILLREQUERIDO")
    return Item(number=number, **values)


def read_npc(number: int, section: IniSection, reader: SectionReader) -> NpcKind:
    """Read one `[NPCn]`."""
    values = reader.scalars(section, _NPC_COLUMNS)
    values["respawns"] = section.number("RESPAWN") == 0
    values["stock"] = reader.piles(section, "OBJ", "NROITEMS")
    values["drops"] = _drops(section, reader)
    values["spells"] = tuple(
        spell
        for _, key, entry in reader.counted(section, "SP", "LANZASPELLS")
        if (spell := whole(entry.value)) and reader.exists(section, key, Ref.SPELL, spell)
    )
    values["creatures"] = tuple(
        Trainee(creature, reader.text(section, f"CN{index}"))
        for index, key, entry in reader.counted(section, "CI", "NROCRIATURAS")
        if (creature := whole(entry.value)) and reader.exists(section, key, Ref.NPC, creature)
    )
    values["phrases"] = tuple(
        reader.text(section, key) for _, key, _ in reader.counted(section, "EXP", "NROEXP")
    )
    return NpcKind(number=number, **values)


def read_spell(number: int, section: IniSection, reader: SectionReader) -> Spell:
    """Read one `[HECHIZOn]`."""
    values = reader.scalars(section, _SPELL_COLUMNS)
    for column in _SPELL_COLUMNS:
        if column.kind is Change:
            values[column.field] = _change(section, fold(column.key), reader)
    return Spell(number=number, **values)


def read_quest(number: int, section: IniSection, reader: SectionReader) -> Quest:
    """Read one `[QUESTn]`."""
    values = reader.scalars(section, _QUEST_COLUMNS)
    values["items"] = reader.piles(section, "REQUIREDOBJ", "REQUIREDOBJS")
    values["kills"] = reader.piles(section, "REQUIREDNPC", "REQUIREDNPCS", Ref.NPC)
    values["rewards"] = reader.piles(section, "REWARDOBJ", "REWARDOBJS")
    return Quest(number=number, **values)


def _position(names: tuple[str, ...], folded: str) -> int:
    """Return the place of a name in a list, counted from 1, or 0."""
    return names.index(folded) + 1 if folded in names else 0


def _forbidden_classes(section: IniSection, reader: SectionReader) -> Iterator[int]:
    for _, key, entry in reader.indexed(section, "CP"):
        if not entry.value:
            continue
        if number := _position(CLASS_NAMES, fold(entry.value)):
            yield number
        else:
            message = f"{entry.value[:40]!r} is no class; left out"
            reader.add(FindingKind.VALUE, message, section, key)


def _sounds(section: IniSection, reader: SectionReader) -> tuple[int, ...]:
    sounds = [
        reader.bounded(section, key, section.number(key), 0, 255)
        for key in ("SND1", "SND2", "SND3")
    ]
    while sounds and not sounds[-1]:
        sounds.pop()
    return tuple(sounds)


def _drops(section: IniSection, reader: SectionReader) -> tuple[Pile, ...]:
    """Read Drop1..Drop5 with their holes: the slot carries the odds."""
    drops = [NO_DROP] * DROP_SLOTS
    for index, key, entry in reader.indexed(section, "DROP"):
        if index > DROP_SLOTS:
            reader.add(FindingKind.COUNT, "there are only five drops; not read", section, key)
        else:
            drops[index - 1] = reader.pile(section, key, entry, Ref.ITEM) or NO_DROP
    while drops and drops[-1] == NO_DROP:
        drops.pop()
    return tuple(drops)


def _change(section: IniSection, suffix: str, reader: SectionReader) -> Change:
    direction, low, high = (
        reader.bounded(section, prefix + suffix, section.number(prefix + suffix), 0, limit)
        for prefix, limit in (("SUBE", 2), ("MIN", 2**31 - 1), ("MAX", 2**31 - 1))
    )
    return Change(direction, low, high) if direction or low or high else NO_CHANGE
