from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import things
from tests.support.people import person, with_current, with_figures
from tests.support.vectors import Dice, highest, lowest, never, vectors

from pyao.content.items import Item
from pyao.rules.appearance import Look
from pyao.rules.effects import (
    PUT_OFF_MS,
    Around,
    Happening,
    Rest,
    What,
    expose,
    loosen,
    pass_time,
    protect,
    put_off,
    rest,
    resume,
)
from pyao.rules.kinds import CharClass, Privilege, Skill
from pyao.rules.numbers import Roll
from pyao.rules.options import EffectTimes, Options
from pyao.rules.person import Gear, Person
from pyao.rules.states import paralyse, start_meditating

CLASSIC = Options()
CALM = Around()
SNOW = Around(snow=True)
LAVA = Around(lava=True)
RAIN = Around(rain=True)


def somebody(**figures: int) -> Person:
    who = person(gear=Gear(armour=things.TUNIC), hp=100, max_hp=100, stamina=300, max_stamina=300)
    who.effects.at = 0
    return with_figures(who, figures)


def live(
    who: Person,
    ms: int,
    around: Around = CALM,
    roll: Roll = lowest,
    options: Options = CLASSIC,
    step: int = 40,
) -> list[Happening]:
    """Let time pass in steps and gather what happens."""
    start = who.effects.at or 0
    happened = []
    for now in range(start + step, start + ms + 1, step):
        happened += pass_time(who, now, around, roll, options)
    return happened


def moments(who: Person, what: What, ms: int, around: Around = CALM) -> list[int]:
    """Return when something happened, in steps of 10 ms."""
    return [
        now
        for now in range(10, ms + 1, 10)
        for happening in pass_time(who, now, around, lowest, CLASSIC)
        if happening.what is what
    ]


@pytest.mark.parametrize("row", vectors("timing", "periods"), ids=str)
def test_the_documented_times_are_the_defaults(row: dict[str, Any]) -> None:
    assert getattr(EffectTimes(), row["what"]) == row["ms"]


@pytest.mark.parametrize("row", vectors("timing", "recovery"), ids=str)
def test_recovery_goes_by_stamina(row: dict[str, Any]) -> None:
    who = somebody(hp=1, stamina=0, max_stamina=row["max_stamina"])
    dice = Dice(1)
    assert live(who, 440, roll=dice) == [Happening(What.STAMINA_GAINED, 1)]
    assert dice.asked == [(1, row["stamina"])]
    who.stamina = who.max_stamina
    dice = Dice(2)
    assert live(who, 64_040, roll=dice) == [Happening(What.HP_GAINED, 2)]
    assert dice.asked == [(2, row["life"])]
    assert who.hp == 3


def test_stamina_comes_each_440_ms_and_life_each_64_s() -> None:
    assert moments(somebody(stamina=0), What.STAMINA_GAINED, 1_400) == [440, 880, 1320]
    assert moments(somebody(hp=1), What.HP_GAINED, 129_000) == [64_040, 128_080]


def test_at_rest_both_come_sooner() -> None:
    who = somebody(stamina=0, resting=1)
    assert moments(who, What.STAMINA_GAINED, 800) == [240, 480, 720]
    assert moments(somebody(hp=1, resting=1), What.HP_GAINED, 8_100) == [4_040, 8_080]


def test_going_to_rest_late_fires_at_once() -> None:
    who = somebody(hp=1)
    assert live(who, 30_000) == []
    who.resting = True
    assert live(who, 40) == [Happening(What.HP_GAINED, 2)]
    assert live(who, 4_000) == []


def test_nothing_grows_beyond_its_top() -> None:
    who = somebody(hp=99, stamina=299)
    live(who, 64_040, roll=highest)
    assert (who.hp, who.stamina) == (100, 300)
    assert live(who, 65_000, roll=never) == []


@pytest.mark.parametrize("need", ["hunger", "thirst"])
def test_the_hungry_and_thirsty_do_not_recover(need: str) -> None:
    who = with_figures(somebody(hp=1, stamina=0), {need: 0})
    assert live(who, 70_000, roll=never) == []


def test_nobody_recovers_in_the_rain() -> None:
    who = somebody(hp=1, stamina=0)
    assert live(who, 70_000, RAIN, never) == []


def test_the_naked_recover_life_but_no_stamina() -> None:
    who = somebody(hp=1, stamina=0)
    who.gear.armour = None
    assert live(who, 64_080) == [Happening(What.HP_GAINED, 2)]


def test_rest_ends_when_there_is_nothing_left_to_recover() -> None:
    who = somebody(hp=99, stamina=299, resting=1)
    happened = live(who, 4_040)
    assert [each.what for each in happened] == [
        What.STAMINA_GAINED,
        What.HP_GAINED,
        What.REST_ENDS,
    ]
    assert not who.resting


def test_thirst_and_hunger_take_ten_at_a_time() -> None:
    who = somebody()
    assert moments(who, What.THIRST, 241_000) == [240_040]
    assert who.thirst == 90
    hungry = somebody()
    assert moments(hungry, What.HUNGER, 261_000) == [260_040]
    assert hungry.hunger == 90


def test_a_full_bar_is_empty_after_ten_steps_and_stays_so() -> None:
    who = somebody(hunger=10, thirst=5)
    happened = live(who, 600_000, step=200)
    assert happened == [Happening(What.THIRST, 0), Happening(What.HUNGER, 0)]
    assert (who.hunger, who.thirst) == (0, 0)


def test_poison_acts_each_20_s_until_cured() -> None:
    who = somebody(poisoned=1)
    assert moments(who, What.POISON, 41_000) == [20_040, 40_080]
    assert who.hp == 98
    dice = Dice(5)
    live(who, 19_160, roll=dice)
    assert dice.asked == [(1, 5)]


def test_poison_kills() -> None:
    who = somebody(poisoned=1, hp=3)
    assert live(who, 20_040, roll=highest) == [Happening(What.POISON, 5), Happening(What.DIED)]
    assert who.hp == 0
    assert live(who, 500_000, roll=never, step=1_000) == []


@pytest.mark.parametrize("row", vectors("timing", "cold"), ids=str)
def test_cold_and_lava_take_a_share_of_life(row: dict[str, Any]) -> None:
    naked = somebody(max_hp=row["max_hp"], hp=row["max_hp"])
    naked.gear.armour = None
    assert live(naked, 640, SNOW) == [Happening(What.COLD, row["cold"])]
    uncapped = live(naked, 640, SNOW, options=Options(cold_max=None))
    assert uncapped == [Happening(What.COLD, row["uncapped"])]
    burning = somebody(max_hp=row["max_hp"], hp=row["max_hp"])
    assert live(burning, 640, LAVA) == [Happening(What.LAVA, row["lava"])]
    assert burning.hp == row["max_hp"] - row["lava"]


def test_away_from_snow_the_naked_only_tire() -> None:
    who = somebody()
    who.gear.armour = None
    assert moments(who, What.COLD_TIRES, 1_300) == [640, 1_280]
    assert (who.stamina, who.hp) == (270, 100)
    who.stamina = 3
    assert live(who, 660) == [Happening(What.COLD_TIRES, 3)]
    assert live(who, 1_280) == []


def test_cold_and_lava_kill() -> None:
    naked = somebody(hp=5)
    naked.gear.armour = None
    assert live(naked, 640, SNOW)[-1] == Happening(What.DIED)
    assert live(somebody(hp=5), 640, LAVA)[-1] == Happening(What.DIED)


def test_clothes_keep_the_cold_out_and_staff_bear_all() -> None:
    assert live(somebody(), 2_000, SNOW) == []
    god = somebody(privileges=Privilege.GOD)
    god.gear.armour = None
    assert live(god, 2_000, Around(snow=True, lava=True)) == []


def test_rain_tires() -> None:
    who = somebody()
    assert moments(who, What.RAIN_TIRES, 1_100, RAIN) == [500, 1_000]
    assert who.stamina == 282
    dry = Options(times=EffectTimes(rain_stamina=0))
    assert live(who, 2_000, RAIN, options=dry) == []


def test_one_rests_at_a_fire_and_gets_up_again() -> None:
    who = somebody()
    assert rest(who, fire=False) is Rest.NO_FIRE
    assert rest(who, fire=True) is Rest.BEGUN
    assert rest(who, fire=False) is Rest.ENDED
    assert rest(who, fire=True) is Rest.BEGUN
    assert who.resting
    assert rest(somebody(hp=0), fire=True) is Rest.DEAD


def test_the_dead_are_left_alone() -> None:
    who = somebody(hp=0, poisoned=1, hunger=50)
    assert live(who, 300_000, LAVA, never, step=1_000) == []
    assert who.hunger == 50


def test_after_a_stall_each_effect_acts_once() -> None:
    who = somebody(stamina=0, hp=1, poisoned=1)
    happened = pass_time(who, 10_000_000, CALM, lowest, CLASSIC)
    assert [each.what for each in happened] == [
        What.POISON,
        What.DIED,
    ]
    who = somebody(stamina=0, hp=50)
    happened = pass_time(who, 10_000_000, CALM, lowest, CLASSIC)
    assert sorted(each.what.value for each in happened) == [
        "hp gained",
        "hunger",
        "stamina gained",
        "thirst",
    ]
    assert pass_time(who, 10_000_040, CALM, lowest, CLASSIC) == []


def test_time_that_stands_still_or_has_not_begun_does_nothing() -> None:
    who = somebody(stamina=0)
    who.effects.at = None
    assert pass_time(who, 5_000_000, CALM, never, CLASSIC) == []
    assert pass_time(who, 5_000_000, CALM, never, CLASSIC) == []
    assert pass_time(who, 5_000_440, CALM, lowest, CLASSIC) != []


@given(st.lists(st.integers(1, 439), min_size=1, max_size=60))
def test_however_uneven_the_ticks_recovery_keeps_its_pace(steps: list[int]) -> None:
    who = somebody(stamina=0)
    now, gained = 0, 0
    for step in steps:
        now += step
        gained += len(pass_time(who, now, CALM, lowest, CLASSIC))
    assert gained == now // 440


def test_every_millisecond_counts() -> None:
    who = somebody(stamina=0)
    gained = [now for now in range(1, 441) if pass_time(who, now, CALM, lowest, CLASSIC)]
    assert gained == [440]
    assert Happening(What.DIED).amount == 0


def test_a_trance_brings_mana_after_two_seconds() -> None:
    who = somebody(max_mana=100, mana=0, assigned_points=10)
    start_meditating(who, 0)
    assert live(who, 2_000, roll=never) == []
    dice = Dice(1, 2, 1)
    assert live(who, 120, roll=dice) == [
        Happening(What.MANA_GAINED, 6),
        Happening(What.MANA_GAINED, 6),
    ]
    assert dice.asked == [(1, 35)] * 3
    assert who.skill_experience[Skill.MEDITATE - 1] == 120


def test_a_slow_server_gives_a_trance_all_its_ticks_but_no_burst() -> None:
    who = somebody(max_mana=100_000, mana=0)
    start_meditating(who, 0)
    pass_time(who, 2_000, CALM, never, CLASSIC)
    dice = Dice(*[2] * 5)
    pass_time(who, 2_219, CALM, dice, CLASSIC)
    assert dice.left == 0
    dice = Dice(2)
    pass_time(who, 2_240, CALM, dice, CLASSIC)
    assert dice.left == 0
    dice = Dice(*[2] * 25)
    pass_time(who, 60_000, CALM, dice, CLASSIC)
    assert dice.left == 0


def test_a_trance_ends_with_full_mana() -> None:
    who = somebody(max_mana=100, mana=97)
    start_meditating(who, 0)
    assert live(who, 2_040, roll=Dice(1)) == [
        Happening(What.MANA_GAINED, 3),
        Happening(What.MEDITATION_ENDS),
    ]
    assert not who.meditating
    start_meditating(who, 0)
    who.effects.at = 2_000
    assert live(who, 40, roll=never) == [Happening(What.MEDITATION_ENDS)]


def test_a_trance_teaches() -> None:
    who = somebody(max_mana=100, mana=0, assigned_points=10)
    who.skill_experience[Skill.MEDITATE - 1] = 199
    start_meditating(who, 0)
    live(who, 2_000)
    happened = live(who, 40, roll=Dice(2))
    assert [each.what for each in happened] == [What.LEARNED]
    training = happened[0].training
    assert training is not None
    assert training.value == 1


def test_paralysis_runs_out() -> None:
    who = somebody()
    paralyse(who, 20_040, immobilise=True)
    assert moments(who, What.PARALYSIS_ENDS, 30_000) == [20_040]
    assert (who.paralysed, who.immobilised) == (False, False)


def test_stun_and_blindness_run_out_together() -> None:
    who = somebody(stunned=1, blinded=1)
    who.effects.dazed_until = 1_000
    assert live(who, 1_000) == [Happening(What.STUN_ENDS), Happening(What.BLINDNESS_ENDS)]
    who = somebody(blinded=1)
    assert live(who, 40) == [Happening(What.BLINDNESS_ENDS)]
    who = somebody(stunned=1)
    assert live(who, 40) == [Happening(What.STUN_ENDS)]


@pytest.mark.parametrize(
    ("roll", "following"), [(100, 16_040), (0, 20_040), (-100, 24_040), (1, 20_000)]
)
def test_invisibility_runs_out_and_the_next_one_is_uneven(roll: int, following: int) -> None:
    who = somebody(invisible=1)
    who.effects.invisible_until = 40
    dice = Dice(roll)
    assert live(who, 40, roll=dice) == [Happening(What.INVISIBILITY_ENDS, 1)]
    assert dice.asked == [(-100, 100)]
    assert who.effects.invisible_next_ms == following


def test_the_invisible_who_hide_as_well_stay_out_of_sight() -> None:
    who = somebody(invisible=1, hidden=1)
    who.effects.hidden_until = 9_999
    assert live(who, 40) == [Happening(What.INVISIBILITY_ENDS, 0)]
    who = somebody(invisible=1, hidden=1)
    who.effects.invisible_until = 9_999
    assert live(who, 40) == [Happening(What.HIDING_ENDS, 0)]


def test_hiding_runs_out_but_not_for_master_hunters() -> None:
    who = somebody(hidden=1)
    who.effects.hidden_until = 80
    assert live(who, 80) == [Happening(What.HIDING_ENDS, 1)]
    hunter = somebody(hidden=1)
    hunter.char_class = CharClass.HUNTER
    hunter.skills[Skill.HIDE - 1] = 100
    hunter.gear.armour = Item(number=360, kind=3)
    assert live(hunter, 60_000, roll=never) == []
    assert hunter.hidden


def test_a_disguise_runs_out() -> None:
    who = somebody()
    who.disguise = Look(1, 2)
    who.effects.mimicry_until = 80
    assert live(who, 80) == [Happening(What.MIMICRY_ENDS)]
    assert live(who, 80) == []


def test_attributes_return_all_at_once() -> None:
    who = with_current(somebody(), strength=30, agility=6)
    who.effects.attributes_until = 80
    assert live(who, 80) == [Happening(What.ATTRIBUTES_END)]
    assert who.current == who.attributes
    assert live(who, 80) == []


@pytest.mark.parametrize("safe", [False, True])
def test_fair_game_is_over_after_a_while_and_the_lock_goes_on(safe: bool) -> None:
    who = somebody(safe=safe)
    expose(who, 7, 0, CLASSIC)
    assert (who.attackable_by, who.effects.attackable_until) == (7, 60_000)
    assert live(who, 60_000) == [Happening(What.ATTACKABLE_ENDS, 0 if safe else 1)]
    assert (who.attackable_by, who.safe) == (0, True)


def test_who_arrives_is_protected_for_a_while() -> None:
    who = somebody()
    protect(who, 100, CLASSIC)
    assert who.protected_until == 5_100


def test_states_that_were_saved_begin_anew_but_for_hiding() -> None:
    who = somebody(paralysed=1, invisible=1, hidden=1)
    resume(who, 1_000, CLASSIC)
    assert (who.effects.paralysis_until, who.effects.invisible_until) == (21_040, 21_040)
    assert (who.hidden, who.effects.at) == (False, 1_000)
    plain = somebody()
    resume(plain, 1_000, CLASSIC)
    assert (plain.effects.paralysis_until, plain.effects.invisible_until) == (0, 0)


def captive(**figures: int) -> Person:
    who = somebody(x=50, y=50)
    paralyse(who, 20_040, by=9)
    return with_figures(who, figures)


def test_one_without_mana_is_free_when_its_captor_is_gone() -> None:
    assert loosen(captive(), None, 0, CLASSIC)
    who = captive()
    assert loosen(who, somebody(hp=0, x=50, y=50), 0, CLASSIC)
    assert not who.paralysed


@pytest.mark.parametrize(
    ("captor", "until"),
    [
        ({"x": 59, "y": 50}, 20_040),
        ({"x": 41, "y": 90}, 20_040),
        ({"x": 60, "y": 50}, 1_520),
        ({"x": 40, "y": 50}, 1_520),
        ({"x": 50, "y": 50, "map": 2}, 1_520),
    ],
)
def test_one_without_mana_is_free_soon_when_its_captor_is_far(
    captor: dict[str, int], until: int
) -> None:
    who = captive()
    assert not loosen(who, with_figures(somebody(), captor), 0, CLASSIC)
    assert who.effects.paralysis_until == until
    assert not loosen(who, with_figures(somebody(), captor), 1_000, CLASSIC)
    assert who.effects.paralysis_until == until


def test_who_has_mana_or_no_captor_waits() -> None:
    assert not loosen(captive(max_mana=1), None, 0, CLASSIC)
    assert not loosen(captive(paralysed_by=0), None, 0, CLASSIC)
    assert not loosen(somebody(paralysed_by=9), None, 0, CLASSIC)


# --- looks that are put off ----------------------------------------------------------------------


def sparing(who: Person, until: int, step: int = 200) -> list[tuple[int, Happening]]:
    """Let time pass as the server does, which looks only where something may happen."""
    happened = []
    for now in range((who.effects.at or 0) + step, until + 1, step):
        if not put_off(who, now):
            happened += [(now, one) for one in pass_time(who, now, CALM, lowest, CLASSIC)]
    return happened


def test_hunger_and_thirst_come_at_their_time_and_a_few_seconds_late_at_most() -> None:
    who = somebody(hunger=100, thirst=100)
    happened = sparing(who, 600_000)
    times = CLASSIC.times
    due = sorted(
        [(times.thirst * n, What.THIRST) for n in (1, 2)]
        + [(times.hunger * n, What.HUNGER) for n in (1, 2)]
    )
    assert [one.what for _, one in happened] == [what for _, what in due]
    for (came, _), (expected, _) in zip(happened, due, strict=True):
        assert expected <= came < expected + PUT_OFF_MS + 200


def test_most_looks_at_one_who_is_well_are_put_off() -> None:
    who = somebody()
    spared = 0
    for now in range(200, 20_001, 200):
        if put_off(who, now):
            spared += 1
        else:
            assert not pass_time(who, now, CALM, lowest, CLASSIC)
    assert spared == 95


def test_what_begins_after_looks_that_were_put_off_counts_from_then() -> None:
    who = somebody()
    assert put_off(who, 400)
    assert put_off(who, 800)
    who.gear.armour = None
    assert not put_off(who, 1_000)
    happened = sparing(who, 2_000)
    assert [(now, one.what) for now, one in happened] == [(1_600, What.COLD_TIRES)]


STATES: dict[str, Callable[[Person], object]] = {
    "wounded": lambda who: setattr(who, "hp", 99),
    "dead": lambda who: setattr(who, "hp", 0),
    "tired": lambda who: setattr(who, "stamina", 299),
    "naked": lambda who: setattr(who.gear, "armour", None),
    "resting": lambda who: setattr(who, "resting", True),
    "meditating": lambda who: setattr(who, "meditating", True),
    "hidden": lambda who: setattr(who, "hidden", True),
    "invisible": lambda who: setattr(who, "invisible", True),
    "paralysed": lambda who: setattr(who, "paralysed", True),
    "stunned": lambda who: setattr(who, "stunned", True),
    "blinded": lambda who: setattr(who, "blinded", True),
    "poisoned": lambda who: setattr(who, "poisoned", True),
    "attackable": lambda who: setattr(who, "attackable_by", 2),
    "strengthened": lambda who: setattr(who.effects, "attributes_until", 5_000),
    "disguised": lambda who: setattr(who, "disguise", Look(1, 1)),
    "new": lambda who: setattr(who.effects, "at", None),
}


@pytest.mark.parametrize("change", STATES.values(), ids=STATES)
def test_nobody_on_whom_something_acts_is_passed_over(change: Callable[[Person], object]) -> None:
    who = somebody()
    assert put_off(who, 200)
    change(who)
    assert not put_off(who, 400)
