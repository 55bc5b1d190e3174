"""The registries as a module sees them: the same methods, with the module as owner of everything.

Whatever name a module passes as its own, it is the owner that counts: nothing can be registered
under a wrong name and be left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pyao.errors import ModuleError, RoomError
from pyao.events import Event, EventManager, EventPriority, Payload
from pyao.modules.commands import CommandCallback, CommandRegistry
from pyao.modules.ownership import Ownership, Undo
from pyao.modules.saved_data import Record, SavedData
from pyao.modules.task_table import PacketType, TaskFunction, TaskTable
from pyao.modules.timers import Timer, Timers
from pyao.rooms import GenericRoom, RoomManager, RoomMember, RoomRefusal, RoomSettings

D = TypeVar("D", bound=Mapping[str, Any])
P = TypeVar("P", bound=Payload)

EVENT: Final = "event"
COMMAND: Final = "command"
TASK: Final = "task"


class OwnedEvents:
    """The event manager, as one module sees it."""

    def __init__(self, events: EventManager, ownership: Ownership) -> None:
        self._events = events
        self._ownership = ownership

    def register_handler(
        self,
        event_type: str,
        callback: Callable[[Event[Any]], object],
        module_name: str = "",
        priority: EventPriority = EventPriority.NORMAL,
        filter_condition: Callable[[Event[Any]], bool] | None = None,
    ) -> None:
        """Call `callback` with each event of the type; `module_name` is for the reader only."""
        del module_name
        owner = self._ownership.module

        def install() -> Undo:
            self._events.register_handler(event_type, callback, owner, priority, filter_condition)
            return lambda: self._events.unregister_handler(event_type, owner, callback)

        self._ownership.add(f"handler of {event_type}", install, EVENT, event_type, callback)

    def unregister_handler(
        self,
        event_type: str,
        module_name: str = "",
        callback: Callable[[Event[Any]], object] | None = None,
    ) -> int:
        """Remove this module's callbacks (or the one given) for the type; return how many."""
        del module_name
        if callback is None:
            return self._ownership.drop(EVENT, event_type)
        return self._ownership.drop(EVENT, event_type, callback)

    def unregister_all_handlers(self, module_name: str = "") -> int:
        """Remove every callback of this module; return how many."""
        del module_name
        return self._ownership.drop(EVENT)

    def emit(self, event: Event[D]) -> Event[D]:
        """Emit an event; awaiting the result waits for coroutine callbacks."""
        return self._events.emit(event)

    def announce(self, payload: P, source: str = "") -> Event[P]:
        """Emit the event a payload describes, in the name of this module."""
        return self._events.announce(payload, source or self._ownership.module)

    async def emit_and_wait(self, event: Event[Any], timeout: float | None = None) -> bool:  # noqa: ASYNC109 - the documented signature
        """Emit and wait for all callbacks; return whether `timeout` seconds were enough."""
        return await self._events.emit_and_wait(event, timeout)

    def hears(self, event_type: str) -> bool:
        """Return whether anybody listens."""
        return self._events.hears(event_type)

    def get_event_history(
        self, event_type: str | None = None, source: str | None = None, limit: int = 100
    ) -> list[Event[Any]]:
        """Return the last remembered events that match, oldest first."""
        return self._events.get_event_history(event_type, source, limit)


class OwnedCommands:
    """The chat commands, as one module sees them."""

    def __init__(self, commands: CommandRegistry, ownership: Ownership) -> None:
        self._commands = commands
        self._ownership = ownership

    def register(
        self,
        name: str,
        callback: CommandCallback,
        *,
        privileges: int = 0,
        permission: str = "",
        description: str = "",
    ) -> None:
        """Answer `/name` with what `callback(caller, arguments)` returns."""
        owner = self._ownership.module

        def install() -> Undo:
            command = self._commands.register(
                owner,
                name,
                callback,
                privileges=privileges,
                permission=permission,
                description=description,
            )
            return lambda: self._commands.unregister(command)

        self._ownership.add(f"/{name}", install, COMMAND, name.lower())

    def unregister(self, name: str) -> bool:
        """Remove one of this module's commands; return whether there was one."""
        return bool(self._ownership.drop(COMMAND, name.lower()))


class OwnedTasks:
    """The table of tasks, as one module sees it."""

    def __init__(self, tasks: TaskTable[Any], ownership: Ownership) -> None:
        self._tasks = tasks
        self._ownership = ownership

    def replace(self, packet: type[PacketType], function: TaskFunction) -> None:
        """Let `function(turn, packet)` answer a packet instead of the server."""
        owner = self._ownership.module

        def install() -> Undo:
            replacement = self._tasks.replace(owner, packet, function)
            return lambda: self._tasks.restore(replacement)

        self._ownership.add(f"task of {packet.__name__}", install, TASK, packet.key)

    def original(self, packet: type[PacketType]) -> Any:  # noqa: ANN401 - the server's kind of row
        """Return the server's own row for a packet, to build on."""
        return self._tasks.original(packet)


@dataclass(frozen=True, slots=True)
class Carried:
    """A timer of older code: newer code that asks for the same one gets its time to go."""

    timer: Timer

    def matches(self, wanted: Timer) -> bool:
        """Return whether the wanted timer is the same one."""
        mine = self.timer
        if mine.periodic != wanted.periodic:
            return False
        if mine.name or wanted.name:
            return mine.name == wanted.name
        method = _method_name(mine.callback)
        same_call = method == _method_name(wanted.callback) and mine.args == wanted.args
        return bool(method) and same_call and mine.delay_s == wanted.delay_s


class OwnedTimers:
    """The timers, as one module sees them."""

    def __init__(self, timers: Timers, ownership: Ownership) -> None:
        self._timers = timers
        self._ownership = ownership
        self._waiting: list[Timer] = []  # to be queued when opened
        self._lasting: list[Timer] = []  # asked for while closed: wanted each time it is opened
        self._carried: list[Carried] = []

    def every(
        self,
        period_s: float,
        callback: Callable[..., object],
        *args: Any,  # noqa: ANN401 - arguments of any callback
        name: str = "",
    ) -> Timer:
        """Call `callback(*args)` each `period_s` seconds, the first time one period from now.

        With a `name` it takes the place of this module's timer of the same name.
        """
        owner = self._ownership.module
        return self._add(Timer(owner, name, period_s, periodic=True, callback=callback, args=args))

    def after(
        self,
        delay_s: float,
        callback: Callable[..., object],
        *args: Any,  # noqa: ANN401 - arguments of any callback
        name: str = "",
    ) -> Timer:
        """Call `callback(*args)` once, `delay_s` seconds from now."""
        owner = self._ownership.module
        return self._add(Timer(owner, name, delay_s, periodic=False, callback=callback, args=args))

    def open(self) -> None:
        """Queue what was asked for while closed, or was queued when it was closed."""
        waiting, self._waiting = self._waiting, []
        for timer in waiting:
            self._timers.add(timer)

    def close(self) -> None:
        """Take this module's timers out; `open` puts them back with the time they had to go."""
        self._waiting = self._timers.remove_all(self._ownership.module)

    def forget(self) -> None:
        """Drop a closed module's timers; those of before it was opened start anew with it."""
        self._waiting = [timer for timer in self._waiting if timer in self._lasting]
        for timer in self._waiting:
            timer.due = None

    def carry(self, older: OwnedTimers) -> None:
        """Let the timers of older, closed code keep their time when they are asked for again.

        `older` may be this one: a module that is enabled once more asks for its own timers.
        """
        timers = [timer for timer in older._waiting if not timer.cancelled]
        if older is self:
            self._waiting = [timer for timer in timers if timer in self._lasting]
            timers = [timer for timer in timers if timer not in self._lasting]
        self._carried = [Carried(timer) for timer in timers]
        for timer in self._waiting:
            self._inherit(timer)

    def settle(self, module: object) -> list[Timer]:
        """Move what was carried and not asked for again; return what could not be moved.

        A call that was to happen once happens on the method of the same name of the new `module`.
        A periodic one that the new code did not ask for is over.
        """
        lost = []
        for carried in self._carried:
            timer = carried.timer
            if timer.periodic:
                continue
            method = getattr(module, _method_name(timer.callback) or " ", None)
            if callable(method):
                moved = Timer(
                    timer.module,
                    timer.name,
                    timer.delay_s,
                    periodic=False,
                    callback=method,
                    args=timer.args,
                    due=timer.due,
                )
                self._timers.add(moved)
            else:
                lost.append(timer)
        self._carried = []
        return lost

    def _add(self, timer: Timer) -> Timer:
        self._inherit(timer)
        if timer.name:
            # While closed, what is queued belongs to the older code that is still at work.
            is_open = self._ownership.is_open
            for other in self._timers.timers(timer.module) if is_open else self._waiting:
                if other.name == timer.name:
                    other.cancel()
        if self._ownership.is_open:
            return self._timers.add(timer)
        self._waiting.append(timer)
        self._lasting.append(timer)
        return timer

    def _inherit(self, timer: Timer) -> None:
        for carried in self._carried:
            if carried.matches(timer):
                timer.due = carried.timer.due
                self._carried.remove(carried)
                return


class OwnedRooms:
    """The index of rooms, as one module sees it."""

    def __init__(self, rooms: RoomManager, ownership: Ownership) -> None:
        self._rooms = rooms
        self._ownership = ownership

    def register_class(self, room_class: type[GenericRoom]) -> None:
        """Let rooms of the class be created by its kind while this module is enabled."""
        owner = self._ownership.module

        def install() -> Undo:
            self._rooms.register_class(room_class, owner)
            return lambda: self._rooms.unregister_class(room_class.kind)

        self._ownership.add(f"rooms of kind {room_class.kind}", install, "kind", room_class.kind)

    def bind_class(self, room_id: str, room_class: type[GenericRoom]) -> None:
        """Turn one room, such as `map:34`, into a subclass of what it is."""
        owner = self._ownership.module

        def install() -> Undo:
            self._rooms.bind_class(room_id, room_class, owner)
            return lambda: self._rooms.unbind_class(room_id)

        self._ownership.add(f"class of room {room_id}", install, "bound", room_id)

    def create_room(
        self,
        room_class: type[GenericRoom] | str | None = None,
        settings: RoomSettings | Mapping[str, Any] | None = None,
        *,
        room_id: str | None = None,
    ) -> GenericRoom:
        """Create a room of this module; it goes when the module is disabled.

        A room of this module that has the id already (it outlives a reload) is returned as it is.
        """
        if not self._ownership.is_open:
            raise ModuleError("rooms can be created from `enable` on, not before")
        owner = self._ownership.module
        if room_id is not None:
            room = self._rooms.get_room(room_id)
            if room is not None and room.owner == owner:
                return room
        return self._rooms.create_room(room_class, settings, room_id=room_id, owner=owner)

    def delete_room(self, room_id: str, reason: str = "deleted") -> bool:
        """Delete a room of this module; return whether there was one."""
        if self._rooms.get_room(room_id) is None:
            return False
        self._require_own(room_id)
        return self._rooms.delete_room(room_id, reason)

    def change_settings(self, room_id: str, changes: Mapping[str, Any]) -> None:
        """Change how a room of this module behaves, such as `{"public": False}`.

        Who is in stays in; what becomes private gets a credential where it has none. Raises
        RoomError.
        """
        self._require_own(room_id)
        self._rooms.change_settings(room_id, changes)

    def get_room(self, room_id: str) -> GenericRoom | None:
        """Return the room, whoever made it, or None."""
        return self._rooms.get_room(room_id)

    def get_public_rooms(self) -> list[GenericRoom]:
        """Return every public room."""
        return self._rooms.get_public_rooms()

    def find_rooms(self, kind: str | None = None, **metadata: object) -> list[GenericRoom]:
        """Return this module's rooms of a kind and with this metadata."""
        return self._rooms.find_rooms(kind, owner=self._ownership.module, **metadata)

    def join(
        self, room_id: str, member: RoomMember, credential: str | None = None
    ) -> RoomRefusal | None:
        """Let a member into a room; return why not, or None."""
        return self._rooms.join(room_id, member, credential)

    def leave(self, room_id: str, member_id: str, reason: str = "left") -> RoomRefusal | None:
        """Take a member out of a room; return why not, or None."""
        return self._rooms.leave(room_id, member_id, reason)

    def _require_own(self, room_id: str) -> None:
        room = self._rooms.get_room(room_id)
        if room is not None and room.owner != self._ownership.module:
            raise RoomError(RoomRefusal.PERMISSION_DENIED, f"room {room_id} is {room.owner}'s")


class OwnedData:
    """The records this module remembers between two starts of the server."""

    def __init__(self, data: SavedData, module: str) -> None:
        self._data = data
        self._module = module

    def get(self, key: str) -> dict[str, str]:
        """Return a copy of a record; empty when there is none."""
        return self._data.get(self._module, key)

    def put(self, key: str, record: Record) -> None:
        """Replace a record; an empty one deletes it."""
        self._data.put(self._module, key, record)

    def keys(self) -> list[str]:
        """Return the keys of the records, in order."""
        return self._data.keys(self._module)


def _method_name(callback: Callable[..., object]) -> str:
    """Return the name of a bound method; empty for anything newer code cannot find again."""
    if getattr(callback, "__self__", None) is None:
        return ""
    return str(getattr(callback, "__name__", ""))
