"""The INI dialect of the classic data files: bytes to sections, and Visual Basic's numbers.

Never fails on any bytes: what it cannot use it skips and counts. The first section and the first
key of a name win. Follows ao-libre/ao-server, clsIniManager.cls and FileIO.bas.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from pyao.errors import ContentError

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
"""Twenty times the largest data file known. Sections and keys take 30 bytes of memory per byte."""

MAX_DUPLICATES: Final = 1_000
MAX_NUMBER_CHARS: Final = 256
COMMENT_MARKS: Final = ("'", ";")

_HEXADECIMAL = re.compile(r"&[Hh]([0-9A-Fa-f]+)")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[EeDd][+-]?[0-9]+)?")
_NUMBERED = re.compile(r"([A-Z_]+)0*([1-9][0-9]{0,4})")


def fold(name: str) -> str:
    """Return the form under which sections, keys and words are compared: capitals, no accents."""
    if name.isascii():
        return name.upper()
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).upper()


def val(text: str) -> float:
    """Read a number as Visual Basic's Val: the longest numeric prefix, blanks left out, else 0."""
    compact = text[:MAX_NUMBER_CHARS].replace(" ", "").replace("\t", "")
    if found := _HEXADECIMAL.match(compact):
        return float(int(found[1], 16))
    if found := _DECIMAL.match(compact):
        return float(found[0].upper().replace("D", "E"))
    return 0.0


def whole(text: str) -> int:
    """Read a number and round it half to even; what no integer can hold becomes ±2^63."""
    number = val(text)
    if not -(2.0**63) < number < 2.0**63:
        return int(math.copysign(2**63, number))
    return round(number)


def fields(value: str) -> list[str]:
    """Split a composite value (`389-1000 'hammer`) at its hyphens."""
    return value.split("-")


def pair(value: str) -> tuple[int, int]:
    """Read the first two numbers of a composite value; a missing one is 0."""
    first, second, *_ = [*fields(value), "", ""]
    return whole(first), whole(second)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding, decided for the file as a whole."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.isascii():
        return data.decode("ascii"), "ascii"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


class Entry(NamedTuple):
    """A value and the line it stands on, counted from 1."""

    value: str
    line: int


@dataclass(slots=True)
class IniSection:
    """The keys of one `[section]`, folded; missing keys read as empty and as 0."""

    name: str
    line: int
    entries: dict[str, Entry] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return the value of a folded key, or an empty text."""
        entry = self.entries.get(key)
        return "" if entry is None else entry.value

    def number(self, key: str) -> int:
        """Return the value of a folded key as a whole number, 0 when there is none."""
        entry = self.entries.get(key)
        return 0 if entry is None else whole(entry.value)

    def line_of(self, key: str) -> int:
        """Return the line of a folded key, or that of the section's header."""
        entry = self.entries.get(key)
        return self.line if entry is None else entry.line


class DuplicateKey(NamedTuple):
    """A key given again in the same section; the first value counts."""

    line: int
    section: str
    key: str
    first: str
    again: str


@dataclass(slots=True)
class IniFile:
    """A whole file: its sections by folded name, and what was odd about it."""

    name: str
    sections: dict[str, IniSection] = field(default_factory=dict)
    encoding: str = "ascii"
    duplicate_sections: list[tuple[int, str]] = field(default_factory=list)
    duplicate_keys: list[DuplicateKey] = field(default_factory=list)
    lines_without_equals: int = 0
    assignments_before_first_section: int = 0

    def section(self, name: str) -> IniSection:
        """Return the section of that name, or an empty one."""
        return self.sections.get(fold(name)) or IniSection(name, 0)

    def numbered(self, prefix: str) -> Iterator[tuple[int, IniSection]]:
        """Iterate over `[PREFIXn]` in the order of the file, n from 1 to 99,999."""
        folded = fold(prefix)
        for name, section in self.sections.items():
            found = _NUMBERED.fullmatch(name)
            if found and found[1] == folded:
                yield int(found[2]), section


def parse_ini(data: bytes, name: str) -> IniFile:
    """Read the bytes of a file; `name` is what findings call it."""
    text, encoding = decode(data)
    ini = IniFile(name, encoding=encoding)
    section: IniSection | None = None
    folded: dict[str, str] = {}  # thousands of lines share a few dozen keys
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith(COMMENT_MARKS):
            continue
        if line[0] == "[" and "]" in line:
            section = _open_section(ini, line[1 : line.index("]")].strip(), number)
            continue
        key, equals, value = line.partition("=")
        if not equals:
            ini.lines_without_equals += 1
        elif line[0] == "#":  # a banner; without "=" it counts as prose above
            continue
        elif section is None:
            ini.assignments_before_first_section += 1
        else:
            key = key.strip()
            upper = folded.get(key) or folded.setdefault(key, fold(key))
            _assign(ini, section, upper, Entry(value.strip(), number))
    return ini


def read_ini(path: Path) -> IniFile:
    """Read a file; one too large to be a data file or unreadable is refused."""
    return parse_ini(read_bytes(path), path.name)


def read_bytes(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return the bytes of a file that someone else wrote, at most `limit` of them."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", file=path) from error
    if len(data) > limit:
        raise ContentError(f"is larger than {limit} bytes, too large for a data file", file=path)
    return data


def _open_section(ini: IniFile, name: str, line: int) -> IniSection:
    folded = fold(name)
    section = IniSection(folded, line)
    if folded not in ini.sections:
        ini.sections[folded] = section
    elif len(ini.duplicate_sections) < MAX_DUPLICATES:
        ini.duplicate_sections.append((line, folded))
    return section


def _assign(ini: IniFile, section: IniSection, key: str, entry: Entry) -> None:
    first = section.entries.setdefault(key, entry)
    if first is entry or ini.sections.get(section.name) is not section:
        return  # the rest of a duplicate section counts for nothing
    if len(ini.duplicate_keys) < MAX_DUPLICATES:
        duplicate = DuplicateKey(entry.line, section.name, key, first.value, entry.value)
        ini.duplicate_keys.append(duplicate)
