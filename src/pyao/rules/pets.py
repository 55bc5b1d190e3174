"""Creatures with a master: taming, summoning, commands, and whom they fight.

Follows ao-libre/ao-server, Trabajo.bas (DoDomar) and MODULO_NPCs.bas.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from pyao.rules.character import Character
from pyao.rules.creature import Creature
from pyao.rules.kinds import Movement, Skill
from pyao.rules.npcs import LOYAL_ONLY
from pyao.rules.numbers import Roll
from pyao.rules.options import Options
from pyao.rules.person import Person, distance
from pyao.rules.records import CreatureFigures
from pyao.rules.spells import ELVEN_FLUTE

PETS_MAX = 3
SAME_KIND_MAX = 2
TAME_RANGE = 2
COMMAND_RANGE = 10
TAME_ODDS = 5
MAGIC_FLUTE = 208


class TameProblem(Enum):
    """Why a creature cannot be tamed; the value is the key of the text told."""

    DEAD = "action.dead"
    NOT_TAMEABLE = "tame.not_tameable"
    TOO_FAR = "action.too_far"
    FIGHTING = "tame.fighting"
    ALREADY = "tame.already"
    TOO_MANY = "tame.too_many"
    ANOTHERS = "tame.anothers"
    SAME_KIND = "tame.same_kind"


class Tamed(Enum):
    """How an attempt went."""

    TAMED = "tamed"
    FAILED = "failed"


class CommandProblem(Enum):
    """Why a pet does not obey; the value is the key of the text told."""

    DEAD = "action.dead"
    NOT_YOURS = "pet.not_yours"
    TOO_FAR = "action.too_far"


def tame_need(who: Person, taming: int) -> int:
    """Return the points a creature takes: fewer with the elven or the magic flute in the ring."""
    ring = who.gear.ring
    number = ring.number if ring is not None else 0
    if number == ELVEN_FLUTE:
        return round(0.8 * taming)
    return round(0.89 * taming) if number == MAGIC_FLUTE else taming


def tame(
    who: Person, creature: Creature, pets: Sequence[Creature], roll: Roll
) -> TameProblem | Tamed:
    """Try to tame a creature; the caller trains the skill by how it went."""
    problem = _check_tame(who, creature, pets)
    if problem is not None:
        return problem
    points = who.current.charisma * who.skill(Skill.TAMING)
    if tame_need(who, creature.kind.taming) > points or roll(1, TAME_ODDS) != 1:
        return Tamed.FAILED
    creature.master = who.user_id
    creature.owner = creature.attacked_by = 0
    creature.foe = None
    follow(creature)
    return Tamed.TAMED


def summoned(kind: CreatureFigures, who: Person, now: int, options: Options) -> Creature:
    """Make a creature that a spell calls: it follows its master, and not for long."""
    creature = Creature.of(kind)
    creature.experience = creature.pool = 0
    creature.master = who.user_id
    creature.dies_at = now + options.times.summon
    follow(creature)
    return creature


def follow(pet: Creature) -> None:
    """Keep near the master."""
    pet.movement = Movement.FOLLOWS_MASTER


def stay(pet: Creature) -> None:
    """Stand still until told otherwise."""
    pet.movement = Movement.STILL


def remember(who: Character, kinds: Sequence[int]) -> bool:
    """Note the kinds of one's tamed creatures; return whether they are others than before."""
    before = (who.pet_1, who.pet_2, who.pet_3)
    who.pet_1, who.pet_2, who.pet_3 = (*kinds, *(0,) * PETS_MAX)[:PETS_MAX]
    return before != (who.pet_1, who.pet_2, who.pet_3)


def remembered(who: Character) -> list[int]:
    """Return the kinds of the creatures one has tamed."""
    return [number for number in (who.pet_1, who.pet_2, who.pet_3) if number]


def check_command(who: Person, pet: Creature) -> CommandProblem | None:
    """Return why a pet does not obey, or None."""
    if who.dead:
        return CommandProblem.DEAD
    if pet.master != who.user_id:
        return CommandProblem.NOT_YOURS
    away = distance(who.x, who.y, pet.x, pet.y)
    return CommandProblem.TOO_FAR if away > COMMAND_RANGE else None


def fight(pet: Creature, foe: Creature, *, unasked: bool = False) -> bool:
    """Set a pet on a creature; return whether it goes.

    `unasked`: the foe attacked the master. Fire and earth elementals do not help then.
    """
    if foe.master == pet.master or pet is foe or (unasked and pet.kind.number in LOYAL_ONLY):
        return False
    pet.foe = foe
    pet.movement = Movement.FIGHTS_NPC
    return True


def fight_back(creature: Creature, aggressor: Creature) -> None:
    """Let a creature that another attacked defend itself."""
    creature.foe = aggressor
    creature.movement = Movement.FIGHTS_NPC


def avenge(pet: Creature, aggressor: Person) -> None:
    """Set a pet on the user who attacked its master."""
    if aggressor.user_id != pet.master:
        pet.attacked_by = aggressor.user_id
        pet.foe = None
        pet.movement = Movement.DEFENDS


def come_back(pet: Creature) -> None:
    """Forget every fight and follow the master, as when the foe is dead."""
    pet.foe = None
    pet.attacked_by = 0
    follow(pet)


def _check_tame(who: Person, creature: Creature, pets: Sequence[Creature]) -> TameProblem | None:
    same_kind = sum(pet.kind.number == creature.kind.number for pet in pets)
    away = distance(who.x, who.y, creature.x, creature.y)
    checks = (
        (TameProblem.DEAD, who.dead),
        (TameProblem.NOT_TAMEABLE, creature.kind.taming <= 0),
        (TameProblem.TOO_FAR, away > TAME_RANGE),
        (TameProblem.FIGHTING, bool(creature.attacked_by)),
        (TameProblem.ALREADY, creature.master == who.user_id),
        (TameProblem.TOO_MANY, len(pets) >= PETS_MAX),
        (TameProblem.ANOTHERS, bool(creature.master)),
        (TameProblem.SAME_KIND, same_kind >= SAME_KIND_MAX),
    )
    return next((problem for problem, applies in checks if applies), None)
