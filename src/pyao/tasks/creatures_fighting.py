"""Attacks by creatures: on players and on each other, by hand and by spell, and how they are shown.

Whom and when is decided in `rules/npcs.py`; chance and damage are those of `rules/fight.py`. What
creatures suffer stands in `creatures.py`.
"""

from __future__ import annotations

from pyao.content.spells import Spell
from pyao.events import EventTypes
from pyao.events.payloads import CombatHit
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.enums import Font, Fx, Sound
from pyao.protocol.server_packets import ChatOverHead, CreateFx
from pyao.rules import fight, permissions, pets, reputation
from pyao.rules.casting import Outcome
from pyao.rules.character import Section, UserId
from pyao.rules.fight import Blow
from pyao.rules.instincts import heading_next_to
from pyao.rules.kinds import NpcRole, Trigger
from pyao.rules.permissions import Price, Refused
from pyao.rules.spells_by_creatures import creature_casts_on_creature, creature_casts_on_user
from pyao.tasks import creatures, living
from pyao.tasks.acts import appear, show_waking
from pyao.tasks.combat import I16_MAX
from pyao.tasks.growth import show_standing, teach
from pyao.tasks.magic import CHANGES, WORDS_COLOR, show_effect
from pyao.world import Player
from pyao.world.npc import Npc


def sheltered(game: Game, victim: Player) -> bool:
    """Tell whether a player stands on a tile where nobody fights."""
    return game.world.maps[victim.map].trigger(victim.x, victim.y) == Trigger.SAFE


# --- on players --------------------------------------------------------------------------------


def strike_player(game: Game, npc: Npc, victim: Player) -> None:
    """Let a creature hit a player next to it, or miss."""
    if victim.dead or sheltered(game, victim):
        return
    face(game, npc, victim)
    if npc.kind.attack_sound:
        game.world.sound(game.world.maps[npc.map], npc.kind.attack_sound, npc.x, npc.y)
    defend(game, victim, npc)
    blow = fight.creature_strikes_user(npc, victim, game.roll, game.options)
    if blow.meditation_broken:
        show_waking(game, victim)
    if blow.hit:
        show_hit(game, npc, victim, blow)
    else:
        if blow.blocked:
            game.world.sound_of(victim, Sound.SHIELD)
            game.send(victim, msg.multi_blocked_with_shield_user())
        game.send(victim, msg.multi_npc_swing())
    teach(game, victim, blow.victim_learns)
    if blow.killed:
        win(game, npc, victim)


def show_hit(game: Game, npc: Npc, victim: Player, blow: Blow) -> None:
    """Show a hit: its sound and blood, its place and force, and the poison in it."""
    game.world.sound_of(victim, Sound.IMPACT)
    if not (victim.meditating or victim.sailing):
        game.show(victim, CreateFx(victim.index, Fx.BLOOD, 0))
    game.send(victim, msg.multi_npc_hit_user(blow.part, min(blow.damage, I16_MAX)))
    announce(game, npc, victim, blow.damage)
    if not blow.killed:
        living.show_hp(game, victim)
    if blow.poisoned:
        game.tell(victim, "fight.poisoned", Font.FIGHT, name=npc.kind.name)
        game.world.mark(victim, Section.FLAGS)


def cast_at_player(game: Game, npc: Npc, number: int, victim: Player) -> None:
    """Let a creature cast a spell at a player it sees."""
    spell = game.world.data.spells.get(number)
    if spell is None or victim.dead or sheltered(game, victim):
        return
    defend(game, victim, npc)
    now = game.world.clock.now()
    out = creature_casts_on_user(npc, spell, victim, now, game.roll, game.options)
    show_spell(game, npc, spell, victim)
    if spell.target_text:
        game.tell(victim, "spell.received", Font.FIGHT, name=npc.kind.name, text=spell.target_text)
    show_points(game, npc, victim, out)
    for name in out.changed:
        show_change(game, npc, victim, name)
    game.world.mark(victim, Section.STATS | Section.FLAGS)
    if out.killed:
        win(game, npc, victim)


def show_points(game: Game, npc: Npc, victim: Player, out: Outcome) -> None:
    """Tell how much life a spell took or gave."""
    name = npc.kind.name
    if out.damage:
        game.tell(victim, "spell.damaged", Font.FIGHT, points=out.damage, name=name)
        announce(game, npc, victim, out.damage)
    elif out.healing:
        game.tell(victim, "spell.healed", Font.FIGHT, points=out.healing, name=name)
    if (out.damage or out.healing) and not out.killed:
        living.show_hp(game, victim)


def show_change(game: Game, npc: Npc, victim: Player, name: str) -> None:
    """Show one state that a spell began or ended."""
    if name == "reveals":
        appear(game, victim)
        return
    if name in ("paralyses", "immobilises"):
        npc.captive = victim.user_id
    show = CHANGES.get(name)
    if show is not None:
        show(game, victim)


def win(game: Game, npc: Npc, victim: Player) -> None:
    """Let a player die of a creature, which then goes back to its ways."""
    game.send(victim, msg.multi_npc_kill_user())
    standing = reputation.SAME
    if npc.kind.role == NpcRole.ROYAL_GUARD:
        standing = reputation.atone(victim)
    if npc.master:
        pets.come_back(npc)
    elif not npc.kind.alignment:
        npc.restore()
    living.kill(game, victim, killer=npc.kind.name)
    show_standing(game, victim, standing)


def defend(game: Game, victim: Player, npc: Npc) -> None:
    """Send a player's idle pets to its help, if it could attack the creature without a crime."""
    idle = [pet for pet in victim.pets if pet.foe is None and pet is not npc]
    if not idle:
        return
    allowed = permissions.may_attack_creature(
        victim,
        npc,
        living.spot(game, victim),
        game.world.clock.now(),
        creatures.ties(game, npc, victim),
        ownership=game.options.creature_ownership,
    )
    if isinstance(allowed, Refused) or allowed.price is not Price.NOTHING:
        return
    for pet in idle:
        pets.fight(pet, npc, unasked=True)


def face(game: Game, npc: Npc, target: Player | Npc) -> None:
    """Turn a creature to one next to it."""
    heading = heading_next_to(npc, target.x, target.y)
    if heading:
        game.world.turn_npc(npc, heading)


def announce(game: Game, npc: Npc, victim: Player, damage: int) -> None:
    """Tell modules of a hit, if any listens."""
    if game.events.hears(EventTypes.COMBAT_HIT):
        hit = CombatHit(npc.kind.name, victim.name, victim.map, damage)
        game.events.announce(hit, "combat")


# --- on each other -----------------------------------------------------------------------------


def strike_npc(game: Game, npc: Npc, foe: Npc) -> None:
    """Let a creature hit another next to it, or miss; the other fights back."""
    face(game, npc, foe)
    room = game.world.maps[npc.map]
    if npc.kind.attack_sound:
        game.world.sound(room, npc.kind.attack_sound, npc.x, npc.y)
    blow = fight.creature_strikes_creature(npc, foe, game.roll)
    if blow.hit:
        game.world.sound(room, foe.kind.hurt_sound or Sound.IMPACT_2, foe.x, foe.y)
        game.world.sound(room, Sound.IMPACT, foe.x, foe.y)
    else:
        game.world.sound(room, Sound.SWING, npc.x, npc.y)
    settle(game, npc, foe)


def cast_at_npc(game: Game, npc: Npc, number: int, foe: Npc) -> None:
    """Let a creature cast a spell at another; a dragon answers at once with one of its own."""
    spell = game.world.data.spells.get(number)
    if spell is None:
        return
    out = creature_casts_on_creature(npc, spell, foe, game.roll, game.options)
    show_spell(game, npc, spell, foe)
    if not (out.damage or out.changed):
        return  # a kindness among friends
    settle(game, npc, foe)
    if foe.gone or not foe.dragon or not foe.kind.spells:
        return
    answer = game.world.data.spells.get(foe.kind.spells[game.roll(1, len(foe.kind.spells)) - 1])
    if answer is not None:
        creature_casts_on_creature(foe, answer, npc, game.roll, game.options)
        show_spell(game, foe, answer, npc)
        settle(game, foe, npc)


def settle(game: Game, npc: Npc, foe: Npc) -> None:
    """Let an attacked creature die, or defend itself."""
    if foe.hp > 0:
        if foe.foe is None:
            pets.fight_back(foe, npc)
        return
    if npc.master:
        pets.come_back(npc)
    elif npc.foe is foe:
        npc.foe = None
        npc.restore()
    owner = game.world.players.get(UserId(foe.master))
    if owner is not None:
        game.tell(owner, "pet.died", Font.FIGHT, name=foe.kind.name)
    creatures.die(game, foe, game.world.players.get(UserId(npc.master)))


# --- what spells of creatures show -------------------------------------------------------------


def show_spell(game: Game, npc: Npc, spell: Spell, target: Player | Npc) -> None:
    """Let the magic words be read over a creature, effect and sound be at the target."""
    room = game.world.maps[npc.map]
    if spell.words:
        words = ChatOverHead(spell.words, npc.index, *WORDS_COLOR)
        room.show(words.encode(game.encoding), npc.zone)
    show_effect(game, spell, target)
