from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.support import magic, things
from tests.support.people import person, with_current, with_figures
from tests.support.vectors import Dice, never, vectors

from pyao.content.items import Item
from pyao.content.spells import Spell
from pyao.rules.appearance import Look
from pyao.rules.casting import Casting, Fizzle, Outcome
from pyao.rules.character import Attributes
from pyao.rules.fight import Lesson
from pyao.rules.kinds import CharClass, Gender, Skill, Trigger
from pyao.rules.numbers import Roll
from pyao.rules.options import Options
from pyao.rules.permissions import Refused
from pyao.rules.person import Gear, Person, Spot
from pyao.rules.reputation import Standing
from pyao.rules.spells_on_users import USER_EFFECTS, cast_on_user

FIELD = Spot()
ARENA = Spot(trigger=Trigger.ARENA)
NOW = 1_000


def somebody(user_id: int = 1, **figures: int) -> Person:
    who = person(char_class=CharClass.CLERIC, user_id=user_id, safe=0)
    who.hp = who.max_hp = 300
    who.mana = who.max_mana = 2_000
    who.stamina = who.max_stamina = 500
    return with_figures(who, figures)


def other(**figures: int) -> Person:
    return somebody(2, **figures)


def cast(
    spell: Spell,
    who: Person,
    target: Person,
    roll: Roll = never,
    here: Spot = FIELD,
    there: Spot | None = None,
    *,
    leaving: bool = False,
) -> Outcome:
    return cast_on_user(
        Casting(
            caster=who,
            spell=spell,
            target=target,
            here=here,
            there=there or here,
            now=NOW,
            roll=roll,
            options=Options(),
            leaving=leaving,
        )
    )


def test_every_effect_bears_the_name_of_a_field_of_the_data() -> None:
    assert set(USER_EFFECTS) <= set(Spell.__struct_fields__)


def test_a_harmful_spell_hurts_pays_teaches_and_is_an_attack() -> None:
    who, target = somebody(level=40), other(meditating=1)
    dice = Dice(85)
    out = cast(magic.DISCHARGE, who, target, dice)
    assert out == Outcome(
        done=True,
        attacked=True,
        standing=Standing(changed=True),
        damage=187,
        meditation_broken=True,
        changed=("hp",),
        learns=(Lesson(Skill.MAGIC, success=True),),
    )
    assert dice.asked == [(55, 85)]
    assert (target.hp, who.mana, who.stamina) == (113, 1_540, 433)
    assert who.criminal


def test_damage_is_resisted_and_may_kill() -> None:
    ring = Item(number=698, kind=18, min_magic_defense=8, max_magic_defense=12)
    target = other(hp=175)
    target.gear = Gear(ring=ring)
    out = cast(magic.DISCHARGE, somebody(level=40), target, Dice(85, 12))
    assert (out.damage, out.killed, target.hp) == (175, True, 0)
    target = other(hp=176)
    target.gear = Gear(ring=ring)
    out = cast(magic.DISCHARGE, somebody(level=40), target, Dice(85, 12))
    assert (out.killed, target.hp) == (False, 1)


def test_a_mage_without_a_staff_is_weak() -> None:
    who = somebody(level=40)
    who.char_class = CharClass.MAGE
    assert cast(magic.DISCHARGE, who, other(), Dice(85)).damage == 131


def test_nobody_harms_itself() -> None:
    me = somebody()
    for spell in (magic.DART, magic.TOXIN, magic.PARALYSE, magic.STARVE, magic.CLUMSINESS):
        out = cast(spell, me, me)
        assert (out.done, out.problem) == (False, Fizzle.SELF)
    assert (me.mana, me.stamina) == (2_000, 500)


def test_a_refused_spell_costs_nothing_and_is_no_attack() -> None:
    who, target = somebody(safe=1), other()
    for spell in (magic.DART, magic.TOXIN, magic.PARALYSE, magic.STUN, magic.STARVE):
        out = cast(spell, who, target)
        assert out == Outcome(problem=Refused.SAFE_LOCK)
    assert (who.mana, who.criminal, target.hp) == (2_000, False, 300)


def test_in_the_arena_spells_are_no_crime() -> None:
    who = somebody(safe=1)
    out = cast(magic.DART, who, other(), Dice(3), ARENA)
    assert (out.done, out.standing, who.criminal) == (True, Standing(), False)


def test_healing_fills_up_to_the_top() -> None:
    who, target = somebody(level=40), other(hp=100)
    out = cast(magic.CURE, who, target, Dice(35))
    assert (out.healing, target.hp, out.done, out.attacked) == (77, 177, True, False)
    target.hp = 299
    assert cast(magic.CURE, who, target, Dice(35)).healing == 1
    assert cast(magic.CURE, who, other(hp=0)).problem is Fizzle.DEAD


def test_helping_a_criminal_costs_and_is_refused_with_the_lock() -> None:
    villain = other(bandit=9_000, hp=100)
    assert cast(magic.CURE, somebody(safe=1), villain).problem is Refused.SAFE_LOCK
    who = somebody()
    out = cast(magic.CURE, who, villain, Dice(12))
    assert out.standing == Standing(changed=True, nobility_lost=True)
    assert who.bandit == 10_000
    free = somebody()
    villain.paralysed = True
    out = cast(magic.FREE, free, villain)
    assert out.standing == Standing(changed=True)
    assert (free.bandit, free.noble) == (100, 0)


def test_a_spell_with_two_effects_attacks_once() -> None:
    spell = Spell(number=90, target=3, hp=magic.lowers(1, 1), poisons=True)
    who = somebody()
    out = cast(spell, who, other(), Dice(1))
    assert out.changed == ("hp", "poisons")
    assert who.bandit == 200
    blessing = Spell(number=91, target=3, hp=magic.raises(1, 1), cures_poison=True)
    helper, villain = somebody(), other(bandit=9_000, poisoned=1)
    out = cast(blessing, helper, villain, Dice(1))
    assert (out.changed, helper.bandit) == (("hp", "cures_poison"), 10_000)


def test_bars_are_emptied_and_filled() -> None:
    who, target = somebody(), other(hunger=30)
    dice = Dice(50)
    assert cast(magic.STARVE, who, target, dice).changed == ("hunger",)
    assert dice.asked == [(20, 50)]
    assert target.hungry
    for name, field in (
        ("mana", "mana_points"),
        ("stamina", "stamina_points"),
        ("thirst", "thirst"),
        ("hunger", "hunger"),
    ):
        drain = replace(magic.EYE, **{field: magic.lowers(5, 9)})
        fill = replace(magic.EYE, **{field: magic.raises(5, 9)})
        target = with_figures(other(), {name: 20})
        cast(drain, somebody(), target, Dice(9))
        assert getattr(target, name) == 11
        target.bandit = 0
        cast(fill, somebody(), target, Dice(5))
        assert getattr(target, name) == 16
        setattr(target, name, getattr(target, f"max_{name}") - 1)
        cast(fill, somebody(), target, Dice(9))
        assert getattr(target, name) == getattr(target, f"max_{name}")


@pytest.mark.parametrize("row", vectors("magic", "attributes"), ids=str)
def test_attributes_rise_and_fall_within_bounds(row: dict[str, Any]) -> None:
    base = row["base"]
    for name in ("agility", "strength"):
        target = other()
        target.attributes = Attributes(**{name: base})
        with_current(target, **{name: base})
        values = []
        for change in row["changes"]:
            way = magic.raises if change > 0 else magic.lowers
            spell = replace(magic.EYE, **{name: way(1, 10)})
            assert cast(spell, somebody(), target, Dice(abs(change))).changed == (name,)
            values.append(getattr(target.current, name))
        assert values == row["values"]
        lasts = 48_000 if row["changes"][0] > 0 else 28_000
        assert target.effects.attributes_until == NOW + lasts


def test_changing_attributes_asks_leave() -> None:
    who = somebody(safe=1)
    assert cast(magic.WEAKNESS, who, other()).problem is Refused.SAFE_LOCK
    assert cast(magic.STRENGTH, who, other(hp=0)).problem is Fizzle.DEAD


def test_invisibility_hides_for_a_while() -> None:
    who, target = somebody(), other()
    out = cast(magic.INVISIBILITY, who, target)
    assert (out.changed, target.invisible) == (("invisibility",), True)
    assert target.effects.invisible_until == NOW + 20_040
    target.effects.invisible_until = 5
    assert cast(magic.INVISIBILITY, who, target).done
    assert target.effects.invisible_until == 5
    later = other()
    later.effects.invisible_next_ms = 16_040
    cast(magic.INVISIBILITY, who, later)
    assert later.effects.invisible_until == NOW + 16_040


def test_invisibility_is_refused() -> None:
    who = somebody(safe=1)
    assert cast(magic.INVISIBILITY, who, other(hp=0)).problem is Fizzle.DEAD
    assert cast(magic.INVISIBILITY, who, other(), leaving=True).problem is Fizzle.LEAVING
    dark = Spot(no_invisibility=True)
    answer = cast(magic.INVISIBILITY, who, other(), there=dark).problem
    assert answer is Fizzle.NO_INVISIBILITY_HERE
    assert cast(magic.INVISIBILITY, who, other(bandit=9_000)).problem is Refused.SAFE_LOCK


@pytest.mark.parametrize(
    ("spell", "name", "immobilised"),
    [(magic.PARALYSE, "paralyses", False), (magic.IMMOBILISE, "immobilises", True)],
)
def test_one_is_rooted_to_the_spot_for_twenty_seconds(
    spell: Spell, name: str, immobilised: bool
) -> None:
    who, target = somebody(7), other()
    out = cast(spell, who, target)
    assert (out.changed, out.shielded) == ((name,), False)
    assert (target.paralysed, target.immobilised, target.paralysed_by) == (True, immobilised, 7)
    assert target.effects.paralysis_until == NOW + 20_040
    again = cast(spell, who, target)
    assert (again.done, again.problem, again.attacked) == (False, Fizzle.NOTHING, False)


@pytest.mark.parametrize(
    ("spell", "ring"),
    [
        (magic.PARALYSE, Item(number=1, kind=18, blocks_paralysis=True)),
        (magic.IMMOBILISE, Item(number=1, kind=18, blocks_immobilise=True)),
        (magic.STUN, Item(number=1, kind=18, blocks_stun=True)),
        (magic.BLIND, Item(number=1, kind=18, blocks_blindness=True)),
    ],
)
def test_a_ring_keeps_off_one_spell_which_is_paid_all_the_same(spell: Spell, ring: Item) -> None:
    for other_spell in (magic.PARALYSE, magic.IMMOBILISE, magic.STUN, magic.BLIND):
        who, target = somebody(), other()
        target.gear = Gear(ring=ring)
        out = cast(other_spell, who, target)
        assert (out.done, out.attacked) == (True, True)
        assert out.shielded is (other_spell is spell)
        held = (target.paralysed, target.stunned, target.blinded)
        assert any(held) is not out.shielded
        assert who.mana == 2_000 - other_spell.mana


def test_plain_rings_keep_off_nothing() -> None:
    for spell in (magic.PARALYSE, magic.IMMOBILISE, magic.STUN, magic.BLIND):
        target = other()
        target.gear = Gear(ring=things.RING)
        assert not cast(spell, somebody(), target).shielded


def test_the_held_are_freed() -> None:
    target = other(paralysed=1, immobilised=1)
    assert cast(magic.FREE, somebody(safe=1), target).changed == ("frees",)
    assert (target.paralysed, target.immobilised) == (False, False)
    assert cast(magic.FREE, somebody(), target).problem is Fizzle.NOT_PARALYSED
    villain = other(paralysed=1, bandit=9_000)
    assert cast(magic.FREE, somebody(safe=1), villain).problem is Refused.SAFE_LOCK


def test_stun_and_blindness_share_their_end() -> None:
    target = other()
    assert cast(magic.STUN, somebody(), target).changed == ("stuns",)
    assert (target.stunned, target.effects.dazed_until) == (True, NOW + 20_040)
    target.bandit = 0
    assert cast(magic.BLIND, somebody(), target).changed == ("blinds",)
    assert (target.blinded, target.effects.dazed_until) == (True, NOW + 6_720)
    assert cast(magic.UNSTUN, somebody(), target).changed == ("ends_stun",)
    assert (target.stunned, target.blinded) == (False, True)
    assert cast(magic.UNSTUN, somebody(), target).problem is Fizzle.NOT_STUNNED
    villain = other(stunned=1, bandit=9_000)
    assert cast(magic.UNSTUN, somebody(safe=1), villain).problem is Refused.SAFE_LOCK


def test_poison_and_its_cure() -> None:
    target = other()
    assert cast(magic.TOXIN, somebody(), target).changed == ("poisons",)
    assert target.poisoned
    assert cast(magic.ANTIDOTE, somebody(), target).changed == ("cures_poison",)
    assert cast(magic.ANTIDOTE, somebody(), other(hp=0)).problem is Fizzle.DEAD
    villain = other(bandit=9_000)
    assert cast(magic.ANTIDOTE, somebody(safe=1), villain).problem is Refused.SAFE_LOCK


@pytest.mark.parametrize("row", vectors("magic", "resurrection"), ids=str)
def test_resurrection_costs_life(row: dict[str, Any]) -> None:
    who = somebody(hp=row["before"], max_hp=400)
    target = other(hp=0, level=row["level"], max_hp=250, hunger=50, thirst=50)
    out = cast(magic.RESURRECT, who, target)
    assert (out.done, out.changed) == (True, ("revives",))
    assert who.hp == max(row["after"], 0)
    assert out.caster_died is (row["after"] <= 0)
    assert target.hp == 18
    assert (target.hunger, target.thirst, target.mana, target.stamina) == (0, 0, 0, 0)
    assert who.mana == (2_000 if out.caster_died else 1_450)
    assert bool(out.learns) is not out.caster_died


def test_resurrecting_a_citizen_is_noble_and_a_criminal_is_a_crime() -> None:
    who = somebody()
    cast(magic.RESURRECT, who, other(hp=0))
    assert who.noble == 1_500
    sinner = somebody()
    out = cast(magic.RESURRECT, sinner, other(hp=0, bandit=9_000))
    assert out.standing == Standing(changed=True)
    assert sinner.noble == 0


def test_in_the_arena_a_life_costs_nothing() -> None:
    who = somebody()
    assert cast(magic.RESURRECT, who, other(hp=0, level=40), here=ARENA).done
    assert who.hp == 300


@pytest.mark.parametrize(
    ("caster", "target", "there", "problem"),
    [
        ({}, {}, FIELD, Fizzle.ALIVE),
        ({}, {"hp": 0, "resurrection_safe": 1}, FIELD, Fizzle.UNWILLING),
        ({}, {"hp": 0}, Spot(no_resurrection=True), Fizzle.NO_RESURRECTION_HERE),
        ({"stamina": 499}, {"hp": 0}, FIELD, Fizzle.NOT_RESTED),
        ({"safe": 1}, {"hp": 0, "bandit": 9_000}, FIELD, Refused.SAFE_LOCK),
    ],
)
def test_resurrection_asks(
    caster: dict[str, int], target: dict[str, int], there: Spot, problem: object
) -> None:
    out = cast(magic.RESURRECT, somebody(**caster), other(**target), there=there)
    assert (out.done, out.problem) == (False, problem)


@pytest.mark.parametrize(
    ("char_class", "weapon", "ring", "able"),
    [
        (CharClass.MAGE, 2, 0, True),
        (CharClass.MAGE, 1, 0, False),
        (CharClass.MAGE, 0, 1049, False),
        (CharClass.BARD, 0, 696, True),
        (CharClass.BARD, 0, 1049, True),
        (CharClass.BARD, 0, 208, False),
        (CharClass.BARD, 2, 0, False),
        (CharClass.DRUID, 0, 208, True),
        (CharClass.DRUID, 0, 1050, True),
        (CharClass.DRUID, 0, 696, False),
        (CharClass.CLERIC, 0, 0, True),
    ],
)
def test_who_has_the_instrument_to_resurrect(
    char_class: int, weapon: int, ring: int, able: bool
) -> None:
    who = somebody()
    who.char_class = char_class
    who.gear = Gear(
        weapon=Item(number=658, kind=2, staff_power=weapon) if weapon else None,
        ring=Item(number=ring, kind=18, staff_power=2) if ring else None,
    )
    out = cast(magic.RESURRECT, who, other(hp=0))
    assert out.problem is (None if able else Fizzle.NO_INSTRUMENT)


def test_a_mimic_looks_like_its_target() -> None:
    who, target = somebody(), other()
    target.gender, target.head = Gender.FEMALE, 70
    assert cast(magic.MIMICRY, who, target).changed == ("mimics",)
    assert who.disguise == Look(39, 70)
    assert who.effects.mimicry_until == NOW + 20_040
    assert not who.ignored


def test_some_cannot_be_mimicked() -> None:
    assert cast(magic.MIMICRY, somebody(), other(hp=0)).problem is Fizzle.DEAD
    assert cast(magic.MIMICRY, somebody(), other(sailing=1)).problem is Fizzle.SAILING
    assert cast(magic.MIMICRY, somebody(sailing=1), other()).problem is Fizzle.SAILING
    masked = somebody()
    masked.disguise = Look(1, 1)
    assert cast(magic.MIMICRY, masked, other()).problem is Fizzle.DISGUISED
    me = somebody()
    assert cast(magic.MIMICRY, me, me).problem is Fizzle.SELF


def test_a_spell_without_an_effect_for_users_does_nothing() -> None:
    assert cast(magic.EYE, somebody(), other()) == Outcome()
