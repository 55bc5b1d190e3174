"""Where the rules of the game leave a choice: what an operator may play otherwise.

The defaults are the documented ones of the classic game; `game/options.py` hands them to the rules.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from pyao.config.declaring import Group, Whole, lower, setting


def _flag(default: bool, sentence: str) -> bool:  # noqa: FBT001 - the value of a setting
    """Declare a live setting that is true or false."""
    value: bool = setting(default, sentence, live=True)
    return value


def _interval(default: int, sentence: str) -> int:
    """Declare a live setting in milliseconds between two actions."""
    value: int = setting(default, sentence, unit="ms", live=True, ge=0, le=60_000)
    return value


class RulesSettings(Group):
    """Where the rules of the game leave a choice."""

    max_level: Whole = setting(
        47,
        "Level at which nobody grows any more; the client has no room for more than 55.",
        live=True,
        ge=1,
        le=55,
    )
    exp_curve: Annotated[Literal["world", "baseline", "0.13.0"], BeforeValidator(lower)] = setting(
        "world",
        "What levels cost: as the world's balance says (baseline, if it says nothing), or by a "
        "classic curve.",
        live=True,
    )
    exp_max: Whole = setting(
        99_999_999,
        "Most experience anybody has towards the next level; with this one level 47 is the last "
        "that can be reached on the baseline curve, whatever `max_level` says.",
        live=True,
        ge=1,
        le=2_000_000_000,
    )
    exp_percent: Whole = setting(
        100,
        "How much of their experience creatures give; 200 is double.",
        unit="%",
        live=True,
        ge=0,
        le=10_000,
    )
    swing_stamina: Annotated[Literal["always", "creature"], BeforeValidator(lower)] = setting(
        "always",
        "When a blow tires: always, or only one that is aimed at a creature.",
        live=True,
    )
    pvp_min_damage: bool = _flag(
        True,  # noqa: FBT003 - the value of a setting
        "A hit between players does at least 1 point, also when armour stops all of it.",
    )
    journey_time: Annotated[Literal["0.13.0", "level"], BeforeValidator(lower)] = setting(
        "0.13.0",
        "How long the trip home takes: half a minute for each map and one more, or by level from "
        "25 up.",
        live=True,
    )
    creature_ownership: bool = _flag(
        True,  # noqa: FBT003 - the value of a setting
        "Who attacks a creature first has it for a while.",
    )
    drop_on_death: bool = _flag(
        True,  # noqa: FBT003 - the value of a setting
        "The dead lose what they carry.",
    )
    strict_intervals: bool = _flag(
        True,  # noqa: FBT003 - the value of a setting
        "Blow and spell in turn keep two blows or two spells apart too; off as in the classic "
        "server, where two spells may come close together around one blow.",
    )
    hide_interval: bool = _flag(
        True,  # noqa: FBT003 - the value of a setting
        "Attempts to hide take the interval of work.",
    )
    interval_tolerance_ms: Whole = _interval(
        150,
        "How much too early an action may come, as an uneven network makes it; it is owed to the "
        "next one, so nobody acts more often. At most a quarter of the interval counts.",
    )
    hit_ms: Whole = _interval(1500, "Between two blows.")
    cast_ms: Whole = _interval(1400, "Between two spells.")
    bow_ms: Whole = _interval(1400, "Between two shots.")
    hit_after_cast_ms: Whole = _interval(1000, "Between a spell and a blow.")
    cast_after_hit_ms: Whole = _interval(1000, "Between a blow and a spell.")
    potion_after_hit_ms: Whole = _interval(1200, "Between a blow and a potion.")
    use_ms: Whole = _interval(125, "Between two uses of things.")
    use_pace_ms: Whole = _interval(
        445,
        "Between two uses of things for long, as fast as the client uses them by key; 0 is the "
        "classic rule, as often as `use_ms` allows.",
    )
    use_burst: Whole = setting(
        12,
        "Uses of things that may come sooner than `use_pace_ms` after a pause: for players who use "
        "key and double click at once.",
        live=True,
        ge=1,
        le=1000,
    )
    work_ms: Whole = _interval(700, "Between two tries at fishing, mining and other work.")
    step_ms: Whole = _interval(
        260, "Between two steps for long; the client's own take 261 to 267 ms."
    )
    step_burst: Whole = setting(
        8,
        "Steps that may come at once after a pause, as a stalled network delivers them.",
        live=True,
        ge=1,
        le=100,
    )
    talk_ms: Whole = _interval(
        700,
        "Between two lines of one player for long, on all channels together; staff may speak as "
        "they like. 0 is the classic rule: no limit.",
    )
    talk_burst: Whole = setting(
        8,
        "Lines that may be said at once after a pause.",
        live=True,
        ge=1,
        le=1000,
    )
