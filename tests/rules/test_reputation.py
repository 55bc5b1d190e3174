from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.people import person, with_figures
from tests.support.vectors import vectors

from pyao.rules import reputation
from pyao.rules.kinds import Faction
from pyao.rules.person import Person
from pyao.rules.reputation import SAME, Standing, average, is_criminal

COUNTERS = ["assassin", "bandit", "bourgeois", "thief", "noble", "plebeian"]


def counters(who: Person) -> list[int]:
    return [getattr(who, name) for name in COUNTERS]


def citizen(**figures: int) -> Person:
    return with_figures(person(), figures)


def criminal(**figures: int) -> Person:
    return with_figures(person(bandit=9_000, user_id=2), figures)


@pytest.mark.parametrize("row", vectors("progression", "averages"), ids=str)
def test_the_average_decides_who_is_a_criminal(row: dict[str, Any]) -> None:
    who = with_figures(person(), dict(zip(COUNTERS, row["counters"], strict=True)))
    assert average(who) == row["average"]
    assert is_criminal(who) is row["criminal"]


@pytest.mark.parametrize("total", range(-15, 16))
def test_a_criminal_is_who_has_an_average_below_zero(total: int) -> None:
    who = with_figures(person(), dict.fromkeys(COUNTERS, 0))
    who.noble, who.thief = 20 + total, 20
    assert is_criminal(who) is (average(who) < 0)


def test_attacking_a_citizen_makes_a_criminal_and_killing_one_makes_it_worse() -> None:
    who, victim = citizen(bourgeois=9), citizen(user_id=2)
    assert reputation.attack_user(who, victim) == Standing(changed=True)
    assert counters(who) == [0, 200, 0, 0, 0, 0]
    assert average(who) == -33
    assert reputation.attack_user(who, victim) is SAME
    assert counters(who) == [0, 300, 0, 0, 0, 0]
    who.bandit = 200
    assert reputation.kill_user(who, victim) is SAME
    assert counters(who) == [2000, 200, 0, 0, 0, 0]
    assert average(who) == -367


def test_a_criminal_who_attacks_a_citizen_loses_half_of_its_nobility() -> None:
    who = criminal(noble=1001)
    reputation.attack_user(who, citizen())
    assert counters(who) == [0, 9100, 0, 0, 500, 30]


def test_attacking_criminals_is_a_small_virtue() -> None:
    who = citizen()
    for _ in range(3):
        assert reputation.attack_user(who, criminal()) is SAME
    assert counters(who) == [0, 0, 0, 0, 1015, 30]
    assert reputation.kill_user(who, criminal()) is SAME
    assert who.noble == 1020


def test_killing_a_citizen_costs_all_good_name() -> None:
    who = citizen(bourgeois=50)
    assert reputation.kill_user(who, citizen(user_id=2)) == Standing(changed=True)
    assert counters(who) == [2000, 0, 0, 0, 0, 0]


def test_one_who_may_be_attacked_is_attacked_without_penalty() -> None:
    who, victim = citizen(user_id=7), citizen(user_id=2, attackable_by=7)
    assert reputation.attack_user(who, victim) is SAME
    assert reputation.kill_user(who, victim) is SAME
    assert counters(who) == [0, 0, 0, 0, 1000, 30]


def test_becoming_a_criminal_ends_service_in_the_royal_army_and_being_fair_game() -> None:
    who = citizen(faction=Faction.ROYAL, attackable_by=9, bourgeois=3)
    standing = reputation.become_criminal(who)
    assert standing == Standing(changed=True, expelled=Faction.ROYAL)
    assert (who.faction, who.attackable_by) == (Faction.NONE, 0)
    assert counters(who) == [0, 100, 0, 0, 0, 0]


def test_a_soldier_who_kills_a_citizen_is_expelled() -> None:
    who = citizen(faction=Faction.ROYAL)
    standing = reputation.kill_user(who, citizen(user_id=2))
    assert standing == Standing(changed=True, expelled=Faction.ROYAL)


def test_a_soldier_who_attacks_a_citizen_is_expelled() -> None:
    who = citizen(faction=Faction.ROYAL)
    assert reputation.attack_user(who, citizen(user_id=2)).expelled is Faction.ROYAL
    assert who.faction is Faction.NONE


@pytest.mark.parametrize(("before", "after"), [(30, 32), (31, 34)])
def test_attacking_the_hunted_feeds_the_people(before: int, after: int) -> None:
    who = citizen(plebeian=before)
    assert reputation.attack_evil(who) is SAME
    assert who.plebeian == after


def test_one_whom_hunting_makes_a_citizen_is_forgiven() -> None:
    who = person(noble=0, plebeian=30, bandit=12, thief=12, assassin=11, faction=Faction.CHAOS)
    standing = reputation.attack_evil(who)
    assert standing == Standing(changed=True, expelled=Faction.CHAOS)
    assert counters(who) == [0, 0, 0, 0, 0, 132]
    assert who.faction is Faction.NONE


def test_one_whom_hunting_does_not_clear_keeps_its_crimes() -> None:
    who = person(noble=0, plebeian=0, bandit=12)
    assert reputation.attack_evil(who) is SAME
    assert counters(who) == [0, 12, 0, 0, 0, 2]


def test_attacking_a_peaceful_creature_is_told_and_costs() -> None:
    who = citizen()
    assert reputation.attack_peaceful(who) == Standing(nobility_lost=True)
    assert reputation.attack_peaceful(who) == Standing(changed=True, nobility_lost=True)
    assert who.bandit == 2000


@pytest.mark.parametrize(
    ("number", "alignment", "pet", "faction", "expected"),
    [
        (6, 0, False, Faction.NONE, [1500, 0, 0, 0, 0, 0]),
        (6, 0, True, Faction.NONE, [500, 0, 0, 0, 0, 0]),
        (10, 0, False, Faction.NONE, [1000, 0, 0, 0, 1000, 30]),
        (10, 0, True, Faction.NONE, [0, 0, 0, 0, 1000, 30]),
        (10, 1, False, Faction.NONE, [0, 0, 0, 0, 1000, 35]),
        (10, 4, False, Faction.ROYAL, [0, 0, 0, 0, 1000, 35]),
        (10, 2, False, Faction.NONE, [0, 0, 0, 0, 1500, 30]),
        (10, 3, False, Faction.NONE, [0, 0, 0, 0, 1000, 30]),
        (10, 1, False, Faction.CHAOS, [0, 0, 0, 0, 1000, 30]),
        (10, 2, False, Faction.CHAOS, [0, 0, 0, 0, 1000, 30]),
    ],
)
def test_what_was_killed_decides_what_it_was_worth(
    number: int, alignment: int, pet: bool, faction: Faction, expected: list[int]
) -> None:
    who = citizen(faction=faction)
    reputation.kill_creature(who, number, alignment, pet=pet)
    assert counters(who) == expected
    assert who.npcs_killed == 1


def test_helping_criminals_costs_nobility() -> None:
    who = citizen(noble=1001)
    assert reputation.help_criminal(who) == Standing(changed=True, nobility_lost=True)
    assert counters(who) == [0, 10_000, 0, 0, 501, 30]


def test_resurrecting_a_citizen_is_noble() -> None:
    who = citizen()
    assert reputation.resurrect_citizen(who) is SAME
    assert who.noble == 1500


def test_robbing_a_citizen_makes_a_criminal_and_a_thief() -> None:
    who = citizen()
    assert reputation.rob(who, citizen(user_id=2)) == Standing(changed=True)
    assert counters(who) == [0, 100, 0, 25, 0, 0]


def test_robbing_criminals_is_theft_only_for_criminals() -> None:
    who = citizen()
    assert reputation.rob(who, criminal()) is SAME
    assert who.thief == 0
    thief = criminal()
    reputation.rob(thief, citizen())
    assert thief.thief == 25


def test_work_feeds_the_people() -> None:
    who = citizen()
    reputation.work(who)
    assert who.plebeian == 32


@pytest.mark.parametrize(
    ("bandit", "thief", "then"),
    [
        (9_000, 50, (8_900, 50)),
        (50, 9_000, (0, 9_000)),
        (1, 9_000, (0, 9_000)),
        (0, 9_000, (0, 8_950)),
    ],
)
def test_death_by_a_royal_guard_atones(bandit: int, thief: int, then: tuple[int, int]) -> None:
    who = person(bandit=bandit, thief=thief)
    reputation.atone(who)
    assert (who.bandit, who.thief) == then


def test_atoning_never_goes_below_nothing() -> None:
    who = person(thief=49, assassin=2_000)
    reputation.atone(who)
    assert who.thief == 0
    honest = citizen(bandit=5, thief=5)
    reputation.atone(honest)
    assert (honest.bandit, honest.thief) == (5, 5)


def test_atoning_may_make_a_citizen_again() -> None:
    who = person(noble=0, plebeian=0, bandit=80, faction=Faction.CHAOS)
    assert reputation.atone(who) == Standing(changed=True, expelled=Faction.CHAOS)


def test_kills_are_counted_once_for_each_victim_in_a_row() -> None:
    who = citizen(user_id=9)
    for name in ("Ana", "Ana", "Luz", "Ana"):
        reputation.count_kill(who, criminal(), name, newbie=False)
    for name in ("Ana", "Ana"):
        reputation.count_kill(who, citizen(), name, newbie=False)
    assert (who.criminals_killed, who.citizens_killed, who.users_killed) == (3, 1, 6)


def test_newbies_and_fair_game_are_not_counted() -> None:
    who = citizen(user_id=9)
    reputation.count_kill(who, criminal(), "Ana", newbie=True)
    reputation.count_kill(who, citizen(attackable_by=9), "Ana", newbie=False)
    assert (who.criminals_killed, who.citizens_killed, who.users_killed) == (0, 0, 0)


def test_counters_stop_at_their_caps() -> None:
    who = person(noble=5_999_999, npcs_killed=32_000, users_killed=65_000)
    reputation.kill_creature(who, 10, 2, pet=False)
    reputation.count_kill(who, criminal(), "Ana", newbie=False)
    assert (who.noble, who.npcs_killed, who.users_killed) == (6_000_000, 32_000, 65_000)
    who = person(citizens_killed=65_000, criminals_killed=65_000, user_id=9)
    reputation.count_kill(who, criminal(), "Ana", newbie=False)
    reputation.count_kill(who, citizen(), "Ana", newbie=False)
    assert (who.citizens_killed, who.criminals_killed) == (65_000, 65_000)


DEEDS: list[Callable[[Person], Standing]] = [
    reputation.become_criminal,
    reputation.attack_evil,
    reputation.attack_peaceful,
    reputation.help_criminal,
    reputation.resurrect_citizen,
    reputation.work,
    reputation.atone,
    lambda who: reputation.attack_user(who, citizen(user_id=3)),
    lambda who: reputation.attack_user(who, criminal(user_id=3)),
    lambda who: reputation.kill_user(who, citizen(user_id=3)),
    lambda who: reputation.kill_user(who, criminal(user_id=3)),
    lambda who: reputation.rob(who, citizen(user_id=3)),
    lambda who: reputation.kill_creature(who, 6, 0, pet=False),
    lambda who: reputation.kill_creature(who, 1, 1, pet=False),
    lambda who: reputation.kill_creature(who, 1, 2, pet=False),
]


@given(
    st.lists(st.integers(0, 6_000_000), min_size=6, max_size=6),
    st.sampled_from(Faction),
    st.lists(st.sampled_from(DEEDS), max_size=20),
)
def test_whatever_one_does_counters_stay_in_range_and_changes_are_told(
    start: list[int], faction: Faction, deeds: list[Callable[[Person], Standing]]
) -> None:
    who = with_figures(person(faction=faction), dict(zip(COUNTERS, start, strict=True)))
    for deed in deeds:
        before, served = who.criminal, who.faction
        standing = deed(who)
        assert all(0 <= value <= 6_000_000 for value in counters(who))
        assert standing.changed is (before != who.criminal)
        assert standing.expelled == (served if who.faction != served else Faction.NONE)
