"""A spell on its way: what its effects are given, and what they report.

An effect answers whether it took place; only then is the spell shown and paid. The effects stand
in `spells_on_users.py` and `spells_on_creatures.py`. Follows ao-libre/ao-server, modHechizos.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from pyao.rules.fight import Lesson
from pyao.rules.kinds import Skill
from pyao.rules.numbers import Roll, between
from pyao.rules.options import Options
from pyao.rules.permissions import UNBOUND, Refused, Ties
from pyao.rules.person import Person, Spot
from pyao.rules.records import ChangeFigures, SpellFigures
from pyao.rules.reputation import SAME, Standing
from pyao.rules.spells import has_effect, pay

T = TypeVar("T")


class Fizzle(Enum):
    """Why an allowed spell does nothing; the value is the key of the text told, "" for silence."""

    NOTHING = ""
    DEAD = "attack.target_dead"
    SELF = "spell.not_on_oneself"
    LEAVING = "spell.target_leaving"
    NO_INVISIBILITY_HERE = "map.no_invisibility"
    NO_RESURRECTION_HERE = "map.no_resurrection"
    NO_SUMMONS_HERE = "map.no_summons"
    NOT_PARALYSED = "spell.not_paralysed"
    NOT_STUNNED = "spell.not_stunned"
    IMMUNE = "spell.immune"
    NOT_YOURS = "spell.not_your_creature"
    ALIVE = "spell.target_alive"
    UNWILLING = "spell.target_unwilling"
    NOT_RESTED = "spell.not_rested"
    NO_INSTRUMENT = "spell.no_instrument"
    SAILING = "spell.sailing"
    DISGUISED = "spell.disguised"
    DRUIDS_ONLY = "spell.druids_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Casting(Generic[T]):
    """One spell on its way, aimed and affordable: who casts what at whom, where and when."""

    caster: Person
    spell: SpellFigures
    target: T
    here: Spot
    there: Spot
    now: int
    roll: Roll
    options: Options
    ties: Ties = UNBOUND  # of a target creature
    pets: int = 0  # how many the caster has, tamed and summoned
    leaving: bool = False  # the target user is counting down to leave


@dataclass(slots=True)
class Outcome:
    """What came of a spell. Without `done` nothing was shown and nothing paid.

    `attacked`: the target was attacked, whatever became of it. `shielded`: a ring kept the effect
    off. `changed` names what is different in the target, as the data names effects.
    """

    done: bool = False
    problem: Refused | Fizzle | None = None
    attacked: bool = False
    helped: bool = False
    standing: Standing = SAME
    damage: int = 0
    healing: int = 0
    experience: int = 0
    killed: bool = False
    caster_died: bool = False
    shielded: bool = False
    meditation_broken: bool = False
    changed: tuple[str, ...] = ()
    summons: tuple[int, int] | None = None  # creature's number, how many
    calls_pet: bool = False
    reveals: bool = False
    learns: tuple[Lesson, ...] = ()


def run(
    casting: Casting[T], effects: Mapping[str, Callable[[Casting[T], Outcome], bool]]
) -> Outcome:
    """Let every effect a spell's data names act; if one took place, pay for it and learn."""
    outcome = Outcome()
    for name, effect in effects.items():
        if has_effect(casting.spell, name):
            took_place = effect(casting, outcome)
            outcome.done = outcome.done or took_place
    if outcome.done and not outcome.caster_died:
        pay(casting.caster, casting.spell)
        outcome.learns = (Lesson(Skill.MAGIC, success=True),)
    return outcome


def fizzle(out: Outcome, problem: Fizzle) -> bool:
    """Report why an effect does not take place."""
    out.problem = problem
    return False


def changed(out: Outcome, name: str) -> bool:
    """Report what an effect changed."""
    out.changed += (name,)
    return True


def rolled(c: Casting[T], change: ChangeFigures) -> int:
    """Roll by how much a property changes."""
    return between(c.roll, change.low, change.high)
