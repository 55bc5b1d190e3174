"""Where settings come from: defaults, files, `.env`, environment, Redis, command line, in order.

Later sources win. Every given value is checked, also one that a later source overrides, and all
mistakes are reported together, a line each: source, setting, what was expected, what came, what to
do. Nothing is written here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from pyao.config.fields import (
    GROUPS,
    SETTINGS,
    KeyPath,
    Setting,
    find,
    is_group,
    nearest,
    nearest_env,
    show,
)
from pyao.config.files import Document, located, read_document, read_dotenv
from pyao.config.settings import Settings
from pyao.errors import ConfigError

# The variable that names the --config file, and the prefix of what only the test suite reads.
CONFIG_ENV = "PYAO_CONFIG"
TEST_PREFIX = "PYAO_TEST_"
FILE_NAMES = (Path("main.yaml"), Path("server") / "server.yaml")


@dataclass(frozen=True, slots=True)
class Given:
    """One value somebody set, and where."""

    setting: Setting
    raw: object
    source: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything settings are read from; reading it again sees edited files.

    `cli` holds the command line's values by leaf name, None where not given. `documents` stand in
    for the files of the same path, so that a change can be tried before it is written.
    """

    cli: Mapping[str, object] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = field(default_factory=Path)
    config_file: Path | None = None
    redis_values: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[Path, Document] = field(default_factory=dict)

    @property
    def dotenv(self) -> Path:
        """The `.env` file of the working folder, whether it exists or not."""
        return self.cwd / ".env"

    @property
    def local_folder(self) -> Path:
        """The folder `config` of the working folder, whether it exists or not."""
        return self.cwd / "config"

    def load(self) -> Settings:
        """Read all sources and return the settings, or raise ConfigError with every mistake."""
        reading = _Reading(self)
        return reading.finish()

    def explicit_file(self) -> Path | None:
        """Return the path of the --config file, if the command line or the environment names it."""
        named: Path | str | None = self.config_file
        if named is None:
            named = self.env.get(CONFIG_ENV) or None
        if named is None and self.dotenv.is_file():
            for line in read_dotenv(self.dotenv, cwd=self.cwd):
                named = line.value or None if line.name == CONFIG_ENV else named
        return self.cwd / named if named else None


def load_settings(
    cli: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    config_file: Path | None = None,
    redis_values: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings of all sources; ConfigError names every mistake, a line each.

    Without `env` and `cwd` those of this process. `redis_values` are the `config:*` keys of the
    store with their text. `Settings.settings_sources` says where each value came from.
    """
    return Origin(
        cli=cli or {},
        env=os.environ if env is None else env,
        cwd=(cwd or Path.cwd()).absolute(),
        config_file=config_file,
        redis_values=redis_values or {},
    ).load()


class _Reading:
    """One pass over all sources: collects problems and warnings on the way."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def finish(self) -> Settings:
        """Read everything, lowest source first, and build the settings."""
        origin = self.origin
        local = self._folder(origin.local_folder)
        named = self._named_file()
        after = [*self._dotenv(), *self._environment(), *self._redis(), *self._command_line()]
        data_dir = _chosen_data_dir([*local, *named, *after])
        inside: list[Given] = []
        folder = origin.cwd / data_dir / "config"
        if folder != origin.local_folder:
            inside = self._folder(folder)
            for given in inside:
                if given.setting.name == "data_dir":
                    self.problems.append(
                        f"{given.source}: data_dir cannot be set inside the data folder; "
                        f"set it in {origin.local_folder / FILE_NAMES[1]} or as PYAO_DATA_DIR"
                    )
        return self._build([*local, *inside, *named, *after])

    def _build(self, everything: list[Given]) -> Settings:
        values: dict[str, object] = {}
        sources: dict[str, str] = {}
        for given in everything:
            setting = given.setting
            try:
                values[setting.name] = setting.parse(given.raw)
                sources[setting.name] = given.source
            except ValueError as expected:
                self.problems.append(
                    f"{given.source}: {setting.path}: expected {expected}, "
                    f"came {_came(setting, given.raw)}; {given.remedy}"
                )
        if self.problems:
            raise ConfigError("\n".join(self.problems))
        tree: dict[str, Any] = {group: {} for group in GROUPS}
        for name, value in values.items():
            group = SETTINGS[name].group
            (tree[group] if group else tree)[name] = value
        try:
            settings = Settings.model_validate(tree)
        except ValidationError as error:
            raise ConfigError(_disagreement(error, sources)) from None
        if settings.server.udp_enabled:
            self.warnings.append(
                f"{sources['udp_enabled']}: udp_enabled is on, but this version has no UDP door"
            )
        return settings.with_notes(sources, tuple(self.warnings))

    def _folder(self, folder: Path) -> list[Given]:
        found: list[Given] = []
        for name in FILE_NAMES:
            path = folder / name
            if path in self.origin.documents or path.is_file():
                found += self._file(path)
        return found

    def _named_file(self) -> list[Given]:
        try:
            path = self.origin.explicit_file()
        except ConfigError:
            return []  # the .env file is broken, which its own turn reports
        return self._file(path) if path else []

    def _file(self, path: Path) -> list[Given]:
        cwd = self.origin.cwd
        try:
            document = self.origin.documents.get(path) or read_document(path, cwd=cwd)
        except ConfigError as error:
            self.problems.append(str(error))
            return []
        return list(self._walk(document, document.data, ()))

    def _walk(
        self, document: Document, table: Mapping[str, Any], above: KeyPath
    ) -> Iterator[Given]:
        for key, value in table.items():
            path = (*above, str(key))
            where = document.where(path, cwd=self.origin.cwd)
            setting = find(path)
            if setting is not None and not (is_group(path) and isinstance(value, dict)):
                if value is not None:  # `port:` with nothing behind it says nothing
                    yield Given(setting, value, where, _default_remedy(setting, "line"))
            elif not is_group(path):
                self.problems.append(
                    f"{where}: unknown setting {show('.'.join(path))}{_hint(path)}"
                )
            elif isinstance(value, dict):
                yield from self._walk(document, value, path)
            elif value is not None:
                self.problems.append(
                    f"{where}: {show('.'.join(path))}: expected settings as `name: value` "
                    f"below it, came {show(value)}"
                )

    def _dotenv(self) -> Iterator[Given]:
        origin = self.origin
        if not origin.dotenv.is_file():
            return
        try:
            lines = read_dotenv(origin.dotenv, cwd=origin.cwd)
        except ConfigError as error:
            self.problems.append(str(error))
            return
        for line in lines:
            where = located(origin.dotenv, line.line, cwd=origin.cwd)
            setting = _BY_ENV.get(line.name)
            if setting is not None and line.value:
                yield Given(setting, line.value, where, _default_remedy(setting, "line"))
            elif setting is None and _is_ours(line.name):
                self.problems.append(f"{where}: unknown setting {line.name}{_env_hint(line.name)}")

    def _environment(self) -> Iterator[Given]:
        for name, value in sorted(self.origin.env.items()):
            setting = _BY_ENV.get(name)
            where = f"environment variable {name}"
            if setting is not None and value:
                yield Given(setting, value, where, _default_remedy(setting, "variable"))
            elif setting is None and _is_ours(name):
                self.warnings.append(f"{where} is not a setting and is ignored{_env_hint(name)}")

    def _redis(self) -> Iterator[Given]:
        for key, value in sorted(self.origin.redis_values.items()):
            where = f"Redis key {key}"
            setting = find_redis(key)
            if setting is None:
                self.warnings.append(f"{where} is not a setting and is ignored")
            elif setting.redis_key is None:
                self.warnings.append(
                    f"{where} is ignored: {setting.name} is needed before Redis is asked; "
                    f"set {setting.env} instead"
                )
            else:
                yield Given(setting, value, where, f"SET it right or DEL it ({_default(setting)})")

    def _command_line(self) -> Iterator[Given]:
        for name, value in self.origin.cli.items():
            if value is None or value == []:
                continue
            setting = SETTINGS.get(name)
            if setting is None:
                self.problems.append(f"command line: unknown setting {name}{_hint((name,))}")
                continue
            option = f"--{name.replace('_', '-')}"
            yield Given(setting, value, option, f"correct it or leave it out ({_default(setting)})")


_BY_ENV: Mapping[str, Setting] = MappingProxyType({one.env: one for one in SETTINGS.values()})


def find_redis(key: str) -> Setting | None:
    """Return the setting a key `config:server:NAME` means, whatever group it is in."""
    prefix, _, name = key.rpartition(":")
    return SETTINGS.get(name) if prefix == "config:server" else None


def changed(old: Settings, new: Settings) -> dict[str, tuple[object, object]]:
    """Return the settings that differ, by leaf name, with the old and the new value."""
    pairs = {name: (value_of(old, name), value_of(new, name)) for name in SETTINGS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def value_of(settings: Settings, name: str) -> object:
    """Return the value of a leaf by its name alone."""
    group = SETTINGS[name].group
    value: object = getattr(getattr(settings, group) if group else settings, name)
    return value


def effective(settings: Settings) -> list[tuple[str, str, str, str]]:
    """Return path, value, whether it is live, and source of every setting; no passwords."""
    return [
        (
            one.path,
            one.show(value_of(settings, name)),
            "yes" if one.live else "no",
            settings.settings_sources.get(name, "default"),
        )
        for name, one in SETTINGS.items()
    ]


def _chosen_data_dir(everything: list[Given]) -> Path:
    """Return the data folder the sources agree on; a wrong value is reported with the others."""
    chosen = SETTINGS["data_dir"].default
    for given in everything:
        if given.setting.name == "data_dir":
            try:
                chosen = given.setting.parse(given.raw)
            except ValueError:
                continue
    return chosen if isinstance(chosen, Path) else Path()


def _disagreement(error: ValidationError, sources: Mapping[str, str]) -> str:
    """Say which settings do not fit together, and where those that were given stand."""
    lines = []
    for problem in error.errors(include_url=False, include_context=False):
        text = problem["msg"].removeprefix("Value error, ")
        words = text.split()
        named = [f"{name} from {source}" for name, source in sources.items() if name in words]
        lines.append(f"settings disagree: {text}" + (f" ({'; '.join(named)})" if named else ""))
    return "\n".join(lines)


def _came(setting: Setting, raw: object) -> str:
    shown = setting.show(raw)
    return f'"{shown}"' if isinstance(raw, str) else shown


def _default(setting: Setting) -> str:
    return f"default {setting.show(setting.default)}"


def _default_remedy(setting: Setting, thing: str) -> str:
    return f"correct it or remove the {thing} ({_default(setting)})"


def _is_ours(name: str) -> bool:
    return name.startswith("PYAO_") and name != CONFIG_ENV and not name.startswith(TEST_PREFIX)


def _hint(path: KeyPath) -> str:
    close = nearest(path)
    return f"; did you mean {close}?" if close else "; docs/configuration.md lists all settings"


def _env_hint(name: str) -> str:
    close = nearest_env(name)
    return f"; did you mean {close}?" if close else ""
