from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.people import person, with_figures
from tests.support.vectors import FOLDER, lowest, never, vectors

from pyao.rules.kinds import Skill
from pyao.rules.person import Person
from pyao.rules.skills import (
    AssignProblem,
    Training,
    assign,
    progress,
    skill_ceiling,
    skill_cost,
    train,
)


def pupil(level: int = 1, value: int = 0, learned: int = 0, **figures: int) -> Person:
    who = person(level=level, skills={Skill.HIDE: value}, experience_next=10_000)
    who.assigned_points = 10
    with_figures(who, figures)
    who.skill_experience[Skill.HIDE - 1] = learned
    return who


@pytest.mark.parametrize("row", vectors("progression", "skill_costs"), ids=str)
def test_the_cost_of_a_point(row: dict[str, Any]) -> None:
    assert skill_cost(row["value"]) == row["cost"]


def test_a_skill_takes_522002_in_all() -> None:
    assert sum(skill_cost(value) for value in range(100)) == 522_002


def test_the_ceilings_of_the_levels() -> None:
    table = tomllib.loads((FOLDER / "progression.toml").read_text(encoding="utf-8"))
    assert [skill_ceiling(level) for level in range(1, 41)] == table["ceilings"]["levels"]
    assert skill_ceiling(41) == skill_ceiling(255) == 100


@pytest.mark.parametrize("row", vectors("progression", "training"), ids=lambda row: row["of"])
def test_use_teaches(row: dict[str, Any]) -> None:
    who = pupil(row["level"], row["skill"], row["learned"])
    for success in row["uses"]:
        train(who, Skill.HIDE, lowest, success=success)
    at = Skill.HIDE - 1
    assert [who.skills[at], who.skill_experience[at], who.experience] == row["then"]
    assert who.skill_next[at] == (skill_cost(who.skills[at]) if row["then"][2] else 200)


def test_a_point_is_told_with_its_growth() -> None:
    who = pupil(learned=199)
    who.experience_next = 50
    training = train(who, Skill.HIDE, lowest, success=False)
    assert training.value == 1
    assert [level.level for level in training.growth.levels] == [2]


def test_nothing_is_learned_before_the_first_ten_points_are_assigned() -> None:
    who = pupil(assigned_points=9)
    assert train(who, Skill.HIDE, never, success=True) == Training(unassigned=True)
    assert who.skill_experience[Skill.HIDE - 1] == 0
    who.assigned_points = 10
    assert train(who, Skill.HIDE, never, success=True) == Training()
    assert who.skill_experience[Skill.HIDE - 1] == 50


@pytest.mark.parametrize("need", ["hunger", "thirst"])
def test_the_hungry_and_thirsty_learn_nothing(need: str) -> None:
    who = pupil(learned=199, **{need: 0})
    assert train(who, Skill.HIDE, never, success=True) == Training()
    assert who.skill_experience[Skill.HIDE - 1] == 199


def test_at_100_nothing_is_left_to_learn() -> None:
    who = pupil(level=40, value=99, learned=25_047)
    assert train(who, Skill.HIDE, lowest, success=True).value == 100
    at = Skill.HIDE - 1
    assert (who.skill_experience[at], who.skill_next[at]) == (0, 0)
    assert train(who, Skill.HIDE, never, success=True) == Training()


def increments(**points: int) -> list[int]:
    return [points.get(skill.name, 0) for skill in Skill]


def test_free_points_are_assigned_above_the_ceiling_of_the_level() -> None:
    who = pupil(level=1, value=3, learned=77, assigned_points=4, free_skill_points=10)
    assert assign(who, increments(HIDE=7, MAGIC=1)) is None
    assert (who.skills[Skill.HIDE - 1], who.skills[Skill.MAGIC - 1]) == (10, 1)
    assert who.skill_experience[Skill.HIDE - 1] == 0
    assert who.skill_next[Skill.HIDE - 1] == 326
    assert (who.free_skill_points, who.assigned_points) == (2, 10)


def test_a_skill_that_gets_no_point_keeps_what_it_has_learned() -> None:
    who = pupil(learned=77, free_skill_points=10, assigned_points=0)
    assert assign(who, increments(MAGIC=4)) is None
    assert who.skill_experience[Skill.HIDE - 1] == 77
    assert who.assigned_points == 4


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        (increments(HIDE=6), AssignProblem.TOO_MANY),
        (increments(HIDE=6, MAGIC=-3), AssignProblem.NEGATIVE),
        (increments(MAGIC=4), AssignProblem.ABOVE_TOP),
        ([1], AssignProblem.COUNT),
        ([], AssignProblem.COUNT),
    ],
)
def test_points_that_cannot_be_are_refused_whole(points: list[int], problem: AssignProblem) -> None:
    who = pupil(free_skill_points=5)
    who.skills[Skill.MAGIC - 1] = 97
    before = list(who.skills)
    assert assign(who, points) is problem
    assert (who.skills, who.free_skill_points) == (before, 5)


@given(st.lists(st.integers(-300, 300), min_size=20, max_size=20), st.integers(0, 200))
def test_points_are_conserved(points: list[int], free: int) -> None:
    who = pupil(free_skill_points=free)
    total = sum(who.skills) + free
    assign(who, points)
    assert sum(who.skills) + who.free_skill_points == total
    assert 0 <= min(who.skills) <= max(who.skills) <= 100


def test_progress_is_told_in_whole_per_cents() -> None:
    who = pupil(value=1, learned=209)
    who.skills[Skill.MAGIC - 1] = 100
    shown = progress(who)
    assert shown[Skill.HIDE - 1] == (1, 99)
    assert shown[Skill.MAGIC - 1] == (100, 0)
    assert shown[Skill.STEAL - 1] == (0, 0)
    assert len(shown) == 20


def test_the_costs_are_those_of_the_reference_table(shared: Path) -> None:
    table = tomllib.loads((shared / "rules" / "balance.toml").read_text(encoding="utf-8"))
    assert [skill_cost(value) for value in range(100)] == table["skills"]["cost"]
