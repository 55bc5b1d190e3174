"""The stream as the Godot client reads it: layouts by hand from the protocol page, each read alone.

A violation of any rule the client lives by is a `BrokenStreamError` that names the `Rule`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

# Payload of each server packet: B u8, h i16, i i32, f f32, s string, S list of strings,
# M a coded message, * rows of what follows, after their count. None: the game screen cannot parse
# it and must never get it.
LAYOUTS: dict[int, str | None] = {
    0: "B", 1: "", 2: "h", 3: "", 4: "", 5: "", 6: "", 7: "", 8: "i", 9: "s", 10: "", 11: "",
    12: "sB", 13: "", 14: "", 15: "h", 16: "h", 17: "h", 18: "i", 19: "i", 20: "i", 21: "hh",
    22: "BB", 23: "shBBB", 24: "sB", 25: "s", 26: "s", 27: "h", 28: "h", 29: "hhhBBBhhhhhsBB",
    30: "h", 31: "hs", 32: "hBB", 33: "B", 34: "hhhBhhhhh", 35: "BBh", 36: "BB", 37: "BBB",
    38: "hh", 39: "BBB", 40: "S", 41: "BB", 42: "", 43: "", 44: "hhh", 45: "hhhhhhiBii", 46: None,
    47: "BhshBhBhhhhf", 48: "BhshhBhhhhi", 49: "Bhs", 50: "BBBBB", 51: "*shhhhhh",
    52: "*shhhhhh", 53: "*shhhhh", 54: "", 55: "s", 56: "",
    57: "", 58: None, 59: "BshfhhBhhhh", 60: "BBBB", 61: "iiiiiii", 62: "iiihBi", 63: "h",
    64: None, 65: None, 66: "hB", 67: "BBBBB", 68: "", 69: "", 70: "", 71: "BB" * 20, 72: "S",
    73: "sSS", 74: "s", 75: "S", 76: "S", 77: None, 78: "SSsS", 79: "SS", 80: "sssssh" "BshhsSs",
    81: "", 82: "", 83: None, 84: "", 85: "", 86: None, 87: "B", 88: "", 89: "hBs", 90: None,
    91: None, 92: None, 93: "", 94: None, 95: None, 96: None, 97: None, 98: "", 99: None,
    100: "BB", 101: "B", 102: "B", 103: None, 104: "M", 105: "", 106: "B",
}  # fmt: skip
MULTI: dict[int, str] = {
    **dict.fromkeys(range(12), ""),
    12: "Bh", 13: "i", 14: "h", 15: "hBh", 16: "hBh", 17: "B", 18: "hi", 19: "h", 20: "",
    21: "Bhs", 22: "", 23: "",
}  # fmt: skip
MULTI_MESSAGE = 104

Value = int | float | str | list[str]


class Rule(Enum):
    """What the client needs of a stream; each is broken on purpose in the checker's own test."""

    WHOLE_PACKETS = "no read ends within a packet"
    SAFE_PACKETS = "nothing the screen of the moment cannot parse"
    PLAIN_TEXT = "texts are ASCII without NUL: anything else is empty or cut somewhere"
    NO_MARKUP = "no bracket in a console line, where it would be markup"
    ANSWERS_ONLY = "what opens a window or answers a question was asked for"
    REFUSAL_ALONE = "an error box comes alone on the screens before the game"
    ERROR_LAST = "an error box in the game is the last packet: the client hangs up"
    MAP_FIRST = "the map before anything that is on it"
    KNOWN_MAP = "a map the client has"
    OWN_FIRST = "after a map the own character, then its index, then everything else"
    ALIVE_TOLD = "hit points before LOGGED: until then the client believes to be dead"
    POINTS_TOLD = "free points at each log-in: they survive from the last character"
    KNOWN_INDEX = "characters are created before they are spoken of"
    REMOVED_FIRST = "characters and objects are removed before others take their index or tile"
    NOT_OWN_MOVE = "no CHARACTER_MOVE for the own character"
    ONE_TILE = "CHARACTER_MOVE goes exactly one tile"
    OWN_SIGHT = "one's own character is never hidden from oneself"
    HIDDEN_IS_GONE = "nothing more is told of a character that became invisible, but its removal"
    LEFT_BEHIND = "what leaves the view is removed: it would stay and block the way"
    ONLY_IN_VIEW = "nothing is created far out of view"
    PLACES = "places are from 1 to 100"
    HEADINGS = "headings are from 1 to 4"
    LOOKS = "bodies, heads and what is worn are in the client's files"
    GRAPHICS = "graphics are in the client's files"
    EFFECTS = "effects are from 0 to 35"
    FONTS = "fonts are from 0 to 20"
    PRIVILEGES = "a council bit comes with the user bit"
    SLOTS = "slots are in the range of their grid"
    FIGURES = "no figure is negative or above its maximum"
    PAIRED_PAUSE = "PAUSE_TOGGLE comes in pairs"
    PAIRED_TRANCE = "a trance is switched and shown together"
    PAIRED_SAILING = "NAVIGATE_TOGGLE comes with the look of a boat, and off with another"
    DEAD_DO_NOTHING = "death ends rest, trance and paralysis: each is toggled off"
    FULL_WINDOWS = "a merchant shows all 50 slots, a bank all 40, before its window opens"
    COMPACT_LOGIN = "the log-in burst has no empty and no repeated slots, and is short"


class BrokenStreamError(AssertionError):
    """The server sent what the Godot client could not have followed."""

    def __init__(self, rule: Rule, details: object = "") -> None:
        super().__init__(f"{rule.value}: {details}")
        self.rule = rule


def expect(holds: object, rule: Rule, details: object = "") -> None:
    """Raise what is wrong, unless a rule holds."""
    if not holds:
        raise BrokenStreamError(rule, details)


@dataclass
class Seen:
    """One packet from the server: its id and its values; of a coded message, the code first."""

    id: int
    values: tuple[Value, ...]


def text(value: str) -> bytes:
    """Encode a string as the client does."""
    data = value.encode("latin-1", "replace")
    return struct.pack("<h", len(data)) + data


def packet(packet_id: int, *values: Value) -> bytes:
    """Write one server packet by its layout; of a coded message, the code first."""
    layout = LAYOUTS.get(packet_id) or ""
    if layout == "M":
        layout = "B" + MULTI[int(str(values[0]))]
    elif layout.startswith("*"):
        layout = "h" + layout[1:] * int(str(values[0]))
    out = bytes((packet_id,))
    for kind, value in zip(layout, values, strict=True):
        if isinstance(value, str):
            out += text(value)
        elif isinstance(value, list):
            out += text("\0".join(value))
        else:
            out += struct.pack("<" + kind, value)
    return out


class Reader:
    """Takes values off one read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def packets(self, *, in_game: bool) -> Iterator[Seen]:
        """Split a read into packets; what is not one for this screen is an error."""
        while self.at < len(self.data):
            packet_id = self.data[self.at]
            self.at += 1
            layout = LAYOUTS.get(packet_id)
            lobby = packet_id == 67 and not in_game
            known = layout is not None and (packet_id != 67 or lobby)
            expect(known, Rule.SAFE_PACKETS, f"packet {packet_id}")
            values: tuple[Value, ...] = ()
            if layout == "M":
                code = int(self.number("<B"))
                expect(code in MULTI, Rule.SAFE_PACKETS, f"coded message {code}")
                values, layout = (code,), MULTI[code]
            elif layout is not None and layout.startswith("*"):
                count = int(self.number("<h"))
                values, layout = (count,), layout[1:] * count
            yield Seen(packet_id, (*values, *(self.take(kind) for kind in layout or "")))

    def take(self, kind: str) -> Value:
        if kind not in "sS":
            return self.number("<" + kind)
        length = max(0, int(self.number("<h")))
        raw = self.data[self.at : self.at + length]
        self.at += length
        expect(len(raw) == length, Rule.WHOLE_PACKETS, "a string is cut")
        if kind == "S":
            return [part.decode("latin-1") for part in raw.split(b"\0")]
        expect(raw.isascii() and b"\0" not in raw, Rule.PLAIN_TEXT, raw)
        return raw.decode("ascii")

    def number(self, kind: str) -> int | float:
        size = struct.calcsize(kind)
        expect(self.at + size <= len(self.data), Rule.WHOLE_PACKETS, "a number is cut")
        (value,) = struct.unpack_from(kind, self.data, self.at)
        self.at += size
        result: int | float = value
        return result
