"""A character while it plays, as the rules see it: a `Character` and what dies with the process.

State only. The world's player adds its connection; no rule needs that.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pyao.rules.appearance import Look
from pyao.rules.balance import RACES, RaceFigures
from pyao.rules.character import Attributes, Character
from pyao.rules.creature import Creature
from pyao.rules.intervals import LONG_AGO, Intervals
from pyao.rules.kinds import Privilege, Race, Skill, Trigger
from pyao.rules.records import ItemFigures
from pyao.rules.reputation import is_criminal
from pyao.rules.social import STAFF

NEWBIE_MAX_LEVEL = 12
_COUNSELLOR = int(Privilege.COUNSELLOR)


@dataclass(slots=True)
class Gear:
    """What is equipped, place by place."""

    weapon: ItemFigures | None = None
    armour: ItemFigures | None = None
    shield: ItemFigures | None = None
    helmet: ItemFigures | None = None
    ring: ItemFigures | None = None
    ammunition: ItemFigures | None = None
    backpack: ItemFigures | None = None
    boat: ItemFigures | None = None  # the one being sailed


@dataclass(slots=True)
class Effects:
    """Counters and ends of what acts on a character over time, in milliseconds.

    `..._ms` have run so long since they last acted; `..._until` is when the state ends.
    """

    at: int | None = None  # up to when time has been accounted for
    put_off_ms: int = 0  # of it only hunger and thirst have not been told yet

    hp_ms: int = 0
    stamina_ms: int = 0
    hunger_ms: int = 0
    thirst_ms: int = 0
    poison_ms: int = 0
    cold_ms: int = 0
    lava_ms: int = 0
    rain_ms: int = 0
    meditation_ms: int = 0

    paralysis_until: int = 0
    dazed_until: int = 0  # stun and blindness share it
    invisible_until: int = 0
    invisible_next_ms: int | None = None  # how long the next invisibility lasts; None = standard
    hidden_until: int = 0
    mimicry_until: int = 0
    attributes_until: int = 0
    attackable_until: int = 0
    meditation_from: int = LONG_AGO


@dataclass(slots=True, kw_only=True, eq=False)
class Posture(Character):
    """What each packet of a character at play asks for; apart as `Whereabouts` is."""

    meditating: bool = False
    resting: bool = False
    trading: bool = False  # with a merchant, a banker or another player
    protected_until: int = 0  # creatures leave it alone, in milliseconds; any packet ends it


@dataclass(slots=True, kw_only=True, eq=False)
class Person(Posture):
    """A character at play, equal only to itself. `current` are attributes with their changes."""

    current: Attributes = field(init=False)
    build: RaceFigures = field(init=False)  # of its race, as the world has it
    gear: Gear = field(default_factory=Gear)
    effects: Effects = field(default_factory=Effects)
    intervals: Intervals = field(default_factory=Intervals)

    safe: bool = True  # the lock against attacking citizens
    resurrection_safe: bool = False
    consulting: bool = False  # with staff
    unseen: bool = False  # staff that nobody sees
    ignored: bool = False  # creatures take no notice

    immobilised: bool = False
    stunned: bool = False
    blinded: bool = False
    disguise: Look | None = None  # of a mimic
    attackable_by: int = 0  # the user who may attack this one without penalty
    paralysed_by: int = 0  # the user who did it
    selected_spell: int = 0
    owned: Creature | None = None  # the creature it fights and that is its own meanwhile

    last_citizen_killed: str = ""
    last_criminal_killed: str = ""

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __post_init__(self) -> None:
        self.current = replace(self.attributes)
        self.build = RACES.get(self.race, RACES[Race.HUMAN])

    @property
    def hungry(self) -> bool:
        """Too hungry to recover or learn."""
        return self.hunger <= 0

    @property
    def thirsty(self) -> bool:
        """Too thirsty to recover or learn."""
        return self.thirst <= 0

    @property
    def in_need(self) -> bool:
        """Hungry or thirsty."""
        return self.hunger <= 0 or self.thirst <= 0

    @property
    def newbie(self) -> bool:
        """A newcomer, up to level 12."""
        return self.level <= NEWBIE_MAX_LEVEL

    @property
    def naked(self) -> bool:
        """Without clothes, whatever the boat shows."""
        return self.gear.armour is None

    @property
    def criminal(self) -> bool:
        """With an average reputation below zero."""
        return is_criminal(self)

    @property
    def staff(self) -> bool:
        """Of any staff rank."""
        return bool(self.privileges & STAFF)

    @property
    def counsellor(self) -> bool:
        """Of the lowest staff rank, which may not fight."""
        return bool(self.privileges & _COUNSELLOR)

    @property
    def out_of_sight(self) -> bool:
        """Hidden or invisible."""
        return self.hidden or self.invisible

    def skill(self, skill: Skill) -> int:
        """Return the points in a skill."""
        return self.skills[skill - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What the ground says where somebody stands: the map's rules and the tile's."""

    map: int = 1
    trigger: int = Trigger.NONE
    safe: bool = False  # a map without fights between players
    no_magic: bool = False
    no_invisibility: bool = False
    no_resurrection: bool = False
    no_hiding: bool = False
    no_summons: bool = False
    free_creatures: bool = False  # a map where creatures belong to nobody
    water: bool = False

    @property
    def arena(self) -> bool:
        """A place where fights cost nothing."""
        return self.trigger == Trigger.ARENA

    @property
    def truce(self) -> bool:
        """A tile without fights, thefts and summons."""
        return self.trigger == Trigger.SAFE


def distance(ax: int, ay: int, bx: int, by: int) -> int:
    """Return the distance in steps between two tiles of one map."""
    return abs(ax - bx) + abs(ay - by)
