"""`EventManager`: registered callbacks by event type, in order of priority, with a history.

`emit` runs plain callbacks at once, so that a "before" event can be vetoed between two lines of a
task. A coroutine callback starts at the next pass of the loop, and so does what ranks below it.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar, cast, overload

from pyao.events.bulkhead import Bulkhead
from pyao.events.event_types import Payload
from pyao.events.payloads import PAYLOADS

HISTORY: Final = 1_000

D = TypeVar("D", bound=Mapping[str, Any])
P = TypeVar("P", bound=Payload)

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class EventPriority(IntEnum):
    """In which order callbacks of one event start: CRITICAL first."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    CRITICAL = 3


class Event(Generic[D]):
    """One thing that happened: its type, who says so, and the data of the type.

    `data` is a payload of `payloads.py` (attributes, and `data["name"]` and `data.get("name")` as
    well) or, for types of a module's own, any mapping. Awaiting an emitted event waits until all
    callbacks have finished.
    """

    __slots__ = (
        "data",
        "decided",
        "event_type",
        "number",
        "pending",
        "propagating",
        "source",
        "timestamp",
        "veto_reason",
    )

    @overload
    def __init__(self: Event[Mapping[str, Any]], event_type: str, source: str) -> None: ...
    @overload
    def __init__(self, event_type: str, source: str, data: D) -> None: ...
    def __init__(self, event_type: str, source: str, data: D | None = None) -> None:
        self.event_type = event_type
        self.source = source
        self.data: D = cast("D", _NOTHING) if data is None else data
        self.timestamp = 0.0  # unix seconds, set by emit
        self.number = 0  # counts the events of this server, set by emit
        self.propagating = True
        self.decided = False
        self.veto_reason: str | None = None
        self.pending: tuple[asyncio.Future[object], ...] = ()

    @property
    def vetoed(self) -> bool:
        """Whether what the event announces must not happen."""
        return self.veto_reason is not None

    def stop_propagation(self) -> None:
        """Keep the event from callbacks that have not started yet."""
        self.propagating = False

    def veto(self, reason: str = "") -> None:
        """Forbid what a "before" event announces; `reason` is shown to the player.

        Raises ValueError when the event cannot be vetoed, or no longer.
        """
        if not getattr(self.data, "vetoable", False):
            raise ValueError(f"{self.event_type} only tells what happened; it cannot be vetoed")
        if self.decided:
            raise ValueError(f"{self.event_type} was decided already; veto in a plain callback")
        self.veto_reason = reason
        self.propagating = False

    def __await__(self) -> Generator[Any, None, None]:
        return self._finished().__await__()

    async def _finished(self) -> None:
        if self.pending:
            await asyncio.wait(self.pending)

    def __repr__(self) -> str:
        return f"Event({self.event_type} from {self.source}: {self.data!r})"[:500]


Callback = Callable[[Event[Any]], object]
Condition = Callable[[Event[Any]], bool]


@dataclass(slots=True, eq=False)
class Handler:
    """One registered callback; `live` turns false when it is unregistered."""

    event_type: str
    callback: Callback
    module_name: str
    priority: EventPriority
    filter_condition: Condition | None
    asynchronous: bool
    live: bool = True


class EventManager:
    """Hand each emitted event to those who asked for its type."""

    def __init__(self, bulkhead: Bulkhead, *, clock: Callable[[], float] = time.time) -> None:
        self.bulkhead = bulkhead
        self._clock = clock
        self._handlers: dict[str, tuple[Handler, ...]] = {}
        self._history: deque[Event[Any]] = deque(maxlen=HISTORY)
        self._count = 0

    def register_handler(
        self,
        event_type: str,
        callback: Callback,
        module_name: str,
        priority: EventPriority = EventPriority.NORMAL,
        filter_condition: Condition | None = None,
    ) -> None:
        """Call `callback` with each event of the type for which `filter_condition` is true.

        Registering the same callback for the same module again replaces the first registration.
        Raises TypeError for a coroutine on a type that can be vetoed: it would come too late.
        """
        asynchronous = _is_asynchronous(callback)
        payload = PAYLOADS.get(event_type)
        if asynchronous and payload is not None and payload.vetoable:
            raise TypeError(f"{event_type} is decided at once: its callback must be a plain def")
        handler = Handler(
            str(event_type),
            callback,
            module_name,
            EventPriority(priority),
            filter_condition,
            asynchronous,
        )
        self.unregister_handler(event_type, module_name, callback)
        handlers = [*self._handlers.get(event_type, ()), handler]
        handlers.sort(key=lambda each: -each.priority)  # stable: first come, first called
        self._handlers[handler.event_type] = tuple(handlers)

    def unregister_handler(
        self, event_type: str, module_name: str, callback: Callback | None = None
    ) -> int:
        """Remove the module's callbacks (or the one given) for the type; return how many."""
        handlers = self._handlers.get(event_type, ())
        gone = [
            handler
            for handler in handlers
            if handler.module_name == module_name
            and (callback is None or handler.callback == callback)
        ]
        for handler in gone:
            handler.live = False
        if left := tuple(handler for handler in handlers if handler.live):
            self._handlers[str(event_type)] = left
        else:
            self._handlers.pop(event_type, None)
        return len(gone)

    def unregister_all_handlers(self, module_name: str) -> int:
        """Remove every callback of the module; return how many."""
        return sum(self.unregister_handler(kind, module_name) for kind in list(self._handlers))

    def handlers(self, module_name: str | None = None) -> list[Handler]:
        """Return what is registered (by one module), by type and in the order of calling."""
        return [
            handler
            for handlers in self._handlers.values()
            for handler in handlers
            if module_name is None or handler.module_name == module_name
        ]

    @property
    def announced(self) -> int:
        """How many events there have been."""
        return self._count

    def hears(self, event_type: str) -> bool:
        """Return whether anybody listens: the question to ask before building a hot event."""
        return event_type in self._handlers

    def announce(self, payload: P, source: str = "server") -> Event[P]:
        """Emit the event that `payload` describes; return it, for its answer."""
        return self.emit(Event(payload.event_type, source, payload))

    def emit(self, event: Event[D]) -> Event[D]:
        """Record the event and call its handlers; return it.

        With no handler this costs one dictionary lookup and one place in the history (types with
        `recorded = False` are not put there). `await` the result to wait for coroutine callbacks.
        """
        self._count += 1
        event.number = self._count
        event.timestamp = self._clock()
        if getattr(event.data, "recorded", True):
            self._history.append(event)
        handlers = self._handlers.get(event.event_type)
        if handlers is not None:
            self._dispatch(event, handlers)
        event.decided = True
        return event

    async def emit_and_wait(self, event: Event[Any], timeout: float | None = None) -> bool:  # noqa: ASYNC109 - the documented signature
        """Emit and wait for all callbacks; return False when `timeout` seconds were not enough.

        True at once when nobody listens. A callback that failed counts as finished.
        """
        self.emit(event)
        if not event.pending:
            return True
        _, unfinished = await asyncio.wait(event.pending, timeout=timeout)
        return not unfinished

    def get_event_history(
        self, event_type: str | None = None, source: str | None = None, limit: int = 100
    ) -> list[Event[Any]]:
        """Return the last `limit` of the 1,000 remembered events that match, oldest first."""
        matching = [
            event
            for event in self._history
            if (event_type is None or event.event_type == event_type)
            and (source is None or event.source == source)
        ]
        return matching[-limit:] if limit > 0 else []

    def _dispatch(self, event: Event[Any], handlers: tuple[Handler, ...]) -> None:
        pending: list[asyncio.Future[object]] = []
        for handler in handlers:
            if not event.propagating:
                break
            if pending or handler.asynchronous:
                # What ranks below a coroutine waits with it, or priorities would mean nothing.
                name = handler.module_name
                work = self._deferred(event, handler)
                started = self.bulkhead.spawn(name, handler.event_type, work)
            elif handler.live:
                started = self._call(event, handler)
            else:
                continue
            if isinstance(started, asyncio.Future):
                pending.append(started)
        event.pending = tuple(pending)

    def _call(self, event: Event[Any], handler: Handler) -> object:
        condition = handler.filter_condition
        call = self.bulkhead.call
        module, what = handler.module_name, handler.event_type
        if condition is not None and not call(module, what, condition, event):
            return None
        return call(module, what, handler.callback, event)

    async def _deferred(self, event: Event[Any], handler: Handler) -> None:
        if not (event.propagating and handler.live):
            return
        condition = handler.filter_condition
        if condition is not None and not condition(event):
            return
        result = handler.callback(event)
        if inspect.isawaitable(result):
            await result


def _is_asynchronous(callback: Callback) -> bool:
    if inspect.iscoroutinefunction(callback):
        return True
    called = getattr(callback, "__call__", None)  # noqa: B004 - an object with async __call__
    return inspect.iscoroutinefunction(called)
