from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support import magic
from tests.support.creatures import creature
from tests.support.people import person, with_figures
from tests.support.vectors import Dice, never, vectors

from pyao.content.items import Item
from pyao.content.spells import Spell
from pyao.rules.character import SPELL_SLOTS
from pyao.rules.kinds import CharClass, Skill
from pyao.rules.person import Gear, Person
from pyao.rules.spells import (
    CastProblem,
    LearnProblem,
    bears_ring,
    bears_staff,
    check_cast,
    choose_target,
    has_effect,
    learn_spell,
    mana_factor,
    move_spell,
    pay,
    resist,
    spell_at,
    spell_base,
    with_instruments,
)

FLUTE = Item(number=1050, kind=18, staff_power=2)
LUTE = Item(number=1049, kind=18, staff_power=2)


def staff(bonus: int = 22, power: int = 2) -> Item:
    return Item(number=658, kind=2, staff_power=power, staff_bonus=bonus)


def caster(char_class: int = CharClass.MAGE, gear: Gear | None = None, **figures: int) -> Person:
    who = person(char_class=char_class, skills={Skill.MAGIC: 100}, gear=gear)
    who.mana = who.max_mana = 2_000
    who.stamina = who.max_stamina = 500
    return with_figures(who, figures)


@pytest.mark.parametrize("row", vectors("magic", "damage"), ids=str)
def test_the_damage_of_a_spell(row: dict[str, Any]) -> None:
    base = spell_base(row["roll"], row["level"])
    assert base == row["base"]
    mage = caster()
    assert with_instruments(mage, base, staff_affected=True) == row["bare"]
    for bonus in (22, 34, 38):
        mage.gear.weapon = staff(bonus)
        assert with_instruments(mage, base, staff_affected=True) == row[f"staff{bonus}"]
        assert with_instruments(mage, base, staff_affected=False) == base
    for char_class, ring in ((CharClass.BARD, LUTE), (CharClass.DRUID, FLUTE)):
        who = caster(char_class, Gear(ring=ring))
        assert with_instruments(who, base, staff_affected=True) == row["lute"]


def test_a_weapon_that_is_no_staff_helps_a_mage_as_little_as_none() -> None:
    sword = Item(number=2, kind=2)
    assert with_instruments(caster(gear=Gear(weapon=sword)), 100, staff_affected=True) == 70


@pytest.mark.parametrize("row", vectors("magic", "healing"), ids=str)
def test_the_healing_of_a_spell(row: dict[str, Any]) -> None:
    assert spell_base(row["roll"], row["level"]) == row["hp"]


def test_a_worked_discharge() -> None:
    mage = caster(gear=Gear(weapon=staff(34)), level=40)
    damage = with_instruments(mage, spell_base(85, 40), staff_affected=True)
    hat = Item(number=662, kind=17, min_magic_defense=10, max_magic_defense=15)
    ring = Item(number=698, kind=18, min_magic_defense=8, max_magic_defense=12)
    dice = Dice(12, 10)
    assert damage == 194
    assert resist(Gear(helmet=hat, ring=ring), damage, dice) == 172
    assert dice.asked == [(10, 15), (8, 12)]


def test_resistance_never_heals_and_plain_hats_resist_nothing() -> None:
    ring = Item(number=700, kind=18, min_magic_defense=200, max_magic_defense=210)
    assert resist(Gear(ring=ring), 100, Dice(200)) == 0
    assert resist(Gear(helmet=Item(number=1, kind=17)), 100, never) == 100


@pytest.mark.parametrize("row", vectors("magic", "mana"), ids=str)
def test_a_druid_with_the_elven_flute_pays_less(row: dict[str, Any]) -> None:
    effect = [2, 1, 1] if row["effect"] == "hp" else True
    fields = {"number": row["number"], "mana": 1000, row["effect"]: effect}
    spell = msgspec.convert(fields, Spell)
    druid = caster(CharClass.DRUID, Gear(ring=FLUTE))
    assert mana_factor(druid, spell) == row["factor"]
    pay(druid, spell)
    assert druid.mana == 2_000 - round(1000 * row["factor"])
    for other in (caster(CharClass.BARD, Gear(ring=FLUTE)), caster(CharClass.DRUID)):
        assert mana_factor(other, spell) == 1
    wrong = caster(CharClass.DRUID, Gear(ring=Item(number=208, kind=18)))
    assert mana_factor(wrong, spell) == 1


def test_a_spell_costs_mana_and_stamina_and_a_pet_costs_all_mana() -> None:
    who = caster(mana=700, stamina=100)
    pay(who, magic.DISCHARGE)
    assert (who.mana, who.stamina) == (240, 33)
    pay(who, magic.DISCHARGE)
    assert (who.mana, who.stamina) == (0, 0)
    druid = caster(CharClass.DRUID)
    pay(druid, magic.PET)
    assert (druid.mana, druid.stamina) == (0, 369)


@pytest.mark.parametrize(
    ("figures", "spell", "problem"),
    [
        ({"hp": 0}, magic.DART, CastProblem.DEAD),
        ({"consulting": 1}, magic.DART, CastProblem.CONSULTING),
        ({}, magic.RESURRECT, CastProblem.STAFF),
        ({"stamina": 0}, magic.DART, CastProblem.TIRED),
        ({"stamina": 1}, magic.DART, None),
        ({"mana": 9}, magic.DART, CastProblem.MANA),
        ({"mana": 10}, magic.DART, None),
    ],
)
def test_a_spell_asks(figures: dict[str, int], spell: Spell, problem: CastProblem | None) -> None:
    assert check_cast(with_figures(caster(), figures), spell) is problem


def test_a_spell_asks_for_skill() -> None:
    who = caster()
    who.skills[Skill.MAGIC - 1] = 84
    assert check_cast(who, magic.DISCHARGE) is CastProblem.SKILL
    who.skills[Skill.MAGIC - 1] = 85
    assert check_cast(who, magic.DISCHARGE) is None


def test_only_mages_need_a_staff() -> None:
    assert check_cast(caster(CharClass.CLERIC), magic.RESURRECT) is None
    mage = caster(gear=Gear(weapon=staff(power=1)))
    assert check_cast(mage, magic.RESURRECT) is CastProblem.STAFF
    assert check_cast(caster(gear=Gear(weapon=staff(power=2))), magic.RESURRECT) is None
    assert check_cast(caster(gear=Gear(ring=FLUTE)), magic.RESURRECT) is CastProblem.STAFF
    lesser = Spell(number=17, target=4, staff_power=1)
    assert check_cast(caster(), lesser) is CastProblem.STAFF


def test_a_druid_calls_its_pet_with_all_its_mana() -> None:
    druid = caster(CharClass.DRUID)
    assert check_cast(druid, magic.PET, pets=1) is None
    assert check_cast(druid, magic.PET) is CastProblem.NO_PET
    druid.mana -= 1
    assert check_cast(druid, magic.PET, pets=1) is CastProblem.PET_MANA
    assert check_cast(caster(CharClass.CLERIC, mana=5), magic.PET) is None


def test_the_flute_lowers_what_one_must_have() -> None:
    druid = caster(CharClass.DRUID, Gear(ring=FLUTE), mana=84)
    assert check_cast(druid, magic.CALL) is None
    druid.mana = 83
    assert check_cast(druid, magic.CALL) is CastProblem.MANA


def test_a_spell_finds_its_target() -> None:
    who, user, beast = caster(y=50), caster(y=56), creature(y=44)
    assert choose_target(who, magic.ANTIDOTE, user, beast) is user
    assert choose_target(who, magic.DART, user, beast) is user
    assert choose_target(who, magic.DART, None, beast) is beast
    only_creatures = Spell(number=9, target=2)
    assert choose_target(who, only_creatures, user, beast) is beast
    assert choose_target(who, magic.CALL, user, beast) is None


@pytest.mark.parametrize(
    ("spell", "problem"),
    [
        (magic.ANTIDOTE, CastProblem.ONLY_USERS),
        (Spell(number=9, target=2), CastProblem.ONLY_CREATURES),
        (magic.DART, CastProblem.NO_TARGET),
        (Spell(number=9, target=0), CastProblem.NO_TARGET),
    ],
)
def test_a_spell_may_find_no_target(spell: Spell, problem: CastProblem) -> None:
    assert choose_target(caster(), spell, None, None) is problem


@pytest.mark.parametrize(("y", "reached"), [(44, True), (56, True), (43, False), (57, False)])
def test_a_target_is_six_rows_away_at_most(y: int, reached: bool) -> None:
    who = caster(y=50)
    for target in (caster(y=y), creature(y=y)):
        user = target if isinstance(target, Person) else None
        beast = None if isinstance(target, Person) else target
        got = choose_target(who, magic.DART, user, beast)
        assert got is (target if reached else CastProblem.TOO_FAR)


def test_spells_lie_in_slots_counted_from_one() -> None:
    who = caster()
    who.spells[:2] = [7, 9]
    assert [spell_at(who, slot) for slot in (0, 1, 2, 3, 35, 36, -1, 255)] == [
        *(0, 7, 9, 0, 0, 0, 0, 0)
    ]


def test_spells_swap_places_and_stay_within_the_book() -> None:
    who = caster()
    who.spells[:3] = [7, 8, 9]
    assert move_spell(who, 2, up=True) == 1
    assert who.spells[:3] == [8, 7, 9]
    assert move_spell(who, 2, up=False) == 3
    assert who.spells[:3] == [8, 9, 7]
    assert move_spell(who, 1, up=False) == 2
    assert move_spell(who, 1, up=False) == 2
    assert move_spell(who, SPELL_SLOTS, up=True) == SPELL_SLOTS - 1
    for slot, up in ((1, True), (SPELL_SLOTS, False), (0, False), (36, True), (-1, False)):
        assert move_spell(who, slot, up=up) == 0
    assert who.spells[:3] == [8, 9, 7]


def test_a_scroll_is_learned_into_the_first_free_slot() -> None:
    who = caster()
    who.spells[0] = 7
    assert learn_spell(who, 9) == 2
    assert who.spells[:3] == [7, 9, 0]


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({"hp": 0}, LearnProblem.DEAD),
        ({"max_mana": 0}, LearnProblem.NO_MANA),
        ({"hunger": 0}, LearnProblem.IN_NEED),
        ({"thirst": 0}, LearnProblem.IN_NEED),
    ],
)
def test_some_cannot_learn(figures: dict[str, int], problem: LearnProblem) -> None:
    assert learn_spell(with_figures(caster(), figures), 9) is problem


def test_what_is_known_is_not_learned_and_a_full_book_takes_nothing() -> None:
    who = caster()
    who.spells = list(range(1, SPELL_SLOTS + 1))
    assert learn_spell(who, 5) is LearnProblem.KNOWN
    assert learn_spell(who, 99) is LearnProblem.FULL


def test_a_spell_has_the_effects_its_data_names() -> None:
    assert has_effect(magic.DART, "hp")
    assert not has_effect(magic.DART, "paralyses")
    assert not has_effect(magic.DART, "hunger")
    assert has_effect(magic.PARALYSE, "paralyses")
    assert not has_effect(magic.DART, "no such effect")


def test_staff_and_ring_are_looked_at() -> None:
    assert bears_staff(caster(gear=Gear(weapon=staff())), 2)
    assert not bears_staff(caster(), 0)
    assert bears_ring(caster(gear=Gear(ring=LUTE)), (696, 1049))
    assert not bears_ring(caster(), (696, 1049))
