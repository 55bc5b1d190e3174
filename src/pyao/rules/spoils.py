"""What a dead creature leaves behind.

Follows ao-libre/ao-server, InvNpcs.bas (NPC_TIRAR_ITEMS).
"""

from __future__ import annotations

from collections.abc import Sequence

from pyao.rules.inventory import Pile
from pyao.rules.numbers import Roll
from pyao.rules.records import PileFigures

NOTHING_ABOVE = 90  # of a roll of 1 to 100
BETTER_UPTO = 10
BETTER_ROLLS = 3


def roll_spoils(drops: Sequence[PileFigures], roll: Roll) -> Pile | None:
    """Return what falls: the first place 8 times out of 10, each later one ten times less often."""
    rolled = roll(1, 100)
    if rolled > NOTHING_ABOVE:
        return None
    place = 0
    if rolled <= BETTER_UPTO:
        place = 1
        while place <= BETTER_ROLLS and roll(1, 100) <= BETTER_UPTO:
            place += 1
    if place >= len(drops) or not drops[place].number or drops[place].amount <= 0:
        return None
    return Pile(drops[place].number, drops[place].amount)
