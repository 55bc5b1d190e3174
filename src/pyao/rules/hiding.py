"""Hiding: the chance, the time, and who is not seen however it moves.

Follows ao-libre/ao-server, Trabajo.bas (DoOcultarse).
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.kinds import CharClass, Skill
from pyao.rules.numbers import Roll
from pyao.rules.options import Options
from pyao.rules.person import Person, Spot

TICK_MS = 40
WALKS_HIDDEN = (CharClass.THIEF, CharClass.BANDIT)
CAMOUFLAGE = (360, 648)  # armours of a hunter who stays hidden without limit
CAMOUFLAGE_SKILL = 90


class HideProblem(Enum):
    """Why nobody hides; the value is the key of the text told, empty for silence."""

    SILENT = ""
    DEAD = "action.dead"
    NOT_HERE = "map.no_hiding"
    CONSULTING = "hide.consulting"
    SAILING = "hide.sailing"
    ALREADY = "hide.already"


class Hid(Enum):
    """How an attempt went."""

    HIDDEN = "hidden"
    SEEN = "seen"


def hide_chance(skill: int) -> float:
    """Return the per cent: (((0.000002 s - 0.0002) s + 0.0064) s + 0.1124) * 100."""
    s = skill
    return (((2 * s - 200) * s + 6_400) * s + 112_400) / 10_000


def hide_ticks(skill: int, char_class: int, most: int) -> int:
    """Return how many ticks hiding lasts, of a world's `most`; bandits stay half as long.

    most * (-0.000001 q^3 + 0.00009229 q^2 - 0.0088 q + 0.9571), q = 100 - s.
    """
    q = 100 - skill
    ticks = most * (-0.000001 * q**3 + 0.00009229 * q**2 - 0.0088 * q + 0.9571)
    return int(ticks / 2) if char_class == CharClass.BANDIT else round(ticks)


def hide(who: Person, here: Spot, now: int, roll: Roll, options: Options) -> HideProblem | Hid:
    """Try to hide; the caller trains the skill by how it went."""
    problem = _check(who, here)
    if problem is not None:
        return problem
    if options.hide_interval and not who.intervals.may_work(now, options.intervals):
        return HideProblem.SILENT
    skill = who.skill(Skill.HIDE)
    if roll(1, 100) > hide_chance(skill):
        return Hid.SEEN
    who.hidden = True
    who.effects.hidden_until = now + _hidden_ms(who, options)
    return Hid.HIDDEN


def stay_hidden(who: Person, now: int, options: Options) -> bool:
    """Hide on when the time is over, as a master hunter in camouflage does."""
    armour = who.gear.armour
    stays = (
        who.char_class == CharClass.HUNTER
        and who.skill(Skill.HIDE) > CAMOUFLAGE_SKILL
        and armour is not None
        and armour.number in CAMOUFLAGE
    )
    if stays:
        who.effects.hidden_until = now + _hidden_ms(who, options)
    return stays


def walks_hidden(who: Person) -> bool:
    """Return whether a step does not end this one's hiding."""
    return who.char_class in WALKS_HIDDEN


def _hidden_ms(who: Person, options: Options) -> int:
    most = options.times.hiding_ticks
    return hide_ticks(who.skill(Skill.HIDE), who.char_class, most) * TICK_MS


def _check(who: Person, here: Spot) -> HideProblem | None:
    checks = (
        (HideProblem.DEAD, who.dead),
        (HideProblem.NOT_HERE, here.no_hiding),
        (HideProblem.CONSULTING, who.consulting),
        (HideProblem.SAILING, who.sailing and who.char_class != CharClass.PIRATE),
        (HideProblem.ALREADY, who.hidden),
    )
    return next((problem for problem, applies in checks if applies), None)
