"""Configuration while the server runs: named files, changes by command, and hot reload.

A change that cannot be accepted leaves every old value in force and says file, line and field.
Settings that need a restart are kept as they are and reported as waiting. Runs on the event loop
thread only; nothing here knows who listens.
"""

from __future__ import annotations

import asyncio
import copy
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from watchfiles import awatch

from pyao.config.edit import set_values
from pyao.config.fields import GROUPS, SETTINGS, KeyPath, find, is_group
from pyao.config.files import Document, parse_document, read_text
from pyao.config.load import FILE_NAMES, Origin, changed, find_redis, value_of
from pyao.config.schema import Schema, as_model, check
from pyao.config.settings import Settings
from pyao.errors import ConfigError

# Both are files of the settings tree; every other name is a module's file.
SETTINGS_FILES: Mapping[str, Path] = {"main": FILE_NAMES[0], "server": FILE_NAMES[1]}

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_Pairs = Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """What a look at the sources found; `name` is "settings" or the name of a module's file.

    `values` took effect, `waiting` does so at the next start, each with the old and the new value.
    With a `problem` the old values stay.
    """

    name: str
    values: _Pairs = field(default_factory=dict)
    waiting: _Pairs = field(default_factory=dict)
    problem: str = ""


class ConfigurationManager:
    """Holds the settings in force and the files of modules; tells listeners what changed."""

    def __init__(self, origin: Origin, settings: Settings | None = None) -> None:
        self._origin = origin
        self._read = settings or origin.load()
        self._settings = self._read
        self._seen = self._stamps()
        self._schemas: dict[str, type[BaseModel]] = {}
        self._configs: dict[str, dict[str, Any]] = {}
        self._edits: dict[str, dict[KeyPath, object]] = {}
        self._problems: dict[str, str] = {}
        self._listeners: list[Callable[[ConfigChange], None]] = []

    @property
    def settings(self) -> Settings:
        """The settings in force now."""
        return self._settings

    def subscribe(self, listener: Callable[[ConfigChange], None]) -> Callable[[], None]:
        """Call `listener` for every change and problem; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def register_schema(self, name: str, schema: Schema) -> None:
        """Check the `settings` table of a module's file from now on; a loaded file must pass."""
        model = as_model(name, schema)
        if name in self._configs:
            self._configs[name] = check(self._document(name), model, cwd=self._origin.cwd)
        self._schemas[name] = model

    def load_config(self, name: str) -> dict[str, Any]:
        """Read and check a configuration; a file that does not exist holds the defaults."""
        if name in SETTINGS_FILES:
            self._reload_settings(self._origin)
        else:
            self._configs[name] = self._checked(name)
        return self.get_config(name)  # type: ignore[no-any-return] # a whole one is a table

    def get_config(self, name: str, path: str = "", default: object = None) -> Any:  # noqa: ANN401 - any setting
        """Return a loaded configuration, or the value at a dotted path of it, or `default`.

        "server" and "main" give the settings in force, as one tree.
        """
        if name in SETTINGS_FILES:
            setting = find(tuple(path.split("."))) if path else None
            if setting is not None:
                return value_of(self._settings, setting.name)
            value: Any = self._settings.model_dump(mode="json")
        else:
            if name not in self._configs:
                return default
            value = self._configs[name]
        for key in path.split(".") if path else ():
            if not isinstance(value, dict) or key not in value:
                return default
            value = value[key]
        return copy.deepcopy(value)

    def update_config(self, name: str, changes: Mapping[str, object]) -> dict[str, Any]:
        """Change values in memory; keys may be dotted or nested. ConfigError changes nothing."""
        before = self._edits.get(name, {})
        if name in SETTINGS_FILES:
            lines = self._document(name).lines
            wanted = {_place(path, lines): value for path, value in _flat_settings(changes, ())}
        else:
            wanted = dict(_flat(changes, ()))
        self._edits[name] = before | wanted
        try:
            if name in SETTINGS_FILES:
                self._reload_settings(self._origin)
            else:
                self._replace_config(name, self._checked(name))
        except ConfigError:
            self._edits[name] = before
            raise
        return self.get_config(name)  # type: ignore[no-any-return] # a whole one is a table

    def save_config(self, name: str) -> Path:
        """Write the changed values into the file, keeping its comments; return its path."""
        path = self.path_of(name)
        text = self._document_text(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
        self._edits.pop(name, None)
        return path

    def path_of(self, name: str) -> Path:
        """Return the file of a configuration: in the data folder when it is there, else here."""
        if not _NAME.fullmatch(name):
            raise ConfigError(f"configuration name {name!r}: expected letters, digits, _ and -")
        below = SETTINGS_FILES.get(name) or Path("modules") / f"{name}.yaml"
        inside, local = self._folders()
        for folder in (inside, local):
            if (folder / below).is_file():
                return folder / below
        return (inside if inside.is_dir() else local) / below

    def module_names(self) -> list[str]:
        """Return the names of all files in `config/modules`."""
        found = {
            file.stem
            for folder in self._folders()
            for file in (folder / "modules").glob("*.yaml")
            if _NAME.fullmatch(file.stem)
        }
        return sorted(found)

    def start_with_redis(self, values: Mapping[str, str]) -> None:
        """Take the `config:*` keys before anything runs: every setting counts, ports included.

        A wrong one is a ConfigError here, as a wrong value of any other source is at start.
        """
        self._origin = replace(self._origin, redis_values=dict(values))
        self._read = self._settings = self._origin.load()

    def apply_redis(self, values: Mapping[str, str]) -> None:
        """Take the `config:*` keys while running; a wrong one keeps the value it had before."""
        good: dict[str, str] = {}
        problems = []
        for key, text in values.items():
            setting = find_redis(key)
            try:
                if setting is not None:
                    setting.parse(text)
                good[key] = text
            except ValueError as expected:
                problems.append(
                    f"Redis key {key}: expected {expected}, came {text!r:.60}; the old value stays"
                )
                if key in self._origin.redis_values:
                    good[key] = self._origin.redis_values[key]
        self._report_problem("redis", "\n".join(problems))
        if good == self._origin.redis_values:
            return
        try:
            self._reload_settings(replace(self._origin, redis_values=good))
            self._origin = replace(self._origin, redis_values=good)
        except ConfigError as error:
            self._report_problem("settings", str(error))

    def poll(self) -> None:
        """Read all files again; tell listeners what changed and what cannot be accepted."""
        try:
            self._reload_settings(self._origin)
        except ConfigError as error:
            self._report_problem("settings", str(error))
        else:
            self._problems.pop("settings", None)
        for name in list(self._configs):
            try:
                self._replace_config(name, self._checked(name))
            except ConfigError as error:
                self._report_problem(name, str(error))
            else:
                self._problems.pop(name, None)

    async def watch(self, stop: asyncio.Event) -> None:
        """Follow the files until `stop` is set; an edit is seen within two seconds."""
        while not stop.is_set():
            folders = self.watched_folders()
            async for _ in awatch(
                *folders,
                watch_filter=None,
                recursive=False,
                debounce=400,
                step=200,
                stop_event=stop,
                # Some file systems tell nothing: look at the stamps once a second anyway.
                rust_timeout=1000,
                yield_on_timeout=True,
            ):
                stamps = self._stamps()
                if stamps != self._seen:
                    self._seen = stamps
                    self.poll()
                if self.watched_folders() != folders:
                    break

    def _folders(self) -> tuple[Path, Path]:
        origin = self._origin
        return origin.cwd / self._settings.data_dir / "config", origin.local_folder

    def _files(self) -> Iterator[Path]:
        for folder in self._folders():
            for below in FILE_NAMES:
                yield folder / below
            yield from sorted((folder / "modules").glob("*.yaml"))
        yield self._origin.dotenv
        try:
            explicit = self._origin.explicit_file()
        except ConfigError:
            return  # a broken .env is reported when it is read
        if explicit is not None:
            yield explicit

    def _stamps(self) -> dict[Path, tuple[int, int, int]]:
        stamps = {}
        for path in self._files():
            try:
                stat = path.stat()
            except OSError:
                continue
            stamps[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        return stamps

    def watched_folders(self) -> list[Path]:
        """Return the folders of settings there are.

        Not the one of data that holds them: a database written a thousand times a second is news to
        nobody. That a folder of settings comes into being, the look at the stamps will tell.
        """
        wanted = {self._origin.cwd}
        for folder in self._folders():
            wanted |= {folder, folder / "server", folder / "modules"}
        wanted |= {path.parent for path in self._files()}
        return sorted(folder for folder in wanted if folder.is_dir())

    def _document_text(self, name: str) -> str:
        path = self.path_of(name)
        text = read_text(path, cwd=self._origin.cwd) if path.is_file() else ""
        parse_document(text, path, cwd=self._origin.cwd)
        return set_values(text, self._edits.get(name, {}))

    def _document(self, name: str) -> Document:
        path = self.path_of(name)
        return parse_document(self._document_text(name), path, cwd=self._origin.cwd)

    def _checked(self, name: str) -> dict[str, Any]:
        return check(self._document(name), self._schemas.get(name), cwd=self._origin.cwd)

    def _replace_config(self, name: str, values: dict[str, Any]) -> None:
        old = dict(_leaves(self._configs.get(name, {}), ()))
        new = dict(_leaves(values, ()))
        self._configs[name] = values
        pairs = {
            key: (old.get(key), new.get(key))
            for key in [*new, *(key for key in old if key not in new)]
            if old.get(key) != new.get(key)
        }
        if pairs:
            self._tell(ConfigChange(name, pairs))

    def _reload_settings(self, origin: Origin) -> None:
        edited = [name for name in SETTINGS_FILES if self._edits.get(name)]
        documents = {self.path_of(name): self._document(name) for name in edited}
        read = replace(origin, documents=documents).load()
        pairs = changed(self._read, read)
        values = {name: pair for name, pair in pairs.items() if SETTINGS[name].live}
        waiting = {name: pair for name, pair in pairs.items() if name not in values}
        self._settings = _with_live_values(self._settings, read)
        self._read = read
        if pairs:
            self._tell(ConfigChange("settings", values, waiting))

    def _report_problem(self, name: str, problem: str) -> None:
        """Tell of a problem once, until it changes or goes away."""
        if problem and self._problems.get(name) != problem:
            self._tell(ConfigChange("settings" if name == "redis" else name, problem=problem))
        self._problems[name] = problem

    def _tell(self, change: ConfigChange) -> None:
        for listener in tuple(self._listeners):
            listener(change)


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, meets the old or the new text, never half."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode if path.exists() else 0o644
        Path(temporary).chmod(mode & 0o777)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _with_live_values(current: Settings, read: Settings) -> Settings:
    """Return `current` with the values of `read` that may change while the server runs."""
    tree: dict[str, Any] = {group: {} for group in GROUPS}
    sources = {}
    for name, setting in SETTINGS.items():
        chosen = read if setting.live else current
        (tree[setting.group] if setting.group else tree)[name] = value_of(chosen, name)
        if name in chosen.settings_sources:
            sources[name] = chosen.settings_sources[name]
    return Settings.model_validate(tree).with_notes(sources, read.warnings)


def _flat(changes: Mapping[str, object], above: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """Spread nested and dotted keys into key paths."""
    for key, value in changes.items():
        path = (*above, *key.split("."))
        if isinstance(value, Mapping):
            yield from _flat(value, path)
        else:
            yield path, value


def _flat_settings(
    changes: Mapping[str, object], above: KeyPath
) -> Iterator[tuple[KeyPath, object]]:
    """As `_flat`, but a table that is the value of one setting stays whole."""
    for key, value in changes.items():
        path = (*above, *key.split("."))
        if isinstance(value, Mapping) and is_group(path):
            yield from _flat_settings(value, path)
        else:
            yield path, value


def _place(path: KeyPath, lines: Mapping[KeyPath, int]) -> KeyPath:
    """Return where a file says this setting already, under any of its names, or its own path."""
    setting = find(path)
    if setting is None:
        return path
    own = (setting.group, setting.short) if setting.group else (setting.name,)
    return next((there for there in lines if find(there) is setting), own)


def _leaves(table: Mapping[str, Any], above: KeyPath) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield ".".join((*above, key)), value
