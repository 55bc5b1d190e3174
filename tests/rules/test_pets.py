from __future__ import annotations

from typing import Any

import pytest
from tests.support.creatures import WOLF, creature
from tests.support.people import person, with_current, with_figures
from tests.support.vectors import Dice, never, vectors

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.rules.creature import Creature
from pyao.rules.kinds import Movement, Skill
from pyao.rules.options import Options
from pyao.rules.person import Gear, Person
from pyao.rules.pets import (
    CommandProblem,
    Tamed,
    TameProblem,
    avenge,
    check_command,
    come_back,
    fight,
    fight_back,
    follow,
    remember,
    remembered,
    stay,
    summoned,
    tame,
    tame_need,
)


def tamer(charisma: int = 18, skill: int = 50, ring: int = 0, **figures: int) -> Person:
    who = person(user_id=5, skills={Skill.TAMING: skill}, x=50, y=50)
    if ring:
        who.gear = Gear(ring=Item(number=ring, kind=18))
    return with_figures(with_current(who, charisma=charisma), figures)


def beast(taming: int = 900, number: int = 500, **figures: int) -> Creature:
    made = creature(NpcKind(number=number, taming=taming, max_hp=9), x=51, y=51)
    for name, value in figures.items():
        setattr(made, name, value)
    return made


def quarrelling(pet: Creature) -> Creature:
    pet.foe = creature()
    return pet


@pytest.mark.parametrize("row", vectors("npcs", "taming"), ids=str)
def test_flutes_make_taming_easier(row: dict[str, Any]) -> None:
    assert tame_need(tamer(ring=row["flute"]), row["taming"]) == row["need"]


@pytest.mark.parametrize("row", vectors("npcs", "tamed"), ids=str)
def test_charisma_and_skill_tame(row: dict[str, Any]) -> None:
    who = tamer(row["charisma"], row["skill"], row["flute"])
    roll = Dice(1) if row["possible"] else never
    answer = tame(who, beast(row["taming"]), [], roll)
    assert answer is (Tamed.TAMED if row["possible"] else Tamed.FAILED)


def test_one_try_in_five_works_and_the_creature_follows() -> None:
    wolf = quarrelling(beast(owner=9))
    dice = Dice(2)
    assert tame(tamer(), wolf, [], dice) is Tamed.FAILED
    assert dice.asked == [(1, 5)]
    assert wolf.master == 0
    assert tame(tamer(), wolf, [], Dice(1)) is Tamed.TAMED
    assert (wolf.master, wolf.owner, wolf.foe) == (5, 0, None)
    assert wolf.movement == Movement.FOLLOWS_MASTER


def test_only_what_is_near_can_be_tamed() -> None:
    assert tame(tamer(x=49, y=51), beast(), [], Dice(2)) is Tamed.FAILED
    assert tame(tamer(x=48, y=51), beast(), [], never) is TameProblem.TOO_FAR
    assert tame(tamer(x=49, y=50), beast(), [], never) is TameProblem.TOO_FAR


@pytest.mark.parametrize(
    ("who", "wolf", "problem"),
    [
        (tamer(hp=0), beast(), TameProblem.DEAD),
        (tamer(), beast(0), TameProblem.NOT_TAMEABLE),
        (tamer(x=48), beast(), TameProblem.TOO_FAR),
        (tamer(), beast(attacked_by=9), TameProblem.FIGHTING),
        (tamer(), beast(master=5), TameProblem.ALREADY),
        (tamer(), beast(master=9), TameProblem.ANOTHERS),
    ],
)
def test_some_cannot_be_tamed(who: Person, wolf: Creature, problem: TameProblem) -> None:
    assert tame(who, wolf, [], never) is problem


def test_three_pets_and_two_of_a_kind_are_enough() -> None:
    others = [beast(number=1), beast(number=2)]
    twins = [beast(), beast()]
    assert tame(tamer(), beast(), [*others, beast(number=3)], never) is TameProblem.TOO_MANY
    assert tame(tamer(), beast(), twins, never) is TameProblem.SAME_KIND
    assert tame(tamer(), beast(), others, Dice(1)) is Tamed.TAMED
    assert tame(tamer(), beast(), [beast(), others[0]], Dice(1)) is Tamed.TAMED
    held = beast(master=9)
    assert tame(tamer(), held, [*others, *twins], never) is TameProblem.TOO_MANY


def test_what_a_spell_calls_follows_for_forty_seconds_and_gives_nothing() -> None:
    called = summoned(WOLF, tamer(), 1_000, Options())
    assert (called.master, called.dies_at, called.pool, called.experience) == (5, 41_040, 0, 0)
    assert called.movement == Movement.FOLLOWS_MASTER
    assert called.hp == 100


def test_pets_obey_their_master_within_ten_steps() -> None:
    who = tamer()
    assert check_command(who, beast(master=5)) is None
    assert check_command(who, beast(master=5, x=55, y=55)) is None
    assert check_command(who, beast(master=5, x=56, y=55)) is CommandProblem.TOO_FAR
    assert check_command(who, beast(master=9)) is CommandProblem.NOT_YOURS
    assert check_command(tamer(hp=0), beast(master=5)) is CommandProblem.DEAD


def test_a_pet_stays_and_follows() -> None:
    pet = beast(master=5)
    stay(pet)
    assert pet.movement == Movement.STILL
    follow(pet)
    assert pet.movement == Movement.FOLLOWS_MASTER


def test_a_pet_fights_for_its_master() -> None:
    pet, foe = beast(master=5), beast()
    assert fight(pet, foe, unasked=True)
    assert (pet.foe, pet.movement) == (foe, Movement.FIGHTS_NPC)
    assert not fight(pet, pet)
    assert not fight(pet, beast(master=5))
    for number in (93, 94):
        elemental = beast(number=number, master=5)
        assert not fight(elemental, foe, unasked=True)
        assert fight(elemental, foe)
    assert fight(beast(number=92, master=5), foe, unasked=True)


def test_a_creature_fights_back() -> None:
    victim, aggressor = beast(), beast(master=5)
    fight_back(victim, aggressor)
    assert (victim.foe, victim.movement) == (aggressor, Movement.FIGHTS_NPC)


def test_a_pet_avenges_its_master_but_not_on_the_master() -> None:
    pet = quarrelling(beast(master=5))
    avenge(pet, person(user_id=9))
    assert (pet.attacked_by, pet.foe, pet.movement) == (9, None, Movement.DEFENDS)
    come_back(pet)
    assert (pet.attacked_by, pet.movement) == (0, Movement.FOLLOWS_MASTER)
    avenge(pet, person(user_id=5))
    assert pet.movement == Movement.FOLLOWS_MASTER


def test_the_kinds_of_tamed_creatures_are_remembered() -> None:
    who = person()
    assert remember(who, [500, 501])
    assert not remember(who, [500, 501])
    assert remembered(who) == [500, 501]
    assert remember(who, [])
    assert remembered(who) == []


def test_no_more_than_three_are_remembered() -> None:
    who = person()
    remember(who, [1, 2, 3, 4])
    assert (who.pet_1, who.pet_2, who.pet_3) == (1, 2, 3)
