"""Spells: slots, what a cast asks and costs, and the formulas of magic damage and healing.

What a spell does to its target is in `spell_effects.py`. Follows ao-libre/ao-server,
modHechizos.bas.
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.areas import VISION_Y
from pyao.rules.character import Character
from pyao.rules.creature import Creature
from pyao.rules.kinds import CharClass, Skill, SpellTarget
from pyao.rules.numbers import Roll, between, pct
from pyao.rules.person import Gear, Person
from pyao.rules.records import ItemFigures, SpellFigures

MAGIC_WORK = int(Skill.MAGIC)  # what the client's Work and WorkLeftClick call casting
LEVEL_PERCENT = 3
NO_STAFF_PERCENT = 70
STAFF_BASE_PERCENT = 70
LUTE_FACTOR = 1.04

ELVEN_LUTE, ELVEN_FLUTE = 1049, 1050
LUTES = (696, ELVEN_LUTE)
FLUTES = (208, ELVEN_FLUTE)
SONOROUS = (ELVEN_LUTE, ELVEN_FLUTE)
FULL_PRICE_SPELL = 25
FLUTE_MIMIC, FLUTE_SUMMON, FLUTE_OTHER = 0.5, 0.7, 0.9


class CastProblem(Enum):
    """Why nothing is cast; the value is the key of the text told, empty for silence."""

    SILENT = ""
    DEAD = "action.dead"
    NONE_SELECTED = "spell.none_selected"
    NO_MAGIC_HERE = "map.no_magic"
    CONSULTING = "spell.consulting"
    STAFF = "spell.staff"
    SKILL = "spell.skill"
    TIRED = "action.tired"
    PET_MANA = "spell.pet_mana"
    NO_PET = "spell.no_pet"
    MANA = "spell.mana"
    ONLY_USERS = "spell.only_users"
    ONLY_CREATURES = "spell.only_creatures"
    NO_TARGET = "spell.no_target"
    TOO_FAR = "action.too_far"


class LearnProblem(Enum):
    """Why a scroll teaches nothing; the value is the key of the text told."""

    DEAD = "action.dead"
    NO_MANA = "spell.no_mana"
    IN_NEED = "spell.hungry_or_thirsty"
    KNOWN = "spell.known"
    FULL = "spell.book_full"


def spell_at(who: Character, slot: int) -> int:
    """Return the spell in a slot counted from 1; 0 for an empty slot or none."""
    return who.spells[slot - 1] if 1 <= slot <= len(who.spells) else 0


def move_spell(who: Character, slot: int, *, up: bool) -> int:
    """Swap a spell with the one above or below; return the other slot, or 0 at an end."""
    other = slot - 1 if up else slot + 1
    top = len(who.spells)
    if not (1 <= slot <= top and 1 <= other <= top):
        return 0
    spells = who.spells
    spells[slot - 1], spells[other - 1] = spells[other - 1], spells[slot - 1]
    return other


def learn_spell(who: Person, spell: int) -> LearnProblem | int:
    """Write a spell into the first free slot; return the slot."""
    checks = (
        (LearnProblem.DEAD, who.dead),
        (LearnProblem.NO_MANA, who.max_mana == 0),
        (LearnProblem.IN_NEED, who.in_need),
        (LearnProblem.KNOWN, spell in who.spells),
        (LearnProblem.FULL, 0 not in who.spells),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is not None:
        return problem
    at = who.spells.index(0)
    who.spells[at] = spell
    return at + 1


def mana_factor(who: Person, spell: SpellFigures) -> float:
    """Return what part of a spell's mana it takes: less for a druid with the elven flute."""
    if who.char_class != CharClass.DRUID or _number(who.gear.ring) != ELVEN_FLUTE:
        return 1
    if has_effect(spell, "mimics"):
        return FLUTE_MIMIC
    if spell.summons:
        return FLUTE_SUMMON
    return 1 if spell.number == FULL_PRICE_SPELL else FLUTE_OTHER


def check_cast(who: Person, spell: SpellFigures, pets: int = 0) -> CastProblem | None:
    """Return what is missing to cast a spell at all, or None; `pets` are those one has tamed."""
    weapon = who.gear.weapon
    staff = weapon.staff_power if weapon else 0
    calls = spell.calls_pet and who.char_class == CharClass.DRUID
    checks = (
        (CastProblem.DEAD, who.dead),
        (CastProblem.CONSULTING, who.consulting),
        (CastProblem.STAFF, who.char_class == CharClass.MAGE and staff < spell.staff_power),
        (CastProblem.SKILL, who.skill(Skill.MAGIC) < spell.min_skill),
        (CastProblem.TIRED, who.stamina < spell.stamina),
        (CastProblem.PET_MANA, calls and who.mana < who.max_mana),
        (CastProblem.NO_PET, calls and not pets),
        (CastProblem.MANA, who.mana < spell.mana * mana_factor(who, spell)),
    )
    return next((problem for problem, applies in checks if applies), None)


def choose_target(
    who: Person, spell: SpellFigures, user: Person | None, creature: Creature | None
) -> CastProblem | Person | Creature | None:
    """Return whom a spell meets of those on the clicked tile; None for one aimed at the ground."""
    if spell.target == SpellTarget.GROUND:
        return None
    aims_at_user = spell.target in (SpellTarget.USER, SpellTarget.USER_OR_NPC)
    aims_at_creature = spell.target in (SpellTarget.NPC, SpellTarget.USER_OR_NPC)
    target: Person | Creature | None = user if aims_at_user else None
    if target is None and aims_at_creature:
        target = creature
    if target is None:
        if not aims_at_creature:
            return CastProblem.ONLY_USERS if aims_at_user else CastProblem.NO_TARGET
        return CastProblem.NO_TARGET if aims_at_user else CastProblem.ONLY_CREATURES
    return CastProblem.TOO_FAR if abs(target.y - who.y) > VISION_Y else target


def pay(who: Person, spell: SpellFigures) -> None:
    """Take what a spell that took effect costs; calling one's pet takes all mana."""
    cost = round(spell.mana * mana_factor(who, spell))
    who.mana = 0 if spell.calls_pet else max(who.mana - cost, 0)
    who.stamina = max(who.stamina - spell.stamina, 0)


def spell_base(rolled: int, level: int) -> int:
    """Return roll + pct(roll, 3*level)."""
    return rolled + pct(rolled, LEVEL_PERCENT * level)


def with_instruments(who: Person, damage: int, *, staff_affected: bool) -> int:
    """Return spell damage changed by a mage's staff and by elven instruments."""
    if staff_affected and who.char_class == CharClass.MAGE:
        weapon = who.gear.weapon
        percent = NO_STAFF_PERCENT if weapon is None else weapon.staff_bonus + STAFF_BASE_PERCENT
        damage = round(damage * percent / 100)
    if _number(who.gear.ring) in SONOROUS:
        damage = round(damage * LUTE_FACTOR)
    return damage


def resist(gear: Gear, damage: int, roll: Roll) -> int:
    """Return spell damage less what helmet and ring take off; not below 0."""
    for piece in (gear.helmet, gear.ring):
        if piece is not None and piece.max_magic_defense > 0:
            damage -= between(roll, piece.min_magic_defense, piece.max_magic_defense)
    return max(damage, 0)


def has_effect(spell: SpellFigures, name: str) -> bool:
    """Return whether a spell's data names an effect: a flag that is set, a change with a way."""
    value = getattr(spell, name, False)
    return value if isinstance(value, bool) else bool(value.direction)


def bears_staff(who: Person, power: int) -> bool:
    """Return whether one holds a staff of some power."""
    weapon = who.gear.weapon
    return weapon is not None and weapon.staff_power >= power


def bears_ring(who: Person, numbers: tuple[int, ...]) -> bool:
    """Return whether one of these is in the ring slot."""
    return _number(who.gear.ring) in numbers


def _number(item: ItemFigures | None) -> int:
    return item.number if item is not None else 0
