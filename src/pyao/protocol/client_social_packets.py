"""What a client sends to talk, and about guilds, parties, armies and votes, in id order.

Layouts follow the writers of the Godot client; docs/protocol.md lists them all.
"""

from __future__ import annotations

from typing import Annotated

from pyao.protocol.packet import ClientPacket, client_packet
from pyao.protocol.packet_id import ClientPacketID
from pyao.protocol.wire import I16, U8, Str, Times, Typed

GuildCodex = Annotated[list[Str], Times(8)]
"""Always eight lines, the unused ones empty."""


@client_packet(ClientPacketID.TALK)
class Talk(ClientPacket):
    """Say aloud; carries every slash command that the client does not know itself."""

    text: Typed


@client_packet(ClientPacketID.YELL)
class Yell(ClientPacket):
    """Shout; the client has removed the leading dash."""

    text: Str


@client_packet(ClientPacketID.WHISPER)
class Whisper(ClientPacket):
    """Speak to one player by name."""

    target: Str
    text: Str


@client_packet(ClientPacketID.REQUEST_GUILD_LEADER_INFO)
class RequestGuildLeaderInfo(ClientPacket):
    """Guild button: GUILD_LIST, GUILD_MEMBER_INFO or GUILD_LEADER_INFO by rank."""


@client_packet(ClientPacketID.CREATE_NEW_GUILD)
class CreateNewGuild(ClientPacket):
    """Found a guild, with exactly eight codex lines; lines of the description end in 0xBA."""

    description: Str
    name: Str
    website: Str
    codex: GuildCodex


@client_packet(ClientPacketID.CLAN_CODEX_UPDATE)
class ClanCodexUpdate(ClientPacket):
    """Replace description and codex of the own guild."""

    description: Str
    codex: GuildCodex


@client_packet(ClientPacketID.GUILD_ACCEPT_PEACE)
class GuildAcceptPeace(ClientPacket):
    """Accept a peace that another guild proposes."""

    guild: Str


@client_packet(ClientPacketID.GUILD_REJECT_ALLIANCE)
class GuildRejectAlliance(ClientPacket):
    """Turn down an alliance that another guild proposes."""

    guild: Str


@client_packet(ClientPacketID.GUILD_REJECT_PEACE)
class GuildRejectPeace(ClientPacket):
    """Turn down a peace that another guild proposes."""

    guild: Str


@client_packet(ClientPacketID.GUILD_ACCEPT_ALLIANCE)
class GuildAcceptAlliance(ClientPacket):
    """Accept an alliance that another guild proposes."""

    guild: Str


@client_packet(ClientPacketID.GUILD_OFFER_PEACE)
class GuildOfferPeace(ClientPacket):
    """Propose peace to a guild."""

    guild: Str
    proposal: Str


@client_packet(ClientPacketID.GUILD_OFFER_ALLIANCE)
class GuildOfferAlliance(ClientPacket):
    """Propose an alliance to a guild."""

    guild: Str
    proposal: Str


@client_packet(ClientPacketID.GUILD_ALLIANCE_DETAILS)
class GuildAllianceDetails(ClientPacket):
    """Read the text of an alliance proposal; answered with OFFER_DETAILS."""

    guild: Str


@client_packet(ClientPacketID.GUILD_PEACE_DETAILS)
class GuildPeaceDetails(ClientPacket):
    """Read the text of a peace proposal; answered with OFFER_DETAILS."""

    guild: Str


@client_packet(ClientPacketID.GUILD_REQUEST_JOINER_INFO)
class GuildRequestJoinerInfo(ClientPacket):
    """Read what an applicant wrote."""

    username: Str


@client_packet(ClientPacketID.GUILD_ALLIANCE_PROP_LIST)
class GuildAlliancePropList(ClientPacket):
    """Ask which guilds propose an alliance."""


@client_packet(ClientPacketID.GUILD_PEACE_PROP_LIST)
class GuildPeacePropList(ClientPacket):
    """Ask which guilds propose peace."""


@client_packet(ClientPacketID.GUILD_DECLARE_WAR)
class GuildDeclareWar(ClientPacket):
    """Declare war on a guild."""

    guild: Str


@client_packet(ClientPacketID.GUILD_NEW_WEBSITE)
class GuildNewWebsite(ClientPacket):
    """New web address of the own guild."""

    url: Str


@client_packet(ClientPacketID.GUILD_ACCEPT_NEW_MEMBER)
class GuildAcceptNewMember(ClientPacket):
    """Admit an applicant."""

    username: Str


@client_packet(ClientPacketID.GUILD_REJECT_NEW_MEMBER)
class GuildRejectNewMember(ClientPacket):
    """Refuse an applicant, with a reason."""

    username: Str
    reason: Str


@client_packet(ClientPacketID.GUILD_KICK_MEMBER)
class GuildKickMember(ClientPacket):
    """Expel a member."""

    username: Str


@client_packet(ClientPacketID.GUILD_UPDATE_NEWS)
class GuildUpdateNews(ClientPacket):
    """Replace the guild news; lines end in 0xBA."""

    news: Str


@client_packet(ClientPacketID.GUILD_MEMBER_INFO)
class GuildMemberInfo(ClientPacket):
    """Ask about a member or an applicant."""

    username: Str


@client_packet(ClientPacketID.GUILD_OPEN_ELECTIONS)
class GuildOpenElections(ClientPacket):
    """Open the election of a leader."""


@client_packet(ClientPacketID.GUILD_REQUEST_MEMBERSHIP)
class GuildRequestMembership(ClientPacket):
    """Apply to a guild."""

    guild: Str
    application: Str


@client_packet(ClientPacketID.GUILD_REQUEST_DETAILS)
class GuildRequestDetails(ClientPacket):
    """Ask for the public data of a guild; answered with GUILD_DETAILS."""

    guild: Str


@client_packet(ClientPacketID.GUILD_LEAVE)
class GuildLeave(ClientPacket):
    """Leave the own guild."""


@client_packet(ClientPacketID.ENLIST)
class Enlist(ClientPacket):
    """Join the army of the clicked officer."""


@client_packet(ClientPacketID.INFORMATION)
class Information(ClientPacket):
    """Ask the clicked officer about the army."""


@client_packet(ClientPacketID.REWARD)
class Reward(ClientPacket):
    """Ask the clicked officer for a reward."""


@client_packet(ClientPacketID.PARTY_LEAVE)
class PartyLeave(ClientPacket):
    """Leave the party."""


@client_packet(ClientPacketID.PARTY_CREATE)
class PartyCreate(ClientPacket):
    """Found a party."""


@client_packet(ClientPacketID.PARTY_JOIN)
class PartyJoin(ClientPacket):
    """Ask to be admitted to the clicked player's party."""


@client_packet(ClientPacketID.INQUIRY)
class Inquiry(ClientPacket):
    """Show the running poll."""


@client_packet(ClientPacketID.GUILD_MESSAGE)
class GuildMessage(ClientPacket):
    """Speak to the guild."""

    text: Str


@client_packet(ClientPacketID.PARTY_MESSAGE)
class PartyMessage(ClientPacket):
    """Speak to the party."""

    text: Str


@client_packet(ClientPacketID.CENTINEL_REPORT)
class CentinelReport(ClientPacket):
    """Answer the sentinel that looks for bots."""

    code: I16


@client_packet(ClientPacketID.GUILD_ONLINE)
class GuildOnline(ClientPacket):
    """Ask which guild members are playing."""


@client_packet(ClientPacketID.PARTY_ONLINE)
class PartyOnline(ClientPacket):
    """Ask who is in the party."""


@client_packet(ClientPacketID.COUNCIL_MESSAGE)
class CouncilMessage(ClientPacket):
    """Speak to the council."""

    text: Str


@client_packet(ClientPacketID.ROLE_MASTER_REQUEST)
class RoleMasterRequest(ClientPacket):
    """Write to the role masters."""

    text: Str


@client_packet(ClientPacketID.GM_REQUEST)
class GmRequest(ClientPacket):
    """Enter the queue for help from the staff."""


@client_packet(ClientPacketID.GUILD_VOTE)
class GuildVote(ClientPacket):
    """Vote for a guild leader."""

    candidate: Str


@client_packet(ClientPacketID.PUNISHMENTS)
class Punishments(ClientPacket):
    """Show the punishments of a character."""

    username: Str


@client_packet(ClientPacketID.INQUIRY_VOTE)
class InquiryVote(ClientPacket):
    """Vote in the poll."""

    option: U8


@client_packet(ClientPacketID.LEAVE_FACTION)
class LeaveFaction(ClientPacket):
    """Leave the army."""


@client_packet(ClientPacketID.DENOUNCE)
class Denounce(ClientPacket):
    """Denounce somebody to the staff."""

    text: Str


@client_packet(ClientPacketID.GUILD_FUNDATE)
class GuildFundate(ClientPacket):
    """Begin to found a guild; answered with SHOW_GUILD_ALIGN or a refusal."""


@client_packet(ClientPacketID.GUILD_FUNDATION)
class GuildFundation(ClientPacket):
    """Alignment of the new guild; answered with SHOW_GUILD_FUNDATION_FORM."""

    alignment: U8


@client_packet(ClientPacketID.PARTY_KICK)
class PartyKick(ClientPacket):
    """Expel somebody from the party."""

    username: Str


@client_packet(ClientPacketID.PARTY_SET_LEADER)
class PartySetLeader(ClientPacket):
    """Hand the party to another member."""

    username: Str


@client_packet(ClientPacketID.PARTY_ACCEPT_MEMBER)
class PartyAcceptMember(ClientPacket):
    """Admit somebody to the party."""

    username: Str


@client_packet(ClientPacketID.REQUEST_PARTY_FORM)
class RequestPartyForm(ClientPacket):
    """Ask for the party window."""


@client_packet(ClientPacketID.SHOW_GUILD_NEWS)
class ShowGuildNews(ClientPacket):
    """Ask for GUILD_NEWS."""


@client_packet(ClientPacketID.CONSULTATION)
class Consultation(ClientPacket):
    """Begin or end a consultation with the staff."""
