"""The centinels in the world: they stand beside who works, ask for a code, and wait two minutes.

Who asks whom is in `rules/centinel.py`; here they appear, speak and go. Runs from the tick.
"""

from __future__ import annotations

import structlog

from pyao.content.npcs import NpcKind
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.client_social_packets import CentinelReport
from pyao.protocol.enums import Font, Fx, Sound
from pyao.protocol.server_packets import ChatOverHead
from pyao.rules.centinel import FAR, Answer
from pyao.rules.person import distance
from pyao.rules.social import Color
from pyao.staff import act_row
from pyao.tasks.chat import keeps_pace
from pyao.tasks.creatures import show_arrival, spawn, vanish
from pyao.tasks.living import kill
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player
from pyao.world.npc import Npc

log = structlog.get_logger(__name__)

REMINDER_MS = 5_000
KIND = 16  # the number of the centinel among the creatures
GREEN: Color = (0, 255, 0)
RED: Color = (255, 0, 0)


def kind_of(game: Game) -> NpcKind:
    """Return what a centinel is: the world's own, or one that looks like a townsman."""
    known = game.world.data.npcs.get(KIND)
    return known or NpcKind(number=KIND, name=game.texts("centinel.name"), body=10, head=1)


def pass_round(game: Game) -> None:
    """Each minute: end what was not answered, remind, and let idle centinels ask the next."""
    centinels = game.centinels
    if not centinels.active:
        return
    now = game.world.clock.now()
    for number in centinels.overdue(now):
        punish(game, number)
    for number in centinels.last_calls(now):
        player = asked_by(game, number)
        if player is not None:
            come_to(game, number, player)
            ask(game, number, player, RED)
    centinels.begin_round(now, game.roll)
    working = [
        player.user_id
        for player in game.world.players.values()
        if player.working and not player.staff and player.user_id in game.clients
    ]
    for number in centinels.ask(working, now, game.roll):
        player = asked_by(game, number)
        if player is not None:
            come_to(game, number, player)
            ask(game, number, player)


def remind(game: Game) -> None:
    """Every five seconds: let who does not answer hear the code again."""
    for number in game.centinels.reminders(game.world.clock.now()):
        player = asked_by(game, number)
        if player is not None:
            game.send(player, msg.play_wave(Sound.WARP, player.x, player.y))
            game.send(player, msg.create_fx(player.index, Fx.WARP, 0))
            ask(game, number, player)


def asked_by(game: Game, number: int) -> Player | None:
    """Return whom a centinel asks; one who left is asked no more, and that is noted."""
    question = game.centinels.asking[number]
    player = game.world.players.get(question.user_id)
    if player is None:
        note(game, str(int(question.user_id)), "left the game while asked")
        game.centinels.give_up(number)
        depart(game, number)
    return player


def ask(game: Game, number: int, player: Player, color: Color = GREEN) -> None:
    """Let a centinel ask for its code, so that only who is asked hears it."""
    text = game.texts("centinel.asks", code=game.centinels.asking[number].code)
    npc = game.guards.get(number)
    if npc is not None and not npc.gone:
        game.send(player, ChatOverHead(text, npc.index, *color))
    game.tell(player, "centinel.told", Font.CENTINEL, text=text)


def come_to(game: Game, number: int, player: Player) -> None:
    """Let a centinel stand beside a player, if it is not near already."""
    npc = game.guards.get(number)
    if npc is not None and not npc.gone:
        near = npc.map == player.map and distance(npc.x, npc.y, player.x, player.y) <= FAR
        if near:
            return
        vanish(game, npc)
    room = game.world.maps[player.map]
    arrived = spawn(game, kind_of(game), room, player.x + 1, player.y)
    if arrived is not None:
        game.guards[number] = arrived
        show_arrival(game, arrived)


def depart(game: Game, number: int) -> None:
    """Let a centinel go."""
    npc: Npc | None = game.guards.pop(number, None)
    if npc is not None and not npc.gone:
        vanish(game, npc)


def punish(game: Game, number: int) -> None:
    """End the game for who did not answer in time: death, and out."""
    player = asked_by(game, number)
    if player is None:
        return
    game.centinels.give_up(number)
    depart(game, number)
    note(game, player.name, "did not answer")
    for other in list(game.world.players.values()):
        if other.staff:
            game.tell(other, "centinel.caught", Font.CENTINEL, name=player.name)
    if not player.dead:
        kill(game, player, killer=game.texts("centinel.name"))
    game.send(player, msg.show_message_box(game.texts("centinel.punished")))
    game.kick(player, "centinel.punished")


def note(game: Game, name: str, what: str) -> None:
    """Write into the audit what a centinel found."""
    log.info("centinel", who=name, found=what)
    game.changes.note(act_row("centinel", "centinel", name, what))


def switch(game: Game) -> bool:
    """Switch the centinels on or off; return whether they are on."""
    for number in game.centinels.toggle():
        depart(game, number)
    return game.centinels.active


@on(CentinelReport)
def centinel_report(turn: Turn, packet: CentinelReport) -> None:
    """Take a player's answer; guesses come no faster than talk, for each wrong one is kept."""
    if not keeps_pace(turn):
        return
    game, player = turn.game, turn.player
    worth, number = game.centinels.answer(player.user_id, packet.code)
    if worth is Answer.NOT_ASKED:
        turn.tell("centinel.not_asked", Font.CENTINEL)
        if game.centinels.asking:
            note(game, player.name, f"answered {packet.code} unasked")
    elif worth is Answer.WRONG:
        note(game, player.name, f"answered {packet.code}, wrong")
        ask(game, number, player)
    else:
        depart(game, number)
        turn.tell("centinel.thanks", Font.CENTINEL)
