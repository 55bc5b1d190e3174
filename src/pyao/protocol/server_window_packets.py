"""What we send to fill and open windows: trade, bank, crafts, guilds, forum, staff; in id order.

Layouts follow the parsers of the Godot client; docs/protocol.md lists them all.
"""

from __future__ import annotations

from typing import Annotated

from pyao.protocol.packet import ServerPacket, server_packet
from pyao.protocol.packet_id import ServerPacketID
from pyao.protocol.wire import BYTE, F32, I16, I32, SHORT, U8, Bool, Counted, Record, Str, StrList


class ForgeItem(Record):
    """Something a smith can make, with the ingots it takes."""

    name: Str
    grh: I16
    iron: I16
    silver: I16
    gold: I16
    object: I16
    upgrade: I16


class CarpenterItem(Record):
    """Something a carpenter can make, with the wood it takes."""

    name: Str
    grh: I16
    wood: I16
    elven_wood: I16
    object: I16
    upgrade: I16


@server_packet(ServerPacketID.COMMERCE_END)
class CommerceEnd(ServerPacket):
    """Close the merchant window."""


@server_packet(ServerPacketID.BANK_END)
class BankEnd(ServerPacket):
    """Close the bank window."""


@server_packet(ServerPacketID.COMMERCE_INIT)
class CommerceInit(ServerPacket):
    """Open the merchant window over the goods sent before (all 50 slots)."""


@server_packet(ServerPacketID.BANK_INIT)
class BankInit(ServerPacket):
    """Open the bank window over the slots sent before (all 40), with the gold kept there."""

    gold: I32


@server_packet(ServerPacketID.USER_COMMERCE_INIT)
class UserCommerceInit(ServerPacket):
    """Open the window of a trade between players; ignored by the client."""

    username: Str


@server_packet(ServerPacketID.USER_COMMERCE_END)
class UserCommerceEnd(ServerPacket):
    """A trade between players is over."""


@server_packet(ServerPacketID.COMMERCE_CHAT)
class CommerceChat(ServerPacket):
    """A line of talk in a trade between players; ignored by the client."""

    text: Str
    font: U8


@server_packet(ServerPacketID.SHOW_BLACKSMITH_FORM)
class ShowBlacksmithForm(ServerPacket):
    """Open the forging window; ignored by the client."""


@server_packet(ServerPacketID.SHOW_CARPENTER_FORM)
class ShowCarpenterForm(ServerPacket):
    """Open the carpentry window; ignored by the client."""


@server_packet(ServerPacketID.GUILD_LIST)
class GuildList(ServerPacket):
    """All guilds; opens the window for a player without one."""

    guilds: StrList


@server_packet(ServerPacketID.CHANGE_BANK_SLOT)
class ChangeBankSlot(ServerPacket):
    """Content of a bank slot (1 to 40). The price is an integer here, a float elsewhere."""

    slot: U8
    object: I16
    name: Str
    amount: I16
    grh: I16
    type: U8
    max_hit: I16
    min_hit: I16
    max_def: I16
    min_def: I16
    sale_price: I32


@server_packet(ServerPacketID.BLACKSMITH_WEAPONS)
class BlacksmithWeapons(ServerPacket):
    """The weapons a player can forge; read and ignored by the client."""

    items: Annotated[list[ForgeItem], Counted(SHORT)]


@server_packet(ServerPacketID.BLACKSMITH_ARMORS)
class BlacksmithArmors(ServerPacket):
    """The armour a player can forge; read and ignored by the client."""

    items: Annotated[list[ForgeItem], Counted(SHORT)]


@server_packet(ServerPacketID.CARPENTER_OBJECTS)
class CarpenterObjects(ServerPacket):
    """The things a player can build; read and ignored by the client."""

    items: Annotated[list[CarpenterItem], Counted(SHORT)]


@server_packet(ServerPacketID.SHOW_SIGNAL, safe_in_game=False)
class ShowSignal(ServerPacket):
    """Text and picture of a sign. Not read by this client: send the text as CONSOLE_MSG."""

    text: Str
    grh: I16


@server_packet(ServerPacketID.CHANGE_NPC_INVENTORY_SLOT)
class ChangeNpcInventorySlot(ServerPacket):
    """Content of a merchant slot (1 to 50), with the price asked."""

    slot: U8
    name: Str
    amount: I16
    price: F32
    grh: I16
    object: I16
    type: U8
    max_hit: I16
    min_hit: I16
    max_def: I16
    min_def: I16


@server_packet(ServerPacketID.ADD_FORUM_MSG, safe_in_game=False)
class AddForumMsg(ServerPacket):
    """One message of a forum board."""

    forum_type: U8
    title: Str
    author: Str
    body: Str


@server_packet(ServerPacketID.SHOW_FORUM_FORM, safe_in_game=False)
class ShowForumForm(ServerPacket):
    """Open a forum board."""

    visibility: U8
    can_make_sticky: U8


@server_packet(ServerPacketID.TRAINER_CREATURE_LIST)
class TrainerCreatureList(ServerPacket):
    """Creatures of a trainer; opens a window whose choice comes back as TRAIN."""

    creatures: StrList


@server_packet(ServerPacketID.GUILD_NEWS)
class GuildNews(ServerPacket):
    """News, enemies and allies of the own guild."""

    news: Str
    enemies: StrList
    allies: StrList


@server_packet(ServerPacketID.OFFER_DETAILS)
class OfferDetails(ServerPacket):
    """Text of a proposal between guilds."""

    text: Str


@server_packet(ServerPacketID.ALIANCE_PROPOSALS_LIST)
class AlianceProposalsList(ServerPacket):
    """Guilds that propose an alliance."""

    guilds: StrList


@server_packet(ServerPacketID.PEACE_PROPOSALS_LIST)
class PeaceProposalsList(ServerPacket):
    """Guilds that propose peace."""

    guilds: StrList


@server_packet(ServerPacketID.CHARACTER_INFO, safe_in_game=False)
class CharacterInfo(ServerPacket):
    """What a guild leader may know about an applicant or a member."""

    name: Str
    race: U8
    char_class: U8
    gender: U8
    level: U8
    gold: I32
    bank: I32
    reputation: I32
    previous_petitions: Str
    current_guild: Str
    previous_guilds: Str
    royal_army: Bool
    chaos_legion: Bool
    citizens_killed: I32
    criminals_killed: I32


@server_packet(ServerPacketID.GUILD_LEADER_INFO)
class GuildLeaderInfo(ServerPacket):
    """Opens the window of a guild leader."""

    guilds: StrList
    members: StrList
    news: Str
    requests: StrList


@server_packet(ServerPacketID.GUILD_MEMBER_INFO)
class GuildMemberInfo(ServerPacket):
    """Opens the window of a guild member."""

    guilds: StrList
    members: StrList


@server_packet(ServerPacketID.GUILD_DETAILS)
class GuildDetails(ServerPacket):
    """Public data of a guild; its counters have 16 bits."""

    name: Str
    founder: Str
    founded: Str
    leader: Str
    website: Str
    members: I16
    elections_open: Bool
    alignment: Str
    enemies: I16
    allies: I16
    anti_faction: Str
    codex: StrList
    description: Str


@server_packet(ServerPacketID.SHOW_GUILD_FUNDATION_FORM)
class ShowGuildFundationForm(ServerPacket):
    """Ask for name and web address of a new guild; ends in CREATE_NEW_GUILD."""


@server_packet(ServerPacketID.SHOW_USER_REQUEST, safe_in_game=False)
class ShowUserRequest(ServerPacket):
    """What an applicant wrote."""

    text: Str


@server_packet(ServerPacketID.TRADE_OK)
class TradeOk(ServerPacket):
    """A purchase or sale is done; ignored by the client."""


@server_packet(ServerPacketID.BANK_OK)
class BankOk(ServerPacket):
    """A bank operation is done; ignored by the client."""


@server_packet(ServerPacketID.CHANGE_USER_TRADE_SLOT, safe_in_game=False)
class ChangeUserTradeSlot(ServerPacket):
    """A slot of the other player's offer."""

    offer_slot: U8
    object: I16
    amount: I32
    grh: I16
    type: U8
    max_hit: I16
    min_hit: I16
    max_def: I16
    min_def: I16
    price: I32
    name: Str


@server_packet(ServerPacketID.SPAWN_LIST, safe_in_game=False)
class SpawnList(ServerPacket):
    """Creatures the staff can call."""

    creatures: StrList


@server_packet(ServerPacketID.SHOW_SOS_FORM, safe_in_game=False)
class ShowSosForm(ServerPacket):
    """Who waits for help."""

    names: StrList


@server_packet(ServerPacketID.SHOW_MOTD_EDITION_FORM, safe_in_game=False)
class ShowMotdEditionForm(ServerPacket):
    """The message of the day, for editing."""

    text: Str


@server_packet(ServerPacketID.SHOW_GM_PANEL_FORM)
class ShowGmPanelForm(ServerPacket):
    """Open the staff panel; ignored by the client."""


@server_packet(ServerPacketID.USER_NAME_LIST, safe_in_game=False)
class UserNameList(ServerPacket):
    """Names of all players."""

    names: StrList


@server_packet(ServerPacketID.SHOW_DENOUNCES, safe_in_game=False)
class ShowDenounces(ServerPacket):
    """The denunciations."""

    lines: StrList


@server_packet(ServerPacketID.RECORD_LIST, safe_in_game=False)
class RecordList(ServerPacket):
    """Names on the watch list."""

    names: Annotated[list[Str], Counted(BYTE)]


@server_packet(ServerPacketID.RECORD_DETAILS, safe_in_game=False)
class RecordDetails(ServerPacket):
    """One entry of the watch list."""

    creator: Str
    reason: Str
    online: Bool
    ip: Str
    online_time: Str
    notes: Str


@server_packet(ServerPacketID.SHOW_GUILD_ALIGN)
class ShowGuildAlign(ServerPacket):
    """Ask for the alignment of a new guild; comes back as GUILD_FUNDATION."""


@server_packet(ServerPacketID.SHOW_PARTY_FORM, safe_in_game=False)
class ShowPartyForm(ServerPacket):
    """Open the party window."""

    is_leader: U8
    members: StrList
    experience: I32


@server_packet(ServerPacketID.CANCEL_OFFER_ITEM)
class CancelOfferItem(ServerPacket):
    """A slot of an offer was withdrawn; ignored by the client."""

    slot: U8
