"""The election of a guild's leader: open for a day, one vote for each member.

Follows ao-libre/ao-server, clsClan.cls.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum

from pyao.rules.character import UserId
from pyao.rules.guild import Guild

ELECTION_S = 24 * 3600


class VoteProblem(Enum):
    """Why no election begins or no vote counts; the value is the key of the text told."""

    OPEN = "guild.election_open"
    CLOSED = "guild.no_election"
    VOTED = "guild.voted"
    NOT_MEMBER = "guild.not_member"


def open_election(guild: Guild, now_s: int) -> VoteProblem | None:
    """Begin an election; `now_s` in unix seconds."""
    if guild.election_until:
        return VoteProblem.OPEN
    guild.election_until = now_s + ELECTION_S
    guild.votes.clear()
    return None


def vote(guild: Guild, who: UserId, candidate: str, now_s: int) -> VoteProblem | None:
    """Let a member vote for another one, once and for good."""
    chosen = guild.member(candidate)
    if not now_s < guild.election_until:
        return VoteProblem.CLOSED
    if who in guild.votes:
        return VoteProblem.VOTED
    if chosen is None:
        return VoteProblem.NOT_MEMBER
    guild.votes[who] = chosen
    return None


def is_due(guild: Guild, now_s: int) -> bool:
    """Tell whether the votes of an election can be counted."""
    return 0 < guild.election_until <= now_s


def close_election(guild: Guild) -> UserId | None:
    """End an election and return the new leader.

    None leaves the old one: nobody voted, the first are equal, or the winner has left.
    """
    first = Counter(guild.votes.values()).most_common(2)
    guild.election_until = 0
    guild.votes.clear()
    tie = len(first) > 1 and first[0][1] == first[1][1]
    if not first or tie or first[0][0] not in guild.members:
        return None
    guild.leader = first[0][0]
    return guild.leader
