"""What every setting is called in each source, what it accepts, and how a value is read.

Derived from the tree in settings.py; nothing here names a single setting except the table of other
spellings, which are the names that older servers' configuration files use.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from pyao.config.settings import Settings

KeyPath = tuple[str, ...]

# Other spellings -> leaf names: a JSON file written for a VampireTCP server loads as it is, and so
# do the lines of a DracoSoft server.yaml that mean something here.
_OTHER_SPELLINGS: Mapping[KeyPath, str] = MappingProxyType(
    {
        ("tcpPort",): "port",
        ("enableUDP",): "udp_enabled",
        ("udpPort",): "udp_port",
        ("defaultRoomSettings", "public"): "rooms_public",
        ("defaultRoomSettings", "variableBroadcast", "enabled"): "rooms_broadcast",
        ("defaultRoomSettings", "variableBroadcast", "default"): "rooms_broadcast_default",
        ("security", "max_login_attempts"): "lockout_failures",
        ("security", "rate_limit", "messages_per_second"): "packet_rate",
        ("security", "rate_limit", "burst_size"): "packet_burst",
    }
)
_OTHER_GROUPS: Mapping[str, str] = MappingProxyType({"logging": "log", "network": "server"})

_KINDS: Mapping[object, str] = MappingProxyType(
    {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
)
_WORDS: Mapping[object, str] = MappingProxyType(
    {
        Literal: "choice",
        list: "list",
        dict: "table",
        bool: "flag",
        int: "number",
        float: "number",
        Path: "path",
    }
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One leaf of the tree as an operator sees it."""

    name: str
    group: str
    default: object
    sentence: str
    unit: str
    expects: str
    live: bool
    traits: frozenset[str]
    kind: str
    field: FieldInfo

    @property
    def path(self) -> str:
        """The dotted name in files: `server.port`."""
        return f"{self.group}.{self.short}" if self.group else self.name

    @property
    def short(self) -> str:
        """The name inside its group: `log.log_level` may be written `log.level`."""
        return self.name.removeprefix(f"{self.group}_")

    @property
    def env(self) -> str:
        """The environment variable: `PYAO_PORT`."""
        return f"PYAO_{self.name.upper()}"

    @property
    def option(self) -> str | None:
        """The command-line option, where there is one."""
        return f"--{self.name.replace('_', '-')}" if "option" in self.traits else None

    @property
    def redis_key(self) -> str | None:
        """The Redis key, unless the value is needed before Redis can be asked."""
        return None if "early" in self.traits else f"config:server:{self.name}"

    def parse(self, raw: object) -> object:
        """Return the checked value of `raw`, often text; ValueError says what is accepted."""
        try:
            return TypeAdapter[Any](self.field.rebuild_annotation()).validate_python(raw)
        except ValidationError:
            raise ValueError(self.expects) from None

    def show(self, value: object) -> str:
        """Return `value` as an operator would write it, without the password of a URL."""
        if "secret" in self.traits and isinstance(value, str):
            return re.sub(r"^([a-z]+://)?.*@", r"\1***@", value)
        return show(value)


def show(value: object) -> str:
    """Return a value as it is written in a file: one line, at most 200 characters of it."""
    match value:
        case None:
            text = "not set"
        case bool():
            text = "true" if value else "false"
        case float():
            text = f"{value:g}"
        case list() | tuple():
            text = ", ".join(show(part) for part in value) if value else "empty"
        case dict():
            text = ", ".join(f"{key}: {show(part)}" for key, part in value.items()) or "empty"
        case str() | Path():
            text = str(value)
        case int() if value.bit_length() > 64:  # noqa: PLR2004 - repr refuses really long ones
            text = "a very large number"
        case _:
            text = repr(value)
    text = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
    return text if len(text) <= 200 else f"{text[:197]}..."  # noqa: PLR2004 - one line of a log


def _settings_of(group: str, model: type[BaseModel]) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if not isinstance(extra, dict):
            continue
        traits = extra["traits"]
        yield Setting(
            name=name,
            group=group,
            default=field.default,
            sentence=field.description or "",
            unit=str(extra["unit"]),
            expects=str(extra["expects"]) or _expectation(field),
            live=bool(extra["live"]),
            traits=frozenset(map(str, traits if isinstance(traits, list) else ())),
            kind=_kind(field.annotation),
            field=field,
        )


def _kind(annotation: object) -> str:
    """Return the kind of value in a word: flag, number, choice, list, table, path or text."""
    plain = _plain(annotation)
    return _WORDS.get(get_origin(plain) or plain, "text")


def _expectation(field: FieldInfo) -> str:
    """Say in words what a field accepts."""
    annotation = _plain(field.annotation)
    if get_origin(annotation) is Literal:
        return f"one of {', '.join(map(str, get_args(annotation)))}"
    text = _KINDS.get(annotation, "text")
    limits = {
        side: getattr(item, side)
        for item in field.metadata
        for side in ("ge", "le")
        if hasattr(item, side)
    }
    return f"{text} from {limits['ge']} to {limits['le']}" if len(limits) > 1 else text


def _plain(annotation: object) -> object:
    """Strip `Annotated[...]` and `... | None` from an annotation."""
    while get_origin(annotation) not in (None, Literal, list, dict):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _all_settings() -> Iterator[Setting]:
    yield from _settings_of("", Settings)
    for group in GROUPS:
        model = Settings.model_fields[group].annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from _settings_of(group, model)


GROUPS: tuple[str, ...] = tuple(
    name for name, field in Settings.model_fields.items() if field.json_schema_extra is None
)
SETTINGS: Mapping[str, Setting] = MappingProxyType({one.name: one for one in _all_settings()})


def find(path: KeyPath) -> Setting | None:
    """Return the setting a file means by `path`, or None.

    A leaf may stand alone (`port`), in its group (`server.port`), or without the group's name in
    front (`log.level`).
    """
    if path in _OTHER_SPELLINGS:
        return SETTINGS[_OTHER_SPELLINGS[path]]
    if len(path) == 1:
        return SETTINGS.get(path[0])
    if len(path) == 2:  # noqa: PLR2004 - group and leaf
        group = _OTHER_GROUPS.get(path[0], path[0])
        for name in (path[1], f"{group}_{path[1]}"):
            found = SETTINGS.get(name)
            if found is not None and found.group == group:
                return found
    return None


def is_group(path: KeyPath) -> bool:
    """Tell whether a mapping at `path` holds settings below it."""
    if len(path) == 1 and (path[0] in GROUPS or path[0] in _OTHER_GROUPS):
        return True
    return any(other[: len(path)] == path for other in _OTHER_SPELLINGS if len(other) > len(path))


def nearest(path: KeyPath) -> str | None:
    """Return the dotted name that is most like an unknown one."""
    dotted = {one.path: one.path for one in SETTINGS.values()}
    dotted |= {one.name: one.path for one in SETTINGS.values()}
    dotted |= {".".join(other): ".".join(other) for other in _OTHER_SPELLINGS}
    for word in (".".join(path), path[-1]):
        close = difflib.get_close_matches(word, dotted, n=1, cutoff=0.7)
        if close:
            return dotted[close[0]]
    return None


def nearest_env(name: str) -> str | None:
    """Return the environment variable that is most like an unknown one."""
    close = difflib.get_close_matches(name, [one.env for one in SETTINGS.values()], 1, 0.7)
    return close[0] if close else None
