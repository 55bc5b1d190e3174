"""Punishments: how long a sentence may be, and who may ban whom.

Follows ao-libre/ao-server, Admin.bas, and dakara, Admin.cpp.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from pyao.rules.orders import outranks
from pyao.rules.roles import role_of
from pyao.rules.social import is_staff

JAIL_MINUTES_MAX: Final = 60


class Kind:
    """What is written into a character's record; the word is what people read."""

    JAIL = "carcel"
    WARNING = "advertencia"
    BAN = "ban"
    UNBAN = "unban"
    GUILD_BAN = "ban de clan"
    EXPELLED = "expulsado de faccion"
    RESET = "facciones borradas"
    RENAMED = "renombrado"


class Ban(Enum):
    """What comes of the wish to ban somebody."""

    REFUSED = "refused"
    DONE = "done"
    BOTH = "both"


def is_sentence(minutes: int) -> bool:
    """Return whether one may be jailed for so long."""
    return 1 <= minutes <= JAIL_MINUTES_MAX


def judge_ban(banner: int, banned: int) -> Ban:
    """Return what comes of a ban between two ranks.

    Who bans one of the own rank is banned too: so nobody turns a stolen account against the staff.
    """
    if outranks(banner, banned):
        return Ban.REFUSED
    if is_staff(banned) and role_of(banner) == role_of(banned):
        return Ban.BOTH
    return Ban.DONE
