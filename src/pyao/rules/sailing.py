"""Boats: who may sail which, boarding and landing.

Follows ao-libre/ao-server, Mod_Barcos.bas and Trabajo.bas (DoNavega). Unlike there, nobody leaves a
boat where no land is near, for it could never move again.
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.inventory import Items, at
from pyao.rules.kinds import CharClass, ObjectType, Skill
from pyao.rules.person import Person
from pyao.rules.records import ItemFigures
from pyao.rules.states import unhide

NOBODY_BELOW = 20
ANYBODY_FROM = 25
MASTER_FISHER = 100
FISHER_FACTOR = 1.71
OTHERS_FACTOR = 2


class SailProblem(Enum):
    """Why nobody boards or lands; the value is the key of the text told, empty for silence."""

    SILENT = ""
    LEVEL = "sail.level"
    SKILL = "sail.skill"
    NO_WATER = "sail.no_water"
    NO_LAND = "sail.no_land"


class Sailed(Enum):
    """What using a boat did."""

    BOARDED = "boarded"
    LANDED = "landed"


def sailing_skill(who: Person, boat: ItemFigures) -> int:
    """Return the skill a boat takes: all of it from a pirate, up to twice as much from others."""
    if who.char_class == CharClass.PIRATE:
        return boat.min_skill
    return round((FISHER_FACTOR if _master_fisher(who) else OTHERS_FACTOR) * boat.min_skill)


def use_boat(
    who: Person, number: int, items: Items, *, water_near: bool, land_near: bool
) -> SailProblem | Sailed:
    """Board the boat in a slot, or land from it; near is one of the four tiles next to one.

    Landing from a tile of land itself counts as near.
    """
    held = at(who.inventory, number)
    boat = None if held is None else items.get(held.item)
    if held is None or boat is None or boat.kind != ObjectType.BOAT:
        return SailProblem.SILENT
    if who.sailing:
        if not land_near:
            return SailProblem.NO_LAND
        land(who)
        return Sailed.LANDED
    problem = _check_board(who, boat, water_near=water_near)
    if problem is not None:
        return problem
    who.sailing = True
    held.equipped = True
    who.gear.boat = boat
    unhide(who)
    return Sailed.BOARDED


def land(who: Person) -> None:
    """Put the boat away."""
    who.sailing = False
    boat, who.gear.boat = who.gear.boat, None
    for slot in who.inventory:
        if slot is not None and boat is not None and slot.item == boat.number:
            slot.equipped = False


def _check_board(who: Person, boat: ItemFigures, *, water_near: bool) -> SailProblem | None:
    able = who.char_class == CharClass.PIRATE or _master_fisher(who)
    low = who.level < NOBODY_BELOW or (who.level < ANYBODY_FROM and not able)
    checks = (
        (SailProblem.LEVEL, low),
        (SailProblem.NO_WATER, not water_near),
        (SailProblem.SKILL, who.skill(Skill.NAVIGATION) < sailing_skill(who, boat)),
    )
    return next((problem for problem, applies in checks if applies), None)


def _master_fisher(who: Person) -> bool:
    return who.char_class == CharClass.WORKER and who.skill(Skill.FISHING) >= MASTER_FISHER
