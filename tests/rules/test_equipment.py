from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import things
from tests.support.people import carrying, person
from tests.support.things import ITEMS, catalogue
from tests.support.vectors import vectors

from pyao.content.items import Item
from pyao.rules.appearance import Look
from pyao.rules.balance import RACES
from pyao.rules.character import Slot
from pyao.rules.equipment import (
    Change,
    WearProblem,
    check_wear,
    dress,
    leave_faction,
    outgrow,
    place_of,
    take_off,
    take_off_everything,
    toggle,
    true_look,
    visible_look,
    worn,
)
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Faction, Gender, ObjectType, Privilege, Race
from pyao.rules.person import Person


def somebody(kind: str, level: int, race: int, gender: int) -> Person:
    who = person(level=level, race=race, gender=gender)
    if kind in ("criminal", "legionary"):
        who.bandit = 9_000
    if kind == "soldier":
        who.faction = Faction.ROYAL
    if kind == "legionary":
        who.faction = Faction.CHAOS
    if kind == "administrator":
        who.privileges = Privilege.ADMIN
    return who


@pytest.mark.parametrize("row", vectors("items", "armour"), ids=str)
def test_clothes_ask_who_wears_them(row: dict[str, Any]) -> None:
    fields = {"number": 900, "kind": ObjectType.ARMOUR, **row["flags"]}
    clothes = msgspec.convert(fields, Item)
    who = somebody(row["who"], row["level"], row["race"], row["gender"])
    problem = check_wear(who, clothes)
    assert (problem.value if problem else "") == row["told"]


@pytest.mark.parametrize(
    ("kind", "asks"),
    [
        (ObjectType.WEAPON, {"newbie", "class", "faction"}),
        (ObjectType.RING, {"newbie", "class", "faction"}),
        (ObjectType.ARROW, {"newbie", "class", "faction"}),
        (ObjectType.SHIELD, {"newbie", "class", "faction"}),
        (ObjectType.HELMET, {"newbie", "class"}),
        (ObjectType.BACKPACK, {"newbie"}),
        (ObjectType.ARMOUR, {"newbie", "class", "faction", "gender", "race"}),
    ],
)
def test_each_place_asks_what_the_table_says(kind: int, asks: set[str]) -> None:
    who = person(level=13, race=Race.GNOME)
    offences = {
        "newbie": Item(number=1, kind=kind, newbie=True, small_races=True),
        "class": Item(number=1, kind=kind, forbidden_classes=(3,), small_races=True),
        "faction": Item(number=1, kind=kind, royal=True, small_races=True),
        "gender": Item(number=1, kind=kind, women_only=True, small_races=True),
        "race": Item(number=1, kind=kind),
    }
    assert {name for name, item in offences.items() if check_wear(who, item)} == asks


def test_what_is_no_equipment_is_not_worn() -> None:
    assert check_wear(person(), things.APPLE) is WearProblem.NOT_WEARABLE
    assert check_wear(person(), things.BARGE) is WearProblem.NOT_WEARABLE
    assert place_of(things.BARGE) is place_of(things.APPLE) is None
    assert place_of(things.ARROWS) == "ammunition"


def test_putting_on_shows_and_taking_off_shows_again() -> None:
    who = carrying(Slot(3, 1))
    assert toggle(who, 1, ITEMS) == Change((1,), "armour", on=True)
    assert (who.gear.armour, who.naked) == (things.TUNIC, False)
    assert true_look(who).body == 77
    assert toggle(who, 1, ITEMS) == Change((1,), "armour", on=False)
    assert (who.gear.armour, who.naked) == (None, True)
    assert true_look(who).body == 21


def test_another_piece_takes_the_place_of_the_first() -> None:
    who = carrying(Slot(2, 1), Slot(9, 1))
    toggle(who, 1, ITEMS)
    assert toggle(who, 2, ITEMS) == Change((1, 2), "weapon", on=True)
    assert [slot.equipped for slot in who.inventory[:2] if slot] == [False, True]
    assert who.gear.weapon is things.DAGGER


@pytest.mark.parametrize(
    ("number", "visible"), [(2, True), (3, True), (4, True), (5, True), (6, False), (7, False)]
)
def test_rings_and_arrows_show_nothing(number: int, visible: bool) -> None:
    change = toggle(carrying(Slot(number, 1)), 1, ITEMS)
    assert isinstance(change, Change)
    assert change.visible is visible


def test_a_refused_piece_changes_nothing() -> None:
    who = carrying(Slot(2, 1, equipped=True), Slot(10, 1), level=13)
    dress(who, ITEMS)
    assert toggle(who, 2, ITEMS) is WearProblem.NEWBIE
    assert who.gear.weapon is things.SWORD


@pytest.mark.parametrize("number", [0, 2, 26, -1])
def test_an_empty_slot_is_ignored(number: int) -> None:
    assert toggle(carrying(Slot(2, 1)), number, ITEMS) is WearProblem.SILENT


def test_the_dead_and_the_unknown_are_ignored() -> None:
    assert toggle(carrying(Slot(2, 1), hp=0), 1, ITEMS) is WearProblem.SILENT
    assert toggle(carrying(Slot(999, 1)), 1, ITEMS) is WearProblem.SILENT


def test_what_one_may_no_longer_wear_can_still_be_taken_off() -> None:
    who = carrying(Slot(10, 1, equipped=True))
    dress(who, ITEMS)
    who.level = 13
    assert toggle(who, 1, ITEMS) == Change((1,), "weapon", on=False)


def test_a_boat_under_way_is_not_taken_off_like_a_hat() -> None:
    who = carrying(Slot(474, 1, equipped=True), sailing=1)
    dress(who, ITEMS)
    assert toggle(who, 1, ITEMS) is WearProblem.NOT_WEARABLE
    assert who.gear.boat is things.BARGE


def test_dressing_puts_wrong_flags_right() -> None:
    who = carrying(
        Slot(2, 1, equipped=True),
        Slot(9, 1, equipped=True),
        Slot(1, 5, equipped=True),
        Slot(999, 1, equipped=True),
        Slot(474, 1, equipped=True),
        Slot(7, 50, equipped=True),
        Slot(3, 1),
    )
    assert dress(who, ITEMS) == [2, 3, 4, 5]
    assert (who.gear.weapon, who.gear.ammunition) == (things.SWORD, things.ARROWS)
    assert (who.gear.boat, who.gear.armour) == (None, None)
    assert dress(who, ITEMS) == []


def test_everything_comes_off_but_the_boat() -> None:
    numbers = (2, 3, 4, 5, 6, 7, 18, 474)
    who = carrying(*(Slot(number, 1, equipped=True) for number in numbers), sailing=1)
    dress(who, ITEMS)
    assert sorted(take_off_everything(who)) == [1, 2, 3, 4, 5, 6, 7]
    assert who.gear.boat is things.BARGE
    assert take_off_everything(who) == []


def test_taking_off_what_the_bag_does_not_show_is_harmless() -> None:
    who = person()
    who.gear.ring = things.RING
    who.inventory[0] = Slot(6, 1)
    assert take_off(who, "ring") == 0
    assert who.gear.ring is None


def test_arms_show_and_small_hands_hold_them_otherwise() -> None:
    who = carrying(*(Slot(number, 1, equipped=True) for number in (8, 4, 5)))
    dress(who, ITEMS)
    assert worn(who).weapon == 10
    assert true_look(who) == Look(21, 1, 10, 8, 9)
    who.build = RACES[Race.GNOME]
    assert worn(who).weapon == 11
    who.gear.weapon = things.SWORD
    assert worn(who).weapon == 7


def test_a_sailor_shows_the_boat_and_its_side() -> None:
    who = carrying(Slot(474, 1, equipped=True), sailing=1)
    dress(who, ITEMS)
    assert true_look(who) == Look(395, 0)
    who.attackable_by = 3
    assert true_look(who) == Look(552, 0)
    who.bandit, who.attackable_by = 9_000, 0
    assert true_look(who) == Look(396, 0)
    who.faction = Faction.CHAOS
    assert true_look(who) == Look(551, 0)
    who.gear.boat = None
    assert true_look(who) == Look(551, 0)


def test_the_dead_look_dead() -> None:
    assert true_look(person(hp=0)) == Look(8, 500)
    assert true_look(person(hp=0, sailing=1)) == Look(87, 0)


def test_a_mimic_shows_its_disguise() -> None:
    who = person(gender=Gender.FEMALE)
    assert visible_look(who) == true_look(who) == Look(39, 1)
    who.disguise = Look(5, 6, 7, 8, 9)
    assert visible_look(who) == Look(5, 6, 7, 8, 9)


def test_who_leaves_a_faction_takes_its_things_off() -> None:
    armour = Item(number=60, kind=ObjectType.ARMOUR, royal=True)
    shield = Item(number=61, kind=ObjectType.SHIELD, chaos=True)
    who = carrying(*(Slot(number, 1, equipped=True) for number in (60, 61, 5)))
    dress(who, catalogue(armour, shield))
    who.faction = Faction.ROYAL
    assert leave_faction(who) == [2]
    who.faction = Faction.NONE
    assert leave_faction(who) == [1]
    assert who.gear.helmet is things.HELMET


@given(st.lists(st.tuples(st.sampled_from(things.ALL), st.booleans()), max_size=25))
def test_however_one_fumbles_at_most_one_thing_is_in_each_place(
    steps: list[tuple[Item, bool]],
) -> None:
    who = carrying(*(Slot(item.number, 1) for item, _ in steps))
    for number, (_, twice) in enumerate(steps, 1):
        toggle(who, number, ITEMS)
        if twice:
            toggle(who, number, ITEMS)
    equipped = [ITEMS[slot.item] for slot in who.inventory if slot and slot.equipped]
    places = [place_of(item) for item in equipped]
    assert len(places) == len(set(places))
    gear = who.gear
    assert dress(who, ITEMS) == []
    assert gear == who.gear


def test_what_newcomers_wear_is_outgrown() -> None:
    who = carrying(Slot(10, 2, equipped=True), Slot(2, 1), None, Slot(10, 5))
    dress(who, ITEMS)
    assert outgrow(who, ITEMS) == [(1, Pile(10, 2)), (4, Pile(10, 5))]
    assert [slot for slot in who.inventory if slot is not None] == [Slot(2, 1)]
    assert who.gear.weapon is None
