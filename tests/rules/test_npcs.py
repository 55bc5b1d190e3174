from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from tests.support.creatures import CHAOS_GUARD, ROYAL_GUARD, VILLAGER, WOLF
from tests.support.minds import at, sight, user
from tests.support.vectors import Dice, highest, lowest, never

from pyao.content.npcs import NpcKind
from pyao.rules.creature import Creature
from pyao.rules.instincts import (
    CastSpell,
    Hit,
    Refuse,
    Step,
    Turn,
    heading_next_to,
    heading_to,
    is_target,
    may_be_attacked,
)
from pyao.rules.kinds import Faction, Heading, Movement, NpcRole
from pyao.rules.npcs import think
from pyao.rules.numbers import Roll

N, E, S, W = Heading.NORTH, Heading.EAST, Heading.SOUTH, Heading.WEST
MAGE = NpcKind(number=600, hostile=True, alignment=2, movement=3, spells=(7, 8, 9), max_hp=9)
BOTH = NpcKind(
    number=601, hostile=True, alignment=2, movement=3, spells=(7,), double_attack=True, max_hp=9
)


@pytest.mark.parametrize("state", ["dead", "ignored", "consulting", "unseen"])
def test_some_are_not_attacked(state: str) -> None:
    who = user(51, 50, hp=0) if state == "dead" else user(51, 50, **{state: 1})
    assert not may_be_attacked(who, 0)
    assert not is_target(who, 0)


def test_who_has_just_arrived_is_left_alone() -> None:
    who = user(51, 50)
    who.protected_until = 100
    assert not may_be_attacked(who, 99)
    assert may_be_attacked(who, 100)


def test_the_hidden_and_invisible_are_not_seen_but_may_be_hit() -> None:
    for state in ("hidden", "invisible"):
        who = user(51, 50, **{state: 1})
        assert may_be_attacked(who, 0)
        assert not is_target(who, 0)


@pytest.mark.parametrize(
    ("x", "y", "heading"),
    [(55, 50, E), (45, 50, W), (50, 55, S), (50, 45, N), (50, 50, 0)],
)
def test_the_only_useful_way_is_taken(x: int, y: int, heading: int) -> None:
    assert heading_to(at(), x, y, never) == heading


@pytest.mark.parametrize(("roll", "heading"), [(1, W), (2, S)])
def test_of_two_useful_ways_the_dice_choose(roll: int, heading: int) -> None:
    dice = Dice(roll)
    assert heading_to(at(), 40, 60, dice) == heading
    assert dice.asked == [(1, 2)]


def test_the_heading_of_a_neighbour() -> None:
    assert [heading_next_to(at(), *tile) for tile in ((50, 49), (51, 50), (50, 51), (49, 50))] == [
        *(N, E, S, W)
    ]
    assert heading_next_to(at(), 51, 51) == heading_next_to(at(), 50, 50) == 0


# --- evil creatures --------------------------------------------------------------------------


def test_an_evil_creature_hits_whoever_stands_next_to_it() -> None:
    prey = user(51, 50, invisible=1)
    wolf = at()
    assert think(wolf, sight(prey, roll=highest)) == [Hit(prey)]
    assert not wolf.can_attack
    assert think(wolf, sight(prey, roll=highest)) == []


def test_it_looks_north_first() -> None:
    first, second = user(50, 49, 1), user(51, 50, 2)
    actions = think(at(), sight(second, first, roll=highest))
    assert actions[0] == Hit(first)


def test_it_hits_a_pet_that_can_move() -> None:
    pet = at(x=50, y=51, master=9)
    assert think(at(), sight(beasts=[pet], roll=highest)) == [Hit(pet)]
    pet.paralysed = True
    assert think(at(), sight(beasts=[pet], roll=highest)) == []
    wild = at(x=50, y=51)
    assert think(at(), sight(beasts=[wild], roll=highest)) == []


def test_a_protected_user_next_to_it_hides_no_pet() -> None:
    guest, pet = user(50, 49), at(x=51, y=50, master=9)
    guest.protected_until = 9
    assert think(at(), sight(guest, beasts=[pet], roll=highest)) == [Hit(pet)]


def test_a_caster_turns_casts_and_has_then_no_hit_left() -> None:
    prey = user(51, 50)
    mage = at(MAGE, heading=S)
    dice = Dice(3)
    assert think(mage, sight(prey, roll=dice)) == [Turn(E), CastSpell(9, prey)]
    assert dice.asked == [(1, 3)]
    assert think(at(MAGE, heading=E), sight(prey, roll=Dice(1))) == [CastSpell(7, prey)]


def test_a_caster_hits_whom_it_does_not_see_and_where_magic_fails() -> None:
    unseen = user(51, 50, hidden=1)
    actions = think(at(MAGE, heading=E), sight(unseen, roll=Dice(11)))
    assert actions == [Hit(unseen)]
    seen = user(51, 50)
    assert think(at(MAGE, heading=E), sight(seen, no_magic=True)) == [Hit(seen)]


def test_one_that_does_both_lets_a_coin_decide() -> None:
    prey = user(51, 50)
    dice = Dice(1)
    assert think(at(BOTH, heading=E), sight(prey, roll=dice)) == [Hit(prey)]
    assert dice.asked == [(0, 1)]
    assert think(at(BOTH, heading=E), sight(prey, roll=Dice(0, 1))) == [CastSpell(7, prey)]


def test_an_immobilised_creature_attacks_only_ahead() -> None:
    prey = user(51, 50)
    held = at(immobilised=1, paralysis_steps=9, heading=E)
    assert think(held, sight(prey)) == [Hit(prey)]
    away = at(immobilised=1, paralysis_steps=9, heading=W)
    assert think(away, sight(prey)) == []
    assert away.paralysis_steps == 8


def test_with_nobody_near_it_goes_back_to_its_ways() -> None:
    wolf = at(attacked_by=7, movement=Movement.DEFENDS)
    think(wolf, sight(roll=highest))
    assert (wolf.attacked_by, wolf.movement) == (0, Movement.HOSTILE)


# --- chasing ---------------------------------------------------------------------------------


def test_a_hostile_creature_goes_after_the_first_in_its_list_that_it_sees() -> None:
    far, first, second = user(59, 50, 1), user(42, 50, 2), user(51, 53, 3)
    assert think(at(), sight(far, first, second)) == [Step(W)]


@pytest.mark.parametrize(("x", "y", "seen"), [(58, 50, True), (59, 50, False), (50, 57, False)])
def test_it_sees_half_a_screen(x: int, y: int, seen: bool) -> None:
    actions = think(at(), sight(user(x, y), roll=highest))
    assert bool(actions) is seen


def test_it_prefers_the_one_it_belongs_to() -> None:
    first, owner = user(48, 50, 1), user(52, 50, 2)
    wolf = at(owner=2, owned_until=100)
    assert think(wolf, sight(first, owner, now=99)) == [Step(E)]
    assert think(wolf, sight(first, user(52, 50, 2, hidden=1), now=99)) == [Step(W)]
    assert think(wolf, sight(first, owner, now=100)) == [Step(W)]
    assert wolf.owner == 0


def test_a_blocked_way_is_not_gone() -> None:
    assert think(at(), sight(user(52, 50), walls=[(51, 50)])) == []


def test_a_caster_casts_from_afar_and_comes_nearer() -> None:
    prey = user(54, 50)
    assert think(at(MAGE), sight(prey, roll=Dice(1))) == [CastSpell(7, prey), Step(E)]
    tired = at(MAGE, can_attack=0)
    assert think(tired, sight(prey)) == [Step(E)]


@pytest.mark.parametrize(
    ("x", "y", "heading", "cast"),
    [
        (54, 50, E, True),
        (46, 50, E, False),
        (54, 51, E, False),
        (50, 54, S, True),
        (50, 46, S, False),
    ],
)
def test_an_immobilised_caster_casts_straight_ahead(
    x: int, y: int, heading: int, cast: bool
) -> None:
    mage = at(MAGE, immobilised=1, paralysis_steps=9, heading=heading, owner=1, owned_until=9)
    actions = think(mage, sight(user(x, y), roll=lowest))
    assert bool(actions) is cast
    assert not any(isinstance(action, Step) for action in actions)


def test_with_nobody_in_sight_it_sometimes_takes_a_step() -> None:
    dice = Dice(1, N)
    assert think(at(), sight(roll=dice)) == [Step(N)]
    assert dice.asked == [(1, 11), (1, 4)]
    assert think(at(), sight(roll=Dice(2))) == []


# --- defence ---------------------------------------------------------------------------------

DEER = NpcKind(number=602, movement=2, max_hp=9)


def provoked(kind: NpcKind = DEER, by: int = 1, **figures: int) -> Creature:
    deer = at(kind, **figures)
    deer.provoke(by)
    return deer


def test_a_provoked_creature_hits_back_and_goes_after_its_aggressor() -> None:
    aggressor = user(51, 50)
    assert think(provoked(), sight(aggressor)) == [Hit(aggressor)]
    assert think(provoked(can_attack=0), sight(aggressor)) == []
    distant = user(53, 50)
    assert think(provoked(), sight(user(51, 50, 2), distant, walls=[])) == []
    assert think(provoked(), sight(distant)) == [Step(E)]


def test_it_leaves_others_alone() -> None:
    other = user(51, 50, 2)
    deer = provoked()
    assert think(deer, sight(other)) == []
    assert (deer.attacked_by, deer.movement, deer.hostile) == (0, Movement.RANDOM, False)


def test_it_forgets_who_is_out_of_sight() -> None:
    deer = provoked()
    assert think(deer, sight(user(59, 50))) == []
    assert (deer.attacked_by, deer.movement) == (0, Movement.RANDOM)


def test_it_waits_for_one_it_cannot_see() -> None:
    deer = provoked()
    assert think(deer, sight(user(53, 50, hidden=1))) == []
    assert deer.attacked_by == 1


def test_a_provoked_caster_casts() -> None:
    shaman = NpcKind(number=603, spells=(5,), movement=2)
    aggressor = user(53, 50)
    actions = think(provoked(shaman), sight(aggressor, roll=Dice(1)))
    assert actions == [CastSpell(5, aggressor), Step(E)]


def test_a_protected_aggressor_is_not_hit_back() -> None:
    aggressor = user(51, 50)
    aggressor.protected_until = 9
    assert think(provoked(), sight(aggressor)) == []


def test_the_water_elemental_never_hits() -> None:
    water = NpcKind(number=92, movement=2)
    pet = provoked(water, master=9)
    assert think(pet, sight(user(51, 50), user(50, 52, 9, bandit=9_000))) == []
    earth = provoked(NpcKind(number=94, movement=2), master=9)
    aggressor = user(51, 50)
    master = user(50, 52, 9, bandit=9_000)
    assert think(earth, sight(aggressor, master)) == [Hit(aggressor)]
    assert think(provoked(master=9), sight(user(52, 50), master)) == [Step(E)]


@pytest.mark.parametrize(
    ("master", "aggressor", "refuses"),
    [
        ({"safe": 1}, {}, True),
        ({"safe": 0}, {}, False),
        ({"safe": 0, "faction": Faction.ROYAL}, {}, True),
        ({"safe": 1}, {"bandit": 9_000}, False),
        ({"safe": 1, "bandit": 9_000}, {}, False),
    ],
)
def test_a_pet_obeys_the_law_its_master_obeys(
    master: dict[str, int], aggressor: dict[str, int], refuses: bool
) -> None:
    owner, foe = user(50, 52, 9, **master), user(53, 50, 1, **aggressor)
    pet = provoked(master=9)
    actions = think(pet, sight(foe, owner))
    assert actions == ([Refuse(owner)] if refuses else [Step(E)])
    assert pet.movement == (Movement.FOLLOWS_MASTER if refuses else Movement.DEFENDS)
    assert pet.attacked_by == (0 if refuses else 1)


def test_a_pet_whose_master_is_away_fights_on() -> None:
    assert think(provoked(master=9), sight(user(53, 50))) == [Step(E)]


# --- guards ----------------------------------------------------------------------------------


def test_a_royal_guard_hits_criminals_and_those_who_attacked_it() -> None:
    villain, citizen = user(51, 50, bandit=9_000), user(49, 50, 2)
    assert think(at(ROYAL_GUARD), sight(citizen, villain)) == [Hit(villain)]
    assert think(at(ROYAL_GUARD, attacked_by=2), sight(citizen)) == [Hit(citizen)]
    assert think(at(ROYAL_GUARD, attacked_by=1), sight(citizen)) == []
    protected = user(51, 50, bandit=9_000)
    protected.protected_until = 9
    assert think(at(ROYAL_GUARD), sight(protected)) == []


def test_a_chaos_guard_hits_citizens() -> None:
    villain, citizen = user(51, 50, bandit=9_000), user(49, 50, 2)
    assert think(at(CHAOS_GUARD), sight(villain, citizen)) == [Hit(citizen)]
    assert think(at(CHAOS_GUARD), sight(villain)) == []


def test_guards_go_after_their_enemies() -> None:
    villain, citizen = user(54, 50, bandit=9_000), user(46, 50, 2)
    assert think(at(ROYAL_GUARD), sight(citizen, villain)) == [Step(E)]
    assert think(at(CHAOS_GUARD), sight(villain, citizen)) == [Step(W)]


def test_an_immobilised_guard_stays() -> None:
    villain = user(54, 50, bandit=9_000)
    held = at(ROYAL_GUARD, immobilised=1, paralysis_steps=9, heading=E)
    assert think(held, sight(villain)) == []


def test_a_guard_that_wanders_keeps_an_eye_on_its_enemies() -> None:
    strolling = NpcKind(number=6, role=NpcRole.ROYAL_GUARD, movement=2)
    villain = user(54, 50, bandit=9_000)
    assert think(at(strolling), sight(villain, roll=Dice(2))) == [Step(E)]
    dice = Dice(1, S)
    assert think(at(strolling), sight(villain, roll=dice)) == [Step(S), Step(E)]
    held = at(strolling, immobilised=1, paralysis_steps=9)
    assert think(held, sight(villain)) == []


def test_a_guard_with_nobody_to_guard_against_restores_its_ways() -> None:
    guard = at(ROYAL_GUARD, attacked_by=9, hostile=1)
    assert think(guard, sight()) == []
    assert (guard.attacked_by, guard.hostile) == (0, False)


# --- the others ------------------------------------------------------------------------------


def test_one_of_an_unknown_movement_attacks_where_it_stands() -> None:
    prey, odd = user(51, 50), structs.replace(WOLF, movement=99)
    assert think(at(odd), sight(prey, roll=highest)) == [Hit(prey)]
    assert think(at(odd), sight(user(53, 50), roll=highest)) == []


def test_what_stands_still_does_nothing() -> None:
    assert think(at(movement=Movement.STILL), sight(user(51, 50))) == []
    for movement in (0, 7, 99):
        peaceful = structs.replace(VILLAGER, movement=movement)
        assert think(at(peaceful), sight(user(51, 50))) == []


def test_the_peaceful_wander_one_step_in_twelve() -> None:
    dice = Dice(1, W)
    assert think(at(DEER), sight(user(51, 50), roll=dice)) == [Step(W)]
    assert dice.asked == [(1, 12), (1, 4)]
    assert think(at(DEER), sight(roll=Dice(2))) == []
    assert think(at(DEER, immobilised=1, paralysis_steps=9), sight()) == []
    assert think(at(DEER), sight(roll=Dice(1, W), walls=[(49, 50)])) == []


def test_a_paralysed_creature_only_counts_down() -> None:
    wolf = at(paralysed=1, paralysis_steps=2)
    assert think(wolf, sight(user(51, 50))) == []
    assert (wolf.paralysed, wolf.paralysis_steps) == (True, 1)
    prey = user(51, 50)
    assert think(wolf, sight(prey)) == [Hit(prey)]
    assert not wolf.paralysed


TRAP = NpcKind(number=604, hostile=True, alignment=2, movement=6, max_hp=9)
TOTEM = NpcKind(number=605, hostile=True, alignment=2, movement=6, spells=(4,), max_hp=9)


def test_an_object_lets_one_in_three_go() -> None:
    prey = user(51, 50)
    dice = Dice(1, 1)
    assert think(at(TRAP), sight(prey, roll=dice)) == []
    assert dice.asked == [(1, 3), (1, 3)]
    assert think(at(TRAP), sight(prey, roll=Dice(2, 2))) == [Hit(prey)]
    assert think(at(TRAP), sight(prey, roll=Dice(1, 2))) == [Hit(prey)]


def test_an_object_casts_at_those_in_sight_and_never_moves() -> None:
    far, near = user(59, 50, 1), user(54, 50, 2)
    assert think(at(TOTEM), sight(far, near, roll=Dice(3, 1))) == [CastSpell(4, near)]
    assert think(at(TRAP), sight(near, roll=Dice(3))) == []
    hidden = user(54, 50, hidden=1)
    assert think(at(TOTEM), sight(hidden)) == []
    let_go = sight(user(53, 50, 1), near, roll=Dice(1, 2, 1))
    assert think(at(TOTEM), let_go) == [CastSpell(4, near)]


def pet(**figures: int) -> Creature:
    return at(DEER, master=9, movement=Movement.FOLLOWS_MASTER, **figures)


def test_a_pet_follows_its_master() -> None:
    assert think(pet(), sight(user(54, 50, 9), roll=highest)) == [Step(E)]
    assert think(pet(), sight(user(53, 50, 9), roll=highest)) == []
    assert think(pet(), sight(user(59, 50, 9), roll=highest)) == []
    for state in ({"hp": 0}, {"hidden": 1}):
        assert think(pet(), sight(user(54, 50, 9, **state), roll=highest)) == []
    assert think(pet(), sight(user(54, 50, 8), roll=highest)) == []


def test_a_pet_with_something_else_in_mind_does_not_follow() -> None:
    master = user(54, 50, 9)
    busy = pet()
    busy.foe = at()
    assert think(busy, sight(master, roll=highest)) == []
    assert think(pet(attacked_by=3), sight(master, roll=highest)) == []


def test_a_pet_takes_a_step_of_its_own_now_and_then() -> None:
    dice = Dice(1, N)
    assert think(pet(), sight(user(51, 50, 9), roll=dice)) == [Step(N)]
    held = pet(immobilised=1, paralysis_steps=9, heading=E)
    assert think(held, sight(user(54, 50, 9))) == []


def fighting(foe: Creature | None, kind: NpcKind = DEER, **figures: int) -> Creature:
    made = at(kind, movement=Movement.FIGHTS_NPC, **figures)
    made.foe = foe
    return made


def test_creatures_fight_creatures() -> None:
    foe = at(x=51)
    assert think(fighting(foe, master=9), sight(beasts=[foe])) == [Hit(foe)]
    foe = at(x=53)
    assert think(fighting(foe, master=9), sight(beasts=[foe])) == [Step(E)]


def test_the_fire_elemental_fights_with_spells() -> None:
    fire = NpcKind(number=93, spells=(15,))
    foe = at(x=53)
    actions = think(fighting(foe, fire, master=9), sight(beasts=[foe], roll=Dice(1)))
    assert actions == [CastSpell(15, foe), Step(E)]


@pytest.mark.parametrize(
    ("x", "y", "near"), [(56, 56, True), (57, 50, False), (50, 43, False), (44, 44, True)]
)
def test_a_foe_is_looked_for_within_six_tiles(x: int, y: int, near: bool) -> None:
    foe = at(x=x, y=y)
    mine = fighting(foe, master=9)
    actions = think(mine, sight(beasts=[foe], roll=lowest))
    assert bool(actions) is near
    assert (mine.foe is foe) is near
    assert mine.movement == (Movement.FIGHTS_NPC if near else Movement.FOLLOWS_MASTER)


def test_a_foe_that_is_gone_is_forgotten() -> None:
    for foe in (None, at(x=51, hp=0), at(x=51, map=2)):
        wild = fighting(foe)
        assert think(wild, sight()) == []
        assert (wild.foe, wild.movement) == (None, Movement.RANDOM)


def test_an_immobilised_creature_fights_ahead_only() -> None:
    foe = at(x=51)
    ahead = fighting(foe, master=9, immobilised=1, paralysis_steps=9, heading=E)
    assert think(ahead, sight(beasts=[foe])) == [Hit(foe)]
    aside = fighting(foe, master=9, immobilised=1, paralysis_steps=9, heading=N)
    assert think(aside, sight(beasts=[foe])) == []


HUNTER = NpcKind(number=606, movement=10, max_hp=9)


def test_a_path_finder_goes_around_and_keeps_its_way_in_mind() -> None:
    prey = user(53, 50)
    walls = [(51, y) for y in range(48, 52)]
    hunter = at(HUNTER)
    steps = []
    for _ in range(20):
        actions = think(hunter, sight(prey, walls=walls))
        if not actions:
            break
        (step,) = actions
        assert isinstance(step, Step)
        steps.append(step.heading)
        dx, dy = {N: (0, -1), E: (1, 0), S: (0, 1), W: (-1, 0)}[Heading(step.heading)]
        hunter.x, hunter.y = hunter.x + dx, hunter.y + dy
    assert len(steps) == 6
    assert abs(hunter.x - 53) + abs(hunter.y - 50) == 1


def test_a_path_finder_thinks_again_when_its_way_is_blocked_or_its_prey_moved() -> None:
    hunter = at(HUNTER)
    think(hunter, sight(user(54, 50)))
    hunter.x = 51
    assert hunter.path == [(52, 50), (53, 50)]
    assert think(hunter, sight(user(51, 54))) == [Step(S)]
    assert hunter.path == [(51, 52), (51, 53)]
    blocked = at(HUNTER)
    think(blocked, sight(user(54, 50)))
    blocked.x = 51
    actions = think(blocked, sight(user(54, 50), walls=[(52, 50)]))
    assert actions in ([Step(N)], [Step(S)])


def test_a_path_finder_without_a_way_goes_anywhere() -> None:
    walls = [(53, 50), (55, 50), (54, 49), (54, 51)]
    dice = Dice(W)
    hunter = at(HUNTER)
    hunter.path = [(9, 9)]
    assert think(hunter, sight(user(54, 50), walls=walls, roll=dice)) == [Step(W)]
    assert dice.asked == [(1, 4)]
    assert hunter.path == []


@pytest.mark.parametrize(("x", "y", "sees"), [(60, 60, True), (61, 50, False), (50, 39, False)])
def test_a_path_finder_looks_ten_tiles_around(x: int, y: int, sees: bool) -> None:
    hunter = at(HUNTER, attacked_by=7)
    hunter.path = [(9, 9)]
    assert bool(think(hunter, sight(user(x, y)))) is sees
    if not sees:
        assert (hunter.path, hunter.attacked_by) == ([], 0)


def test_a_path_finder_sees_no_hidden_prey_and_does_not_move_when_held() -> None:
    assert think(at(HUNTER), sight(user(53, 50, hidden=1))) == []
    held = at(HUNTER, immobilised=1, paralysis_steps=9)
    assert think(held, sight(user(53, 50))) == []


def test_a_path_finder_casts_on_its_way() -> None:
    witch = NpcKind(number=607, movement=10, spells=(3,))
    prey = user(53, 50)
    assert think(at(witch), sight(prey, roll=Dice(1))) == [CastSpell(3, prey), Step(E)]
    assert think(at(HUNTER), sight(user(51, 50))) == []


KINDS = st.builds(
    NpcKind,
    number=st.sampled_from([1, 92, 93, 94]),
    role=st.sampled_from(NpcRole),
    movement=st.sampled_from([*Movement, 0, 7]),
    hostile=st.booleans(),
    alignment=st.integers(0, 4),
    spells=st.sampled_from([(), (1,), (1, 2)]),
    double_attack=st.booleans(),
)


@given(
    KINDS,
    st.lists(st.tuples(st.integers(44, 56), st.integers(44, 56), st.booleans()), max_size=6),
    st.sampled_from([0, 9]),
    st.integers(0, 3),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_whatever_a_creature_thinks_it_attacks_once_and_steps_where_it_may(
    kind: NpcKind,
    places: list[tuple[int, int, bool]],
    master: int,
    held: int,
    can_attack: bool,
    random: Random,
) -> None:
    roll: Roll = random.randint
    people = [
        user(x, y, number, bandit=9_000 * villain)
        for number, (x, y, villain) in enumerate(places, 1)
        if (x, y) != (50, 50)
    ]
    wolf = at(kind, master=master, attacked_by=1, can_attack=can_attack, paralysis_steps=5)
    wolf.paralysed, wolf.immobilised = held == 1, held == 2
    view = sight(*people, roll=roll)
    actions = think(wolf, view)
    attacks = [action for action in actions if isinstance(action, Hit | CastSpell)]
    steps = [action for action in actions if isinstance(action, Step)]
    assert len(attacks) <= can_attack
    assert not (attacks and wolf.can_attack)
    assert not (held == 2 and steps)
    assert not (held == 1 and actions)
    for hit in attacks:
        if isinstance(hit, Hit):
            assert abs(hit.target.x - 50) + abs(hit.target.y - 50) <= 1
