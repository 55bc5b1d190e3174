"""What time does to a character: recovery, hunger, poison, cold, and states that run out.

`pass_time` is called a few times a second for whomever something acts on, `put_off` tells for all
others that nothing does. Both count real time, so a slow server neither hurts nor heals anybody
faster, and after a stall each effect acts once, not in a burst. Follows ao-libre/ao-server,
General.bas.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.hiding import TICK_MS, stay_hidden
from pyao.rules.kinds import Skill
from pyao.rules.meditation import meditate_tick
from pyao.rules.numbers import Roll, pct
from pyao.rules.options import EffectTimes, Options
from pyao.rules.person import Effects, Person
from pyao.rules.skills import Training, train
from pyao.rules.states import (
    end_invisibility,
    free,
    restore_attributes,
    stop_meditating,
    stop_resting,
    undaze,
    undisguise,
    unhide,
)

RECOVERY_PERCENT = 5
HP_RECOVERED_MIN = 2
NEED_STEP = 10
POISON_MAX = 5
COLD_PERCENT = 5
RAIN_PERCENT = 3
CAPTOR_COLUMNS = 9
INVISIBLE_SPREAD_TICKS = 100
MAX_TICKS_AT_ONCE = 25  # of a trance after a stall: one second
PUT_OFF_MS = 4_000  # hunger and thirst, which take minutes, can wait so long


class What(Enum):
    """Something that happened to a character by itself."""

    HP_GAINED = "hp gained"
    STAMINA_GAINED = "stamina gained"
    MANA_GAINED = "mana gained"
    HUNGER = "hunger"
    THIRST = "thirst"
    POISON = "poison"
    COLD = "cold"
    COLD_TIRES = "cold tires"
    LAVA = "lava"
    RAIN_TIRES = "rain tires"
    DIED = "died"
    LEARNED = "learned"
    REST_ENDS = "rest ends"
    MEDITATION_ENDS = "meditation ends"
    PARALYSIS_ENDS = "paralysis ends"
    STUN_ENDS = "stun ends"
    BLINDNESS_ENDS = "blindness ends"
    INVISIBILITY_ENDS = "invisibility ends"
    HIDING_ENDS = "hiding ends"
    MIMICRY_ENDS = "mimicry ends"
    ATTRIBUTES_END = "attributes end"
    ATTACKABLE_ENDS = "attackable ends"


class Rest(Enum):
    """What the command to rest did; the value of a refusal is the key of the text told."""

    DEAD = "action.dead"
    NO_FIRE = "rest.no_fire"
    BEGUN = "rest.begun"
    ENDED = "rest.ended"


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, by how much, and what it taught.

    Of `INVISIBILITY_ENDS` and `HIDING_ENDS` the amount is 1 if somebody came into sight by it, of
    `ATTACKABLE_ENDS` if the safe lock went on.
    """

    what: What
    amount: int = 0
    training: Training | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the surroundings do to somebody."""

    snow: bool = False
    lava: bool = False
    rain: bool = False  # it rains, and there is no roof
    no_invisibility: bool = False
    no_hiding: bool = False


def pass_time(
    who: Person, now: int, around: Around, roll: Roll, options: Options
) -> list[Happening]:
    """Let the time up to `now` (ms) act on a character; return what happened, in order.

    The dead are left alone. One who dies of it has no hit points and `DIED` comes last.
    """
    effects = who.effects
    elapsed = now - effects.at if effects.at is not None else 0
    effects.at = now
    happenings: list[Happening] = []
    if who.dead or elapsed <= 0:
        return happenings
    hungry_ms, effects.put_off_ms = elapsed + effects.put_off_ms, 0
    _end_states(who, now, around, roll, options, happenings)
    _suffer(who, elapsed, around, roll, options, happenings)
    if who.hp <= 0:
        who.hp = 0
        happenings.append(Happening(What.DIED))
        return happenings
    _need(who, hungry_ms, options.times, happenings)
    if not (who.in_need or around.rain):
        _recover(who, elapsed, roll, options.times, happenings)
    if who.meditating:
        _meditate(who, now, elapsed, roll, options, happenings)
    return happenings


def put_off(who: Person, now: int) -> bool:
    """Tell whether `pass_time` would have nothing to do yet, and account for the time up to `now`.

    So it is for most people most of the time: whole, rested, clothed and in no state that ends.
    What the place does to them is not looked at here. What begins counts from the look that finds
    it: who is looked at rarely is told of it, and rid of it, that much later.
    """
    effects = who.effects
    if (
        effects.at is None
        or who.hp < who.max_hp
        or who.stamina < who.max_stamina
        or who.gear.armour is None
        or who.resting
        or who.meditating
        or who.hidden
        or who.invisible
        or who.paralysed
        or who.stunned
        or who.blinded
        or who.poisoned
        or who.attackable_by
        or effects.attributes_until
        or who.disguise is not None
    ):
        return False
    waiting_ms = effects.put_off_ms + now - effects.at
    if waiting_ms >= PUT_OFF_MS:
        return False
    effects.at = now
    effects.put_off_ms = waiting_ms
    return True


def resume(who: Person, now: int, options: Options) -> None:
    """Start the clocks of states a character was saved with: paralysis and invisibility anew."""
    who.effects.at = now
    if who.paralysed:
        who.effects.paralysis_until = now + options.times.paralysis
    if who.invisible:
        who.effects.invisible_until = now + options.times.invisibility
    unhide(who)


def protect(who: Person, now: int, options: Options) -> None:
    """Keep creatures off somebody who has just arrived."""
    who.protected_until = now + options.times.protection


def expose(who: Person, to: int, now: int, options: Options) -> None:
    """Let a user attack somebody without penalty for a while; called again it starts anew."""
    who.attackable_by = to
    who.effects.attackable_until = now + options.times.attackable


def loosen(who: Person, captor: Person | None, now: int, options: Options) -> bool:
    """Shorten the paralysis of one without mana whose captor is gone; return if it is free now.

    Free at once when the captor left the game or died, soon when it is far away. Those with mana
    help themselves.
    """
    if not who.paralysed or not who.paralysed_by or who.max_mana > 0:
        return False
    if captor is None or captor.dead:
        return free(who)
    if captor.map != who.map or abs(captor.x - who.x) > CAPTOR_COLUMNS:
        soon = now + options.times.paralysis_far
        who.effects.paralysis_until = min(who.effects.paralysis_until, soon)
    return False


def rest(who: Person, *, fire: bool) -> Rest:
    """Sit down at a lit fire in sight, or get up."""
    if who.dead:
        return Rest.DEAD
    if stop_resting(who):
        return Rest.ENDED
    who.resting = fire
    return Rest.BEGUN if fire else Rest.NO_FIRE


def _hiding_is_over(who: Person, now: int, options: Options) -> bool:
    return now >= who.effects.hidden_until and not stay_hidden(who, now, options)


def _end_states(
    who: Person,
    now: int,
    around: Around,
    roll: Roll,
    options: Options,
    happenings: list[Happening],
) -> None:
    effects = who.effects
    if who.paralysed and now >= effects.paralysis_until and free(who):
        happenings.append(Happening(What.PARALYSIS_ENDS))
    if (who.stunned or who.blinded) and now >= effects.dazed_until:
        stunned, blinded = undaze(who)
        happenings += [Happening(What.STUN_ENDS)] * stunned
        happenings += [Happening(What.BLINDNESS_ENDS)] * blinded
    if who.invisible and (around.no_invisibility or now >= effects.invisible_until):
        spread = roll(-INVISIBLE_SPREAD_TICKS, INVISIBLE_SPREAD_TICKS) * TICK_MS
        effects.invisible_next_ms = options.times.invisibility - spread
        happenings.append(Happening(What.INVISIBILITY_ENDS, int(end_invisibility(who))))
    if who.hidden and (around.no_hiding or _hiding_is_over(who, now, options)):
        happenings.append(Happening(What.HIDING_ENDS, int(unhide(who))))
    if who.disguise is not None and now >= effects.mimicry_until and undisguise(who):
        happenings.append(Happening(What.MIMICRY_ENDS))
    if effects.attributes_until and now >= effects.attributes_until:
        restore_attributes(who)
        happenings.append(Happening(What.ATTRIBUTES_END))
    if who.attackable_by and now >= effects.attackable_until:
        who.attackable_by = 0
        happenings.append(Happening(What.ATTACKABLE_ENDS, int(not who.safe)))
        who.safe = True


def _suffer(
    who: Person,
    elapsed: int,
    around: Around,
    roll: Roll,
    options: Options,
    happenings: list[Happening],
) -> None:
    """Let lava, cold, rain and poison act."""
    effects, times = who.effects, options.times
    if around.lava and not who.staff and _due(effects, "lava_ms", elapsed, times.cold):
        _hurt(who, What.LAVA, pct(who.max_hp, COLD_PERCENT), happenings)
    if who.naked and not who.staff and _due(effects, "cold_ms", elapsed, times.cold):
        if around.snow:
            loss = pct(who.max_hp, COLD_PERCENT)
            most = options.cold_max
            _hurt(who, What.COLD, loss if most is None else min(loss, most), happenings)
        else:
            _tire(who, What.COLD_TIRES, pct(who.max_stamina, COLD_PERCENT), happenings)
    if around.rain and times.rain_stamina and _due(effects, "rain_ms", elapsed, times.rain_stamina):
        _tire(who, What.RAIN_TIRES, pct(who.max_stamina, RAIN_PERCENT), happenings)
    if who.poisoned and _due(effects, "poison_ms", elapsed, times.poison):
        _hurt(who, What.POISON, roll(1, POISON_MAX), happenings)


def _need(who: Person, elapsed: int, times: EffectTimes, happenings: list[Happening]) -> None:
    """Let hunger and thirst grow."""
    if who.thirst > 0 and _due(who.effects, "thirst_ms", elapsed, times.thirst):
        who.thirst = max(who.thirst - NEED_STEP, 0)
        happenings.append(Happening(What.THIRST, who.thirst))
    if who.hunger > 0 and _due(who.effects, "hunger_ms", elapsed, times.hunger):
        who.hunger = max(who.hunger - NEED_STEP, 0)
        happenings.append(Happening(What.HUNGER, who.hunger))


def _recover(
    who: Person, elapsed: int, roll: Roll, times: EffectTimes, happenings: list[Happening]
) -> None:
    """Let life and stamina come back, faster at rest; the naked get no stamina."""
    if who.hp >= who.max_hp and who.stamina >= who.max_stamina and not who.resting:
        return  # as most people are, most of the time
    share = pct(who.max_stamina, RECOVERY_PERCENT)
    if who.hp < who.max_hp:
        period = times.hp_resting if who.resting else times.hp
        if _due(who.effects, "hp_ms", elapsed, period):
            # By maximum stamina, as the classic server has it.
            gain = roll(HP_RECOVERED_MIN, max(HP_RECOVERED_MIN, share))
            who.hp = min(who.hp + gain, who.max_hp)
            happenings.append(Happening(What.HP_GAINED, gain))
    if who.stamina < who.max_stamina and not who.naked:
        period = times.stamina_resting if who.resting else times.stamina
        if _due(who.effects, "stamina_ms", elapsed, period):
            gain = roll(1, max(1, share))
            who.stamina = min(who.stamina + gain, who.max_stamina)
            happenings.append(Happening(What.STAMINA_GAINED, gain))
    rested = who.hp >= who.max_hp and who.stamina >= who.max_stamina
    if rested and stop_resting(who):
        happenings.append(Happening(What.REST_ENDS))


def _meditate(
    who: Person,
    now: int,
    elapsed: int,
    roll: Roll,
    options: Options,
    happenings: list[Happening],
) -> None:
    """Let a trance bring mana, one chance in each tick of 40 ms, until there is no more room."""
    effects = who.effects
    ready = now - effects.meditation_from - options.times.meditation_start
    effects.meditation_ms += max(min(elapsed, ready), 0)
    ticks, effects.meditation_ms = divmod(effects.meditation_ms, TICK_MS)
    gained = 0
    for _ in range(min(ticks, MAX_TICKS_AT_ONCE)):
        if who.mana >= who.max_mana:
            break
        gain = meditate_tick(who, roll, options.meditation_percent)
        gained += gain
        training = train(who, Skill.MEDITATE, roll, success=gain > 0, ladder=options.ladder)
        if training.value:
            happenings.append(Happening(What.LEARNED, training=training))
    if gained:
        happenings.append(Happening(What.MANA_GAINED, gained))
    if ticks and who.mana >= who.max_mana and stop_meditating(who):
        happenings.append(Happening(What.MEDITATION_ENDS))


def _due(effects: Effects, counter: str, elapsed: int, period: int) -> bool:
    """Run a counter on; when it reaches its period it starts again, and what it missed is lost."""
    total: int = getattr(effects, counter) + elapsed
    due = total >= period
    if due:
        total = total - period if total < 2 * period else 0
    setattr(effects, counter, total)
    return due


def _hurt(who: Person, what: What, loss: int, happenings: list[Happening]) -> None:
    who.hp -= loss
    happenings.append(Happening(what, loss))


def _tire(who: Person, what: What, loss: int, happenings: list[Happening]) -> None:
    loss = min(loss, who.stamina)
    if loss:
        who.stamina -= loss
        happenings.append(Happening(what, loss))
