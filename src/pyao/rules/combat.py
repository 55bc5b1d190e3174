"""The formulas of physical combat: powers, chances, damage, armour, special hits.

Follows ao-libre/ao-server, SistemaCombate.bas and Trabajo.bas. Who may attack whom is in
`permissions.py`, the course of a blow in `fight.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from pyao.rules.balance import ClassFigures
from pyao.rules.creature import Creature
from pyao.rules.kinds import BodyPart, CharClass, Skill
from pyao.rules.numbers import Roll, between, clamp
from pyao.rules.person import Gear, Person
from pyao.rules.records import ItemFigures

Classes = Mapping[int, ClassFigures]

HIT_BASE = 50
HIT_FACTOR = 0.4
CHANCE_MIN, CHANCE_MAX = 10, 90
MEDITATING_FACTOR = 0.75
LEVEL_FACTOR = 2.5
LEVEL_FROM = 12
TACTICS_DIVISOR = 33

WEAPON_FACTOR = 3
TOP_DIVISOR = 5
STRENGTH_FROM = 15
BARE_HANDS = (4, 9)

DRAGON_SLAYER = 402
VIKING_SWORD = 123
THEFT_GLOVES = 873

STAB_MIN_SKILL = 10
STAB_ON_CREATURE = 2
SLASH_PERCENT = 20


class Style(Enum):
    """How one attacks, by what is in hand."""

    MELEE = "melee"
    RANGED = "ranged"
    UNARMED = "unarmed"


SKILL_OF: Mapping[Style, Skill] = MappingProxyType(
    {
        Style.MELEE: Skill.ARMED_COMBAT,
        Style.RANGED: Skill.PROJECTILES,
        Style.UNARMED: Skill.WRESTLING,
    }
)

# Millionths of s^3, s^2, s and 1, so that a value such as 15.0 does not come out as 14.
_Curve = tuple[int, int, int, int]
_OTHER: _Curve = (0, 0, 36_100, 4_390_000)
_STAB_CURVES: Mapping[int, _Curve] = MappingProxyType(
    {
        CharClass.ASSASSIN: (30, -2_000, 98_000, 4_250_000),
        CharClass.CLERIC: (3, 600, 10_700, 4_930_000),
        CharClass.PALADIN: (3, 600, 10_700, 4_930_000),
        CharClass.PIRATE: (3, 600, 10_700, 4_930_000),
        CharClass.BARD: (2, 200, 32_000, 4_810_000),
    }
)
_CRITICAL: _Curve = (3, 600, 10_700, 8_930_000)


def style_of(weapon: ItemFigures | None) -> Style:
    """Return how one attacks with this in hand."""
    if weapon is None:
        return Style.UNARMED
    return Style.RANGED if weapon.ranged else Style.MELEE


def attack_modifier(figures: ClassFigures, style: Style) -> float:
    """Return how well a class hits in a style."""
    if style is Style.MELEE:
        return figures.attack_melee
    return figures.attack_ranged if style is Style.RANGED else figures.attack_unarmed


def damage_modifier(figures: ClassFigures, style: Style) -> float:
    """Return how hard a class hits in a style."""
    if style is Style.MELEE:
        return figures.damage_melee
    return figures.damage_ranged if style is Style.RANGED else figures.damage_unarmed


def attack_power(skill: int, agility: int, modifier: float, level: int) -> int:
    """Return rhe(rhe((skill + k*agi) * mod) + 2.5*max(level-12, 0)).

    k is 0 up to a skill of 30, 1 up to 60, 2 up to 90, 3 above.
    """
    k = min((max(skill, 1) - 1) // 30, 3)
    return _with_level(round((skill + k * agility) * modifier), level)


def evasion_power(tactics: int, agility: int, modifier: float, level: int) -> int:
    """Return rhe(rhe((tactics + tactics/33*agi) * mod) + 2.5*max(level-12, 0))."""
    return _with_level(round((tactics + tactics / TACTICS_DIVISOR * agility) * modifier), level)


def shield_power(defence: int, modifier: float) -> int:
    """Return what a shield adds to evasion: rhe(defence * mod / 2)."""
    return round(defence * modifier / 2)


def user_attack(who: Person, classes: Classes) -> int:
    """Return the attack power of a user with what is in hand."""
    style = style_of(who.gear.weapon)
    modifier = attack_modifier(classes[who.char_class], style)
    return attack_power(who.skill(SKILL_OF[style]), who.current.agility, modifier, who.level)


def user_evasion(who: Person, classes: Classes) -> int:
    """Return the evasion power of a user, with the shield."""
    figures = classes[who.char_class]
    tactics = who.skill(Skill.COMBAT_TACTICS)
    power = evasion_power(tactics, who.current.agility, figures.evasion, who.level)
    if who.gear.shield is not None:
        power += shield_power(who.skill(Skill.SHIELD_DEFENSE), figures.shield)
    return power


def hit_chance(attack: int, evasion: int, *, meditating: bool = False) -> int:
    """Return the per cent of blows that hit: clamp(rhe(50 + (attack - evasion)*0.4), 10, 90).

    A user who meditates evades a quarter less of a user's blows.
    """
    chance = clamp(round(HIT_BASE + (attack - evasion) * HIT_FACTOR), CHANCE_MIN, CHANCE_MAX)
    if meditating:
        chance = min(CHANCE_MAX, 100 - round((100 - chance) * MEDITATING_FACTOR))
    return chance


def block_chance(defence: int, tactics: int) -> int:
    """Return the per cent of misses that the shield took: clamp(rhe(100*d/(d+t)), 10, 90)."""
    if defence + tactics == 0:
        return CHANCE_MIN
    return clamp(round(100 * defence / (defence + tactics)), CHANCE_MIN, CHANCE_MAX)


def base_damage(weapon: int, top: int, strength: int, own: int, modifier: float) -> int:
    """Return rhe((3*weapon + top/5*max(0, strength-15) + own) * mod)."""
    strong = max(0, strength - STRENGTH_FROM)
    return round((WEAPON_FACTOR * weapon + top / TOP_DIVISOR * strong + own) * modifier)


def roll_damage(who: Person, roll: Roll, classes: Classes, target: Creature | None = None) -> int:
    """Roll the damage a user does before armour, with weapon or bare hands, own hit and boat.

    The dragon slayer surely kills a dragon, and is a mere stick against all else.
    """
    weapon = who.gear.weapon
    slayer = weapon is not None and weapon.number == DRAGON_SLAYER
    if slayer and target is not None and target.dragon:
        return target.hp + target.kind.defense
    rolled, top = (1, 1) if slayer else _roll_weapon(who.gear, roll)
    own = between(roll, who.min_hit, who.max_hit)
    modifier = damage_modifier(classes[who.char_class], style_of(weapon))
    damage = base_damage(rolled, top, who.current.strength, own, modifier)
    boat = who.gear.boat
    return damage + between(roll, boat.min_hit, boat.max_hit) if boat else damage


def roll_armour(gear: Gear, part: int, roll: Roll) -> int:
    """Roll what helmet, or armour and shield together, and the boat take off a blow."""
    pieces = (gear.helmet,) if part == BodyPart.HEAD else (gear.armour, gear.shield)
    there = [piece for piece in pieces if piece is not None]
    taken = 0
    if there:
        low = sum(piece.min_defense for piece in there)
        taken = between(roll, low, sum(piece.max_defense for piece in there))
    boat = gear.boat
    return taken + between(roll, boat.min_defense, boat.max_defense) if boat else taken


def may_stab(who: Person) -> bool:
    """Return whether a hit is also an attempt to stab."""
    weapon = who.gear.weapon
    skilled = who.char_class == CharClass.ASSASSIN or who.skill(Skill.STAB) >= STAB_MIN_SKILL
    return weapon is not None and weapon.stabs and skilled


def stab_chance(char_class: int, skill: int) -> int:
    """Return S: a stab works when a roll of 0 to 100 is below it."""
    return _floor(_STAB_CURVES.get(char_class, _OTHER), skill)


def stab_on_user(dealt: int, *, assassin: bool) -> int:
    """Return the extra damage of a stab on a user."""
    return round(dealt * (1.4 if assassin else 1.5))


def critical_chance(wrestling: int) -> int:
    """Return the per cent of a bandit's critical hits with the viking sword."""
    return _floor(_CRITICAL, wrestling)


def critical_damage(dealt: int) -> int:
    """Return the extra damage of a critical hit: floor(dealt * 0.75)."""
    return dealt * 3 // 4


def slash_damage(dealt: int) -> int:
    """Return the extra damage of a pirate's slash: floor(dealt * 0.2)."""
    return dealt // 5


def disarm_chance(wrestling: int, level: int) -> int:
    """Return the per cent of disarming: rhe(wrestling*0.2 + level*0.66)."""
    return round(wrestling * 0.2 + level * 0.66)


def meditation_holds(who: Person, damage: int, roll: Roll) -> bool:
    """Return whether a meditating user bears a creature's blow, by the life left after it.

    It breaks if damage > trunc(HP/100 * Int * meditation/100 * 12/(rand(0,5)+7)).
    """
    strength = who.hp * who.current.intelligence * who.skill(Skill.MEDITATE) * 12
    return damage <= strength // (10_000 * (roll(0, 5) + 7))


def _with_level(power: int, level: int) -> int:
    return round(power + LEVEL_FACTOR * max(level - LEVEL_FROM, 0))


def _roll_weapon(gear: Gear, roll: Roll) -> tuple[int, int]:
    """Roll weapon and ammunition, or bare hands with their gloves; return it and the top."""
    weapon = gear.weapon
    if weapon is None:
        low, high = BARE_HANDS
        if gear.ring is not None and gear.ring.gloves:
            low, high = low + gear.ring.min_hit, high + gear.ring.max_hit
        return roll(low, high), high
    rolled = between(roll, weapon.min_hit, weapon.max_hit)
    if weapon.needs_ammo and gear.ammunition is not None:
        rolled += between(roll, gear.ammunition.min_hit, gear.ammunition.max_hit)
    return rolled, weapon.max_hit


def _floor(curve: _Curve, s: int) -> int:
    cubic, square, linear, constant = curve
    return (((cubic * s + square) * s + linear) * s + constant) // 1_000_000
