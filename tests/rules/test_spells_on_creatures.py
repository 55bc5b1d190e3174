from __future__ import annotations

import pytest
from tests.support import magic
from tests.support.creatures import CHAOS_GUARD, ROYAL_GUARD, WOLF, creature
from tests.support.people import person, with_figures
from tests.support.vectors import Dice, never

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.rules.appearance import Look
from pyao.rules.casting import Casting, Fizzle, Outcome
from pyao.rules.creature import Creature
from pyao.rules.fight import Lesson
from pyao.rules.kinds import CharClass, Faction, Skill, Trigger
from pyao.rules.numbers import Roll
from pyao.rules.options import Options
from pyao.rules.permissions import UNBOUND, Refused, Ties
from pyao.rules.person import Gear, Person, Spot
from pyao.rules.spells_on_creatures import (
    CREATURE_EFFECTS,
    GROUND_EFFECTS,
    cast_on_creature,
    cast_on_ground,
)

FIELD = Spot()
NOW = 1_000


def somebody(**figures: int) -> Person:
    who = person(char_class=CharClass.CLERIC, safe=0)
    who.mana = who.max_mana = 2_000
    who.stamina = who.max_stamina = 500
    return with_figures(who, figures)


def cast(
    spell: Spell, who: Person, target: Creature, roll: Roll = never, ties: Ties = UNBOUND
) -> Outcome:
    target.x, target.y = who.x, who.y
    return cast_on_creature(
        Casting(
            caster=who,
            spell=spell,
            target=target,
            here=FIELD,
            there=FIELD,
            now=NOW,
            roll=roll,
            options=Options(),
            ties=ties,
        )
    )


def call(spell: Spell, here: Spot = FIELD, there: Spot = FIELD, pets: int = 0) -> Outcome:
    return cast_on_ground(
        Casting(
            caster=somebody(),
            spell=spell,
            target=None,
            here=here,
            there=there,
            now=NOW,
            roll=never,
            options=Options(),
            pets=pets,
        )
    )


def test_every_effect_bears_the_name_of_a_field_of_the_data() -> None:
    assert {*CREATURE_EFFECTS, *GROUND_EFFECTS} <= set(Spell.__struct_fields__)


def test_a_spell_hurts_a_creature_and_gives_experience() -> None:
    who, beast = somebody(level=40), creature()
    out = cast(magic.DART, who, beast, Dice(5))
    assert out == Outcome(
        done=True,
        attacked=True,
        damage=11,
        experience=55,
        changed=("hp",),
        learns=(Lesson(Skill.MAGIC, success=True),),
    )
    assert (beast.hp, beast.pool, who.mana) == (89, 445, 1_990)
    assert (beast.attacked_by, beast.owner, who.owned) == (1, 1, beast)


def test_hides_resist_magic() -> None:
    beast = creature(NpcKind(number=1, attackable=True, hostile=True, max_hp=50, magic_defense=4))
    assert cast(magic.DART, somebody(), beast, Dice(5)).damage == 1
    assert cast(magic.DART, somebody(), beast, Dice(3)).damage == 0
    who = somebody()
    who.char_class = CharClass.MAGE
    assert cast(magic.DISCHARGE, who, creature(), Dice(55)).damage == round(57 * 0.7)


def test_a_spell_kills_a_creature() -> None:
    out = cast(magic.APOCALYPSE, somebody(level=40), creature(hp=30), Dice(85))
    assert (out.killed, out.experience) == (True, 150)


def test_what_may_not_be_attacked_is_not_hurt() -> None:
    guard = creature(ROYAL_GUARD)
    out = cast(magic.DART, somebody(safe=1), guard)
    assert out == Outcome(problem=Refused.SAFE_LOCK)
    assert cast(magic.TOXIN, somebody(safe=1), guard).problem is Refused.SAFE_LOCK
    assert cast(magic.PARALYSE, somebody(safe=1), guard).problem is Refused.SAFE_LOCK


def test_two_effects_are_one_attack() -> None:
    spell = Spell(number=90, target=3, hp=magic.lowers(1, 1), poisons=True)
    who, guard = somebody(), creature(ROYAL_GUARD)
    assert cast(spell, who, guard, Dice(1)).changed == ("hp", "poisons")
    assert (who.bandit, guard.poisoned) == (100, True)


def test_creatures_are_healed_but_not_those_a_friend_fights() -> None:
    friend = person(user_id=2)
    beast = creature(hp=50)
    assert cast(magic.CURE, somebody(level=40), beast, Dice(12)).healing == 26
    assert beast.hp == 76
    beast.hp = 99
    assert cast(magic.CURE, somebody(level=40), beast, Dice(12)).healing == 1
    answer = cast(magic.CURE, somebody(safe=1), beast, ties=Ties(owner=friend))
    assert answer.problem is Refused.SAFE_LOCK
    cure = Spell(number=91, target=3, cures_poison=True)
    beast.poisoned = True
    assert cast(cure, somebody(safe=1), beast, ties=Ties(owner=friend)).done is False
    assert cast(cure, somebody(), beast).changed == ("cures_poison",)
    assert not beast.poisoned


def test_helping_the_enemy_of_a_citizen_exposes() -> None:
    who = somebody()
    cast(magic.CURE, who, creature(hp=1), Dice(12), Ties(owner=person(user_id=2)))
    assert (who.attackable_by, who.effects.attackable_until) == (2, NOW + 60_000)


def test_creatures_are_rooted_for_500_steps_of_thought() -> None:
    beast = creature()
    assert cast(magic.PARALYSE, somebody(), beast).changed == ("paralyses",)
    assert (beast.paralysed, beast.immobilised, beast.paralysis_steps) == (True, False, 500)
    assert cast(magic.IMMOBILISE, somebody(), beast).changed == ("immobilises",)
    assert (beast.paralysed, beast.immobilised, beast.paralysis_steps) == (False, True, 500)


def test_some_creatures_are_immune() -> None:
    beast = creature(NpcKind(number=1, attackable=True, hostile=True, paralysis_immune=True))
    who = somebody()
    for spell in (magic.PARALYSE, magic.IMMOBILISE):
        out = cast(spell, who, beast)
        assert (out.problem, out.attacked) == (Fizzle.IMMUNE, False)
    assert who.mana == 2_000


def test_anothers_creature_may_be_rooted_once_but_not_hurt() -> None:
    beast = creature(owned_until=NOW + 1)
    ties = Ties(owner=person(user_id=2))
    assert cast(magic.DART, somebody(safe=1), beast, ties=ties).problem is Refused.OWNED
    assert cast(magic.PARALYSE, somebody(safe=1), beast, ties=ties).done
    assert cast(magic.PARALYSE, somebody(safe=1), beast, ties=ties).problem is Refused.OWNED


@pytest.mark.parametrize(
    ("kind", "faction", "master", "freed"),
    [
        (WOLF, Faction.NONE, 1, True),
        (WOLF, Faction.NONE, 2, False),
        (WOLF, Faction.ROYAL, 0, False),
        (ROYAL_GUARD, Faction.ROYAL, 0, True),
        (ROYAL_GUARD, Faction.CHAOS, 0, False),
        (CHAOS_GUARD, Faction.CHAOS, 0, True),
        (CHAOS_GUARD, Faction.ROYAL, 0, False),
        (CHAOS_GUARD, Faction.NONE, 0, False),
    ],
)
def test_only_friends_are_freed(kind: NpcKind, faction: Faction, master: int, freed: bool) -> None:
    beast = creature(kind, master=master, immobilised=1, paralysis_steps=9)
    out = cast(magic.FREE, somebody(faction=faction), beast)
    assert out.problem is (None if freed else Fizzle.NOT_YOURS)
    assert beast.held is not freed
    assert beast.paralysis_steps == (0 if freed else 9)


def test_who_is_not_held_is_not_freed() -> None:
    assert cast(magic.FREE, somebody(), creature(master=1)).problem is Fizzle.NOT_PARALYSED


def test_a_druid_mimics_a_creature_and_with_the_flute_creatures_believe_it() -> None:
    bear = NpcKind(number=1, body=70, head=0)
    assert cast(magic.MIMICRY, somebody(), creature(bear)).problem is Fizzle.DRUIDS_ONLY
    for flute in (False, True):
        druid = somebody()
        druid.char_class = CharClass.DRUID
        if flute:
            druid.gear = Gear(ring=Item(number=1050, kind=18))
        assert cast(magic.MIMICRY, druid, creature(bear)).changed == ("mimics",)
        assert druid.disguise == Look(70, 0)
        assert (druid.ignored, druid.effects.mimicry_until) == (flute, NOW + 20_040)
        assert cast(magic.MIMICRY, druid, creature(bear)).problem is Fizzle.DISGUISED
    sailor = somebody(sailing=1)
    sailor.char_class = CharClass.DRUID
    assert cast(magic.MIMICRY, sailor, creature(bear)).problem is Fizzle.SAILING


@pytest.mark.parametrize(("pets", "called"), [(0, 2), (1, 2), (2, 1)])
def test_creatures_are_called_up_to_three_pets(pets: int, called: int) -> None:
    out = call(magic.CALL, pets=pets)
    assert (out.done, out.summons) == (True, (512, called))


def test_three_pets_are_enough() -> None:
    out = call(magic.CALL, pets=3)
    assert (out.done, out.problem, out.summons) == (False, Fizzle.NOTHING, None)


@pytest.mark.parametrize("spell", [magic.CALL, magic.PET])
def test_some_places_allow_no_summons(spell: Spell) -> None:
    temple = Spot(trigger=Trigger.SAFE)
    for here, there in (
        (Spot(safe=True), FIELD),
        (Spot(no_summons=True), FIELD),
        (temple, FIELD),
        (FIELD, temple),
    ):
        assert call(spell, here, there).problem is Fizzle.NO_SUMMONS_HERE


def test_a_pet_is_called_and_the_invisible_are_revealed() -> None:
    assert call(magic.PET).calls_pet
    assert call(magic.EYE).reveals
