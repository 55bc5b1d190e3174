"""A new character: its dice, what may be chosen, and its first figures and belongings.

Follows ao-libre/ao-server, TCP.bas and Protocol.bas. Where it starts is the world's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from pyao.rules.balance import CLASSES, RACES, ClassFigures, RaceFigures
from pyao.rules.character import SPELL_SLOTS, Attributes, Character, Slot, UserId
from pyao.rules.kinds import Gender
from pyao.rules.numbers import Roll

DiceMode = Literal["classic", "fixed", "range"]

HOMES = 6
RED_POTIONS = (857, 200)
BLUE_POTIONS = (856, 200)
YELLOW_POTIONS = (855, 100)
GREEN_POTIONS = (858, 50)
APPLES = (467, 100)
WATER = (468, 100)
ARROWS = 150

HP_BASE = 15
STAMINA_UNIT = 20


class CreationProblem(Enum):
    """Why a character cannot be made; the value is the key of the text told to the player."""

    RACE = "creation.race"
    GENDER = "creation.gender"
    CLASS = "creation.class"
    HOME = "creation.home"
    HEAD = "creation.head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a player picks on the creation screen; hostile until `check_creation` passed it."""

    name: str
    race: int
    gender: int
    char_class: int
    head: int
    home: int = 1
    email: str = ""


@dataclass(frozen=True, slots=True)
class Origins:
    """The figures of a world's races and classes."""

    races: Mapping[int, RaceFigures]
    classes: Mapping[int, ClassFigures]


CLASSIC = Origins(RACES, CLASSES)


def roll_dice(
    roll: Roll, mode: DiceMode = "classic", *, fixed: int = 18, low: int = 18, high: int = 20
) -> Attributes:
    """Throw the five attributes, before the race is added.

    `fixed` gives each the same figure, `range` a uniform one between `low` and `high`.
    """
    if mode == "fixed":
        return Attributes(fixed, fixed, fixed, fixed, fixed)
    if mode == "range":
        return Attributes(*(roll(low, high) for _ in range(5)))
    return Attributes(
        strength=max(15, 13 + roll(0, 3) + roll(0, 2)),
        agility=max(15, 12 + roll(0, 3) + roll(0, 3)),
        intelligence=max(16, 13 + roll(0, 3) + roll(0, 2)),
        charisma=max(15, 12 + roll(0, 3) + roll(0, 3)),
        constitution=16 + roll(0, 1) + roll(0, 1),
    )


def check_creation(
    race: int,
    gender: int,
    char_class: int,
    head: int,
    home: int,
    races: Mapping[int, RaceFigures] = RACES,
) -> CreationProblem | None:
    """Return the first thing that cannot be chosen in a world with these races, or None.

    A wrong head is worth a line in the log: the official client cannot send one.
    """
    if race not in races:
        return CreationProblem.RACE
    if gender not in (Gender.MALE, Gender.FEMALE):
        return CreationProblem.GENDER
    if char_class not in CLASSES:
        return CreationProblem.CLASS
    if not 1 <= home <= HOMES:
        return CreationProblem.HOME
    first, last = races[race].heads(gender)
    if not first <= head <= last:
        return CreationProblem.HEAD
    return None


def with_race(dice: Attributes, race: RaceFigures) -> Attributes:
    """Return the attributes with what the race adds or takes."""
    return Attributes(
        strength=dice.strength + race.strength,
        agility=dice.agility + race.agility,
        intelligence=dice.intelligence + race.intelligence,
        charisma=dice.charisma + race.charisma,
        constitution=dice.constitution + race.constitution,
    )


def starting_hp(constitution: int, roll: Roll) -> int:
    """Return 15 + rand(1, Con div 3)."""
    return HP_BASE + roll(1, constitution // 3)


def starting_stamina(agility: int, roll: Roll) -> int:
    """Return 20 * rand(1, Agi div 6), where a 1 counts as a 2."""
    return STAMINA_UNIT * max(2, roll(1, agility // 6))


def starting_mana(intelligence: int, figures: ClassFigures) -> int:
    """Return the mana of level 1."""
    return figures.mana_start + figures.mana_start_per_int * intelligence


def starting_items(
    race: RaceFigures, figures: ClassFigures, mana: int, roll: Roll
) -> list[tuple[int, int, bool]]:
    """Return (item, amount, equipped) in the order of the slots."""
    items = [(*RED_POTIONS, False)]
    if mana > 0 or figures.blue_potions:
        items.append((*BLUE_POTIONS, False))
    else:
        items += [(*YELLOW_POTIONS, False), (*GREEN_POTIONS, False)]
    items.append((race.clothes, 1, True))
    choice = len(figures.weapons)
    items.append((figures.weapons[roll(1, choice) - 1 if choice > 1 else 0], 1, True))
    if figures.ammunition:
        items.append((figures.ammunition, ARROWS, True))
    items += [(*APPLES, False), (*WATER, False)]
    return items


def new_character(
    choice: Choice,
    dice: Attributes,
    roll: Roll,
    *,
    user_id: UserId,
    account: str,
    created: int = 0,
    origins: Origins = CLASSIC,
) -> Character:
    """Make the character of a checked choice, on its first day and nowhere yet.

    Rolls, in order: hit points, stamina, and for a worker the tool.
    """
    race, figures = origins.races[choice.race], origins.classes[choice.char_class]
    attributes = with_race(dice, race)
    hp = starting_hp(attributes.constitution, roll)
    stamina = starting_stamina(attributes.agility, roll)
    mana = starting_mana(attributes.intelligence, figures)
    character = Character(
        user_id=user_id,
        name=choice.name,
        account=account,
        race=choice.race,
        gender=choice.gender,
        char_class=choice.char_class,
        head=choice.head,
        home=choice.home,
        email=choice.email,
        created=created,
        hp=hp,
        max_hp=hp,
        mana=mana,
        max_mana=mana,
        stamina=stamina,
        max_stamina=stamina,
        attributes=attributes,
    )
    for slot, (item, amount, equipped) in enumerate(starting_items(race, figures, mana, roll)):
        character.inventory[slot] = Slot(item, amount, equipped)
    character.spells = [*figures.spells, *[0] * (SPELL_SLOTS - len(figures.spells))]
    return character
