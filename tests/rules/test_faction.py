from __future__ import annotations

import pytest
from tests.support.people import person, with_figures

from pyao.rules import faction as rules
from pyao.rules.faction import EnlistProblem, RewardProblem, armour_amounts
from pyao.rules.guild import Alignment, Guild, Texts, found
from pyao.rules.kinds import Faction
from pyao.rules.person import Person

ROYAL, CHAOS = Faction.ROYAL, Faction.CHAOS
NOW = 1_700_000_000


def knight(**figures: int) -> Person:
    """Make somebody whom the king takes in."""
    noble = {"level": 25, "criminals_killed": 30, "noble": 1_000_000}
    return with_figures(person(), {**noble, **figures})


def villain(**figures: int) -> Person:
    """Make somebody whom the demon takes in."""
    evil = {"level": 25, "citizens_killed": 70, "noble": 0, "assassin": 140_000}
    return with_figures(person(), {**evil, **figures})


def guild(alignment: Alignment) -> Guild:
    return found(person(), "Los Faros", alignment, 1, Texts("", "", []))


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({}, None),
        ({"faction": ROYAL}, EnlistProblem.MEMBER_ROYAL),
        ({"faction": CHAOS}, EnlistProblem.ENEMY_ROYAL),
        ({"assassin": 5_000_000, "criminals_killed": 0}, EnlistProblem.CRIMINAL),
        ({"criminals_killed": 29, "level": 1}, EnlistProblem.KILLS_ROYAL),
        ({"level": 24, "citizens_killed": 1}, EnlistProblem.LEVEL),
        ({"citizens_killed": 1, "enlistments": 5}, EnlistProblem.MURDERER),
        ({"enlistments": 5, "noble": 1}, EnlistProblem.TOO_OFTEN),
        ({"enlistments": 4}, None),
        ({"noble": 999_999}, EnlistProblem.NOBILITY),
    ],
)
def test_the_king_takes_in_the_noble(
    figures: dict[str, int], problem: EnlistProblem | None
) -> None:
    assert rules.check_enlist(knight(**figures), ROYAL, None) is problem


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({}, None),
        ({"assassin": 0, "faction": CHAOS}, EnlistProblem.CITIZEN),
        ({"faction": CHAOS}, EnlistProblem.MEMBER_CHAOS),
        ({"faction": ROYAL}, EnlistProblem.ENEMY_CHAOS),
        ({"welcomed_royal": True, "citizens_killed": 0}, EnlistProblem.TURNCOAT),
        ({"citizens_killed": 69, "level": 1}, EnlistProblem.KILLS_CHAOS),
        ({"level": 24}, EnlistProblem.LEVEL),
        ({"enlistments": 5}, EnlistProblem.TOO_OFTEN),
        ({"enlistments": rules.BANISHED}, EnlistProblem.TOO_OFTEN),
    ],
)
def test_the_demon_takes_in_the_evil(
    figures: dict[str, int], problem: EnlistProblem | None
) -> None:
    assert rules.check_enlist(villain(**figures), CHAOS, None) is problem


def test_members_of_neutral_guilds_serve_nobody() -> None:
    neutral, legal = guild(Alignment.NEUTRAL), guild(Alignment.LEGAL)
    assert rules.check_enlist(knight(), ROYAL, legal) is None
    assert rules.check_enlist(knight(), ROYAL, neutral) is EnlistProblem.NEUTRAL_GUILD
    who = villain(enlistments=5)
    assert rules.check_enlist(who, CHAOS, neutral) is EnlistProblem.NEUTRAL_GUILD


def test_each_army_welcomes_once_and_one_who_comes_back_keeps_its_rank() -> None:
    who = knight()
    assert rules.enlist(who, ROYAL, NOW)
    assert (who.faction, who.enlistments, who.faction_rank) == (ROYAL, 1, 0)
    assert (who.faction_level, who.faction_since) == (25, NOW)
    rules.promote(who)
    assert rules.leave(who) is ROYAL
    assert rules.leave(who) is Faction.NONE
    assert not rules.enlist(who, ROYAL, NOW + 1)
    assert (who.faction, who.enlistments, who.faction_rank) == (ROYAL, 2, 1)
    assert who.faction_since == NOW


def test_who_is_banished_never_comes_back() -> None:
    who = knight(faction=ROYAL)
    assert rules.banish(who) is ROYAL
    assert rules.check_enlist(who, ROYAL, None) is EnlistProblem.TOO_OFTEN


def test_what_is_forgotten_counts_for_nothing() -> None:
    who, fresh = knight(), knight(criminals_killed=0)
    rules.enlist(who, ROYAL, NOW)
    rules.promote(who)
    assert rules.forget(who) is ROYAL
    names = [name for name in Person.__dataclass_fields__ if "faction" in name]
    for name in (*names, "enlistments", "welcomed_royal", "criminals_killed"):
        assert getattr(who, name) == getattr(fresh, name), name


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({"faction": CHAOS}, RewardProblem.NOT_ROYAL),
        ({"criminals_killed": 69}, RewardProblem.KILLS_ROYAL),
        ({"criminals_killed": 70}, None),
        ({"criminals_killed": 640, "faction_rank": 5, "level": 26}, RewardProblem.LEVEL),
        ({"criminals_killed": 640, "faction_rank": 5, "level": 27}, None),
        ({"criminals_killed": 2500, "faction_rank": 9}, RewardProblem.NOBILITY),
        ({"criminals_killed": 2500, "faction_rank": 9, "noble": 2_000_000}, None),
        ({"criminals_killed": 9_999, "faction_rank": 14}, RewardProblem.KILLS_ROYAL),
        ({"criminals_killed": 10_000, "faction_rank": 14}, RewardProblem.NOTHING_LEFT),
    ],
)
def test_the_king_rewards_who_has_earned_it(
    figures: dict[str, int], problem: RewardProblem | None
) -> None:
    who = knight(**{"faction": ROYAL, **figures})
    assert rules.check_reward(who, ROYAL) is problem


def test_the_demon_counts_citizens() -> None:
    who = villain(faction=CHAOS, criminals_killed=1_000, citizens_killed=159)
    assert rules.check_reward(who, CHAOS) is RewardProblem.KILLS_CHAOS
    assert rules.check_reward(knight(), CHAOS) is RewardProblem.NOT_CHAOS
    who.citizens_killed = 160
    assert rules.check_reward(who, CHAOS) is None


def test_the_marks_are_those_of_the_classic_server() -> None:
    assert [mark.kills for mark in rules.ROYAL_MARKS] == [
        *(30, 70, 130, 210, 320, 460, 640, 870, 1160, 2000, 2500, 3000, 3500, 4000, 5000, 10_000)
    ]
    assert [mark.kills for mark in rules.CHAOS_MARKS] == [
        *(70, 160, 300, 490, 740, 1100, 1500, 2010, 2700, 4600, 5800, 6990, 8100, 9300, 11_500),
        23_000,
    ]
    assert [mark.level for mark in rules.CHAOS_MARKS[9:15]] == [30, 31, 33, 35, 36, 37]


def test_each_reward_holds_armours_of_three_kinds() -> None:
    low, medium, high = zip(*(armour_amounts(rank) for rank in range(15)), strict=True)
    assert low == (10, 7, 5, 4, 3, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1)
    assert medium == (2, 4, 6, 8, 10, 6, 5, 4, 4, 3, 3, 3, 3, 3, 3)
    assert high == (1, 3, 4, 5, 7, 8, 9, 11, 12, 14, 15, 16, 18, 19, 20)
