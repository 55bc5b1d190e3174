from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tests.support.vectors import Dice, highest, lowest, never, vectors

from pyao.rules.balance import CLASSES, RACES
from pyao.rules.character import SPELL_SLOTS, Attributes, Slot, UserId
from pyao.rules.creation import (
    Choice,
    CreationProblem,
    Origins,
    check_creation,
    new_character,
    roll_dice,
    starting_hp,
    starting_items,
    starting_mana,
    starting_stamina,
    with_race,
)
from pyao.rules.kinds import CharClass, Gender, Race

ORDER = ["strength", "agility", "intelligence", "charisma", "constitution"]


def figures_of(dice: Attributes) -> list[int]:
    return [getattr(dice, name) for name in ORDER]


@pytest.mark.parametrize("row", vectors("characters", "dice"), ids=str)
def test_two_rolls_make_an_attribute(row: dict[str, Any]) -> None:
    answers = [0] * 10
    at = ORDER.index(row["attribute"]) * 2
    answers[at : at + 2] = [row["first"], row["second"]]
    dice = Dice(*answers)
    assert getattr(roll_dice(dice), row["attribute"]) == row["value"]
    assert dice.left == 0


@pytest.mark.parametrize("row", vectors("characters", "chances"), ids=str)
def test_the_dice_fall_as_often_as_the_table_says(row: dict[str, Any]) -> None:
    at = ORDER.index(row["attribute"]) * 2
    sizes = [(4, 3), (4, 4), (4, 3), (4, 4), (2, 2)][at // 2]
    counts: Counter[str] = Counter()
    for first, second in product(range(sizes[0]), range(sizes[1])):
        answers = [0] * 10
        answers[at : at + 2] = [first, second]
        counts[str(getattr(roll_dice(Dice(*answers)), row["attribute"]))] += 1
    assert counts == row["counts"]


@pytest.mark.parametrize("row", vectors("characters", "races"), ids=str)
def test_a_race_shifts_the_range_of_the_dice(row: dict[str, Any]) -> None:
    race = RACES[row["race"]]
    assert figures_of(with_race(roll_dice(lowest), race)) == row["low"]
    assert figures_of(with_race(roll_dice(highest), race)) == row["high"]


def test_fixed_dice_are_the_same_each_time() -> None:
    assert figures_of(roll_dice(never, "fixed", fixed=17)) == [17] * 5


def test_range_dice_stay_between_the_bounds() -> None:
    assert figures_of(roll_dice(lowest, "range", low=18, high=20)) == [18] * 5
    assert figures_of(roll_dice(highest, "range", low=18, high=20)) == [20] * 5


@pytest.mark.parametrize("row", vectors("characters", "heads"), ids=str)
def test_a_head_belongs_to_race_and_gender(row: dict[str, Any]) -> None:
    race, gender, first, last = row["race"], row["gender"], row["first"], row["last"]
    for head in (first, last):
        assert check_creation(race, gender, CharClass.MAGE, head, 1) is None
    for head in (first - 1, last + 1, 0, -1, 500):
        assert check_creation(race, gender, CharClass.MAGE, head, 1) is CreationProblem.HEAD


@pytest.mark.parametrize(
    ("race", "gender", "char_class", "home", "problem"),
    [
        (0, 1, 1, 1, CreationProblem.RACE),
        (6, 1, 1, 1, CreationProblem.RACE),
        (1, 0, 1, 1, CreationProblem.GENDER),
        (1, 3, 1, 1, CreationProblem.GENDER),
        (1, 1, 0, 1, CreationProblem.CLASS),
        (1, 1, 13, 1, CreationProblem.CLASS),
        (1, 1, 1, 0, CreationProblem.HOME),
        (1, 1, 1, 7, CreationProblem.HOME),
        (1, 1, 12, 6, None),
    ],
)
def test_what_is_not_on_the_list_cannot_be_chosen(
    race: int, gender: int, char_class: int, home: int, problem: CreationProblem | None
) -> None:
    assert check_creation(race, gender, char_class, 5, home) is problem


@pytest.mark.parametrize("row", vectors("characters", "hp"), ids=str)
def test_first_hit_points(row: dict[str, Any]) -> None:
    dice = Dice(row["roll"])
    assert starting_hp(row["constitution"], dice) == row["hp"]
    assert dice.asked == [(1, row["top"])]


@pytest.mark.parametrize("row", vectors("characters", "stamina"), ids=str)
def test_first_stamina(row: dict[str, Any]) -> None:
    dice = Dice(row["roll"])
    assert starting_stamina(row["agility"], dice) == row["stamina"]
    assert dice.asked == [(1, row["top"])]


@pytest.mark.parametrize("row", vectors("characters", "mana_start"), ids=str)
def test_first_mana(row: dict[str, Any]) -> None:
    assert starting_mana(row["intelligence"], CLASSES[row["class"]]) == row["mana"]


@pytest.mark.parametrize("row", vectors("characters", "inventory"), ids=lambda row: row["who"])
def test_first_belongings_in_the_order_of_the_slots(row: dict[str, Any]) -> None:
    roll = Dice(row["tool"]) if "tool" in row else never
    figures = CLASSES[row["class"]]
    items = starting_items(RACES[row["race"]], figures, starting_mana(18, figures), roll)
    assert [list(item) for item in items] == row["slots"]


def test_a_worker_may_get_any_of_the_five_tools() -> None:
    tools = []
    for tool in range(1, 6):
        dice = Dice(tool)
        tools.append(starting_items(RACES[1], CLASSES[CharClass.WORKER], 0, dice)[4][0])
        assert dice.asked == [(1, 5)]
    assert tools == [561, 562, 563, 564, 565]


@pytest.mark.parametrize("row", vectors("characters", "spells"), ids=str)
def test_first_spells(row: dict[str, Any]) -> None:
    assert list(CLASSES[row["class"]].spells) == row["spells"]


def choice(race: int = 4, gender: int = 2, char_class: int = 7) -> Choice:
    return Choice(
        name="Ana",
        race=race,
        gender=gender,
        char_class=char_class,
        head=470,
        home=3,
        email="ana@example.org",
    )


def test_a_new_character_has_the_figures_of_its_first_day() -> None:
    dice = Attributes(15, 18, 18, 16, 16)
    who = new_character(choice(), dice, highest, user_id=UserId(7), account="ana", created=123)
    assert (who.user_id, who.name, who.account, who.created) == (7, "Ana", "ana", 123)
    assert (who.race, who.gender, who.char_class, who.head, who.home) == (4, 2, 7, 470, 3)
    assert figures_of(who.attributes) == [13, 21, 22, 17, 16]
    assert (who.hp, who.max_hp, who.mana, who.max_mana) == (20, 20, 50, 50)
    assert (who.stamina, who.max_stamina) == (60, 60)
    assert (who.hunger, who.max_hunger, who.thirst, who.max_thirst) == (100, 100, 100, 100)
    assert (who.min_hit, who.max_hit, who.level, who.experience) == (1, 2, 1, 0)
    assert (who.experience_next, who.gold, who.bank_gold, who.free_skill_points) == (300, 0, 0, 10)
    assert (who.skills, who.skill_experience, who.skill_next) == ([0] * 20, [0] * 20, [200] * 20)
    assert (who.noble, who.plebeian, who.bandit, who.heading) == (1000, 30, 0, 3)
    assert who.spells == [2, 46] + [0] * (SPELL_SLOTS - 2)
    assert who.inventory[:3] == [Slot(857, 200), Slot(856, 200), Slot(466, 1, equipped=True)]
    assert who.inventory[6:] == [None] * 19
    assert who.email == "ana@example.org"


def test_a_dwarf_worker_rolls_life_then_stamina_then_the_tool() -> None:
    roll = Dice(7, 1, 5)
    who = new_character(
        choice(race=Race.DWARF, gender=Gender.MALE, char_class=CharClass.WORKER),
        Attributes(18, 18, 18, 18, 18),
        roll,
        user_id=UserId(1),
        account="ana",
    )
    assert (who.max_hp, who.max_stamina, who.max_mana) == (22, 40, 0)
    assert who.inventory[4] == Slot(565, 1, equipped=True)


def test_every_race_and_class_begins_with_few_enough_things() -> None:
    for race, char_class in product(RACES, CLASSES):
        who = new_character(
            choice(race=race, char_class=char_class),
            roll_dice(lowest),
            lowest,
            user_id=UserId(1),
            account="ana",
        )
        assert 6 <= sum(slot is not None for slot in who.inventory) <= 8


def test_a_world_may_have_races_and_classes_of_its_own() -> None:
    giants = {**RACES, Race.HUMAN: replace(RACES[Race.HUMAN], strength=5)}
    sages = {**CLASSES, CharClass.WARRIOR: replace(CLASSES[CharClass.WARRIOR], mana_start=7)}
    who = new_character(
        choice(race=Race.HUMAN, char_class=CharClass.WARRIOR),
        Attributes(18, 18, 18, 18, 18),
        lowest,
        user_id=UserId(1),
        account="ana",
        origins=Origins(giants, sages),
    )
    assert (who.attributes.strength, who.max_mana) == (23, 7)


def test_a_world_may_give_its_races_other_heads() -> None:
    races = {**RACES, 1: replace(RACES[1], heads_male=(500, 501))}
    assert check_creation(1, 1, CharClass.MAGE, 501, 1, races) is None
    assert check_creation(1, 1, CharClass.MAGE, 1, 1, races) is CreationProblem.HEAD
