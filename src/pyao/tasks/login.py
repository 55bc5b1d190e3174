"""Dice, creation, log-in, and the burst of packets that brings a client into the game.

The order of the burst is the client's need (its map before its character, its character before its
index); it is kept compact, because that client parses each read on its own.
"""

from __future__ import annotations

import asyncio
from functools import partial

import structlog

from pyao.accounts import Refusal
from pyao.protocol import msg
from pyao.protocol.client_packets import LoginExistingChar, LoginNewChar, ThrowDices
from pyao.protocol.enums import Font, Fx
from pyao.protocol.server_packets import (
    ConsoleMsg,
    DiceRoll,
    ErrorMsg,
)
from pyao.rules import creation, effects
from pyao.rules.character import Character
from pyao.rules.creation import Choice, CreationProblem
from pyao.rules.names import check_name, check_password
from pyao.rules.orders import enters_unseen
from pyao.rules.reputation import is_criminal
from pyao.staff import act_row
from pyao.tasks.belongings import show_belongings, show_figures, show_needs, show_strength
from pyao.tasks.guilds import greet
from pyao.tasks.living import show_glow
from pyao.tasks.session import Phase
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player

log = structlog.get_logger(__name__)

NAME_SHOWN_CHARS = 64  # of what is no name, in the log
DICE_DELAY_S = 0.025  # an earlier answer finds the client's creation screen not yet open


@on(ThrowDices, phase=Phase.LOBBY)
def throw_dices(turn: Turn, _packet: ThrowDices) -> None:
    """Roll the five attributes; the last roll is the one a new character gets.

    What the client sends meanwhile waits: in the game it could not parse the answer any more.
    """
    rules = turn.game.settings.game
    dice = creation.roll_dice(
        turn.game.roll,
        rules.dice_mode,
        fixed=rules.dice_fixed,
        low=rules.dice_min,
        high=rules.dice_max,
    )
    turn.session.dice = dice
    answer = DiceRoll(
        dice.strength, dice.agility, dice.intelligence, dice.charisma, dice.constitution
    )
    turn.wait(asyncio.sleep(DICE_DELAY_S, answer), then=turn.reply)


@on(LoginExistingChar, phase=Phase.LOBBY)
def login_existing_char(turn: Turn, packet: LoginExistingChar) -> None:
    """Check name and password, load the character and enter the world with it."""
    session, game = turn.session, turn.game
    session.wanted = packet.username[:NAME_SHOWN_CHARS]
    version = version_of(packet)
    if not game.accepts_version(version):
        session.refuse(
            "login.wrong_version", client=version, server=game.settings.game.client_version
        )
    elif check_name(packet.username) is not None or not check_password(packet.password):
        log.info("wrong_password", name=session.wanted, address=session.address)
        session.refuse("login.wrong_password")
    else:
        work = game.load(packet.username, packet.password, session)
        turn.wait(work, then=partial(enter_loaded, turn))


def enter_loaded(turn: Turn, loaded: Character | Refusal) -> None:
    """Enter the world with a loaded character, or say why not and close."""
    if isinstance(loaded, Character):
        enter(turn, loaded)
    else:
        turn.session.refuse(loaded.key, **loaded.values)


def enter(turn: Turn, character: Character) -> None:
    """Enter the world, or say why there is no way in and close."""
    away = character.user_id not in turn.world.players
    if away and isinstance(character, Player):
        character.unseen = enters_unseen(character.privileges)
    player = turn.game.admit(character, turn.session)
    if isinstance(player, Player):
        if away:
            effects.resume(player, turn.now, turn.game.options)
        welcome(turn, player)
    else:
        turn.session.refuse(player.key, **player.values)


@on(LoginNewChar, phase=Phase.LOBBY)
def login_new_char(turn: Turn, packet: LoginNewChar) -> None:
    """Create a character with the last dice and enter the world with it.

    A refusal keeps the connection open: the player may correct the form and try again.
    """
    session, game = turn.session, turn.game
    session.wanted = packet.username[:NAME_SHOWN_CHARS]
    key = refused_creation(turn, packet)
    if key is not None:
        game.accounts.counts.refused[key] += 1
        least, most = game.accounts.password_chars
        turn.reply(ErrorMsg(turn.text(key, min=3, max=15, least=least, most=most)))
        return
    choice = Choice(
        name=packet.username,
        race=packet.race,
        gender=packet.gender,
        char_class=packet.char_class,
        head=packet.head,
        home=packet.home,
        email=packet.email[:100],
    )
    dice = session.dice
    if dice is None:
        return
    work = game.create(choice, dice, packet.password)
    turn.wait(work, then=partial(enter_created, turn))


def refused_creation(turn: Turn, packet: LoginNewChar) -> str | None:
    """Return the key of the text that says why a character cannot be created, or None."""
    game = turn.game
    if not game.settings.game.creation_enabled or game.staff_only:
        return "creation.disabled"
    if not game.accepts_version(version_of(packet)):
        return "login.wrong_version"
    name_problem = check_name(packet.username, game.world.data.forbidden_names)
    if name_problem is not None:
        return name_problem.value
    if not game.accounts.accepts_password(packet.password):
        return "creation.invalid_password"
    if turn.session.dice is None:
        return "creation.no_dice"
    problem = creation.check_creation(
        packet.race,
        packet.gender,
        packet.char_class,
        packet.head,
        packet.home,
        game.world.data.rulebook.balance.races,
    )
    if problem is CreationProblem.HEAD:
        log.warning("impossible head at creation", who=turn.session.address, head=packet.head)
    return None if problem is None else problem.value


def enter_created(turn: Turn, created: Character | Refusal) -> None:
    """Enter the world with a new character, or show what was wrong and let the player retry."""
    if isinstance(created, Character):
        enter(turn, created)
    else:
        turn.game.accounts.counts.refused[created.key] += 1
        turn.reply(ErrorMsg(turn.text(created.key, **created.values)))


def welcome(turn: Turn, player: Player) -> None:
    """Send the log-in burst and show the newcomer to everybody in view."""
    turn.enter(player)
    world, game = turn.world, turn.game
    show_belongings(game, player)
    world.tell_map(player)
    show_figures(game, player)
    show_needs(game, player)
    show_strength(game, player)
    world.tell_area(player)
    turn.reply(msg.logged(player.char_class))
    turn.reply(msg.level_up(player.free_skill_points))
    send_state(turn)
    world.introduce(player)
    world.show_of(player, msg.create_fx(player.index, Fx.WARP, 0))
    if player.meditating:
        show_glow(game, player)
    for line in game.motd:
        turn.reply(ConsoleMsg(line, Font.SERVER))
    greet(turn)
    if player.staff:
        game.changes.note(act_row(f"gm:{player.name}", "gm login", "", turn.session.address))
    game.entered(player)
    log.info("entered", who=str(player), address=turn.session.address, map=player.map)


def send_state(turn: Turn) -> None:
    """Send the toggles that differ from a fresh game screen, and the safe lock."""
    player = turn.player
    if player.unseen:
        turn.tell("gm.unseen")
    if player.sailing:
        turn.reply(msg.navigate_toggle())
    if player.paralysed:
        turn.reply(msg.paralize_ok())
    if player.meditating:  # a body that was left behind goes on with what it did
        turn.reply(msg.meditate_toggle())
    if player.resting:
        turn.reply(msg.rest_ok())
    if turn.world.sky.raining:
        turn.reply(msg.rain_toggle())
    if turn.world.sky.night:
        turn.reply(msg.send_night(turn.world.sky.night))
    player.resurrection_safe = player.dead
    turn.reply(
        msg.multi_resuscitation_safe_on() if player.dead else msg.multi_resuscitation_safe_off()
    )
    player.safe = not is_criminal(player)
    turn.reply(msg.multi_safe_mode_on() if player.safe else msg.multi_safe_mode_off())


def version_of(packet: LoginExistingChar | LoginNewChar) -> str:
    """Return the client's version as text, such as 0.13.0."""
    return f"{packet.ver_major}.{packet.ver_minor}.{packet.ver_revision}"
