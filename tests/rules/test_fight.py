from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import things
from tests.support.creatures import WOLF, creature
from tests.support.people import carrying, person, with_figures
from tests.support.things import ITEMS
from tests.support.vectors import Dice, vectors

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.rules.character import Slot
from pyao.rules.equipment import dress
from pyao.rules.fight import (
    Blow,
    Extra,
    Lesson,
    Loss,
    Special,
    creature_strikes_creature,
    creature_strikes_user,
    last_share,
    strike_creature,
    strike_user,
    swing_stamina,
    victory_experience,
    wound,
)
from pyao.rules.kinds import CharClass, Privilege, Skill
from pyao.rules.options import Options
from pyao.rules.person import Gear, Person

CLASSIC = Options()
BASELINE = Options(swing_stamina="creature", pvp_min_damage=False)
VICTIM_HIT = Lesson(Skill.COMBAT_TACTICS, success=False)
VICTIM_EVADES = Lesson(Skill.COMBAT_TACTICS, success=True)


def fighter(
    gear: Gear | None = None, char_class: int = CharClass.WARRIOR, **figures: int
) -> Person:
    who = person(char_class=char_class, gear=gear or Gear(weapon=things.SWORD), user_id=5)
    who.hp = who.max_hp = 300
    who.min_hit = who.max_hit = 1
    return with_figures(who, figures)


def test_a_hit_takes_damage_off_where_it_lands() -> None:
    who, victim = fighter(), fighter(Gear(helmet=things.HELMET))
    dice = Dice(50, 17, 1, 1, 12)
    blow = strike_user(who, victim, 0, dice, CLASSIC)
    # 3 * 17 + 17 / 5 * 3 + 1 = 62.2, times 1.1 = 68.42, less 12 of the helmet
    assert blow == Blow(
        hit=True,
        damage=56,
        part=1,
        learns=(Lesson(Skill.ARMED_COMBAT, success=True),),
        victim_learns=(VICTIM_HIT,),
    )
    assert dice.asked == [(1, 100), (6, 17), (1, 1), (1, 6), (10, 15)]
    assert victim.hp == 244


def test_a_miss_is_the_roll_above_the_chance() -> None:
    who, victim = fighter(), fighter()
    blow = strike_user(who, victim, 0, Dice(51), CLASSIC)
    assert blow == Blow(
        hit=False,
        learns=(Lesson(Skill.ARMED_COMBAT, success=False),),
        victim_learns=(VICTIM_EVADES,),
    )
    assert victim.hp == 300


@pytest.mark.parametrize(("roll", "blocked"), [(50, True), (51, False)])
def test_a_shield_claims_some_misses(roll: int, blocked: bool) -> None:
    victim = fighter(Gear(shield=things.SHIELD))
    victim.skills[Skill.SHIELD_DEFENSE - 1] = victim.skills[Skill.COMBAT_TACTICS - 1] = 50
    blow = strike_user(fighter(), victim, 0, Dice(100, roll), CLASSIC)
    assert (blow.hit, blow.blocked) == (False, blocked)
    assert blow.victim_learns == (VICTIM_EVADES, Lesson(Skill.SHIELD_DEFENSE, success=blocked))


def test_one_who_meditates_is_hit_more_often_and_wakes() -> None:
    victim = fighter(meditating=1)
    blow = strike_user(fighter(), victim, 0, Dice(62, 6, 1, 6), CLASSIC)
    assert (blow.hit, blow.meditation_broken, victim.meditating) == (True, True, False)
    victim = fighter(meditating=1)
    blow = strike_user(fighter(), victim, 0, Dice(63), CLASSIC)
    assert (blow.hit, blow.meditation_broken, victim.meditating) == (False, True, False)


def test_nothing_wakes_the_meditating_where_both_fight_in_an_arena() -> None:
    victim = fighter(meditating=1)
    blow = strike_user(fighter(), victim, 0, Dice(63), CLASSIC, arena=True)
    assert (blow.meditation_broken, victim.meditating) == (False, True)


@pytest.mark.parametrize(
    ("armour", "piercing", "options", "dealt"),
    [
        (28, 0, CLASSIC, 1),
        (28, 0, BASELINE, 0),
        (29, 0, BASELINE, 1),
        (29, 0, CLASSIC, 1),
        (40, 0, CLASSIC, 1),
        (20, 0, CLASSIC, 8),
        (40, 20, CLASSIC, 8),
        (40, 12, BASELINE, 0),
        (40, 8, CLASSIC, 1),
    ],
)
def test_a_hit_does_at_least_one(armour: int, piercing: int, options: Options, dealt: int) -> None:
    weapon = Item(number=50, kind=2, min_hit=6, max_hit=15, piercing=piercing)
    mail = Item(number=51, kind=3, min_defense=armour, max_defense=armour)
    victim = fighter(Gear(armour=mail))
    # 3 * 6 + 15 / 5 * 3 - 2 = 25, times 1.1 = 27.5, even 28
    who = fighter(Gear(weapon=weapon), min_hit=-2, max_hit=-2)
    blow = strike_user(who, victim, 0, Dice(1, 6, -2, 6, armour), options)
    assert blow.damage == dealt
    assert victim.hp == 300 - dealt


def test_a_blow_that_takes_all_life_leaves_none_and_not_less() -> None:
    victim = fighter(hp=5)
    blow = strike_user(fighter(), victim, 0, Dice(1, 17, 1, 6), CLASSIC)
    assert (blow.killed, victim.hp) == (True, 0)
    exact = fighter(hp=68)
    assert strike_user(fighter(), exact, 0, Dice(1, 17, 1, 6), CLASSIC).killed
    lucky = fighter(hp=69)
    assert not strike_user(fighter(), lucky, 0, Dice(1, 17, 1, 6), CLASSIC).killed


@pytest.mark.parametrize(("roll", "poisoned"), [(59, True), (60, False)])
def test_a_poisoned_weapon_poisons(roll: int, poisoned: bool) -> None:
    fang = Item(number=52, kind=2, min_hit=1, max_hit=1, poisons=True)
    victim = fighter()
    blow = strike_user(fighter(Gear(weapon=fang)), victim, 0, Dice(1, 1, 1, 6, roll), CLASSIC)
    assert blow.poisoned is victim.poisoned is poisoned


def test_poisoned_arrows_poison_when_they_are_shot() -> None:
    arrows = Item(number=53, kind=32, min_hit=1, max_hit=1, poisons=True)
    who = fighter(Gear(weapon=things.BOW, ammunition=arrows))
    assert strike_user(who, fighter(), 0, Dice(1, 2, 1, 1, 6, 59), CLASSIC).poisoned
    who.gear.weapon = things.SWORD
    dice = Dice(1, 6, 1, 6)
    assert not strike_user(who, fighter(), 0, dice, CLASSIC).poisoned
    assert dice.left == 0


def test_a_dose_that_fails_does_not_heal() -> None:
    fang = Item(number=52, kind=2, min_hit=1, max_hit=1, poisons=True)
    victim = fighter(poisoned=1)
    blow = strike_user(fighter(Gear(weapon=fang)), victim, 0, Dice(1, 1, 1, 6, 60), CLASSIC)
    assert (blow.poisoned, victim.poisoned) == (False, True)


@pytest.mark.parametrize(
    ("char_class", "roll", "extra"),
    [
        (CharClass.ASSASSIN, 3, Extra(Special.STAB, 11)),
        (CharClass.ASSASSIN, 4, Extra(Special.STAB_FAILED, 0)),
        (CharClass.CLERIC, 4, Extra(Special.STAB, 10)),
        (CharClass.CLERIC, 5, Extra(Special.STAB_FAILED, 0)),
    ],
)
def test_a_stab_comes_on_top(char_class: int, roll: int, extra: Extra) -> None:
    who = fighter(Gear(weapon=things.DAGGER), char_class)
    if char_class == CharClass.CLERIC:
        who.skills[Skill.STAB - 1] = 10
    victim = fighter()
    dice = Dice(1, 2, 1, 6, roll)
    # assassin (6 + 0.6 * 3 + 1) * 0.9 = 7.92 = 8; cleric 8.8 * 0.8 = 7.04 = 7
    blow = strike_user(who, victim, 0, dice, CLASSIC)
    dealt = 8 if char_class == CharClass.ASSASSIN else 7
    assert blow.damage == dealt
    assert dice.asked[-1] == (0, 100)
    assert blow.extras == (extra,)
    assert victim.hp == 300 - dealt - extra.damage
    assert blow.learns[1] == Lesson(Skill.STAB, success=extra.damage > 0)


def test_the_hungry_and_thirsty_hit_but_learn_nothing_and_do_not_stab() -> None:
    for need in ("hunger", "thirst"):
        who = fighter(Gear(weapon=things.DAGGER), CharClass.ASSASSIN, **{need: 0})
        blow = strike_user(who, fighter(), 0, Dice(1, 2, 1, 6), CLASSIC)
        assert (blow.hit, blow.learns, blow.extras) == (True, (), ())


@pytest.mark.parametrize(("roll", "slashes"), [(20, True), (21, False)])
def test_a_pirate_slashes_users_with_thrown_knives(roll: int, slashes: bool) -> None:
    knife = Item(number=54, kind=2, ranged=True, slashes=True, min_hit=10, max_hit=10)
    who = fighter(Gear(weapon=knife), CharClass.PIRATE)
    victim = fighter()
    blow = strike_user(who, victim, 0, Dice(1, 10, 1, 6, roll), CLASSIC)
    assert blow.damage == 30  # (30 + 2 * 3 + 1) * 0.8 = 29.6
    assert blow.extras == ((Extra(Special.SLASH, 6),) if slashes else ())
    assert victim.hp == 300 - (36 if slashes else 30)


def test_only_pirates_slash_and_only_at_range_on_users() -> None:
    knife = Item(number=54, kind=2, ranged=True, slashes=True, min_hit=1, max_hit=1)
    assert strike_user(fighter(Gear(weapon=knife)), fighter(), 0, Dice(1, 1, 1, 6), CLASSIC).hit
    sabre = Item(number=55, kind=2, slashes=True, min_hit=1, max_hit=1)
    who = fighter(Gear(weapon=sabre), CharClass.PIRATE)
    assert strike_user(who, fighter(), 0, Dice(1, 1, 1, 6), CLASSIC).hit


@pytest.mark.parametrize(("roll", "critical"), [(8, True), (9, False)])
def test_a_bandit_hits_critically_with_the_viking_sword(roll: int, critical: bool) -> None:
    viking = Item(number=123, kind=2, min_hit=10, max_hit=10)
    who, victim = fighter(Gear(weapon=viking), CharClass.BANDIT), fighter()
    blow = strike_user(who, victim, 0, Dice(1, 10, 1, 6, roll), CLASSIC)
    assert blow.damage == 31  # (30 + 6 + 1) * 0.85 = 31.45
    assert blow.extras == ((Extra(Special.CRITICAL, 23),) if critical else ())
    others = fighter(Gear(weapon=viking), CharClass.WARRIOR)
    assert strike_user(others, fighter(), 0, Dice(1, 10, 1, 6), CLASSIC).extras == ()


def robbed(*numbers: int) -> Person:
    who = carrying(*(Slot(number, 1, equipped=True) for number in numbers), hp=300)
    dress(who, ITEMS)
    return who


def test_a_thief_disarms_after_every_attack() -> None:
    who, victim = fighter(char_class=CharClass.THIEF, level=20), robbed(2, 5)
    who.skills[Skill.WRESTLING - 1] = 50
    blow = strike_user(who, victim, 0, Dice(100, 23), CLASSIC)
    assert (blow.hit, blow.losses) == (False, (Loss("weapon", 1),))
    assert victim.gear.weapon is None
    assert victim.inventory[0] == Slot(2, 1)
    dice = Dice(100)
    assert strike_user(who, victim, 0, dice, CLASSIC).losses == ()
    victim = robbed(2)
    assert strike_user(who, victim, 0, Dice(100, 24), CLASSIC).losses == ()
    assert victim.gear.weapon is things.SWORD


GLOVES = Item(number=873, kind=18, gloves=True)


def test_a_bandit_with_theft_gloves_strips_shield_weapon_or_helmet() -> None:
    who = fighter(Gear(ring=GLOVES), CharClass.BANDIT, level=20)
    who.skills[Skill.WRESTLING - 1] = 50
    victim = robbed(2, 4, 5)
    dice = Dice(1, 24, 24, 23, 4, 1, 1, 12)
    blow = strike_user(who, victim, 0, dice, CLASSIC)
    assert blow.losses == (Loss("helmet", 3),)
    assert dice.asked[1:4] == [(1, 100)] * 3
    blow = strike_user(who, victim, 0, Dice(1, 23, 4, 1, 6), CLASSIC)
    assert blow.losses == (Loss("shield", 2),)
    assert strike_user(who, victim, 0, Dice(100), CLASSIC).losses == ()


def test_a_bandit_strips_nothing_with_a_weapon_in_hand_or_without_the_gloves() -> None:
    armed = fighter(Gear(ring=GLOVES, weapon=things.SWORD), CharClass.BANDIT)
    assert strike_user(armed, robbed(5), 0, Dice(1, 6, 1, 6), CLASSIC).losses == ()
    bare = fighter(Gear(ring=things.RING), CharClass.BANDIT)
    assert strike_user(bare, robbed(5), 0, Dice(1, 4, 1, 6), CLASSIC).losses == ()
    other = fighter(Gear(ring=GLOVES), CharClass.WARRIOR)
    assert strike_user(other, robbed(5), 0, Dice(1, 4, 1, 6), CLASSIC).losses == ()


@pytest.mark.parametrize(("roll", "works"), [(24, True), (25, False)])
def test_a_thief_with_theft_gloves_paralyses_for_half_the_time(roll: int, works: bool) -> None:
    who = fighter(Gear(ring=GLOVES), CharClass.THIEF)
    who.skills[Skill.WRESTLING - 1] = 100
    victim = fighter(Gear())
    dice = Dice(1, roll, 4, 1, 6)
    blow = strike_user(who, victim, 1_000, dice, CLASSIC)
    assert dice.asked[1] == (0, 100)
    assert blow.paralysed is victim.paralysed is works
    assert victim.effects.paralysis_until == (11_040 if works else 0)
    assert victim.paralysed_by == (5 if works else 0)
    if works:
        assert strike_user(who, victim, 0, Dice(1, 4, 1, 6), CLASSIC).paralysed is False


def test_a_user_hits_a_creature_through_its_hide() -> None:
    beast = creature(hp=100)
    dice = Dice(42, 17, 1)
    blow = strike_creature(fighter(), beast, dice, CLASSIC)
    assert blow == Blow(
        hit=True,
        damage=58,
        experience=290,
        learns=(Lesson(Skill.ARMED_COMBAT, success=True),),
    )
    assert (beast.hp, beast.pool) == (42, 210)
    assert dice.asked == [(1, 100), (6, 17), (1, 1)]
    miss = strike_creature(fighter(), beast, Dice(43), CLASSIC)
    assert miss == Blow(hit=False, learns=(Lesson(Skill.ARMED_COMBAT, success=False),))


def test_a_thick_hide_lets_nothing_through() -> None:
    beast = creature(NpcKind(number=1, attackable=True, max_hp=50, defense=500, experience=9))
    blow = strike_creature(fighter(), beast, Dice(1, 17, 1), CLASSIC)
    assert (blow.hit, blow.damage, blow.experience, beast.hp) == (True, 0, 0, 50)


def test_a_dead_creature_is_not_stabbed() -> None:
    who = fighter(Gear(weapon=things.DAGGER), CharClass.ASSASSIN, min_hit=200, max_hit=200)
    beast = creature(hp=20)
    blow = strike_creature(who, beast, Dice(1, 3, 200), CLASSIC)
    assert (blow.killed, blow.extras, beast.hp) == (True, (), 0)
    assert blow.experience == 100
    assert last_share(beast) == 400
    assert last_share(beast) == 0


def test_an_assassin_stabs_creatures_past_their_hide_and_others_do_not() -> None:
    # damage 50, hide 10: the hit does 40, the stab 100 or 80
    for char_class, extra in ((CharClass.ASSASSIN, 100), (CharClass.CLERIC, 80)):
        modifier = 0.9 if char_class == CharClass.ASSASSIN else 0.8
        own = round(50 / modifier - 7.8)
        who = fighter(Gear(weapon=things.DAGGER), char_class, min_hit=own, max_hit=own)
        who.skills[Skill.STAB - 1] = 20
        beast = creature(hp=500)
        blow = strike_creature(who, beast, Dice(1, 2, own, 4), CLASSIC)
        assert (blow.damage, blow.extras) == (40, (Extra(Special.STAB, extra),))
        assert beast.hp == 500 - 40 - extra
        assert blow.experience == 500
        assert blow.learns[1] == Lesson(Skill.STAB, success=True)


def test_specials_on_creatures_give_experience_too() -> None:
    viking = Item(number=123, kind=2, min_hit=10, max_hit=10)
    beast = creature(hp=100)
    blow = strike_creature(
        fighter(Gear(weapon=viking), CharClass.BANDIT), beast, Dice(1, 10, 1, 8), CLASSIC
    )
    assert (blow.damage, blow.extras) == (21, (Extra(Special.CRITICAL, 15),))
    assert (blow.experience, beast.hp) == (180, 64)
    sabre = Item(number=55, kind=2, slashes=True, min_hit=10, max_hit=10)
    beast = creature(hp=100)
    pirate = fighter(Gear(weapon=sabre), CharClass.PIRATE)
    blow = strike_creature(pirate, beast, Dice(1, 10, 1, 20), CLASSIC)
    assert (blow.damage, blow.extras) == (25, (Extra(Special.SLASH, 5),))
    assert beast.hp == 70


def test_a_stab_may_kill() -> None:
    who = fighter(Gear(weapon=things.DAGGER), CharClass.ASSASSIN, min_hit=48, max_hit=48)
    beast = creature(hp=60)
    blow = strike_creature(who, beast, Dice(1, 2, 48, 3), CLASSIC)
    assert (blow.killed, beast.hp) == (True, 0)
    assert blow.experience == 300


@pytest.mark.parametrize("row", vectors("combat", "experience"), ids=str)
def test_damage_gives_its_share_of_the_experience(row: dict[str, Any]) -> None:
    kind = NpcKind(number=1, max_hp=row["max_hp"], experience=row["experience"])
    beast = creature(kind, hp=row["hp"], pool=row["pool"])
    assert wound(beast, row["damage"]) == row["given"]
    assert beast.pool == row["left"]


@given(
    st.integers(0, 10_000),
    st.integers(1, 3_000),
    st.lists(st.integers(0, 400), max_size=50),
)
def test_the_sum_is_always_the_creatures_experience(
    experience: int, max_hp: int, blows: list[int]
) -> None:
    beast = creature(NpcKind(number=1, max_hp=max_hp, experience=experience))
    given_out = sum(wound(beast, damage) for damage in blows)
    assert 0 <= beast.hp <= max_hp
    assert given_out + last_share(beast) == experience


def test_a_creature_that_has_no_life_to_lose_gives_nothing_for_it() -> None:
    beast = creature(NpcKind(number=1, max_hp=0, experience=10))
    assert wound(beast, 5) == 0


def test_happy_hours_multiply_what_creatures_give() -> None:
    beast = creature().of(WOLF, exp_percent=150)
    assert beast.pool == beast.experience == 750


def test_a_creature_hits_a_user() -> None:
    beast, victim = creature(can_attack=1), fighter(Gear(helmet=things.HELMET))
    dice = Dice(74, 9, 1, 10)
    blow = creature_strikes_user(beast, victim, dice, CLASSIC)
    assert blow == Blow(hit=True, damage=1, part=1, victim_learns=(VICTIM_HIT,))
    assert dice.asked == [(1, 100), (3, 9), (1, 6), (10, 15)]
    assert (victim.hp, beast.can_attack) == (299, False)
    beast.can_attack = True
    blow = creature_strikes_user(beast, victim, Dice(75), CLASSIC)
    assert (blow.hit, blow.victim_learns, beast.can_attack) == (False, (VICTIM_EVADES,), False)


def test_a_creature_does_its_damage_less_the_armour() -> None:
    victim = fighter(Gear(armour=things.TUNIC))
    blow = creature_strikes_user(creature(), victim, Dice(1, 9, 6, 5), CLASSIC)
    assert (blow.damage, blow.part, victim.hp) == (4, 6, 296)


def test_a_creature_kills() -> None:
    victim = fighter(hp=9, meditating=1)
    blow = creature_strikes_user(creature(), victim, Dice(1, 9, 6, 0), CLASSIC)
    assert (blow.killed, victim.hp, blow.meditation_broken) == (True, 0, True)


def test_staff_are_hit_but_not_hurt() -> None:
    victim = fighter(hp=9, privileges=Privilege.GOD)
    blow = creature_strikes_user(creature(), victim, Dice(1, 9, 6), CLASSIC)
    assert (blow.damage, blow.killed, victim.hp) == (9, False, 9)


def test_a_strong_blow_breaks_a_trance_and_a_weak_one_does_not() -> None:
    victim = fighter(meditating=1, hp=109)
    victim.skills[Skill.MEDITATE - 1] = 30
    # 100 / 100 * 18 * 30 / 100 * 12 / 7 = 9.26
    blow = creature_strikes_user(creature(), victim, Dice(1, 9, 6, 0), CLASSIC)
    assert (blow.meditation_broken, victim.meditating) == (False, True)
    blow = creature_strikes_user(creature(), victim, Dice(1, 9, 6, 5), CLASSIC)
    assert (blow.meditation_broken, victim.meditating) == (True, False)


@pytest.mark.parametrize(("roll", "poisoned"), [(29, True), (30, False)])
def test_some_creatures_poison(roll: int, poisoned: bool) -> None:
    snake = NpcKind(number=1, poisonous=True, min_hit=1, max_hit=1, max_hp=5)
    victim = fighter()
    blow = creature_strikes_user(creature(snake), victim, Dice(1, 1, 6, roll), CLASSIC)
    assert blow.poisoned is victim.poisoned is poisoned
    dying = fighter(hp=1)
    assert not creature_strikes_user(creature(snake), dying, Dice(1, 1, 6), CLASSIC).poisoned


def test_creatures_fight_each_other_without_hides() -> None:
    beast, foe = creature(can_attack=1), creature(hp=12)
    dice = Dice(66, 9)
    assert creature_strikes_creature(beast, foe, dice) == Blow(hit=True, damage=9)
    assert dice.asked == [(1, 100), (3, 9)]
    assert (foe.hp, beast.can_attack) == (3, False)
    assert creature_strikes_creature(beast, foe, Dice(67)) == Blow(hit=False)
    assert creature_strikes_creature(beast, foe, Dice(1, 3)).killed
    assert foe.hp == 0


@pytest.mark.parametrize(
    ("options", "on_creature", "shot", "rolls"),
    [
        (CLASSIC, False, False, 1),
        (CLASSIC, True, False, 1),
        (CLASSIC, False, True, 1),
        (CLASSIC, True, True, 1),
        (BASELINE, False, False, 0),
        (BASELINE, True, False, 1),
        (BASELINE, False, True, 1),
        (BASELINE, True, True, 2),
    ],
)
def test_attacks_cost_stamina(options: Options, on_creature: bool, shot: bool, rolls: int) -> None:
    who = fighter(stamina=40)
    dice = Dice(*[7] * rolls)
    paid = swing_stamina(who, dice, options, on_creature=on_creature, shot=shot)
    assert paid == 7 * rolls
    assert dice.asked == [(1, 10)] * rolls
    assert who.stamina == 40 - paid


def test_stamina_never_goes_below_nothing() -> None:
    who = fighter(stamina=3)
    assert swing_stamina(who, Dice(10), CLASSIC, on_creature=True) == 3
    assert who.stamina == 0


def test_victory_over_a_user_is_worth_twice_its_level() -> None:
    assert victory_experience(person(level=13)) == 26


def test_one_hit_point_is_still_a_life() -> None:
    # (3 * 17 + 17 / 5 * 3 + 1) * 1.1 = 68, less a hide of 10
    beast = creature(hp=59)
    blow = strike_creature(fighter(), beast, Dice(1, 17, 1), CLASSIC)
    assert (blow.killed, beast.hp) == (False, 1)
    stabbed = creature(hp=2)
    rogue = fighter(Gear(weapon=things.DAGGER), CharClass.ASSASSIN, min_hit=4, max_hit=4)
    blow = strike_creature(rogue, stabbed, Dice(1, 2, 4, 100), CLASSIC)
    assert (blow.damage, stabbed.hp, blow.extras) == (1, 1, (Extra(Special.STAB_FAILED, 0),))
    victim = fighter(hp=10)
    blow = creature_strikes_user(creature(), victim, Dice(1, 9, 6), CLASSIC)
    assert (blow.killed, victim.hp) == (False, 1)
    foe = creature(hp=10)
    assert not creature_strikes_creature(creature(), foe, Dice(1, 9)).killed


def test_a_blow_begins_with_nothing_to_tell() -> None:
    blow = Blow(hit=False)
    assert (blow.damage, blow.part, blow.experience, blow.extras) == (0, 0, 0, ())


HUNDRED = (1, 100)


def test_chances_are_rolled_in_per_cent() -> None:
    shielded = fighter(Gear(shield=things.SHIELD))
    dice = Dice(100, 100)
    strike_user(fighter(), shielded, 0, dice, CLASSIC)
    assert dice.asked == [HUNDRED, HUNDRED]
    fang = Item(number=52, kind=2, min_hit=1, max_hit=1, poisons=True)
    dice = Dice(1, 1, 1, 6, 100)
    strike_user(fighter(Gear(weapon=fang)), fighter(), 0, dice, CLASSIC)
    assert dice.asked[-1] == HUNDRED
    sabre = Item(number=55, kind=2, slashes=True, min_hit=1, max_hit=1)
    dice = Dice(1, 1, 1, 100)
    strike_creature(fighter(Gear(weapon=sabre), CharClass.PIRATE), creature(), dice, CLASSIC)
    assert dice.asked[-1] == HUNDRED
    viking = Item(number=123, kind=2, min_hit=1, max_hit=1)
    dice = Dice(1, 1, 1, 100)
    strike_creature(fighter(Gear(weapon=viking), CharClass.BANDIT), creature(), dice, CLASSIC)
    assert dice.asked[-1] == HUNDRED
    snake = NpcKind(number=1, poisonous=True, min_hit=1, max_hit=1, max_hp=5)
    dice = Dice(1, 1, 6, 100)
    creature_strikes_user(creature(snake), fighter(), dice, CLASSIC)
    assert dice.asked[-1] == HUNDRED
    dice = Dice(100, 100)
    strike_user(fighter(char_class=CharClass.THIEF), robbed(2), 0, dice, CLASSIC)
    assert dice.asked == [HUNDRED, HUNDRED]
