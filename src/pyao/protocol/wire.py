"""Field types: the few kinds of value that every packet is made of, and what each accepts.

A packet class annotates its fields with the aliases below (`heading: U8`), which type checkers see
as plain int, float, bool, str and list. All numbers are little-endian; a string is a signed 16-bit
byte count followed by its bytes. How kinds become bytes is in layout.py.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Annotated, ClassVar, dataclass_transform

import msgspec

MAX_STRING_BYTES = 32_767


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number or flag of a fixed width; `code` is its letter in the struct module."""

    kind: str
    code: str
    low: float
    high: float

    @property
    def width(self) -> int:
        """Bytes it takes."""
        return struct.calcsize("<" + self.code)

    def problem(self, value: object) -> str | None:
        """Say why `value` cannot be sent, or return None when it can."""
        if self.code == "?":
            return None if value in (0, 1) else f"must be true or false, got {value!r}"
        if self.code == "f":
            if isinstance(value, (int, float)) and (
                not math.isfinite(value) or self.low <= value <= self.high
            ):
                return None
            return f"must be a number within {self.low:.8g} to {self.high:.8g}, got {value!r}"
        if isinstance(value, int) and self.low <= value <= self.high:
            return None
        return f"must be an integer {self.low} to {self.high}, got {value!r}"


@dataclass(frozen=True, slots=True)
class Text:
    """A string behind its byte count; a secret one never shows in a log.

    Of a `typed` one that is a command only the word shows: what stands behind it may be a password,
    also where the word is misspelt or none of ours.
    """

    secret: bool = False
    typed: bool = False
    kind: ClassVar[str] = "string"


@dataclass(frozen=True, slots=True)
class TextList:
    """A string whose bytes are items separated by NUL."""

    kind: ClassVar[str] = "string_list"


@dataclass(frozen=True, slots=True)
class Times:
    """Marks a list of exactly `count` items, with no count on the wire."""

    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Marks a list whose length stands before it on the wire."""

    by: Scalar


BYTE = Scalar("u8", "B", 0, 255)
SHORT = Scalar("i16", "h", -(2**15), 2**15 - 1)
LONG = Scalar("i32", "i", -(2**31), 2**31 - 1)
FLOAT = Scalar("f32", "f", -3.4028234663852886e38, 3.4028234663852886e38)
FLAG = Scalar("bool", "?", 0, 1)

U8 = Annotated[int, BYTE]
I16 = Annotated[int, SHORT]
I32 = Annotated[int, LONG]
F32 = Annotated[float, FLOAT]
Bool = Annotated[bool, FLAG]
Str = Annotated[str, Text()]
Secret = Annotated[str, Text(secret=True)]
Typed = Annotated[str, Text(typed=True)]
StrList = Annotated[list[str], TextList()]


@dataclass_transform(frozen_default=True)
class Record(msgspec.Struct, frozen=True, gc=False):
    """A group of fields that a list of a packet repeats."""
