"""The options of the rules: the operator's settings and the figures of the world, in one."""

from __future__ import annotations

from dataclasses import fields, replace

from pyao.config import EffectsSettings, RulesSettings
from pyao.content.balance import Balance
from pyao.rules.options import EffectTimes, IntervalFigures, Options


def options_of(rules: RulesSettings, effects: EffectsSettings, balance: Balance) -> Options:
    """Return what the rules are to be played with."""
    ladder = replace(balance.ladder(), max_level=rules.max_level, exp_max=rules.exp_max)
    if rules.exp_curve != "world":
        ladder = replace(ladder, curve=rules.exp_curve)
    return Options(
        ladder=ladder,
        exp_percent=rules.exp_percent,
        swing_stamina=rules.swing_stamina,
        pvp_min_damage=rules.pvp_min_damage,
        creature_ownership=rules.creature_ownership,
        drop_on_death=rules.drop_on_death,
        hide_interval=rules.hide_interval,
        journey=rules.journey_time,
        meditation_percent=balance.meditation_percent,
        cold_max=effects.cold_max_hp or None,
        intervals=intervals_of(rules),
        times=times_of(effects),
    )


def intervals_of(rules: RulesSettings) -> IntervalFigures:
    """Return how long one action keeps another waiting."""
    return IntervalFigures(
        hit=rules.hit_ms,
        cast=rules.cast_ms,
        bow=rules.bow_ms,
        hit_after_cast=rules.hit_after_cast_ms,
        cast_after_hit=rules.cast_after_hit_ms,
        potion_after_hit=rules.potion_after_hit_ms,
        use=rules.use_ms,
        use_pace=rules.use_pace_ms,
        use_burst=rules.use_burst,
        work=rules.work_ms,
        step=rules.step_ms,
        step_burst=rules.step_burst,
        talk=rules.talk_ms,
        talk_burst=rules.talk_burst,
        tolerance_ms=rules.interval_tolerance_ms,
        strict=rules.strict_intervals,
    )


def times_of(effects: EffectsSettings) -> EffectTimes:
    """Return how often effects act: each setting has the name of its time, `_ms` after it."""
    settings = effects.model_dump()
    names = [field.name for field in fields(EffectTimes)]
    return EffectTimes(
        **{name: settings[name if name in settings else f"{name}_ms"] for name in names}
    )
