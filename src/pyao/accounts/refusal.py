"""Why somebody does not get in, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Why(Enum):
    """The reasons a log-in, a creation or a change of password is refused."""

    WRONG = auto()  # name or password; which of them is not told
    LOCKED = auto()  # too many wrong passwords; `seconds` says for how long
    BUSY = auto()  # the hashing queue is full
    TAKEN = auto()  # the name belongs to somebody
    NAME = auto()  # not a name a character or account may have
    PASSWORD = auto()  # not a password we store: 3 to 64 characters
    BANNED = auto()  # shut out by staff until a moment; told only to who knows the password


@dataclass(frozen=True, slots=True)
class LoginRefusal:
    """A refusal and, where it passes by itself, after how many seconds.

    A ban says until when (unix seconds) and what staff wrote as its reason.
    """

    why: Why
    seconds: int = 0
    until: int = 0
    reason: str = ""
