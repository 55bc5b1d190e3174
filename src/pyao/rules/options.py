"""What an operator may decide otherwise, with the documented defaults.

Times are in milliseconds. A counter of the classic server that runs from 0 to N game ticks of
40 ms fires every N + 1 ticks; the figures here are those periods.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pyao.rules.creation import DiceMode
from pyao.rules.leveling import Ladder

SwingStamina = Literal["always", "creature"]
JourneyTime = Literal["0.13.0", "level"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalFigures:
    """How long one action keeps another waiting.

    `tolerance_ms` lets an action come that much too early, as a network that runs unevenly makes
    it; the time is owed to the next one, so nobody acts more often than the intervals allow. The
    default is the unevenness of a bad home connection.

    Of things, steps and lines of talk `..._burst` may come at once, one more each `use_pace`,
    `step` or `talk`. The client's own limits are 450 ms by key, 500 ms by double click (each with a
    timer of its own, so who uses both at once draws on the burst) and 261 to 267 ms a step.
    """

    hit: int = 1500
    cast: int = 1400
    bow: int = 1400
    hit_after_cast: int = 1000
    cast_after_hit: int = 1000
    potion_after_hit: int = 1200
    use: int = 125
    use_pace: int = 445  # 0 = as often as `use` allows
    use_burst: int = 12
    work: int = 700
    step: int = 260
    step_burst: int = 8
    talk: int = 700  # 0 = as often as anybody likes, as in the classic server
    talk_burst: int = 8
    tolerance_ms: int = 150
    strict: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectTimes:
    """How often effects act, and how long they last."""

    hp: int = 64_040
    hp_resting: int = 4_040
    stamina: int = 440
    stamina_resting: int = 240
    thirst: int = 240_040
    hunger: int = 260_040
    poison: int = 20_040
    cold: int = 640
    rain_stamina: int = 500  # 0 = rain tires nobody
    paralysis: int = 20_040
    paralysis_far: int = 1_520  # caster far away, victim without mana
    paralysis_thief: int = 10_040
    stun: int = 20_040
    blindness: int = 6_720
    invisibility: int = 20_040
    hiding_ticks: int = 500
    mimicry: int = 20_040
    attribute_up: int = 48_000
    attribute_down: int = 28_000
    summon: int = 40_040
    creature_paralysis_steps: int = 500  # steps of thought, 380 ms each
    protection: int = 5_000
    attackable: int = 60_000
    ownership: int = 18_000
    meditation_start: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The rules of one world."""

    dice_mode: DiceMode = "classic"
    dice_fixed: int = 18
    dice_low: int = 18
    dice_high: int = 20

    ladder: Ladder = field(default_factory=Ladder)
    exp_percent: int = 100  # of what creatures give

    swing_stamina: SwingStamina = "always"
    pvp_min_damage: bool = True  # a hit that armour stops exactly still does 1
    creature_ownership: bool = True
    drop_on_death: bool = True

    meditation_percent: int = 6
    cold_max: int | None = 15  # hit points at once; None as in the original language
    hide_interval: bool = True  # attempts to hide take the work interval

    journey: JourneyTime = "0.13.0"

    intervals: IntervalFigures = field(default_factory=IntervalFigures)
    times: EffectTimes = field(default_factory=EffectTimes)


DEFAULTS = Options()
