"""Cutting a typed line into words. Double quotes hold words with spaces together.

Nothing else is special: an apostrophe or a backslash is a sign like any other, because lines are
written by people who talk to players.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_LINE_CHARS: Final = 4_096
_WORD: Final = re.compile(r'"([^"]*)("|$)|\S+')


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line: what it says, where it stands, whether it was quoted."""

    text: str
    start: int
    end: int
    quoted: bool = False
    open: bool = False  # its quote was never closed


def split(line: str) -> list[Word]:
    """Return the words of a line."""
    return [
        Word(
            found[0] if found[1] is None else found[1],
            found.start(),
            found.end(),
            quoted=found[1] is not None,
            open=found[1] is not None and not found[2],
        )
        for found in _WORD.finditer(line)
    ]


def rest_of(line: str, words: list[Word]) -> str:
    """Return the line from the first of these words on, without the quotes around all of it."""
    if len(words) == 1 and words[0].quoted:
        return words[0].text
    return line[words[0].start :].strip() if words else ""


def quoted(word: str) -> str:
    """Write a word so that it is read as one."""
    plain = word and not word.startswith('"') and not any(map(str.isspace, word))
    return word if plain else f'"{word}"'


def clean(line: str) -> str:
    """Return what a line says: one line, of bounded length, without control signs."""
    spaced = "".join(sign if sign.isprintable() else " " for sign in line[:MAX_LINE_CHARS])
    return spaced.strip()
