"""How often what acts on characters by itself does so, and how long states last.

The defaults are the documented ones of the classic game: a counter of N game ticks of 40 ms fires
every N + 1 ticks. `game/options.py` hands them to the rules.
"""

from __future__ import annotations

from pyao.config.declaring import Group, Whole, setting

DAY_MS = 86_400_000
TICK_MS = 40


def _time(default: int, sentence: str, *, least: int = TICK_MS) -> int:
    """Declare a live setting in milliseconds."""
    value: int = setting(default, sentence, unit="ms", live=True, ge=least, le=DAY_MS)
    return value


class EffectsSettings(Group):
    """How often effects act, and how long they last."""

    hp_ms: Whole = _time(64_040, "Between two recoveries of life.")
    hp_resting_ms: Whole = _time(4_040, "Between two recoveries of life by the fire.")
    stamina_ms: Whole = _time(440, "Between two recoveries of stamina.")
    stamina_resting_ms: Whole = _time(240, "Between two recoveries of stamina by the fire.")
    thirst_ms: Whole = _time(240_040, "Between two tenths of thirst.")
    hunger_ms: Whole = _time(260_040, "Between two tenths of hunger.")
    poison_ms: Whole = _time(20_040, "Between two wounds by poison.")
    cold_ms: Whole = _time(640, "Between two effects of cold and lava, and of having no clothes.")
    rain_stamina_ms: Whole = _time(
        500, "Between two losses of stamina by rain; 0 = rain tires nobody.", least=0
    )
    paralysis_ms: Whole = _time(20_040, "How long a spell paralyses.")
    paralysis_far_ms: Whole = _time(
        1_520, "How long it lasts on for one without mana when the one who cast it is far away."
    )
    paralysis_thief_ms: Whole = _time(10_040, "How long the blow of a thief paralyses.")
    stun_ms: Whole = _time(20_040, "How long one is stunned.")
    blindness_ms: Whole = _time(6_720, "How long one is blind.")
    invisibility_ms: Whole = _time(20_040, "How long one is invisible, give or take 4 s.")
    hiding_ticks: Whole = setting(
        500,
        "How long the best hide, in ticks of 40 ms; the less skilled hide for less.",
        unit="ticks",
        live=True,
        ge=1,
        le=100_000,
    )
    mimicry_ms: Whole = _time(20_040, "How long a disguise lasts.")
    attribute_up_ms: Whole = _time(48_000, "How long spells raise strength and agility.")
    attribute_down_ms: Whole = _time(28_000, "How long spells lower them.")
    summon_ms: Whole = _time(40_040, "How long summoned creatures live.")
    creature_paralysis_steps: Whole = setting(
        500,
        "How long creatures are paralysed, in steps of their thinking of 380 ms.",
        unit="steps",
        live=True,
        ge=1,
        le=100_000,
    )
    protection_ms: Whole = _time(
        5_000, "How long creatures leave alone who has just arrived and does nothing.", least=0
    )
    attackable_ms: Whole = _time(
        60_000, "How long one may be attacked by the owner of a creature one attacked."
    )
    ownership_ms: Whole = _time(18_000, "How long a creature is its attacker's own.")
    meditation_start_ms: Whole = _time(2_000, "How long a trance brings nothing.", least=0)
    cold_max_hp: Whole = setting(
        15,
        "Most life that cold takes at once; 0 is no bound, as in the original server.",
        live=True,
        ge=0,
        le=999,
    )
