"""Betting with a gambler: who wins what, and what the house has won and lost.

Follows ao-libre/ao-server, Protocol.bas (HandleGamble).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.character import Character
from pyao.rules.inventory import GOLD_MAX
from pyao.rules.numbers import Roll

BET_MAX = 5_000
WINS_UP_TO = 47  # of 100: the house keeps 6 % in the long run
GAMBLER_RANGE = 10


class BetProblem(Enum):
    """Why there is no bet; the value is the key of the text told."""

    TOO_SMALL = "gamble.too_small"
    TOO_LARGE = "gamble.too_large"
    NO_GOLD = "commerce.no_gold"
    WALLET_FULL = "item.wallet_full"


@dataclass(slots=True)
class House:
    """What all gamblers together have won, lost and played."""

    won: int = 0
    lost: int = 0
    plays: int = 0

    def settle(self, change: int) -> None:
        """Count a play that changed a player's purse by so much."""
        self.plays += 1
        if change < 0:
            self.won -= change
        else:
            self.lost += change


def bet(who: Character, amount: int, roll: Roll) -> BetProblem | int:
    """Double the bet or lose it; return by how much the purse changed."""
    if amount < 1:
        return BetProblem.TOO_SMALL
    if amount > BET_MAX:
        return BetProblem.TOO_LARGE
    if amount > who.gold:
        return BetProblem.NO_GOLD
    if who.gold + amount > GOLD_MAX:
        return BetProblem.WALLET_FULL
    change = amount if roll(1, 100) <= WINS_UP_TO else -amount
    who.gold += change
    return change
