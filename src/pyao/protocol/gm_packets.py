"""Staff commands about people: sub-commands of client packet GM_COMMANDS, in id order.

Those about creatures, items, maps and the server are in gm_world_packets.py. Ordinary players send
some of them too (minimap, /invisible), so a handler checks the privilege and refuses in silence.
"""

from __future__ import annotations

from pyao.protocol.packet import ClientPacket, gm_packet
from pyao.protocol.packet_id import GmCommandID
from pyao.protocol.wire import I16, U8, Secret, Str


@gm_packet(GmCommandID.GM_MESSAGE)
class GmGmMessage(ClientPacket):
    """Speak to all staff."""

    text: Str


@gm_packet(GmCommandID.SHOW_NAME)
class GmShowName(ClientPacket):
    """Show or hide the own name."""


@gm_packet(GmCommandID.ONLINE_ROYAL_ARMY)
class GmOnlineRoyalArmy(ClientPacket):
    """List the players of the royal army."""


@gm_packet(GmCommandID.ONLINE_CHAOS_LEGION)
class GmOnlineChaosLegion(ClientPacket):
    """List the players of the chaos legion."""


@gm_packet(GmCommandID.GO_NEARBY)
class GmGoNearby(ClientPacket):
    """Go next to a player."""

    username: Str


@gm_packet(GmCommandID.COMMENT)
class GmComment(ClientPacket):
    """Leave a remark in the staff log."""

    text: Str


@gm_packet(GmCommandID.SERVER_TIME)
class GmServerTime(ClientPacket):
    """Show the time of the server."""


@gm_packet(GmCommandID.WHERE)
class GmWhere(ClientPacket):
    """Show where a player is."""

    username: Str


@gm_packet(GmCommandID.WARP_ME_TO_TARGET)
class GmWarpMeToTarget(ClientPacket):
    """Go to the tile clicked last; shift and click sends it for anybody."""


@gm_packet(GmCommandID.WARP_CHAR)
class GmWarpChar(ClientPacket):
    """Send a player to a place, "YO" being the sender; the minimap sends it for anybody."""

    username: Str
    map: I16
    x: U8
    y: U8


@gm_packet(GmCommandID.SILENCE)
class GmSilence(ClientPacket):
    """Silence a player, or let them speak again."""

    username: Str


@gm_packet(GmCommandID.SOS_SHOW_LIST)
class GmSosShowList(ClientPacket):
    """Show the help queue."""


@gm_packet(GmCommandID.SOS_REMOVE)
class GmSosRemove(ClientPacket):
    """Take a request off the help queue."""

    username: Str


@gm_packet(GmCommandID.GO_TO_CHAR)
class GmGoToChar(ClientPacket):
    """Go to where a player stands."""

    username: Str


@gm_packet(GmCommandID.INVISIBLE)
class GmInvisible(ClientPacket):
    """Become invisible or visible; the client lets anybody send it."""


@gm_packet(GmCommandID.GM_PANEL)
class GmGmPanel(ClientPacket):
    """Open the staff panel."""


@gm_packet(GmCommandID.REQUEST_USER_LIST)
class GmRequestUserList(ClientPacket):
    """List the names of all players."""


@gm_packet(GmCommandID.WORKING)
class GmWorking(ClientPacket):
    """List who is working."""


@gm_packet(GmCommandID.HIDING)
class GmHiding(ClientPacket):
    """List who is hiding."""


@gm_packet(GmCommandID.JAIL)
class GmJail(ClientPacket):
    """Put a player in jail for some minutes."""

    username: Str
    reason: Str
    minutes: U8


@gm_packet(GmCommandID.WARN_USER)
class GmWarnUser(ClientPacket):
    """Warn a player; the reason is recorded."""

    username: Str
    reason: Str


@gm_packet(GmCommandID.EDIT_CHAR)
class GmEditChar(ClientPacket):
    """Change one value of a character; the option says which."""

    username: Str
    option: U8
    arg1: Str
    arg2: Str


@gm_packet(GmCommandID.REQUEST_CHAR_INFO)
class GmRequestCharInfo(ClientPacket):
    """General information about a character."""

    username: Str


@gm_packet(GmCommandID.REQUEST_CHAR_STATS)
class GmRequestCharStats(ClientPacket):
    """Statistics of a character."""

    username: Str


@gm_packet(GmCommandID.REQUEST_CHAR_GOLD)
class GmRequestCharGold(ClientPacket):
    """Gold of a character."""

    username: Str


@gm_packet(GmCommandID.REQUEST_CHAR_INVENTORY)
class GmRequestCharInventory(ClientPacket):
    """What a character carries."""

    username: Str


@gm_packet(GmCommandID.REQUEST_CHAR_BANK)
class GmRequestCharBank(ClientPacket):
    """What a character keeps in the bank."""

    username: Str


@gm_packet(GmCommandID.REQUEST_CHAR_SKILLS)
class GmRequestCharSkills(ClientPacket):
    """Skills of a character."""

    username: Str


@gm_packet(GmCommandID.REVIVE_CHAR)
class GmReviveChar(ClientPacket):
    """Raise a dead player."""

    username: Str


@gm_packet(GmCommandID.ONLINE_GM)
class GmOnlineGm(ClientPacket):
    """List the staff who are playing."""


@gm_packet(GmCommandID.ONLINE_MAP)
class GmOnlineMap(ClientPacket):
    """List who is on a map."""

    map: I16


@gm_packet(GmCommandID.FORGIVE)
class GmForgive(ClientPacket):
    """Make a criminal a citizen again."""

    username: Str


@gm_packet(GmCommandID.KICK)
class GmKick(ClientPacket):
    """Disconnect a player."""

    username: Str


@gm_packet(GmCommandID.EXECUTE)
class GmExecute(ClientPacket):
    """Kill a player."""

    username: Str


@gm_packet(GmCommandID.BAN_CHAR)
class GmBanChar(ClientPacket):
    """Ban a character, with the reason."""

    username: Str
    reason: Str


@gm_packet(GmCommandID.UNBAN_CHAR)
class GmUnbanChar(ClientPacket):
    """Lift the ban of a character."""

    username: Str


@gm_packet(GmCommandID.SUMMON_CHAR)
class GmSummonChar(ClientPacket):
    """Bring a player here."""

    username: Str


@gm_packet(GmCommandID.SERVER_MESSAGE)
class GmServerMessage(ClientPacket):
    """A console line for everybody."""

    text: Str


@gm_packet(GmCommandID.NICK_TO_IP)
class GmNickToIp(ClientPacket):
    """Show the address a player comes from."""

    username: Str


@gm_packet(GmCommandID.IP_TO_NICK)
class GmIpToNick(ClientPacket):
    """List the players who come from an IPv4 address."""

    a: U8
    b: U8
    c: U8
    d: U8


@gm_packet(GmCommandID.GUILD_ONLINE_MEMBERS)
class GmGuildOnlineMembers(ClientPacket):
    """List the members of a guild who are playing."""

    guild: Str


@gm_packet(GmCommandID.SET_CHAR_DESCRIPTION)
class GmSetCharDescription(ClientPacket):
    """Describe the clicked player."""

    text: Str


@gm_packet(GmCommandID.ROYAL_ARMY_MESSAGE)
class GmRoyalArmyMessage(ClientPacket):
    """Speak to the royal army."""

    text: Str


@gm_packet(GmCommandID.CHAOS_LEGION_MESSAGE)
class GmChaosLegionMessage(ClientPacket):
    """Speak to the chaos legion."""

    text: Str


@gm_packet(GmCommandID.CITIZEN_MESSAGE)
class GmCitizenMessage(ClientPacket):
    """Speak to all citizens."""

    text: Str


@gm_packet(GmCommandID.CRIMINAL_MESSAGE)
class GmCriminalMessage(ClientPacket):
    """Speak to all criminals."""

    text: Str


@gm_packet(GmCommandID.ACCEPT_ROYAL_COUNCIL_MEMBER)
class GmAcceptRoyalCouncilMember(ClientPacket):
    """Admit a player to the royal council."""

    username: Str


@gm_packet(GmCommandID.ACCEPT_CHAOS_COUNCIL_MEMBER)
class GmAcceptChaosCouncilMember(ClientPacket):
    """Admit a player to the chaos council."""

    username: Str


@gm_packet(GmCommandID.MAKE_DUMB)
class GmMakeDumb(ClientPacket):
    """Stupefy a player."""

    username: Str


@gm_packet(GmCommandID.MAKE_DUMB_NO_MORE)
class GmMakeDumbNoMore(ClientPacket):
    """End the stupor of a player."""

    username: Str


@gm_packet(GmCommandID.COUNCIL_KICK)
class GmCouncilKick(ClientPacket):
    """Expel a player from a council."""

    username: Str


@gm_packet(GmCommandID.GUILD_MEMBER_LIST)
class GmGuildMemberList(ClientPacket):
    """All members of a guild."""

    guild: Str


@gm_packet(GmCommandID.GUILD_BAN)
class GmGuildBan(ClientPacket):
    """Ban every member of a guild."""

    guild: Str


@gm_packet(GmCommandID.BAN_IP)
class GmBanIp(ClientPacket):
    """Ban an address, or the address of a player."""

    ip_or_name: Str
    reason: Str


@gm_packet(GmCommandID.UNBAN_IP)
class GmUnbanIp(ClientPacket):
    """Lift the ban of an address."""

    ip: Str


@gm_packet(GmCommandID.CHAOS_LEGION_KICK)
class GmChaosLegionKick(ClientPacket):
    """Expel a player from the chaos legion."""

    username: Str
    reason: Str


@gm_packet(GmCommandID.ROYAL_ARMY_KICK)
class GmRoyalArmyKick(ClientPacket):
    """Expel a player from the royal army."""

    username: Str
    reason: Str


@gm_packet(GmCommandID.REMOVE_PUNISHMENT)
class GmRemovePunishment(ClientPacket):
    """Rewrite one entry of a character's punishments."""

    username: Str
    number: U8
    text: Str


@gm_packet(GmCommandID.LAST_IP)
class GmLastIp(ClientPacket):
    """Show from where a character logged in lately."""

    username: Str


@gm_packet(GmCommandID.SYSTEM_MESSAGE)
class GmSystemMessage(ClientPacket):
    """A message box for everybody."""

    text: Str


@gm_packet(GmCommandID.TURN_CRIMINAL)
class GmTurnCriminal(ClientPacket):
    """Make a player a criminal."""

    username: Str


@gm_packet(GmCommandID.RESET_FACTIONS)
class GmResetFactions(ClientPacket):
    """Take a player out of every army."""

    username: Str


@gm_packet(GmCommandID.REMOVE_CHAR_FROM_GUILD)
class GmRemoveCharFromGuild(ClientPacket):
    """Take a player out of the guild."""

    username: Str


@gm_packet(GmCommandID.REQUEST_CHAR_MAIL)
class GmRequestCharMail(ClientPacket):
    """Mail address of a character."""

    username: Str


@gm_packet(GmCommandID.ALTER_PASSWORD)
class GmAlterPassword(ClientPacket):
    """Give a character the password of another one."""

    username: Str
    copy_from: Secret  # ours makes a new password; some type one here


@gm_packet(GmCommandID.ALTER_MAIL)
class GmAlterMail(ClientPacket):
    """Change the mail address of a character."""

    username: Str
    email: Str


@gm_packet(GmCommandID.ALTER_NAME)
class GmAlterName(ClientPacket):
    """Rename a character."""

    username: Str
    new_name: Str


@gm_packet(GmCommandID.SHOW_GUILD_MESSAGES)
class GmShowGuildMessages(ClientPacket):
    """Listen to what a guild talks about."""

    guild: Str


@gm_packet(GmCommandID.CLEAN_SOS)
class GmCleanSos(ClientPacket):
    """Empty the help queue."""


@gm_packet(GmCommandID.KICK_ALL_CHARS)
class GmKickAllChars(ClientPacket):
    """Disconnect every player."""


@gm_packet(GmCommandID.CHAT_COLOR)
class GmChatColor(ClientPacket):
    """Colour of the own overhead text."""

    r: U8
    g: U8
    b: U8


@gm_packet(GmCommandID.CHECK_SLOT)
class GmCheckSlot(ClientPacket):
    """Look into one inventory slot of a player."""

    username: Str
    slot: U8


@gm_packet(GmCommandID.ENABLE_DENOUNCES)
class GmEnableDenounces(ClientPacket):
    """Receive denunciations, or no longer."""


@gm_packet(GmCommandID.SHOW_DENOUNCES_LIST)
class GmShowDenouncesList(ClientPacket):
    """Show the denunciations."""


@gm_packet(GmCommandID.MAP_MESSAGE)
class GmMapMessage(ClientPacket):
    """Speak to everybody on the map."""

    text: Str


@gm_packet(GmCommandID.RECORD_ADD)
class GmRecordAdd(ClientPacket):
    """Put a player on the watch list."""

    username: Str
    reason: Str


@gm_packet(GmCommandID.RECORD_REMOVE)
class GmRecordRemove(ClientPacket):
    """Take an entry off the watch list."""

    index: U8


@gm_packet(GmCommandID.RECORD_ADD_OBS)
class GmRecordAddObs(ClientPacket):
    """Add a note to an entry of the watch list."""

    index: U8
    text: Str


@gm_packet(GmCommandID.RECORD_LIST_REQUEST)
class GmRecordListRequest(ClientPacket):
    """Ask for the watch list."""


@gm_packet(GmCommandID.RECORD_DETAILS_REQUEST)
class GmRecordDetailsRequest(ClientPacket):
    """Ask for one entry of the watch list."""

    index: U8
