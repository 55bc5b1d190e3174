"""Creatures for tests of rules, made of the records that content loads."""

from __future__ import annotations

from pyao.content.npcs import NpcKind
from pyao.rules.creature import Creature
from pyao.rules.kinds import Movement, NpcRole

WOLF = NpcKind(
    number=500,
    name="wolf",
    attackable=True,
    hostile=True,
    movement=Movement.HOSTILE,
    max_hp=100,
    min_hit=3,
    max_hit=9,
    defense=10,
    attack_power=60,
    evasion_power=20,
    experience=500,
    alignment=2,
)
VILLAGER = NpcKind(number=501, name="villager", attackable=True, max_hp=20, movement=2)
ROYAL_GUARD = NpcKind(
    number=6, name="guard", role=NpcRole.ROYAL_GUARD, attackable=True, max_hp=500, movement=5
)
CHAOS_GUARD = NpcKind(
    number=7, name="dark guard", role=NpcRole.CHAOS_GUARD, attackable=True, max_hp=500, movement=5
)
DRAGON = NpcKind(
    number=502,
    name="dragon",
    role=NpcRole.DRAGON,
    attackable=True,
    hostile=True,
    max_hp=5_000,
    defense=150,
    experience=100_000,
)
PRIEST = NpcKind(number=503, name="priest", role=NpcRole.PRIEST, max_hp=10)


def creature(kind: NpcKind = WOLF, **figures: int) -> Creature:
    """Make a creature; `figures` are whole numbers and flags by the name of their field."""
    made = Creature.of(kind)
    for name, value in figures.items():
        assert hasattr(made, name), name
        setattr(made, name, value)
    return made
