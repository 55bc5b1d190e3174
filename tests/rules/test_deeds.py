from __future__ import annotations

from tests.support.creatures import ROYAL_GUARD, VILLAGER, WOLF, creature
from tests.support.people import person

from pyao.content.npcs import NpcKind
from pyao.rules import deeds
from pyao.rules.kinds import Faction, Movement, Trigger
from pyao.rules.options import Options
from pyao.rules.permissions import FREELY, IN_ARENA, Allowed, Price
from pyao.rules.person import Spot
from pyao.rules.reputation import SAME, Standing, combine

CLASSIC = Options()
FIELD = Spot()
ARENA = Spot(trigger=Trigger.ARENA)


def test_an_attack_on_a_citizen_is_paid_for() -> None:
    who, victim = person(), person(user_id=2)
    assert deeds.attack_user(who, victim, FREELY, 0, CLASSIC) == Standing(changed=True)
    assert who.criminal


def test_in_the_arena_nothing_is_paid() -> None:
    who = person()
    assert deeds.attack_user(who, person(user_id=2), IN_ARENA, 0, CLASSIC) is SAME
    allowed = Allowed(arena=True, price=Price.CRIME)
    assert deeds.help_somebody(who, allowed, 0, CLASSIC) is SAME
    assert not who.criminal


def test_attacking_fair_game_exposes_and_prolongs() -> None:
    who, victim = person(), person(user_id=2, attackable_by=1)
    deeds.attack_user(who, victim, Allowed(exposes_to=2), 100, CLASSIC)
    assert (who.attackable_by, who.effects.attackable_until) == (2, 60_100)
    deeds.attack_user(who, victim, Allowed(prolongs=True), 500, CLASSIC)
    assert (who.attackable_by, who.effects.attackable_until) == (2, 60_500)
    assert not who.criminal


def test_an_attack_on_a_creature_provokes_it() -> None:
    who, beast = person(user_id=9), creature(VILLAGER)
    standing = deeds.attack_creature(who, beast, Allowed(price=Price.PEACEFUL), FIELD, 0, CLASSIC)
    assert standing == Standing(nobility_lost=True)
    assert (beast.attacked_by, beast.movement, beast.hostile) == (9, Movement.DEFENDS, True)
    assert who.bandit == 1_000


def test_a_pet_is_not_provoked_by_its_master() -> None:
    who, pet = person(user_id=9), creature(VILLAGER, master=9)
    deeds.attack_creature(who, pet, FREELY, FIELD, 0, CLASSIC)
    assert (pet.attacked_by, pet.movement, pet.hostile) == (0, 2, False)


def test_a_guard_is_a_crime_but_not_on_the_sand_of_an_arena() -> None:
    who = person()
    crime = Allowed(price=Price.CRIME)
    assert deeds.attack_creature(who, creature(ROYAL_GUARD), crime, ARENA, 0, CLASSIC) is SAME
    standing = deeds.attack_creature(who, creature(ROYAL_GUARD), crime, FIELD, 0, CLASSIC)
    assert standing == Standing(changed=True)


def test_attacking_the_hunted_counts_beside_the_price() -> None:
    hunted = NpcKind(number=1, alignment=1)
    who = person()
    assert deeds.attack_creature(who, creature(hunted), FREELY, FIELD, 0, CLASSIC) is SAME
    assert who.plebeian == 32
    deeds.attack_creature(who, creature(hunted), FREELY, ARENA, 0, CLASSIC)
    assert who.plebeian == 32
    price = Allowed(price=Price.PEACEFUL)
    standing = deeds.attack_creature(who, creature(hunted), price, FIELD, 0, CLASSIC)
    assert standing == Standing(nobility_lost=True)
    assert (who.plebeian, who.bandit) == (34, 1_000)


def test_helping_is_paid_for() -> None:
    who = person()
    standing = deeds.help_somebody(who, Allowed(price=Price.HELP), 0, CLASSIC)
    assert standing == Standing(changed=True, nobility_lost=True)
    assert deeds.help_somebody(person(), FREELY, 0, CLASSIC) is SAME
    exposed = person()
    deeds.help_somebody(exposed, Allowed(exposes_to=7), 0, CLASSIC)
    assert exposed.attackable_by == 7


def test_one_owns_one_creature_at_a_time() -> None:
    who, first, second = person(user_id=9), creature(WOLF), creature(WOLF)
    claiming = Allowed(claims=True)
    deeds.attack_creature(who, first, claiming, FIELD, 100, CLASSIC)
    assert (first.owner, first.owned_until, who.owned) == (9, 18_100, first)
    deeds.attack_creature(who, first, claiming, FIELD, 200, CLASSIC)
    assert (first.owner, first.owned_until) == (9, 18_200)
    deeds.attack_creature(who, second, claiming, FIELD, 300, CLASSIC)
    assert (first.owner, first.owned_until, second.owner) == (0, 0, 9)
    assert who.owned is second


def test_what_another_has_taken_over_is_not_released() -> None:
    who, beast = person(user_id=9), creature(WOLF)
    deeds.claim(who, beast, 0, CLASSIC)
    deeds.claim(person(user_id=8), beast, 20_000, CLASSIC)
    deeds.release(who)
    assert (beast.owner, who.owned) == (8, None)
    deeds.release(who)


def test_standings_add_up() -> None:
    fallen = Standing(changed=True, expelled=Faction.ROYAL)
    shamed = Standing(nobility_lost=True)
    assert combine(SAME, fallen) is combine(fallen, SAME) is fallen
    assert combine(fallen, shamed) == Standing(
        changed=True, expelled=Faction.ROYAL, nobility_lost=True
    )
    risen = Standing(changed=True, expelled=Faction.CHAOS)
    assert combine(Standing(changed=True), risen) == Standing(expelled=Faction.CHAOS)
