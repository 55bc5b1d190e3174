from __future__ import annotations

from typing import Any

import pytest
from tests.support import things
from tests.support.people import carrying, with_current
from tests.support.things import ITEMS
from tests.support.vectors import Dice, never, vectors

from pyao.content.items import Item
from pyao.rules.character import INVENTORY_SLOTS, Attributes, Slot
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Faction, ObjectType, Potion, Privilege
from pyao.rules.options import IntervalFigures
from pyao.rules.person import Person, Spot
from pyao.rules.spells import LearnProblem
from pyao.rules.using import (
    Drunk,
    Used,
    UseProblem,
    begin_use,
    blow_horn,
    compass,
    drink,
    drink_potion,
    eat,
    fill_bottle,
    read_scroll,
    turn_key,
)

EXACT = IntervalFigures(tolerance_ms=0)
NOW = 10_000


class Ground:
    """Takes piles, or has no room."""

    def __init__(self, *, room: bool = True) -> None:
        self.room = room
        self.piles: list[Pile] = []

    def lay(self, pile: Pile) -> bool:
        if self.room:
            self.piles.append(pile)
        return self.room


def test_a_thing_is_used_each_eighth_of_a_second() -> None:
    who = carrying(Slot(1, 5))
    assert begin_use(who, 1, ITEMS, NOW, EXACT) is things.APPLE
    assert begin_use(who, 1, ITEMS, NOW + 124, EXACT) is UseProblem.SILENT
    assert begin_use(who, 1, ITEMS, NOW + 125, EXACT) is things.APPLE


def test_a_bow_is_aimed_without_restarting_the_time() -> None:
    who = carrying(Slot(8, 1), Slot(1, 1))
    assert begin_use(who, 1, ITEMS, NOW, EXACT) is things.BOW
    assert begin_use(who, 2, ITEMS, NOW, EXACT) is things.APPLE
    assert begin_use(who, 1, ITEMS, NOW, EXACT) is UseProblem.SILENT


@pytest.mark.parametrize(
    ("slot", "figures", "problem"),
    [
        (Slot(1, 1), {"meditating": 1}, UseProblem.MEDITATING),
        (Slot(10, 1), {"level": 13}, UseProblem.NEWBIE),
        (Slot(1, 1), {"hp": 0}, UseProblem.DEAD),
        (Slot(2, 1), {"stamina": 0}, UseProblem.TIRED),
        (Slot(999, 1), {}, UseProblem.SILENT),
        (None, {}, UseProblem.SILENT),
    ],
)
def test_sometimes_nothing_is_used(
    slot: Slot | None, figures: dict[str, int], problem: UseProblem
) -> None:
    assert begin_use(carrying(slot, **figures), 1, ITEMS, NOW, EXACT) is problem


def test_the_dead_may_board_and_the_tired_may_eat() -> None:
    assert begin_use(carrying(Slot(474, 1), hp=0), 1, ITEMS, NOW, EXACT) is things.BARGE
    assert begin_use(carrying(Slot(1, 1), stamina=0), 1, ITEMS, NOW, EXACT) is things.APPLE


def test_food_stills_hunger() -> None:
    who = carrying(Slot(1, 2), hunger=0)
    assert eat(who, 1, things.APPLE) == Used(1, 82)
    assert (who.hunger, who.inventory[0]) == (20, Slot(1, 1))
    who.hunger = 95
    bread = Item(number=900, kind=ObjectType.USE_ONCE, hunger=50)
    assert eat(who, 1, bread) == Used(1, 7)
    assert (who.hunger, who.inventory[0]) == (100, None)


WATER = Item(number=468, kind=ObjectType.DRINK, thirst=30)
FULL = Item(number=150, kind=ObjectType.FULL_BOTTLE, thirst=40, closed_item=151)
EMPTY = Item(number=151, kind=ObjectType.EMPTY_BOTTLE, open_item=150)


def test_a_drink_slakes_thirst() -> None:
    who = carrying(Slot(468, 2), thirst=0)
    assert drink(who, 1, WATER, never_lay) == Used(1, 46)
    assert (who.thirst, who.inventory[0]) == (30, Slot(468, 1))
    who.thirst = 99
    drink(who, 1, WATER, never_lay)
    assert (who.thirst, who.inventory[0]) == (100, None)


def never_lay(pile: Pile) -> bool:
    msg = f"{pile} on the ground where none belongs"
    raise AssertionError(msg)


def full_bag(first: Slot) -> Person:
    return carrying(first, *[Slot(2, 1)] * (INVENTORY_SLOTS - 1), thirst=0)


def test_an_empty_bottle_remains() -> None:
    who = carrying(Slot(150, 2), thirst=0)
    assert drink(who, 1, FULL, never_lay) == Used(1, 0, 2)
    assert who.inventory[:2] == [Slot(150, 1), Slot(151, 1)]
    assert drink(who, 1, FULL, never_lay) == Used(1, 0, 2)
    assert who.inventory[:2] == [None, Slot(151, 2)]
    assert who.thirst == 80


def test_the_last_bottle_makes_room_for_itself() -> None:
    who = full_bag(Slot(150, 1))
    assert drink(who, 1, FULL, never_lay) == Used(1, 0, 1)
    assert who.inventory[0] == Slot(151, 1)


def test_a_bottle_that_finds_no_room_is_laid_or_nothing_is_drunk() -> None:
    who, ground = full_bag(Slot(150, 2)), Ground()
    assert drink(who, 1, FULL, ground.lay) == Used(1)
    assert (ground.piles, who.inventory[0], who.thirst) == ([Pile(151, 1)], Slot(150, 1), 40)
    who = full_bag(Slot(150, 2))
    assert drink(who, 1, FULL, Ground(room=False).lay) is UseProblem.NO_ROOM
    assert (who.inventory[0], who.thirst) == (Slot(150, 2), 0)


def test_a_bottle_is_filled_at_water() -> None:
    who = carrying(Slot(151, 2))
    assert fill_bottle(who, 1, EMPTY, never_lay, at_water=False) is UseProblem.NO_WATER
    assert fill_bottle(who, 1, EMPTY, never_lay, at_water=True) == Used(1, 0, 2)
    assert who.inventory[:2] == [Slot(151, 1), Slot(150, 1)]
    full, ground = full_bag(Slot(151, 2)), Ground(room=False)
    assert fill_bottle(full, 1, EMPTY, ground.lay, at_water=True) is UseProblem.NO_ROOM


def potion(kind: int, low: int = 0, high: int = 0) -> Item:
    return Item(number=36, kind=11, potion=kind, min_effect=low, max_effect=high, effect_ticks=1000)


def sip(who: Person, item: Item, *rolls: int) -> UseProblem | Drunk:
    who.inventory[0] = Slot(36, 2)
    dice = Dice(*rolls)
    drunk = drink_potion(who, 1, item, NOW, dice, EXACT)
    assert dice.left == 0
    return drunk


@pytest.mark.parametrize("row", vectors("items", "potions"), ids=str)
def test_potions_raise_attributes_for_forty_seconds(row: dict[str, Any]) -> None:
    kind = Potion.AGILITY if row["kind"] == "agility" else Potion.STRENGTH
    who = carrying()
    who.attributes = Attributes(**{row["kind"]: row["base"]})
    with_current(who, **{row["kind"]: row["before"]})
    assert sip(who, potion(kind, 2, 6), row["roll"]) == Drunk(1, kind, row["after"])
    assert getattr(who.current, row["kind"]) == row["after"]
    assert who.effects.attributes_until == NOW + 40_000
    assert who.inventory[0] == Slot(36, 1)


@pytest.mark.parametrize("row", vectors("items", "mana_potions"), ids=str)
def test_blue_potions_give_mana(row: dict[str, Any]) -> None:
    who = carrying(level=row["level"], max_mana=row["max_mana"], mana=0)
    if row["roll"]:
        drunk = sip(who, potion(Potion.MANA, 12, 20), row["roll"])
    else:
        drunk = sip(who, potion(Potion.MANA))
    assert drunk == Drunk(1, Potion.MANA, row["gain"])
    assert who.mana == row["gain"]
    who.mana = row["max_mana"] - 1
    rolls = [row["roll"]] if row["roll"] else []
    top = sip(who, potion(Potion.MANA, 12, 20) if row["roll"] else potion(Potion.MANA), *rolls)
    assert top == Drunk(1, Potion.MANA, 1)


def test_red_potions_heal_up_to_the_top() -> None:
    who = carrying(hp=5, max_hp=50)
    assert sip(who, potion(Potion.HEALTH, 30, 30), 30) == Drunk(1, Potion.HEALTH, 30)
    assert sip(who, potion(Potion.HEALTH, 30, 30), 30) == Drunk(1, Potion.HEALTH, 15)
    assert who.hp == 50


def test_violet_potions_cure_and_are_gone_all_the_same() -> None:
    who = carrying(poisoned=1)
    assert sip(who, potion(Potion.CURE)) == Drunk(1, Potion.CURE)
    assert not who.poisoned
    sip(who, potion(Potion.CURE))
    assert who.inventory[0] == Slot(36, 1)


def test_black_potions_kill_but_not_staff() -> None:
    assert sip(carrying(), potion(Potion.DEATH)) == Drunk(1, Potion.DEATH, deadly=True)
    god = carrying(privileges=Privilege.GOD)
    assert sip(god, potion(Potion.DEATH)) is UseProblem.SILENT
    assert god.inventory[0] == Slot(36, 2)


def test_a_potion_waits_for_the_last_blow() -> None:
    who = carrying(Slot(36, 2))
    assert who.intervals.may_hit(NOW, EXACT)
    late = potion(Potion.CURE)
    assert drink_potion(who, 1, late, NOW + 1_199, never, EXACT) is UseProblem.TOO_SOON
    assert drink_potion(who, 1, late, NOW + 1_200, never, EXACT) == Drunk(1, Potion.CURE)


def test_a_scroll_is_used_up_by_learning() -> None:
    scroll = Item(number=200, kind=24, spell=7)
    who = carrying(Slot(200, 2), max_mana=50)
    assert read_scroll(who, 1, scroll) == 1
    assert (who.spells[0], who.inventory[0]) == (7, Slot(200, 1))
    assert read_scroll(who, 1, scroll) is LearnProblem.KNOWN
    assert who.inventory[0] == Slot(200, 1)


def door(**fields: Any) -> Item:  # noqa: ANN401 - fields of the record
    return Item(
        number=300, kind=6, key_code=4, open_item=301, closed_item=302, locked_item=303, **fields
    )


def test_a_key_locks_and_unlocks_its_door() -> None:
    assert turn_key(things.KEY, door(closed=True, locked=True)) == 302
    assert turn_key(things.KEY, door(closed=True)) == 303
    assert turn_key(things.KEY, door()) is UseProblem.DOOR_OPEN
    other = Item(number=13, kind=9, key_code=5)
    assert turn_key(other, door(closed=True)) is UseProblem.WRONG_KEY
    assert turn_key(things.KEY, None) is UseProblem.NO_DOOR
    assert turn_key(things.KEY, things.APPLE) is UseProblem.NO_DOOR


def test_a_horn_calls_its_faction_outside_towns() -> None:
    army, legion = Item(number=874, royal=True), Item(number=875, chaos=True)
    soldier, legionary = carrying(faction=Faction.ROYAL), carrying(faction=Faction.CHAOS)
    field, town = Spot(), Spot(safe=True)
    assert blow_horn(soldier, army, field) is Faction.ROYAL
    assert blow_horn(legionary, legion, field) is Faction.CHAOS
    assert blow_horn(soldier, legion, field) is UseProblem.WRONG_FACTION
    assert blow_horn(carrying(), army, field) is UseProblem.WRONG_FACTION
    assert blow_horn(soldier, army, town) is UseProblem.SAFE_MAP
    assert blow_horn(carrying(), Item(number=362), town) is Faction.NONE


@pytest.mark.parametrize("row", vectors("items", "compass"), ids=str)
def test_a_horn_is_heard_from_a_direction(row: dict[str, Any]) -> None:
    assert compass(*row["listener"], *row["caller"]) == row["word"]
