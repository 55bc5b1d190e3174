"""Experience and levels: what each level costs and what it gives.

Follows ao-libre/ao-server, Modulo_UsUaRiOs.bas; the older curve is that of 0.13.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from types import MappingProxyType
from typing import Literal

from pyao.rules.balance import CLASSES, ClassFigures
from pyao.rules.character import Character
from pyao.rules.numbers import Roll

ExpCurve = Literal["baseline", "0.13.0"]

FIRST_LEVEL_EXP = 300
EXP_MAX = 99_999_999
MAX_LEVEL = 47  # what players of the classic server could reach
LEVEL_WIRE_CAP = 55  # the next cost does not fit the signed 32 bits of UpdateUserStats

HP_MAX = 999
MANA_MAX = 9999
STAMINA_MAX = 999
HIT_MAX_TO_35 = 99
HIT_MAX_FROM_36 = 999
HIT_LEVEL = 36
FIRST_SKILL_POINTS = 10
SKILL_POINTS = 5

Spread = tuple[int, ...]
"""Per cents, in all 100, of the life a level gives: from the most to the least."""

HALF_SPREAD: Spread = (10, 40, 40, 10)
WHOLE_SPREAD: Spread = (10, 20, 40, 20, 10)

# (last new level, factor): the cost of a level is the one before times the factor, rounded.
_FACTORS: Mapping[ExpCurve, tuple[tuple[int, float], ...]] = MappingProxyType(
    {
        "baseline": ((14, 1.4), (20, 1.35), (25, 1.3), (34, 1.2), (39, 1.3), (255, 1.375)),
        "0.13.0": ((14, 1.4), (20, 1.35), (32, 1.3), (40, 1.225), (255, 1.25)),
    }
)


@cache
def _costs(curve: ExpCurve) -> tuple[int, ...]:
    costs = [FIRST_LEVEL_EXP]
    for upto, factor in _FACTORS[curve]:
        while len(costs) < min(upto, LEVEL_WIRE_CAP):
            costs.append(round(costs[-1] * factor))
    return tuple(costs)


def experience_next(level: int, curve: ExpCurve = "baseline") -> int:
    """Return the experience needed to leave a level; elu(n) = rhe(elu(n-1) * f(n)).

    Levels beyond the last the wire can carry cost what that one does.
    """
    return _costs(curve)[min(level, LEVEL_WIRE_CAP) - 1]


def total_experience(level: int, curve: ExpCurve = "baseline") -> int:
    """Return the experience needed to reach a level from the first."""
    return sum(_costs(curve)[: level - 1])


@dataclass(frozen=True, slots=True)
class LevelGain:
    """What one level gave, after the caps."""

    level: int
    hp: int
    mana: int
    stamina: int
    hit: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What a gain of experience led to; `skill_points` is the sum over all levels."""

    levels: tuple[LevelGain, ...] = ()
    skill_points: int = 0


NO_GROWTH = Growth()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """How one world's levels are climbed."""

    curve: ExpCurve = "baseline"
    max_level: int = MAX_LEVEL
    exp_max: int = EXP_MAX
    half_spread: Spread = HALF_SPREAD
    whole_spread: Spread = WHOLE_SPREAD
    classes: Mapping[int, ClassFigures] = field(default_factory=lambda: CLASSES)


CLASSIC = Ladder()


def life_average(hp_base: float, constitution: int) -> float:
    """Return the mean life of a level: base_life(class) - (21 - Con) * 0.5."""
    return hp_base - (21 - constitution) * 0.5


def life_gain(
    average: float, d: int, half: Spread = HALF_SPREAD, whole: Spread = WHOLE_SPREAD
) -> int:
    """Return the life of a level for a roll `d` of 0 to 100, around an average.

    A spread of n per cents gives `average + (n - 1) / 2` on the lowest rolls and one less for each
    further step.
    """
    spread = half if average % 1 else whole
    steps = sum(d > bound for bound in list(accumulate(spread))[:-1])
    return int(average + (len(spread) - 1) / 2 - steps)


def mana_gain(figures: ClassFigures, intelligence: int) -> int:
    """Return the mana of a level."""
    return round(intelligence * figures.mana_per_int)


def hit_gain(figures: ClassFigures, new_level: int) -> int:
    """Return what a level adds to both ends of a character's own hit."""
    return figures.hit_from_36 if new_level >= HIT_LEVEL else figures.hit_to_35


def gain_experience(who: Character, amount: int, roll: Roll, ladder: Ladder = CLASSIC) -> Growth:
    """Give experience and every level it pays for; each level rolls its life.

    Changes level, experience, its next cost, life, mana, stamina, hit and free skill points.
    """
    if not who.experience_next and who.level < ladder.max_level:  # the top was raised
        who.experience_next = experience_next(who.level, ladder.curve)
    who.experience = min(who.experience + amount, ladder.exp_max)
    levels: list[LevelGain] = []
    points = 0
    while who.experience >= who.experience_next:
        if who.level >= ladder.max_level:
            who.experience = who.experience_next = 0
            break
        points += FIRST_SKILL_POINTS if who.level == 1 else SKILL_POINTS
        who.level += 1
        who.experience -= who.experience_next
        who.experience_next = experience_next(who.level, ladder.curve)
        levels.append(_grow(who, roll, ladder))
    who.free_skill_points += points
    return Growth(tuple(levels), points) if levels else NO_GROWTH


def _grow(who: Character, roll: Roll, ladder: Ladder) -> LevelGain:
    """Give what the level just reached gives, and all of the life."""
    figures = ladder.classes[who.char_class]
    before = (who.max_hp, who.max_mana, who.max_stamina, who.max_hit)
    average = life_average(figures.hp_base, who.attributes.constitution)
    life = life_gain(average, roll(0, 100), ladder.half_spread, ladder.whole_spread)
    who.max_hp = min(who.max_hp + life, HP_MAX)
    mana = mana_gain(figures, who.attributes.intelligence)
    who.max_mana = min(who.max_mana + mana, MANA_MAX)
    who.max_stamina = min(who.max_stamina + figures.stamina_per_level, STAMINA_MAX)
    hit = hit_gain(figures, who.level)
    top = HIT_MAX_FROM_36 if who.level >= HIT_LEVEL else HIT_MAX_TO_35
    who.min_hit = min(who.min_hit + hit, top)
    who.max_hit = min(who.max_hit + hit, top)
    who.hp = who.max_hp
    return LevelGain(
        who.level,
        who.max_hp - before[0],
        who.max_mana - before[1],
        who.max_stamina - before[2],
        who.max_hit - before[3],
    )
