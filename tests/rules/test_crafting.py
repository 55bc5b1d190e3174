from __future__ import annotations

import pytest
from tests.support.people import person

from pyao.content.items import Item
from pyao.rules import crafting
from pyao.rules.character import Slot
from pyao.rules.crafting import Craft, CraftProblem, Made, Order
from pyao.rules.inventory import Pile
from pyao.rules.kinds import CharClass, ObjectType, Skill
from pyao.rules.person import Person

WORKER, MAGE = CharClass.WORKER, CharClass.MAGE
ORE = Item(number=192, kind=ObjectType.MINERAL, min_skill=25, ingot=386)
SILVER_ORE = Item(number=193, kind=ObjectType.MINERAL, min_skill=50, ingot=387)
GOLD_ORE = Item(number=194, kind=ObjectType.MINERAL, min_skill=100, ingot=388)
DAGGER = Item(number=15, kind=ObjectType.WEAPON, smithing_skill=10, iron=2)
BOW = Item(number=478, kind=ObjectType.WEAPON, carpentry_skill=20, wood=42)


def maker(char_class: CharClass, *slots: Slot, level: int = 25, **skills: int) -> Person:
    who = person(char_class=char_class, level=level, stamina=100)
    who.inventory[: len(slots)] = slots
    for name, value in skills.items():
        who.skills[Skill[name.upper()] - 1] = value
    return who


def never(_pile: Pile) -> bool:
    return False


def low(at_least: int, _at_most: int) -> int:
    return at_least


def high(_at_least: int, at_most: int) -> int:
    return at_most


def carried(who: Person) -> dict[int, int]:
    sums: dict[int, int] = {}
    for slot in who.inventory:
        if slot is not None:
            sums[slot.item] = sums.get(slot.item, 0) + slot.amount
    return sums


# --- smelting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "ingots"),
    [(1, 1), (11, 1), (12, 2), (13, 2), (20, 3), (25, 4), (30, 5), (40, 7), (50, 9)],
)
def test_the_forge_holds_more_for_the_experienced(level: int, ingots: int) -> None:
    assert crafting.smelt_limit(level) == ingots


@pytest.mark.parametrize(
    ("level", "ore", "ingots", "left"), [(25, 60, 4, 4), (25, 55, 3, 13), (1, 60, 1, 46)]
)
def test_ore_becomes_ingots(level: int, ore: int, ingots: int, left: int) -> None:
    who = maker(WORKER, Slot(192, ore), level=level, mining=25)
    made = crafting.smelt(who, 1, ORE, never)
    assert made == Made((Pile(192, ore - left),), (Pile(386, ingots),), (1, 2))
    assert carried(who) == {192: left, 386: ingots}


@pytest.mark.parametrize(("ore", "cost"), [(ORE, 14), (SILVER_ORE, 20), (GOLD_ORE, 35)])
def test_each_metal_has_its_price_in_ore(ore: Item, cost: int) -> None:
    who = maker(WORKER, Slot(ore.number, cost - 1), mining=100)
    assert crafting.smelt(who, 1, ore, never) is CraftProblem.FEW_ORE
    who.inventory[0] = Slot(ore.number, cost)
    assert isinstance(crafting.smelt(who, 1, ore, never), Made)
    assert carried(who) == {ore.ingot: 1}


def test_others_need_three_times_the_skill() -> None:
    who = maker(MAGE, Slot(192, 60), mining=74)
    assert crafting.smelt(who, 1, ORE, never) is CraftProblem.UNSKILLED
    who.skills[Skill.MINING - 1] = 75
    assert isinstance(crafting.smelt(who, 1, ORE, never), Made)


def test_ore_that_is_gone_is_not_smelted() -> None:
    who = maker(WORKER, Slot(193, 60), mining=100)
    assert crafting.smelt(who, 1, ORE, never) is CraftProblem.NO_ORE
    assert crafting.smelt(who, 2, ORE, never) is CraftProblem.NO_ORE
    assert crafting.smelt(who, 99, ORE, never) is CraftProblem.NO_ORE


# --- melting down ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iron", "percent", "back"), [(500, 10, 50), (10, 25, 2), (3, 25, 1), (10, 10, 1)]
)
def test_arms_give_back_part_of_their_metal(iron: int, percent: int, back: int) -> None:
    arm = Item(number=700, kind=ObjectType.WEAPON, smithing_skill=10, iron=iron)
    who = maker(WORKER, Slot(700, 2), blacksmithing=10)
    made = crafting.melt(who, 1, arm, never, low if percent == 10 else high)
    assert isinstance(made, Made)
    assert carried(who) == {700: 1, 386: back}


def test_melting_takes_the_skill_of_a_smith() -> None:
    arm = Item(number=700, kind=ObjectType.WEAPON, smithing_skill=10, iron=500)
    who = maker(MAGE, Slot(700, 1), blacksmithing=39)
    assert crafting.melt(who, 1, arm, never, low) is CraftProblem.UNSKILLED
    who.skills[Skill.BLACKSMITHING - 1] = 40
    assert isinstance(crafting.melt(who, 1, arm, never, low), Made)
    assert crafting.melt(who, 1, arm, never, low) is CraftProblem.NO_ORE
    plain = Item(number=701, kind=ObjectType.WEAPON)
    who.inventory[0] = Slot(701, 1)
    assert crafting.melt(who, 1, plain, never, low) is CraftProblem.NO_ORE


def test_metal_that_finds_no_room_stays_a_weapon() -> None:
    arm = Item(number=700, kind=ObjectType.WEAPON, smithing_skill=1, iron=500, silver=500)
    full = [Slot(700, 2), *(Slot(1000 + n, 1) for n in range(24))]
    who = maker(WORKER, *full, blacksmithing=100)
    assert crafting.melt(who, 1, arm, never, low) is CraftProblem.NO_ROOM
    assert carried(who)[700] == 2
    laid: list[Pile] = []

    def once(pile: Pile) -> bool:
        laid.append(pile)
        return len(laid) == 1

    made = crafting.melt(who, 1, arm, once, low)
    assert isinstance(made, Made)
    assert made.made == (Pile(386, 50),), "the second finds no place and is lost"


# --- forging and building ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "most"),
    [(1, 1), (9, 1), (10, 2), (12, 2), (20, 4), (25, 5), (30, 6), (40, 8), (50, 10)],
)
def test_workers_make_more_at_once(level: int, most: int) -> None:
    assert crafting.cycle_limit(maker(WORKER, level=level)) == most
    assert crafting.cycle_limit(maker(MAGE, level=level)) == 1


def test_an_order_runs_in_cycles() -> None:
    who = maker(WORKER, Slot(386, 100), blacksmithing=10)
    order = crafting.begin_order(who, 12, 10)
    counts = []
    while isinstance(made := crafting.make(who, DAGGER, Craft.SMITH, order, never), Made):
        counts.append(made.made[0].amount)
    assert counts == [5, 5, 2]
    assert made is CraftProblem.DONE
    assert carried(who) == {386: 76, 15: 12}
    assert who.stamina == 100 - 3 * 2


def test_orders_from_the_wire_are_bounded() -> None:
    who = maker(WORKER)
    assert crafting.begin_order(who, -5, -5) == Order(0, 1)
    assert crafting.begin_order(who, 2**31 - 1, 32_767) == Order(2**31 - 1, 5)


def test_materials_bound_what_is_made_and_come_from_all_slots() -> None:
    who = maker(WORKER, Slot(386, 3), Slot(386, 4), blacksmithing=10)
    made = crafting.make(who, DAGGER, Craft.SMITH, Order(5, 5), never)
    assert isinstance(made, Made)
    assert made.used == (Pile(386, 6),)
    assert carried(who) == {386: 1, 15: 3}
    again = crafting.make(who, DAGGER, Craft.SMITH, Order(5, 5), never)
    assert again is CraftProblem.NO_MATERIALS


@pytest.mark.parametrize(("skill", "able"), [(37, False), (38, True)])
def test_others_forge_with_a_quarter_of_their_skill(skill: int, *, able: bool) -> None:
    who = maker(MAGE, Slot(386, 9), blacksmithing=skill)
    made = crafting.make(who, DAGGER, Craft.SMITH, Order(1, 1), never)
    assert isinstance(made, Made) == able
    assert who.stamina == (94 if able else 100)


def test_others_build_with_a_third_of_their_skill() -> None:
    who = maker(MAGE, Slot(58, 42), carpentry=58)
    assert crafting.make(who, BOW, Craft.CARPENTER, Order(1, 1), never) is CraftProblem.UNSKILLED
    who.skills[Skill.CARPENTRY - 1] = 59  # 59 / 3 rounds to 20
    assert isinstance(crafting.make(who, BOW, Craft.CARPENTER, Order(1, 1), never), Made)
    assert carried(who) == {478: 1}


def test_the_tired_make_nothing() -> None:
    who = maker(WORKER, Slot(386, 9), blacksmithing=10)
    who.stamina = 1
    assert crafting.make(who, DAGGER, Craft.SMITH, Order(1, 1), never) is CraftProblem.TIRED


def test_a_full_bag_keeps_its_materials() -> None:
    full = [Slot(386, 9), *(Slot(1000 + n, 1) for n in range(24))]
    who = maker(WORKER, *full, blacksmithing=10)
    assert crafting.make(who, DAGGER, Craft.SMITH, Order(1, 1), never) is CraftProblem.NO_ROOM
    assert carried(who)[386] == 9
    assert who.stamina == 100


# --- improving ---------------------------------------------------------------------------------


def holding(who: Person, tool: int) -> Person:
    who.gear.weapon = Item(number=tool, kind=ObjectType.WEAPON)
    return who


@pytest.mark.parametrize(
    ("old", "new", "needed"), [(2, 3, 1), (2, 5, 3), (10, 20, 12), (100, 150, 65)]
)
def test_improving_takes_the_difference(old: int, new: int, needed: int) -> None:
    items = {
        800: Item(number=800, smithing_skill=5, iron=old, upgrade=801),
        801: Item(number=801, smithing_skill=10, iron=new),
    }
    who = holding(maker(WORKER, Slot(800, 1), Slot(386, needed), blacksmithing=10), 389)
    made = crafting.upgrade(who, items[800], items, never)
    assert isinstance(made, Made)
    assert carried(who) == {801: 1}
    assert who.stamina == 98
    again = holding(maker(WORKER, Slot(800, 1), Slot(386, needed - 1), blacksmithing=10), 389)
    short = crafting.upgrade(again, items[800], items, never)
    assert short is CraftProblem.NO_MATERIALS


def test_improving_takes_tool_skill_and_strength() -> None:
    items = {
        800: Item(number=800, carpentry_skill=5, wood=2, upgrade=801),
        801: Item(number=801, carpentry_skill=10, wood=5),
    }
    who = maker(WORKER, Slot(800, 1), Slot(58, 9), carpentry=9)
    assert crafting.upgrade(who, items[800], items, never) is CraftProblem.NO_TOOL
    holding(who, 198)
    assert crafting.upgrade(who, items[800], items, never) is CraftProblem.UNSKILLED
    who.skills[Skill.CARPENTRY - 1] = 10
    who.stamina = 1
    assert crafting.upgrade(who, items[800], items, never) is CraftProblem.TIRED
    who.stamina = 2
    assert isinstance(crafting.upgrade(who, items[800], items, never), Made)
    assert crafting.upgrade(who, items[800], items, never) is CraftProblem.SILENT
    assert crafting.upgrade(who, items[801], items, never) is CraftProblem.SILENT


def test_an_improvement_that_finds_no_room_changes_nothing() -> None:
    items = {
        800: Item(number=800, smithing_skill=5, iron=2, upgrade=801),
        801: Item(number=801, smithing_skill=10, iron=5),
    }
    full = [Slot(800, 2), Slot(386, 9), *(Slot(1000 + n, 1) for n in range(23))]
    who = holding(maker(WORKER, *full, blacksmithing=10), 565)
    assert crafting.upgrade(who, items[800], items, never) is CraftProblem.NO_ROOM
    assert carried(who)[800] == 2
