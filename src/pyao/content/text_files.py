"""Our own readable content files: TOML with two languages side by side, mistakes named by line.

`name` is Spanish and `name_en` beside it English; the reader asks for one language and gets plain
keys. What the keys mean is declared by the records they are converted to.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from pyao.content.ini import read_bytes
from pyao.content.report import FindingKind, Report
from pyao.content.texts import Language
from pyao.errors import ContentError

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
ENGLISH: Final = "_en"

Record = TypeVar("Record")
Key = tuple[str | int, ...]

_TABLES = re.compile(r"\s*\[\[\s*([\w.\"-]+)\s*]]")
_TABLE = re.compile(r"\s*\[\s*([\w.\" -]+)\s*]")
_VALUE = re.compile(r"\s*([\w.\"-]+)\s*=")
_AT_LINE = re.compile(r"\(at line (\d+),")
_TEXTS = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_UNKNOWN = re.compile(r"unknown field `([\w-]+)`")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)]")


class TextFile:
    """One TOML file in one language, and where in it everything stands."""

    def __init__(self, path: Path, language: Language = "es") -> None:
        """Read the file; what is no TOML at all is refused here with its line."""
        self.path = path
        try:
            text = read_bytes(path, MAX_FILE_BYTES).decode("utf-8")
            table = tomllib.loads(text)
        except UnicodeDecodeError as error:
            message = f"expected UTF-8 text, byte {error.start} is none"
            raise ContentError(message, file=path) from error
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            line = int(found[1]) if found else None
            raise ContentError(f"is no TOML: {error}", file=path, line=line) from error
        except RecursionError as error:
            raise ContentError("is nested too deeply", file=path) from error
        self.table: dict[str, Any] = _localised(table, language)
        self._text = text
        self._lines: dict[Key, int] = {}  # filled when the first mistake asks for it

    def line(self, key: Key) -> int:
        """Return the line of a key such as ("item", 3, "price"), or of the nearest one around."""
        self._lines = self._lines or _index_lines(self._text)
        while key:
            found = self._lines.get(key)
            if found is not None:
                return found
            key = key[:-1]
        return 1

    def convert(self, value: object, kind: type[Record], key: Key, report: Report) -> Record | None:
        """Turn a part of the file into a record; a mistake is reported and gives None."""
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at `$")
            where = key + tuple(step[1] or int(step[2]) for step in _STEP.finditer(path))
            if unknown := _UNKNOWN.search(message):
                where = (*where, unknown[1])
            self.report(report, FindingKind.VALUE, message, where)
            return None

    def report(
        self, report: Report, kind: FindingKind, message: str, key: Key, line: int = 0
    ) -> None:
        """Report a mistake at the line where the key stands, or at a better known one."""
        line = line or self.line(key)
        report.add(kind, message, file=str(self.path), line=line, key=_spell(key))

    def records(self, name: str, kind: type[Record], report: Report) -> list[tuple[int, Record]]:
        """Convert the tables `[[name]]` one by one; return those that are right with their place.

        One bad record does not hide the next: each is reported.
        """
        tables = self.table.get(name, [])
        if not isinstance(tables, list):
            self.report(report, FindingKind.VALUE, f"expected tables [[{name}]]", (name,))
            return []
        found = []
        for place, table in enumerate(tables):
            record = self.convert(table, kind, (name, place), report)
            if record is not None:
                found.append((place, record))
        return found

    def only(self, known: frozenset[str], report: Report) -> None:
        """Report every key at the top of the file that means nothing."""
        for name in self.table.keys() - known:
            expected = ", ".join(sorted(known))
            self.report(
                report, FindingKind.VALUE, f"unknown key {name!r}, expected {expected}", (name,)
            )


def _localised(table: Mapping[str, object], language: Language) -> dict[str, Any]:
    """Choose between `key` and `key_en` throughout."""
    found = {}
    for key, entry in table.items():
        plain = key.removesuffix(ENGLISH)
        if key != plain and plain in table:
            if language == "en":
                found[plain] = _localised_entry(entry, language)
        elif language != "en" or key + ENGLISH not in table:
            found[key] = _localised_entry(entry, language)
    return found


def _localised_entry(value: object, language: Language) -> object:
    if isinstance(value, list):
        return [_localised_entry(entry, language) for entry in value]
    return _localised(value, language) if isinstance(value, dict) else value


def _spell(key: Key) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in key).lstrip(".")


def _index_lines(text: str) -> dict[Key, int]:
    """Find where each table, key and entry of a list starts. The text is known to be TOML."""
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    prefix: Key = ()
    value = _OpenValue()
    for number, line in enumerate(text.splitlines(), start=1):
        if not value.is_open:
            if found := _TABLES.match(line):
                name: Key = tuple(found[1].replace('"', "").split("."))
                place = counts.get(name, 0)
                counts[name] = place + 1
                prefix = (*name, place)
                lines[prefix] = number
                lines.setdefault(name, number)
                continue
            if found := _TABLE.match(line):
                prefix = tuple(found[1].replace('"', "").replace(" ", "").split("."))
                lines[prefix] = number
                continue
            if found := _VALUE.match(line):
                key = (*prefix, *found[1].replace('"', "").split("."))
                plain = (*key[:-1], f"{key[-1]}".removesuffix(ENGLISH))
                lines[key] = number
                lines.setdefault(plain, number)
                value = _OpenValue(key)
                line = line[found.end() :]  # noqa: PLW2901 - the value is the rest of the line
        for place in value.take(line):
            lines[*value.key, place] = number
    return lines


class _OpenValue:
    """A value that may run over several lines: a text in triple quotes or a list."""

    def __init__(self, key: Key = ()) -> None:
        self.key = key
        self._quote = ""  # of a text that is not closed yet
        self._depth = 0  # of brackets that are not closed yet
        self._entries = 0  # of the outermost list
        self._fresh = False  # whether the next thing there begins an entry

    @property
    def is_open(self) -> bool:
        """Whether the next line belongs to the value too."""
        return bool(self._quote) or self._depth > 0

    def take(self, line: str) -> Iterator[int]:
        """Go on with a line; yield the places of the entries that begin in it."""
        if self._quote:
            self._quote = "" if self._quote in line else self._quote
            return
        for quote in ('"""', "'''"):
            if line.count(quote) % 2:
                self._quote = quote
                return
        for char in _TEXTS.sub('"', line).partition("#")[0]:
            if self._depth == 1 and self._fresh and char not in " \t],":
                yield self._entries
                self._entries += 1
                self._fresh = False
            if char in "[{":
                self._depth += 1
                self._fresh = self._depth == 1
            elif char in "]}":
                self._depth = max(self._depth - 1, 0)
            elif char == "," and self._depth == 1:
                self._fresh = True
