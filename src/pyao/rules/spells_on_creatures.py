"""What spells do to creatures and to a tile: one function per effect, listed under its data's name.

A new effect is a function and its row in a table at the end. Follows ao-libre/ao-server,
modHechizos.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pyao.rules import deeds
from pyao.rules.appearance import Look
from pyao.rules.casting import Casting, Fizzle, Outcome, changed, fizzle, rolled, run
from pyao.rules.creature import Creature
from pyao.rules.fight import wound
from pyao.rules.kinds import CharClass, Direction, Faction, NpcRole
from pyao.rules.permissions import Refused, may_attack_creature, may_help_creature
from pyao.rules.spells import ELVEN_FLUTE, bears_ring, spell_base, with_instruments

PETS_MAX = 3

OnCreature = Callable[[Casting[Creature], Outcome], bool]
OnGround = Callable[[Casting[None], Outcome], bool]


def cast_on_creature(casting: Casting[Creature]) -> Outcome:
    """Let a spell act on a creature; if it took place, pay for it and learn from it."""
    return run(casting, CREATURE_EFFECTS)


def cast_on_ground(casting: Casting[None]) -> Outcome:
    """Let a spell act on a tile; if it took place, pay for it and learn from it."""
    return run(casting, GROUND_EFFECTS)


def _harm_creature(c: Casting[Creature], out: Outcome, *, paralysing: bool = False) -> bool:
    """Attack the target, once for all effects of a spell."""
    if out.attacked:
        return True
    answer = may_attack_creature(
        c.caster,
        c.target,
        c.here,
        c.now,
        c.ties,
        paralysing=paralysing,
        ownership=c.options.creature_ownership,
    )
    if isinstance(answer, Refused):
        out.problem = answer
        return False
    out.attacked = True
    out.standing = deeds.attack_creature(c.caster, c.target, answer, c.here, c.now, c.options)
    return True


def _help_creature(c: Casting[Creature], out: Outcome) -> bool:
    answer = may_help_creature(c.caster, c.target, c.ties.owner)
    if isinstance(answer, Refused):
        out.problem = answer
        return False
    out.helped = True
    out.standing = deeds.help_somebody(c.caster, answer, c.now, c.options)
    return True


def change_creature_life(c: Casting[Creature], out: Outcome) -> bool:
    """Heal a creature, or hurt it by level and instruments, less its magic defence."""
    change, target = c.spell.hp, c.target
    if change.direction == Direction.RAISE:
        if not _help_creature(c, out):
            return False
        points = spell_base(rolled(c, change), c.caster.level)
        out.healing = min(points, target.kind.max_hp - target.hp)
        target.hp += out.healing
        return changed(out, "hp")
    if not _harm_creature(c, out):
        return False
    points = spell_base(rolled(c, change), c.caster.level)
    points = with_instruments(c.caster, points, staff_affected=c.spell.staff_affected)
    out.damage = max(points - target.kind.magic_defense, 0)
    out.experience = wound(target, out.damage)
    out.killed = target.hp <= 0
    return changed(out, "hp")


def poison_creature(c: Casting[Creature], out: Outcome) -> bool:
    """Poison a creature, which hurts nobody but is remembered."""
    if not _harm_creature(c, out):
        return False
    c.target.poisoned = True
    return changed(out, "poisons")


def cure_creature(c: Casting[Creature], out: Outcome) -> bool:
    """Cure a creature's poison."""
    if not _help_creature(c, out):
        return False
    c.target.poisoned = False
    return changed(out, "cures_poison")


def paralyse_creature(c: Casting[Creature], out: Outcome) -> bool:
    """Take a creature's power to act."""
    return _root_creature(c, out, "paralyses")


def immobilise_creature(c: Casting[Creature], out: Outcome) -> bool:
    """Root a creature to the spot."""
    return _root_creature(c, out, "immobilises")


def _root_creature(c: Casting[Creature], out: Outcome, name: str) -> bool:
    target = c.target
    if target.kind.paralysis_immune:
        return fizzle(out, Fizzle.IMMUNE)
    if not _harm_creature(c, out, paralysing=True):
        return False
    target.paralysed = name == "paralyses"
    target.immobilised = not target.paralysed
    target.paralysis_steps = c.options.times.creature_paralysis_steps
    return changed(out, name)


def free_creature(c: Casting[Creature], out: Outcome) -> bool:
    """Free a pet of one's own, or a guard of one's own faction."""
    target, faction = c.target, c.caster.faction
    if not target.held:
        return fizzle(out, Fizzle.NOT_PARALYSED)
    comrade = (faction is Faction.ROYAL and target.kind.role == NpcRole.ROYAL_GUARD) or (
        faction is Faction.CHAOS and target.kind.role == NpcRole.CHAOS_GUARD
    )
    if target.master != c.caster.user_id and not comrade:
        return fizzle(out, Fizzle.NOT_YOURS)
    target.free()
    return changed(out, "frees")


def mimic_creature(c: Casting[Creature], out: Outcome) -> bool:
    """Let a druid take on a creature's looks; with the elven flute creatures believe them."""
    who, kind = c.caster, c.target.kind
    checks = (
        (Fizzle.DRUIDS_ONLY, who.char_class != CharClass.DRUID),
        (Fizzle.SAILING, who.sailing),
        (Fizzle.DISGUISED, who.disguise is not None),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return fizzle(out, problem)
    who.disguise = Look(kind.body, kind.head)
    who.ignored = bears_ring(who, (ELVEN_FLUTE,))
    who.effects.mimicry_until = c.now + c.options.times.mimicry
    return changed(out, "mimics")


def summon(c: Casting[None], out: Outcome) -> bool:
    """Call creatures to one's side, as many as make three with the pets there are."""
    if not _may_summon(c):
        return fizzle(out, Fizzle.NO_SUMMONS_HERE)
    room = PETS_MAX - c.pets
    if room <= 0:
        return fizzle(out, Fizzle.NOTHING)
    out.summons = (c.spell.creature, min(c.spell.count, room))
    return True


def call_pet(c: Casting[None], out: Outcome) -> bool:
    """Call the farthest of one's tamed pets."""
    if not _may_summon(c):
        return fizzle(out, Fizzle.NO_SUMMONS_HERE)
    out.calls_pet = True
    return True


def reveal(c: Casting[None], out: Outcome) -> bool:
    """Show where the invisible are."""
    del c
    out.reveals = True
    return True


def _may_summon(c: Casting[None]) -> bool:
    return not (c.here.safe or c.here.truce or c.there.truce or c.here.no_summons)


CREATURE_EFFECTS: Mapping[str, OnCreature] = MappingProxyType(
    {
        "hp": change_creature_life,
        "poisons": poison_creature,
        "cures_poison": cure_creature,
        "paralyses": paralyse_creature,
        "immobilises": immobilise_creature,
        "frees": free_creature,
        "mimics": mimic_creature,
    }
)
GROUND_EFFECTS: Mapping[str, OnGround] = MappingProxyType(
    {"summons": summon, "calls_pet": call_pet, "reveals": reveal}
)
