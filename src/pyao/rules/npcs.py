"""What creatures decide: whom to attack, what to cast, where to go.

`think` is one step of thought. It changes what the creature has in mind and answers with actions,
which the world carries out; a step it names is legal, an attack it names is the one the creature
has. Follows ao-libre/ao-server, AI_NPC.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from pyao.rules.areas import in_vision
from pyao.rules.creature import EARTH_ELEMENTAL, FIRE_ELEMENTAL, WATER_ELEMENTAL, Creature
from pyao.rules.kinds import DELTAS, Faction, Heading, Movement, NpcRole
from pyao.rules.numbers import Roll
from pyao.rules.pathfinding import find_path
from pyao.rules.person import Person, distance

RANDOM_STEP = 12  # one chance in so many
IDLE_STEP = 11  # of one that found nobody to chase
OBJECT_CHANCE = 3  # an object lets one of so many candidates go
MASTER_DISTANCE = 3
FOE_RANGE = 6
PATH_RANGE = 10
LOYAL_ONLY = (FIRE_ELEMENTAL, EARTH_ELEMENTAL)  # do not come to help unasked


class Hit(NamedTuple):
    """Turn to somebody next to one and hit."""

    target: Person | Creature


class CastSpell(NamedTuple):
    """Cast a spell at somebody in sight."""

    spell: int
    target: Person | Creature


class Turn(NamedTuple):
    """Look another way."""

    heading: int


class Step(NamedTuple):
    """Go one tile."""

    heading: int


class Refuse(NamedTuple):
    """Let the master know that the law forbids its pet this fight."""

    master: Person


Action = Hit | CastSpell | Turn | Step | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a creature perceives: those who may be near, and what is on the tiles around.

    `people` are users of the map in the order of its list, at least all in sight. `may_step` tells
    whether this creature may stand on a tile.
    """

    people: Sequence[Person]
    user_at: Callable[[int, int], Person | None]
    creature_at: Callable[[int, int], Creature | None]
    may_step: Callable[[int, int], bool]
    now: int
    roll: Roll
    no_magic: bool = False


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


def may_be_attacked(person: Person, now: int) -> bool:
    """Return whether creatures attack a user at all."""
    untouchable = person.dead or person.ignored or person.consulting or person.unseen
    return not untouchable and now >= person.effects.protected_until


def is_target(person: Person, now: int) -> bool:
    """Return whether creatures see a user and go after it."""
    return not person.out_of_sight and may_be_attacked(person, now)


def heading_to(creature: Creature, x: int, y: int, roll: Roll) -> int:
    """Return the heading towards a tile, by chance one of two useful ones; 0 when there."""
    dx, dy = x - creature.x, y - creature.y
    across = 0 if not dx else Heading.EAST if dx > 0 else Heading.WEST
    along = 0 if not dy else Heading.SOUTH if dy > 0 else Heading.NORTH
    if across and along:
        return across if roll(1, 2) == 1 else along
    return across or along


def heading_next_to(creature: Creature, x: int, y: int) -> int:
    """Return the heading of a tile right next to a creature, or 0."""
    step = (x - creature.x, y - creature.y)
    return next((heading for heading, delta in DELTAS.items() if delta == step), 0)


# --- the attack phase ------------------------------------------------------------------------


def _attack_next_to(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Look around for somebody to attack, by what the creature is."""
    if creature.kind.role == NpcRole.ROYAL_GUARD:
        _guard(creature, sight, actions, criminals=True)
    elif creature.kind.role == NpcRole.CHAOS_GUARD:
        _guard(creature, sight, actions, criminals=False)
    elif creature.hostile and creature.kind.alignment:
        _be_evil(creature, sight, actions)
    elif creature.hostile:
        _defend(creature, sight, actions)


def _around(creature: Creature) -> Iterator[tuple[int, int]]:
    """Yield the tiles within reach: all four, or the one ahead of an immobilised creature."""
    if creature.immobilised:
        dx, dy = DELTAS[creature.heading]
        yield creature.x + dx, creature.y + dy
        return
    for dx, dy in DELTAS.values():
        yield creature.x + dx, creature.y + dy


def _guard(creature: Creature, sight: Sight, actions: list[Action], *, criminals: bool) -> None:
    for x, y in _around(creature):
        user = sight.user_at(x, y)
        if user is None or not may_be_attacked(user, sight.now):
            continue
        if user.criminal is criminals or user.user_id == creature.attacked_by:
            _hit(creature, user, actions)
            return
    creature.restore()


def _be_evil(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Attack whoever stands next to it, seen or not, or a player's pet."""
    for x, y in _around(creature):
        user = sight.user_at(x, y)
        if user is not None and may_be_attacked(user, sight.now):
            lets_go = creature.movement == Movement.OBJECT and sight.roll(1, OBJECT_CHANCE) == 1
            if not lets_go:
                _assault(creature, user, sight, actions)
                return
            continue
        pet = sight.creature_at(x, y)
        if pet is not None and pet.master and not pet.held:
            _hit(creature, pet, actions)
            return
    creature.restore()


def _defend(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Attack the one who attacked it, if it stands next to it."""
    for x, y in _around(creature):
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
            _hit(creature, user, actions)
            return
        heading = heading_next_to(creature, user.x, user.y)
        if heading and heading != creature.heading:
            actions.append(Turn(heading))
        _cast(creature, user, sight, actions)
    _hit(creature, user, actions)


def _hit(creature: Creature, target: Person | Creature, actions: list[Action]) -> None:
    if creature.can_attack:
        creature.can_attack = False
        actions.append(Hit(target))


def _cast(
    creature: Creature, target: Person | Creature, sight: Sight, actions: list[Action]
) -> None:
    spells = creature.kind.spells
    unseen = isinstance(target, Person) and target.out_of_sight
    if creature.can_attack and spells and not (sight.no_magic or unseen):
        creature.can_attack = False
        actions.append(CastSpell(spells[sight.roll(1, len(spells)) - 1], target))


# --- the movement phase ----------------------------------------------------------------------


def _step(creature: Creature, heading: int, sight: Sight, actions: list[Action]) -> bool:
    if not heading or creature.immobilised:
        return False
    dx, dy = DELTAS[heading]
    legal = sight.may_step(creature.x + dx, creature.y + dy)
    if legal:
        actions.append(Step(heading))
    return legal


def _step_at_random(
    creature: Creature, sight: Sight, actions: list[Action], odds: int = RANDOM_STEP
) -> None:
    if not creature.immobilised and sight.roll(1, odds) == 1:
        _step(creature, sight.roll(Heading.NORTH, Heading.WEST), sight, actions)


def _approach(
    creature: Creature, target: Person | Creature, sight: Sight, actions: list[Action]
) -> None:
    heading = heading_to(creature, target.x, target.y, sight.roll)
    _step(creature, heading, sight, actions)


def _sees(creature: Creature, target: Person | Creature) -> bool:
    """Return whether a target is in vision, for an immobilised creature straight ahead."""
    dx, dy = target.x - creature.x, target.y - creature.y
    if not in_vision(dx, dy):
        return False
    if not creature.immobilised:
        return True
    ahead_x, ahead_y = DELTAS[creature.heading]
    return dx * ahead_y == dy * ahead_x and dx * ahead_x + dy * ahead_y > 0


def _first(creature: Creature, sight: Sight, wanted: Callable[[Person], bool]) -> Person | None:
    """Return the first target in sight that is wanted."""
    for person in sight.people:
        if _sees(creature, person) and is_target(person, sight.now) and wanted(person):
            return person
    return None


def _wander(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go about at random; guards keep an eye on their enemies."""
    _step_at_random(creature, sight, actions)
    if creature.guard and not creature.immobilised:
        _chase_enemy(creature, sight, actions)


def _chase(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go after its owner of the moment, else after the first target in sight."""
    target = None
    if creature.owner and not creature.immobilised:
        target = _first(creature, sight, lambda person: person.user_id == creature.owner)
    target = target or _first(creature, sight, lambda _: True)
    if target is not None:
        _cast(creature, target, sight, actions)
        _approach(creature, target, sight, actions)
        return
    _step_at_random(creature, sight, actions, IDLE_STEP)
    creature.restore()


def _chase_aggressor(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go after the one who attacked it; a pet obeys the law its master obeys."""
    target = next(
        (
            person
            for person in sight.people
            if person.user_id == creature.attacked_by and _sees(creature, person)
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
        _cast(creature, target, sight, actions)
    elif (
        distance(creature.x, creature.y, target.x, target.y) <= 1
        and creature.kind.number != WATER_ELEMENTAL
    ):
        _hit(creature, target, actions)
    _approach(creature, target, sight, actions)


def _who_forbids(creature: Creature, target: Person, sight: Sight) -> Person | None:
    """Return the master for whose sake a pet may not attack this user."""
    master = _master(creature, sight)
    if master is None or master.criminal or target.criminal:
        return None
    return master if master.safe or master.faction is Faction.ROYAL else None


def _chase_enemy(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go after the first enemy in sight: criminals for royal guards, citizens for chaos."""
    criminals = creature.kind.role != NpcRole.CHAOS_GUARD
    target = _first(creature, sight, lambda person: person.criminal is criminals)
    if target is None:
        creature.restore()
        return
    _cast(creature, target, sight, actions)
    _approach(creature, target, sight, actions)


def _lie_in_wait(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Stay, and attack those in sight two times out of three."""
    for person in sight.people:
        if not (_sees(creature, person) and is_target(person, sight.now)):
            continue
        if sight.roll(1, OBJECT_CHANCE) == 1:
            continue
        _cast(creature, person, sight, actions)
        if distance(creature.x, creature.y, person.x, person.y) <= 1:
            _hit(creature, person, actions)
        return


def _follow_master(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Keep near the master when there is nobody to fight."""
    master = _master(creature, sight)
    if (
        master is not None
        and creature.foe is None
        and not creature.attacked_by
        and _sees(creature, master)
        and not (master.dead or master.out_of_sight)
        and distance(creature.x, creature.y, master.x, master.y) > MASTER_DISTANCE
    ):
        _approach(creature, master, sight, actions)
    _step_at_random(creature, sight, actions)


def _fight_creature(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Fight another creature; the fire elemental does it with spells."""
    foe = creature.foe
    if foe is None or foe.hp <= 0 or foe.map != creature.map or not _near(creature, foe):
        _forget(creature)
        return
    if creature.kind.number == FIRE_ELEMENTAL:
        _cast(creature, foe, sight, actions)
    elif distance(creature.x, creature.y, foe.x, foe.y) <= 1:
        _hit(creature, foe, actions)
    _approach(creature, foe, sight, actions)


def _near(creature: Creature, foe: Creature) -> bool:
    dx, dy = foe.x - creature.x, foe.y - creature.y
    within = abs(dx) <= FOE_RANGE and abs(dy) <= FOE_RANGE
    return within and (not creature.immobilised or _sees(creature, foe))


def _find_way(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Go the shortest way to the first target within ten tiles; without one, anywhere."""
    target = next(
        (
            person
            for person in sight.people
            if max(abs(person.x - creature.x), abs(person.y - creature.y)) <= PATH_RANGE
            and is_target(person, sight.now)
        ),
        None,
    )
    if target is None:
        creature.path.clear()
        creature.restore()
        return
    _cast(creature, target, sight, actions)
    goal = (target.x, target.y)
    if not _leads_to(creature, goal, sight):
        found = find_path((creature.x, creature.y), goal, sight.may_step)
        if found is None:
            creature.path.clear()
            _step(creature, sight.roll(Heading.NORTH, Heading.WEST), sight, actions)
            return
        creature.path = found
    if creature.path and not creature.immobilised:
        x, y = creature.path.pop(0)
        _step(creature, heading_next_to(creature, x, y), sight, actions)


def _leads_to(creature: Creature, goal: tuple[int, int], sight: Sight) -> bool:
    """Return whether the way in mind begins here, is free, and still ends next to the goal."""
    path = creature.path
    if not path:
        return False
    begins = heading_next_to(creature, *path[0]) and sight.may_step(*path[0])
    return bool(begins) and distance(*path[-1], *goal) <= 1


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
        Movement.PATH_FINDING: _find_way,
    }
)
