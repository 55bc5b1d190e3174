"""Blows and shots of players: who is hit, what it does, and what everybody is shown of it.

Permission, chance and damage are the rules'; the order of what is told is the client's need. The
client looks characters up by index: one it is not shown, being veiled, is told of in plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pyao.events import EventTypes
from pyao.events.payloads import CombatHit, CombatKill
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.client_packets import Attack
from pyao.protocol.enums import Font, Fx, Sound
from pyao.protocol.server_packets import CreateFx
from pyao.rules import attack as attacks
from pyao.rules import deeds, fight, permissions, reputation
from pyao.rules.areas import VISION_Y
from pyao.rules.attack import SwingProblem
from pyao.rules.character import Section
from pyao.rules.fight import Blow, Special
from pyao.rules.kinds import DELTAS, Skill
from pyao.rules.movement import inside
from pyao.rules.permissions import Refused
from pyao.rules.reputation import Standing
from pyao.storage.ledger import NOBODY, of_player
from pyao.tasks import creatures, living
from pyao.tasks.acts import Act, act, refuse, show_waking, target_at
from pyao.tasks.belongings import show_slots
from pyao.tasks.growth import earn, show_standing, teach
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.work import aimed
from pyao.world import Player
from pyao.world.npc import Npc

I16_MAX = 32_767
TOLD_FROM_LEVEL = 20  # up to there victims are told what they were stripped of

EXTRAS: Mapping[Special, tuple[str, str]] = MappingProxyType(
    {  # what the attacker and what the victim is told
        Special.STAB: ("fight.stab", "fight.stabbed"),
        Special.STAB_FAILED: ("fight.stab_failed", ""),
        Special.SLASH: ("fight.slash", "fight.slashed"),
        Special.CRITICAL: ("fight.critical", "fight.critically_hit"),
    }
)
LOSSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "weapon": ("fight.disarm", "fight.disarmed"),
        "shield": ("fight.unshield", "fight.unshielded"),
        "helmet": ("fight.unhelm", "fight.unhelmed"),
    }
)


# --- blows and shots ---------------------------------------------------------------------------


@on(Attack, alive=True)
def attack(turn: Turn, _packet: Attack) -> None:
    """Strike at the tile ahead with what is in hand, whoever stands there or nobody."""
    player, game, room = turn.player, turn.game, turn.room
    problem = attacks.begin_melee(player, turn.now, game.options.intervals)
    if problem is not SwingProblem.IS_RANGED and not player.meditating:
        game.stay(player)  # also for a blow that comes too soon
    if problem is not None:
        refuse(game, player, problem.value)
        return
    begin(game, player)
    dx, dy = DELTAS[player.heading]
    x, y = player.x + dx, player.y + dy
    target = room.occupant(x, y) if inside(x, y) else None
    tire(game, player, target)
    if target is None:
        turn.world.sound_of(player, Sound.SWING)
    else:
        strike(game, player, target, turn.now)


@aimed(Skill.PROJECTILES)
def shoot(turn: Turn, x: int, y: int) -> None:
    """Release an arrow, or throw what is in hand, at a tile in sight."""
    player, game = turn.player, turn.game
    no_shot = attacks.begin_shot(player, turn.now, game.options.intervals)
    if no_shot is not None:
        put_away(game, player, no_shot.slots)
        refuse(game, player, no_shot.problem.value)
        return
    target = target_at(turn.room, x, y, player)
    begin(game, player)
    tire(game, player, target, shot=True)
    if target is player:
        turn.tell("attack.oneself")
        return
    if target is not None and abs(target.y - player.y) > VISION_Y:
        turn.tell("attack.too_far", Font.WARNING)
        return
    if target is None:
        turn.world.sound_of(player, Sound.SWING)
    elif not strike(game, player, target, turn.now):
        return
    weapon = player.gear.weapon
    spent = player.gear.ammunition if weapon and weapon.needs_ammo else weapon
    slot = attacks.spend_shot(player)
    if slot and spent is not None:
        purse = of_player(player.user_id)
        game.changes.record("shot", player, spent.number, 1, source=purse, target=NOBODY)
        show_slots(game, player, (slot,))
        if spent is weapon and player.gear.weapon is None:
            living.show_look(game, player)


def begin(game: Game, player: Player) -> None:
    """End what an attack ends for the one who makes it."""
    player.protected_until = 0
    act(game, player, Act.FIGHT)


def tire(game: Game, player: Player, target: Player | Npc | None, *, shot: bool = False) -> None:
    """Let an attack cost its stamina, as far as the world's rules ask for any."""
    on_creature = isinstance(target, Npc)
    paid = fight.swing_stamina(player, game.roll, game.options, on_creature=on_creature, shot=shot)
    if paid:
        living.show_stamina(game, player)


def put_away(game: Game, player: Player, slots: tuple[int, ...]) -> None:
    """Show that useless bows and arrows were put away."""
    if slots:
        show_slots(game, player, slots)
        living.show_look(game, player)


def strike(game: Game, player: Player, target: Player | Npc, now: int) -> bool:
    """Attack somebody, if that is allowed; return whether it was."""
    if isinstance(target, Player):
        return strike_player(game, player, target, now)
    return strike_npc(game, player, target, now)


# --- user on user ------------------------------------------------------------------------------


def strike_player(game: Game, who: Player, victim: Player, now: int) -> bool:
    """Attack another player, if that is allowed; return whether it was."""
    here, there = living.spot(game, who), living.spot(game, victim)
    answer = permissions.may_attack_user(who, victim, here, there)
    if isinstance(answer, Refused):
        forbid(game, who, answer)
        return False
    if answer.warns:
        game.tell(victim, "attack.warned", Font.WARNING)
    exposed = who.attackable_by
    standing = deeds.attack_user(who, victim, answer, now, game.options)
    show_deed(game, who, standing, exposed)
    game.stay(victim)
    if not answer.arena:
        creatures.take_sides(who, victim)
    blow = fight.strike_user(who, victim, now, game.roll, game.options, arena=answer.arena)
    if blow.meditation_broken:
        show_waking(game, victim)
    if blow.hit:
        show_hit(game, who, victim, blow)
    else:
        show_miss(game, who, victim, blow)
    show_losses(game, who, victim, blow)
    game.world.mark(victim, Section.STATS | Section.FLAGS)
    teach(game, who, blow.learns)
    teach(game, victim, blow.victim_learns)
    if blow.killed:
        win(game, who, victim)
    elif blow.hit:
        living.show_hp(game, victim)
    return True


def forbid(game: Game, who: Player, answer: Refused) -> None:
    """Tell why an attack or a help is not allowed."""
    info = answer in (Refused.DEAD, Refused.TARGET_DEAD, Refused.NOT_ATTACKABLE)
    refuse(game, who, answer.value, Font.INFO if info else Font.WARNING)


def show_deed(game: Game, who: Player, standing: Standing, exposed_before: int) -> None:
    """Show what an attack or a help did to the name of who did it."""
    show_standing(game, who, standing)
    if who.attackable_by != exposed_before and not standing.changed:
        living.show_status(game, who)


def show_hit(game: Game, who: Player, victim: Player, blow: Blow) -> None:
    """Show a hit, its place and force, and what came on top of it."""
    game.world.sound_of(who, Sound.IMPACT)
    if not victim.sailing:
        game.show(victim, CreateFx(victim.index, Fx.BLOOD, 0))
    if blow.paralysed:
        living.show_free(game, victim)  # the same toggle roots and frees
        game.tell(who, "fight.paralyse", Font.INFO, name=victim.name)
        game.tell(victim, "fight.paralysed", Font.INFO, name=who.name)
    if blow.poisoned:
        game.tell(who, "fight.poison", Font.FIGHT, name=victim.name)
        game.tell(victim, "fight.poisoned", Font.FIGHT, name=who.name)
    damage = min(blow.damage, I16_MAX)
    struck = msg.multi_user_hitted_user(victim.index, blow.part, damage)
    tell_of(game, who, victim, struck, "fight.unseen_struck", damage=damage)
    hurt = msg.multi_user_hitted_by_user(who.index, blow.part, damage)
    tell_of(game, victim, who, hurt, "fight.unseen_strikes", damage=damage)
    announce_hit(game, who, victim.name, blow.damage)
    for extra in blow.extras:
        own, others = EXTRAS[extra.special]
        game.tell(who, own, Font.FIGHT, name=victim.name, damage=extra.damage)
        if others:
            game.tell(victim, others, Font.FIGHT, name=who.name, damage=extra.damage)


def show_miss(game: Game, who: Player, victim: Player, blow: Blow) -> None:
    """Show a miss, for which a shield may claim the credit."""
    if blow.blocked:
        game.world.sound_of(victim, Sound.SHIELD)
        game.send(who, msg.multi_blocked_with_shield_other())
        game.send(victim, msg.multi_blocked_with_shield_user())
    game.world.sound_of(who, Sound.SWING)
    game.send(who, msg.multi_user_swing())
    swing = msg.multi_user_attacked_swing(who.index)
    tell_of(game, victim, who, swing, "fight.unseen_misses")


def tell_of(
    game: Game, to: Player, other: Player, coded: bytes, key: str, **values: object
) -> None:
    """Send a coded message that names a character by index, or a text if `to` does not see it."""
    if to.sees(other):
        game.send(to, coded)
    else:
        game.tell(to, key, Font.FIGHT, name=other.name, **values)


def show_losses(game: Game, who: Player, victim: Player, blow: Blow) -> None:
    """Show what was knocked off a victim."""
    for loss in blow.losses:
        own, others = LOSSES[loss.place]
        if loss.slot:
            show_slots(game, victim, (loss.slot,))
        living.show_look(game, victim)
        game.tell(who, own, Font.FIGHT, name=victim.name)
        if victim.level < TOLD_FROM_LEVEL:
            game.tell(victim, others, Font.FIGHT, name=who.name)


def win(game: Game, who: Player, victim: Player) -> None:
    """Let a player die by another's hand, and pay and judge the one who did it."""
    arena = living.spot(game, who).arena and living.spot(game, victim).arena
    experience = fight.victory_experience(victim)
    killed = msg.multi_have_killed_user(victim.index, experience)
    tell_of(game, who, victim, killed, "fight.unseen_killed", experience=experience)
    tell_of(game, victim, who, msg.multi_user_kill(who.index), "fight.unseen_kills")
    game.events.announce(CombatKill(who.name, victim.name, who.map, 0), "combat")
    standing = reputation.SAME
    if not arena:
        standing = reputation.kill_user(who, victim)
        reputation.count_kill(who, victim, victim.name, newbie=victim.newbie)
    living.kill(game, victim, killer=who.name)
    show_standing(game, who, standing)
    earn(game, who, experience, "player")


# --- user on creature --------------------------------------------------------------------------


def strike_npc(game: Game, who: Player, npc: Npc, now: int) -> bool:
    """Attack a creature, if that is allowed; return whether it was."""
    here = living.spot(game, who)
    answer = permissions.may_attack_creature(
        who,
        npc,
        here,
        now,
        creatures.ties(game, npc, who),
        ownership=game.options.creature_ownership,
    )
    if isinstance(answer, Refused):
        forbid(game, who, answer)
        return False
    exposed = who.attackable_by
    standing = deeds.attack_creature(who, npc, answer, here, now, game.options)
    show_deed(game, who, standing, exposed)
    creatures.provoke(game, npc, who)
    who.ignored = False
    blow = fight.strike_creature(who, npc, game.roll, game.options)
    if blow.hit:
        room = game.world.maps[npc.map]
        game.world.sound(room, npc.kind.hurt_sound or Sound.IMPACT_2, npc.x, npc.y)
        game.send(who, msg.multi_user_hit_npc(blow.damage))
        announce_hit(game, who, npc.kind.name, blow.damage)
    else:
        game.world.sound_of(who, Sound.SWING)
        game.send(who, msg.multi_user_swing())
    for extra in blow.extras:
        own, _ = EXTRAS[extra.special]
        game.tell(who, own, Font.FIGHT, name=npc.kind.name, damage=extra.damage)
    teach(game, who, blow.learns)
    if blow.killed:
        break_slayer(game, who, npc)
    creatures.suffered(game, npc, blow.experience, who)
    return True


def break_slayer(game: Game, who: Player, npc: Npc) -> None:
    """Lose the sword that slew a dragon, and show it."""
    weapon = who.gear.weapon
    slot = attacks.break_slayer(who, npc)
    if slot and weapon is not None:
        purse = of_player(who.user_id)
        game.changes.record("broken", who, weapon.number, 1, source=purse, target=NOBODY)
        show_slots(game, who, (slot,))
        living.show_look(game, who)


def announce_hit(game: Game, who: Player, target: str, damage: int) -> None:
    """Tell modules of a hit, if any listens."""
    if game.events.hears(EventTypes.COMBAT_HIT):
        game.events.announce(CombatHit(who.name, target, who.map, damage), "combat")
