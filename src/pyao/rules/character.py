"""A character as it is saved: plain data, no behaviour, no connection.

`storage/records.py` knows how each section is written; the live `Player` of the world extends
`Character` by what is never saved. A new stored field is one line here, with its default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag, auto
from typing import NewType

from pyao.rules.kinds import Faction

UserId = NewType("UserId", int)

INVENTORY_SLOTS = 25
BANK_SLOTS = 40
SPELL_SLOTS = 35
SKILLS = 20


class Section(IntFlag):
    """The parts of a character that are stored under keys of their own and dirtied apart."""

    POSITION = auto()
    STATS = auto()
    INVENTORY = auto()
    SPELLS = auto()
    SKILLS = auto()
    BANK = auto()
    FLAGS = auto()
    PROFILE = auto()

    @classmethod
    def everything(cls) -> Section:
        """All sections, as for a new character or one that logs out."""
        return ~cls(0)


@dataclass(slots=True)
class Slot:
    """One occupied slot of an inventory or vault: item number, amount 1 to 10,000."""

    item: int
    amount: int
    equipped: bool = False


@dataclass(slots=True)
class Attributes:
    """The five attributes with the race modifier in; temporary changes are not here."""

    strength: int = 18
    agility: int = 18
    intelligence: int = 18
    charisma: int = 18
    constitution: int = 18


@dataclass(slots=True, kw_only=True)
class Whereabouts:
    """What is remembered of a character that each of its steps asks for.

    Apart, so that it lies side by side: slots are laid out class by class, each in the order of
    their names, and of a thousand who walk every line of memory that a step touches is slow.
    """

    # Section.POSITION
    map: int = 1
    x: int = 50
    y: int = 50
    heading: int = 3

    # Section.FLAGS
    paralysed: bool = False
    sailing: bool = False
    hidden: bool = False


@dataclass(slots=True, kw_only=True)
class Character(Whereabouts):  # one record by nature; its fields are grouped by section
    """Everything that is remembered of a character between two log-ins."""

    # Section.PROFILE
    user_id: UserId
    name: str
    account: str
    race: int
    gender: int
    char_class: int
    head: int
    home: int = 1
    email: str = ""
    description: str = ""
    created: int = 0  # unix seconds
    addresses: str = ""  # the last five it came from, the newest first
    privileges: int = 1  # Privilege bits; the account's role decides at log-in

    # Section.STATS
    level: int = 1
    experience: int = 0
    experience_next: int = 300
    hp: int = 20
    max_hp: int = 20
    mana: int = 0
    max_mana: int = 0
    stamina: int = 40
    max_stamina: int = 40
    hunger: int = 100
    max_hunger: int = 100
    thirst: int = 100
    max_thirst: int = 100
    min_hit: int = 1
    max_hit: int = 2
    gold: int = 0
    bank_gold: int = 0
    attributes: Attributes = field(default_factory=Attributes)
    assassin: int = 0  # reputation, six figures
    bandit: int = 0
    bourgeois: int = 0
    thief: int = 0
    noble: int = 1000
    plebeian: int = 30
    citizens_killed: int = 0
    criminals_killed: int = 0
    users_killed: int = 0
    npcs_killed: int = 0
    deaths: int = 0

    # Section.SKILLS: index = skill number - 1
    free_skill_points: int = 10
    assigned_points: int = 0  # of the first ten; skills are trained by use once all are assigned
    skills: list[int] = field(default_factory=lambda: [0] * SKILLS)
    skill_experience: list[int] = field(default_factory=lambda: [0] * SKILLS)
    skill_next: list[int] = field(default_factory=lambda: [200] * SKILLS)

    # Section.INVENTORY, Section.BANK: index = slot - 1
    inventory: list[Slot | None] = field(default_factory=lambda: [None] * INVENTORY_SLOTS)
    bank: list[Slot | None] = field(default_factory=lambda: [None] * BANK_SLOTS)

    # Section.SPELLS: index = slot - 1, value = spell number, 0 = empty
    spells: list[int] = field(default_factory=lambda: [0] * SPELL_SLOTS)

    # Section.FLAGS
    poisoned: bool = False
    invisible: bool = False
    muted_until: int = 0  # unix seconds
    jail_minutes: int = 0
    pet_1: int = 0  # the kinds of creatures it has tamed
    pet_2: int = 0
    pet_3: int = 0
    faction: Faction = Faction.NONE
    faction_rank: int = 0  # rewards received; it stays when one leaves
    faction_level: int = 0  # the level with which it enlisted first
    faction_since: int = 0  # unix seconds; when that was
    enlistments: int = 0
    welcomed_royal: bool = False  # each army gives its welcome once
    welcomed_chaos: bool = False

    # Stored fields this version does not know, by key ending; written back as they came
    unknown: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def dead(self) -> bool:
        """A character without hit points is a ghost until resurrected."""
        return self.hp <= 0
