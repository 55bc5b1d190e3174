from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import things
from tests.support.creatures import DRAGON, WOLF, creature
from tests.support.people import person, with_current
from tests.support.vectors import Dice, never, vectors

from pyao.content.items import Item
from pyao.rules import combat
from pyao.rules.balance import CLASSES
from pyao.rules.character import Attributes
from pyao.rules.combat import Style
from pyao.rules.kinds import CharClass, Skill
from pyao.rules.person import Gear


@pytest.mark.parametrize("row", vectors("combat", "attack_power"), ids=str)
def test_attack_power(row: dict[str, Any]) -> None:
    figures = CLASSES[row["class"]]
    for style in Style:
        modifier = combat.attack_modifier(figures, style)
        power = combat.attack_power(row["skill"], row["agility"], modifier, row["level"])
        assert power == row[style.value], style


@pytest.mark.parametrize("row", vectors("combat", "attack_power"), ids=str)
def test_the_power_of_a_user_follows_what_is_in_hand(row: dict[str, Any]) -> None:
    arms = {Style.MELEE: things.SWORD, Style.RANGED: things.BOW, Style.UNARMED: None}
    for style, weapon in arms.items():
        who = person(
            char_class=row["class"],
            level=row["level"],
            skills={combat.SKILL_OF[style]: row["skill"]},
            gear=Gear(weapon=weapon),
        )
        with_current(who, agility=row["agility"])
        assert combat.user_attack(who, CLASSES) == row[style.value]
        assert combat.style_of(weapon) is style


@pytest.mark.parametrize("row", vectors("combat", "evasion"), ids=str)
def test_evasion(row: dict[str, Any]) -> None:
    modifier = CLASSES[row["class"]].evasion
    power = combat.evasion_power(row["tactics"], row["agility"], modifier, row["level"])
    assert power == row["evasion"]
    who = person(
        char_class=row["class"],
        level=row["level"],
        skills={Skill.COMBAT_TACTICS: row["tactics"], Skill.SHIELD_DEFENSE: 100},
        attributes=Attributes(agility=row["agility"]),
    )
    assert combat.user_evasion(who, CLASSES) == row["evasion"]


@pytest.mark.parametrize("row", vectors("combat", "shields"), ids=str)
def test_a_shield_adds_to_evasion(row: dict[str, Any]) -> None:
    assert combat.shield_power(row["defence"], CLASSES[row["class"]].shield) == row["power"]
    who = person(
        char_class=row["class"],
        skills={Skill.SHIELD_DEFENSE: row["defence"]},
        gear=Gear(shield=things.SHIELD),
    )
    assert combat.user_evasion(who, CLASSES) == row["power"]


@pytest.mark.parametrize("row", vectors("combat", "chances"), ids=str)
def test_the_chance_to_hit(row: dict[str, Any]) -> None:
    assert combat.hit_chance(row["attack"], row["evasion"]) == row["chance"]
    in_trance = combat.hit_chance(row["attack"], row["evasion"], meditating=True)
    assert in_trance == row["meditating"]


@pytest.mark.parametrize("row", vectors("combat", "creature_chances"), ids=str)
def test_creatures_hit_by_the_same_chance(row: dict[str, Any]) -> None:
    assert combat.hit_chance(row["attack"], row["evasion"]) == row["chance"]


@pytest.mark.parametrize("row", vectors("combat", "blocks"), ids=str)
def test_the_chance_of_a_block(row: dict[str, Any]) -> None:
    assert combat.block_chance(row["defence"], row["tactics"]) == row["chance"]


@pytest.mark.parametrize("row", vectors("combat", "damage"), ids=lambda row: row["case"])
def test_base_damage(row: dict[str, Any]) -> None:
    damage = combat.base_damage(
        row["weapon"], row["top"], row["strength"], row["own"], row["modifier"]
    )
    assert damage == row["damage"]


def test_the_modifiers_of_the_damage_examples_are_those_of_the_classes() -> None:
    assert combat.damage_modifier(CLASSES[CharClass.WARRIOR], Style.MELEE) == 1.1
    assert combat.damage_modifier(CLASSES[CharClass.BANDIT], Style.UNARMED) == 1.05
    assert combat.damage_modifier(CLASSES[CharClass.HUNTER], Style.RANGED) == 1.1


def test_a_warrior_swings_a_sword() -> None:
    who = person(gear=Gear(weapon=things.SWORD), min_hit=55, max_hit=60)
    with_current(who, strength=20)
    dice = Dice(17, 60)
    assert combat.roll_damage(who, dice, CLASSES) == 141
    assert dice.asked == [(6, 17), (55, 60)]


def test_arrows_add_to_the_bow_but_not_to_its_top() -> None:
    gear = Gear(weapon=things.BOW, ammunition=things.ARROWS)
    who = person(char_class=CharClass.HUNTER, gear=gear, min_hit=2, max_hit=2)
    assert combat.roll_damage(who, Dice(2, 1, 2), CLASSES) == 13
    who.gear.ammunition = None
    assert combat.roll_damage(who, Dice(2, 2), CLASSES) == round((6 + 2 / 5 * 3 + 2) * 1.1)


def test_a_thrown_weapon_takes_no_arrows() -> None:
    knife = Item(number=70, kind=2, ranged=True, min_hit=1, max_hit=2)
    who = person(gear=Gear(weapon=knife, ammunition=things.ARROWS), min_hit=1, max_hit=1)
    dice = Dice(2, 1)
    combat.roll_damage(who, dice, CLASSES)
    assert dice.asked == [(1, 2), (1, 1)]


def test_bare_hands_strike_four_to_nine_and_gloves_add_to_both() -> None:
    who = person(char_class=CharClass.BANDIT, min_hit=2, max_hit=2)
    dice = Dice(9, 2)
    assert combat.roll_damage(who, dice, CLASSES) == 36
    assert dice.asked == [(4, 9), (2, 2)]
    who.gear.ring = Item(number=873, kind=18, gloves=True, min_hit=2, max_hit=5)
    dice = Dice(14, 2)
    assert combat.roll_damage(who, dice, CLASSES) == round((42 + 14 / 5 * 3 + 2) * 1.05)
    assert dice.asked == [(6, 14), (2, 2)]
    who.gear.ring = things.RING
    dice = Dice(4, 2)
    combat.roll_damage(who, dice, CLASSES)
    assert dice.asked[0] == (4, 9)


def test_a_boat_strikes_too() -> None:
    who = person(gear=Gear(weapon=things.SWORD, boat=things.BARGE), min_hit=55, max_hit=60)
    with_current(who, strength=20)
    dice = Dice(17, 60, 3)
    assert combat.roll_damage(who, dice, CLASSES) == 144
    assert dice.asked[2] == (2, 4)


def test_the_dragon_slayer_slays_dragons_and_nothing_else() -> None:
    slayer = Item(number=402, kind=2, min_hit=100, max_hit=200)
    who = person(gear=Gear(weapon=slayer), min_hit=1, max_hit=1)
    assert combat.roll_damage(who, never, CLASSES, creature(DRAGON, hp=4_000)) == 4_150
    for target in (None, creature(WOLF)):
        assert combat.roll_damage(who, Dice(1), CLASSES, target) == round((3 + 0.6 + 1) * 1.1)
    sword = person(gear=Gear(weapon=things.SWORD))
    assert combat.roll_damage(sword, Dice(6, 1), CLASSES, creature(DRAGON)) < 100


def test_figures_in_the_wrong_order_are_put_right() -> None:
    odd = Item(number=71, kind=2, min_hit=9, max_hit=3, min_defense=8, max_defense=2)
    who = person(gear=Gear(weapon=odd, armour=odd), min_hit=5, max_hit=4)
    dice = Dice(3, 4)
    combat.roll_damage(who, dice, CLASSES)
    assert dice.asked == [(3, 9), (4, 5)]
    assert combat.roll_armour(who.gear, 6, Dice(8)) == 8


def test_the_helmet_guards_the_head() -> None:
    gear = Gear(helmet=things.HELMET, armour=things.TUNIC, shield=things.SHIELD)
    dice = Dice(12)
    assert combat.roll_armour(gear, 1, dice) == 12
    assert dice.asked == [(10, 15)]
    assert combat.roll_armour(Gear(armour=things.TUNIC), 1, never) == 0


@pytest.mark.parametrize("part", [2, 3, 4, 5, 6])
def test_armour_and_shield_guard_the_rest_by_one_roll(part: int) -> None:
    dice = Dice(7)
    gear = Gear(helmet=things.HELMET, armour=things.TUNIC, shield=things.SHIELD)
    assert combat.roll_armour(gear, part, dice) == 7
    assert dice.asked == [(6, 12)]
    dice = Dice(5)
    assert combat.roll_armour(Gear(armour=things.TUNIC), part, dice) == 5
    assert dice.asked == [(5, 9)]
    assert combat.roll_armour(Gear(helmet=things.HELMET), part, never) == 0


def test_a_boat_guards_every_part() -> None:
    gear = Gear(helmet=things.HELMET, boat=things.BARGE)
    assert combat.roll_armour(gear, 1, Dice(12, 2)) == 14
    assert combat.roll_armour(gear, 2, Dice(1)) == 1


@pytest.mark.parametrize("row", vectors("combat", "stabs"), ids=str)
def test_the_chance_of_a_stab(row: dict[str, Any]) -> None:
    curves = {
        "assassin": [CharClass.ASSASSIN],
        "cleric": [CharClass.CLERIC, CharClass.PALADIN, CharClass.PIRATE],
        "bard": [CharClass.BARD],
        "other": [
            *(CharClass.MAGE, CharClass.WARRIOR, CharClass.THIEF, CharClass.DRUID),
            *(CharClass.BANDIT, CharClass.HUNTER, CharClass.WORKER),
        ],
    }
    for name, classes in curves.items():
        for char_class in classes:
            assert combat.stab_chance(char_class, row["skill"]) == row[name], char_class
    assert combat.critical_chance(row["skill"]) == row["critical"]


CURVES = {
    CharClass.ASSASSIN: ("0.00003", "-0.002", "0.098", "4.25"),
    CharClass.CLERIC: ("0.000003", "0.0006", "0.0107", "4.93"),
    CharClass.PALADIN: ("0.000003", "0.0006", "0.0107", "4.93"),
    CharClass.PIRATE: ("0.000003", "0.0006", "0.0107", "4.93"),
    CharClass.BARD: ("0.000002", "0.0002", "0.032", "4.81"),
}
OTHER_CURVE = ("0", "0", "0.0361", "4.39")
CRITICAL_CURVE = ("0.000003", "0.0006", "0.0107", "8.93")


def millionths(curve: tuple[str, ...]) -> list[int]:
    return [int(Fraction(factor) * 1_000_000) for factor in curve]


@pytest.mark.parametrize("char_class", [*CharClass])
def test_the_chance_of_a_stab_is_the_documented_cubic(char_class: CharClass) -> None:
    curve = CURVES.get(char_class, OTHER_CURVE)
    assert [*combat._STAB_CURVES.get(char_class, combat._OTHER)] == millionths(curve)
    a, b, c, d = (Fraction(factor) for factor in curve)
    for s in range(101):
        assert combat.stab_chance(char_class, s) == int(((a * s + b) * s + c) * s + d)


def test_the_chance_of_a_critical_hit_is_the_documented_cubic() -> None:
    assert [*combat._CRITICAL] == millionths(CRITICAL_CURVE)


@pytest.mark.parametrize(
    ("char_class", "skill", "weapon", "may"),
    [
        (CharClass.WARRIOR, 9, things.DAGGER, False),
        (CharClass.WARRIOR, 10, things.DAGGER, True),
        (CharClass.ASSASSIN, 0, things.DAGGER, True),
        (CharClass.ASSASSIN, 100, things.SWORD, False),
        (CharClass.ASSASSIN, 100, None, False),
    ],
)
def test_who_may_stab(char_class: int, skill: int, weapon: Item | None, may: bool) -> None:
    who = person(char_class=char_class, skills={Skill.STAB: skill}, gear=Gear(weapon=weapon))
    assert combat.may_stab(who) is may


@pytest.mark.parametrize("row", vectors("combat", "stab_damage"), ids=str)
def test_what_a_stab_adds(row: dict[str, Any]) -> None:
    assert combat.stab_on_user(row["dealt"], assassin=row["assassin"]) == row["extra"]


@pytest.mark.parametrize("row", vectors("combat", "slashes"), ids=str)
def test_what_a_slash_adds(row: dict[str, Any]) -> None:
    assert combat.slash_damage(row["dealt"]) == row["extra"]


def test_what_a_critical_hit_adds() -> None:
    assert [combat.critical_damage(dealt) for dealt in (1, 37, 40)] == [0, 27, 30]


@pytest.mark.parametrize("row", vectors("combat", "disarm"), ids=str)
def test_the_chance_to_disarm(row: dict[str, Any]) -> None:
    assert combat.disarm_chance(row["wrestling"], row["level"]) == row["chance"]


@pytest.mark.parametrize("row", vectors("combat", "trance"), ids=str)
def test_a_trance_bears_so_much_damage(row: dict[str, Any]) -> None:
    who = person(hp=row["hp"], skills={Skill.MEDITATE: row["meditation"]})
    with_current(who, intelligence=row["intelligence"])
    dice = Dice(row["roll"])
    assert combat.meditation_holds(who, row["borne"], dice)
    assert dice.asked == [(0, 5)]
    assert not combat.meditation_holds(who, row["borne"] + 1, Dice(row["roll"]))


@given(st.integers(-500, 500), st.integers(0, 500), st.booleans())
def test_a_chance_is_never_sure(attack: int, evasion: int, meditating: bool) -> None:
    assert 10 <= combat.hit_chance(attack, evasion, meditating=meditating) <= 90
