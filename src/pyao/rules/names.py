"""What a character may be called, and when two names are the same.

Follows ao-libre/ao-server, TCP.bas (letters and spaces only), with the length the Godot client
enforces and no stray spaces, because a server does not trust its client.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

NAME_MIN_CHARS = 3
NAME_MAX_CHARS = 15
PASSWORD_MIN_CHARS = 3
PASSWORD_MAX_CHARS = 64


class NameProblem(Enum):
    """Why a name is refused; the value is the key of the text told to the player."""

    EMPTY = "name.empty"
    CHARACTERS = "name.characters"
    SPACES = "name.spaces"
    LENGTH = "name.length"
    FORBIDDEN = "name.forbidden"


def check_name(name: str, forbidden: Iterable[str] = ()) -> NameProblem | None:
    """Return why this name cannot be taken, or None. `forbidden` are words it may not contain."""
    if not name:
        return NameProblem.EMPTY
    if not all(char == " " or (char.isascii() and char.isalpha()) for char in name):
        return NameProblem.CHARACTERS
    if name != " ".join(name.split()):
        return NameProblem.SPACES
    if not NAME_MIN_CHARS <= len(name) <= NAME_MAX_CHARS:
        return NameProblem.LENGTH
    lowered = name.lower()
    if any(word.lower() in lowered for word in forbidden if word):
        return NameProblem.FORBIDDEN
    return None


def check_password(password: str, least: int = PASSWORD_MIN_CHARS) -> bool:
    """Return whether a password is as long as is asked for; any characters are welcome."""
    return least <= len(password) <= PASSWORD_MAX_CHARS


def name_key(name: str) -> str:
    """Return the form under which names are compared: `Pepe` and `PEPE` are one character."""
    return name.lower()
