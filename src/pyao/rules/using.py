"""Using things: food, drink, bottles, potions, scrolls, keys, horns.

Follows ao-libre/ao-server, InvUsuario.bas (UseInvItem). Which packet shows what is the task's
business; a thing is used up in the same call that gives its effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.hiding import TICK_MS
from pyao.rules.inventory import Items, Lay, Pile, at, place_for, put, take
from pyao.rules.kinds import Faction, ObjectType, Potion
from pyao.rules.numbers import Roll, between, pct
from pyao.rules.options import IntervalFigures
from pyao.rules.person import Person, Spot
from pyao.rules.records import ItemFigures
from pyao.rules.spells import LearnProblem, learn_spell
from pyao.rules.states import raise_attribute

APPLES = (1, 2, 467)
APPLE_SOUND = 82
EATING_SOUND = 7
DRINKING_SOUND = 46
PLAIN_MANA_PERCENT = 4  # of a blue potion without bounds of its own


class UseProblem(Enum):
    """Why a thing is not used; the value is the key of the text told, empty for silence."""

    SILENT = ""
    DEAD = "action.dead"
    MEDITATING = "action.meditating"
    NEWBIE = "item.newbies_only"
    TIRED = "action.tired"
    TOO_SOON = "item.potion_too_soon"
    NO_WATER = "item.no_water"
    NO_ROOM = "item.no_room_here"
    NO_DOOR = "door.not_a_door"
    DOOR_OPEN = "door.is_open"
    WRONG_KEY = "door.wrong_key"
    WRONG_FACTION = "item.faction"
    SAFE_MAP = "item.horn_safe_map"


@dataclass(frozen=True, slots=True)
class Used:
    """Something was used up: the slot to show, one more that changed, and the sound of it."""

    slot: int
    sound: int = 0
    other_slot: int = 0


@dataclass(frozen=True, slots=True)
class Drunk:
    """What a potion did: its kind, by how much, and whether it was the last one."""

    slot: int
    potion: int
    amount: int = 0
    deadly: bool = False


def begin_use(
    who: Person, number: int, items: Items, now: int, figures: IntervalFigures
) -> UseProblem | ItemFigures:
    """Return what lies in a slot if it may be used now; the dead may only board a boat."""
    held = at(who.inventory, number)
    if held is None or held.item not in items:
        return UseProblem.SILENT
    item = items[held.item]
    checks = (
        (UseProblem.MEDITATING, who.meditating),
        (UseProblem.NEWBIE, item.newbie and not who.newbie),
        (UseProblem.DEAD, who.dead and item.kind != ObjectType.BOAT),
        (UseProblem.TIRED, item.kind == ObjectType.WEAPON and who.stamina <= 0),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return problem
    allowed = who.intervals.may_use(now, figures, consume=not item.ranged)
    return item if allowed else UseProblem.SILENT


def eat(who: Person, number: int, item: ItemFigures) -> Used:
    """Still hunger with one unit of food."""
    who.hunger = min(who.hunger + item.hunger, who.max_hunger)
    take(who.inventory, number, 1)
    return Used(number, APPLE_SOUND if item.number in APPLES else EATING_SOUND)


def drink(who: Person, number: int, item: ItemFigures, lay: Lay) -> UseProblem | Used:
    """Slake thirst with one unit; an empty bottle remains of a full one, if need be beside one."""
    empty = item.closed_item if item.kind == ObjectType.FULL_BOTTLE else 0
    other = _exchange(who, number, empty, lay)
    if isinstance(other, UseProblem):
        return other
    who.thirst = min(who.thirst + item.thirst, who.max_thirst)
    sound = 0 if item.kind == ObjectType.FULL_BOTTLE else DRINKING_SOUND
    return Used(number, sound, other)


def fill_bottle(
    who: Person, number: int, item: ItemFigures, lay: Lay, *, at_water: bool
) -> UseProblem | Used:
    """Fill one empty bottle from the water that was clicked."""
    if not at_water:
        return UseProblem.NO_WATER
    other = _exchange(who, number, item.open_item, lay)
    return other if isinstance(other, UseProblem) else Used(number, 0, other)


def drink_potion(
    who: Person,
    number: int,
    item: ItemFigures,
    now: int,
    roll: Roll,
    figures: IntervalFigures,
) -> UseProblem | Drunk:
    """Drink one potion, unless a hit was too short ago. A deadly one does not kill by itself."""
    if not who.intervals.may_drink(now, figures):
        return UseProblem.TOO_SOON
    deadly = item.potion == Potion.DEATH
    if deadly and who.staff:
        return UseProblem.SILENT
    amount = _drink(who, item, now, roll)
    take(who.inventory, number, 1)
    return Drunk(number, item.potion, amount, deadly)


def _drink(who: Person, item: ItemFigures, now: int, roll: Roll) -> int:
    until = now + item.effect_ticks * TICK_MS
    if item.potion == Potion.AGILITY:
        return raise_attribute(who, "agility", _effect(item, roll), until)
    if item.potion == Potion.STRENGTH:
        return raise_attribute(who, "strength", _effect(item, roll), until)
    if item.potion == Potion.HEALTH:
        before, who.hp = who.hp, min(who.hp + _effect(item, roll), who.max_hp)
        return who.hp - before
    if item.potion == Potion.MANA:
        before, who.mana = who.mana, min(who.mana + _mana(who, item, roll), who.max_mana)
        return who.mana - before
    if item.potion == Potion.CURE:
        who.poisoned = False
    return 0


def _effect(item: ItemFigures, roll: Roll) -> int:
    return between(roll, item.min_effect, item.max_effect)


def _mana(who: Person, item: ItemFigures, roll: Roll) -> int:
    """Return a share of all mana, or rhe(pct(max, 4) + floor(level/2) + 40/level)."""
    if item.max_effect > 0:
        return pct(who.max_mana, _effect(item, roll))
    plain = pct(who.max_mana, PLAIN_MANA_PERCENT)
    return round(plain + who.level // 2 + 40 / who.level)


def read_scroll(who: Person, number: int, item: ItemFigures) -> LearnProblem | int:
    """Learn a scroll's spell and use it up; return the spell's slot."""
    learned = learn_spell(who, item.spell)
    if not isinstance(learned, LearnProblem):
        take(who.inventory, number, 1)
    return learned


def turn_key(key: ItemFigures, door: ItemFigures | None) -> UseProblem | int:
    """Lock or unlock a closed door; return the item it becomes. The key is never used up."""
    if door is None or door.kind != ObjectType.DOOR:
        return UseProblem.NO_DOOR
    if not door.closed:
        return UseProblem.DOOR_OPEN
    if key.key_code != door.key_code:
        return UseProblem.WRONG_KEY
    return door.closed_item if door.locked else door.locked_item


def blow_horn(who: Person, horn: ItemFigures, here: Spot) -> UseProblem | Faction:
    """Call the faction a horn belongs to; other instruments call none."""
    if not (horn.royal or horn.chaos):
        return Faction.NONE
    faction = Faction.ROYAL if horn.royal else Faction.CHAOS
    if who.faction is not faction:
        return UseProblem.WRONG_FACTION
    return UseProblem.SAFE_MAP if here.safe else faction


def compass(x: int, y: int, to_x: int, to_y: int) -> str:
    """Return the direction of a tile, as the end of a text's key: `northeast`, or `here`."""
    north_south = "north" if to_y < y else "south" if to_y > y else ""
    east_west = "east" if to_x > x else "west" if to_x < x else ""
    return north_south + east_west or "here"


def _exchange(who: Person, number: int, becomes: int, lay: Lay) -> UseProblem | int:
    """Turn one unit of a slot into another thing; return the slot that got it, 0 for none."""
    if not becomes:
        take(who.inventory, number, 1)
        return 0
    held = at(who.inventory, number)
    last = held is not None and held.amount == 1
    if last or place_for(who.inventory, becomes, 1):
        take(who.inventory, number, 1)
        return put(who.inventory, becomes, 1)
    if not lay(Pile(becomes, 1)):
        return UseProblem.NO_ROOM
    take(who.inventory, number, 1)
    return 0
