from __future__ import annotations

import pytest
from tests.support.people import person

from pyao.content.items import Item
from pyao.rules import gathering
from pyao.rules.character import Slot
from pyao.rules.gathering import Catch, Clicked, GatherProblem, Source
from pyao.rules.inventory import Pile
from pyao.rules.kinds import CharClass, ObjectType, Skill, Trigger
from pyao.rules.numbers import Roll
from pyao.rules.person import Person, Spot

LUCK = {0: 49, 1: 48, 5: 47, 10: 45, 20: 42, 25: 40, 30: 38, 40: 35, 50: 30, 60: 26, 70: 21,
        75: 19, 80: 17, 90: 11, 95: 9, 99: 7, 100: 6}  # fmt: skip
MOST = {1: 2, 9: 2, 10: 3, 12: 3, 14: 3, 15: 4, 20: 5, 25: 6, 30: 7, 40: 9, 50: 11}


def holder(tool: int) -> Person:
    who = person()
    who.x, who.y = 50, 50
    who.gear.weapon = Item(number=tool, kind=ObjectType.WEAPON)
    return who


def never(_pile: Pile) -> bool:
    return False


def rolls(*sides: int) -> Roll:
    left = list(sides)

    def roll(low: int, high: int) -> int:
        side = left.pop(0)
        assert low <= side <= high, (low, side, high)
        return side

    return roll


@pytest.mark.parametrize("skill", LUCK)
def test_the_die_of_luck_shrinks_with_skill(skill: int) -> None:
    assert gathering.luck(skill) == LUCK[skill]


@pytest.mark.parametrize("level", MOST)
def test_a_worker_takes_more_with_each_five_levels(level: int) -> None:
    assert gathering.most(level) == MOST[level]


def test_rods_need_water_and_no_roof() -> None:
    for rod in (138, 563):
        who = holder(rod)
        water = Clicked(55, 50, water=True)
        assert gathering.fishing_place(who, Spot(), water) == Source(gathering.FISHING, (139,))
        roofed = Spot(trigger=Trigger.UNDER_ROOF)
        assert gathering.fishing_place(who, roofed, water) is GatherProblem.UNDER_ROOF
        assert gathering.fishing_place(who, Spot(), Clicked(55, 50)) is GatherProblem.NO_WATER


def test_nets_need_a_shoal_beside_one() -> None:
    who = holder(543)
    shoal = Clicked(51, 51, ObjectType.FISHING_DEPOSIT, water=True)
    source = gathering.fishing_place(who, Spot(), shoal)
    assert source == Source(gathering.FISHING, (139, 544, 545, 546), everyone=True)
    far = Clicked(52, 51, ObjectType.FISHING_DEPOSIT, water=True)
    assert gathering.fishing_place(who, Spot(), far) is GatherProblem.TOO_FAR
    own = Clicked(50, 50, ObjectType.FISHING_DEPOSIT, water=True)
    assert gathering.fishing_place(who, Spot(), own) is GatherProblem.OWN_TILE
    dry = Clicked(51, 51, ObjectType.FISHING_DEPOSIT)
    assert gathering.fishing_place(who, Spot(), dry) is GatherProblem.NO_SHOAL
    assert gathering.fishing_place(who, Spot(), Clicked(51, 50, water=True)) is (
        GatherProblem.NO_SHOAL
    )
    assert gathering.fishing_place(holder(2), Spot(), shoal) is GatherProblem.NO_TOOL


def test_each_tree_has_its_axe() -> None:
    tree, old = Clicked(51, 50, ObjectType.TREE), Clicked(51, 50, ObjectType.ELVEN_TREE)
    for axe in (127, 561):
        assert gathering.cutting_place(holder(axe), tree) == Source(gathering.WOODCUTTING, (58,))
        assert gathering.cutting_place(holder(axe), old) is GatherProblem.WRONG_AXE
    assert gathering.cutting_place(holder(1005), old) == Source(gathering.WOODCUTTING, (1006,))
    assert gathering.cutting_place(holder(1005), tree) is GatherProblem.WRONG_AXE
    assert gathering.cutting_place(holder(127), Clicked(51, 50)) is GatherProblem.NO_TREE
    assert gathering.cutting_place(holder(2), tree) is GatherProblem.NO_TOOL
    own = Clicked(50, 50, ObjectType.TREE)
    assert gathering.cutting_place(holder(127), own) is GatherProblem.OWN_TILE


def test_picks_break_what_a_deposit_bears_even_underfoot() -> None:
    for pick in (187, 562):
        vein = Clicked(50, 50, ObjectType.ORE_DEPOSIT, 192)
        assert gathering.mining_place(holder(pick), vein) == Source(gathering.MINING, (192,))
    assert gathering.mining_place(holder(187), Clicked(51, 50)) is GatherProblem.NO_DEPOSIT
    assert gathering.mining_place(holder(2), Clicked(51, 50)) is GatherProblem.NO_TOOL
    far = Clicked(53, 50, ObjectType.ORE_DEPOSIT, 192)
    assert gathering.mining_place(holder(187), far) is GatherProblem.TOO_FAR


FISH = Source(gathering.FISHING, (139,))
ORE = Source(gathering.MINING, (192,))
WOOD = Source(gathering.WOODCUTTING, (58,))


@pytest.mark.parametrize(
    ("source", "worker", "others", "upto"),
    [(FISH, 1, 3, 6), (WOOD, 2, 4, 6), (ORE, 2, 5, 5)],
    ids=["fish", "wood", "ore"],
)
def test_each_trade_has_its_price_and_its_odds(
    source: Source, worker: int, others: int, upto: int
) -> None:
    for char_class, cost in ((CharClass.WORKER, worker), (CharClass.MAGE, others)):
        who = person(char_class=char_class, stamina=cost, level=1)
        amount = (1,) if char_class is CharClass.WORKER else ()
        caught = gathering.gather(who, source, never, rolls(upto, 1, *amount))
        assert caught == Catch(Pile(source.products[0], 1), 1)
        assert who.stamina == 0
        assert gathering.gather(who, source, never, rolls()) is GatherProblem.TIRED
        who.stamina = cost
        assert gathering.gather(who, source, never, rolls(upto + 1)) == Catch()


def test_what_finds_no_room_is_not_gathered() -> None:
    who = person(char_class=CharClass.WORKER, stamina=10, level=50)
    who.inventory[:] = [Slot(1000 + number, 1) for number in range(25)]
    laid: list[Pile] = []
    assert gathering.gather(who, FISH, never, rolls(1, 1, 11)) is GatherProblem.NO_ROOM

    def lay(pile: Pile) -> bool:
        laid.append(pile)
        return True

    caught = gathering.gather(who, FISH, lay, rolls(1, 1, 11))
    assert caught == Catch(Pile(139, 11), 0)
    assert laid == [Pile(139, 11)]


@pytest.mark.parametrize(
    ("survival", "twigs", "fire"),
    [(0, 3, 3), (5, 3, 3), (6, 2, 2), (10, 2, 2), (11, 2, 1), (34, 2, 1), (35, 1, 1)],
)
def test_survival_makes_twigs_and_fire(survival: int, twigs: int, fire: int) -> None:
    assert (gathering.twig_odds(survival), gathering.fire_odds(survival)) == (twigs, fire)


def test_three_logs_make_twigs() -> None:
    who = holder(15)
    assert gathering.cut_twigs(who, 51, 51, 10, rolls(1)) == 3
    assert gathering.cut_twigs(who, 51, 51, 10, rolls(2)) == 0
    assert gathering.cut_twigs(who, 51, 51, 2, rolls()) is GatherProblem.FEW_LOGS
    assert gathering.cut_twigs(who, 52, 51, 10, rolls()) is GatherProblem.TOO_FAR


def test_fire_is_lit_in_the_wild_only() -> None:
    who = holder(15)
    assert gathering.light_fire(who, 51, 51, Spot(), rolls(1), city=False) is True
    assert gathering.light_fire(who, 51, 51, Spot(), rolls(3), city=False) is False
    assert gathering.light_fire(who, 51, 51, Spot(), rolls(1), city=True) is GatherProblem.CITY
    for holy in (Spot(safe=True), Spot(trigger=Trigger.SAFE)):
        lit = gathering.light_fire(who, 51, 51, holy, rolls(), city=False)
        assert lit is GatherProblem.SAFE_PLACE
    far = gathering.light_fire(who, 53, 50, Spot(), rolls(), city=False)
    assert far is GatherProblem.TOO_FAR


def test_the_trades_train_their_own_skills() -> None:
    trades = (gathering.FISHING, gathering.WOODCUTTING, gathering.MINING)
    assert [trade.skill for trade in trades] == [Skill.FISHING, Skill.WOODCUTTING, Skill.MINING]
