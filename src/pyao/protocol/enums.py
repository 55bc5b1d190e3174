"""Numbers that only the wire knows: fonts, effects, sounds and codes inside packets.

The game's own enumerations (headings, classes, skills, item types) are in rules/kinds.py.
Numbers are those of the Godot client, or of the classic 0.13 server where the client has none.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Font(IntEnum):
    """Colour and style of a console line. The client loses a line in any other font."""

    TALK = 0
    FIGHT = 1
    WARNING = 2
    INFO = 3
    INFO_BOLD = 4
    EXECUTION = 5
    PARTY = 6
    POISON = 7
    GUILD = 8
    SERVER = 9
    GUILD_MSG = 10
    COUNCIL = 11
    CHAOS_COUNCIL = 12
    COUNCIL_SEEN = 13
    CHAOS_COUNCIL_SEEN = 14
    CENTINEL = 15
    GM_MSG = 16
    GM = 17
    CITIZEN = 18
    COUNSELLOR = 19
    GOD = 20


class Fx(IntEnum):
    """Effects drawn on a character; the client has pictures for 1 to 35, and 0 ends an effect."""

    NONE = 0
    WARP = 1
    MEDITATE_SMALL = 4
    MEDITATE_MEDIUM = 5
    MEDITATE_LARGE = 6
    BLOOD = 14
    MEDITATE_XLARGE = 16
    MEDITATE_XXLARGE = 34


FX_FOR_EVER = -1
"""Number of loops of an effect that only CREATE_FX 0 ends."""


class Sound(IntEnum):
    """Sounds of PLAY_WAVE. The client plays footsteps by itself."""

    SWING = 2
    WARP = 3
    DOOR = 5
    LEVEL_UP = 6
    IMPACT = 10
    USER_DEATH = 11
    IMPACT_2 = 12
    WOODCUT = 13
    FISH = 14
    MINE = 15
    BIRD_1 = 21
    BIRD_2 = 22
    DRAW_WEAPON = 25
    CRICKET_1 = 28
    CRICKET_2 = 29
    BIRD_3 = 34
    SHIELD = 37
    BLACKSMITH_HAMMER = 41
    CARPENTER_SAW = 42
    DRINK = 46


class BodyPart(IntEnum):
    """Where a blow lands. Between players the client names the limbs (2 to 5) wrongly."""

    HEAD = 1
    LEFT_LEG = 2
    RIGHT_LEG = 3
    RIGHT_ARM = 4
    LEFT_ARM = 5
    TORSO = 6


class GuildAlignment(IntEnum):
    """The value of GUILD_FUNDATION."""

    ROYAL = 0
    CHAOS = 1
    NEUTRAL = 2
    LEGAL = 4
    CRIMINAL = 5


class MoveItemType(IntEnum):
    """Grid of MOVE_ITEM; the client sends DEFAULT for every grid."""

    DEFAULT = 0
    INVENTORY = 1
    BANK = 2


class ForumMessageType(IntEnum):
    """Board and rank of a forum message."""

    GENERAL = 0
    GENERAL_STICKY = 1
    ROYAL = 2
    ROYAL_STICKY = 3
    CHAOS = 4
    CHAOS_STICKY = 5


class ForumVisibility(IntFlag):
    """Boards that a player may read."""

    GENERAL_MEMBER = 1
    ROYAL_MEMBER = 2
    CHAOS_MEMBER = 4


class EditCharOption(IntEnum):
    """What the staff command EDIT_CHAR changes."""

    GOLD = 1
    EXPERIENCE = 2
    BODY = 3
    HEAD = 4
    CITIZENS_KILLED = 5
    CRIMINALS_KILLED = 6
    LEVEL = 7
    CLASS = 8
    SKILLS = 9
    SKILL_POINTS_LEFT = 10
    NOBILITY = 11
    ASSASSIN = 12
    SEX = 13
    RACE = 14
    ADD_GOLD = 15
    HIT_POINTS = 16
    POSITION = 17
