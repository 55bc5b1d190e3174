"""Crafting: ore smelted, arms melted down, things forged, built and improved.

Follows ao-libre/ao-server, Trabajo.bas (FundirMineral, DoLingotes, HerreroConstruirItem,
CarpinteroConstruirItem, DoUpgrade). Materials leave the bag and products enter it in one call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from types import MappingProxyType

from pyao.rules.inventory import Lay, Pile, Slots, at, count, numbered, put, take
from pyao.rules.kinds import CharClass, ObjectType, Skill
from pyao.rules.numbers import Roll
from pyao.rules.person import Person
from pyao.rules.records import CraftedFigures

IRON, SILVER, GOLD = 386, 387, 388  # ingots
WOOD, ELVEN_WOOD = 58, 1006
ORE_PER_INGOT: Mapping[int, int] = MappingProxyType({IRON: 14, SILVER: 20, GOLD: 35})
OTHER_ORE = 14
MELTED_PERCENT = (10, 25)
REUSED = 0.85  # of the old thing's materials when it is improved
HAMMERS = (389, 565)
SAWS = (198, 564)
MINER_FACTOR = 3  # how many times the skill of a worker others need
SMITH_FACTOR, CARPENTER_FACTOR = 4, 3
WORKER_STAMINA, OTHERS_STAMINA = 2, 6


class CraftProblem(Enum):
    """Why nothing is made; the value is the key of the text told, empty for silence."""

    SILENT = ""
    NO_FORGE = "work.no_forge"
    NO_ANVIL = "work.no_anvil"
    NO_TOOL = "work.no_tool"
    NO_ORE = "work.ore_gone"
    FEW_ORE = "work.few_ore"
    UNSKILLED = "work.unskilled"
    NO_MATERIALS = "work.no_materials"
    TIRED = "action.tired"
    NO_ROOM = "item.no_room_here"
    DONE = "work.done"


class Craft(Enum):
    """Who makes things."""

    SMITH = auto()
    CARPENTER = auto()


@dataclass(frozen=True, slots=True)
class Made:
    """What was used and what was made of it, with the slots to show; 0 lies on the ground."""

    used: tuple[Pile, ...]
    made: tuple[Pile, ...]
    slots: tuple[int, ...]
    percent: int = 100  # of the metal that came back from what was melted


@dataclass(slots=True)
class Order:
    """What a player asked for: how many in all are left, and how many at once."""

    left: int = 0
    at_once: int = 1


# --- what it takes -----------------------------------------------------------------------------


def ability(who: Person, craft: Craft) -> int:
    """Return the skill that counts: rhe(skill / f), where f is 1 for workers."""
    smith = craft is Craft.SMITH
    skill = who.skill(Skill.BLACKSMITHING if smith else Skill.CARPENTRY)
    return round(skill / _factor(who, SMITH_FACTOR if smith else CARPENTER_FACTOR))


def required(item: CraftedFigures, craft: Craft) -> int:
    """Return the skill a thing takes; 0 means that the craft does not make it."""
    return item.smithing_skill if craft is Craft.SMITH else item.carpentry_skill


def materials(item: CraftedFigures, craft: Craft) -> list[Pile]:
    """Return what one of a thing is made of."""
    needed = [(WOOD, item.wood), (ELVEN_WOOD, item.elven_wood)]
    if craft is Craft.SMITH:
        needed = [(IRON, item.iron), (SILVER, item.silver), (GOLD, item.gold)]
    return [Pile(number, amount) for number, amount in needed if amount]


def cycle_limit(who: Person) -> int:
    """Return how many a player makes at once: a worker max(1, rhe((level - 2) / 5)), others 1."""
    return max(1, round((who.level - 2) / 5)) if who.char_class == CharClass.WORKER else 1


def begin_order(who: Person, total: int, at_once: int) -> Order:
    """Remember what is asked for; what comes from the client is bounded."""
    return Order(max(total, 0), max(1, min(at_once, cycle_limit(who))))


# --- making ------------------------------------------------------------------------------------


def make(
    who: Person, item: CraftedFigures, craft: Craft, order: Order, lay: Lay
) -> CraftProblem | Made:
    """Make one cycle of what was ordered, as far as the materials go."""
    wanted = min(order.at_once, order.left)
    if wanted <= 0:
        return CraftProblem.DONE
    order.left -= wanted
    if ability(who, craft) < required(item, craft):
        return CraftProblem.UNSKILLED
    each = materials(item, craft)
    amount = min((count(who.inventory, of.item) // of.amount for of in each), default=0)
    amount = min(amount, wanted)
    if amount <= 0:
        return CraftProblem.NO_MATERIALS
    stamina = _stamina(who)
    if who.stamina < stamina:
        return CraftProblem.TIRED
    used = [Pile(of.item, of.amount * amount) for of in each]
    made = exchange(who.inventory, used, [Pile(item.number, amount)], lay)
    if made is None:
        return CraftProblem.NO_ROOM
    who.stamina -= stamina
    return made


def upgrade(
    who: Person, old: CraftedFigures, items: Mapping[int, CraftedFigures], lay: Lay
) -> CraftProblem | Made:
    """Improve one of a thing: the new one's materials less 85 % of the old one's."""
    new = items.get(old.upgrade)
    if new is None or not count(who.inventory, old.number):
        return CraftProblem.SILENT
    craft = Craft.SMITH if new.smithing_skill else Craft.CARPENTER
    tools = HAMMERS if craft is Craft.SMITH else SAWS
    had = {of.item: of.amount for of in materials(old, craft)}
    needed = [
        Pile(of.item, more)
        for of in materials(new, craft)
        if (more := round(of.amount - REUSED * had.get(of.item, 0))) > 0
    ]
    short = any(count(who.inventory, of.item) < of.amount for of in needed)
    checks = (
        (CraftProblem.NO_TOOL, tool_in_hand(who) not in tools),
        (CraftProblem.UNSKILLED, not 0 < required(new, craft) <= ability(who, craft)),
        (CraftProblem.TIRED, who.stamina < _stamina(who)),
        (CraftProblem.NO_MATERIALS, short),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return problem
    made = exchange(who.inventory, [*needed, Pile(old.number, 1)], [Pile(new.number, 1)], lay)
    if made is None:
        return CraftProblem.NO_ROOM
    who.stamina -= _stamina(who)
    return made


# --- the forge ---------------------------------------------------------------------------------


def smelt_limit(level: int) -> int:
    """Return how many ingots come out at once: max(1, rhe((level - 4) / 5))."""
    return max(1, round((level - 4) / 5))


def smelt(who: Person, number: int, ore: CraftedFigures, lay: Lay) -> CraftProblem | Made:
    """Smelt what ore lies in a slot into as many ingots as come out at once."""
    held = at(who.inventory, number)
    if held is None or held.item != ore.number or ore.kind != ObjectType.MINERAL or not ore.ingot:
        return CraftProblem.NO_ORE
    if ore.min_skill > who.skill(Skill.MINING) / _factor(who, MINER_FACTOR):
        return CraftProblem.UNSKILLED
    cost = ORE_PER_INGOT.get(ore.ingot, OTHER_ORE)
    ingots = min(held.amount // cost, smelt_limit(who.level))
    if ingots <= 0:
        return CraftProblem.FEW_ORE
    used = Pile(ore.number, ingots * cost)
    return _turn_into(who, number, used, [Pile(ore.ingot, ingots)], lay)


def melt(
    who: Person, number: int, arm: CraftedFigures, lay: Lay, roll: Roll
) -> CraftProblem | Made:
    """Melt one weapon down to 10 to 25 per cent of its metal."""
    held = at(who.inventory, number)
    if held is None or held.item != arm.number or not arm.smithing_skill:
        return CraftProblem.NO_ORE
    if arm.smithing_skill > who.skill(Skill.BLACKSMITHING) / _factor(who, SMITH_FACTOR):
        return CraftProblem.UNSKILLED
    percent = roll(*MELTED_PERCENT)
    metal = [
        Pile(of.item, amount)
        for of in materials(arm, Craft.SMITH)
        if (amount := round(of.amount * percent / 100)) > 0
    ]
    made = _turn_into(who, number, Pile(arm.number, 1), metal, lay)
    return made if isinstance(made, CraftProblem) else replace(made, percent=percent)


# --- both sides in one call --------------------------------------------------------------------


def exchange(slots: Slots, used: Sequence[Pile], made: Sequence[Pile], lay: Lay) -> Made | None:
    """Take materials from all over a bag and put products in, or None and nothing has changed.

    The caller has seen that the materials are there.
    """
    before = [None if slot is None else replace(slot) for slot in slots]
    changed: set[int] = set()
    for pile in used:
        changed |= _take_all_over(slots, pile)
    return _put_made(slots, before, used, made, changed, lay)


def tool_in_hand(who: Person) -> int:
    """Return the number of the weapon or tool that is equipped, or 0."""
    return who.gear.weapon.number if who.gear.weapon is not None else 0


def _turn_into(
    who: Person, number: int, used: Pile, made: Sequence[Pile], lay: Lay
) -> CraftProblem | Made:
    """Turn units of one slot into other things."""
    slots = who.inventory
    before = [None if slot is None else replace(slot) for slot in slots]
    take(slots, number, used.amount)
    done = _put_made(slots, before, [used], made, {number}, lay)
    return CraftProblem.NO_ROOM if done is None else done


def _put_made(
    slots: Slots,
    before: Slots,
    used: Sequence[Pile],
    made: Sequence[Pile],
    changed: set[int],
    lay: Lay,
) -> Made | None:
    kept: list[Pile] = []
    for pile in made:
        slot = put(slots, pile.item, pile.amount)
        if slot:
            changed.add(slot)
        elif not lay(pile):
            if not kept:
                slots[:] = before
                return None
            continue  # what is left over melts away: the first may lie on the ground already
        kept.append(pile)
    return Made(tuple(used), tuple(kept), tuple(sorted(changed)))


def _take_all_over(slots: Slots, pile: Pile) -> set[int]:
    """Remove so many of an item, from whatever slots hold it; return the slots."""
    left, changed = pile.amount, set()
    for number, slot in list(numbered(slots)):
        if slot.item == pile.item and left:
            taken = take(slots, number, left)
            left -= taken.amount if taken is not None else 0
            changed.add(number)
    return changed


def _factor(who: Person, others: int) -> int:
    return 1 if who.char_class == CharClass.WORKER else others


def _stamina(who: Person) -> int:
    return WORKER_STAMINA if who.char_class == CharClass.WORKER else OTHERS_STAMINA
