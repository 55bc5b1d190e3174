"""Gathering: fish, wood and ore; twigs from logs and a fire from twigs.

Follows ao-libre/ao-server, Trabajo.bas (DoPescar, DoTalar, DoMineria, TratarDeHacerFogata). What
was gathered goes into the bag or on the ground beside it; where neither has room, there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from pyao.rules.inventory import Lay, Pile, put
from pyao.rules.kinds import CharClass, ObjectType, Skill, Trigger
from pyao.rules.numbers import Roll
from pyao.rules.person import Person, Spot, distance

REACH = 2  # steps to tree, shoal, deposit and logs
LOGS_PER_TWIGS = 3
FISH = 139
NET_FISH = (FISH, 544, 545, 546)
WOOD, ELVEN_WOOD = 58, 1006
TWIGS, CAMPFIRE = 136, 63
DAGGER = 15
CLUMSY_BELOW = 6  # survival
TWIGS_SURE_ABOVE = 34
FIRE_SURE_ABOVE = 10
RODS = (138, 563)
NETS = (543,)
AXES = (127, 561)
ELVEN_AXES = (1005,)
PICKS = (187, 562)


class GatherProblem(Enum):
    """Why nothing is gathered; the value is the key of the text told, empty for silence."""

    SILENT = ""
    NO_TOOL = "work.no_tool"
    WRONG_AXE = "work.wrong_axe"
    NO_WATER = "work.no_water"
    NO_SHOAL = "work.no_shoal"
    NO_TREE = "work.no_tree"
    NO_DEPOSIT = "work.no_deposit"
    UNDER_ROOF = "work.under_roof"
    TOO_FAR = "action.too_far"
    OWN_TILE = "work.own_tile"
    TIRED = "action.tired"
    NO_ROOM = "item.no_room_here"
    FEW_LOGS = "work.few_logs"
    SAFE_PLACE = "work.no_fire_here"
    CITY = "work.no_fire_in_town"


@dataclass(frozen=True, slots=True)
class Trade:
    """What one attempt takes of a worker and of others, and which rolls succeed."""

    skill: Skill
    worker_stamina: int
    others_stamina: int
    success_upto: int
    failure: str  # key of the text told


FISHING = Trade(Skill.FISHING, 1, 3, 6, "work.no_fish")
WOODCUTTING = Trade(Skill.WOODCUTTING, 2, 4, 6, "work.no_wood")
MINING = Trade(Skill.MINING, 2, 5, 5, "work.no_ore")


@dataclass(frozen=True, slots=True)
class Source:
    """What an equipped tool and the tile clicked give: the products, one of which comes out."""

    trade: Trade
    products: tuple[int, ...]
    everyone: bool = False  # criminals too are thought better of: a slip of the classic kept


@dataclass(frozen=True, slots=True)
class Catch:
    """How an attempt went: `slot` got the pile, 0 when it lies on the ground; None is a failure."""

    pile: Pile | None = None
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Clicked:
    """What lies on the tile that was clicked: its kind, what ore it bears, and whether in water."""

    x: int
    y: int
    kind: int = 0
    ore: int = 0
    water: bool = False


# What bears wood -> the axes for it and the wood it gives.
_TREES: Mapping[int, tuple[tuple[int, ...], int]] = MappingProxyType(
    {ObjectType.TREE: (AXES, WOOD), ObjectType.ELVEN_TREE: (ELVEN_AXES, ELVEN_WOOD)}
)


def luck(skill: int) -> int:
    """Return how many sides the die has: floor(-0.00125 s^2 - 0.3 s + 49)."""
    return (-125 * skill * skill - 30_000 * skill + 4_900_000) // 100_000


def most(level: int) -> int:
    """Return the most a worker takes at once: max(1, rhe((level - 2) / 5)) + 1."""
    return max(1, round((level - 2) / 5)) + 1


def fishing_place(who: Person, here: Spot, tile: Clicked) -> GatherProblem | Source:
    """Say what the rod or net in hand catches on a tile, or why nothing."""
    tool = _in_hand(who)
    if tool in RODS:
        if here.trigger == Trigger.UNDER_ROOF:
            return GatherProblem.UNDER_ROOF
        return Source(FISHING, (FISH,)) if tile.water else GatherProblem.NO_WATER
    if tool not in NETS:
        return GatherProblem.NO_TOOL
    if tile.kind != ObjectType.FISHING_DEPOSIT or not tile.water:
        return GatherProblem.NO_SHOAL
    return _out_of_reach(who, tile, own_tile=False) or Source(FISHING, NET_FISH, everyone=True)


def cutting_place(who: Person, tile: Clicked) -> GatherProblem | Source:
    """Say what the axe in hand cuts on a tile, or why nothing."""
    tool = _in_hand(who)
    if tool not in (*AXES, *ELVEN_AXES):
        return GatherProblem.NO_TOOL
    if tile.kind not in _TREES:
        return GatherProblem.NO_TREE
    axes, wood = _TREES[tile.kind]
    if tool not in axes:
        return GatherProblem.WRONG_AXE
    return _out_of_reach(who, tile, own_tile=False) or Source(WOODCUTTING, (wood,))


def mining_place(who: Person, tile: Clicked) -> GatherProblem | Source:
    """Say what the pick in hand breaks out of a tile, or why nothing."""
    if _in_hand(who) not in PICKS:
        return GatherProblem.NO_TOOL
    if tile.kind != ObjectType.ORE_DEPOSIT or not tile.ore:
        return GatherProblem.NO_DEPOSIT
    return _out_of_reach(who, tile, own_tile=True) or Source(MINING, (tile.ore,))


def gather(who: Person, source: Source, lay: Lay, roll: Roll) -> GatherProblem | Catch:
    """Try once, at the cost of stamina; the caller trains the skill by how it went.

    Unlike in the classic server nobody works without the stamina for it.
    """
    trade, worker = source.trade, who.char_class == CharClass.WORKER
    cost = trade.worker_stamina if worker else trade.others_stamina
    if who.stamina < cost:
        return GatherProblem.TIRED
    who.stamina -= cost
    if roll(1, luck(who.skill(trade.skill))) > trade.success_upto:
        return Catch()
    item = source.products[roll(1, len(source.products)) - 1]
    pile = Pile(item, roll(1, most(who.level)) if worker else 1)
    slot = put(who.inventory, pile.item, pile.amount)
    if not slot and not lay(pile):
        return GatherProblem.NO_ROOM
    return Catch(pile, slot)


def twig_odds(survival: int) -> int:
    """Return how many sides the die has of which one makes twigs of logs."""
    return _odds(survival, TWIGS_SURE_ABOVE)


def fire_odds(survival: int) -> int:
    """Return how many sides the die has of which one lights a fire."""
    return _odds(survival, FIRE_SURE_ABOVE)


def cut_twigs(who: Person, x: int, y: int, logs: int, roll: Roll) -> GatherProblem | int:
    """Return how many bundles of twigs a pile of logs becomes; 0 when the attempt fails."""
    if distance(who.x, who.y, x, y) > REACH:
        return GatherProblem.TOO_FAR
    if logs < LOGS_PER_TWIGS:
        return GatherProblem.FEW_LOGS
    return logs // LOGS_PER_TWIGS if roll(1, twig_odds(who.skill(Skill.SURVIVAL))) == 1 else 0


def light_fire(
    who: Person, x: int, y: int, there: Spot, roll: Roll, *, city: bool
) -> GatherProblem | bool:
    """Return whether twigs catch fire; never on holy ground, on safe maps and in towns."""
    checks = (
        (GatherProblem.TOO_FAR, distance(who.x, who.y, x, y) > REACH),
        (GatherProblem.SAFE_PLACE, there.truce or there.safe),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return problem
    if roll(1, fire_odds(who.skill(Skill.SURVIVAL))) != 1:
        return False
    return GatherProblem.CITY if city else True


def _odds(survival: int, sure_above: int) -> int:
    return 3 if survival < CLUMSY_BELOW else 2 if survival <= sure_above else 1


def _in_hand(who: Person) -> int:
    return who.gear.weapon.number if who.gear.weapon is not None else 0


def _out_of_reach(who: Person, tile: Clicked, *, own_tile: bool) -> GatherProblem | None:
    away = distance(who.x, who.y, tile.x, tile.y)
    if away > REACH:
        return GatherProblem.TOO_FAR
    return GatherProblem.OWN_TILE if away == 0 and not own_tile else None
