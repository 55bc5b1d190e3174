"""Who is the best at what: the rankings, and with which score a character stands in each.

Ours: the classic server has no ranking inside the game. Scores are whole numbers below 2**53, which
every store keeps exactly.
"""

from __future__ import annotations

from enum import StrEnum

from pyao.rules.character import Character
from pyao.rules.social import is_staff

_EXPERIENCE_BITS = 32
_EXPERIENCE_MAX = 2**_EXPERIENCE_BITS - 1


class Board(StrEnum):
    """A ranking, as the store calls it."""

    LEVEL = "level"  # of equal levels the one with more experience is ahead
    KILLS = "kills"  # players killed
    GOLD = "gold"  # in the purse and in the vault


def scores(who: Character) -> dict[Board, int]:
    """Return with what a character stands in the rankings; staff and who has nothing in none."""
    if is_staff(who.privileges):
        return {}
    experience = min(max(who.experience, 0), _EXPERIENCE_MAX)
    found = {
        Board.LEVEL: who.level << _EXPERIENCE_BITS | experience,
        Board.KILLS: who.users_killed,
        Board.GOLD: who.gold + who.bank_gold,
    }
    return {board: score for board, score in found.items() if score > 0}


def figure(board: Board, score: int) -> int:
    """Return what a score says to people: a level, a number of kills, an amount of gold."""
    return score >> _EXPERIENCE_BITS if board is Board.LEVEL else score
