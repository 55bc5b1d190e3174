"""How the pretorians fight, who stand together: king, healers, casters, archers, swordsmen.

Follows ao-libre/ao-server, praetorians.bas, in what each rank does; where they stand is the map's
business.
"""

from __future__ import annotations

from collections.abc import Callable

from pyao.rules.creature import Creature
from pyao.rules.instincts import (
    Action,
    CastSpell,
    Sight,
    around,
    cast,
    find_way,
    first_in_sight,
    heading_to,
    hit,
    is_target,
    may_be_attacked,
    sees,
    step,
)
from pyao.rules.kinds import Direction, SpellTarget
from pyao.rules.person import Person, distance
from pyao.rules.records import SpellFigures
from pyao.rules.spells import has_effect

ARCHER_DISTANCE = 3


def heal_clan(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Free and heal the clan; when all are well, harm users and their pets."""
    if not _help_clan(creature, sight, actions):
        _harm(creature, sight, actions)
    _hit_next_to(creature, sight, actions)


def charge(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Hit who stands next to it, and go the shortest way to the next one."""
    _hit_next_to(creature, sight, actions)
    find_way(creature, sight, actions)


def reign(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Help the clan and daze users; go after them when nobody is left to do it."""
    heal_clan(creature, sight, actions)
    if len(_clan(creature, sight)) == 1:
        find_way(creature, sight, actions)


def blast(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Bring to light who is unseen, and harm those who are seen."""
    reveals = _spell_for(creature, sight, lambda spell: has_effect(spell, "reveals"))
    unseen = (
        person
        for person in sight.people
        if person.out_of_sight and may_be_attacked(person, sight.now) and sees(creature, person)
    )
    target = next(unseen, None)
    if target is not None and reveals:
        _cast_one(creature, reveals, target, sight, actions)
    _harm(creature, sight, actions)
    _hit_next_to(creature, sight, actions)


def shoot(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Shoot at the farthest user in sight, and keep away from those who come near."""
    seen = [one for one in sight.people if sees(creature, one) and is_target(one, sight.now)]
    if not seen:
        return
    seen.sort(key=lambda one: distance(creature.x, creature.y, one.x, one.y))
    near, far = seen[0], seen[-1]
    cast(creature, far, sight, actions)
    if distance(creature.x, creature.y, near.x, near.y) <= ARCHER_DISTANCE:
        away = (2 * creature.x - near.x, 2 * creature.y - near.y)
        step(creature, heading_to(creature, *away, sight.roll), sight, actions)


def _hit_next_to(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    users = (sight.user_at(x, y) for x, y in around(creature))
    foe = next((one for one in users if one and may_be_attacked(one, sight.now)), None)
    if foe is not None:
        hit(creature, foe, actions)


def _help_clan(creature: Creature, sight: Sight, actions: list[Action]) -> bool:
    """Do the first of the clan who needs it the good that one's spells can do."""
    for ally in _clan(creature, sight):
        needs = (
            (ally.held, lambda spell: has_effect(spell, "frees")),
            (ally.poisoned, lambda spell: has_effect(spell, "cures_poison")),
            (ally.hp * 2 < ally.kind.max_hp, lambda spell: spell.hp.direction == Direction.RAISE),
        )
        for needed, fits in needs:
            spell = _spell_for(creature, sight, fits) if needed else 0
            if spell:
                _cast_one(creature, spell, ally, sight, actions)
                return True
    return False


def _harm(creature: Creature, sight: Sight, actions: list[Action]) -> None:
    """Cast what harms at the first user in sight; what is for creatures only at pets."""
    target = first_in_sight(creature, sight, lambda _: True)
    if target is not None:
        spell = _spell_for(creature, sight, lambda spell: _harms(spell, target))
        if spell:
            _cast_one(creature, spell, target, sight, actions)
    pets = (one for one in sight.beasts() if one.master and not one.held and sees(creature, one))
    pet = next(pets, None)
    if pet is not None:
        spell = _spell_for(creature, sight, _roots_creatures)
        if spell:
            _cast_one(creature, spell, pet, sight, actions)


def _harms(spell: SpellFigures, target: Person) -> bool:
    """Return whether a spell makes anything worse for a user."""
    roots = has_effect(spell, "paralyses") or has_effect(spell, "immobilises")
    return spell.target != SpellTarget.CREATURES_ONLY and (
        spell.hp.direction == Direction.LOWER
        or (roots and not target.paralysed)
        or (has_effect(spell, "stuns") and not target.stunned)
        or (has_effect(spell, "blinds") and not target.blinded)
    )


def _roots_creatures(spell: SpellFigures) -> bool:
    return spell.target == SpellTarget.CREATURES_ONLY and has_effect(spell, "paralyses")


def _clan(creature: Creature, sight: Sight) -> list[Creature]:
    return [one for one in sight.beasts() if one.kind.role == creature.kind.role]


def _spell_for(creature: Creature, sight: Sight, fits: Callable[[SpellFigures], bool]) -> int:
    """Return one of a creature's spells that fits, by chance; 0 when none does."""
    known = ((number, sight.spell(number)) for number in creature.kind.spells)
    fitting = [number for number, spell in known if spell is not None and fits(spell)]
    return fitting[sight.roll(1, len(fitting)) - 1] if fitting else 0


def _cast_one(
    creature: Creature,
    spell: int,
    target: Person | Creature,
    sight: Sight,
    actions: list[Action],
) -> None:
    if creature.can_attack and not sight.no_magic:
        creature.can_attack = False
        actions.append(CastSpell(spell, target))
