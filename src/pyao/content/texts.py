"""The catalogue of everything the server says to players, one TOML file per language.

Nested tables are flattened to dotted keys (`login.wrong_password`). Texts are written with their
accents; what of them survives on the wire is `protocol/text.py`'s affair. Nothing here is sent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final, Literal, get_args

from pyao.errors import ContentError

Language = Literal["es", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
FOLDER: Final = Path(__file__).with_name("texts")


class Catalogue:
    """The texts of one language; calling it with a key gives the text with its values filled in.

    A missing key or value never costs a player his packet: it shows as `[key]` or `{value}`.
    With `strict` it raises `ContentError` instead, which is how tests run.
    """

    __slots__ = ("_file", "_lines", "_strict", "_texts", "language")

    def __init__(
        self, language: Language = "es", *, strict: bool = False, folder: Path = FOLDER
    ) -> None:
        if language not in LANGUAGES:
            raise ContentError(f"no texts in {language!r}; there are {', '.join(LANGUAGES)}")
        self.language = language
        self._strict = strict
        self._file = folder / f"{language}.toml"
        self._texts, self._lines = _read(self._file)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of `key` with its `{placeholders}` replaced by `values`."""
        template = self._texts.get(key)
        if template is None:
            return self._missing(key)
        if not values and not self._strict:
            return template
        try:
            return template.format_map(values)
        except KeyError as error:
            if self._strict:
                raise ContentError(f"text {key!r} needs a value for {error}") from error
            return template

    def __contains__(self, key: object) -> bool:
        return key in self._texts or key in self._lines

    def __iter__(self) -> Iterator[str]:
        """Iterate over all keys, the texts first, then the lists of lines."""
        yield from self._texts
        yield from self._lines

    def texts(self) -> Mapping[str, str]:
        """Return every single text by its key."""
        return self._texts

    def lines(self, key: str) -> tuple[str, ...]:
        """Return a text that is a list of lines."""
        found = self._lines.get(key)
        return (self._missing(key),) if found is None else found

    def placeholders(self, key: str) -> frozenset[str]:
        """Return the names of the values that the text of `key` needs; lists of lines need none."""
        text = self._texts.get(key, "")
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)

    def _missing(self, key: str) -> str:
        if self._strict:
            raise ContentError(f"no text {key!r}", file=self._file)
        return f"[{key}]"


@cache
def _read(file: Path) -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """Return the texts of a file and its lists of lines; it does not change while we run."""
    texts: dict[str, str] = {}
    lines: dict[str, tuple[str, ...]] = {}

    def flatten(table: Mapping[str, object], prefix: str) -> None:
        for name, value in table.items():
            match value:
                case str():
                    texts[prefix + name] = value
                case list():
                    lines[prefix + name] = tuple(str(line) for line in value)
                case dict():
                    flatten(value, f"{prefix}{name}.")
                case _:
                    expected = "expected a text, a list of lines or a table"
                    raise ContentError(f"{prefix}{name}: {expected}", file=file)

    try:
        flatten(tomllib.loads(file.read_text(encoding="utf-8")), "")
    except tomllib.TOMLDecodeError as error:
        raise ContentError(str(error), file=file) from error
    return MappingProxyType(texts), MappingProxyType(lines)
