"""What spells do to users: one function per effect, listed under the name its data gives it.

A new effect is a function and its row in the table at the end. Follows ao-libre/ao-server,
modHechizos.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pyao.rules import deeds, reputation
from pyao.rules.casting import Casting, Fizzle, Outcome, changed, fizzle, rolled, run
from pyao.rules.death import revive
from pyao.rules.equipment import visible_look
from pyao.rules.kinds import CharClass, Direction
from pyao.rules.permissions import Refused, may_attack_user, may_help_user
from pyao.rules.person import Person
from pyao.rules.records import ChangeFigures
from pyao.rules.reputation import combine
from pyao.rules.spells import (
    FLUTES,
    LUTES,
    bears_ring,
    bears_staff,
    resist,
    spell_base,
    with_instruments,
)
from pyao.rules.states import (
    Changeable,
    free,
    lower_attribute,
    paralyse,
    raise_attribute,
    stop_meditating,
)

RESURRECTION_STAFF = 2
RESURRECTION_COST = 0.015  # of the caster's life, for each level of the one who rises

OnUser = Callable[[Casting[Person], Outcome], bool]


def cast_on_user(casting: Casting[Person]) -> Outcome:
    """Let a spell act on a user; if it took place, pay for it and learn from it."""
    return run(casting, USER_EFFECTS)


def _harm(c: Casting[Person], out: Outcome) -> bool:
    """Attack the target, once for all effects of a spell."""
    if out.attacked:
        return True
    if c.target is c.caster:
        out.problem = Fizzle.SELF
        return False
    answer = may_attack_user(c.caster, c.target, c.here, c.there)
    if isinstance(answer, Refused):
        out.problem = answer
        return False
    out.attacked = True
    out.standing = deeds.attack_user(c.caster, c.target, answer, c.now, c.options)
    out.meditation_broken = stop_meditating(c.target)
    return True


def _help(c: Casting[Person], out: Outcome, *, grave: bool = False) -> bool:
    """Help the target, once for all effects of a spell."""
    if out.helped:
        return True
    answer = may_help_user(c.caster, c.target, c.here, c.there, grave=grave)
    if isinstance(answer, Refused):
        out.problem = answer
        return False
    out.helped = True
    out.standing = deeds.help_somebody(c.caster, answer, c.now, c.options)
    return True


def _allowed(c: Casting[Person], out: Outcome, change: ChangeFigures) -> bool:
    """Help where a property is raised, attack where it is lowered."""
    if change.direction == Direction.LOWER:
        return _harm(c, out)
    if c.target.dead:
        return fizzle(out, Fizzle.DEAD)
    return _help(c, out)


def change_life(c: Casting[Person], out: Outcome) -> bool:
    """Heal, or hurt: by level, a mage's staff and elven instruments, less helmet and ring."""
    change, target = c.spell.hp, c.target
    if not _allowed(c, out, change):
        return False
    points = spell_base(rolled(c, change), c.caster.level)
    if change.direction == Direction.RAISE:
        out.healing = min(points, target.max_hp - target.hp)
        target.hp += out.healing
    else:
        points = with_instruments(c.caster, points, staff_affected=c.spell.staff_affected)
        out.damage = resist(target.gear, points, c.roll)
        out.killed = out.damage >= target.hp
        target.hp = max(target.hp - out.damage, 0)
    return changed(out, "hp")


def change_mana(c: Casting[Person], out: Outcome) -> bool:
    """Give or take mana."""
    return _change_bar(c, out, "mana", c.spell.mana_points)


def change_stamina(c: Casting[Person], out: Outcome) -> bool:
    """Give or take stamina."""
    return _change_bar(c, out, "stamina", c.spell.stamina_points)


def change_hunger(c: Casting[Person], out: Outcome) -> bool:
    """Feed or starve."""
    return _change_bar(c, out, "hunger", c.spell.hunger)


def change_thirst(c: Casting[Person], out: Outcome) -> bool:
    """Slake or parch."""
    return _change_bar(c, out, "thirst", c.spell.thirst)


def _change_bar(c: Casting[Person], out: Outcome, name: str, change: ChangeFigures) -> bool:
    if not _allowed(c, out, change):
        return False
    points = rolled(c, change)
    value: int = getattr(c.target, name)
    if change.direction == Direction.RAISE:
        value = min(value + points, getattr(c.target, f"max_{name}"))
    else:
        value = max(value - points, 0)
    setattr(c.target, name, value)
    return changed(out, name)


def change_agility(c: Casting[Person], out: Outcome) -> bool:
    """Quicken or slow."""
    return _change_attribute(c, out, "agility", c.spell.agility)


def change_strength(c: Casting[Person], out: Outcome) -> bool:
    """Strengthen or weaken."""
    return _change_attribute(c, out, "strength", c.spell.strength)


def _change_attribute(
    c: Casting[Person], out: Outcome, name: Changeable, change: ChangeFigures
) -> bool:
    if not _allowed(c, out, change):
        return False
    points, times = rolled(c, change), c.options.times
    if change.direction == Direction.RAISE:
        raise_attribute(c.target, name, points, c.now + times.attribute_up)
    else:
        lower_attribute(c.target, name, points, c.now + times.attribute_down)
    return changed(out, name)


def make_invisible(c: Casting[Person], out: Outcome) -> bool:
    """Hide the living from sight; on one who is so already the time does not start anew."""
    target = c.target
    checks = (
        (Fizzle.DEAD, target.dead),
        (Fizzle.LEAVING, c.leaving),
        (Fizzle.NO_INVISIBILITY_HERE, c.there.no_invisibility),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return fizzle(out, problem)
    if not _help(c, out, grave=True):
        return False
    if not target.invisible:
        effects = target.effects
        lasts = effects.invisible_next_ms or c.options.times.invisibility
        target.invisible = True
        effects.invisible_until = c.now + lasts
    return changed(out, "invisibility")


def paralyse_user(c: Casting[Person], out: Outcome) -> bool:
    """Take the power to move, unless a ring keeps it."""
    ring = c.target.gear.ring
    return _root(c, out, "paralyses", shielded=ring is not None and ring.blocks_paralysis)


def immobilise_user(c: Casting[Person], out: Outcome) -> bool:
    """Root to the spot, unless a ring keeps off the spell."""
    ring = c.target.gear.ring
    return _root(c, out, "immobilises", shielded=ring is not None and ring.blocks_immobilise)


def _root(c: Casting[Person], out: Outcome, name: str, *, shielded: bool) -> bool:
    if c.target.paralysed:
        return fizzle(out, Fizzle.NOTHING)
    if not _harm(c, out):
        return False
    if shielded:
        out.shielded = True
        return True
    until = c.now + c.options.times.paralysis
    paralyse(c.target, until, by=c.caster.user_id, immobilise=name == "immobilises")
    return changed(out, name)


def free_user(c: Casting[Person], out: Outcome) -> bool:
    """Give the power to move back."""
    if not c.target.paralysed:
        return fizzle(out, Fizzle.NOT_PARALYSED)
    if not _help(c, out, grave=True):
        return False
    free(c.target)
    return changed(out, "frees")


def stun_user(c: Casting[Person], out: Outcome) -> bool:
    """Stun, unless a ring keeps off the spell."""
    ring = c.target.gear.ring
    return _daze(c, out, "stuns", shielded=ring is not None and ring.blocks_stun)


def blind_user(c: Casting[Person], out: Outcome) -> bool:
    """Blind, unless a ring keeps off the spell."""
    ring = c.target.gear.ring
    return _daze(c, out, "blinds", shielded=ring is not None and ring.blocks_blindness)


def _daze(c: Casting[Person], out: Outcome, name: str, *, shielded: bool) -> bool:
    if not _harm(c, out):
        return False
    if shielded:
        out.shielded = True
        return True
    times = c.options.times
    if name == "stuns":
        c.target.stunned = True
    else:
        c.target.blinded = True
    c.target.effects.dazed_until = c.now + (times.stun if name == "stuns" else times.blindness)
    return changed(out, name)


def end_stun(c: Casting[Person], out: Outcome) -> bool:
    """Bring a stunned mind back."""
    if not c.target.stunned:
        return fizzle(out, Fizzle.NOT_STUNNED)
    if not _help(c, out):
        return False
    c.target.stunned = False
    return changed(out, "ends_stun")


def poison_user(c: Casting[Person], out: Outcome) -> bool:
    """Poison."""
    if not _harm(c, out):
        return False
    c.target.poisoned = True
    return changed(out, "poisons")


def cure_user(c: Casting[Person], out: Outcome) -> bool:
    """Cure poison."""
    if c.target.dead:
        return fizzle(out, Fizzle.DEAD)
    if not _help(c, out):
        return False
    c.target.poisoned = False
    return changed(out, "cures_poison")


def resurrect(c: Casting[Person], out: Outcome) -> bool:
    """Give a life back, at the cost of some of the caster's own, which may be all of it."""
    who, target = c.caster, c.target
    checks = (
        (Fizzle.ALIVE, not target.dead),
        (Fizzle.UNWILLING, target.resurrection_safe),
        (Fizzle.NO_RESURRECTION_HERE, c.there.no_resurrection),
        (Fizzle.NOT_RESTED, who.stamina < who.max_stamina),
        (Fizzle.NO_INSTRUMENT, not _can_resurrect(who)),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return fizzle(out, problem)
    if not _help(c, out, grave=True):
        return False
    if target is not who and not target.criminal:
        out.standing = combine(out.standing, reputation.resurrect_citizen(who))
    revive(target)
    target.hunger = target.thirst = target.mana = target.stamina = 0
    if not (c.here.arena and c.there.arena):
        who.hp = max(round(who.hp * (1 - RESURRECTION_COST * target.level)), 0)
        out.caster_died = who.dead
    return changed(out, "revives")


def _can_resurrect(who: Person) -> bool:
    if who.char_class == CharClass.MAGE:
        return bears_staff(who, RESURRECTION_STAFF)
    if who.char_class == CharClass.BARD:
        return bears_ring(who, LUTES)
    return who.char_class != CharClass.DRUID or bears_ring(who, FLUTES)


def mimic_user(c: Casting[Person], out: Outcome) -> bool:
    """Take on the looks of a user."""
    who, target = c.caster, c.target
    checks = (
        (Fizzle.DEAD, target.dead),
        (Fizzle.SAILING, who.sailing or target.sailing),
        (Fizzle.DISGUISED, who.disguise is not None),
        (Fizzle.SELF, target is who),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return fizzle(out, problem)
    who.disguise = visible_look(target)
    who.effects.mimicry_until = c.now + c.options.times.mimicry
    return changed(out, "mimics")


USER_EFFECTS: Mapping[str, OnUser] = MappingProxyType(
    {
        "hp": change_life,
        "mana_points": change_mana,
        "stamina_points": change_stamina,
        "hunger": change_hunger,
        "thirst": change_thirst,
        "agility": change_agility,
        "strength": change_strength,
        "invisibility": make_invisible,
        "paralyses": paralyse_user,
        "immobilises": immobilise_user,
        "frees": free_user,
        "stuns": stun_user,
        "blinds": blind_user,
        "ends_stun": end_stun,
        "poisons": poison_user,
        "cures_poison": cure_user,
        "revives": resurrect,
        "mimics": mimic_user,
    }
)
