"""`ModuleServer`: the server as one loaded module sees it, and owner of all the module registers.

The module manager opens it when the module is enabled, closes it when it is disabled, and hands
living timers and rooms over when newer code takes the place of older.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from pyao.errors import ModuleError, RoomError
from pyao.modules.facade import Client, ServerFacade
from pyao.modules.owned import (
    OwnedCommands,
    OwnedData,
    OwnedEvents,
    OwnedRooms,
    OwnedTasks,
    OwnedTimers,
)
from pyao.modules.ownership import Ownership, Undo
from pyao.rooms import GenericRoom, plain_copy


def module_logger(module: str, level: str | None) -> FilteringBoundLogger:
    """Return the log of one module; with a `level` of its own it ignores the server's."""
    if level is None:
        logger: FilteringBoundLogger = structlog.get_logger("pyao.modules", module=module)
        return logger
    own: FilteringBoundLogger = structlog.wrap_logger(
        None,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        module=module,
    )
    return own


class ModuleServer:
    """What a module can reach as `self.server`.

    `event_manager`, `commands`, `timers`, `tasks` and `rooms` own what is registered through them;
    `saved_data` is kept between two starts; `settings` is the module's own configuration.
    `reloading` is true while newer code takes over from older: what `disable` ends for players and
    `enable` begins for them can then go on instead.
    """

    def __init__(
        self,
        facade: ServerFacade,
        module: str,
        *,
        settings: Mapping[str, Any] | None = None,
        log_level: str | None = None,
        find_module: Callable[[str], Any] = lambda _name: None,
    ) -> None:
        self.name = module
        self.reloading = False
        self.logger = module_logger(module, log_level)
        self.ownership = Ownership(module)
        self.event_manager = OwnedEvents(facade.event_manager, self.ownership)
        self.commands = OwnedCommands(facade.commands, self.ownership)
        self.timers = OwnedTimers(facade.timers, self.ownership)
        self.tasks = OwnedTasks(facade.tasks, self.ownership)
        self.rooms = OwnedRooms(facade.rooms, self.ownership)
        self.saved_data = OwnedData(facade.saved_data, module)
        self._facade = facade
        self._find_module = find_module
        self.settings = frozen_settings(settings or {})

    # The server.

    @property
    def config(self) -> object:
        """The server's settings in force."""
        return self._facade.config

    @property
    def clients(self) -> Mapping[str, Client]:
        """Who is connected, by client id."""
        return self._facade.clients

    def client(self, name: str) -> Client | None:
        """Return the client whose character has this name, in any case, or None."""
        wanted = name.casefold()
        named = (each for each in self.clients.values() if each.name)  # the others are in the lobby
        return next((each for each in named if each.name.casefold() == wanted), None)

    def broadcast_message(self, message: str | Mapping[str, Any]) -> None:
        """Send a line of text, or a message of the framed doors, to everybody."""
        self._facade.broadcast_message(message)

    def now(self) -> float:
        """Return the time of day in unix seconds."""
        return self._facade.now()

    def shutdown(self, reason: str = "a module asked for it") -> None:
        """Begin a graceful stop of the server."""
        self._facade.shutdown(reason)

    def module(self, name: str) -> Any:  # noqa: ANN401 - another module, of any class
        """Return another enabled module, or None. Ask each time: a reload replaces it."""
        return self._find_module(name)

    def own(self, what: str, install: Callable[[], Undo]) -> None:
        """Register anything else: `install` does it and returns what undoes it."""
        self.ownership.add(what, install)

    def spawn_creature(self, kind: int, map_number: int, x: int, y: int) -> bool:
        """Bring a creature in on the free tile nearest to a place; False when there is none.

        `kind` is its number in the world's files. It stays until it is killed or the module rests.
        """
        if not self.ownership.is_open:
            raise ModuleError("creatures can be brought in from `enable` on, not before")
        return self._facade.creatures.spawn(self.name, kind, map_number, x, y)

    def spawn(self, work: Coroutine[Any, Any, object], name: str = "task") -> None:
        """Run a coroutine beside the game until the module is disabled."""
        if not self.ownership.is_open:
            work.close()
            raise ModuleError("tasks can be started from `enable` on, not before")
        self._facade.event_manager.bulkhead.spawn(self.name, name, work, endless=True)

    # For the module manager.

    def open(self) -> None:
        """Put everything registered into effect; ModuleError says what could not be."""
        self.ownership.open()
        self.timers.open()
        self.ownership.keep()

    def close(self) -> None:
        """Take everything registered out of effect, so that `open` can put it back."""
        if self.ownership.is_open:
            self.timers.close()
            self.ownership.close()

    def rest(self) -> None:
        """End being enabled: what it made since then goes: rooms, creatures, tasks."""
        self.close()
        self.ownership.forget()
        self.timers.forget()
        self._facade.rooms.delete_owned(self.name, "module stopped")
        self._facade.creatures.remove_owned(self.name)
        self._facade.event_manager.bulkhead.cancel(self.name)

    def take_over(self, older: ModuleServer, classes: Mapping[str, Any], old_package: str) -> None:
        """Close `older` code's registrations and open these, with its timers and rooms.

        Nothing else runs in between. `classes` are the names of the newer code; `old_package` is
        where the older code's classes live. Raises ModuleError with the older still in effect.
        """
        older.close()
        older._facade.event_manager.bulkhead.cancel(self.name, endless_only=True)
        if self.ownership.opened:  # the older code goes on after all
            self.timers.carry(self.timers)
            self.ownership.forget()
        else:
            self.timers.carry(older.timers)
        try:
            self.open()
            self._adopt_rooms(classes, old_package)
        except ModuleError:
            self.close()
            older.open()
            raise

    def settle(self, module: object) -> None:
        """After a take-over: move the older code's remaining timers to methods of `module`."""
        for timer in self.timers.settle(module):
            self.logger.warning("timer_lost", timer=timer.name or repr(timer.callback))

    def _adopt_rooms(self, classes: Mapping[str, Any], old_package: str) -> None:
        rooms = self._facade.rooms
        changed: list[tuple[GenericRoom, type[GenericRoom]]] = []
        for room in rooms.find_rooms(owner=self.name):
            old = type(room)
            if old.__module__.partition(".")[0] != old_package:
                continue
            try:
                rooms.change_class(room, _room_class(classes, room), self.name)
            except (ModuleError, RoomError) as error:
                for each, before in changed:
                    rooms.change_class(each, before, self.name)
                raise ModuleError(str(error)) from error
            changed.append((room, old))


def _room_class(classes: Mapping[str, Any], room: GenericRoom) -> type[GenericRoom]:
    name = type(room).__name__
    found = classes.get(name)
    if isinstance(found, type) and issubclass(found, GenericRoom):
        return found
    raise ModuleError(f"room {room.id} is a {name}; the new code has no such room class")


def frozen_settings(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a read-only copy of a module's settings."""
    return MappingProxyType({key: plain_copy(value, key) for key, value in settings.items()})
