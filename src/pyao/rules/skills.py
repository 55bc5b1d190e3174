"""Skills: points earned by use and points assigned, their costs and their ceilings.

Follows ao-libre/ao-server, Modulo_UsUaRiOs.bas (SubirSkill) and Protocol.bas (ModifySkills).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pyao.rules.character import SKILLS, Character
from pyao.rules.kinds import Skill
from pyao.rules.leveling import CLASSIC, NO_GROWTH, Growth, Ladder, gain_experience
from pyao.rules.numbers import Roll

SKILL_MAX = 100
SUCCESS = 50
FAILURE = 20
POINT_EXPERIENCE = 50
ASSIGNED_FIRST = 10
COST_BASE = 200
COST_GROWTH = 1.05

_CEILINGS = (
    *(3, 5, 7, 10, 13, 15, 17, 20, 23, 25, 27, 30, 33, 35, 37, 40, 43, 45, 47, 50),
    *(53, 55, 57, 60, 63, 65, 67, 70, 73, 75, 77, 80, 83, 85, 87, 90, 93, 95, 97, 100),
)


class AssignProblem(Enum):
    """Why assigned points are refused. No honest client sends such a packet: log it."""

    COUNT = "skill.count"
    NEGATIVE = "skill.negative"
    TOO_MANY = "skill.too_many"
    ABOVE_TOP = "skill.above_top"


@dataclass(frozen=True, slots=True)
class Training:
    """What using a skill led to.

    `value` is the new value of `skill` when a point came; `unassigned` asks to tell once that the
    first ten points must be assigned before use teaches anything.
    """

    value: int = 0
    growth: Growth = NO_GROWTH
    unassigned: bool = False
    skill: Skill | None = None


NOTHING_LEARNED = Training()
UNASSIGNED = Training(unassigned=True)


def skill_cost(value: int) -> int:
    """Return the use it takes from `value` to the next point: rhe(200 * 1.05^v); 0 at the top."""
    return round(COST_BASE * COST_GROWTH**value) if value < SKILL_MAX else 0


def skill_ceiling(level: int) -> int:
    """Return how far use alone teaches a skill at a level."""
    return _CEILINGS[min(level, len(_CEILINGS)) - 1]


def train(
    who: Character, skill: Skill, roll: Roll, *, success: bool, ladder: Ladder = CLASSIC
) -> Training:
    """Learn from one use; at most one point, which gives 50 experience."""
    at = skill - 1
    value = who.skills[at]
    if who.hunger <= 0 or who.thirst <= 0:
        return NOTHING_LEARNED
    if who.assigned_points < ASSIGNED_FIRST:
        return UNASSIGNED
    if value >= SKILL_MAX or value >= skill_ceiling(who.level):
        return NOTHING_LEARNED
    learned = who.skill_experience[at] + (SUCCESS if success else FAILURE)
    cost = skill_cost(value)
    if learned < cost:
        who.skill_experience[at] = learned
        return NOTHING_LEARNED
    value += 1
    who.skills[at] = value
    who.skill_next[at] = skill_cost(value)
    who.skill_experience[at] = learned - cost if value < SKILL_MAX else 0
    growth = gain_experience(who, POINT_EXPERIENCE, roll, ladder)
    return Training(value, growth, skill=skill)


def assign(who: Character, increments: Sequence[int]) -> AssignProblem | None:
    """Spend free points on skills, all or nothing; the ceiling of the level does not apply."""
    if len(increments) != SKILLS:
        return AssignProblem.COUNT
    if min(increments) < 0:
        return AssignProblem.NEGATIVE
    total = sum(increments)
    if total > who.free_skill_points:
        return AssignProblem.TOO_MANY
    if any(value + more > SKILL_MAX for value, more in zip(who.skills, increments, strict=True)):
        return AssignProblem.ABOVE_TOP
    who.assigned_points = min(ASSIGNED_FIRST, who.assigned_points + total)
    who.free_skill_points -= total
    for at, more in enumerate(increments):
        if more:
            who.skills[at] += more
            who.skill_experience[at] = 0
            who.skill_next[at] = skill_cost(who.skills[at])
    return None


def progress(who: Character) -> list[tuple[int, int]]:
    """Return (value, per cent of the way to the next point) of each skill, for SendSkills."""
    return [
        (value, 100 * learned // skill_cost(value) if value < SKILL_MAX else 0)
        for value, learned in zip(who.skills, who.skill_experience, strict=True)
    ]
