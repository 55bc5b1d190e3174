"""Stealing from users: who may try, the chance, the gold and the goods.

Follows ao-libre/ao-server, Trabajo.bas (DoRobar, RobarObjeto). What is taken leaves one purse and
enters the other in the same call; what finds no room is laid on the ground or stays where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.combat import THEFT_GLOVES
from pyao.rules.inventory import GOLD_MAX, Items, Lay, Pile, numbered, put, take
from pyao.rules.kinds import CharClass, Faction, ObjectType, Skill
from pyao.rules.numbers import Roll
from pyao.rules.person import Person, Spot, distance
from pyao.rules.records import ItemFigures

RANGE = 2
STAMINA = 15
SUCCESS_BELOW = 3
OBJECT_BELOW = (50, 25)  # a roll of 1 to 50 below 25 takes a thing, not gold
FROM_START_BELOW = (12, 6)
TAKEN_BELOW = (10, 4)
OTHERS_GOLD = (1, 100)

# (up to this skill, d): success is a roll of 1 to d below 3.
_ODDS = (
    *((10, 35), (20, 30), (30, 28), (40, 24), (50, 22), (60, 20)),
    *((70, 18), (80, 15), (90, 10), (99, 7), (100, 5)),
)


class StealProblem(Enum):
    """Why nobody is robbed; the value is the key of the text told, empty for silence."""

    SILENT = ""
    SAFE_MAP = "steal.safe_map"
    DEAD = "attack.target_dead"
    TOO_FAR = "action.too_far"
    SAFE_TILE = "steal.safe_tile"
    CONSULTING = "attack.consulting"
    SAFE_LOCK = "attack.safe_lock"
    ROYAL_DUTY = "attack.royal_duty"
    SAME_FACTION = "attack.same_faction"
    TIRED = "action.tired"


@dataclass(frozen=True, slots=True)
class Theft:
    """How a theft went: `pile` is what the thief has now or what lies beside it.

    `slot` of the victim is to be shown anew, `own_slot` of the thief, 0 when it fell.
    """

    success: bool
    gold: int = 0
    pile: Pile | None = None
    slot: int = 0
    own_slot: int = 0


def steal_odds(skill: int) -> int:
    """Return d: the chance is 2 in d."""
    return next(d for upto, d in _ODDS if skill <= upto)


def check_steal(who: Person, victim: Person, here: Spot, there: Spot) -> StealProblem | None:
    """Return why a user may not try to rob another, or None."""
    soldier = who.faction is Faction.ROYAL
    both_chaos = who.faction is Faction.CHAOS and victim.faction is Faction.CHAOS
    checks = (
        (StealProblem.SILENT, who.dead or victim is who or victim.staff),
        (StealProblem.SAFE_MAP, here.safe),
        (StealProblem.DEAD, victim.dead),
        (StealProblem.TOO_FAR, distance(who.x, who.y, victim.x, victim.y) > RANGE),
        (StealProblem.SAFE_TILE, here.truce or there.truce),
        (StealProblem.CONSULTING, victim.consulting or who.consulting),
        (StealProblem.SAFE_LOCK, who.safe and not victim.criminal),
        (StealProblem.ROYAL_DUTY, soldier and not victim.criminal),
        (StealProblem.SAME_FACTION, both_chaos),
        (StealProblem.SILENT, here.arena or there.arena),
        (StealProblem.TIRED, who.stamina < STAMINA),
    )
    return next((problem for problem, applies in checks if applies), None)


def steal(who: Person, victim: Person, items: Items, lay: Lay, roll: Roll) -> Theft:
    """Rob one who may be robbed; `lay` puts on the ground beside the thief what has no room."""
    who.stamina -= STAMINA
    if roll(1, steal_odds(who.skill(Skill.STEAL))) >= SUCCESS_BELOW:
        return Theft(success=False)
    is_thief = who.char_class == CharClass.THIEF
    if is_thief and roll(1, OBJECT_BELOW[0]) < OBJECT_BELOW[1]:
        return _steal_thing(who, victim, items, lay, roll)
    low, high = _gold_span(who) if is_thief else OTHERS_GOLD
    gold = min(roll(low, high), victim.gold, GOLD_MAX - who.gold)
    victim.gold -= gold
    who.gold += gold
    return Theft(success=True, gold=gold)


def stealable(item: ItemFigures) -> bool:
    """Return whether a thing may be stolen at all; what is equipped may not."""
    kept = item.newbie or item.bound or item.no_steal or item.royal or item.chaos
    return not kept and item.kind not in (ObjectType.KEY, ObjectType.BOAT)


def stolen_amount(held: int, roll: Roll) -> int:
    """Return max(1, rand(rhe(5 %), rhe(10 %))) of a stack."""
    return max(1, roll(round(held * 0.05), round(held * 0.1)))


def _gold_span(who: Person) -> tuple[int, int]:
    ring = who.gear.ring
    gloved = ring is not None and ring.number == THEFT_GLOVES
    return (who.level * 50, who.level * 100) if gloved else (who.level * 25, who.level * 50)


def _steal_thing(who: Person, victim: Person, items: Items, lay: Lay, roll: Roll) -> Theft:
    """Go through the bag from one end and take the first thing the dice allow."""
    slots = list(numbered(victim.inventory))
    if roll(1, FROM_START_BELOW[0]) >= FROM_START_BELOW[1]:
        slots.reverse()
    for number, slot in slots:
        item = items.get(slot.item)
        if slot.equipped or item is None or not stealable(item):
            continue
        if roll(1, TAKEN_BELOW[0]) >= TAKEN_BELOW[1]:
            continue
        pile = Pile(slot.item, stolen_amount(slot.amount, roll))
        own_slot = put(who.inventory, pile.item, pile.amount)
        if not own_slot and not lay(pile):
            break
        take(victim.inventory, number, pile.amount)
        return Theft(success=True, pile=pile, slot=number, own_slot=own_slot)
    return Theft(success=True)
