from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.people import person, with_current
from tests.support.vectors import vectors

from pyao.rules.kinds import Faction, Privilege, Skill
from pyao.rules.party import (
    Member,
    Party,
    PartyProblem,
    Share,
    check_admit,
    check_ask,
    check_create,
    share_out,
    shares,
)
from pyao.rules.person import Person

HERE = (1, 50, 50)


def member(level: int = 20, x: int = 50, y: int = 50, number: int = 1) -> Member:
    return Member(level, number, x, y)


@pytest.mark.parametrize("row", vectors("npcs", "party"), ids=str)
def test_shares_go_by_level(row: dict[str, Any]) -> None:
    got = shares(row["reward"], row["levels"])
    assert [round(share, 3) for share in got] == row["shares"]


def test_another_exponent_shares_otherwise() -> None:
    assert shares(100, [1, 3], 1) == [25, 75]


def test_fractions_are_kept_for_the_next_time() -> None:
    party = [member(25), member(15)]
    assert share_out(1_000, party, HERE) == [709, 290]
    assert share_out(1_000, party, HERE) == [710, 290]


@pytest.mark.parametrize(
    ("other", "present"),
    [
        (member(x=68), True),
        (member(x=69), False),
        (member(x=62, y=63), True),
        (member(x=63, y=63), False),
        (member(number=2), False),
        (Member(20, 1, 50, 50, dead=True), False),
    ],
)
def test_the_shares_of_the_absent_are_lost(other: Member, present: bool) -> None:
    assert share_out(1_000, [member(), other], HERE) == [500, 500 if present else 0]
    assert other.owed == 0


@given(
    st.lists(st.integers(1, 47), min_size=1, max_size=5),
    st.lists(st.integers(0, 100_000), max_size=30),
)
def test_a_party_together_loses_less_than_a_point_each(
    levels: list[int], rewards: list[int]
) -> None:
    party = [member(level) for level in levels]
    paid = sum(sum(share_out(reward, party, HERE)) for reward in rewards)
    assert sum(rewards) - len(levels) - 1e-3 <= paid <= sum(rewards) + 1e-3


# --- who may be in one -------------------------------------------------------------------------


def leader_like() -> Person:
    return with_current(person(skills={Skill.LEADERSHIP: 6}), charisma=18)


def test_founding_takes_charisma_times_leadership() -> None:
    who = leader_like()
    assert check_create(who, in_party=False, parties=299) is None
    who.current.charisma = 16  # 16 * 6 = 96
    assert check_create(who, in_party=False, parties=0) is PartyProblem.NO_CHARISMA
    who.current.charisma = 17
    assert check_create(who, in_party=False, parties=0) is None
    who.current.charisma, who.skills[Skill.LEADERSHIP - 1] = 40, 4
    assert check_create(who, in_party=False, parties=0) is PartyProblem.NO_LEADERSHIP
    who.skills[Skill.LEADERSHIP - 1] = 5
    assert check_create(who, in_party=False, parties=300) is PartyProblem.TOO_MANY
    assert check_create(who, in_party=True, parties=0) is PartyProblem.IN_PARTY
    who.hp = 0
    assert check_create(who, in_party=False, parties=0) is PartyProblem.DEAD
    who.privileges = Privilege.GOD
    assert check_create(who, in_party=False, parties=0) is PartyProblem.STAFF


def test_only_leaders_are_asked() -> None:
    who = person()
    assert check_ask(who, in_party=False, leads=True) is None
    assert check_ask(who, in_party=False, leads=False) is PartyProblem.NO_LEADER
    assert check_ask(who, in_party=True, leads=True) is PartyProblem.IN_PARTY
    who.hp = 0
    assert check_ask(who, in_party=False, leads=True) is PartyProblem.DEAD
    who.privileges = Privilege.COUNSELLOR
    assert check_ask(who, in_party=False, leads=True) is PartyProblem.STAFF


def test_leaders_admit_who_asked_and_stands_near() -> None:
    leader, target = leader_like(), person(x=51, y=51)
    party = Party([Share(leader)])

    def answer(*, asked: bool = True, in_party: bool = False) -> PartyProblem | None:
        return check_admit(party, leader, target, asked=asked, in_party=in_party)

    assert answer() is None
    assert answer(asked=False) is PartyProblem.NOT_ASKED
    assert answer(in_party=True) is PartyProblem.TARGET_IN_PARTY
    assert check_admit(party, target, leader, asked=True, in_party=False) is (
        PartyProblem.NOT_LEADER
    )
    target.x = 52
    assert answer() is PartyProblem.TOO_FAR
    target.x, target.map = 51, 2
    assert answer() is PartyProblem.TOO_FAR
    target.map = 1
    target.hp = 0
    assert answer() is PartyProblem.TARGET_DEAD
    target.hp = 10
    leader.hp = 0
    assert answer() is PartyProblem.DEAD
    leader.hp = 10
    party.shares += [Share(person()) for _ in range(3)]
    assert answer() is None
    party.shares.append(Share(person()))
    assert answer() is PartyProblem.FULL


@pytest.mark.parametrize(
    ("soldier", "criminal", "together"),
    [
        (Faction.ROYAL, False, True),
        (Faction.ROYAL, True, False),
        (Faction.CHAOS, True, True),
        (Faction.CHAOS, False, False),
        (Faction.NONE, True, True),
    ],
)
@pytest.mark.parametrize("leads", [True, False])
def test_soldiers_choose_their_company(
    soldier: Faction, *, criminal: bool, together: bool, leads: bool
) -> None:
    one, other = leader_like(), leader_like()
    one.faction = soldier
    if criminal:
        other.bandit = 1_000_000
    if soldier is Faction.CHAOS:
        one.bandit = 1_000_000
    leader, target = (one, other) if leads else (other, one)
    problem = check_admit(Party([Share(leader)]), leader, target, asked=True, in_party=False)
    assert problem is (None if together else PartyProblem.FACTIONS)


def test_a_party_keeps_fractions_and_counts_what_each_earned() -> None:
    one, other, away = (person(level=level, x=50, y=50) for level in (25, 15, 15))
    away.map = 2
    party = Party([Share(one), Share(other), Share(away)])
    assert party.members == [one, other, away]
    paid = [[share for _, share in party.divide(1, HERE)] for _ in range(4)]
    assert [sum(column) for column in zip(*paid, strict=True)] == [2, 0, 0]
    assert [share.earned for share in party.shares] == [2, 0, 0]
    party.lead(other)
    assert party.leader is other
    party.drop(other)
    assert party.leader is one
