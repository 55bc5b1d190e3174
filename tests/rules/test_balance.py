from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.support.vectors import vectors

from pyao.rules.balance import CLASSES, RACES
from pyao.rules.kinds import CharClass, Gender, Race


@pytest.mark.parametrize("row", vectors("characters", "classes"), ids=str)
def test_the_modifiers_of_a_class(row: dict[str, Any]) -> None:
    figures = CLASSES[row["class"]]
    for name, value in row.items():
        if name != "class":
            assert getattr(figures, name) == value, name


@pytest.mark.parametrize("row", vectors("characters", "class_growth"), ids=str)
def test_what_a_level_adds_to_stamina_and_hit(row: dict[str, Any]) -> None:
    figures = CLASSES[row["class"]]
    got = (figures.stamina_per_level, figures.hit_to_35, figures.hit_from_36)
    assert got == (row["stamina"], row["hit_to_35"], row["hit_from_36"])


@pytest.mark.parametrize("row", vectors("characters", "naked"), ids=str)
def test_the_body_without_clothes(row: dict[str, Any]) -> None:
    assert RACES[row["race"]].naked(row["gender"]) == row["body"]


def test_every_race_and_class_has_figures() -> None:
    assert set(RACES) == set(Race)
    assert set(CLASSES) == set(CharClass)


def test_gnomes_and_dwarves_are_small() -> None:
    assert {race for race in RACES if RACES[race].small} == {Race.GNOME, Race.DWARF}


def test_the_figures_are_those_of_the_reference_table(shared: Path) -> None:
    table = tomllib.loads((shared / "rules" / "balance.toml").read_text(encoding="utf-8"))
    same = ["evasion", "shield", "hp_base", "stamina_per_level", "attack_melee", "attack_ranged"]
    same += ["attack_unarmed", "damage_melee", "damage_ranged", "damage_unarmed"]
    for row in table["class"]:
        figures = CLASSES[row["id"]]
        for name in same:
            assert getattr(figures, name) == row[name], (row["key"], name)
        assert figures.hit_to_35 == row["hit_per_level_to_35"]
        assert figures.hit_from_36 == row["hit_per_level_from_36"]
        assert figures.mana_per_int == row["mana_per_int"]
        assert list(figures.spells) == row["starting_spells"]
        assert list(figures.weapons) == row["starting_weapon"]
        assert figures.ammunition == row["starting_ammo"]
    attributes = ["strength", "agility", "intelligence", "charisma", "constitution"]
    for row in table["race"]:
        race = RACES[row["id"]]
        for name in [*attributes, "small", "body"]:
            assert getattr(race, name) == row[name], (row["key"], name)
        assert list(race.heads(Gender.MALE)) == row["heads_male"]
        assert list(race.heads(Gender.FEMALE)) == row["heads_female"]
        assert race.naked(Gender.MALE) == row["body_naked_male"]
        assert race.naked(Gender.FEMALE) == row["body_naked_female"]
        assert race.clothes == row["starting_clothes"]
