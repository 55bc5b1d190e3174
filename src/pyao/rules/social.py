"""Talk: its colours, who hears it, and whom one may whisper to.

Follows ao-libre/ao-server, Protocol.bas and modSendData.bas. The area itself is `areas.py`.
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.areas import in_vision
from pyao.rules.kinds import Privilege

Color = tuple[int, int, int]

PLAYER_COLOR: Color = (255, 255, 255)
DEAD_COLOR: Color = (192, 192, 192)
GOD_COLOR: Color = (250, 250, 150)
STAFF_COLOR: Color = (0, 255, 0)
ROYAL_COUNCIL_COLOR: Color = (0, 255, 255)
CHAOS_COUNCIL_COLOR: Color = (255, 128, 64)
YELL_COLOR: Color = (255, 0, 0)
STAFF_YELL_COLOR: Color = (255, 130, 15)
WHISPER_COLOR: Color = (0, 0, 255)
OVERHEARD_COLOR: Color = (255, 255, 0)  # a whisper as staff see it, guild talk as its members do
MAGIC_WORDS_COLOR: Color = (0, 255, 255)

CHAT_MAX_CHARS = 255

# Plain numbers: an operation on a flag enumeration costs ten times as much.
STAFF = int(
    Privilege.COUNSELLOR
    | Privilege.DEMIGOD
    | Privilege.GOD
    | Privilege.ADMIN
    | Privilege.ROLE_MASTER
)
GODS = int(Privilege.GOD | Privilege.ADMIN)
HIDDEN_RANKS = GODS  # that they are there at all is hidden
OVERHEARING = int(Privilege.DEMIGOD) | GODS

_TALK_COLORS: tuple[tuple[int, Color], ...] = (  # the highest rank first
    (GODS, GOD_COLOR),
    (STAFF, STAFF_COLOR),
    (Privilege.ROYAL_COUNCIL, ROYAL_COUNCIL_COLOR),
    (Privilege.CHAOS_COUNCIL, CHAOS_COUNCIL_COLOR),
)


class WhisperProblem(Enum):
    """Why a whisper is not said; the value is the key of the text told to the speaker."""

    DEAD = "chat.dead"
    ABSENT = "chat.not_online"
    STAFF = "chat.no_whisper_staff"
    TOO_FAR = "chat.too_far"


def is_staff(privileges: int) -> bool:
    """Return whether any staff rank is among the bits."""
    return bool(privileges & STAFF)


def council(privileges: int) -> int:
    """Return the bit of the council one sits in, or 0."""
    return privileges & Privilege.ROYAL_COUNCIL or privileges & Privilege.CHAOS_COUNCIL


def talk_color(privileges: int, *, dead: bool = False, chosen: Color | None = None) -> Color:
    """Return the colour of ordinary talk; `chosen` is what a staff member set for itself."""
    if dead:
        return DEAD_COLOR
    if chosen is not None:
        return chosen
    return next((color for bits, color in _TALK_COLORS if privileges & bits), PLAYER_COLOR)


def yell_color(privileges: int) -> Color:
    """Return the colour of a yell, which carries no farther than talk."""
    return STAFF_YELL_COLOR if privileges & STAFF else YELL_COLOR


def hears(*, speaker_dead: bool, listener_dead: bool, listener_privileges: int) -> bool:
    """Return whether one in the same area hears talk: the dead are heard by the dead and staff."""
    return not speaker_dead or listener_dead or is_staff(listener_privileges)


def overhears_whispers(privileges: int) -> bool:
    """Return whether staff of this rank see the whispers of their area."""
    return bool(privileges & OVERHEARING)


def check_whisper(
    *,
    speaker_dead: bool,
    speaker_privileges: int,
    target_privileges: int,
    dx: int,
    dy: int,
    consulting: bool = False,
) -> WhisperProblem | None:
    """Return why a whisper to somebody on the same map is refused, or None.

    A god is out of reach like one who is absent, so that nobody learns of it. A target on another
    map is `TOO_FAR`, unless a god speaks.
    """
    if speaker_dead:
        return WhisperProblem.DEAD
    reaches_staff = bool(speaker_privileges & STAFF & ~Privilege.COUNSELLOR) or consulting
    if target_privileges & STAFF and not reaches_staff:
        return WhisperProblem.ABSENT if target_privileges & HIDDEN_RANKS else WhisperProblem.STAFF
    if not speaker_privileges & GODS and not in_vision(dx, dy):
        return WhisperProblem.TOO_FAR
    return None


def chat_text(text: str, max_chars: int = CHAT_MAX_CHARS) -> str:
    """Return what is left to say: no control characters, no outer spaces, cut to a length."""
    return "".join(char for char in text if char.isprintable()).strip()[:max_chars]
