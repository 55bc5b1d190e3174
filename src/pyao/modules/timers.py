"""Timers of modules: once or periodically, on the server's clock, driven by its tick.

A timer that comes late runs once and keeps its rhythm; nothing catches up in a burst.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from pyao.errors import ModuleError
from pyao.events import Bulkhead


@dataclass(slots=True, eq=False)
class Timer:
    """One callback to come, `delay_s` after it is queued, and then each `delay_s` if `periodic`.

    `due` is on the clock of its `Timers` and None until it has been queued once.
    """

    module: str
    name: str
    delay_s: float
    periodic: bool
    callback: Callable[..., object]
    args: tuple[Any, ...] = ()
    due: float | None = None
    ticket: int = field(default=0, init=False)  # of its entry in the queue; 0 = not queued
    cancelled: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if not (self.delay_s >= 0 and (self.delay_s or not self.periodic)):
            what = "period" if self.periodic else "delay"
            raise ModuleError(f"timer {self.name or self.callback!r}: {what} of {self.delay_s} s")

    def cancel(self) -> None:
        """Never call again. A timer may cancel itself."""
        self.cancelled = True
        self.ticket = 0


class Timers:
    """All timers of all modules, in order of time. `clock` gives seconds that never go back."""

    def __init__(self, bulkhead: Bulkhead, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._bulkhead = bulkhead
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = count(1)
        self._purge_at = 64

    def add(self, timer: Timer) -> Timer:
        """Queue a timer: a new one from now, one that was queued before for its old time."""
        if not timer.cancelled:
            if timer.due is None:
                timer.due = self.clock() + timer.delay_s
            self._push(timer, timer.due)
        return timer

    def remove_all(self, module: str) -> list[Timer]:
        """Take the module's timers out and return them, soonest first; they can be added again."""
        found = self.timers(module)
        for timer in found:
            timer.ticket = 0
        self._purge()
        return found

    def tick(self, now: float) -> int:
        """Call what is due at `now`, in order of time; return how many callbacks ran."""
        ran = 0
        while self._heap and self._heap[0][0] <= now:
            due, ticket, timer = heapq.heappop(self._heap)
            if timer.ticket != ticket:
                continue
            timer.ticket = 0
            if timer.periodic:
                missed = int((now - due) // timer.delay_s)
                self._push(timer, due + (missed + 1) * timer.delay_s)
            what = f"timer {timer.name or timer.callback!r}"
            self._bulkhead.call(timer.module, what, timer.callback, *timer.args)
            ran += 1
        return ran

    def timers(self, module: str | None = None) -> list[Timer]:
        """Return the timers to come (of one module), soonest first."""
        self._purge()
        found = [timer for _, _, timer in sorted(self._heap, key=lambda entry: entry[:2])]
        return [timer for timer in found if module is None or timer.module == module]

    def _push(self, timer: Timer, due: float) -> None:
        timer.due = due
        timer.ticket = next(self._order)
        heapq.heappush(self._heap, (due, timer.ticket, timer))
        if len(self._heap) > self._purge_at:
            self._purge()

    def _purge(self) -> None:
        """Let go of cancelled timers now: what they would call may be large."""
        self._heap = [entry for entry in self._heap if entry[2].ticket == entry[1]]
        heapq.heapify(self._heap)
        self._purge_at = 2 * len(self._heap) + 64
