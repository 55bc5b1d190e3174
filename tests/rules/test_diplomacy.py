from __future__ import annotations

import pytest

from pyao.rules.character import UserId
from pyao.rules.diplomacy import (
    PROPOSAL_MAX_CHARS,
    DiplomacyProblem,
    accept,
    add_news,
    between,
    declare_war,
    propose,
    proposers,
    related,
    turn_down,
)
from pyao.rules.guild import NEWS_MAX_CHARS, Alignment, Guild, Relation, Wish

PROBLEM = DiplomacyProblem


def guild(name: str) -> Guild:
    who = UserId(1)
    return Guild(name, Alignment.LEGAL, who, "Ana", 0, who, members={who: "Ana"})


@pytest.fixture(name="two")
def two_fixture() -> tuple[Guild, Guild]:
    return guild("Faros"), guild("Arcos")


def test_war_is_for_both_and_once(two: tuple[Guild, Guild]) -> None:
    own, other = two
    assert between(own, other) is Relation.PEACE
    assert declare_war(own, own) is PROBLEM.ONESELF
    assert declare_war(own, other) is None
    assert (between(own, other), between(other, own)) == (Relation.WAR, Relation.WAR)
    assert declare_war(other, own) is PROBLEM.AT_WAR
    assert (related(own, Relation.WAR), related(own, Relation.ALLIANCE)) == (["arcos"], [])


def test_war_ends_by_an_accepted_peace_only(two: tuple[Guild, Guild]) -> None:
    own, other = two
    assert propose(own, other, Wish.PEACE, "") is PROBLEM.NOT_AT_WAR
    declare_war(own, other)
    assert accept(own, other, Wish.PEACE) is PROBLEM.NO_PROPOSAL
    assert propose(own, other, Wish.ALLIANCE, "") is PROBLEM.NOT_AT_PEACE
    assert propose(own, other, Wish.PEACE, "x\n" * 999) is None
    assert other.proposals == {(Wish.PEACE, "faros"): "x" * PROPOSAL_MAX_CHARS}
    assert propose(own, other, Wish.PEACE, "") is PROBLEM.PENDING
    assert propose(other, own, Wish.PEACE, "") is PROBLEM.PENDING
    assert accept(own, other, Wish.PEACE) is PROBLEM.NO_PROPOSAL, "it is the other's to accept"
    assert accept(other, own, Wish.PEACE) is None
    assert (own.relations, other.relations, other.proposals) == ({}, {}, {})


def test_an_alliance_ends_by_war_only(two: tuple[Guild, Guild]) -> None:
    own, other = two
    assert propose(own, own, Wish.ALLIANCE, "") is PROBLEM.ONESELF
    assert propose(own, other, Wish.ALLIANCE, "juntos") is None
    assert (proposers(other, Wish.ALLIANCE), proposers(other, Wish.PEACE)) == (["faros"], [])
    assert accept(other, own, Wish.ALLIANCE) is None
    assert between(other, own) is Relation.ALLIANCE
    assert propose(own, other, Wish.ALLIANCE, "") is PROBLEM.NOT_AT_PEACE
    assert declare_war(other, own) is None
    assert between(own, other) is Relation.WAR


def test_war_forgets_what_was_proposed(two: tuple[Guild, Guild]) -> None:
    own, other = two
    propose(own, other, Wish.ALLIANCE, "")
    declare_war(other, own)
    assert not other.proposals
    propose(own, other, Wish.PEACE, "")
    assert turn_down(own, other, Wish.PEACE, "no") is PROBLEM.NO_PROPOSAL
    assert turn_down(other, own, Wish.PEACE, "Arcos: no") is None
    assert (own.news, other.proposals) == ("Arcos: no", {})


def test_news_grow_at_the_front_up_to_their_length(two: tuple[Guild, Guild]) -> None:
    own, _ = two
    add_news(own, "uno")
    add_news(own, "dos")
    assert own.news == "dos\nuno"
    add_news(own, "x" * 2_000)
    assert len(own.news) == NEWS_MAX_CHARS
