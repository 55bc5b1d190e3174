"""Casting: the spell chosen, the tile clicked, and what everybody is shown of it.

The client chooses a spell with CAST_SPELL, gets the crosshair for WORK, and sends the click. What a
spell asks and does is the rules' business; here each change it reports finds its packets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from pyao.content.spells import Spell
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.client_packets import CastSpell, SpellInfo, UseSpellMacro
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import ChatOverHead, CreateFx
from pyao.rules import spells
from pyao.rules.casting import Casting, Outcome
from pyao.rules.character import SPELL_SLOTS, Section
from pyao.rules.creature import Creature
from pyao.rules.kinds import Skill, TileFlag
from pyao.rules.permissions import Refused
from pyao.rules.person import Person, Spot
from pyao.rules.spells import CastProblem
from pyao.rules.spells_on_creatures import cast_on_creature, cast_on_ground
from pyao.rules.spells_on_users import cast_on_user
from pyao.rules.using import compass
from pyao.tasks import creatures, living
from pyao.tasks.acts import Act, act, refuse, show_waking, target_at, veil
from pyao.tasks.belongings import show_figures, show_needs
from pyao.tasks.clicks import describe
from pyao.tasks.combat import announce_hit, forbid, show_deed, win
from pyao.tasks.growth import teach
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.work import aimed, ask_target, begins
from pyao.world import Player
from pyao.world.npc import Npc

WORDS_COLOR = (0, 255, 255)
REVEAL_RADIUS = 8


@on(CastSpell, alive=True)
def cast_spell(turn: Turn, packet: CastSpell) -> None:
    """Remember the spell of a slot for the click that will follow."""
    player = turn.player
    player.protected_until = 0
    player.selected_spell = spells.spell_at(player, packet.slot)


@begins(Skill.MAGIC)
def begin_to_cast(turn: Turn) -> None:
    """Give the client its crosshair; without it no spell is ever aimed."""
    if turn.player.meditating:
        turn.tell("action.meditating")
    else:
        ask_target(turn, Skill.MAGIC)


@on(SpellInfo)
def spell_info(turn: Turn, packet: SpellInfo) -> None:
    """Describe a spell of the book; there is nothing to say of an empty slot."""
    spell = turn.world.data.spells.get(spells.spell_at(turn.player, packet.slot))
    if spell is None:
        if not 1 <= packet.slot <= SPELL_SLOTS:
            turn.tell("spell.none_selected")
        return
    turn.tell("spell.info_name", name=spell.name, description=spell.description)
    turn.tell("spell.info_needs", skill=spell.min_skill, mana=spell.mana, stamina=spell.stamina)


@on(UseSpellMacro)
def use_spell_macro(turn: Turn, _packet: UseSpellMacro) -> None:
    """Let a client go that reports its own macro, where those are not allowed."""
    game, player = turn.game, turn.player
    if game.settings.game.spell_macro:
        return
    for other in turn.world.players.values():
        if other.staff:
            game.tell(other, "spell.macro", Font.SERVER, name=player.name)
    turn.session.refuse("logout.spell_macro")


@aimed(Skill.MAGIC)
def cast_at(turn: Turn, x: int, y: int) -> None:
    """Cast the chosen spell at a tile in sight, and forget it."""
    game, player, room = turn.game, turn.player, turn.room
    game.stay(player)
    if room.data.no_magic:
        turn.tell(CastProblem.NO_MAGIC_HERE.value, Font.FIGHT)
        return
    target = target_at(room, x, y, player)
    player.clicked = target
    describe(turn, x, y, target)
    if not player.intervals.may_cast(turn.now, game.options.intervals):
        return
    number, player.selected_spell = player.selected_spell, 0
    spell = turn.world.data.spells.get(number)
    if spell is None:
        turn.tell(CastProblem.NONE_SELECTED.value)
        return
    player.clicked = None
    tamed = sum(not pet.dies_at for pet in (*player.pets, *player.waiting))
    problem = spells.check_cast(player, spell, tamed)
    if problem is not None:
        refuse(game, player, problem.value)
        return
    user = target if isinstance(target, Player) else None
    creature = target if isinstance(target, Npc) else None
    chosen = spells.choose_target(player, spell, user, creature)
    if isinstance(chosen, CastProblem):
        font = Font.WARNING if chosen is CastProblem.TOO_FAR else Font.INFO
        refuse(game, player, chosen.value, font)
    elif user is not None and chosen is user:
        cast_at_player(turn, spell, user)
    elif creature is not None and chosen is creature:
        cast_at_npc(turn, spell, creature)
    else:
        cast_at_tile(turn, spell, x, y)


# --- on users ----------------------------------------------------------------------------------


def cast_at_player(turn: Turn, spell: Spell, target: Player) -> None:
    """Let a spell act on a player, and show what came of it."""
    game, who = turn.game, turn.player
    exposed = who.attackable_by
    casting: Casting[Person] = Casting(
        caster=who,
        spell=spell,
        target=target,
        here=living.spot(game, who),
        there=living.spot(game, target),
        now=turn.now,
        roll=game.roll,
        options=game.options,
        leaving=target.leaving is not None,
    )
    out = cast_on_user(casting)
    if out.attacked:
        game.stay(target)
        if not (casting.here.arena and casting.there.arena):
            creatures.take_sides(who, target)
    if out.meditation_broken:
        show_waking(game, target)
    if not judge(game, who, out, exposed):
        return
    show_spell_on(game, who, spell, target)
    tell_texts(game, who, spell, target)
    tell_points(game, who, target, out)
    if out.shielded:
        game.tell(who, "spell.shielded", Font.FIGHT)
    for name in out.changed:
        show_change(game, who, target, name)
    game.world.mark(target, Section.STATS | Section.FLAGS)
    pay(game, who, out)
    if out.killed:
        win(game, who, target)
    elif target is not who:
        show_figures(game, target)
    if out.caster_died:
        game.tell(who, "spell.exhausted", Font.FIGHT)
        living.kill(game, who)


def tell_texts(game: Game, who: Player, spell: Spell, target: Player) -> None:
    """Write what a spell's data says to its caster and to its target."""
    if target is who:
        if spell.self_text:
            game.tell(who, "spell.on_oneself", Font.FIGHT, text=spell.self_text)
        return
    if spell.caster_text:
        game.tell(who, "spell.cast", Font.FIGHT, text=spell.caster_text, name=target.name)
    if spell.target_text:
        game.tell(target, "spell.received", Font.FIGHT, name=who.name, text=spell.target_text)


def tell_points(game: Game, who: Player, target: Player, out: Outcome) -> None:
    """Tell both sides how much life a spell gave or took."""
    if out.damage:
        game.tell(who, "spell.damage", Font.FIGHT, points=out.damage, name=target.name)
        game.tell(target, "spell.damaged", Font.FIGHT, points=out.damage, name=who.name)
        announce_hit(game, who, target.name, out.damage)
    elif out.healing and target is who:
        game.tell(who, "spell.healed_oneself", Font.FIGHT, points=out.healing)
    elif out.healing:
        game.tell(who, "spell.heal", Font.FIGHT, points=out.healing, name=target.name)
        game.tell(target, "spell.healed", Font.FIGHT, points=out.healing, name=who.name)


def show_change(game: Game, who: Player, target: Player, name: str) -> None:
    """Show one thing that a spell changed."""
    if name == "mimics":
        living.show_look(game, who)
        return
    show = CHANGES.get(name)
    if show is not None:
        show(game, target)


Change = Callable[[Game, Player], None]

CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "hp": living.show_hp,
        "mana": living.show_mana,
        "stamina": living.show_stamina,
        "hunger": show_needs,
        "thirst": show_needs,
        "agility": lambda game, who: game.send(who, msg.update_dexterity(who.current.agility)),
        "strength": lambda game, who: game.send(who, msg.update_strenght(who.current.strength)),
        "invisibility": veil,
        # One toggle: it roots whoever is free and frees whoever is not.
        "paralyses": living.show_free,
        "immobilises": living.show_free,
        "frees": living.show_free,
        "stuns": lambda game, who: game.send(who, msg.dumb()),
        "blinds": lambda game, who: game.send(who, msg.blind()),
        "ends_stun": lambda game, who: game.send(who, msg.dumb_no_more()),
        "revives": living.revive,
    }
)


# --- on creatures and tiles --------------------------------------------------------------------


def cast_at_npc(turn: Turn, spell: Spell, npc: Npc) -> None:
    """Let a spell act on a creature, and show what came of it."""
    game, who = turn.game, turn.player
    exposed = who.attackable_by
    casting: Casting[Creature] = Casting(
        caster=who,
        spell=spell,
        target=npc,
        here=living.spot(game, who),
        there=spot_of(turn, npc.x, npc.y),
        now=turn.now,
        roll=game.roll,
        options=game.options,
        ties=creatures.ties(game, npc, who),
        pets=len(who.pets) + len(who.waiting),
    )
    out = cast_on_creature(casting)
    if out.attacked:
        creatures.provoke(game, npc, who)
    if not judge(game, who, out, exposed):
        return
    show_spell_on(game, who, spell, npc)
    name = npc.kind.name
    if spell.caster_text:
        game.tell(who, "spell.on_creature", Font.FIGHT, text=spell.caster_text)
    if "hp" in out.changed and out.attacked:
        if npc.kind.hurt_sound:
            game.world.sound(turn.room, npc.kind.hurt_sound, npc.x, npc.y)
        game.tell(who, "spell.damage", Font.FIGHT, points=out.damage, name=name)
        announce_hit(game, who, name, out.damage)
    elif out.healing:
        game.tell(who, "spell.heal", Font.FIGHT, points=out.healing, name=name)
    if "mimics" in out.changed:
        living.show_look(game, who)
    pay(game, who, out)
    if out.attacked:
        creatures.suffered(game, npc, out.experience, who)


def cast_at_tile(turn: Turn, spell: Spell, x: int, y: int) -> None:
    """Let a spell act on a tile: call creatures to it, or show who is unseen around it."""
    game, who = turn.game, turn.player
    exposed = who.attackable_by
    casting = Casting(
        caster=who,
        spell=spell,
        target=None,
        here=living.spot(game, who),
        there=spot_of(turn, x, y),
        now=turn.now,
        roll=game.roll,
        options=game.options,
        pets=len(who.pets) + len(who.waiting),
    )
    out = cast_on_ground(casting)
    if not judge(game, who, out, exposed):
        return
    say_words(game, who, spell)
    if spell.sound:
        game.world.sound(turn.room, spell.sound, x, y)
    if out.summons is not None:
        number, count = out.summons
        for _ in range(count):
            creatures.summon(game, who, number, x, y)
    if out.calls_pet:
        creatures.call_pet(game, who, x, y)
    if out.reveals:
        reveal(turn, spell, x, y)
    pay(game, who, out)


def reveal(turn: Turn, spell: Spell, x: int, y: int) -> None:
    """Tell the caster where around a tile the invisible are; who sees them sees the effect too.

    The classic server shows the effect on them to everybody; a client that is told nothing of the
    invisible has no character to draw it on.
    """
    game, who = turn.game, turn.player
    for other in turn.room.viewers(who.zone):
        away = max(abs(other.x - x), abs(other.y - y))
        if not other.invisible or other.unseen or away > REVEAL_RADIUS:
            continue
        game.show(other, CreateFx(other.index, spell.effect, spell.loops))
        if other is not who:
            where = turn.text(f"compass.{compass(who.x, who.y, other.x, other.y)}")
            turn.tell("spell.reveals", Font.FIGHT, where=where)


def spot_of(turn: Turn, x: int, y: int) -> Spot:
    """Return what the rules ask of a tile of the caster's map."""
    room = turn.room
    water = bool(room.flag(x, y) & TileFlag.WATER)
    return replace(living.spot(turn.game, turn.player), trigger=room.trigger(x, y), water=water)


# --- what all spells show ----------------------------------------------------------------------


def judge(game: Game, who: Player, out: Outcome, exposed_before: int) -> bool:
    """Show what a spell did to its caster's name, and why it did nothing; return whether it did."""
    show_deed(game, who, out.standing, exposed_before)
    if isinstance(out.problem, Refused):
        forbid(game, who, out.problem)
    elif out.problem is not None:
        refuse(game, who, out.problem.value)
    if out.done:
        act(game, who, Act.CAST)
    return out.done


def pay(game: Game, who: Player, out: Outcome) -> None:
    """Show what a spell cost, and learn from it."""
    game.world.mark(who, Section.STATS)
    if not out.caster_died:
        show_figures(game, who)
    teach(game, who, out.learns)


def show_spell_on(game: Game, who: Player, spell: Spell, target: Player | Npc) -> None:
    """Let the magic words be read, and effect and sound be seen and heard at the target."""
    say_words(game, who, spell)
    show_effect(game, spell, target)


def show_effect(game: Game, spell: Spell, target: Player | Npc) -> None:
    """Let a spell be seen and heard at its target; at a veiled one only by those who see it."""
    world = game.world
    effect = msg.create_fx(target.index, spell.effect, spell.loops) if spell.effect else b""
    if isinstance(target, Player):
        if effect:
            world.show_of(target, effect)
        if spell.sound:
            world.sound_of(target, spell.sound)
        return
    room = world.maps[target.map]
    if effect:
        room.show(effect, target.zone)
    if spell.sound:
        world.sound(room, spell.sound, target.x, target.y)


def say_words(game: Game, who: Player, spell: Spell) -> None:
    """Put the magic words over a caster's head; nobody reads those of staff that is not seen."""
    if spell.words and not who.unseen:
        game.show(who, ChatOverHead(spell.words, who.index, *WORDS_COLOR))
