"""Meditation: who falls into a trance, what it shows, and how mana comes back.

Follows ao-libre/ao-server, Trabajo.bas (DoMeditar).
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.kinds import Skill
from pyao.rules.numbers import Roll, pct
from pyao.rules.person import Person
from pyao.rules.states import start_meditating, stop_meditating

# (up to this skill, n): each tick one chance in n.
_CHANCES = (
    *((10, 35), (20, 30), (30, 28), (40, 24), (50, 22), (60, 20)),
    *((70, 18), (80, 15), (90, 10), (99, 7), (100, 5)),
)
# (below this level, effect)
_LOOKS = ((13, 4), (25, 5), (35, 6), (42, 16))
_LOOK_OF_MASTERS = 34


class MeditateProblem(Enum):
    """Why there is no trance; the value is the key of the text told."""

    DEAD = "action.dead"
    NO_MANA = "meditate.no_mana"


class Trance(Enum):
    """What the command to meditate did."""

    BEGUN = "begun"
    ENDED = "ended"
    FILLED = "filled"  # staff need no time for it


def meditate(who: Person, now: int) -> MeditateProblem | Trance:
    """Begin to meditate, or stop."""
    if who.dead:
        return MeditateProblem.DEAD
    if who.max_mana == 0:
        return MeditateProblem.NO_MANA
    if who.staff:
        who.mana = who.max_mana
        return Trance.FILLED
    if stop_meditating(who):
        return Trance.ENDED
    start_meditating(who, now)
    return Trance.BEGUN


def meditation_look(level: int) -> int:
    """Return the effect shown around one who meditates."""
    return next((effect for below, effect in _LOOKS if level < below), _LOOK_OF_MASTERS)


def meditation_odds(skill: int) -> int:
    """Return n: each tick brings mana with one chance in n."""
    return next(n for upto, n in _CHANCES if skill <= upto)


def meditate_tick(who: Person, roll: Roll, percent: int) -> int:
    """Return the mana that one tick of 40 ms brought, which is now the character's own."""
    if roll(1, meditation_odds(who.skill(Skill.MEDITATE))) != 1:
        return 0
    gain = min(max(1, pct(who.max_mana, percent)), who.max_mana - who.mana)
    who.mana += gain
    return gain
