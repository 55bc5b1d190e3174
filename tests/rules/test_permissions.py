from __future__ import annotations

from itertools import product

import pytest
from tests.support.creatures import (
    CHAOS_GUARD,
    DRAGON,
    PRIEST,
    ROYAL_GUARD,
    VILLAGER,
    WOLF,
    creature,
)
from tests.support.people import person, with_figures

from pyao.content.npcs import NpcKind
from pyao.rules.kinds import Faction, NpcRole, Privilege, Trigger
from pyao.rules.permissions import (
    FREELY,
    IN_ARENA,
    Allowed,
    Price,
    Refused,
    Ties,
    may_attack_creature,
    may_attack_user,
    may_help_creature,
    may_help_user,
    may_own,
)
from pyao.rules.person import Person, Spot

FIELD = Spot()
TOWN = Spot(safe=True)
ARENA = Spot(trigger=Trigger.ARENA)
TEMPLE = Spot(trigger=Trigger.SAFE)

ME, OTHER = 1, 2


def citizen(user_id: int = ME, **figures: int) -> Person:
    return with_figures(person(user_id=user_id, safe=0), figures)


def criminal(user_id: int = ME, **figures: int) -> Person:
    return with_figures(person(user_id=user_id, safe=0, bandit=9_000), figures)


def soldier(user_id: int = ME, **figures: int) -> Person:
    return citizen(user_id, faction=Faction.ROYAL, **figures)


def legionary(user_id: int = ME, **figures: int) -> Person:
    return criminal(user_id, faction=Faction.CHAOS, **figures)


def test_the_free_fight_in_the_field() -> None:
    for who, victim in product((citizen(), criminal()), (citizen(OTHER), criminal(OTHER))):
        assert may_attack_user(who, victim, FIELD, FIELD) is FREELY
    assert may_attack_user(soldier(), criminal(OTHER), FIELD, FIELD) is FREELY
    assert may_attack_user(legionary(), soldier(OTHER), FIELD, FIELD) is FREELY
    assert may_attack_user(soldier(), legionary(OTHER), FIELD, FIELD) is FREELY


@pytest.mark.parametrize(
    ("who", "victim", "answer"),
    [
        (citizen(hp=0), citizen(OTHER), Refused.DEAD),
        (citizen(), citizen(OTHER, hp=0), Refused.TARGET_DEAD),
        (citizen(consulting=1), citizen(OTHER), Refused.CONSULTING),
        (citizen(), citizen(OTHER, consulting=1), Refused.CONSULTING),
        (citizen(), citizen(OTHER, privileges=Privilege.GOD), Refused.STAFF),
        (citizen(), citizen(OTHER, privileges=Privilege.GOD, unseen=1), Refused.SILENT),
        (soldier(), soldier(OTHER), Refused.SAME_FACTION),
        (legionary(), legionary(OTHER), Refused.SAME_FACTION),
        (soldier(), citizen(OTHER), Refused.ROYAL_DUTY),
        (citizen(safe=1), citizen(OTHER), Refused.SAFE_LOCK),
        (criminal(safe=1), citizen(OTHER), Refused.SAFE_LOCK),
        (soldier(safe=1), citizen(OTHER), Refused.SAFE_LOCK),
        (citizen(safe=1), criminal(OTHER), FREELY),
        (criminal(safe=1), criminal(OTHER), FREELY),
    ],
)
def test_sides_and_states_decide(who: Person, victim: Person, answer: object) -> None:
    assert may_attack_user(who, victim, FIELD, FIELD) == answer


def test_in_the_arena_all_is_allowed_and_nothing_across_its_border() -> None:
    for who, victim in (
        (soldier(safe=1), soldier(OTHER)),
        (legionary(), legionary(OTHER)),
        (citizen(), citizen(OTHER, privileges=Privilege.GOD)),
    ):
        assert may_attack_user(who, victim, ARENA, ARENA) is IN_ARENA
        assert may_attack_user(who, victim, ARENA, FIELD) is Refused.SILENT
        assert may_attack_user(who, victim, FIELD, ARENA) is Refused.SILENT
    assert may_attack_user(citizen(), citizen(OTHER, hp=0), ARENA, ARENA) is Refused.TARGET_DEAD


def test_fair_game_exposes_the_attacker_or_prolongs_it() -> None:
    victim = citizen(OTHER, attackable_by=ME)
    who = citizen(safe=1)
    assert may_attack_user(who, victim, FIELD, FIELD) == Allowed(exposes_to=OTHER)
    who.attackable_by = 9
    assert may_attack_user(who, victim, FIELD, FIELD) == Allowed(prolongs=True)
    assert may_attack_user(citizen(), victim, TOWN, TOWN) == Allowed(exposes_to=OTHER)
    other = citizen(OTHER, attackable_by=77)
    assert may_attack_user(citizen(safe=1), other, FIELD, FIELD) is Refused.SAFE_LOCK
    assert may_attack_user(criminal(safe=1), victim, FIELD, FIELD) is Refused.SAFE_LOCK


def test_towns_are_safe() -> None:
    assert may_attack_user(citizen(), criminal(OTHER), TOWN, TOWN) is Refused.SAFE_MAP


@pytest.mark.parametrize(
    ("who", "rank", "number", "allowed"),
    [
        (soldier(), 12, 58, True),
        (soldier(), 12, 59, True),
        (soldier(), 12, 60, True),
        (soldier(), 11, 58, False),
        (soldier(), 12, 151, False),
        (legionary(), 12, 151, True),
        (legionary(), 12, 156, True),
        (legionary(), 11, 156, False),
        (legionary(), 12, 58, False),
        (citizen(), 12, 58, False),
    ],
)
def test_lords_fight_in_their_own_towns(who: Person, rank: int, number: int, allowed: bool) -> None:
    who.faction_rank = rank
    victim = criminal(OTHER) if who.faction is not Faction.CHAOS else citizen(OTHER)
    town = Spot(safe=True, map=number)
    answer = may_attack_user(who, victim, town, town)
    assert answer == (Allowed(warns=True) if allowed else Refused.SAFE_MAP)


def test_nobody_fights_from_or_to_a_safe_tile() -> None:
    who, victim = citizen(), criminal(OTHER)
    assert may_attack_user(who, victim, TEMPLE, FIELD) is Refused.SAFE_TILE
    assert may_attack_user(who, victim, FIELD, TEMPLE) is Refused.SAFE_TILE


def attack(who: Person, kind: NpcKind = WOLF, ties: Ties | None = None, **figures: int) -> object:
    beast = creature(kind, x=50, y=50)
    for name, value in figures.items():
        setattr(beast, name, value)
    return may_attack_creature(who, beast, FIELD, 0, ties)


def test_hostile_creatures_are_attacked_and_claimed() -> None:
    assert attack(citizen(safe=1)) == Allowed(claims=True)
    assert attack(legionary()) == Allowed(claims=True)
    assert attack(criminal()) == Allowed(claims=False)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (citizen(hp=0), Refused.DEAD),
        (citizen(privileges=Privilege.COUNSELLOR), Refused.SILENT),
        (citizen(consulting=1), Refused.SILENT),
    ],
)
def test_some_may_attack_no_creature(who: Person, answer: Refused) -> None:
    assert attack(who) is answer


def test_townsmen_are_not_attacked() -> None:
    assert attack(citizen(), PRIEST) is Refused.NOT_ATTACKABLE


def test_creatures_are_attacked_from_less_than_eighteen_steps() -> None:
    assert attack(citizen(x=58, y=59)) == Allowed(claims=True)
    assert attack(citizen(x=59, y=59)) is Refused.TOO_FAR
    assert attack(citizen(x=50, y=32)) is Refused.TOO_FAR
    assert attack(citizen(x=33, y=50)) == Allowed(claims=True)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (citizen(), Allowed(price=Price.CRIME)),
        (criminal(), Allowed(price=Price.CRIME)),
        (citizen(safe=1), Refused.SAFE_LOCK),
        (criminal(safe=1), Refused.SAFE_LOCK),
        (soldier(), Refused.SAME_FACTION),
        (legionary(), Allowed(price=Price.CRIME)),
    ],
)
def test_attacking_a_royal_guard_is_a_crime(who: Person, answer: object) -> None:
    assert attack(who, ROYAL_GUARD) == answer


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (citizen(safe=1), Allowed(claims=True)),
        (criminal(), Allowed()),
        (soldier(), Allowed(claims=True)),
        (legionary(), Refused.SAME_FACTION),
    ],
)
def test_chaos_guards_are_safe_from_their_own(who: Person, answer: object) -> None:
    assert attack(who, CHAOS_GUARD) == answer


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (citizen(), Allowed(price=Price.PEACEFUL)),
        (citizen(safe=1), Refused.SAFE_LOCK),
        (soldier(), Refused.ROYAL_DUTY),
        (soldier(safe=1), Refused.ROYAL_DUTY),
        (criminal(safe=1), Allowed()),
        (legionary(), Allowed(claims=True)),
    ],
)
def test_peaceful_creatures_are_spared_by_the_lawful(who: Person, answer: object) -> None:
    assert attack(who, VILLAGER) == answer


@pytest.mark.parametrize(
    ("who", "master", "answer"),
    [
        (citizen(), citizen(OTHER, attackable_by=ME), FREELY),
        (soldier(), citizen(OTHER, attackable_by=ME), FREELY),
        (citizen(safe=1), citizen(OTHER, attackable_by=ME), FREELY),
        (soldier(), citizen(OTHER), Refused.ROYAL_DUTY),
        (citizen(safe=1), citizen(OTHER), Refused.SAFE_LOCK),
        (citizen(), citizen(OTHER), Allowed(price=Price.CRIME)),
        (criminal(safe=1), citizen(OTHER), Refused.SAFE_LOCK),
        (criminal(), citizen(OTHER), FREELY),
        (criminal(), citizen(OTHER, attackable_by=ME), FREELY),
        (citizen(safe=1), criminal(OTHER), FREELY),
        (legionary(), legionary(OTHER), Refused.SAME_FACTION),
        (criminal(), legionary(OTHER), FREELY),
        (soldier(), legionary(OTHER), FREELY),
    ],
)
def test_pets_are_as_safe_as_their_masters(who: Person, master: Person, answer: object) -> None:
    for kind in (WOLF, VILLAGER):
        assert attack(who, kind, Ties(master=master), master=OTHER) == answer


def test_a_pet_whose_master_is_away_is_attacked_but_not_claimed() -> None:
    assert attack(citizen(), master=OTHER) is FREELY


@pytest.mark.parametrize(
    ("who", "owner", "answer"),
    [
        (citizen(), citizen(OTHER), Allowed(exposes_to=OTHER)),
        (citizen(safe=1), citizen(OTHER), Refused.OWNED),
        (criminal(safe=1), citizen(OTHER), Refused.OWNED),
        (criminal(), citizen(OTHER), FREELY),
        (soldier(), soldier(OTHER), Refused.SAME_FACTION),
        (soldier(), citizen(OTHER), Allowed(exposes_to=OTHER)),
        (legionary(), legionary(OTHER), Refused.SAME_FACTION),
        (citizen(safe=1), legionary(OTHER), FREELY),
        (criminal(), criminal(OTHER), FREELY),
    ],
)
def test_a_creature_belongs_to_who_fights_it(who: Person, owner: Person, answer: object) -> None:
    assert attack(who, WOLF, Ties(owner=owner), owner=OTHER, owned_until=1) == answer
    assert attack(who, WOLF, Ties(owner=owner, allied=True), owned_until=1) is FREELY


def test_one_keeps_attacking_ones_own() -> None:
    me = citizen(safe=1)
    assert attack(me, WOLF, Ties(owner=me), owned_until=99) == Allowed(claims=True)


def test_what_nobody_attacked_for_a_while_is_free_again() -> None:
    ties, who = Ties(owner=citizen(OTHER)), citizen(safe=1)
    beast = creature(x=50, y=50, owned_until=100)
    assert may_attack_creature(who, beast, FIELD, 99, ties) is Refused.OWNED
    assert may_attack_creature(who, beast, FIELD, 100, ties) == Allowed(claims=True)


def test_rooting_an_owned_creature_to_the_spot_is_always_allowed_once() -> None:
    ties, who = Ties(owner=citizen(OTHER)), citizen(safe=1)
    beast = creature(x=50, y=50, owned_until=100)
    assert may_attack_creature(who, beast, FIELD, 0, ties, paralysing=True) is FREELY
    beast.immobilised = True
    assert may_attack_creature(who, beast, FIELD, 0, ties, paralysing=True) is Refused.OWNED


def test_a_world_may_do_without_ownership() -> None:
    beast = creature(x=50, y=50, owned_until=100)
    ties = Ties(owner=citizen(OTHER))
    answer = may_attack_creature(citizen(safe=1), beast, FIELD, 0, ties, ownership=False)
    assert answer is FREELY


@pytest.mark.parametrize(
    ("who", "kind", "here", "owns"),
    [
        (citizen(), WOLF, FIELD, True),
        (legionary(), WOLF, FIELD, True),
        (criminal(), WOLF, FIELD, False),
        (citizen(privileges=Privilege.GOD), WOLF, FIELD, False),
        (citizen(), DRAGON, FIELD, False),
        (citizen(), NpcKind(number=1, role=NpcRole.PRETORIAN), FIELD, False),
        (citizen(), WOLF, TOWN, False),
        (citizen(), WOLF, TEMPLE, False),
        (citizen(), WOLF, Spot(free_creatures=True), False),
    ],
)
def test_who_may_claim_what_and_where(who: Person, kind: NpcKind, here: Spot, owns: bool) -> None:
    assert may_own(who, creature(kind), here) is owns


GRAVE = Allowed(price=Price.CRIME)
LIGHT = Allowed(price=Price.HELP)


@pytest.mark.parametrize(
    ("who", "target", "answer"),
    [
        (citizen(safe=1), citizen(OTHER), FREELY),
        (criminal(safe=1), criminal(OTHER), FREELY),
        (criminal(safe=1), citizen(OTHER), FREELY),
        (citizen(consulting=1), citizen(OTHER), Refused.CONSULTING),
        (citizen(), citizen(OTHER, consulting=1), Refused.CONSULTING),
        (citizen(), citizen(OTHER, privileges=Privilege.GOD), Refused.STAFF),
        (citizen(privileges=Privilege.GOD), citizen(OTHER, privileges=Privilege.GOD), FREELY),
        (soldier(), criminal(OTHER), Refused.ROYAL_DUTY),
        (citizen(safe=1), criminal(OTHER), Refused.SAFE_LOCK),
        (legionary(), citizen(OTHER), Refused.ENEMY),
        (legionary(), criminal(OTHER), FREELY),
        (soldier(), citizen(OTHER, attackable_by=77), Refused.ROYAL_DUTY),
        (citizen(safe=1), citizen(OTHER, attackable_by=77), Refused.SAFE_LOCK),
        (citizen(), citizen(OTHER, attackable_by=77), LIGHT),
        (citizen(safe=1), citizen(OTHER, attackable_by=ME), FREELY),
    ],
)
def test_whom_one_may_help(who: Person, target: Person, answer: object) -> None:
    assert may_help_user(who, target, FIELD, FIELD) == answer
    assert may_help_user(who, target, FIELD, FIELD, grave=True) == answer


def test_helping_a_criminal_costs_and_a_grave_help_is_a_crime() -> None:
    assert may_help_user(citizen(), criminal(OTHER), FIELD, FIELD) == LIGHT
    assert may_help_user(citizen(), criminal(OTHER), FIELD, FIELD, grave=True) == GRAVE


def test_one_may_always_help_oneself() -> None:
    me = citizen(safe=1, consulting=1)
    assert may_help_user(me, me, FIELD, FIELD) is FREELY


def test_in_the_arena_anybody_helps_anybody() -> None:
    assert may_help_user(soldier(), criminal(OTHER), ARENA, ARENA) is IN_ARENA
    assert may_help_user(soldier(), criminal(OTHER), ARENA, FIELD) is Refused.ROYAL_DUTY
    assert may_help_user(soldier(), criminal(OTHER), FIELD, ARENA) is Refused.ROYAL_DUTY


@pytest.mark.parametrize(
    ("who", "owner", "answer"),
    [
        (citizen(), None, FREELY),
        (soldier(), soldier(OTHER), Refused.SAME_FACTION),
        (legionary(), legionary(OTHER), Refused.SAME_FACTION),
        (citizen(safe=1), citizen(OTHER), Refused.SAFE_LOCK),
        (citizen(), citizen(OTHER), Allowed(exposes_to=OTHER)),
        (criminal(safe=1), citizen(OTHER), FREELY),
        (citizen(safe=1), criminal(OTHER), FREELY),
        (soldier(safe=1), legionary(OTHER), FREELY),
    ],
)
def test_a_creature_that_a_friend_fights_is_not_healed(
    who: Person, owner: Person | None, answer: object
) -> None:
    assert may_help_creature(who, creature(), owner) == answer


def test_ones_own_creatures_are_healed() -> None:
    me = citizen(safe=1)
    assert may_help_creature(me, creature(), me) is FREELY
    assert may_help_creature(me, creature(master=ME), citizen(OTHER)) is FREELY


def test_pets_are_left_alone_on_safe_maps() -> None:
    who = citizen()
    pet = creature(WOLF, master=OTHER, x=who.x, y=who.y)
    ties = Ties(master=criminal(OTHER))
    assert may_attack_creature(who, pet, TOWN, 0, ties) is Refused.SAFE_PET
    assert may_attack_creature(who, pet, FIELD, 0, ties) is FREELY
