"""Orders that speak: to staff, to everybody, to a faction, a map, through a creature.

Texts are cut to what a line of talk may hold. Follows ao-libre/ao-server, Protocol.bas.
"""

from __future__ import annotations

import time

from pyao.protocol import msg
from pyao.protocol.enums import Font
from pyao.protocol.gm_packets import (
    GmChaosLegionMessage,
    GmChatColor,
    GmCitizenMessage,
    GmComment,
    GmCriminalMessage,
    GmGmMessage,
    GmMapMessage,
    GmRoyalArmyMessage,
    GmServerMessage,
    GmServerTime,
    GmSetCharDescription,
    GmShowGuildMessages,
    GmShowName,
    GmSystemMessage,
)
from pyao.protocol.gm_world_packets import GmSetDialog, GmTalkAsNpc
from pyao.protocol.server_packets import ChatOverHead
from pyao.rules.kinds import Faction, Privilege
from pyao.rules.orders import is_god
from pyao.rules.social import PLAYER_COLOR, chat_text
from pyao.tasks.gm.door import Form, order, typed
from pyao.tasks.gm.ranks import counsellors, demigods, gods, open_to_masters
from pyao.tasks.gm.targets import clicked_npc
from pyao.tasks.turn import Turn
from pyao.world import Player

STAFF_TALK = counsellors("people.see")
BROADCAST = demigods("operate.announce")
ROLES = open_to_masters(demigods("operate.announce"))
ROLES_OF_GODS = open_to_masters(gods("operate.announce"))
_MASTER = int(Privilege.ROLE_MASTER)


def said(turn: Turn, text: str) -> str:
    """Return a text as it is spoken."""
    return chat_text(text, turn.game.settings.game.chat_max_chars)


def tell_staff(turn: Turn, key: str, **values: object) -> None:
    """Write a line for all staff but counsellors and role masters, and for who gave the order."""
    for one in list(turn.world.players.values()):
        rank = one.privileges
        hears = one.staff and not one.counsellor and not rank & _MASTER
        if hears or one is turn.player:
            turn.game.tell(one, key, Font.SERVER, **values)


@order(GmGmMessage, "gmsg", STAFF_TALK)
def gm_message(turn: Turn, packet: GmGmMessage) -> None:
    """Speak to all staff."""
    staff = [one for one in turn.world.players.values() if one.staff]
    text = said(turn, packet.text)
    turn.game.tell_all(staff, "gm.staff_talk", Font.GM_MSG, name=turn.player.name, text=text)


@typed("dmsg", gods("people.see", masters=False), "TEXT")
def god_message(turn: Turn, text: str) -> None:
    """Speak to the gods."""
    gods_here = [
        one
        for one in turn.world.players.values()
        if is_god(one.privileges) and not one.privileges & _MASTER
    ]
    text = said(turn, text)
    turn.game.tell_all(gods_here, "gm.gods_talk", Font.GM_MSG, name=turn.player.name, text=text)


@order(GmComment, "rem", STAFF_TALK)
def comment(turn: Turn, _packet: GmComment) -> None:
    """Leave a remark in the audit."""
    turn.tell("gm.noted")


@order(GmServerTime, "hora", STAFF_TALK)
def server_time(turn: Turn, _packet: GmServerTime) -> None:
    """Tell everybody what time it is."""
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(turn.world.unix_time()))
    turn.game.tell_all(turn.world.players.values(), "gm.time", Font.INFO, time=now)


@order(GmServerMessage, "rmsg", BROADCAST)
def server_message(turn: Turn, packet: GmServerMessage) -> None:
    """Write a line into everybody's console."""
    text = said(turn, packet.text)
    if text:
        everybody = turn.world.players.values()
        turn.game.tell_all(everybody, "gm.broadcast", Font.TALK, name=turn.player.name, text=text)


@order(GmSystemMessage, "smsg", gods("operate.announce"))
def system_message(turn: Turn, packet: GmSystemMessage) -> None:
    """Show everybody a message box."""
    text = said(turn, packet.text)
    box = msg.show_message_box(text)
    if text:
        for player in turn.world.players.values():
            turn.game.send(player, box)


@order(GmMapMessage, "mapmsg", open_to_masters(demigods("operate.announce")))
def map_message(turn: Turn, packet: GmMapMessage) -> None:
    """Write a line for everybody on the own map."""
    turn.game.tell_all(turn.room.players(), "gm.plain", Font.TALK, text=said(turn, packet.text))


@order(GmRoyalArmyMessage, "realmsg", ROLES)
def royal_army_message(turn: Turn, packet: GmRoyalArmyMessage) -> None:
    """Speak to the royal army."""
    to_side(turn, packet.text, [one for one in others(turn) if one.faction is Faction.ROYAL])


@order(GmChaosLegionMessage, "caosmsg", ROLES)
def chaos_legion_message(turn: Turn, packet: GmChaosLegionMessage) -> None:
    """Speak to the chaos legion."""
    to_side(turn, packet.text, [one for one in others(turn) if one.faction is Faction.CHAOS])


@order(GmCitizenMessage, "ciumsg", ROLES)
def citizen_message(turn: Turn, packet: GmCitizenMessage) -> None:
    """Speak to all citizens."""
    to_side(turn, packet.text, [one for one in others(turn) if not one.criminal])


@order(GmCriminalMessage, "crimsg", ROLES_OF_GODS)
def criminal_message(turn: Turn, packet: GmCriminalMessage) -> None:
    """Speak to all criminals."""
    to_side(turn, packet.text, [one for one in others(turn) if one.criminal])


def others(turn: Turn) -> list[Player]:
    """Return everybody else in the game."""
    return [one for one in turn.world.players.values() if one is not turn.player]


def to_side(turn: Turn, text: str, side: list[Player]) -> None:
    """Write a line for one side, for role masters, and for who says it."""
    masters = [one for one in others(turn) if one.privileges & _MASTER and one not in side]
    turn.game.tell_all([turn.player, *side, *masters], "gm.plain", Font.TALK, text=said(turn, text))


@order(GmTalkAsNpc, "talkas", ROLES_OF_GODS, logged=False)
def talk_as_npc(turn: Turn, packet: GmTalkAsNpc) -> None:
    """Let the clicked creature say something."""
    npc = clicked_npc(turn)
    if npc is not None:
        words = ChatOverHead(said(turn, packet.text), npc.index, *PLAYER_COLOR)
        turn.room.show(words.encode(turn.game.encoding), npc.zone)


@order(GmSetDialog, "setdialog", demigods("world.creatures"), logged=False)
def set_dialog(turn: Turn, packet: GmSetDialog) -> None:
    """Say what the clicked creature answers from now on."""
    npc = clicked_npc(turn)
    if npc is not None:
        npc.words = said(turn, packet.text)
        turn.tell("gm.dialog_set", name=npc.kind.name)


@order(GmSetCharDescription, "setdesc", ROLES_OF_GODS, Form(bare=True), logged=False)
def set_char_description(turn: Turn, packet: GmSetCharDescription) -> None:
    """Say what is shown of the clicked player instead of all else; nothing shows it again."""
    target = turn.player.clicked
    if not isinstance(target, Player) or target.user_id not in turn.world.players:
        turn.tell("gm.click_player")
        return
    target.shown_as = said(turn, packet.text)
    turn.tell("gm.description_set", name=target.name)


@order(GmShowName, "showname", open_to_masters(gods("people.visit")), logged=False)
def show_name(turn: Turn, _packet: GmShowName) -> None:
    """Hide the own name over the head, or show it again."""
    player = turn.player
    player.nameless = not player.nameless
    turn.world.show_label(player)
    turn.tell("gm.name_hidden" if player.nameless else "gm.name_shown")


@order(GmChatColor, "chatcolor", open_to_masters(gods("people.visit")), logged=False)
def chat_color(turn: Turn, packet: GmChatColor) -> None:
    """Choose the colour of the own words."""
    turn.player.chat_color = (packet.r, packet.g, packet.b)
    turn.tell("gm.color_set")


@order(GmShowGuildMessages, "showcmsg", gods("people.see", masters=False), Form(bare=True))
def show_guild_messages(turn: Turn, packet: GmShowGuildMessages) -> None:
    """Listen to the talk of a guild; without a name, to none any more."""
    book, own = turn.game.book, turn.player.user_id
    guild = turn.world.guilds.find(packet.guild)
    if guild is not None:
        book.listening[own] = guild.name
        turn.tell("gm.listens", guild=guild.name)
    elif packet.guild.strip():
        turn.tell("guild.unknown")
    else:
        book.listening.pop(own, None)
        turn.tell("gm.listens_no_more")
