"""What a client sends to enter, play, work and trade, in id order.

Talk, guilds, parties and armies are in client_social_packets.py, staff commands in gm_packets.py.
Layouts follow the writers of the Godot client; docs/protocol.md lists them all.
"""

from __future__ import annotations

from typing import Annotated

from pyao.protocol.packet import ClientPacket, client_packet
from pyao.protocol.packet_id import ClientPacketID
from pyao.protocol.wire import I16, I32, U8, Bool, Secret, Str, Times


@client_packet(ClientPacketID.LOGIN_EXISTING_CHAR)
class LoginExistingChar(ClientPacket):
    """Enter the world with an existing character; the first packet of a connection."""

    username: Str
    password: Secret
    ver_major: U8
    ver_minor: U8
    ver_revision: U8


@client_packet(ClientPacketID.THROW_DICES)
class ThrowDices(ClientPacket):
    """Roll the attributes of a new character; answered with DICE_ROLL."""


@client_packet(ClientPacketID.LOGIN_NEW_CHAR)
class LoginNewChar(ClientPacket):
    """Create a character with the attributes of the last roll and enter with it."""

    username: Str
    password: Secret
    ver_major: U8
    ver_minor: U8
    ver_revision: U8
    race: U8
    gender: U8
    char_class: U8
    head: I16
    email: Str
    home: U8


@client_packet(ClientPacketID.WALK)
class Walk(ClientPacket):
    """One step; the client has already moved its own character unless it rests or meditates."""

    heading: U8


@client_packet(ClientPacketID.REQUEST_POSITION_UPDATE)
class RequestPositionUpdate(ClientPacket):
    """Ask for the true position; answered with POS_UPDATE."""


@client_packet(ClientPacketID.ATTACK)
class Attack(ClientPacket):
    """Strike at the tile in front."""


@client_packet(ClientPacketID.PICK_UP)
class PickUp(ClientPacket):
    """Take what lies on the own tile."""


@client_packet(ClientPacketID.SAFE_TOGGLE)
class SafeToggle(ClientPacket):
    """Switch the lock that keeps one from attacking citizens; the server holds its state."""


@client_packet(ClientPacketID.RESUSCITATION_SAFE_TOGGLE)
class ResuscitationSafeToggle(ClientPacket):
    """Switch the lock against being revived by others; the server holds its state."""


@client_packet(ClientPacketID.REQUEST_ATRIBUTES)
class RequestAtributes(ClientPacket):
    """The statistics window asks for ATRIBUTES (first of its four requests)."""


@client_packet(ClientPacketID.REQUEST_FAME)
class RequestFame(ClientPacket):
    """The statistics window asks for FAME."""


@client_packet(ClientPacketID.REQUEST_SKILLS)
class RequestSkills(ClientPacket):
    """The skills or statistics window asks for SEND_SKILLS."""


@client_packet(ClientPacketID.REQUEST_MINI_STATS)
class RequestMiniStats(ClientPacket):
    """The statistics window asks for MINI_STATS."""


@client_packet(ClientPacketID.COMMERCE_END)
class CommerceEnd(ClientPacket):
    """Leave the merchant; the window waits for the server's COMMERCE_END."""


@client_packet(ClientPacketID.USER_COMMERCE_END)
class UserCommerceEnd(ClientPacket):
    """Break off a trade between players."""


@client_packet(ClientPacketID.USER_COMMERCE_CONFIRM)
class UserCommerceConfirm(ClientPacket):
    """Confirm the own offer in a trade between players."""


@client_packet(ClientPacketID.COMMERCE_CHAT)
class CommerceChat(ClientPacket):
    """Talk inside a trade between players."""

    text: Str


@client_packet(ClientPacketID.BANK_END)
class BankEnd(ClientPacket):
    """Leave the bank; the window waits for the server's BANK_END."""


@client_packet(ClientPacketID.USER_COMMERCE_OK)
class UserCommerceOk(ClientPacket):
    """Accept what the other player confirmed."""


@client_packet(ClientPacketID.USER_COMMERCE_REJECT)
class UserCommerceReject(ClientPacket):
    """Turn down the other player's offer."""


@client_packet(ClientPacketID.DROP)
class Drop(ClientPacket):
    """Drop an amount of an inventory slot; slot 31 is the gold purse."""

    slot: U8
    amount: I16


@client_packet(ClientPacketID.CAST_SPELL)
class CastSpell(ClientPacket):
    """Choose a spell-book slot (from 1); WORK with the magic skill follows in the same write."""

    slot: U8


@client_packet(ClientPacketID.LEFT_CLICK)
class LeftClick(ClientPacket):
    """Look at a tile; also sent by the first press of a double click. Not clamped to the map."""

    x: U8
    y: U8


@client_packet(ClientPacketID.DOUBLE_CLICK)
class DoubleClick(ClientPacket):
    """Act on a tile: door, sign, merchant, banker. Never an inventory slot."""

    x: U8
    y: U8


@client_packet(ClientPacketID.WORK)
class Work(ClientPacket):
    """Begin to use a skill; one that needs a target is answered with WORK_REQUEST_TARGET."""

    skill: U8


@client_packet(ClientPacketID.USE_SPELL_MACRO)
class UseSpellMacro(ClientPacket):
    """Notice that the spell macro runs; classic servers throw the player out for it."""


@client_packet(ClientPacketID.USE_ITEM)
class UseItem(ClientPacket):
    """Use an inventory slot (from 1)."""

    slot: U8


@client_packet(ClientPacketID.CRAFT_BLACKSMITH)
class CraftBlacksmith(ClientPacket):
    """Forge the item of this number."""

    item: I16


@client_packet(ClientPacketID.CRAFT_CARPENTER)
class CraftCarpenter(ClientPacket):
    """Build the item of this number."""

    item: I16


@client_packet(ClientPacketID.WORK_LEFT_CLICK)
class WorkLeftClick(ClientPacket):
    """The tile chosen for the skill that WORK_REQUEST_TARGET asked about."""

    x: U8
    y: U8
    skill: U8


@client_packet(ClientPacketID.SPELL_INFO)
class SpellInfo(ClientPacket):
    """Describe a spell of the book in the console."""

    slot: U8


@client_packet(ClientPacketID.EQUIP_ITEM)
class EquipItem(ClientPacket):
    """Put on or take off an inventory slot (from 1)."""

    slot: U8


@client_packet(ClientPacketID.CHANGE_HEADING)
class ChangeHeading(ClientPacket):
    """Turn on the spot; the client turns only when CHARACTER_CHANGE tells it to."""

    heading: U8


@client_packet(ClientPacketID.MODIFY_SKILLS)
class ModifySkills(ClientPacket):
    """Spend free skill points: what to add to each of the twenty skills, not totals."""

    skills: Annotated[list[U8], Times(20)]


@client_packet(ClientPacketID.TRAIN)
class Train(ClientPacket):
    """Choose a creature of the last TRAINER_CREATURE_LIST, counted from 1."""

    index: U8


@client_packet(ClientPacketID.COMMERCE_BUY)
class CommerceBuy(ClientPacket):
    """Buy from a merchant slot (from 1)."""

    slot: U8
    amount: I16


@client_packet(ClientPacketID.BANK_EXTRACT_ITEM)
class BankExtractItem(ClientPacket):
    """Take from a bank slot (from 1)."""

    slot: U8
    amount: I16


@client_packet(ClientPacketID.COMMERCE_SELL)
class CommerceSell(ClientPacket):
    """Sell from an inventory slot (from 1)."""

    slot: U8
    amount: I16


@client_packet(ClientPacketID.BANK_DEPOSIT)
class BankDeposit(ClientPacket):
    """Put an inventory slot into the bank."""

    slot: U8
    amount: I16


@client_packet(ClientPacketID.FORUM_POST)
class ForumPost(ClientPacket):
    """Pin a message to a forum board."""

    kind: U8
    title: Str
    body: Str


@client_packet(ClientPacketID.MOVE_SPELL)
class MoveSpell(ClientPacket):
    """Swap a spell with the next row (flag false) or the one before (flag true)."""

    upwards: Bool
    slot: U8


@client_packet(ClientPacketID.MOVE_BANK)
class MoveBank(ClientPacket):
    """Reorder the bank, as MOVE_SPELL does the spell book."""

    upwards: Bool
    slot: U8


@client_packet(ClientPacketID.USER_COMMERCE_OFFER)
class UserCommerceOffer(ClientPacket):
    """Offer an inventory slot, or gold, in a trade between players."""

    slot: U8
    amount: I32
    offer_slot: U8


@client_packet(ClientPacketID.ONLINE)
class Online(ClientPacket):
    """Ask how many are playing; answered in the console (/online)."""


@client_packet(ClientPacketID.QUIT)
class Quit(ClientPacket):
    """Leave the world; the client waits for the server to close the connection."""


@client_packet(ClientPacketID.REQUEST_ACCOUNT_STATE)
class RequestAccountState(ClientPacket):
    """Bank balance or gambling record from the clicked banker or gambler (/balance)."""


@client_packet(ClientPacketID.PET_STAND)
class PetStand(ClientPacket):
    """The clicked pet stays where it is."""


@client_packet(ClientPacketID.PET_FOLLOW)
class PetFollow(ClientPacket):
    """The clicked pet follows its owner."""


@client_packet(ClientPacketID.RELEASE_PET)
class ReleasePet(ClientPacket):
    """Set the clicked pet free."""


@client_packet(ClientPacketID.TRAIN_LIST)
class TrainList(ClientPacket):
    """Ask the clicked trainer for its creatures."""


@client_packet(ClientPacketID.REST)
class Rest(ClientPacket):
    """Sit down to rest by a camp fire, or stop; answered with the toggle REST_OK."""


@client_packet(ClientPacketID.MEDITATE)
class Meditate(ClientPacket):
    """Begin or end meditation; answered with the toggle MEDITATE_TOGGLE."""


@client_packet(ClientPacketID.RESUCITATE)
class Resucitate(ClientPacket):
    """Ask the clicked priest to raise the dead."""


@client_packet(ClientPacketID.HEAL)
class Heal(ClientPacket):
    """Ask the clicked priest for healing."""


@client_packet(ClientPacketID.HELP)
class Help(ClientPacket):
    """Show the help text (/ayuda)."""


@client_packet(ClientPacketID.REQUEST_STATS)
class RequestStats(ClientPacket):
    """Own statistics as console text (/est)."""


@client_packet(ClientPacketID.COMMERCE_START)
class CommerceStart(ClientPacket):
    """Trade with the clicked merchant or player."""


@client_packet(ClientPacketID.BANK_START)
class BankStart(ClientPacket):
    """Open the vault at the clicked banker."""


@client_packet(ClientPacketID.REQUEST_MOTD)
class RequestMotd(ClientPacket):
    """Show the message of the day again."""


@client_packet(ClientPacketID.UPTIME)
class Uptime(ClientPacket):
    """Ask how long the server has been up."""


@client_packet(ClientPacketID.BUG_REPORT)
class BugReport(ClientPacket):
    """Report a fault of the game."""

    text: Str


@client_packet(ClientPacketID.CHANGE_DESCRIPTION)
class ChangeDescription(ClientPacket):
    """New description of the own character (/desc)."""

    text: Str


@client_packet(ClientPacketID.CHANGE_PASSWORD)
class ChangePassword(ClientPacket):
    """Replace the password; the old one proves who asks."""

    old_password: Secret
    new_password: Secret


@client_packet(ClientPacketID.GAMBLE)
class Gamble(ClientPacket):
    """Bet gold; the client cuts the amount to its low 16 bits, so check the sign."""

    amount: I16


@client_packet(ClientPacketID.BANK_EXTRACT_GOLD)
class BankExtractGold(ClientPacket):
    """Take gold out of the bank."""

    amount: I32


@client_packet(ClientPacketID.BANK_DEPOSIT_GOLD)
class BankDepositGold(ClientPacket):
    """Put gold into the bank."""

    amount: I32


@client_packet(ClientPacketID.PING)
class Ping(ClientPacket):
    """Measure the round trip; answered with PONG. Only on the player's command."""


@client_packet(ClientPacketID.ITEM_UPGRADE)
class ItemUpgrade(ClientPacket):
    """Improve the item of this number."""

    item: I16


@client_packet(ClientPacketID.INIT_CRAFTING)
class InitCrafting(ClientPacket):
    """Announce how many items the coming craft orders make."""

    total_items: I32
    items_per_cycle: I16


@client_packet(ClientPacketID.HOME)
class Home(ClientPacket):
    """Travel home; sent by the dead only."""


@client_packet(ClientPacketID.SHARE_NPC)
class ShareNpc(ClientPacket):
    """Share the own creatures with the clicked player."""


@client_packet(ClientPacketID.STOP_SHARING_NPC)
class StopSharingNpc(ClientPacket):
    """Stop sharing the own creatures."""


@client_packet(ClientPacketID.MOVE_ITEM)
class MoveItem(ClientPacket):
    """Swap two slots of one grid; sent from the bank and merchant windows as well."""

    from_slot: U8
    to_slot: U8
    move_type: U8
