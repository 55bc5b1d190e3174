"""Before and after a blow: whether a swing or a shot is made at all, and what it uses up.

Follows ao-libre/ao-server, Protocol.bas (HandleAttack, HandleWorkLeftClick). Whom it may hit is in
`permissions.py`, how it goes in `fight.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.combat import DRAGON_SLAYER
from pyao.rules.creature import Creature
from pyao.rules.equipment import take_off
from pyao.rules.fight import STAMINA_NEEDED
from pyao.rules.inventory import numbered, take
from pyao.rules.kinds import ObjectType
from pyao.rules.options import IntervalFigures
from pyao.rules.person import Person
from pyao.rules.states import unhide


class SwingProblem(Enum):
    """Why there is no attack; the value is the key of the text told, empty for silence."""

    SILENT = ""
    DEAD = "action.dead"
    TIRED = "action.tired"
    IS_RANGED = "attack.is_ranged"
    NOT_RANGED = "attack.not_ranged"
    NO_AMMUNITION = "attack.no_ammunition"


@dataclass(frozen=True, slots=True)
class NoShot:
    """Why no shot was made, and the slots of what was put away for it."""

    problem: SwingProblem
    slots: tuple[int, ...] = ()


def begin_melee(who: Person, now: int, figures: IntervalFigures) -> SwingProblem | None:
    """Start a swing at the tile ahead. The interval is used up even when stamina is missing."""
    if who.dead:
        return SwingProblem.DEAD
    if who.meditating:
        return SwingProblem.SILENT
    weapon = who.gear.weapon
    if weapon is not None and weapon.ranged:
        return SwingProblem.IS_RANGED
    if who.staff or not who.intervals.may_hit(now, figures):
        return SwingProblem.SILENT
    return SwingProblem.TIRED if who.stamina < STAMINA_NEEDED else None


def begin_shot(who: Person, now: int, figures: IntervalFigures) -> NoShot | None:
    """Start a shot or throw at a tile in sight; what cannot be shot with is put away."""
    if who.dead or who.resting or who.meditating or not who.intervals.may_shoot(now, figures):
        return NoShot(SwingProblem.SILENT)
    gear = who.gear
    if gear.weapon is None or not gear.weapon.ranged:
        return NoShot(SwingProblem.NOT_RANGED, _put_away(who, "ammunition"))
    ammunition = gear.ammunition
    usable = ammunition is not None and ammunition.kind == ObjectType.ARROW
    if gear.weapon.needs_ammo and not usable:
        return NoShot(SwingProblem.NO_AMMUNITION, _put_away(who, "weapon", "ammunition"))
    return NoShot(SwingProblem.TIRED) if who.stamina < STAMINA_NEEDED else None


def spend_shot(who: Person) -> int:
    """Use up one arrow, or the weapon that was thrown; return the slot to show."""
    weapon = who.gear.weapon
    place = "ammunition" if weapon is not None and weapon.needs_ammo else "weapon"
    return _use_up(who, place)


def break_slayer(who: Person, slain: Creature) -> int:
    """Lose the dragon slayer with the dragon it slew; return its slot, or 0."""
    weapon = who.gear.weapon
    if weapon is None or weapon.number != DRAGON_SLAYER or not slain.dragon:
        return 0
    return _use_up(who, "weapon")


def show_oneself(who: Person) -> bool:
    """Give up protection and hiding by attacking; return whether one comes into sight by it.

    Invisibility by a spell is not lost.
    """
    who.protected_until = 0
    return unhide(who)


def _put_away(who: Person, *places: str) -> tuple[int, ...]:
    return tuple(number for place in places if (number := take_off(who, place)))


def _use_up(who: Person, place: str) -> int:
    item = getattr(who.gear, place)
    if item is None:
        return 0
    for number, slot in numbered(who.inventory):
        if slot.equipped and slot.item == item.number:
            gone = take(who.inventory, number, 1)
            if gone is not None and gone.unequipped:
                setattr(who.gear, place, None)
            return number
    return 0
