"""What one wears and wields: who may, what it shows, and the gear that fights look at.

The equipped flag of a slot is the truth; `Person.gear` is its image by place. Follows
ao-libre/ao-server, InvUsuario.bas. While one sails the boat's slot carries the flag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from pyao.rules.appearance import NONE, Look, Worn, aboard, boat_body, ghost, look
from pyao.rules.inventory import Items, Pile, at, numbered
from pyao.rules.kinds import Faction, Gender, ObjectType, Race
from pyao.rules.person import Gear, Person
from pyao.rules.records import ItemFigures

PLACES: Mapping[int, str] = MappingProxyType(
    {
        ObjectType.WEAPON: "weapon",
        ObjectType.ARMOUR: "armour",
        ObjectType.SHIELD: "shield",
        ObjectType.HELMET: "helmet",
        ObjectType.RING: "ring",
        ObjectType.ARROW: "ammunition",
        ObjectType.BACKPACK: "backpack",
        ObjectType.BOAT: "boat",
    }
)
UNALIGNED = ("helmet", "backpack")  # the classic server asks no faction of these
VISIBLE = ("weapon", "armour", "shield", "helmet")
OTHER_THAN_BOAT = tuple(place for place in PLACES.values() if place != "boat")


class WearProblem(Enum):
    """Why something is not equipped; the value is the key of the text told, empty for silence."""

    SILENT = ""
    NEWBIE = "item.newbies_only"
    CLASS = "item.class"
    GENDER = "item.gender"
    RACE = "item.race"
    FACTION = "item.faction"
    NOT_WEARABLE = "item.not_wearable"


@dataclass(frozen=True, slots=True)
class Change:
    """What came on or off: the slots to show anew, and whether everybody sees it."""

    slots: tuple[int, ...]
    place: str
    on: bool

    @property
    def visible(self) -> bool:
        """Whether the character looks different."""
        return self.place in VISIBLE


def place_of(item: ItemFigures) -> str | None:
    """Return where an item is worn; boats are boarded, not worn."""
    place = PLACES.get(item.kind)
    return place if place != "boat" else None


def check_wear(who: Person, item: ItemFigures) -> WearProblem | None:
    """Return why this character may not equip this item, or None."""
    place = place_of(item)
    if place is None:
        return WearProblem.NOT_WEARABLE
    clothes = place == "armour"
    checks = (  # in the order in which they are told
        (WearProblem.NEWBIE, item.newbie and not who.newbie),
        (WearProblem.CLASS, place != "backpack" and _wrong_class(who, item)),
        (WearProblem.GENDER, clothes and _wrong_gender(who, item)),
        (WearProblem.RACE, clothes and _wrong_race(who, item)),
        (WearProblem.FACTION, place not in UNALIGNED and _wrong_faction(who, item)),
    )
    return next((problem for problem, wrong in checks if wrong), None)


def toggle(who: Person, number: int, items: Items) -> WearProblem | Change:
    """Equip what lies in a slot, or unequip it; what was in its place comes off first."""
    held = at(who.inventory, number)
    if who.dead or held is None or held.item not in items:
        return WearProblem.SILENT
    item = items[held.item]
    if held.equipped and place_of(item):
        held.equipped = False
        dress(who, items)
        return Change((number,), PLACES[item.kind], on=False)
    problem = check_wear(who, item)
    if problem is not None:
        return problem
    place = PLACES[item.kind]
    old = take_off(who, place)
    held.equipped = True
    setattr(who.gear, place, item)
    return Change((old, number) if old else (number,), place, on=True)


def take_off(who: Person, place: str) -> int:
    """Unequip what is in a place; return its slot, or 0 when there was nothing."""
    worn: ItemFigures | None = getattr(who.gear, place)
    if worn is None:
        return 0
    setattr(who.gear, place, None)
    for number, slot in numbered(who.inventory):
        if slot.equipped and slot.item == worn.number:
            slot.equipped = False
            return number
    return 0


def outgrow(who: Person, items: Items) -> list[tuple[int, Pile]]:
    """Take the things of newcomers from one who is none any more; return slot and pile of each."""
    gone = [
        (number, Pile(slot.item, slot.amount))
        for number, slot in numbered(who.inventory)
        if slot.item in items and items[slot.item].newbie
    ]
    for number, _ in gone:
        who.inventory[number - 1] = None
    dress(who, items)
    return gone


def take_off_everything(who: Person) -> list[int]:
    """Unequip all but the boat; return the slots."""
    return [number for place in OTHER_THAN_BOAT if (number := take_off(who, place))]


def dress(who: Person, items: Items) -> list[int]:
    """Rebuild the gear from the equipped slots; return slots whose flag had to be put right.

    A flag on what nobody can wear, or a second one for the same place, is taken away.
    """
    gear = Gear()
    wrong: list[int] = []
    for number, slot in numbered(who.inventory):
        if not slot.equipped:
            continue
        item = items.get(slot.item)
        place = None if item is None else PLACES.get(item.kind)
        if place == "boat" and not who.sailing:
            place = None
        if place is None or getattr(gear, place) is not None:
            slot.equipped = False
            wrong.append(number)
        else:
            setattr(gear, place, item)
    who.gear = gear
    return wrong


def worn(who: Person) -> Worn:
    """Return the graphics of what a character has on."""
    gear = who.gear
    return Worn(
        body=gear.armour.body if gear.armour else 0,
        weapon=_weapon_look(who),
        shield=gear.shield.animation if gear.shield else NONE,
        helmet=gear.helmet.animation if gear.helmet else NONE,
    )


def true_look(who: Person) -> Look:
    """Return how a character looks to others, but for a mimic's disguise."""
    if who.dead:
        return ghost(sailing=who.sailing)
    if who.sailing:
        boat = who.gear.boat
        return aboard(
            boat_body(
                boat.body if boat else 0,
                criminal=who.criminal,
                faction=who.faction,
                attackable=bool(who.attackable_by),
            )
        )
    return look(who.build.naked(who.gender), who.head, worn(who))


def visible_look(who: Person) -> Look:
    """Return how a character looks to others."""
    return who.disguise or true_look(who)


def leave_faction(who: Person) -> list[int]:
    """Take off armour and shield of a faction no longer served; return the slots."""
    return [
        number
        for place in ("armour", "shield")
        if (item := getattr(who.gear, place)) is not None
        and _wrong_faction(who, item)
        and (number := take_off(who, place))
    ]


def _weapon_look(who: Person) -> int:
    weapon = who.gear.weapon
    if weapon is None:
        return NONE
    if weapon.small_animation and who.build.small:
        return weapon.small_animation
    return weapon.animation


def _wrong_class(who: Person, item: ItemFigures) -> bool:
    return who.char_class in item.forbidden_classes and not who.staff


def _wrong_gender(who: Person, item: ItemFigures) -> bool:
    if item.women_only:
        return who.gender != Gender.FEMALE
    return item.men_only and who.gender != Gender.MALE


def _wrong_race(who: Person, item: ItemFigures) -> bool:
    wrong_size = item.small_races != who.build.small
    return wrong_size or (item.drow_only and who.race != Race.DROW)


def _wrong_faction(who: Person, item: ItemFigures) -> bool:
    if item.royal:
        return who.criminal or who.faction is not Faction.ROYAL
    if item.chaos:
        return not who.criminal or who.faction is not Faction.CHAOS
    return False
