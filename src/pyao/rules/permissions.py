"""Who may attack, and who may help, whom: users and creatures, factions, locks, safe places.

Every answer is a value: why not, or what follows from it. The rows are tried in the documented
order. Follows ao-libre/ao-server, SistemaCombate.bas and modHechizos.bas.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.creature import Creature
from pyao.rules.kinds import Faction, NpcRole
from pyao.rules.person import Person, Spot, distance

CREATURE_RANGE = 18
LORD_RANK = 11  # those above may fight in their own towns
ROYAL_TOWNS = (58, 59, 60)
CHAOS_TOWNS = (151, 156)


class Refused(Enum):
    """Why an attack or a help is not allowed; the value is a text's key, empty for silence."""

    SILENT = ""
    DEAD = "action.dead"
    TARGET_DEAD = "attack.target_dead"
    CONSULTING = "attack.consulting"
    STAFF = "attack.staff"
    SAME_FACTION = "attack.same_faction"
    SAFE_LOCK = "attack.safe_lock"
    ROYAL_DUTY = "attack.royal_duty"
    SAFE_MAP = "attack.safe_map"
    SAFE_TILE = "attack.safe_tile"
    SAFE_PET = "attack.safe_pet"
    NOT_ATTACKABLE = "attack.not_attackable"
    TOO_FAR = "attack.too_far"
    OWNED = "attack.owned"
    SHIELDED = "attack.shielded"
    ENEMY = "help.enemy"


class Price(Enum):
    """What an allowed deed costs its doer in reputation."""

    NOTHING = "nothing"
    CRIME = "become criminal"
    PEACEFUL = "attack a peaceful creature"
    HELP = "help a criminal"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What follows from an allowed attack or help.

    `arena`: nothing counts. `exposes`: the doer may be attacked by that user for a while.
    `prolongs`: the doer's own such time starts anew. `warns`: the victim is told where it stands.
    `claims`: the creature becomes the doer's.
    """

    price: Price = Price.NOTHING
    arena: bool = False
    exposes_to: int = 0
    prolongs: bool = False
    warns: bool = False
    claims: bool = False


@dataclass(frozen=True, slots=True)
class Ties:
    """Whose a creature is, as far as they play: its master, its owner of the moment.

    `allied`: the owner shares it, or is of the same guild or party. `shielded`: others of its clan
    stand before it, as before the king of the pretorians.
    """

    master: Person | None = None
    owner: Person | None = None
    allied: bool = False
    shielded: bool = False


UNBOUND = Ties()
FREELY = Allowed()
IN_ARENA = Allowed(arena=True)
Answer = Refused | Allowed


def may_attack_user(who: Person, victim: Person, here: Spot, there: Spot) -> Answer:
    """Return whether a user may attack another, by hand or by a harmful spell."""
    together = here.arena and there.arena
    unarmed = _first(
        (who.dead, Refused.DEAD),
        (victim.dead, Refused.TARGET_DEAD),
        (who.consulting or victim.consulting, Refused.CONSULTING),
        (together, IN_ARENA),
        (here.arena or there.arena, Refused.SILENT),
        (victim.staff, Refused.SILENT if victim.unseen else Refused.STAFF),
    )
    return unarmed or _by_side(who, victim) or _by_place(who, here, there)


def _by_side(who: Person, victim: Person) -> Answer | None:
    """Decide by factions, alignment and the safe lock; None when they say nothing."""
    citizen = not victim.criminal
    citizens = citizen and not who.criminal
    fair_game = citizens and victim.attackable_by == who.user_id
    license_ = Allowed(prolongs=True) if who.attackable_by else Allowed(exposes_to=victim.user_id)
    return _first(
        (citizens and _both(Faction.ROYAL, who, victim), Refused.SAME_FACTION),
        (fair_game, license_),
        (_both(Faction.CHAOS, who, victim), Refused.SAME_FACTION),
        (citizen and who.safe, Refused.SAFE_LOCK),
        (citizen and who.faction is Faction.ROYAL, Refused.ROYAL_DUTY),
    )


def _by_place(who: Person, here: Spot, there: Spot) -> Answer:
    """Decide by the map and the tiles of both."""
    if there.safe:
        lord = who.faction_rank > LORD_RANK
        royal = who.faction is Faction.ROYAL and there.map in ROYAL_TOWNS
        chaos = who.faction is Faction.CHAOS and there.map in CHAOS_TOWNS
        return Allowed(warns=True) if lord and (royal or chaos) else Refused.SAFE_MAP
    return Refused.SAFE_TILE if here.truce or there.truce else FREELY


def may_attack_creature(
    who: Person,
    creature: Creature,
    here: Spot,
    now: int,
    ties: Ties | None = None,
    *,
    paralysing: bool = False,
    ownership: bool = True,
) -> Answer:
    """Return whether a user may attack a creature.

    `paralysing` says that the attack is a spell that only roots it to the spot; `ownership` is the
    world's option.
    """
    ties = ties or UNBOUND
    away = distance(who.x, who.y, creature.x, creature.y)
    answer = _first(
        (who.dead, Refused.DEAD),
        (who.counsellor or who.consulting, Refused.SILENT),
        (not creature.kind.attackable, Refused.NOT_ATTACKABLE),
        (away >= CREATURE_RANGE, Refused.TOO_FAR),
        (ties.shielded, Refused.SHIELDED),
        (bool(creature.master) and here.safe, Refused.SAFE_PET),
    )
    answer = answer or _by_creature(who, creature) or _by_master(who, ties.master)
    if answer is not None or creature.master or not ownership:
        return answer or FREELY
    owner = ties.owner
    if owner is None or owner is who or now >= creature.owned_until:
        return Allowed(claims=may_own(who, creature, here))
    if ties.allied or (paralysing and not creature.held):
        return FREELY
    return _by_owner(who, owner)


def _by_creature(who: Person, creature: Creature) -> Answer | None:
    """Decide by what a peaceful creature is; None for a hostile one and for most pets."""
    if creature.hostile:
        return None
    role = creature.kind.role
    royal_guard = role == NpcRole.ROYAL_GUARD
    innocent = not creature.master and not creature.guard and not who.criminal
    soldier = who.faction is Faction.ROYAL
    legionary = who.faction is Faction.CHAOS
    return _first(
        (role == NpcRole.CHAOS_GUARD and legionary, Refused.SAME_FACTION),
        (royal_guard and soldier, Refused.SAME_FACTION),
        (innocent and soldier, Refused.ROYAL_DUTY),
        ((royal_guard or innocent) and who.safe, Refused.SAFE_LOCK),
        (royal_guard, Allowed(price=Price.CRIME)),
        (innocent, Allowed(price=Price.PEACEFUL)),
    )


def _by_master(who: Person, master: Person | None) -> Answer | None:
    """Decide by whose pet a creature is."""
    if master is None:
        return None
    lawful = not master.criminal
    fair_game = lawful and not who.criminal and master.attackable_by == who.user_id
    return _first(
        (_both(Faction.CHAOS, who, master), Refused.SAME_FACTION),
        (fair_game, FREELY),
        (lawful and who.faction is Faction.ROYAL, Refused.ROYAL_DUTY),
        (lawful and who.safe, Refused.SAFE_LOCK),
        (lawful and not who.criminal, Allowed(price=Price.CRIME)),
    )


def _by_owner(who: Person, owner: Person) -> Answer:
    """Decide by who fights a creature already."""
    lawful = not owner.criminal
    answer = _first(
        (_both(Faction.CHAOS, who, owner), Refused.SAME_FACTION),
        (lawful and _both(Faction.ROYAL, who, owner), Refused.SAME_FACTION),
        (lawful and who.safe, Refused.OWNED),
        (lawful and not who.criminal, Allowed(exposes_to=owner.user_id)),
    )
    return answer or FREELY


def may_own(who: Person, creature: Creature, here: Spot) -> bool:
    """Return whether attacking a creature makes it one's own for a while."""
    ownable = creature.kind.role not in (NpcRole.PRETORIAN, NpcRole.DRAGON)
    place = not (here.safe or here.truce or here.free_creatures)
    return (
        ownable and place and not who.staff and (not who.criminal or who.faction is Faction.CHAOS)
    )


def may_help_user(
    who: Person, target: Person, here: Spot, there: Spot, *, grave: bool = False
) -> Answer:
    """Return whether a user may heal, cure or strengthen another.

    To hide, free or revive one is a `grave` matter: for a criminal it makes a criminal.
    """
    lawful = not who.criminal
    criminal = target.criminal
    disgraced = not criminal and target.attackable_by not in (0, who.user_id)
    crime = Price.CRIME if grave and criminal else Price.HELP
    answer = _first(
        (who is target, FREELY),
        (who.consulting or target.consulting, Refused.CONSULTING),
        (here.arena and there.arena, IN_ARENA),
        (target.staff and not who.staff, Refused.STAFF),
        (not criminal and who.faction is Faction.CHAOS, Refused.ENEMY),
        (not (disgraced or (criminal and lawful)), FREELY),
        (who.faction is Faction.ROYAL, Refused.ROYAL_DUTY),
        (who.safe, Refused.SAFE_LOCK),
    )
    return answer or Allowed(price=crime)


def may_help_creature(who: Person, creature: Creature, owner: Person | None) -> Answer:
    """Return whether a user may heal a creature: not one that a friend is fighting."""
    if owner is None or owner is who or creature.master == who.user_id:
        return FREELY
    same_faction = who.faction is not Faction.NONE and who.faction is owner.faction
    answer = _first(
        (same_faction, Refused.SAME_FACTION),
        (owner.criminal or who.criminal, FREELY),
        (who.safe, Refused.SAFE_LOCK),
    )
    return answer or Allowed(exposes_to=owner.user_id)


def _first(*rows: tuple[bool, Answer]) -> Answer | None:
    """Return the answer of the first row that applies."""
    return next((answer for applies, answer in rows if applies), None)


def _both(faction: Faction, who: Person, other: Person) -> bool:
    return who.faction is faction and other.faction is faction
