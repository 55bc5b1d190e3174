"""Why somebody does not get in: as a value, and as the key of the text that says so."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

# What "for ever" is written as: the last second of the year 9999.
FOREVER: Final = 253_402_300_799


class Why(Enum):
    """The reasons a log-in, a creation or a change of password is refused."""

    WRONG = auto()  # name or password; which of them is not told
    LOCKED = auto()  # too many wrong passwords; `seconds` says for how long
    BUSY = auto()  # the hashing queue is full
    TAKEN = auto()  # the name belongs to somebody
    NAME = auto()  # not a name a character or account may have
    PASSWORD = auto()  # too short or too long for a new password
    BANNED = auto()  # shut out by staff until a moment; told only to who knows the password
    EXPIRED = auto()  # a log-in token that was good once


@dataclass(frozen=True, slots=True)
class LoginRefusal:
    """A refusal and, where it passes by itself, after how many seconds.

    A ban says until when (unix seconds) and what staff wrote as its reason.
    """

    why: Why
    seconds: int = 0
    until: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody does not come in: the key of a text and its values."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


_KEYS: Final = {
    Why.WRONG: "login.wrong_password",
    Why.LOCKED: "login.locked",
    Why.BUSY: "login.busy",
    Why.TAKEN: "name.taken",
    Why.NAME: "login.invalid_name",
    Why.PASSWORD: "login.invalid_password",
    Why.EXPIRED: "login.expired",
}


def refusal_of(refused: LoginRefusal) -> Refusal:
    """Say in words why an account does not get in."""
    if refused.why is Why.BANNED:
        return _banned(refused)
    return Refusal(_KEYS[refused.why], {"seconds": refused.seconds})


def _banned(refused: LoginRefusal) -> Refusal:
    key = "login.banned"
    if refused.until < FOREVER:
        key = "login.banned_until_reason" if refused.reason else "login.banned_until"
    elif refused.reason:
        key = "login.banned_reason"
    date = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(min(refused.until, FOREVER)))
    return Refusal(key, {"date": date, "reason": refused.reason})
