"""What one carries: stacking, taking, moving, dropping, picking up, gold.

Slots are numbered from 1, as in the packets; a number or an amount may come from a hostile client.
Whatever moves value changes both sides in one call, so nothing is doubled or lost between two.
Follows ao-libre/ao-server, InvUsuario.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from pyao.rules.character import INVENTORY_SLOTS, Slot
from pyao.rules.kinds import ObjectType, Privilege
from pyao.rules.person import Person
from pyao.rules.records import ItemFigures

STACK_MAX = 10_000
GOLD_ITEM = 12
GOLD_SLOT = 31  # the number that means gold where a packet names a slot
GOLD_MAX = 90_000_000

Slots = list[Slot | None]
Items = Mapping[int, ItemFigures]


class Pile(NamedTuple):
    """Some of one item, on the ground or on its way."""

    item: int
    amount: int


Lay = Callable[[Pile], bool]
"""Puts a pile on a free tile nearby and says whether it found one."""


class DropProblem(Enum):
    """Why nothing is dropped; the value is the key of the text told, empty for silence."""

    SILENT = ""
    TOO_MUCH_GOLD = "item.gold_at_once"
    NO_GOLD = "item.no_gold"
    EMPTY = "item.empty_slot"
    NEWBIE = "item.newbie_drop"
    BOUND = "item.bound"
    NO_ROOM = "item.no_room_here"


class PickProblem(Enum):
    """Why nothing is picked up; the value is the key of the text told, empty for silence."""

    SILENT = ""
    NOTHING = "item.nothing_here"
    FIXED = "item.fixed"
    FULL = "item.full"
    WALLET = "item.wallet_full"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something left a slot: `pile` now lies on the tile, `amount` of it is new."""

    pile: Pile
    amount: int
    unequipped: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """Something was picked up: into a slot, or as gold into the wallet. `left` still lies there."""

    slot: int = 0
    gold: int = 0
    left: Pile | None = None


def at(slots: Slots, number: int) -> Slot | None:
    """Return what lies in a slot; nothing for a number that is none."""
    return slots[number - 1] if 1 <= number <= len(slots) else None


def numbered(slots: Slots) -> Iterator[tuple[int, Slot]]:
    """Yield the used slots with their numbers."""
    return ((number, slot) for number, slot in enumerate(slots, 1) if slot is not None)


def count(slots: Slots, item: int) -> int:
    """Return how many of an item are carried in all."""
    return sum(slot.amount for slot in slots if slot is not None and slot.item == item)


def place_for(slots: Slots, item: int, amount: int, *, room: int = INVENTORY_SLOTS) -> int:
    """Return the slot a pile would go to, or 0.

    The first that holds the same with room for all of it, else the first empty one: a pile is
    never split.
    """
    empty = 0
    for number, slot in enumerate(slots[:room], 1):
        if slot is None:
            empty = empty or number
        elif slot.item == item and slot.amount + amount <= STACK_MAX:
            return number
    return empty


def put(slots: Slots, item: int, amount: int, *, room: int = INVENTORY_SLOTS) -> int:
    """Add a pile; return the slot it went to, or 0 when there is no place and nothing changed."""
    if not 1 <= amount <= STACK_MAX:
        return 0
    number = place_for(slots, item, amount, room=room)
    if number:
        held = slots[number - 1]
        if held is None:
            slots[number - 1] = Slot(item, amount)
        else:
            held.amount += amount
    return number


def left_over(slots: Slots, piles: Iterable[Pile]) -> list[Pile]:
    """Return which piles would find no place if all of them were put in turn; nothing changes."""
    trial = [None if slot is None else replace(slot) for slot in slots]
    return [pile for pile in piles if not put(trial, *pile)]


def take(slots: Slots, number: int, amount: int) -> Dropped | None:
    """Remove up to `amount` from a slot; the last unit of an equipped stack unequips it."""
    held = at(slots, number)
    if held is None or amount <= 0:
        return None
    amount = min(amount, held.amount)
    pile = Pile(held.item, amount)
    if amount < held.amount:
        held.amount -= amount
        return Dropped(pile, amount)
    slots[number - 1] = None
    return Dropped(pile, amount, held.equipped)


def take_item(slots: Slots, item: int, amount: int) -> list[int]:
    """Remove `amount` of an item from whatever slots hold it, or nothing when they hold less.

    Return the numbers of the slots that changed.
    """
    changed: list[int] = []
    if amount <= 0 or count(slots, item) < amount:
        return changed
    for number, slot in list(numbered(slots)):
        if slot.item == item and amount:
            gone = min(slot.amount, amount)
            take(slots, number, gone)
            amount -= gone
            changed.append(number)
    return changed


def move(slots: Slots, old: int, new: int) -> bool:
    """Swap two slots, with what is equipped. Stacks are not merged."""
    top = len(slots)
    if not (1 <= old <= top and 1 <= new <= top):
        return False
    slots[old - 1], slots[new - 1] = slots[new - 1], slots[old - 1]
    return True


def drop(
    who: Person, number: int, amount: int, under: Pile | None, items: Items
) -> DropProblem | Dropped:
    """Put something on one's own tile, where `under` lies already; less when little fits.

    The caller replaces what lies there by the pile returned. Gold is dropped by `drop_gold`.
    """
    held = at(who.inventory, number)
    if not _may_handle(who) or who.sailing or amount <= 0:
        return DropProblem.SILENT
    if held is None or held.item not in items:
        return DropProblem.EMPTY
    item = items[held.item]
    if item.newbie and not who.staff:
        return DropProblem.NEWBIE
    if item.bound or item.no_drop:
        return DropProblem.BOUND
    lying = 0
    if under is not None:
        if under.item != held.item or under.amount >= STACK_MAX:
            return DropProblem.NO_ROOM
        lying = under.amount
    amount = min(amount, held.amount, STACK_MAX - lying)
    unequipped = amount == held.amount and held.equipped
    take(who.inventory, number, amount)
    return Dropped(Pile(item.number, lying + amount), amount, unequipped)


def drop_gold(who: Person, amount: int, lay: Lay) -> DropProblem | int:
    """Put gold on the ground nearby; return how much really left the wallet."""
    if not _may_handle(who) or who.sailing or amount <= 0:
        return DropProblem.SILENT
    if amount > STACK_MAX:
        return DropProblem.TOO_MUCH_GOLD
    if amount > who.gold:
        return DropProblem.NO_GOLD
    if not lay(Pile(GOLD_ITEM, amount)):
        return DropProblem.NO_ROOM
    who.gold -= amount
    return amount


def pick_up(who: Person, pile: Pile | None, items: Items) -> PickProblem | Picked:
    """Take what lies under one's feet. The caller replaces it by `left`."""
    if not _may_handle(who):
        return PickProblem.SILENT
    if pile is None or pile.item not in items:
        return PickProblem.NOTHING
    item = items[pile.item]
    if item.fixed:
        return PickProblem.FIXED
    if item.kind == ObjectType.MONEY:
        gold = min(pile.amount, GOLD_MAX - who.gold)
        if gold <= 0:
            return PickProblem.WALLET
        who.gold += gold
        left = pile.amount - gold
        return Picked(gold=gold, left=Pile(pile.item, left) if left else None)
    number = put(who.inventory, pile.item, pile.amount)
    return Picked(slot=number) if number else PickProblem.FULL


def pocket_gold(who: Person, number: int) -> int:
    """Turn a stack of gold in the inventory into money; return how much the wallet took."""
    held = at(who.inventory, number)
    if held is None or held.item != GOLD_ITEM:
        return 0
    amount = max(min(held.amount, GOLD_MAX - who.gold), 0)
    take(who.inventory, number, amount)
    who.gold += amount
    return amount


def piles_of_gold(amount: int) -> list[Pile]:
    """Split gold into piles of at most 10,000."""
    whole, rest = divmod(max(amount, 0), STACK_MAX)
    piles = [Pile(GOLD_ITEM, STACK_MAX)] * whole
    return [*piles, Pile(GOLD_ITEM, rest)] if rest else piles


def _may_handle(who: Person) -> bool:
    """Return whether one may drop and pick up: not the dead, the trading, the counsellors."""
    powerless = who.counsellor and not who.privileges & Privilege.ROLE_MASTER
    return not (who.dead or who.trading or powerless)
