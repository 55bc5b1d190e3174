"""Reputation: six counters, their average, who is a criminal, and what each deed changes.

Follows ao-libre/ao-server, Modulo_UsUaRiOs.bas and SistemaCombate.bas. On an arena's tiles no deed
counts: there the caller calls nothing of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pyao.rules.character import UserId
from pyao.rules.kinds import Faction

REPUTATION_MAX = 6_000_000
KILLS_MAX = 65_000
CREATURE_KILLS_MAX = 32_000

ASSAULT = 100
MURDER = 2_000
VICTORY = 5
CREATURE_MURDER = 1_000
GUARD_MURDER = 500
PEACEFUL_CREATURE = 1_000
HUNT_ATTACK = 2.5
HUNT = 5
EVIL_SLAIN = 500
THEFT = 25
WORK = 2
RESCUE = 500
HELPING_CRIMINALS = 10_000
BECAME_CITIZEN = 100
ATONED_BANDIT = 100
ATONED_THIEF = 50
PARDONED_NOBLE, PARDONED_PLEBEIAN = 1_000, 30  # as a new character has them

_STILL_ZERO = -3  # the least sum of six whose mean, rounded half to even, is not below zero

IMPERIAL_GUARD = 6  # the creature's number
HUNTED = 1  # an alignment
SLAIN_FOR_NOBILITY = 2
SLAIN_FOR_FOOD = (HUNTED, 4)


class Reputed(Protocol):
    """Whoever has the six counters; a `Character` does."""

    assassin: int
    bandit: int
    bourgeois: int
    thief: int
    noble: int
    plebeian: int


class Doer(Reputed, Protocol):
    """Whoever does deeds and may lose a place in a faction by them; a `Person` does."""

    user_id: UserId
    faction: Faction
    attackable_by: int
    citizens_killed: int
    criminals_killed: int
    users_killed: int
    npcs_killed: int
    last_citizen_killed: str
    last_criminal_killed: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a deed changed beyond the counters.

    `changed`: from citizen to criminal or back, so the name's colour must be shown anew.
    `expelled`: the faction that put the doer out. `nobility_lost`: to be told.
    """

    changed: bool = False
    expelled: Faction = Faction.NONE
    nobility_lost: bool = False


SAME = Standing()


def combine(first: Standing, second: Standing) -> Standing:
    """Return what two deeds in a row changed; a change and its reverse cancel out."""
    if first is SAME or second is SAME:
        return first if second is SAME else second
    return Standing(
        first.changed != second.changed,
        first.expelled or second.expelled,
        first.nobility_lost or second.nobility_lost,
    )


def average(who: Reputed) -> int:
    """Return the mean of the six counters, the bad ones counted negative, half to even."""
    good = who.bourgeois + who.noble + who.plebeian
    return round((good - who.assassin - who.bandit - who.thief) / 6)


def is_criminal(who: Reputed) -> bool:
    """Return whether the average lies below zero; everybody else is a citizen."""
    good = who.bourgeois + who.noble + who.plebeian  # no mean: it is asked of all in view
    return good - who.assassin - who.bandit - who.thief < _STILL_ZERO


def become_criminal(who: Doer) -> Standing:
    """Lose all good name and any place in the Royal Army.

    So ends an attack on a royal guard or a citizen's pet, a theft from a citizen, and helping a
    criminal with invisibility, freedom or life.
    """
    was_criminal = is_criminal(who)
    expelled = _fall(who)
    return _judge(who, was_criminal=was_criminal, expelled=expelled)


def attack_user(who: Doer, victim: Doer) -> Standing:
    """Attack somebody, hit or miss. One who may be attacked by the doer changes nothing."""
    was_criminal, expelled = is_criminal(who), Faction.NONE
    if is_criminal(victim):
        who.noble = _capped(who.noble + VICTORY)
    elif victim.attackable_by != who.user_id:
        if not was_criminal:
            expelled = _fall(who)
        who.bandit = _capped(who.bandit + ASSAULT)
        who.noble = round(who.noble * 0.5)
    return _judge(who, was_criminal=was_criminal, expelled=expelled)


def kill_user(who: Doer, victim: Doer) -> Standing:
    """Kill somebody outside an arena."""
    was_criminal = is_criminal(who)
    if is_criminal(victim):
        who.noble = _capped(who.noble + VICTORY)
    elif victim.attackable_by != who.user_id:
        who.assassin = _capped(who.assassin + MURDER)
        who.bourgeois = who.noble = who.plebeian = 0
    return _judge(who, was_criminal=was_criminal)


def count_kill(who: Doer, victim: Doer, victim_name: str, *, newbie: bool) -> None:
    """Count a victim killed outside an arena; the same one twice in a row counts once.

    Newbies and those who might be attacked without penalty are not counted at all.
    """
    if newbie or victim.attackable_by == who.user_id:
        return
    if is_criminal(victim):
        if who.last_criminal_killed != victim_name:
            who.last_criminal_killed = victim_name
            who.criminals_killed = min(who.criminals_killed + 1, KILLS_MAX)
    elif who.last_citizen_killed != victim_name:
        who.last_citizen_killed = victim_name
        who.citizens_killed = min(who.citizens_killed + 1, KILLS_MAX)
    who.users_killed = min(who.users_killed + 1, KILLS_MAX)


def attack_evil(who: Doer) -> Standing:
    """Attack a creature of alignment 1; one whom that makes a citizen is forgiven all crimes."""
    was_criminal = is_criminal(who)
    who.plebeian = _capped(round(who.plebeian + HUNT_ATTACK))
    if was_criminal and not is_criminal(who):
        who.thief = who.bandit = who.assassin = 0
        who.plebeian = _capped(who.plebeian + BECAME_CITIZEN)
    return _judge(who, was_criminal=was_criminal)


def attack_peaceful(who: Doer) -> Standing:
    """Attack a creature that is not hostile, as a citizen without the safe lock."""
    was_criminal = is_criminal(who)
    who.bandit = _capped(who.bandit + PEACEFUL_CREATURE)
    return _judge(who, was_criminal=was_criminal, nobility_lost=True)


def kill_creature(who: Doer, number: int, alignment: int, *, pet: bool) -> Standing:
    """Kill a creature: of alignment 0 a crime, of any other a service, but not for Chaos."""
    was_criminal = is_criminal(who)
    who.npcs_killed = min(who.npcs_killed + 1, CREATURE_KILLS_MAX)
    if alignment == 0:
        if number == IMPERIAL_GUARD:
            who.noble = who.plebeian = 0
            who.assassin = _capped(who.assassin + GUARD_MURDER)
        if not pet:
            who.assassin = _capped(who.assassin + CREATURE_MURDER)
    elif who.faction != Faction.CHAOS:
        if alignment == SLAIN_FOR_NOBILITY:
            who.noble = _capped(who.noble + EVIL_SLAIN)
        elif alignment in SLAIN_FOR_FOOD:
            who.plebeian = _capped(who.plebeian + HUNT)
    return _judge(who, was_criminal=was_criminal)


def help_criminal(who: Doer) -> Standing:
    """Heal, cure or strengthen a criminal as a citizen without the safe lock."""
    was_criminal = is_criminal(who)
    who.noble -= round(who.noble * 0.5)
    who.bandit = _capped(who.bandit + HELPING_CRIMINALS)
    return _judge(who, was_criminal=was_criminal, nobility_lost=True)


def resurrect_citizen(who: Doer) -> Standing:
    """Give a citizen other than oneself its life back."""
    was_criminal = is_criminal(who)
    who.noble = _capped(who.noble + RESCUE)
    return _judge(who, was_criminal=was_criminal)


def rob(who: Doer, victim: Doer) -> Standing:
    """Try to rob somebody, with or without success."""
    was_criminal, expelled = is_criminal(who), Faction.NONE
    if not was_criminal and not is_criminal(victim):
        expelled = _fall(who)
    if is_criminal(who):
        who.thief = _capped(who.thief + THEFT)
    return _judge(who, was_criminal=was_criminal, expelled=expelled)


def work(who: Doer) -> Standing:
    """Catch, cut, dig or make something."""
    was_criminal = is_criminal(who)
    who.plebeian = _capped(who.plebeian + WORK)
    return _judge(who, was_criminal=was_criminal)


def pardon(who: Doer) -> Standing:
    """Be forgiven by staff: every crime is forgotten, and there is a little good."""
    was_criminal = is_criminal(who)
    who.assassin = who.bandit = who.thief = 0
    who.plebeian = max(who.plebeian, PARDONED_PLEBEIAN)
    who.noble = max(who.noble, PARDONED_NOBLE)
    return _judge(who, was_criminal=was_criminal)


def condemn(who: Doer) -> Standing:
    """Be made a criminal by staff; what good there was is gone."""
    was_criminal = is_criminal(who)
    expelled = _fall(who)
    who.bandit = max(who.bandit, ASSAULT)
    return _judge(who, was_criminal=was_criminal, expelled=expelled)


def atone(who: Doer) -> Standing:
    """Die by a royal guard's hand, as a criminal; others have nothing to atone for."""
    was_criminal = is_criminal(who)
    if was_criminal and who.bandit > 0:
        who.bandit = max(who.bandit - ATONED_BANDIT, 0)
    elif was_criminal:
        who.thief = max(who.thief - ATONED_THIEF, 0)
    return _judge(who, was_criminal=was_criminal)


def _fall(who: Doer) -> Faction:
    """Become a criminal; return the faction this costs."""
    expelled = Faction.ROYAL if who.faction == Faction.ROYAL else Faction.NONE
    if expelled:
        who.faction = Faction.NONE
    who.bourgeois = who.noble = who.plebeian = 0
    who.bandit = _capped(who.bandit + ASSAULT)
    who.attackable_by = 0
    return expelled


def _judge(
    who: Doer,
    *,
    was_criminal: bool,
    expelled: Faction = Faction.NONE,
    nobility_lost: bool = False,
) -> Standing:
    criminal = is_criminal(who)
    changed = criminal != was_criminal
    wrong_side = Faction.ROYAL if criminal else Faction.CHAOS
    if changed and who.faction == wrong_side:
        expelled, who.faction = wrong_side, Faction.NONE
    if not (changed or expelled or nobility_lost):
        return SAME
    return Standing(changed, expelled, nobility_lost)


def _capped(value: int) -> int:
    return min(value, REPUTATION_MAX)
