"""`BaseModule`: what a module is, what it may override, and the short ways to register things.

Everything registered through `self` or `self.server` works while the module is enabled, and is
removed when it is disabled, unloaded or replaced by newer code.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final, TypeVar

from structlog.typing import FilteringBoundLogger

from pyao.events import Event, EventPriority
from pyao.modules.commands import CommandCallback
from pyao.modules.scope import ModuleServer
from pyao.modules.task_table import PacketType
from pyao.modules.timers import Timer
from pyao.rooms import Plain

F = TypeVar("F", bound=Callable[..., object])
_MARKS: Final = "_pyao_on"


class ModuleState(StrEnum):
    """What a module is doing; only the module manager changes it."""

    UNLOADED = "unloaded"
    LOADED = "loaded"
    ENABLED = "enabled"
    DISABLED = "disabled"
    ERROR = "error"


@dataclass(slots=True)
class ModuleInfo:
    """How a module introduces itself; `dependencies` are names of other modules (or files)."""

    name: str
    version: str = "0.1.0"
    description: str = ""
    author: str = ""
    dependencies: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    """What `on` wrote on a method."""

    what: str | type[PacketType]
    priority: EventPriority
    filter_condition: Callable[[Event[Any]], bool] | None


def on(
    what: str | type[PacketType],
    priority: EventPriority = EventPriority.NORMAL,
    filter_condition: Callable[[Event[Any]], bool] | None = None,
) -> Callable[[F], F]:
    """Mark a method of a module: it hears an event type, or answers a client packet.

    `@on(EventTypes.PLAYER_DIED)` is called with the event, `@on(Walk)` with the turn and the packet
    in place of the server's own task. A method may be marked more than once.
    """

    def mark(method: F) -> F:
        marks: list[_Mark] = vars(method).setdefault(_MARKS, [])
        marks.append(_Mark(what, priority, filter_condition))
        return method

    return mark


def _marks_of(module_class: type) -> Iterator[tuple[str, _Mark]]:
    for name in dir(module_class):
        method = getattr(module_class, name, None)
        if inspect.isfunction(method):
            for mark in vars(method).get(_MARKS, ()):
                yield name, mark


class BaseModule:
    """A part of the server that can be loaded, replaced and removed while players play.

    Its life: `__init__`, `load`, `enable`, then any number of `disable` and `enable`, `unload`.
    Each of the four may be overridden; False or an exception keeps the module out, and nobody
    else is hurt. `self.config` holds the `settings` of the module's file in `config/modules/`.
    With a `config_schema` (a pydantic model, or a list of `pyao.config.ConfigField`) they are
    checked, and its defaults filled in, before the module sees them.
    """

    config_schema: ClassVar[Any] = None
    _marked: ClassVar[tuple[tuple[str, _Mark], ...]] = ()

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        cls._marked = tuple(_marks_of(cls))

    def __init__(self, server: ModuleServer) -> None:
        self.server = server
        self.state = ModuleState.UNLOADED
        self.config: Mapping[str, Any] = server.settings
        self.logger: FilteringBoundLogger = server.logger
        self.module_info = ModuleInfo(name=type(self).__name__)
        for name, mark in self._marked:
            method = getattr(self, name)
            if isinstance(mark.what, str):
                self.on(mark.what, method, mark.priority, mark.filter_condition)
            else:
                server.tasks.replace(mark.what, method)

    async def load(self) -> bool:
        """Acquire what the module needs; return whether it can work."""
        return True

    async def enable(self) -> bool:
        """Start working; return whether it did."""
        return True

    async def disable(self) -> bool:
        """Stop working; what was registered is removed right after."""
        return True

    async def unload(self) -> bool:
        """Release what `load` acquired."""
        return True

    def export_state(self) -> Plain:
        """Return what newer code of the module must know: plain data, no objects."""
        return None

    def import_state(self, state: Plain) -> None:
        """Take over what older code exported; called before `enable`."""

    async def on_config(self, config: Mapping[str, Any]) -> bool:
        """Accept edited settings, which are in `self.config` already; False keeps the old ones."""
        del config
        return True

    @property
    def is_enabled(self) -> bool:
        """Whether the module is working."""
        return self.state is ModuleState.ENABLED

    @property
    def is_loaded(self) -> bool:
        """Whether the module is loaded, working or not."""
        return self.state in (ModuleState.LOADED, ModuleState.ENABLED, ModuleState.DISABLED)

    def on(
        self,
        event_type: str,
        callback: Callable[[Event[Any]], object],
        priority: EventPriority = EventPriority.NORMAL,
        filter_condition: Callable[[Event[Any]], bool] | None = None,
    ) -> None:
        """Call `callback` with each event of a type."""
        self.server.event_manager.register_handler(
            event_type, callback, "", priority, filter_condition
        )

    def command(
        self,
        name: str,
        callback: CommandCallback,
        *,
        privileges: int = 0,
        permission: str = "",
        description: str = "",
    ) -> None:
        """Answer `/name` with what `callback(caller, arguments)` returns.

        `privileges` and `permission` say who may use it; see `ModuleCommand`.
        """
        self.server.commands.register(
            name,
            callback,
            privileges=privileges,
            permission=permission,
            description=description,
        )

    def every(
        self,
        period_s: float,
        callback: Callable[..., object],
        *args: Any,  # noqa: ANN401 - arguments of any callback
        name: str = "",
    ) -> Timer:
        """Call a method periodically; its rhythm survives a reload."""
        return self.server.timers.every(period_s, callback, *args, name=name)

    def after(
        self,
        delay_s: float,
        callback: Callable[..., object],
        *args: Any,  # noqa: ANN401 - arguments of any callback
        name: str = "",
    ) -> Timer:
        """Call a method once; it is still called after a reload, on the new code."""
        return self.server.timers.after(delay_s, callback, *args, name=name)

    def spawn(self, work: Coroutine[Any, Any, object], name: str = "task") -> None:
        """Run a coroutine beside the game until the module is disabled."""
        self.server.spawn(work, name)
