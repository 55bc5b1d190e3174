"""The game's small enumerations, numbered as the client and the classic data files number them."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Heading(IntEnum):
    """Where a character looks. The client fails on any other number."""

    NORTH = 1
    EAST = 2
    SOUTH = 3
    WEST = 4


DELTAS: dict[int, tuple[int, int]] = {
    Heading.NORTH: (0, -1),
    Heading.EAST: (1, 0),
    Heading.SOUTH: (0, 1),
    Heading.WEST: (-1, 0),
}


class Race(IntEnum):
    """Race ("raza")."""

    HUMAN = 1
    ELF = 2
    DROW = 3
    GNOME = 4
    DWARF = 5


class Gender(IntEnum):
    """Gender ("género")."""

    MALE = 1
    FEMALE = 2


class CharClass(IntEnum):
    """Character class ("clase")."""

    MAGE = 1
    CLERIC = 2
    WARRIOR = 3
    ASSASSIN = 4
    THIEF = 5
    BARD = 6
    DRUID = 7
    BANDIT = 8
    PALADIN = 9
    HUNTER = 10
    WORKER = 11
    PIRATE = 12


class Skill(IntEnum):
    """Skills ("habilidades"), numbered from 1 in the order of the skills window."""

    MAGIC = 1
    STEAL = 2
    COMBAT_TACTICS = 3
    ARMED_COMBAT = 4
    MEDITATE = 5
    STAB = 6
    HIDE = 7
    SURVIVAL = 8
    WOODCUTTING = 9
    TRADE = 10
    SHIELD_DEFENSE = 11
    FISHING = 12
    MINING = 13
    CARPENTRY = 14
    BLACKSMITHING = 15
    LEADERSHIP = 16
    TAMING = 17
    PROJECTILES = 18
    WRESTLING = 19
    NAVIGATION = 20


class ObjectType(IntEnum):
    """What an item does ("ObjType" of the data files)."""

    USE_ONCE = 1
    WEAPON = 2
    ARMOUR = 3
    TREE = 4
    MONEY = 5
    DOOR = 6
    CONTAINER = 7
    SIGN = 8
    KEY = 9
    FORUM = 10
    POTION = 11
    DRINK = 13
    FIREWOOD = 14
    CAMPFIRE = 15
    SHIELD = 16
    HELMET = 17
    RING = 18
    TELEPORT = 19
    ORE_DEPOSIT = 22
    MINERAL = 23
    SCROLL = 24
    INSTRUMENT = 26
    ANVIL = 27
    FORGE = 28
    BOAT = 31
    ARROW = 32
    EMPTY_BOTTLE = 33
    FULL_BOTTLE = 34
    STAIN = 35
    ELVEN_TREE = 36
    BACKPACK = 37
    FISHING_DEPOSIT = 38


class Trigger(IntEnum):
    """What a tile means to the rules ("trigger"); unknown numbers count as NONE."""

    NONE = 0
    UNDER_ROOF = 1
    HOUSE = 2
    NO_NPC = 3
    SAFE = 4
    ANTI_BLOCKADE = 5
    ARENA = 6


class TileFlag(IntFlag):
    """One byte per tile. The first three bits are the client's own collision byte."""

    BLOCKED = 1
    ROOF = 2
    WATER = 4
    LAVA = 8


class Privilege(IntFlag):
    """Staff rank, as the bits the client colours names by."""

    PLAYER = 1
    COUNSELLOR = 2
    DEMIGOD = 4
    GOD = 8
    ADMIN = 16
    ROLE_MASTER = 32
    CHAOS_COUNCIL = 64  # a player's honour; the client needs bit PLAYER beside it
    ROYAL_COUNCIL = 128


class NickColor(IntFlag):
    """Colour bits of a player's name."""

    NONE = 0
    CRIMINAL = 1
    CITIZEN = 2
    ATTACKABLE = 4


class Faction(IntEnum):
    """The two armies, and everybody else."""

    NONE = 0
    ROYAL = 1  # Armada Real
    CHAOS = 2  # Legión Oscura


class NpcRole(IntEnum):
    """What a creature or townsman does for players ("NpcType")."""

    COMMON = 0
    PRIEST = 1
    ROYAL_GUARD = 2
    TRAINER = 3
    BANKER = 4
    NOBLE = 5
    DRAGON = 6
    GAMBLER = 7
    CHAOS_GUARD = 8
    NEWBIE_PRIEST = 9
    PRETORIAN = 10
    GOVERNOR = 11


class Movement(IntEnum):
    """How a creature moves ("Movement"); any other number stays where it is."""

    STILL = 1
    RANDOM = 2
    HOSTILE = 3
    DEFENDS = 4
    GUARD = 5
    OBJECT = 6
    FOLLOWS_MASTER = 8
    FIGHTS_NPC = 9
    PATH_FINDING = 10
    CLAN_HEALER = 20  # these five are the pretorians
    CLAN_SWORDSMAN = 21
    CLAN_CASTER = 22
    CLAN_ARCHER = 23
    CLAN_KING = 24


class SpellTarget(IntEnum):
    """What a spell may be aimed at ("Target"); 0 is for spells that only creatures cast."""

    CREATURES_ONLY = 0
    USER = 1
    NPC = 2
    USER_OR_NPC = 3
    GROUND = 4


class Direction(IntEnum):
    """Whether a spell raises or lowers a property ("Sube...")."""

    NONE = 0
    RAISE = 1
    LOWER = 2


class Potion(IntEnum):
    """What a potion does ("TipoPocion")."""

    AGILITY = 1
    STRENGTH = 2
    HEALTH = 3
    MANA = 4
    CURE = 5
    DEATH = 6


class BodyPart(IntEnum):
    """Where a hit lands, as the client names it."""

    HEAD = 1
    LEFT_LEG = 2
    RIGHT_LEG = 3
    RIGHT_ARM = 4
    LEFT_ARM = 5
    TORSO = 6
