"""Shares of experience in a party.

Follows ao-libre/ao-server, clsParty.cls. Shares are real numbers; what is left of a whole one is
kept for the next, so nothing is lost by rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

LEVEL_EXPONENT = 1.75
SHARE_DISTANCE = 18


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
