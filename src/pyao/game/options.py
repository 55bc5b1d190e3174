"""The options of the rules: the operator's settings and the figures of the world, in one."""

from __future__ import annotations

from dataclasses import replace

from pyao.config import RulesSettings
from pyao.rules.leveling import Ladder
from pyao.rules.options import IntervalFigures, Options


def options_of(rules: RulesSettings, ladder: Ladder) -> Options:
    """Return what the rules are to be played with."""
    return Options(
        ladder=replace(ladder, max_level=rules.max_level),
        exp_percent=rules.exp_percent,
        swing_stamina=rules.swing_stamina,
        pvp_min_damage=rules.pvp_min_damage,
        creature_ownership=rules.creature_ownership,
        drop_on_death=rules.drop_on_death,
        hide_interval=rules.hide_interval,
        intervals=IntervalFigures(
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
            tolerance_ms=rules.interval_tolerance_ms,
            strict=rules.strict_intervals,
        ),
    )
