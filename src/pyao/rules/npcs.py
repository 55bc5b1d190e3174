"""What creatures decide: whom to attack, what to cast, where to go.

`think` is one step of thought. It changes what the creature has in mind and answers with actions,
which the world carries out. What they are made of is in `instincts.py`. Follows
ao-libre/ao-server, AI_NPC.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pyao.rules import pretorians
from pyao.rules.creature import EARTH_ELEMENTAL, FIRE_ELEMENTAL, WATER_ELEMENTAL, Creature
from pyao.rules.instincts import (
    Action,
    Refuse,
    Sight,
    Turn,
    approach,
    around,
    cast,
    find_way,
    first_in_sight,
    heading_next_to,
    hit,
    is_target,
    may_be_attacked,
    sees,
    step_at_random,
)
from pyao.rules.kinds import Faction, Movement, NpcRole
from pyao.rules.person import Person, distance

IDLE_STEP = 11  # of one that found nobody to chase
OBJECT_CHANCE = 3  # an object lets one of so many candidates go
MASTER_DISTANCE = 3
FOE_RANGE = 6
LOYAL_ONLY = (FIRE_ELEMENTAL, EARTH_ELEMENTAL)  # do not come to help unasked


def think(creature: Creature, sight: Sight) -> list[Action]:
    """Decide what a creature does now; a paralysed one only counts down.

    One whose movement is none of those known attacks who stands next to it, and goes nowhere.
    """
    if creature.held:
        creature.paralysis_steps -= 1
        if creature.paralysis_steps <= 0:
            creature.free()
    if creature.owner and sight.now >= creature.owned_until:
        creature.owner = 0
    actions: list[Action] = []
    if creature.paralysed or creature.movement == Movement.STILL:
        return actions
    if not creature.master:
        _attack_next_to(creature, sight, actions)
    way = _WAYS.get(creature.movement)
    if way is not None:
        way(creature, sight, actions)
    return actions


# --- the attack phase ------------------------------------------------------------------------


def _attack_next_to(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Look around for somebody to attack, by what the creature is; pretorians have their ways."""
    if creature.kind.role == NpcRole.PRETORIAN:
        return
    if creature.kind.role == NpcRole.ROYAL_GUARD:
        _guard(creature, sight, actions, criminals=True)
    elif creature.kind.role == NpcRole.CHAOS_GUARD:
        _guard(creature, sight, actions, criminals=False)
    elif creature.hostile and creature.kind.alignment:
        _be_evil(creature, sight, actions)
    elif creature.hostile:
        _defend(creature, sight, actions)


def _guard(creature: Creature, sight: Sight, actions: list[Action], *, criminals: bool) -> None:
    for x, y in around(creature):
        user = sight.user_at(x, y)
        if user is None or not may_be_attacked(user, sight.now):
            continue
        if user.criminal is criminals or user.user_id == creature.attacked_by:
            hit(creature, user, actions)
            return
    creature.restore()


def _be_evil(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Attack whoever stands next to it, seen or not, or a player's pet."""
    for x, y in around(creature):
        user = sight.user_at(x, y)
        if user is not None and may_be_attacked(user, sight.now):
            lets_go = creature.movement == Movement.OBJECT and sight.roll(1, OBJECT_CHANCE) == 1
            if not lets_go:
                _assault(creature, user, sight, actions)
                return
            continue
        pet = sight.creature_at(x, y)
        if pet is not None and pet.master and not pet.held:
            hit(creature, pet, actions)
            return
    creature.restore()


def _defend(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Attack the one who attacked it, if it stands next to it."""
    for x, y in around(creature):
        user = sight.user_at(x, y)
        if (
            user is not None
            and user.user_id == creature.attacked_by
            and may_be_attacked(user, sight.now)
        ):
            _assault(creature, user, sight, actions)
            return


def _assault(creature: Creature, user: Person, sight: Sight, actions: list[Action]) -> None:
    """Cast at or hit a user next to it; one that does both has a coin decide."""
    if creature.kind.spells:
        if creature.kind.double_attack and sight.roll(0, 1) == 1:
            hit(creature, user, actions)
            return
        heading = heading_next_to(creature, user.x, user.y)
        if heading and heading != creature.heading:
            actions.append(Turn(heading))
        cast(creature, user, sight, actions)
    hit(creature, user, actions)


# --- the movement phase ----------------------------------------------------------------------


def _wander(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go about at random; guards keep an eye on their enemies."""
    step_at_random(creature, sight, actions)
    if creature.guard and not creature.immobilised:
        _chase_enemy(creature, sight, actions)


def _chase(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go after its owner of the moment, else after the first target in sight."""
    target = None
    if creature.owner and not creature.immobilised:
        target = first_in_sight(creature, sight, lambda person: person.user_id == creature.owner)
    target = target or first_in_sight(creature, sight, lambda _: True)
    if target is not None:
        cast(creature, target, sight, actions)
        approach(creature, target, sight, actions)
        return
    step_at_random(creature, sight, actions, IDLE_STEP)
    creature.restore()


def _chase_aggressor(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go after the one who attacked it; a pet obeys the law its master obeys."""
    target = next(
        (
            person
            for person in sight.people
            if person.user_id == creature.attacked_by and sees(creature, person)
        ),
        None,
    )
    forbids = None if target is None else _who_forbids(creature, target, sight)
    if target is None or forbids is not None:
        actions += [Refuse(forbids)] if forbids is not None else []
        _forget(creature)
        return
    if not is_target(target, sight.now):
        return
    if creature.kind.spells:
        cast(creature, target, sight, actions)
    elif (
        distance(creature.x, creature.y, target.x, target.y) <= 1
        and creature.kind.number != WATER_ELEMENTAL
    ):
        hit(creature, target, actions)
    approach(creature, target, sight, actions)


def _who_forbids(creature: Creature, target: Person, sight: Sight) -> Person | None:
    """Return the master for whose sake a pet may not attack this user."""
    master = _master(creature, sight)
    if master is None or master.criminal or target.criminal:
        return None
    return master if master.safe or master.faction is Faction.ROYAL else None


def _chase_enemy(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go after the first enemy in sight: criminals for royal guards, citizens for chaos."""
    criminals = creature.kind.role != NpcRole.CHAOS_GUARD
    target = first_in_sight(creature, sight, lambda person: person.criminal is criminals)
    if target is None:
        creature.restore()
        return
    cast(creature, target, sight, actions)
    approach(creature, target, sight, actions)


def _lie_in_wait(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Stay, and attack those in sight two times out of three."""
    for person in sight.people:
        if not (sees(creature, person) and is_target(person, sight.now)):
            continue
        if sight.roll(1, OBJECT_CHANCE) == 1:
            continue
        cast(creature, person, sight, actions)
        if distance(creature.x, creature.y, person.x, person.y) <= 1:
            hit(creature, person, actions)
        return


def _follow_master(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Keep near the master when there is nobody to fight."""
    master = _master(creature, sight)
    if (
        master is not None
        and creature.foe is None
        and not creature.attacked_by
        and sees(creature, master)
        and not (master.dead or master.out_of_sight)
        and distance(creature.x, creature.y, master.x, master.y) > MASTER_DISTANCE
    ):
        approach(creature, master, sight, actions)
    step_at_random(creature, sight, actions)


def _fight_creature(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Fight another creature; the fire elemental does it with spells."""
    foe = creature.foe
    if foe is None or foe.hp <= 0 or foe.map != creature.map or not _near(creature, foe):
        _forget(creature)
        return
    if creature.kind.number == FIRE_ELEMENTAL:
        cast(creature, foe, sight, actions)
    elif distance(creature.x, creature.y, foe.x, foe.y) <= 1:
        hit(creature, foe, actions)
    approach(creature, foe, sight, actions)


def _near(creature: Creature, foe: Creature) -> bool:
    dx, dy = foe.x - creature.x, foe.y - creature.y
    within = abs(dx) <= FOE_RANGE and abs(dy) <= FOE_RANGE
    return within and (not creature.immobilised or sees(creature, foe))


def _master(creature: Creature, sight: Sight) -> Person | None:
    return next((person for person in sight.people if person.user_id == creature.master), None)


def _forget(creature: Creature) -> None:
    """Give up a fight: a pet goes back to its master, others to their ways."""
    creature.foe = None
    if creature.master:
        creature.attacked_by = 0
        creature.movement = Movement.FOLLOWS_MASTER
    else:
        creature.restore()


_Way = Callable[[Creature, Sight, list[Action]], None]
_WAYS: Mapping[int, _Way] = MappingProxyType(
    {
        Movement.RANDOM: _wander,
        Movement.HOSTILE: _chase,
        Movement.DEFENDS: _chase_aggressor,
        Movement.GUARD: _chase_enemy,
        Movement.OBJECT: _lie_in_wait,
        Movement.FOLLOWS_MASTER: _follow_master,
        Movement.FIGHTS_NPC: _fight_creature,
        Movement.PATH_FINDING: find_way,
        Movement.CLAN_HEALER: pretorians.heal_clan,
        Movement.CLAN_SWORDSMAN: pretorians.charge,
        Movement.CLAN_CASTER: pretorians.blast,
        Movement.CLAN_ARCHER: pretorians.shoot,
        Movement.CLAN_KING: pretorians.reign,
    }
)
