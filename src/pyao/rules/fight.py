"""The course of a blow: user on user, user on creature, creature on user, creature on creature.

A blow changes hit points, poison, paralysis, gear and a creature's pool of experience, and reports
what there is to tell. It teaches nobody and gives no experience: the caller does, by what the
report says. Follows ao-libre/ao-server, SistemaCombate.bas.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from pyao.rules import combat
from pyao.rules.combat import SKILL_OF, Style, style_of
from pyao.rules.creature import Creature
from pyao.rules.equipment import take_off
from pyao.rules.kinds import BodyPart, CharClass, Skill
from pyao.rules.numbers import Roll, between
from pyao.rules.options import Options
from pyao.rules.person import Person
from pyao.rules.states import paralyse, stop_meditating

SWING_STAMINA = (1, 10)
STAMINA_NEEDED = 10
POISON_BELOW = 60
CREATURE_POISON_BELOW = 30
USER_KILL_EXPERIENCE = 2  # times the victim's level


class Special(Enum):
    """What may come on top of a hit."""

    STAB = "stab"
    STAB_FAILED = "stab failed"
    SLASH = "slash"
    CRITICAL = "critical"


class Extra(NamedTuple):
    """A special hit and the damage it added."""

    special: Special
    damage: int


class Lesson(NamedTuple):
    """A skill that was used, to be trained."""

    skill: Skill
    success: bool


class Loss(NamedTuple):
    """A piece knocked off: its place and the slot to show anew."""

    place: str
    slot: int


@dataclass(slots=True)
class Blow:
    """How a blow went. `damage` is that of the hit itself, `extras` what came on top."""

    hit: bool
    damage: int = 0
    part: int = 0
    extras: tuple[Extra, ...] = ()
    blocked: bool = False  # a miss that the shield takes credit for
    poisoned: bool = False
    paralysed: bool = False
    losses: tuple[Loss, ...] = ()
    meditation_broken: bool = False
    experience: int = 0
    killed: bool = False
    learns: tuple[Lesson, ...] = ()  # the attacker
    victim_learns: tuple[Lesson, ...] = ()


def swing_stamina(
    who: Person, roll: Roll, options: Options, *, on_creature: bool, shot: bool = False
) -> int:
    """Take the stamina of an attack; return how much there was to take.

    With `swing_stamina` "creature" a melee swing costs only when a creature is its target, and a
    shot at a creature costs twice.
    """
    always = options.swing_stamina == "always"
    times = 1 if always else int(on_creature) + int(shot)
    cost = sum(roll(*SWING_STAMINA) for _ in range(times))
    paid = min(cost, who.stamina)
    who.stamina -= paid
    return paid


def strike_user(
    who: Person, victim: Person, now: int, roll: Roll, options: Options, *, arena: bool = False
) -> Blow:
    """Let one user attack another who may be attacked, with what is in hand.

    It wakes one who meditates, but not where both stand in an `arena`.
    """
    classes = options.ladder.classes
    style = style_of(who.gear.weapon)
    chance = combat.hit_chance(
        combat.user_attack(who, classes),
        combat.user_evasion(victim, classes),
        meditating=victim.meditating,
    )
    if roll(1, 100) <= chance:
        blow = _hit_user(who, victim, now, roll, options)
        if not who.in_need:
            _add_extras(blow, who, style, roll)
        victim.hp -= blow.damage + sum(extra.damage for extra in blow.extras)
        blow.killed = victim.hp <= 0
        victim.hp = max(victim.hp, 0)
    else:
        blow = _miss(victim, roll)
        blow.learns = (Lesson(SKILL_OF[style], success=False),)
    blow.meditation_broken = not arena and stop_meditating(victim)
    if who.char_class == CharClass.THIEF:
        blow.losses += _knock_off(who, victim, ("weapon",), roll)
    return blow


def strike_creature(who: Person, creature: Creature, roll: Roll, options: Options) -> Blow:
    """Let a user attack a creature that may be attacked, with what is in hand."""
    classes = options.ladder.classes
    style = style_of(who.gear.weapon)
    chance = combat.hit_chance(combat.user_attack(who, classes), creature.kind.evasion_power)
    if roll(1, 100) > chance:
        return Blow(hit=False, learns=(Lesson(SKILL_OF[style], success=False),))
    raw = combat.roll_damage(who, roll, classes, creature)
    dealt = max(0, raw - creature.kind.defense)
    blow = Blow(hit=True, damage=dealt)
    blow.learns = (Lesson(SKILL_OF[style], success=True),)
    blow.experience = wound(creature, dealt)
    if creature.hp > 0:
        assassin = who.char_class == CharClass.ASSASSIN
        stab = combat.STAB_ON_CREATURE * (raw if assassin else dealt)
        blow.extras = (
            *_stab(blow, who, stab, roll),
            *_critical(who, dealt, roll),
            *_slash(who, dealt, roll),
        )
        for extra in blow.extras:
            blow.experience += wound(creature, extra.damage)
    blow.killed = creature.hp <= 0
    return blow


def creature_strikes_user(creature: Creature, victim: Person, roll: Roll, options: Options) -> Blow:
    """Let a creature use its attack on a user it may attack. Staff take no damage."""
    creature.can_attack = False
    evasion = combat.user_evasion(victim, options.ladder.classes)
    if roll(1, 100) > combat.hit_chance(creature.kind.attack_power, evasion):
        return _miss(victim, roll)
    damage = between(roll, creature.kind.min_hit, creature.kind.max_hit)
    part = roll(BodyPart.HEAD, BodyPart.TORSO)
    damage = max(1, damage - combat.roll_armour(victim.gear, part, roll))
    blow = Blow(hit=True, damage=damage, part=part)
    blow.victim_learns = (Lesson(Skill.COMBAT_TACTICS, success=False),)
    if not victim.staff:
        victim.hp = max(victim.hp - damage, 0)
    if victim.meditating and not combat.meditation_holds(victim, damage, roll):
        blow.meditation_broken = stop_meditating(victim)
    blow.killed = victim.hp <= 0
    if not blow.killed and creature.kind.poisonous and roll(1, 100) < CREATURE_POISON_BELOW:
        victim.poisoned = blow.poisoned = True
    return blow


def creature_strikes_creature(creature: Creature, foe: Creature, roll: Roll) -> Blow:
    """Let a creature use its attack on another; hides do not help, and nobody learns from it."""
    creature.can_attack = False
    chance = combat.hit_chance(creature.kind.attack_power, foe.kind.evasion_power)
    if roll(1, 100) > chance:
        return Blow(hit=False)
    damage = between(roll, creature.kind.min_hit, creature.kind.max_hit)
    foe.hp = max(foe.hp - damage, 0)
    return Blow(hit=True, damage=damage, killed=foe.hp <= 0)


def wound(creature: Creature, damage: int) -> int:
    """Take hit points from a creature; return the experience this gives, out of its pool.

    e = rhe(min(d, HP before the hit) * experience / max HP), at most what the pool holds.
    """
    share = min(damage, creature.hp) * creature.experience / max(creature.kind.max_hp, 1)
    given = min(round(share), creature.pool)
    creature.pool -= given
    creature.hp = max(creature.hp - damage, 0)
    return given


def last_share(creature: Creature) -> int:
    """Return the experience a dead creature still owes its killer, and owe nothing more."""
    rest, creature.pool = creature.pool, 0
    return rest


def victory_experience(victim: Person) -> int:
    """Return what killing a user gives."""
    return USER_KILL_EXPERIENCE * victim.level


def _miss(victim: Person, roll: Roll) -> Blow:
    """Let a user evade, and the shield claim it."""
    learns = [Lesson(Skill.COMBAT_TACTICS, success=True)]
    blocked = False
    if victim.gear.shield is not None:
        defence = victim.skill(Skill.SHIELD_DEFENSE)
        chance = combat.block_chance(defence, victim.skill(Skill.COMBAT_TACTICS))
        blocked = roll(1, 100) <= chance
        learns.append(Lesson(Skill.SHIELD_DEFENSE, success=blocked))
    return Blow(hit=False, blocked=blocked, victim_learns=tuple(learns))


def _hit_user(who: Person, victim: Person, now: int, roll: Roll, options: Options) -> Blow:
    """Roll a hit without what comes on top of it."""
    blow = Blow(hit=True, victim_learns=(Lesson(Skill.COMBAT_TACTICS, success=False),))
    weapon, ring = who.gear.weapon, who.gear.ring
    gloved = ring is not None and ring.number == combat.THEFT_GLOVES
    if gloved and who.char_class == CharClass.BANDIT and weapon is None:
        blow.losses = _knock_off(who, victim, ("shield", "weapon", "helmet"), roll)
    if gloved and who.char_class == CharClass.THIEF and not victim.paralysed:
        blow.paralysed = roll(0, 100) < who.skill(Skill.WRESTLING) / 4
        if blow.paralysed:
            paralyse(victim, now + options.times.paralysis_thief, by=who.user_id)
    damage = combat.roll_damage(who, roll, options.ladder.classes)
    blow.part = roll(BodyPart.HEAD, BodyPart.TORSO)
    dealt = damage - combat.roll_armour(victim.gear, blow.part, roll)
    if weapon is not None:
        dealt += weapon.piercing
    least = 1 if options.pvp_min_damage or dealt < 0 else 0
    blow.damage = max(dealt, least)
    ammunition = who.gear.ammunition
    shot = weapon is not None and weapon.needs_ammo and ammunition is not None
    if (weapon and weapon.poisons) or (shot and ammunition and ammunition.poisons):
        blow.poisoned = roll(1, 100) < POISON_BELOW
        victim.poisoned = victim.poisoned or blow.poisoned
    return blow


def _add_extras(blow: Blow, who: Person, style: Style, roll: Roll) -> None:
    """Let one who is neither hungry nor thirsty learn, and try what may come on top of a hit."""
    assassin = who.char_class == CharClass.ASSASSIN
    blow.learns = (Lesson(SKILL_OF[style], success=True),)
    slashes = _slash(who, blow.damage, roll) if style is Style.RANGED else ()
    stab = combat.stab_on_user(blow.damage, assassin=assassin)
    blow.extras = (
        *slashes,
        *_stab(blow, who, stab, roll),
        *_critical(who, blow.damage, roll),
    )


def _stab(blow: Blow, who: Person, damage: int, roll: Roll) -> tuple[Extra, ...]:
    if not combat.may_stab(who):
        return ()
    works = roll(0, 100) < combat.stab_chance(who.char_class, who.skill(Skill.STAB))
    blow.learns += (Lesson(Skill.STAB, success=works),)
    return (Extra(Special.STAB, damage) if works else Extra(Special.STAB_FAILED, 0),)


def _slash(who: Person, dealt: int, roll: Roll) -> tuple[Extra, ...]:
    weapon = who.gear.weapon
    able = who.char_class == CharClass.PIRATE and weapon is not None and weapon.slashes
    if able and roll(1, 100) <= combat.SLASH_PERCENT:
        return (Extra(Special.SLASH, combat.slash_damage(dealt)),)
    return ()


def _critical(who: Person, dealt: int, roll: Roll) -> tuple[Extra, ...]:
    weapon = who.gear.weapon
    able = weapon is not None and weapon.number == combat.VIKING_SWORD
    if (
        able
        and who.char_class == CharClass.BANDIT
        and roll(1, 100) <= combat.critical_chance(who.skill(Skill.WRESTLING))
    ):
        return (Extra(Special.CRITICAL, combat.critical_damage(dealt)),)
    return ()


def _knock_off(
    who: Person, victim: Person, places: tuple[str, ...], roll: Roll
) -> tuple[Loss, ...]:
    """Try to strip a victim of one piece: one roll for each worn, up to the first success."""
    chance = combat.disarm_chance(who.skill(Skill.WRESTLING), who.level)
    for place in places:
        if getattr(victim.gear, place) is not None and roll(1, 100) <= chance:
            return (Loss(place, take_off(victim, place)),)
    return ()
