"""What we send about the world and the player's own character, in id order.

Windows, lists and guilds are in server_window_packets.py, coded messages in multi_messages.py.
Layouts follow the parsers of the Godot client; docs/protocol.md lists them all.
"""

from __future__ import annotations

from typing import Annotated

from pyao.protocol.packet import ServerPacket, server_packet
from pyao.protocol.packet_id import ServerPacketID
from pyao.protocol.wire import F32, I16, I32, U8, Bool, Record, Str, Times


class SkillLevel(Record):
    """One skill: its points, and progress to the next in percent."""

    level: U8
    percent: U8


@server_packet(ServerPacketID.LOGGED)
class Logged(ServerPacket):
    """The login burst is over. The client ignores it; any packet but ERROR_MSG logs it in."""

    char_class: U8


@server_packet(ServerPacketID.REMOVE_DIALOGS)
class RemoveDialogs(ServerPacket):
    """Remove every overhead text; ignored by the client."""


@server_packet(ServerPacketID.REMOVE_CHAR_DIALOG)
class RemoveCharDialog(ServerPacket):
    """Remove the overhead text of a character; what is shown stays until it fades."""

    char_index: I16


@server_packet(ServerPacketID.NAVIGATE_TOGGLE)
class NavigateToggle(ServerPacket):
    """Sailing starts or stops. A toggle, off when the game screen opens."""


@server_packet(ServerPacketID.DISCONNECT)
class Disconnect(ServerPacket):
    """Log-out accepted; only the closed connection brings the login screen back."""


@server_packet(ServerPacketID.USER_OFFER_CONFIRM)
class UserOfferConfirm(ServerPacket):
    """The other player confirmed an offer; ignored by the client."""


@server_packet(ServerPacketID.UPDATE_STA)
class UpdateSta(ServerPacket):
    """Stamina now."""

    stamina: I16


@server_packet(ServerPacketID.UPDATE_MANA)
class UpdateMana(ServerPacket):
    """Mana now."""

    mana: I16


@server_packet(ServerPacketID.UPDATE_HP)
class UpdateHp(ServerPacket):
    """Hit points now; 0 is dead to every check of the client."""

    hp: I16


@server_packet(ServerPacketID.UPDATE_GOLD)
class UpdateGold(ServerPacket):
    """Gold carried."""

    gold: I32


@server_packet(ServerPacketID.UPDATE_BANK_GOLD)
class UpdateBankGold(ServerPacket):
    """Gold in the bank, shown when its window is open."""

    gold: I32


@server_packet(ServerPacketID.UPDATE_EXP)
class UpdateExp(ServerPacket):
    """Experience now; the end of the bar comes from UPDATE_USER_STATS."""

    experience: I32


@server_packet(ServerPacketID.CHANGE_MAP)
class ChangeMap(ServerPacket):
    """Load a map (1 to 290) and forget every character and object. First of the world packets."""

    map: I16
    version: I16


@server_packet(ServerPacketID.POS_UPDATE)
class PosUpdate(ServerPacket):
    """Where the player's own character really stands; the heading stays."""

    x: U8
    y: U8


@server_packet(ServerPacketID.CHAT_OVER_HEAD)
class ChatOverHead(ServerPacket):
    """Text over a character, in a colour; does not show in the console."""

    text: Str
    char_index: I16
    r: U8
    g: U8
    b: U8


@server_packet(ServerPacketID.CONSOLE_MSG)
class ConsoleMsg(ServerPacket):
    """A console line in one of 21 fonts. The text is BBCode: neutralise what players wrote."""

    text: Str
    font: U8


@server_packet(ServerPacketID.GUILD_CHAT)
class GuildChat(ServerPacket):
    """A line of guild chat; ignored by the client, so send CONSOLE_MSG."""

    text: Str


@server_packet(ServerPacketID.SHOW_MESSAGE_BOX)
class ShowMessageBox(ServerPacket):
    """A dialog with a text."""

    text: Str


@server_packet(ServerPacketID.USER_INDEX_IN_SERVER)
class UserIndexInServer(ServerPacket):
    """Number of the connection; ignored by the client."""

    user_index: I16


@server_packet(ServerPacketID.USER_CHAR_INDEX_IN_SERVER)
class UserCharIndexInServer(ServerPacket):
    """Which character is the player's own; best sent after its CHARACTER_CREATE."""

    char_index: I16


@server_packet(ServerPacketID.CHARACTER_CREATE)
class CharacterCreate(ServerPacket):
    """A character comes into view, replacing one of that index. The effect fields are ignored."""

    char_index: I16
    body: I16
    head: I16
    heading: U8
    x: U8
    y: U8
    weapon: I16
    shield: I16
    helmet: I16
    fx: I16
    fx_loops: I16
    name: Str
    nick_color: U8
    privileges: U8


@server_packet(ServerPacketID.CHARACTER_REMOVE)
class CharacterRemove(ServerPacket):
    """A character goes out of view."""

    char_index: I16


@server_packet(ServerPacketID.CHARACTER_CHANGE_NICK)
class CharacterChangeNick(ServerPacket):
    """New name of a character."""

    char_index: I16
    name: Str


@server_packet(ServerPacketID.CHARACTER_MOVE)
class CharacterMove(ServerPacket):
    """A character walked one tile. Never for the own one, nor for jumps."""

    char_index: I16
    x: U8
    y: U8


@server_packet(ServerPacketID.FORCE_CHAR_MOVE)
class ForceCharMove(ServerPacket):
    """The player's own character was pushed one tile."""

    heading: U8


@server_packet(ServerPacketID.CHARACTER_CHANGE)
class CharacterChange(ServerPacket):
    """New look or heading of a character; the effect fields are ignored."""

    char_index: I16
    body: I16
    head: I16
    heading: U8
    weapon: I16
    shield: I16
    helmet: I16
    fx: I16
    fx_loops: I16


@server_packet(ServerPacketID.OBJECT_CREATE)
class ObjectCreate(ServerPacket):
    """An object lies on a tile, replacing the one there; a picture number, not an item number."""

    x: U8
    y: U8
    grh: I16


@server_packet(ServerPacketID.OBJECT_DELETE)
class ObjectDelete(ServerPacket):
    """The object on a tile is gone."""

    x: U8
    y: U8


@server_packet(ServerPacketID.BLOCK_POSITION)
class BlockPosition(ServerPacket):
    """A tile becomes blocked or free, until the next CHANGE_MAP."""

    x: U8
    y: U8
    blocked: Bool


@server_packet(ServerPacketID.PLAY_MIDI)
class PlayMidi(ServerPacket):
    """Play music; ignored by the client."""

    midi: I16
    loops: I16


@server_packet(ServerPacketID.PLAY_WAVE)
class PlayWave(ServerPacket):
    """Play a sound."""

    wave: U8
    x: U8
    y: U8


@server_packet(ServerPacketID.AREA_CHANGED)
class AreaChanged(ServerPacket):
    """The player entered another area. The client drops nothing: send the removals yourself."""

    x: U8
    y: U8


@server_packet(ServerPacketID.PAUSE_TOGGLE)
class PauseToggle(ServerPacket):
    """Freeze the game or go on. A toggle."""


@server_packet(ServerPacketID.RAIN_TOGGLE)
class RainToggle(ServerPacket):
    """Rain starts or stops; ignored by the client."""


@server_packet(ServerPacketID.CREATE_FX)
class CreateFx(ServerPacket):
    """An effect (1 to 35) on a character; 0 ends it, -1 loops repeat it for ever."""

    char_index: I16
    fx: I16
    loops: I16


@server_packet(ServerPacketID.UPDATE_USER_STATS)
class UpdateUserStats(ServerPacket):
    """All figures of the status bar at once."""

    max_hp: I16
    hp: I16
    max_mana: I16
    mana: I16
    max_stamina: I16
    stamina: I16
    gold: I32
    level: U8
    exp_next: I32
    experience: I32


@server_packet(ServerPacketID.WORK_REQUEST_TARGET, safe_in_game=False)
class WorkRequestTarget(ServerPacket):
    """Old form of MULTI_MESSAGE.WORK_REQUEST_TARGET, which this client does not read."""

    skill: U8


@server_packet(ServerPacketID.CHANGE_INVENTORY_SLOT)
class ChangeInventorySlot(ServerPacket):
    """Content of an inventory slot (1 to 25); zeros and an empty name clear it."""

    slot: U8
    object: I16
    name: Str
    amount: I16
    equipped: Bool
    grh: I16
    type: U8
    max_hit: I16
    min_hit: I16
    max_def: I16
    min_def: I16
    sale_price: F32


@server_packet(ServerPacketID.CHANGE_SPELL_SLOT)
class ChangeSpellSlot(ServerPacket):
    """Name in a row of the spell book (1 to 35); "(None)" marks an empty one."""

    slot: U8
    spell: I16
    name: Str


@server_packet(ServerPacketID.ATRIBUTES)
class Atributes(ServerPacket):
    """The five attributes; opens the statistics window."""

    strength: U8
    agility: U8
    intelligence: U8
    charisma: U8
    constitution: U8


@server_packet(ServerPacketID.REST_OK)
class RestOk(ServerPacket):
    """Resting starts or stops. A toggle."""


@server_packet(ServerPacketID.ERROR_MSG)
class ErrorMsg(ServerPacket):
    """A refusal. The login and game screens disconnect after it, the creation screen stays."""

    text: Str


@server_packet(ServerPacketID.BLIND)
class Blind(ServerPacket):
    """The character is blinded; ignored by the client."""


@server_packet(ServerPacketID.DUMB)
class Dumb(ServerPacket):
    """The character is stupefied; ignored by the client."""


@server_packet(ServerPacketID.UPDATE_HUNGER_AND_THIRST)
class UpdateHungerAndThirst(ServerPacket):
    """Thirst and hunger with their limits."""

    max_thirst: U8
    thirst: U8
    max_hunger: U8
    hunger: U8


@server_packet(ServerPacketID.FAME)
class Fame(ServerPacket):
    """The seven reputations."""

    assassin: I32
    bandit: I32
    bourgeois: I32
    thief: I32
    noble: I32
    plebeian: I32
    average: I32


@server_packet(ServerPacketID.MINI_STATS)
class MiniStats(ServerPacket):
    """Kill counters, class and minutes in jail."""

    citizens_killed: I32
    criminals_killed: I32
    users_killed: I32
    npcs_killed: I16
    char_class: U8
    jail_minutes: I32


@server_packet(ServerPacketID.LEVEL_UP)
class LevelUp(ServerPacket):
    """Free skill points, as a total. Send 0 as well: the client remembers the last character's."""

    skill_points: I16


@server_packet(ServerPacketID.SET_INVISIBLE)
class SetInvisible(ServerPacket):
    """Hide or show a character; hiding the own one leaves its player blind to it."""

    char_index: I16
    invisible: Bool


@server_packet(ServerPacketID.DICE_ROLL, safe_in_game=False)
class DiceRoll(ServerPacket):
    """The rolled attributes; for the creation screen only."""

    strength: U8
    agility: U8
    intelligence: U8
    charisma: U8
    constitution: U8


@server_packet(ServerPacketID.MEDITATE_TOGGLE)
class MeditateToggle(ServerPacket):
    """Meditation starts or stops. A toggle."""


@server_packet(ServerPacketID.BLIND_NO_MORE)
class BlindNoMore(ServerPacket):
    """The end of blindness; ignored by the client."""


@server_packet(ServerPacketID.DUMB_NO_MORE)
class DumbNoMore(ServerPacket):
    """The end of the stupor; ignored by the client."""


@server_packet(ServerPacketID.SEND_SKILLS)
class SendSkills(ServerPacket):
    """All twenty skills: points, and progress to the next one in percent."""

    skills: Annotated[list[SkillLevel], Times(20)]


@server_packet(ServerPacketID.PARALIZE_OK)
class ParalizeOk(ServerPacket):
    """Paralysis starts or ends. A toggle."""


@server_packet(ServerPacketID.SEND_NIGHT)
class SendNight(ServerPacket):
    """Night or day; ignored by the client."""

    night: Bool


@server_packet(ServerPacketID.PONG)
class Pong(ServerPacket):
    """The answer to PING; without it the client never pings again."""


@server_packet(ServerPacketID.UPDATE_TAG_AND_STATUS)
class UpdateTagAndStatus(ServerPacket):
    """New label and colour of a character; replaces the whole label, guild included."""

    char_index: I16
    nick_color: U8
    name: Str


@server_packet(ServerPacketID.UPDATE_STRENGHT_AND_DEXTERITY)
class UpdateStrenghtAndDexterity(ServerPacket):
    """Strength and agility now."""

    strength: U8
    dexterity: U8


@server_packet(ServerPacketID.UPDATE_STRENGHT)
class UpdateStrenght(ServerPacket):
    """Strength now."""

    strength: U8


@server_packet(ServerPacketID.UPDATE_DEXTERITY)
class UpdateDexterity(ServerPacket):
    """Agility now."""

    dexterity: U8


@server_packet(ServerPacketID.ADD_SLOTS, safe_in_game=False)
class AddSlots(ServerPacket):
    """The backpack grew; this client has all its slots from the start and does not read it."""

    slots: U8


@server_packet(ServerPacketID.STOP_WORKING)
class StopWorking(ServerPacket):
    """Work is over; the client writes a console line."""
