"""Reading settings files: YAML, JSON and `.env`, with the line every value stands on.

Nothing here knows a setting. Whatever a file holds, the outcome is values or one ConfigError that
names file and line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from dotenv.parser import parse_stream

from pyao.errors import ConfigError

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A settings file: its values, and the line (from 1) of each key path."""

    path: Path
    data: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def where(self, path: KeyPath, *, cwd: Path) -> str:
        """Return `file:line` of a key, or `file` where the line is not known."""
        return located(self.path, self.lines.get(path), cwd=cwd)


@dataclass(frozen=True, slots=True)
class EnvLine:
    """One `NAME=value` of a `.env` file."""

    name: str
    value: str
    line: int


def located(path: Path, line: int | None, *, cwd: Path) -> str:
    """Return `file:line`, the file relative to `cwd` when it lies inside."""
    shown = path.relative_to(cwd) if path.is_relative_to(cwd) else path
    return f"{shown}:{line}" if line else str(shown)


def read_document(path: Path, *, cwd: Path) -> Document:
    """Read a `.yaml`, `.yml` or `.json` file; an empty one holds nothing."""
    suffix = path.suffix.lower()
    if suffix not in {".yaml", ".yml", ".json"}:
        raise ConfigError(
            f"{located(path, None, cwd=cwd)}: expected a file that ends in .yaml, .yml or .json"
        )
    text = read_text(path, cwd=cwd)
    return parse_document(text, path, cwd=cwd)


def parse_document(text: str, path: Path, *, cwd: Path) -> Document:
    """Read the text of a settings file; JSON when the name of `path` says so, else YAML."""
    if path.suffix.lower() == ".json":
        data = _parse_json(text, path, cwd)
        try:
            # The text is good JSON, so tabs are only between tokens; YAML refuses them there.
            root = compose(text.replace("\t", " "))
        except (yaml.YAMLError, RecursionError):
            root = None
    else:
        root = _compose_yaml(text, path, cwd)
        data = _construct_yaml(root, path, cwd)
    lines: dict[KeyPath, int] = {}
    for keys, line in _key_lines(root, (), path, cwd):
        if keys in lines:
            raise ConfigError(
                f"{located(path, line, cwd=cwd)}: {'.'.join(keys)} stands here and in line "
                f"{lines[keys]}: keep one"
            )
        lines[keys] = line
    if data is None:
        data = {}
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise ConfigError(
            f"{located(path, 1, cwd=cwd)}: expected settings as `name: value`, "
            f"came {_kind_of(data)}"
        )
    return Document(path, data, lines)


def read_dotenv(path: Path, *, cwd: Path) -> list[EnvLine]:
    """Read a `.env` file: `NAME=value` lines, quotes and comments as shells know them."""
    found = []
    for binding in parse_stream(StringIO(read_text(path, cwd=cwd))):
        line = binding.original.line
        # A binding starts with the blank lines before it.
        line += len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
        if binding.error:
            raise ConfigError(
                f"{located(path, line, cwd=cwd)}: expected NAME=value, "
                f"came {binding.original.string.strip()[:60]!r}"
            )
        if binding.key is not None:
            found.append(EnvLine(binding.key, binding.value or "", line))
    return found


def read_text(path: Path, *, cwd: Path) -> str:
    """Return the UTF-8 text of a settings file of at most 1 MiB."""
    shown = located(path, None, cwd=cwd)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(f"{shown}: there is no such file; correct the path") from None
    except OSError as error:
        raise ConfigError(f"{shown}: cannot be read: {error.strerror or error}") from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{shown}: expected at most {MAX_BYTES} bytes of settings")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{located(path, line, cwd=cwd)}: expected UTF-8 text; save the file as UTF-8"
        ) from None


def _parse_json(text: str, path: Path, cwd: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(text) if text.strip() else {}
    except json.JSONDecodeError as error:
        where = located(path, error.lineno, cwd=cwd)
        raise ConfigError(
            f"{where}: broken JSON at column {error.colno}: {error.msg}; "
            "check brackets, quotes and commas there"
        ) from None
    except RecursionError:
        raise _too_deep(path, None, cwd) from None
    except ValueError as error:
        raise ConfigError(f"{located(path, None, cwd=cwd)}: broken JSON: {error}") from None


def compose(text: str) -> yaml.Node | None:
    """Return what a YAML text is made of; YAMLError or RecursionError for one that is broken.

    Written in C, where PyYAML was built so: forty times faster, and a file is read again while
    players play. That loader has poorer words for what is wrong, and does not survive a text that
    is nested ten thousandfold.
    """
    return yaml.compose(text, Loader=_FAST if _is_shallow(text) else yaml.SafeLoader)


def _is_shallow(text: str) -> bool:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_FAST):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                return False
    except yaml.YAMLError:
        return False
    return True


def _compose_yaml(text: str, path: Path, cwd: Path) -> yaml.Node | None:
    try:
        return compose(text)
    except RecursionError:
        raise _too_deep(path, None, cwd) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ConfigError(
            f"{located(path, line, cwd=cwd)}: broken YAML: {error.problem or error.context}; "
            "check indentation, colons and quotes there"
        ) from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f"{located(path, None, cwd=cwd)}: broken YAML: {reason}") from None


def _construct_yaml(root: yaml.Node | None, path: Path, cwd: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    if root is None:
        return {}
    # First the walk that bounds the depth and refuses aliases: they may grow without end.
    seen: set[int] = set()
    todo = [(root, 1)]
    while todo:
        node, depth = todo.pop()
        line = node.start_mark.line + 1
        if depth > MAX_DEPTH:
            raise _too_deep(path, line, cwd)
        if id(node) in seen:
            raise ConfigError(
                f"{located(path, line, cwd=cwd)}: anchors and aliases (&, *) are not for settings; "
                "write the value out"
            )
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            todo += [(part, depth + 1) for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            todo += [(part, depth + 1) for part in node.value]
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{located(path, line, cwd=cwd)}: {error.problem}") from None
    except ValueError as error:
        raise ConfigError(f"{located(path, None, cwd=cwd)}: {error}") from None
    finally:
        loader.dispose()


def _key_lines(
    node: yaml.Node | None, keys: KeyPath, path: Path, cwd: Path
) -> Iterator[tuple[KeyPath, int]]:
    if not isinstance(node, yaml.MappingNode):
        return
    if len(keys) > MAX_DEPTH:
        raise _too_deep(path, node.start_mark.line + 1, cwd)
    for key, value in node.value:
        below = (*keys, str(key.value))
        yield below, key.start_mark.line + 1
        yield from _key_lines(value, below, path, cwd)


def _too_deep(path: Path, line: int | None, cwd: Path) -> ConfigError:
    return ConfigError(f"{located(path, line, cwd=cwd)}: nested more than {MAX_DEPTH} deep")


def _kind_of(value: object) -> str:
    match value:
        case list():
            return "a list"
        case dict():
            return "a name that is not text"
        case str():
            return f"{value!r:.60}"
        case _:
            return "a single value"
