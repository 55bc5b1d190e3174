from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.people import person
from tests.support.vectors import Dice, highest, lowest, never, vectors

from pyao.rules.balance import CLASSES
from pyao.rules.character import Attributes
from pyao.rules.kinds import CharClass
from pyao.rules.leveling import (
    HALF_SPREAD,
    NO_GROWTH,
    WHOLE_SPREAD,
    Ladder,
    LevelGain,
    experience_next,
    gain_experience,
    life_average,
    life_gain,
    mana_gain,
    total_experience,
)
from pyao.rules.person import Person


@pytest.mark.parametrize("row", vectors("progression", "experience"), ids=lambda r: str(r["level"]))
def test_the_cost_of_a_level(row: dict[str, Any]) -> None:
    assert experience_next(row["level"]) == row["next"]
    assert experience_next(row["level"], "0.13.0") == row["legacy"]
    assert total_experience(row["level"]) == row["total"]


def test_every_cost_fits_the_client() -> None:
    assert experience_next(56) == experience_next(255) == experience_next(55) < 2**31


@pytest.mark.parametrize("row", vectors("progression", "life"), ids=str)
def test_the_life_of_a_level_by_class_and_constitution(row: dict[str, Any]) -> None:
    average = life_average(CLASSES[row["class"]].hp_base, row["constitution"])
    gains = [life_gain(average, d) for d in range(101)]
    assert (average, min(gains), max(gains)) == (row["average"], row["least"], row["most"])


@pytest.mark.parametrize("row", vectors("progression", "life_rolls"), ids=str)
def test_a_roll_decides_the_life_of_a_level(row: dict[str, Any]) -> None:
    assert life_gain(row["average"], row["d"]) == row["gain"]


def test_a_spread_divides_the_whole() -> None:
    assert sum(HALF_SPREAD) == sum(WHOLE_SPREAD) == 100


def test_another_spread_moves_the_bounds() -> None:
    half, whole = (25, 25, 25, 25), (20, 20, 20, 20, 20)
    assert [life_gain(8.5, d, half, whole) for d in (25, 26, 51, 76)] == [10, 9, 8, 7]
    assert [life_gain(8, d, half, whole) for d in (20, 21, 41, 61, 81)] == [10, 9, 8, 7, 6]


@pytest.mark.parametrize("row", vectors("progression", "mana_per_level"), ids=str)
def test_the_mana_of_a_level(row: dict[str, Any]) -> None:
    assert mana_gain(CLASSES[row["class"]], row["intelligence"]) == row["mana"]


def climb(who: Person, level: int, ladder: Ladder | None = None) -> Person:
    while who.level < level:
        need = who.experience_next - who.experience
        gain_experience(who, need, lowest, ladder or Ladder())
    return who


HITS = [
    (char_class, level, hit)
    for row in vectors("progression", "hit")
    for char_class, (level, hit) in product(
        row["classes"], zip((13, 25, 34, 35, 36, 40, 47), row["hits"], strict=True)
    )
]


@pytest.mark.parametrize(("char_class", "level", "hit"), HITS)
def test_the_own_hit_grows_by_class(char_class: int, level: int, hit: list[int]) -> None:
    who = climb(person(char_class=char_class), level)
    assert [who.min_hit, who.max_hit] == hit


@pytest.mark.parametrize("row", vectors("progression", "mana_at"), ids=str)
def test_mana_adds_up(row: dict[str, Any]) -> None:
    who = person(
        char_class=row["class"],
        attributes=Attributes(intelligence=row["intelligence"]),
        max_mana=row["first"],
    )
    assert climb(who, row["level"]).max_mana == row["mana"]


@pytest.mark.parametrize("row", vectors("progression", "stamina_at"), ids=str)
def test_stamina_adds_up_to_its_cap(row: dict[str, Any]) -> None:
    who = person(char_class=row["class"], max_stamina=row["first"])
    assert climb(who, row["level"]).max_stamina == row["stamina"]


@pytest.mark.parametrize("row", vectors("progression", "gains"), ids=str)
def test_experience_pays_for_levels(row: dict[str, Any]) -> None:
    who = person(
        level=row["level"],
        experience=row["experience"],
        experience_next=experience_next(row["level"]),
        free_skill_points=3,
    )
    growth = gain_experience(who, row["gain"], highest)
    assert (who.level, who.experience, who.experience_next) == (
        row["then"],
        row["left"],
        row["next"],
    )
    assert (growth.skill_points, who.free_skill_points) == (row["points"], 3 + row["points"])
    assert len(growth.levels) == row["then"] - row["level"]
    assert bool(growth.levels) is (growth is not NO_GROWTH)


def test_a_level_heals_but_gives_neither_mana_nor_stamina_back() -> None:
    who = person(
        char_class=CharClass.CLERIC,
        hp=1,
        max_hp=20,
        mana=7,
        max_mana=50,
        stamina=3,
        max_stamina=40,
        min_hit=1,
        max_hit=2,
    )
    dice = Dice(31)
    growth = gain_experience(who, 300, dice)
    assert dice.asked == [(0, 100)]
    assert growth.levels == (LevelGain(level=2, hp=7, mana=36, stamina=15, hit=2),)
    assert (who.hp, who.max_hp) == (27, 27)
    assert (who.mana, who.max_mana, who.stamina, who.max_stamina) == (7, 86, 3, 55)
    assert (who.min_hit, who.max_hit) == (3, 4)


def test_each_level_of_a_big_gain_rolls_its_own_life() -> None:
    who = person(attributes=Attributes(constitution=20), max_hp=20)
    growth = gain_experience(who, 1000, Dice(10, 91))
    assert [level.hp for level in growth.levels] == [11, 8]
    assert who.hp == who.max_hp == 39


def test_figures_stop_at_their_caps_and_the_gain_says_so() -> None:
    who = person(
        char_class=CharClass.MAGE,
        max_hp=998,
        max_mana=9998,
        max_stamina=990,
        min_hit=998,
        max_hit=999,
        level=36,
        experience_next=10,
    )
    growth = gain_experience(who, 10, lowest)
    assert growth.levels == (LevelGain(level=37, hp=1, mana=1, stamina=9, hit=0),)
    assert (who.max_hp, who.max_mana, who.max_stamina) == (999, 9999, 999)
    assert (who.min_hit, who.max_hit) == (999, 999)


def test_at_the_top_experience_starts_again_and_nothing_else_happens() -> None:
    who = person(level=47, experience=5, experience_next=10)
    assert gain_experience(who, 7, never) is NO_GROWTH
    assert (who.level, who.experience, who.experience_next) == (47, 0, 0)
    assert gain_experience(who, 1000, never) is NO_GROWTH
    assert (who.level, who.experience, who.experience_next) == (47, 0, 0)


def test_a_world_may_end_its_ladder_elsewhere() -> None:
    who = person(level=3, experience_next=588)
    gain_experience(who, 588, never, Ladder(max_level=3))
    assert who.level == 3


def test_experience_is_capped_so_that_level_47_is_the_last_one_reached() -> None:
    who = person(level=47, experience_next=experience_next(47), experience=99_999_990)
    assert gain_experience(who, 10**12, never, Ladder(max_level=55)) is NO_GROWTH
    assert who.experience == 99_999_999


def test_the_old_curve_costs_more_after_level_25() -> None:
    who = person(level=25, experience_next=1)
    gain_experience(who, 1, lowest, Ladder(curve="0.13.0"))
    assert who.experience_next == 695_384


@given(st.lists(st.integers(0, 5_000_000), max_size=30), st.integers(1, 12))
def test_experience_below_the_top_is_conserved(gains: list[int], char_class: int) -> None:
    who = person(char_class=char_class)
    for gain in gains:
        gain_experience(who, gain, highest)
        assert 0 <= who.experience < who.experience_next
        assert who.hp == who.max_hp or who.level == 1
    assert total_experience(who.level) + who.experience == sum(gains)


def test_who_stood_at_the_top_goes_on_when_it_is_raised() -> None:
    who = person(level=47, experience=0, experience_next=0)
    assert gain_experience(who, 1000, never, Ladder(max_level=50)) is NO_GROWTH
    assert (who.level, who.experience) == (47, 1000)
    assert who.experience_next == experience_next(47)
