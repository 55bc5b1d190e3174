"""Characters at play for tests of rules: level 1, human, male, warrior unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pyao.rules.character import Attributes, Slot, UserId
from pyao.rules.kinds import CharClass, Gender, Race, Skill
from pyao.rules.person import Gear, Person


def person(
    *,
    char_class: int = CharClass.WARRIOR,
    race: int = Race.HUMAN,
    gender: int = Gender.MALE,
    attributes: Attributes | None = None,
    skills: Mapping[Skill, int] | None = None,
    gear: Gear | None = None,
    **figures: int,
) -> Person:
    """Make a person; `figures` are whole numbers and flags by the name of their field."""
    who = Person(
        user_id=UserId(figures.pop("user_id", 1)),
        name="Ana",
        account="ana",
        race=race,
        gender=gender,
        char_class=char_class,
        head=1,
        attributes=attributes or Attributes(),
        gear=gear or Gear(),
    )
    for skill, value in (skills or {}).items():
        who.skills[skill - 1] = value
    return with_figures(who, figures)


def with_figures(who: Person, figures: Mapping[str, int]) -> Person:
    """Set whole numbers and flags by the name of their field."""
    for name, value in figures.items():
        assert hasattr(who, name), name
        setattr(who, name, value)
    return who


def with_current(who: Person, **changes: int) -> Person:
    """Change the current attributes only, as a potion does."""
    who.current = replace(who.current, **changes)
    return who


def carrying(*slots: Slot | None, **figures: int) -> Person:
    """Make a person with these things in its first slots."""
    who = with_figures(person(), figures)
    who.inventory[: len(slots)] = slots
    return who
