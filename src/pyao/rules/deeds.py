"""What follows from an allowed attack or help: reputation, exposure, ownership, provocation.

`permissions.py` decides whether; here it is paid for, in the same call for hands and spells.
"""

from __future__ import annotations

from pyao.rules import reputation
from pyao.rules.creature import Creature
from pyao.rules.effects import expose
from pyao.rules.options import Options
from pyao.rules.permissions import Allowed, Price
from pyao.rules.person import Person, Spot
from pyao.rules.reputation import HUNTED, SAME, Standing, combine


def attack_user(
    who: Person, victim: Person, allowed: Allowed, now: int, options: Options
) -> Standing:
    """Pay for an attack on a user, hit or miss. In an arena nothing counts."""
    if allowed.arena:
        return SAME
    _expose(who, allowed, now, options)
    return reputation.attack_user(who, victim)


def attack_creature(
    who: Person, creature: Creature, allowed: Allowed, here: Spot, now: int, options: Options
) -> Standing:
    """Pay for an attack on a creature, hit or miss; it remembers who did it."""
    _expose(who, allowed, now, options)
    if allowed.claims:
        claim(who, creature, now, options)
    standing = SAME if here.arena else _price(who, allowed)
    if creature.kind.alignment == HUNTED and not here.arena:
        standing = combine(standing, reputation.attack_evil(who))
    creature.provoke(who.user_id)
    return standing


def help_somebody(who: Person, allowed: Allowed, now: int, options: Options) -> Standing:
    """Pay for a help. In an arena nothing counts."""
    _expose(who, allowed, now, options)
    return SAME if allowed.arena else _price(who, allowed)


def claim(who: Person, creature: Creature, now: int, options: Options) -> None:
    """Make a creature one's own for a while; another one is released for it."""
    if who.owned is not creature:
        release(who)
    creature.owner = who.user_id
    creature.owned_until = now + options.times.ownership
    who.owned = creature


def release(who: Person) -> None:
    """Give up the creature that is one's own, as by death, by leaving the map or in time."""
    if who.owned is not None and who.owned.owner == who.user_id:
        who.owned.owner = 0
        who.owned.owned_until = 0
    who.owned = None


def _expose(who: Person, allowed: Allowed, now: int, options: Options) -> None:
    if allowed.exposes_to:
        expose(who, allowed.exposes_to, now, options)
    elif allowed.prolongs:
        expose(who, who.attackable_by, now, options)


def _price(who: Person, allowed: Allowed) -> Standing:
    if allowed.price is Price.CRIME:
        return reputation.become_criminal(who)
    if allowed.price is Price.PEACEFUL:
        return reputation.attack_peaceful(who)
    return reputation.help_criminal(who) if allowed.price is Price.HELP else SAME
