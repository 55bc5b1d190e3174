"""Parties: who may found, join and lead one, and how its members share experience.

Follows ao-libre/ao-server, clsParty.cls and mdParty.bas. Shares are real numbers; what is left of a
whole one is kept for the next, so nothing is lost by rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import hypot
from typing import Generic, TypeVar

from pyao.rules.kinds import Faction, Skill
from pyao.rules.person import Person, distance

LEVEL_EXPONENT = 1.75
SHARE_DISTANCE = 18
JOIN_DISTANCE = 2
MEMBERS_MAX = 5
PARTIES_MAX = 300
INFLUENCE_MIN = 100  # charisma times leadership
LEADERSHIP_MIN = 5

P = TypeVar("P", bound=Person)


@dataclass(slots=True)
class Member:
    """One of a party: its level, where it is, and the fraction it is owed."""

    level: int
    map: int
    x: int
    y: int
    dead: bool = False
    owed: float = 0.0


def shares(reward: int, levels: Sequence[int], exponent: float = LEVEL_EXPONENT) -> list[float]:
    """Return the share of each: reward * L^E / SUM(L^E)."""
    weights = [level**exponent for level in levels]
    total = sum(weights)
    return [reward * weight / total for weight in weights]


def share_out(
    reward: int,
    members: Sequence[Member],
    place: tuple[int, int, int],
    exponent: float = LEVEL_EXPONENT,
) -> list[int]:
    """Return what each gets of a reward won at a place (map, x, y).

    The shares of the dead and of those too far away are lost.
    """
    paid = []
    portions = shares(reward, [member.level for member in members], exponent)
    for member, portion in zip(members, portions, strict=True):
        if not _present(member, place):
            paid.append(0)
            continue
        member.owed += portion
        whole = int(member.owed)
        member.owed -= whole
        paid.append(whole)
    return paid


def _present(member: Member, place: tuple[int, int, int]) -> bool:
    number, x, y = place
    near = hypot(member.x - x, member.y - y) <= SHARE_DISTANCE
    return not member.dead and member.map == number and near


# --- who may be in one -------------------------------------------------------------------------


class PartyProblem(Enum):
    """Why nobody founds, joins or changes a party; the value is the key of the text told."""

    STAFF = "party.staff"
    DEAD = "action.dead"
    TARGET_DEAD = "party.target_dead"
    IN_PARTY = "party.in_party"
    TARGET_IN_PARTY = "party.target_in_party"
    NO_PARTY = "party.no_party"
    NO_CHARISMA = "party.no_charisma"
    NO_LEADERSHIP = "party.no_leadership"
    TOO_MANY = "party.too_many"
    NO_LEADER = "party.no_leader"
    NOT_LEADER = "party.not_leader"
    NOT_ASKED = "party.not_asked"
    NOT_MEMBER = "party.not_member"
    FULL = "party.full"
    TOO_FAR = "action.too_far"
    FACTIONS = "party.factions"


@dataclass(slots=True)
class Share(Generic[P]):
    """What one of a party earned by it, and the fraction of a point it is owed."""

    who: P
    earned: int = 0
    owed: float = 0.0


@dataclass(slots=True, eq=False)
class Party(Generic[P]):
    """Up to five who share what creatures teach; the first leads."""

    shares: list[Share[P]]

    @property
    def leader(self) -> P:
        """The one who admits, expels and can hand it on."""
        return self.shares[0].who

    @property
    def members(self) -> list[P]:
        """Everybody in it, the leader first."""
        return [share.who for share in self.shares]

    def drop(self, who: P) -> None:
        """Take one out; who leads after that is up to the caller."""
        self.shares = [share for share in self.shares if share.who is not who]

    def lead(self, who: P) -> None:
        """Let a member change places with the leader."""
        at = next(number for number, share in enumerate(self.shares) if share.who is who)
        self.shares[0], self.shares[at] = self.shares[at], self.shares[0]

    def divide(
        self, reward: int, place: tuple[int, int, int], exponent: float = LEVEL_EXPONENT
    ) -> list[tuple[P, int]]:
        """Return what each gets of a reward won at a place, and keep the fractions."""
        standing = [
            Member(one.who.level, one.who.map, one.who.x, one.who.y, one.who.dead, one.owed)
            for one in self.shares
        ]
        paid = share_out(reward, standing, place, exponent)
        for share, member, whole in zip(self.shares, standing, paid, strict=True):
            share.owed = member.owed
            share.earned += whole
        return list(zip(self.members, paid, strict=True))


def check_create(who: Person, *, in_party: bool, parties: int) -> PartyProblem | None:
    """Return why somebody cannot found a party, or None."""
    leadership = who.skill(Skill.LEADERSHIP)
    return _first(
        (PartyProblem.STAFF, who.staff),
        (PartyProblem.DEAD, who.dead),
        (PartyProblem.IN_PARTY, in_party),
        (PartyProblem.NO_CHARISMA, who.current.charisma * leadership < INFLUENCE_MIN),
        (PartyProblem.NO_LEADERSHIP, leadership < LEADERSHIP_MIN),
        (PartyProblem.TOO_MANY, parties >= PARTIES_MAX),
    )


def check_ask(who: Person, *, in_party: bool, leads: bool) -> PartyProblem | None:
    """Return why somebody cannot ask the one it clicked to be admitted; `leads`: that one does."""
    return _first(
        (PartyProblem.STAFF, who.staff),
        (PartyProblem.DEAD, who.dead),
        (PartyProblem.IN_PARTY, in_party),
        (PartyProblem.NO_LEADER, not leads),
    )


def check_admit(
    party: Party[P], leader: P, target: P, *, asked: bool, in_party: bool
) -> PartyProblem | None:
    """Return why a leader cannot admit somebody, or None."""
    away = distance(leader.x, leader.y, target.x, target.y)
    return _first(
        (PartyProblem.NOT_LEADER, party.leader is not leader),
        (PartyProblem.DEAD, leader.dead),
        (PartyProblem.NOT_ASKED, not asked),
        (PartyProblem.TARGET_DEAD, target.dead),
        (PartyProblem.TARGET_IN_PARTY, in_party),
        (PartyProblem.TOO_FAR, target.map != leader.map or away > JOIN_DISTANCE),
        (PartyProblem.FULL, len(party.shares) >= MEMBERS_MAX),
        (PartyProblem.FACTIONS, not all(_get_on(one, target) for one in party.members)),
    )


def _get_on(one: Person, other: Person) -> bool:
    """Tell whether two go together: the Army with citizens, the Legion with criminals."""
    pairs = ((one, other), (other, one))
    return not any(
        (soldier.faction is Faction.ROYAL and mate.criminal)
        or (soldier.faction is Faction.CHAOS and not mate.criminal)
        for soldier, mate in pairs
    )


def _first(*checks: tuple[PartyProblem, bool]) -> PartyProblem | None:
    return next((problem for problem, applies in checks if applies), None)
