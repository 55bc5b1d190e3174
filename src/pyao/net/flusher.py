"""When outboxes are written: at the end of the loop pass while quiet, every 5 to 20 ms under load.

A write costs about 5 microseconds of system call whatever it carries, so under load the number of
packets that share one decides what a crowd costs. Nothing here knows sockets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

QUIET_SHARE = 0.30  # below this share of one core there is nothing to gain by waiting
FULL_SHARE = 0.60
LOADED_S = 0.005  # the first step up; less than this coalesces hardly anything
_WINDOW_S = 0.05  # reading the thread's CPU clock is a system call, so not at every flush
_SMOOTHING_S = 0.25


class Flushable(Protocol):
    """What waits to be written."""

    def flush(self) -> None:
        """Write what is queued; nothing queued is no error."""
        ...


class Loop(Protocol):
    """The two ways of an event loop to run something later."""

    def call_soon(self, callback: Callable[[], None], /) -> object:
        """Run in the next pass."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Run after `delay` seconds."""
        ...


class Flusher:
    """Flushes outboxes together, in order of their registration.

    `busy` is the smoothed share of one core that the loop's thread uses; `interval_s` follows it.
    """

    def __init__(
        self,
        loop: Loop,
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu_clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self.loop = loop
        self._clock = clock
        self._cpu_clock = cpu_clock
        self._crowd: list[Flushable] = []
        self._direct: list[Flushable] = []
        self._wall = clock()
        self._cpu = cpu_clock()
        self._min_s = 0.0
        self._max_s = 0.020
        self.busy = 0.0
        self.interval_s = 0.0

    def configure(self, *, min_ms: float, max_ms: float) -> None:
        """Set the shortest and the longest wait of crowd traffic."""
        self._min_s = min_ms / 1000
        self._max_s = max_ms / 1000
        self._choose()

    def add(self, box: Flushable) -> None:
        """Flush `box` with the crowd, one interval after the first that registered."""
        crowd = self._crowd
        if not crowd:
            if self.interval_s:
                self.loop.call_later(self.interval_s, self._flush_crowd)
            else:
                self.loop.call_soon(self._flush_crowd)
        crowd.append(box)

    def soon(self, box: Flushable) -> None:
        """Flush `box` at the end of this loop pass."""
        if not self._direct:
            self.loop.call_soon(self._flush_direct)
        self._direct.append(box)

    def _flush_direct(self) -> None:
        boxes, self._direct = self._direct, []
        self._flush_all(boxes)

    def _flush_crowd(self) -> None:
        boxes, self._crowd = self._crowd, []
        self._flush_all(boxes)
        wall = self._clock()
        if wall - self._wall >= _WINDOW_S:
            self._measure(wall)

    def _flush_all(self, boxes: list[Flushable]) -> None:
        rest = iter(boxes)
        try:
            for box in rest:
                box.flush()
        finally:
            for box in rest:  # only when a flush raised: what it was has no claim on the others
                self.soon(box)

    def _measure(self, wall: float) -> None:
        cpu = self._cpu_clock()
        elapsed = wall - self._wall
        share = (cpu - self._cpu) / elapsed
        self._wall, self._cpu = wall, cpu
        self.busy += (share - self.busy) * min(1.0, elapsed / _SMOOTHING_S)
        self._choose()

    def _choose(self) -> None:
        if self.busy < QUIET_SHARE:
            wanted = 0.0
        else:
            load = min(1.0, (self.busy - QUIET_SHARE) / (FULL_SHARE - QUIET_SHARE))
            wanted = LOADED_S + load * (self._max_s - LOADED_S)
        self.interval_s = max(self._min_s, min(self._max_s, wanted))
