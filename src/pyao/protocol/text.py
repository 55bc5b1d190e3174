"""Text on the wire: how it becomes bytes, and how player text is made harmless.

The client decodes ordinary strings with the code page of its own computer and drops a whole string
that is not valid there, so ASCII is the only encoding every player can read.
"""

from __future__ import annotations

from typing import Literal

from anyascii import anyascii

TextEncoding = Literal["ascii", "latin-1", "utf-8"]

GUILD_LINE_BREAK = "\u00ba"
"""What the client writes (byte 0xBA) where a line of a guild text ends."""

_LAST_LATIN_1 = 0xFF


def encode_text(text: str, encoding: TextEncoding = "ascii") -> bytes:
    """Encode `text` for the client; what does not fit is transliterated ("ñ" becomes "n")."""
    if text.isascii():
        return text.encode("ascii")
    if encoding == "ascii":
        return anyascii(text).encode("ascii", "replace")
    if encoding == "latin-1":
        fitting = [c if ord(c) <= _LAST_LATIN_1 else anyascii(c) for c in text]
        return "".join(fitting).encode("latin-1", "replace")
    return text.encode("utf-8", "replace")


def encode_like_client(text: str) -> bytes:
    """Encode `text` as the Godot client does: Latin-1, with "?" for every other character."""
    return text.encode("latin-1", "replace")


def neutralise_bbcode(text: str) -> str:
    """Return `text` without markup: the client's console obeys BBCode, so no "[" may reach it.

    Every text of a player that goes into CONSOLE_MSG passes through here; overhead text, names and
    dialogs are plain labels. Characters that transliterate to "[", such as its full-width form, go
    as well.
    """
    if text.isascii():
        return text.replace("[", "(")
    return "".join("(" if "[" in anyascii(c) else c for c in text)


def strip_controls(text: str) -> str:
    """Return `text` without what is not printable: NUL, line breaks, controls, invisible marks."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isprintable())


def guild_lines(text: str) -> str:
    """Return a guild text of the client with ordinary line breaks.

    The byte 0xBA must not be sent back: outside Windows it empties the whole string.
    """
    return text.replace(GUILD_LINE_BREAK, "\n")


def encode_list_item(text: str) -> bytes:
    """Encode one item of a NUL-separated list, which the client reads as Latin-1 everywhere.

    A NUL inside the item would make two of it, so it is left out.
    """
    return encode_text(text.replace("\0", ""), "latin-1")
