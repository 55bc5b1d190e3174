"""Creatures about to think, and what they perceive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.creatures import WOLF, creature
from tests.support.people import person, with_figures
from tests.support.vectors import never

from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.rules.creature import Creature
from pyao.rules.instincts import Sight
from pyao.rules.numbers import Roll
from pyao.rules.person import Person


def user(x: int, y: int, user_id: int = 1, **figures: int) -> Person:
    """Make somebody on a tile."""
    return with_figures(person(user_id=user_id, x=x, y=y), figures)


def at(kind: NpcKind = WOLF, x: int = 50, y: int = 50, **figures: int) -> Creature:
    """Make a creature with its attack still to come."""
    made = creature(kind, x=x, y=y, can_attack=1, map=1)
    for name, value in figures.items():
        setattr(made, name, value)
    return made


def sight(
    *people: Person,
    roll: Roll = never,
    beasts: Sequence[Creature] = (),
    walls: Sequence[tuple[int, int]] = (),
    now: int = 0,
    no_magic: bool = False,
    spells: Sequence[Spell] = (),
) -> Sight:
    """Let a creature see these people and beasts, and walls where nobody walks."""
    users: Mapping[tuple[int, int], Person] = {(who.x, who.y): who for who in people}
    others = {(beast.x, beast.y): beast for beast in beasts}

    def may_step(x: int, y: int) -> bool:
        return (x, y) not in users and (x, y) not in others and (x, y) not in walls

    return Sight(
        people=people,
        user_at=lambda x, y: users.get((x, y)),
        creature_at=lambda x, y: others.get((x, y)),
        may_step=may_step,
        now=now,
        roll=roll,
        no_magic=no_magic,
        beasts=lambda: beasts,
        spell={spell.number: spell for spell in spells}.get,
    )
