from __future__ import annotations

import pytest

from pyao.rules.character import UserId
from pyao.rules.elections import (
    ELECTION_S,
    VoteProblem,
    close_election,
    is_due,
    open_election,
    vote,
)
from pyao.rules.guild import Alignment, Guild

ANA, BOB, EVA, LEO = (UserId(number) for number in range(1, 5))


@pytest.fixture(name="guild")
def guild_fixture() -> Guild:
    members = {ANA: "Ana", BOB: "Bob", EVA: "Eva", LEO: "Leo"}
    return Guild("Faros", Alignment.LEGAL, ANA, "Ana", 0, ANA, members=members)


def test_one_votes_once_and_only_while_it_is_open(guild: Guild) -> None:
    assert vote(guild, BOB, "Eva", 5) is VoteProblem.CLOSED
    assert open_election(guild, 1_000) is None
    assert open_election(guild, 1_000) is VoteProblem.OPEN
    end = 1_000 + ELECTION_S
    assert vote(guild, BOB, "nadie", end - 1) is VoteProblem.NOT_MEMBER
    assert vote(guild, BOB, "EVA", end - 1) is None
    assert vote(guild, BOB, "Ana", end - 1) is VoteProblem.VOTED
    assert vote(guild, EVA, "Ana", end) is VoteProblem.CLOSED
    assert (is_due(guild, end - 1), is_due(guild, end)) == (False, True)
    assert close_election(guild) == EVA
    assert (guild.leader, guild.election_until, guild.votes) == (EVA, 0, {})
    assert not is_due(guild, end)


@pytest.mark.parametrize(
    ("votes", "leader"),
    [
        ({}, ANA),
        ({ANA: BOB}, BOB),
        ({ANA: BOB, BOB: BOB, EVA: EVA}, BOB),
        ({ANA: BOB, BOB: EVA}, ANA),
        ({ANA: BOB, BOB: BOB, EVA: EVA, LEO: EVA}, ANA),
        ({ANA: UserId(9)}, ANA),
    ],
)
def test_most_votes_win_and_a_tie_changes_nothing(
    guild: Guild, votes: dict[UserId, UserId], leader: UserId
) -> None:
    open_election(guild, 0)
    guild.votes.update(votes)
    close_election(guild)
    assert guild.leader == leader
