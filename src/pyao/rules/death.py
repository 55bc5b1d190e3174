"""Death and what comes after: what ends, what falls, who gives life back.

Follows ao-libre/ao-server, Modulo_UsUaRiOs.bas (UserDie) and InvUsuario.bas (TirarTodo). What finds
no room on the ground stays with the dead instead of vanishing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from pyao.rules.deeds import release
from pyao.rules.equipment import PLACES, take_off, take_off_everything
from pyao.rules.inventory import Items, Lay, Pile, numbered, piles_of_gold
from pyao.rules.kinds import CharClass, Gender, NpcRole, ObjectType
from pyao.rules.options import Options
from pyao.rules.person import Person, Spot
from pyao.rules.records import ItemFigures
from pyao.rules.states import (
    end_invisibility,
    free,
    restore_attributes,
    stop_meditating,
    stop_resting,
    undaze,
    undisguise,
    unhide,
)

GOLD_KEPT_PER_LEVEL = 10_000
GOLD_LAID_MAX = 500_000
GALLEON = 476
PIRATE_LEVEL = 20
PRIEST_RANGE = 10
CRIES: Mapping[Gender, int] = MappingProxyType({Gender.MALE: 11, Gender.FEMALE: 74})
"""The sounds of dying, on land and at sea: the client lacks those of the water."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """What ended with a life, each to be told once; `slots` and `gold` are what fell."""

    paralysed: bool
    stunned: bool
    blinded: bool
    resting: bool
    meditating: bool
    appeared: bool  # was hidden or invisible
    slots: tuple[int, ...]
    gold: int


class PriestProblem(Enum):
    """Why a priest does nothing; the value is the key of the text told, empty for silence."""

    SILENT = ""
    TOO_FAR = "action.too_far"
    NEWBIES_ONLY = "priest.newbies_only"


class Blessing(Enum):
    """What a priest did."""

    REVIVED = "revived"
    HEALED = "healed"


def die(who: Person, items: Items, lay: Lay, here: Spot, options: Options) -> Death:
    """Take everything that ends with a life; `lay` puts a pile on the ground nearby.

    Pets, a trade, and the way to the map of the dead are the world's business.
    """
    who.hp = who.stamina = 0
    who.poisoned = False
    who.deaths += 1
    who.resurrection_safe = not here.arena
    who.attackable_by = 0
    who.selected_spell = 0
    release(who)
    paralysed = free(who)
    stunned, blinded = undaze(who)
    resting = stop_resting(who)
    meditating = stop_meditating(who)
    appeared = who.out_of_sight
    unhide(who)
    end_invisibility(who)
    slots: list[int] = []
    gold = 0
    if options.drop_on_death and not here.arena:
        slots = _drop_items(who, items, lay, here)
        gold = _drop_gold(who, lay, here)
    slots += take_off_everything(who)
    undisguise(who)
    restore_attributes(who)
    return Death(
        paralysed=paralysed,
        stunned=stunned,
        blinded=blinded,
        resting=resting,
        meditating=meditating,
        appeared=appeared,
        slots=tuple(dict.fromkeys(slots)),
        gold=gold,
    )


def falls(item: ItemFigures) -> bool:
    """Return whether the dead lose a thing."""
    kept = item.stays_on_death or item.bound
    return not kept and item.kind not in (ObjectType.KEY, ObjectType.BOAT)


def gold_lost(gold: int, level: int) -> int:
    """Return the gold the dead lose: above 10,000 per level; newbies lose none."""
    return max(gold - level * GOLD_KEPT_PER_LEVEL, 0)


def revive(who: Person) -> None:
    """Give a life back, with as many hit points as the constitution says."""
    who.hp = max(min(who.attributes.constitution, who.max_hp), 1)


def ask_priest(
    who: Person, role: int, away: int, *, healing: bool = False
) -> PriestProblem | Blessing:
    """Let a priest give life back, and heal: who is alive, or whoever asked for `healing` too."""
    if role not in (NpcRole.PRIEST, NpcRole.NEWBIE_PRIEST):
        return PriestProblem.SILENT
    if away > PRIEST_RANGE:
        return PriestProblem.TOO_FAR
    if role == NpcRole.NEWBIE_PRIEST and not who.newbie:
        return PriestProblem.NEWBIES_ONLY
    was_dead = who.dead
    if was_dead:
        revive(who)
    if healing or not was_dead:
        who.hp = who.max_hp
    return Blessing.REVIVED if was_dead else Blessing.HEALED


def _drop_items(who: Person, items: Items, lay: Lay, here: Spot) -> list[int]:
    if _aboard_galleon(who) and here.water and who.level == PIRATE_LEVEL:
        return []
    lost: list[int] = []
    for number, slot in list(numbered(who.inventory)):
        item = items.get(slot.item)
        if item is None or not falls(item) or (who.newbie and item.newbie):
            continue
        if lay(Pile(slot.item, slot.amount)):
            if slot.equipped:
                take_off(who, PLACES[item.kind])
            who.inventory[number - 1] = None
            lost.append(number)
    return lost


def _drop_gold(who: Person, lay: Lay, here: Spot) -> int:
    """Lay the gold that falls; of more than can be laid the rest vanishes with it."""
    amount = gold_lost(who.gold, who.level)
    if who.newbie or not amount or (_aboard_galleon(who) and here.water):
        return 0
    laid = 0
    for pile in piles_of_gold(min(amount, GOLD_LAID_MAX)):
        if not lay(pile):
            break
        laid += pile.amount
    vanished = amount - GOLD_LAID_MAX if laid and amount > GOLD_LAID_MAX else 0
    who.gold -= laid + vanished
    return laid + vanished


def _aboard_galleon(who: Person) -> bool:
    boat = who.gear.boat
    return who.char_class == CharClass.PIRATE and boat is not None and boat.number == GALLEON
