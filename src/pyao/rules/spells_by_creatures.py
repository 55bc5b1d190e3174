"""Spells that creatures cast: no level, no staff, no mana, no permission.

Follows ao-libre/ao-server, modHechizos.bas (NpcLanzaSpellSobreUser) and AI_NPC.bas. Which spell and
when is in `npcs.py`.
"""

from __future__ import annotations

from pyao.rules.casting import Outcome
from pyao.rules.creature import Creature
from pyao.rules.hiding import TICK_MS
from pyao.rules.kinds import Direction
from pyao.rules.numbers import Roll, between
from pyao.rules.options import Options
from pyao.rules.person import Person
from pyao.rules.records import SpellFigures
from pyao.rules.spells import has_effect, resist
from pyao.rules.states import paralyse, unhide


def creature_casts_on_user(
    creature: Creature, spell: SpellFigures, victim: Person, now: int, roll: Roll, options: Options
) -> Outcome:
    """Let a creature use its attack for a spell on a user in sight. Staff take no damage."""
    creature.can_attack = False
    outcome = Outcome(done=True)
    if spell.hp.direction == Direction.RAISE:
        outcome.healing = min(_rolled(spell, roll), victim.max_hp - victim.hp)
        victim.hp += outcome.healing
    elif spell.hp.direction == Direction.LOWER:
        damage = resist(victim.gear, _rolled(spell, roll), roll)
        if not victim.staff:
            outcome.damage = min(damage, victim.hp)
            victim.hp -= outcome.damage
        outcome.killed = victim.dead
    if not victim.dead:
        _root(spell, victim, now, options, outcome)
        _daze(spell, victim, now, options, outcome)
        if has_effect(spell, "reveals"):
            _reveal(victim, now, outcome)
    return outcome


def creature_casts_on_creature(
    creature: Creature, spell: SpellFigures, foe: Creature, roll: Roll, options: Options
) -> Outcome:
    """Let a creature use its attack for a spell on another, friend or foe; hides do not help."""
    creature.can_attack = False
    outcome = Outcome(done=True)
    if spell.hp.direction == Direction.LOWER:
        outcome.damage = min(_rolled(spell, roll), foe.hp)
        foe.hp -= outcome.damage
        outcome.killed = foe.hp <= 0
    elif spell.hp.direction == Direction.RAISE:
        outcome.healing = min(_rolled(spell, roll), foe.kind.max_hp - foe.hp)
        foe.hp += outcome.healing
    if has_effect(spell, "paralyses") and not foe.kind.paralysis_immune:
        foe.paralysed, foe.immobilised = True, False
        foe.paralysis_steps = options.times.creature_paralysis_steps
        outcome.changed += ("paralyses",)
    if has_effect(spell, "frees"):
        foe.free()
    if has_effect(spell, "cures_poison"):
        foe.poisoned = False
    return outcome


def _rolled(spell: SpellFigures, roll: Roll) -> int:
    return between(roll, spell.hp.low, spell.hp.high)


def _root(
    spell: SpellFigures, victim: Person, now: int, options: Options, outcome: Outcome
) -> None:
    """Paralyse or immobilise one who can move, unless its ring keeps off the spell."""
    immobilises = has_effect(spell, "immobilises")
    if victim.paralysed or not (immobilises or has_effect(spell, "paralyses")):
        return
    ring = victim.gear.ring
    if ring is not None and (ring.blocks_immobilise if immobilises else ring.blocks_paralysis):
        outcome.shielded = True
        return
    paralyse(victim, now + options.times.paralysis, immobilise=immobilises)
    outcome.changed += ("immobilises" if immobilises else "paralyses",)


def _daze(
    spell: SpellFigures, victim: Person, now: int, options: Options, outcome: Outcome
) -> None:
    """Stun and blind, for as long as a stun lasts, unless a ring keeps off the spell."""
    ring = victim.gear.ring
    until = now + options.times.stun
    if has_effect(spell, "stuns"):
        if ring is not None and ring.blocks_stun:
            outcome.shielded = True
        else:
            victim.stunned = True
            victim.effects.dazed_until = until
            outcome.changed += ("stuns",)
    if has_effect(spell, "blinds"):
        if ring is not None and ring.blocks_blindness:
            outcome.shielded = True
        else:
            victim.blinded = True
            victim.effects.dazed_until = until
            outcome.changed += ("blinds",)


def _reveal(victim: Person, now: int, outcome: Outcome) -> None:
    """End hiding at once, and leave invisibility one more tick."""
    if unhide(victim):
        outcome.changed += ("reveals",)
    if victim.invisible:
        victim.effects.invisible_until = min(victim.effects.invisible_until, now + TICK_MS)
