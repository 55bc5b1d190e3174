"""Talk, yell, whisper: what players say to each other.

Overhead text is drawn as it is; console lines render markup, so whatever a player wrote is
neutralised before it goes into one.
"""

from __future__ import annotations

from pyao.accounts import FOREVER
from pyao.events.payloads import BeforeChat, ChatSaid
from pyao.protocol.client_social_packets import CouncilMessage, Talk, Whisper, Yell
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import ChatOverHead
from pyao.rules import social
from pyao.rules.areas import in_vision
from pyao.rules.kinds import Privilege
from pyao.rules.orders import is_god
from pyao.rules.social import WhisperProblem
from pyao.staff import act_row
from pyao.tasks.acts import Act, act
from pyao.tasks.commands import run_command
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player

TOO_FAST = "chat.too_fast"
REFUSALS = {
    WhisperProblem.DEAD: "chat.dead",
    WhisperProblem.TOO_FAR: "chat.too_far",
    WhisperProblem.STAFF: "chat.no_whisper_staff",
    WhisperProblem.ABSENT: "chat.not_online",
}


@on(Talk)
def talk(turn: Turn, packet: Talk) -> None:
    """Say something to everybody in view; a text that starts with a slash is a command."""
    if packet.text.startswith("/"):
        run_command(turn, packet.text)
        return
    player = turn.player
    color = social.talk_color(player.privileges, dead=player.dead, chosen=player.chat_color)
    say(turn, packet.text, color)


@on(Yell)
def yell(turn: Turn, packet: Yell) -> None:
    """Shout: heard as far as talk, in red."""
    player = turn.player
    color = social.DEAD_COLOR if player.dead else social.yell_color(player.privileges)
    say(turn, packet.text, color, "yell")


def say(turn: Turn, raw: str, color: social.Color, channel: str = "say") -> None:
    """Put a text over the player's head for everybody in view who can hear it."""
    text = spoken(turn, raw, channel)
    if not text:
        return
    player = turn.player
    if player.hidden:
        act(turn.game, player, Act.SPEAK)
    words = ChatOverHead(text, player.index, *color).encode(turn.game.encoding)
    if not (player.dead or player.concealed):  # heard and seen by everybody in view
        turn.room.show(words, player.zone)
        return
    for listener in turn.room.viewers(player.zone):
        if not social.hears(
            speaker_dead=player.dead,
            listener_dead=listener.dead,
            listener_privileges=listener.privileges,
        ):
            continue
        if listener.sees(player):
            listener.outlet.append(words)
        else:  # words over a head would show where the invisible stand
            font = Font.GM if player.unseen else Font.TALK
            turn.game.tell(listener, "chat.unseen", font, name=player.name, text=text)


@on(Whisper)
def whisper(turn: Turn, packet: Whisper) -> None:
    """Speak to one person in view. What reaches nobody was not said."""
    player = turn.player
    if not social.chat_text(packet.text):
        return
    target = turn.world.find(packet.target)
    if target is player:
        turn.tell("chat.whisper_self")
        return
    problem = WhisperProblem.ABSENT if target is None else whisper_problem(player, target)
    if target is None or problem is not None:
        turn.tell(REFUSALS[problem or WhisperProblem.ABSENT], name=packet.target)
        return
    text = spoken(turn, packet.text, "whisper")
    if not text:
        return
    words = ChatOverHead(text, player.index, *social.WHISPER_COLOR).encode(turn.game.encoding)
    turn.reply(words)
    turn.tell("chat.whisper_sent", Font.TALK, name=target.name, text=text)
    if beside(player, target) and target.sees(player):  # a god whispers from anywhere
        turn.game.send(target, words)
    turn.game.tell(target, "chat.whisper_heard", Font.TALK, name=player.name, text=text)
    if player.counsellor or not player.staff:
        let_overhear(turn, target, text)


def let_overhear(turn: Turn, target: Player, text: str) -> None:
    """Show a whisper to the staff in view, above the rank of counsellors."""
    player = turn.player
    said = turn.text("chat.overheard", name=target.name, text=text)
    words = ChatOverHead(said, player.index, *social.OVERHEARD_COLOR).encode(turn.game.encoding)
    for listener in turn.room.viewers(player.zone):
        overhears = social.overhears_whispers(listener.privileges)
        if overhears and listener is not target and listener.sees(player):
            listener.outlet.append(words)


def beside(player: Player, other: Player) -> bool:
    """Tell whether one stands where another sees it."""
    return player.map == other.map and in_vision(other.x - player.x, other.y - player.y)


def whisper_problem(player: Player, target: Player) -> WhisperProblem | None:
    """Say why one player cannot whisper to another now."""
    elsewhere = target.map != player.map
    return social.check_whisper(
        speaker_dead=player.dead,
        speaker_privileges=player.privileges,
        target_privileges=target.privileges,
        dx=1000 if elsewhere else target.x - player.x,
        dy=1000 if elsewhere else target.y - player.y,
        consulting=player.consulting,
    )


@on(CouncilMessage)
def council_message(turn: Turn, packet: CouncilMessage) -> None:
    """Speak to one's council, wherever its members are."""
    player = turn.player
    council = social.council(player.privileges)
    if not council:
        turn.tell("council.none")
        return
    text = spoken(turn, packet.text, "council")
    font = Font.COUNCIL if council == Privilege.ROYAL_COUNCIL else Font.CHAOS_COUNCIL
    if text:
        members = [one for one in turn.world.players.values() if one.privileges & council]
        turn.game.tell_all(members, "council.said", font, name=player.name, text=text)


def spoken(turn: Turn, raw: str, channel: str, max_chars: int = 0) -> str:
    """Return what is left of a text to say; empty when the player is silent or silenced.

    Without `max_chars` it is cut to the length of a line of talk. A module may change it, forbid
    it, or put the player out of the game for it.
    """
    player, game = turn.player, turn.game
    most = max_chars or game.settings.game.chat_max_chars
    text = social.chat_text(raw, most)
    if not text or not may_speak(turn):
        return ""
    who = (int(player.user_id), player.name, channel, player.map)
    asked = game.events.announce(BeforeChat(*who, text), "chat")
    if asked.vetoed:
        if asked.veto_reason:
            turn.tell("chat.vetoed", reason=asked.veto_reason)
        return ""
    text = social.chat_text(str(asked.data.text), most)
    if text and in_game(turn):
        game.events.announce(ChatSaid(*who, text), "chat")
        write_down(turn, channel, text)
    return text if in_game(turn) else ""


def may_speak(turn: Turn) -> bool:
    """Tell whether the player may say something now; say why not."""
    if turn.game.muted(turn.player):
        tell_muted(turn)
        return False
    return keeps_pace(turn)


def keeps_pace(turn: Turn) -> bool:
    """Tell whether the player may say one more line now, to whomever; staff always may.

    Who floods is told once, and heard again at the pace that is allowed.
    """
    player = turn.player
    if social.is_staff(player.privileges):
        return True
    if not player.intervals.may_talk(turn.now, turn.game.options.intervals):
        turn.tell_once(TOO_FAST)
        return False
    if player.told == TOO_FAST:
        player.told = ""
    return True


def in_game(turn: Turn) -> bool:
    """Tell whether the player is still in the game: what it said may have put it out."""
    return turn.world.players.get(turn.player.user_id) is turn.player


def tell_muted(turn: Turn) -> None:
    """Say for how long the player may not speak."""
    if turn.player.muted_until >= FOREVER:
        turn.tell("chat.silenced_for_ever")
    else:
        turn.tell("chat.muted", minutes=turn.game.muted_minutes(turn.player))


def write_down(turn: Turn, channel: str, text: str) -> None:
    """Put what staff below gods says into the audit."""
    player = turn.player
    if player.staff and not is_god(player.privileges):
        turn.game.changes.note(act_row(f"gm:{player.name}", f"gm {channel}", "", text))
