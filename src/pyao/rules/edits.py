"""What staff may change about a character with /mod: the field, its bounds, and who may.

Follows ao-libre/ao-server, Protocol.bas (HandleEditChar). A value out of bounds changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from pyao.rules.character import Character, Section
from pyao.rules.kinds import CharClass, Gender, Privilege, Race, Skill
from pyao.rules.leveling import Ladder, experience_next
from pyao.rules.reputation import KILLS_MAX, REPUTATION_MAX
from pyao.rules.roles import role_of
from pyao.rules.vault import BANK_GOLD_MAX

GOLD_MAX: Final = 5_000_000
LIFE_MAX: Final = 30_000
EXPERIENCE_MAX: Final = 20_000_000
LEVEL_MAX: Final = 255
SKILL_MAX: Final = 100
LOOK_MAX: Final = 32_767


class Field(IntEnum):
    """A field of /mod, numbered as on the wire."""

    GOLD = 1
    EXPERIENCE = 2
    BODY = 3
    HEAD = 4
    CITIZENS_KILLED = 5
    CRIMINALS_KILLED = 6
    LEVEL = 7
    CLASS = 8
    SKILL = 9
    FREE_POINTS = 10
    NOBLE = 11
    ASSASSIN = 12
    SEX = 13
    RACE = 14
    BANK_GOLD = 15
    LIFE = 16
    POSITION = 17


WORDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "ORO": Field.GOLD,
        "EXP": Field.EXPERIENCE,
        "BODY": Field.BODY,
        "HEAD": Field.HEAD,
        "CIU": Field.CITIZENS_KILLED,
        "CRI": Field.CRIMINALS_KILLED,
        "LEVEL": Field.LEVEL,
        "CLASE": Field.CLASS,
        "SKILLS": Field.SKILL,
        "SKILLSLIBRES": Field.FREE_POINTS,
        "NOB": Field.NOBLE,
        "ASE": Field.ASSASSIN,
        "SEX": Field.SEX,
        "RAZA": Field.RACE,
        "AGREGAR": Field.BANK_GOLD,
        "VIDA": Field.LIFE,
        "POSS": Field.POSITION,
    }
)
"""What fields are called when they are typed."""

CLASSES: Final[Mapping[str, CharClass]] = MappingProxyType(
    {
        "MAGO": CharClass.MAGE,
        "CLERIGO": CharClass.CLERIC,
        "GUERRERO": CharClass.WARRIOR,
        "ASESINO": CharClass.ASSASSIN,
        "LADRON": CharClass.THIEF,
        "BARDO": CharClass.BARD,
        "DRUIDA": CharClass.DRUID,
        "BANDIDO": CharClass.BANDIT,
        "PALADIN": CharClass.PALADIN,
        "CAZADOR": CharClass.HUNTER,
        "TRABAJADOR": CharClass.WORKER,
        "PIRATA": CharClass.PIRATE,
    }
)
RACES: Final[Mapping[str, Race]] = MappingProxyType(
    {
        "HUMANO": Race.HUMAN,
        "ELFO": Race.ELF,
        "DROW": Race.DROW,
        "ELFO OSCURO": Race.DROW,
        "GNOMO": Race.GNOME,
        "ENANO": Race.DWARF,
    }
)
SEXES: Final[Mapping[str, Gender]] = MappingProxyType(
    {"HOMBRE": Gender.MALE, "MUJER": Gender.FEMALE}
)

_OF_MASTERS = frozenset({Field.BODY, Field.HEAD})
_OWN_OF_MASTERS = frozenset({Field.LEVEL, Field.LIFE})
_OF_HIGH_MASTERS = frozenset(
    {
        Field.CITIZENS_KILLED,
        Field.CRIMINALS_KILLED,
        Field.CLASS,
        Field.SKILL,
        Field.BANK_GOLD,
    }
)


def may_edit(privileges: int, field: Field, *, oneself: bool) -> bool:
    """Return whether one of these ranks may change a field, of oneself or of somebody else."""
    role = role_of(privileges)
    if privileges & Privilege.ROLE_MASTER:
        return _master_may(role, field, oneself=oneself)
    if field is Field.LIFE:
        return oneself and role >= Privilege.COUNSELLOR
    least = Privilege.DEMIGOD if field is Field.POSITION else Privilege.GOD
    return role >= least


def _master_may(role: Privilege, field: Field, *, oneself: bool) -> bool:
    if role < Privilege.COUNSELLOR:
        return False
    if field in _OWN_OF_MASTERS:
        return oneself
    if field in _OF_MASTERS:
        return oneself or role >= Privilege.DEMIGOD
    return field in _OF_HIGH_MASTERS and role >= Privilege.GOD


def whole(text: str, low: int, high: int) -> int | None:
    """Read a whole number within bounds; None for anything else."""
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12):  # noqa: PLR2004 - fits
        return None
    value = int(text)
    return value if low <= value <= high else None


def _number(name: str, most: int, section: Section = Section.STATS) -> _Setter:
    def put(who: Character, first: str, _second: str, _ladder: Ladder) -> Section | None:
        value = whole(first, 0, most)
        if value is None:
            return None
        setattr(who, name, value)
        return section

    return put


def _word(name: str, known: Mapping[str, int]) -> _Setter:
    def put(who: Character, first: str, second: str, _ladder: Ladder) -> Section | None:
        text = f"{first} {second}".replace("+", " ").strip().upper()
        value = known.get(text)
        if value is None:
            return None
        setattr(who, name, int(value))
        return Section.PROFILE

    return put


def _level(who: Character, first: str, _second: str, ladder: Ladder) -> Section | None:
    value = whole(first, 1, LEVEL_MAX)
    if value is None:
        return None
    who.level, who.experience = value, 0
    who.experience_next = experience_next(value, ladder.curve)
    return Section.STATS


def _life(who: Character, first: str, _second: str, _ladder: Ladder) -> Section | None:
    value = whole(first, 1, LIFE_MAX)
    if value is None or who.dead:  # to rise from the dead is more than a number
        return None
    who.max_hp = who.hp = value
    return Section.STATS


def _skill(who: Character, first: str, second: str, _ladder: Ladder) -> Section | None:
    name = first.replace("+", "_").replace(" ", "_").upper()
    value = whole(second, 0, SKILL_MAX)
    skill = Skill.__members__.get(name) or _numbered(first)
    if value is None or skill is None:
        return None
    who.skills[skill - 1] = value
    return Section.SKILLS


def _numbered(text: str) -> Skill | None:
    number = whole(text, 1, len(Skill))
    return None if number is None else Skill(number)


def _bank(who: Character, first: str, _second: str, _ladder: Ladder) -> Section | None:
    value = whole(first, -GOLD_MAX, GOLD_MAX)
    if value is None or who.bank_gold + value > BANK_GOLD_MAX:
        return None
    who.bank_gold = max(who.bank_gold + value, 0)
    return Section.STATS


_Setter = Callable[[Character, str, str, Ladder], Section | None]

_SETTERS: Final[Mapping[Field, _Setter]] = MappingProxyType(
    {
        Field.GOLD: _number("gold", GOLD_MAX),
        Field.HEAD: _number("head", LOOK_MAX, Section.PROFILE),
        Field.CITIZENS_KILLED: _number("citizens_killed", KILLS_MAX),
        Field.CRIMINALS_KILLED: _number("criminals_killed", KILLS_MAX),
        Field.LEVEL: _level,
        Field.CLASS: _word("char_class", CLASSES),
        Field.SKILL: _skill,
        Field.FREE_POINTS: _number("free_skill_points", LOOK_MAX, Section.SKILLS),
        Field.NOBLE: _number("noble", REPUTATION_MAX),
        Field.ASSASSIN: _number("assassin", REPUTATION_MAX),
        Field.SEX: _word("gender", SEXES),
        Field.RACE: _word("race", RACES),
        Field.BANK_GOLD: _bank,
        Field.LIFE: _life,
    }
)
"""The fields that are stored; body, experience and position are changed in the world."""


def change(who: Character, field: Field, first: str, second: str, ladder: Ladder) -> Section | None:
    """Change a stored field; return what became dirty, None for a value that is none."""
    put = _SETTERS.get(field)
    return None if put is None else put(who, first, second, ladder)
