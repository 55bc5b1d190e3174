"""What every creature can do, and what it perceives: the words of which its ways are made.

Each act is added to a list, and the world carries it out; a step named is legal, an attack named is
the one the creature has. The ways themselves are in `npcs.py` and `pretorians.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyao.rules.areas import in_vision
from pyao.rules.creature import Creature
from pyao.rules.kinds import DELTAS, Heading
from pyao.rules.numbers import Roll
from pyao.rules.pathfinding import find_path
from pyao.rules.person import Person, distance
from pyao.rules.records import SpellFigures

RANDOM_STEP = 12  # one chance in so many
PATH_RANGE = 10


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
    whether this creature may stand on a tile. `beasts` are the creatures around, itself among them,
    and `spell` what a spell does: only pretorians look at either.
    """

    people: Sequence[Person]
    user_at: Callable[[int, int], Person | None]
    creature_at: Callable[[int, int], Creature | None]
    may_step: Callable[[int, int], bool]
    now: int
    roll: Roll
    no_magic: bool = False
    beasts: Callable[[], Sequence[Creature]] = tuple
    spell: Callable[[int], SpellFigures | None] = lambda _: None


def may_be_attacked(person: Person, now: int) -> bool:
    """Return whether creatures attack a user at all."""
    untouchable = person.dead or person.ignored or person.consulting or person.unseen
    return not untouchable and now >= person.protected_until


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


def around(creature: Creature) -> Iterator[tuple[int, int]]:
    """Yield the tiles within reach: all four, or the one ahead of an immobilised creature."""
    if creature.immobilised:
        dx, dy = DELTAS[creature.heading]
        yield creature.x + dx, creature.y + dy
        return
    for dx, dy in DELTAS.values():
        yield creature.x + dx, creature.y + dy


def hit(creature: Creature, target: Person | Creature, actions: list[Action]) -> None:
    """Hit somebody, if the attack of this period is still there."""
    if creature.can_attack:
        creature.can_attack = False
        actions.append(Hit(target))


def cast(
    creature: Creature, target: Person | Creature, sight: Sight, actions: list[Action]
) -> None:
    """Cast one of its spells by chance at somebody it sees, if its attack is still there."""
    spells = creature.kind.spells
    unseen = isinstance(target, Person) and target.out_of_sight
    if creature.can_attack and spells and not (sight.no_magic or unseen):
        creature.can_attack = False
        actions.append(CastSpell(spells[sight.roll(1, len(spells)) - 1], target))


def step(creature: Creature, heading: int, sight: Sight, actions: list[Action]) -> bool:
    """Go a tile, if it may and can; return whether it may."""
    if not heading or creature.immobilised:
        return False
    dx, dy = DELTAS[heading]
    legal = sight.may_step(creature.x + dx, creature.y + dy)
    if legal:
        actions.append(Step(heading))
    return legal


def step_at_random(
    creature: Creature, sight: Sight, actions: list[Action], odds: int = RANDOM_STEP
) -> None:
    """Go a tile anywhere, once in so many times."""
    if not creature.immobilised and sight.roll(1, odds) == 1:
        step(creature, sight.roll(Heading.NORTH, Heading.WEST), sight, actions)


def approach(
    creature: Creature, target: Person | Creature, sight: Sight, actions: list[Action]
) -> None:
    """Go a tile nearer."""
    heading = heading_to(creature, target.x, target.y, sight.roll)
    step(creature, heading, sight, actions)


def sees(creature: Creature, target: Person | Creature) -> bool:
    """Return whether a target is in vision, for an immobilised creature straight ahead."""
    dx, dy = target.x - creature.x, target.y - creature.y
    if not in_vision(dx, dy):
        return False
    if not creature.immobilised:
        return True
    ahead_x, ahead_y = DELTAS[creature.heading]
    return dx * ahead_y == dy * ahead_x and dx * ahead_x + dy * ahead_y > 0


def first_in_sight(
    creature: Creature, sight: Sight, wanted: Callable[[Person], bool]
) -> Person | None:
    """Return the first target in sight that is wanted."""
    for person in sight.people:
        if sees(creature, person) and is_target(person, sight.now) and wanted(person):
            return person
    return None


def find_way(creature: Creature, sight: Sight, actions: list[Action]) -> None:
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
    cast(creature, target, sight, actions)
    goal = (target.x, target.y)
    if not _leads_to(creature, goal, sight):
        found = find_path((creature.x, creature.y), goal, sight.may_step)
        if found is None:
            creature.path.clear()
            step(creature, sight.roll(Heading.NORTH, Heading.WEST), sight, actions)
            return
        creature.path = found
    if creature.path and not creature.immobilised:
        x, y = creature.path.pop(0)
        step(creature, heading_next_to(creature, x, y), sight, actions)


def _leads_to(creature: Creature, goal: tuple[int, int], sight: Sight) -> bool:
    """Return whether the way in mind begins here, is free, and still ends next to the goal."""
    path = creature.path
    if not path:
        return False
    begins = heading_next_to(creature, *path[0]) and sight.may_step(*path[0])
    return bool(begins) and distance(*path[-1], *goal) <= 1
