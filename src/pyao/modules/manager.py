"""`ModuleManager`: finds, loads, enables, replaces and removes modules while the server runs.

Nothing a module does reaches beyond it: its life cycle runs behind the bulkhead, and every refusal
is a sentence in the log, in `get_module_status` and in an event. One operation runs at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import FilteringBoundLogger

from pyao.errors import ConfigError, ModuleError
from pyao.events import FAILED, Payload
from pyao.events.payloads import (
    ModuleDisabled,
    ModuleEnabled,
    ModuleFailed,
    ModuleLoaded,
    ModuleReloaded,
    ModuleUnloaded,
)
from pyao.modules.base import BaseModule, ModuleInfo, ModuleState
from pyao.modules.dependencies import load_order
from pyao.modules.facade import ServerFacade
from pyao.modules.instance import Instance, TakeOver, refusal, shape_problem
from pyao.modules.loading import BuiltinSource, Code, Source, files_in, installed
from pyao.modules.scope import ModuleServer, frozen_settings, module_logger

_log: FilteringBoundLogger = structlog.get_logger(__name__)

ModuleConfig = Mapping[str, Any]
"""A module's file: `enabled`, `auto_load`, `log_level`, `settings`; all may be missing."""

_NO_CONFIG: Final[ModuleConfig] = {}
_ALIVE: Final = (ModuleState.LOADED, ModuleState.ENABLED, ModuleState.DISABLED)


@dataclass(slots=True)
class Record:
    """What is known of one module, loaded or not."""

    name: str
    source: Source
    state: ModuleState = ModuleState.UNLOADED
    instance: Instance | None = None
    error: str = ""
    reloads: int = 0


class ModuleManager:
    """All modules of one server.

    `config(name)` gives a module's file as a mapping and may raise ConfigError; `mapping` gives
    short names; `load_order` names what is loaded first; `builtin` are the classes that ship with
    the server and are loaded only when named. `register_schema(name, schema)` is told how the
    settings of a module are checked, before they are read for it.
    """

    def __init__(
        self,
        facade: ServerFacade,
        folder: Path,
        config: Callable[[str], ModuleConfig] = lambda _name: _NO_CONFIG,
        *,
        mapping: Mapping[str, str] | None = None,
        load_order: Sequence[str] = (),
        builtin: Mapping[str, type[BaseModule]] | None = None,
        register_schema: Callable[[str, Any], None] = lambda _name, _schema: None,
    ) -> None:
        self.folder = folder
        self.records: dict[str, Record] = {}
        self._facade = facade
        self._events = facade.event_manager
        self._bulkhead = facade.event_manager.bulkhead
        self._config = config
        self._register_schema = register_schema
        self._mapping = dict(mapping or {})
        self._first = list(load_order)
        self._builtin = dict(builtin or {})
        self._generation = 0
        self._loaded_order: list[str] = []
        self._lock = asyncio.Lock()

    # What there is.

    def discover_modules(self) -> list[str]:
        """Look for modules again; return the names of all that are known."""
        found: dict[str, Source] = {
            name: BuiltinSource(name, each) for name, each in self._builtin.items()
        }
        found |= {source.name: source for source in installed()}
        found |= {source.name: source for source in files_in(self.folder)}
        for name, source in found.items():
            record = self.records.get(name)
            if record is None:
                self.records[name] = Record(name, source)
            else:
                record.source = source
        return sorted(self.records)

    def resolve(self, name: str) -> str | None:
        """Return the module meant by a file name, a short name or the name in its ModuleInfo."""
        mapped = self._mapping.get(name, "")
        for candidate in (name, mapped, name.removesuffix(".py"), f"{name}_module"):
            if candidate in self.records:
                return candidate
        for record in self.records.values():
            if record.instance is not None and record.instance.info.name == name:
                return record.name
        return None

    def get_module(self, name: str) -> BaseModule | None:
        """Return the enabled module of a name, or None."""
        record = self.records.get(self.resolve(name) or "")
        if record is None or record.instance is None or record.state is not ModuleState.ENABLED:
            return None
        return record.instance.module

    @property
    def modules(self) -> dict[str, BaseModule]:
        """Every loaded module by name."""
        return {
            record.name: record.instance.module
            for record in self.records.values()
            if record.instance is not None and record.state in _ALIVE
        }

    def get_module_status(self, name: str) -> dict[str, Any] | None:
        """Return what is known of a module as plain data, or None for an unknown name."""
        record = self.records.get(self.resolve(name) or "")
        if record is None:
            return None
        info = record.instance.info if record.instance is not None else ModuleInfo(record.name)
        return {
            "name": record.name,
            "title": info.name,
            "version": info.version if record.instance is not None else "",
            "description": info.description,
            "author": info.author,
            "dependencies": list(info.dependencies),
            "state": record.state.value,
            "source": record.source.where,
            "error": record.error,
            "reloads": record.reloads,
            "failures": self._bulkhead.failures[record.name],
            "last_failure": self._bulkhead.last_failure.get(record.name, ""),
        }

    def get_all_modules_status(self) -> dict[str, dict[str, Any]]:
        """Return the status of every known module by name."""
        found = ((name, self.get_module_status(name)) for name in sorted(self.records))
        return {name: status for name, status in found if status is not None}

    # What can be done.

    async def load_all_modules(self) -> list[str]:
        """Load and enable what the configuration wants, dependencies first; return what works."""
        async with self._lock:
            self.discover_modules()
            return await self._start(self._wanted())

    async def load_module(self, name: str) -> bool:
        """Import a module and call its `load`; return whether it is loaded now."""
        async with self._lock:
            record = self._known(name)
            return record is not None and await self._load(record)

    async def enable_module(self, name: str) -> bool:
        """Let a loaded module work (loading it if need be); return whether it works now."""
        async with self._lock:
            record = self._known(name)
            return record is not None and await self._load(record) and await self._enable(record)

    async def disable_module(self, name: str) -> bool:
        """Let a module rest; refused while another enabled one depends on it."""
        async with self._lock:
            record = self._known(name)
            return record is not None and await self._disable(record)

    async def unload_module(self, name: str) -> bool:
        """Remove a module with everything it registered; refused while another depends on it."""
        async with self._lock:
            record = self._known(name)
            return record is not None and await self._unload(record)

    async def reload_module(self, name: str) -> bool:
        """Replace a module by the code as it is now; return whether it took over.

        On any failure the old code keeps running as it was, and the status says why.
        """
        async with self._lock:
            record = self._known(name)
            return record is not None and await self._reload(record)

    async def refresh(self, names: Iterable[str]) -> None:
        """Act on changed files: reload what is loaded, start what is new or was broken."""
        async with self._lock:
            self.discover_modules()
            fresh: list[str] = []
            for name in sorted(names):
                record = self.records.get(name)
                if record is None:
                    continue
                if record.state in _ALIVE:
                    await self._reload(record)
                elif self._is_wanted(record):
                    fresh.append(name)
            await self._start(fresh)

    async def apply_config(self, name: str) -> bool:
        """Read a module's file again: settings, log level, and whether it is enabled at all.

        A module that does not accept its new settings keeps the old ones.
        """
        async with self._lock:
            record = self.records.get(self.resolve(name) or "")
            if record is None:
                return False
            config = self._read_config(record)
            if config is None:
                return False
            if not config.get("enabled", True):
                return await self._unload(record) if record.state in _ALIVE else True
            if record.instance is None or record.state not in _ALIVE:
                return await self._load(record) and await self._enable(record)
            return await self._reconfigure(record, record.instance, config)

    async def shutdown(self) -> None:
        """Disable and unload everything, last loaded first."""
        async with self._lock:
            for name in reversed(list(self._loaded_order)):
                await self._unload(self.records[name])

    # Loading and unloading; the lock is held.

    def _known(self, name: str) -> Record | None:
        target = self.resolve(name)
        if target is None:
            self.discover_modules()
            target = self.resolve(name)
        if target is None:
            _log.error(
                "module_unknown",
                module=name,
                hint=f"known: {', '.join(sorted(self.records)) or 'none'}; folder {self.folder}",
            )
            return None
        return self.records[target]

    def _wanted(self) -> list[str]:
        first = [target for name in self._first if (target := self._listed(name)) is not None]
        rest = [
            record.name
            for record in self.records.values()
            if record.name not in first and self._is_wanted(record)
        ]
        return [name for name in dict.fromkeys([*first, *sorted(rest)]) if self._is_enabled(name)]

    def _listed(self, name: str) -> str | None:
        target = self.resolve(name)
        if target is None:
            meant = self._mapping.get(name, name)
            _log.warning(
                "module_missing",
                module=name,
                hint=f"load_order names it, but there is no {meant}.py in {self.folder}",
            )
        return target

    def _is_enabled(self, name: str) -> bool:
        config = self._read_config(self.records[name])
        return config is not None and bool(config.get("enabled", True))

    def _is_wanted(self, record: Record) -> bool:
        """Return whether a module is to be started without being named in the load order."""
        if isinstance(record.source, BuiltinSource):
            return False
        config = self._read_config(record)
        return config is not None and all(config.get(k, True) for k in ("enabled", "auto_load"))

    def _read_config(self, record: Record) -> ModuleConfig | None:
        try:
            return self._config(record.name)
        except ConfigError as error:
            self._refuse(record, str(error))
            return None

    def _checked_config(self, record: Record, code: Code) -> ModuleConfig | None:
        """Read the module's file by the schema its class brings, if it brings one."""
        schema = code.module_class.config_schema
        if schema is not None:
            try:
                self._register_schema(record.name, schema)
            except ConfigError as error:
                self._refuse(record, str(error))
                return None
        return self._read_config(record)

    async def _start(self, names: Sequence[str]) -> list[str]:
        broken = {name for name in names if not self._prepare(self.records[name])}
        dependencies = {
            record.name: record.instance.info.dependencies if record.instance is not None else []
            for record in self.records.values()
        }
        order, refused = load_order(names, dependencies, self.resolve)
        for name, reason in refused.items():
            self._give_up(self.records[name], reason)
        for name in order:
            record = self.records[name]
            if name in broken:  # it was told already, and is not tried a second time
                record.state = ModuleState.ERROR
            elif await self._load(record):
                await self._enable(record)
        return [name for name in order if self.records[name].state is ModuleState.ENABLED]

    def _build(self, record: Record) -> Instance | None:
        """Import the code and make an object of it; None after saying why not."""
        self._generation += 1
        name = record.name
        code = self._bulkhead.call(name, "import", record.source.fetch, self._generation)
        if not isinstance(code, Code):
            self._refuse(record, self._bulkhead.last_failure[name])
            return None
        config = self._checked_config(record, code)
        if config is None:
            code.discard()
            return None
        settings = config.get("settings") or {}
        level = config.get("log_level")
        try:
            server = ModuleServer(
                self._facade,
                name,
                settings=settings,
                log_level=level,
                find_module=self.get_module,
            )
        except TypeError as error:
            self._refuse(record, f"settings of {name}: {error}")
            code.discard()
            return None
        module = self._bulkhead.call(name, "__init__", code.module_class, server)
        problem = self._bulkhead.last_failure[name] if module is FAILED else shape_problem(module)
        if isinstance(module, BaseModule) and not problem:
            return Instance(module, server, code)
        self._refuse(record, problem)
        code.discard()
        return None

    def _prepare(self, record: Record) -> bool:
        if record.instance is None:
            record.instance = self._build(record)
        return record.instance is not None

    async def _agrees(self, record: Record, what: str, step: Callable[[], object]) -> bool:
        """Run one step of a life cycle; say why when it failed, hung or said no."""
        problem = await refusal(self._bulkhead, record.name, what, step)
        record.error = problem or record.error
        return not problem

    async def _load(self, record: Record) -> bool:
        if record.state in _ALIVE:
            return True
        if not self._prepare(record):
            record.state = ModuleState.ERROR
            return False
        instance = record.instance
        if instance is not None and (missing := self._missing(instance)):
            self._drop(record)
            self._refuse(record, missing)
            return False
        if instance is None or not await self._agrees(record, "load", instance.module.load):
            self._give_up(record, record.error)
            return False
        record.error = ""
        self._set_state(record, ModuleState.LOADED)
        self._loaded_order.append(record.name)
        self._announce(ModuleLoaded(name=record.name, version=instance.info.version))
        return True

    async def _enable(self, record: Record) -> bool:
        instance = record.instance
        if record.state is ModuleState.ENABLED:
            return True
        if instance is None:
            return False
        if missing := self._missing(instance):
            self._refuse(record, missing)
            return False
        try:
            instance.server.open()
            enabled = await self._agrees(record, "enable", instance.module.enable)
        except ModuleError as error:
            record.error = str(error)
            enabled = False
        if not enabled:
            reason = record.error
            instance.server.rest()
            await self._agrees(record, "unload", instance.module.unload)
            self._loaded_order.remove(record.name)
            self._give_up(record, reason)
            return False
        record.error = ""
        self._set_state(record, ModuleState.ENABLED)
        self._announce(ModuleEnabled(name=record.name, version=instance.info.version))
        return True

    async def _disable(self, record: Record) -> bool:
        instance = record.instance
        if instance is None or record.state is not ModuleState.ENABLED:
            return record.state is not ModuleState.ERROR
        if users := self._users(record, (ModuleState.ENABLED,)):
            self._refuse(record, f"{', '.join(users)} needs it; disable that first")
            return False
        agreed = await self._agrees(record, "disable", instance.module.disable)
        instance.server.rest()
        self._set_state(record, ModuleState.DISABLED)
        self._announce(ModuleDisabled(name=record.name, version=instance.info.version))
        return agreed

    async def _unload(self, record: Record) -> bool:
        instance = record.instance
        if instance is None or record.state not in _ALIVE:
            self._drop(record)
            record.state = ModuleState.UNLOADED
            return True
        if users := self._users(record, _ALIVE):
            self._refuse(record, f"{', '.join(users)} needs it; unload that first")
            return False
        agreed = await self._disable(record)
        agreed = await self._agrees(record, "unload", instance.module.unload) and agreed
        instance.server.close()
        self._loaded_order.remove(record.name)
        self._set_state(record, ModuleState.UNLOADED)
        self._drop(record)
        self._announce(ModuleUnloaded(name=record.name, version=instance.info.version))
        return agreed

    # Replacing.

    async def _reload(self, record: Record) -> bool:
        old = record.instance
        if old is None or record.state not in _ALIVE:
            return await self._load(record) and await self._enable(record)
        new = self._build(record)
        if new is not None and await self._accept(record, old, new):
            return True
        schema = old.code.module_class.config_schema
        if schema is not None:
            with suppress(ConfigError):  # the file is at fault, not the old code
                self._register_schema(record.name, schema)
        return False

    async def _accept(self, record: Record, old: Instance, new: Instance) -> bool:
        if missing := self._missing(new):
            record.error = missing
        elif await self._agrees(record, "load of the new code", new.module.load):
            if await self._take_over(record, old, new):
                await self._replace(record, old, new)
                return True
            reason = record.error
            await self._agrees(record, "unload of the new code", new.module.unload)
            record.error = reason
        self._refuse(record, record.error)
        new.server.close()
        new.code.discard()
        return False

    async def _take_over(self, record: Record, old: Instance, new: Instance) -> bool:
        if record.state is not ModuleState.ENABLED:
            return True
        takeover = TakeOver(self._bulkhead, record.name, old, new)
        if await takeover.run():
            return True
        record.error = takeover.problem
        if takeover.lost:
            self._loaded_order.remove(record.name)
            self._set_state(record, ModuleState.ERROR)
            self._drop(record)
        return False

    async def _replace(self, record: Record, old: Instance, new: Instance) -> None:
        record.instance = new
        record.reloads += 1
        self._set_state(record, record.state)
        old.module.state = ModuleState.UNLOADED
        record.error = ""
        await self._agrees(record, "unload of the old code", old.module.unload)
        if old.code.package != new.code.package:
            old.code.discard()
        _log.info("module_reloaded", module=record.name, version=new.info.version)
        self._announce(ModuleReloaded(name=record.name, version=new.info.version))

    async def _reconfigure(self, record: Record, instance: Instance, config: ModuleConfig) -> bool:
        module, server = instance.module, instance.server
        before = module.config
        try:
            after = frozen_settings(config.get("settings") or {})
        except TypeError as error:
            self._refuse(record, f"settings of {record.name}: {error}")
            return False
        module.logger = server.logger = module_logger(record.name, config.get("log_level"))
        if after == before:
            return True
        module.config = server.settings = after
        if await self._agrees(record, "on_config", lambda: module.on_config(after)):
            record.error = ""
            return True
        module.config = server.settings = before
        self._refuse(record, record.error)
        return False

    # Small things.

    def _missing(self, instance: Instance) -> str:
        """Return why a module's dependencies are not met; empty when they are."""
        for dependency in instance.info.dependencies:
            if self.get_module(dependency) is None:
                known = self.resolve(dependency)
                hint = f"enable {known} first" if known else f"no {dependency}.py in {self.folder}"
                return f"needs {dependency}, which is not enabled; {hint}"
        return ""

    def _users(self, record: Record, states: tuple[ModuleState, ...]) -> list[str]:
        return [
            other.name
            for other in self.records.values()
            if other.instance is not None
            and other.state in states
            and record.name in {self.resolve(name) for name in other.instance.info.dependencies}
        ]

    def _set_state(self, record: Record, state: ModuleState) -> None:
        record.state = state
        if record.instance is not None:
            record.instance.module.state = state

    def _refuse(self, record: Record, reason: str) -> None:
        """Say why something asked for did not happen; the module stays as it is."""
        record.error = reason
        _log.error("module_refused", module=record.name, reason=reason, source=record.source.where)
        self._announce(ModuleFailed(name=record.name, reason=reason))

    def _give_up(self, record: Record, reason: str) -> None:
        self._set_state(record, ModuleState.ERROR)
        self._drop(record)
        self._refuse(record, reason)

    def _drop(self, record: Record) -> None:
        if record.instance is not None:
            record.instance.code.discard()
        record.instance = None

    def _announce(self, payload: Payload) -> None:
        self._events.announce(payload, "modules")
