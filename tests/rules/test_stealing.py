from __future__ import annotations

from typing import Any

import pytest
from tests.support import things
from tests.support.people import carrying, person, with_figures
from tests.support.things import ITEMS
from tests.support.vectors import Dice, vectors

from pyao.content.items import Item
from pyao.rules.character import INVENTORY_SLOTS, Slot
from pyao.rules.inventory import Pile
from pyao.rules.kinds import CharClass, Faction, Privilege, Skill, Trigger
from pyao.rules.person import Gear, Person, Spot
from pyao.rules.stealing import (
    StealProblem,
    Theft,
    check_steal,
    steal,
    steal_odds,
    stealable,
    stolen_amount,
)

FIELD = Spot()
GLOVES = Item(number=873, kind=18, gloves=True)


def nowhere(pile: Pile) -> bool:
    del pile
    return False


def robber(char_class: int = CharClass.THIEF, **figures: int) -> Person:
    who = person(char_class=char_class, x=50, y=50, safe=0, stamina=40, level=20)
    return with_figures(who, figures)


def victim(*slots: Slot | None, **figures: int) -> Person:
    who = carrying(*slots, user_id=2, x=51, y=51, gold=5_000)
    return with_figures(who, figures)


@pytest.mark.parametrize("row", vectors("npcs", "stealing"), ids=str)
def test_skill_makes_the_odds(row: dict[str, Any]) -> None:
    assert steal_odds(row["skill"]) == row["d"]
    who = robber()
    who.skills[Skill.STEAL - 1] = row["skill"]
    dice = Dice(3)
    assert steal(who, victim(), ITEMS, nowhere, dice) == Theft(success=False)
    assert dice.asked == [(1, row["d"])]
    assert who.stamina == 25


@pytest.mark.parametrize("row", vectors("npcs", "stolen"), ids=str)
def test_a_part_of_a_stack_is_taken(row: dict[str, Any]) -> None:
    dice = Dice(row["low"])
    assert stolen_amount(row["stack"], dice) == max(row["low"], 1)
    assert dice.asked == [(row["low"], row["high"])]


@pytest.mark.parametrize(
    ("char_class", "ring", "span"),
    [
        (CharClass.THIEF, GLOVES, (1_000, 2_000)),
        (CharClass.THIEF, None, (500, 1_000)),
        (CharClass.THIEF, things.RING, (500, 1_000)),
        (CharClass.WARRIOR, GLOVES, (1, 100)),
    ],
)
def test_gold_is_taken_by_class_and_gloves(
    char_class: int, ring: Item | None, span: tuple[int, int]
) -> None:
    who, rich = robber(char_class), victim()
    who.gear = Gear(ring=ring)
    dice = Dice(2, 25, span[1]) if char_class == CharClass.THIEF else Dice(2, span[1])
    assert steal(who, rich, ITEMS, nowhere, dice) == Theft(success=True, gold=span[1])
    assert dice.asked[-1] == span
    assert (who.gold, rich.gold) == (span[1], 5_000 - span[1])


def test_nobody_loses_more_than_it_has_and_no_purse_holds_more_than_it_can() -> None:
    poor = victim(gold=7)
    who = robber()
    assert steal(who, poor, ITEMS, nowhere, Dice(1, 50, 900)).gold == 7
    assert (who.gold, poor.gold) == (7, 0)
    rich, full = victim(), robber(gold=89_999_999)
    assert steal(full, rich, ITEMS, nowhere, Dice(1, 50, 900)).gold == 1
    assert (full.gold, rich.gold) == (90_000_000, 4_999)


def test_a_thief_takes_a_thing_from_either_end_of_the_bag() -> None:
    bag = (Slot(1, 100), None, Slot(7, 50))
    who, mark = robber(), victim(*bag)
    dice = Dice(1, 24, 5, 3, 8)
    theft = steal(who, mark, ITEMS, nowhere, dice)
    assert theft == Theft(success=True, pile=Pile(1, 8), slot=1, own_slot=1)
    assert dice.asked[1:] == [(1, 50), (1, 12), (1, 10), (5, 10)]
    assert (mark.inventory[0], who.inventory[0]) == (Slot(1, 92), Slot(1, 8))
    who, mark = robber(), victim(Slot(1, 100), None, Slot(7, 50))
    theft = steal(who, mark, ITEMS, nowhere, Dice(1, 24, 6, 3, 2))
    assert theft == Theft(success=True, pile=Pile(7, 2), slot=3, own_slot=1)


def test_each_thing_has_its_chance_and_all_may_pass() -> None:
    who, mark = robber(), victim(Slot(1, 100), Slot(7, 50))
    theft = steal(who, mark, ITEMS, nowhere, Dice(1, 1, 1, 4, 3, 3))
    assert theft.pile == Pile(7, 3)
    nothing = steal(robber(), victim(Slot(1, 100)), ITEMS, nowhere, Dice(1, 1, 1, 4))
    assert nothing == Theft(success=True)


def test_the_last_one_leaves_an_empty_slot() -> None:
    who, mark = robber(), victim(Slot(1, 1))
    assert steal(who, mark, ITEMS, nowhere, Dice(1, 1, 1, 1, 0)).pile == Pile(1, 1)
    assert mark.inventory[0] is None


def test_what_finds_no_room_is_laid_or_stays() -> None:
    full, mark = robber(), victim(Slot(1, 100))
    full.inventory = [Slot(2, 1) for _ in range(INVENTORY_SLOTS)]
    laid: list[Pile] = []

    def lay(pile: Pile) -> bool:
        laid.append(pile)
        return True

    theft = steal(full, mark, ITEMS, lay, Dice(1, 1, 1, 1, 9))
    assert (theft.own_slot, theft.pile, laid) == (0, Pile(1, 9), [Pile(1, 9)])
    assert mark.inventory[0] == Slot(1, 91)
    assert steal(full, mark, ITEMS, nowhere, Dice(1, 1, 1, 1, 9)) == Theft(success=True)
    assert mark.inventory[0] == Slot(1, 91)


def test_some_things_are_never_stolen() -> None:
    odd = [
        things.KEY,
        things.BARGE,
        things.NEWBIE_DAGGER,
        things.HEIRLOOM,
        things.SAFE_GEM,
        Item(number=1, royal=True),
        Item(number=1, chaos=True),
    ]
    assert not any(stealable(item) for item in odd)
    assert stealable(things.APPLE)
    mark = victim(Slot(2, 1, equipped=True), Slot(13, 1), Slot(999, 1))
    assert steal(robber(), mark, ITEMS, nowhere, Dice(1, 1, 1)) == Theft(success=True)


@pytest.mark.parametrize(
    ("who", "other", "here", "there", "problem"),
    [
        (robber(), victim(), FIELD, FIELD, None),
        (robber(hp=0), victim(), FIELD, FIELD, StealProblem.SILENT),
        (robber(), victim(privileges=Privilege.GOD), FIELD, FIELD, StealProblem.SILENT),
        (robber(), victim(), Spot(safe=True), FIELD, StealProblem.SAFE_MAP),
        (robber(), victim(hp=0), FIELD, FIELD, StealProblem.DEAD),
        (robber(x=49), victim(), FIELD, FIELD, StealProblem.TOO_FAR),
        (robber(), victim(), Spot(trigger=Trigger.SAFE), FIELD, StealProblem.SAFE_TILE),
        (robber(), victim(), FIELD, Spot(trigger=Trigger.SAFE), StealProblem.SAFE_TILE),
        (robber(), victim(consulting=1), FIELD, FIELD, StealProblem.CONSULTING),
        (robber(consulting=1), victim(), FIELD, FIELD, StealProblem.CONSULTING),
        (robber(safe=1), victim(), FIELD, FIELD, StealProblem.SAFE_LOCK),
        (robber(safe=1), victim(bandit=9_000), FIELD, FIELD, None),
        (robber(faction=Faction.ROYAL), victim(), FIELD, FIELD, StealProblem.ROYAL_DUTY),
        (robber(faction=Faction.ROYAL), victim(bandit=9_000), FIELD, FIELD, None),
        (
            robber(faction=Faction.CHAOS),
            victim(faction=Faction.CHAOS),
            FIELD,
            FIELD,
            StealProblem.SAME_FACTION,
        ),
        (robber(faction=Faction.CHAOS), victim(), FIELD, FIELD, None),
        (robber(), victim(), Spot(trigger=Trigger.ARENA), FIELD, StealProblem.SILENT),
        (robber(), victim(), FIELD, Spot(trigger=Trigger.ARENA), StealProblem.SILENT),
        (robber(stamina=14), victim(), FIELD, FIELD, StealProblem.TIRED),
        (robber(stamina=15), victim(), FIELD, FIELD, None),
    ],
)
def test_who_may_rob_whom(
    who: Person, other: Person, here: Spot, there: Spot, problem: StealProblem | None
) -> None:
    assert check_steal(who, other, here, there) is problem


def test_nobody_robs_itself() -> None:
    me = robber()
    assert check_steal(me, me, FIELD, FIELD) is StealProblem.SILENT
