"""When outboxes are written: at the end of the loop pass while quiet, 5 to 30 ms later under load.

A write costs about 5 microseconds of system call whatever it carries, so under load the number of
packets that share one decides what a crowd costs. Each outbox waits for its own time, counted from
the first packet in it: one common moment for all would send those that just began to wait half
empty, and would hold up the loop for as long as all of them take. Nothing here knows sockets.

On a core that is well used the loop also looks at its sockets only once in 10 ms. What comes in
meanwhile is handled in one go, as network cards collect interrupts: a loop that wakes up for every
step finds the caches cold each time, and 1,000 who walk cost it a fifth more.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pyao.channel import Flushable

QUIET_SHARE = 0.15  # below this share of one core there is nothing to gain by waiting
FULL_SHARE = 0.30  # from here on the core has better uses than sparing players 25 ms
RESTED_SHARE = 0.45  # ... and from here on than answering everybody at once
BATCHES = 8  # that wait at a time: outboxes that began to wait within an eighth leave together
LOADED_S = 0.005  # the first step up; less than this coalesces hardly anything
_WINDOW_S = 0.05  # reading the thread's CPU clock is a system call, so not at every flush
_SMOOTHING_S = 0.25
_TIMER_S = 0.001
FRAMES = 3  # of which the longest wait consists: one for input, the others for the outbox
FRAME_MAX_S = 0.010  # a reply waits no longer than that, whatever is set


class Loop(Protocol):
    """The two ways of an event loop to run something later."""

    def call_soon(self, callback: Callable[[], None], /) -> object:
        """Run in the next pass."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Run after `delay` seconds."""
        ...


@dataclass(slots=True)
class _Batch:
    """Outboxes that leave together."""

    due: float
    closes: float  # who comes later belongs to the next batch
    boxes: list[Flushable] = field(default_factory=list)


class Flusher:
    """Flushes outboxes in batches, in order of their registration.

    `busy` is the smoothed share of one core that the loop's thread uses; `interval_s`, the longest
    wait of a packet from its arrival, follows it.
    """

    def __init__(
        self,
        loop: Loop,
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu_clock: Callable[[], float] = time.thread_time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.loop = loop
        self._clock = clock
        self._cpu_clock = cpu_clock
        self._sleep = sleep
        self._crowd: list[Flushable] = []  # leave with this pass
        self._waiting: deque[_Batch] = deque()
        self._direct: list[Flushable] = []
        self._wall = clock()
        self._cpu = cpu_clock()
        self._min_s = 0.0
        self._max_s = 0.030
        self._frame_s = 0.0
        self._wait_s = 0.0  # of an outbox: what the frame leaves of the interval
        self._resting = False  # a rest ends this pass
        self._looked_at = self._wall  # the sockets, for the last time
        self.busy = 0.0
        self.interval_s = 0.0

    def configure(self, *, min_ms: float, max_ms: float) -> None:
        """Set the shortest and the longest wait of crowd traffic."""
        self._min_s = min_ms / 1000
        self._max_s = max_ms / 1000
        self._choose()

    def add(self, box: Flushable) -> None:
        """Flush `box` at the latest one interval from now."""
        wait_s = self._wait_s
        if wait_s:
            if self._frame_s and not self._resting:
                self._resting = True
                self.loop.call_soon(self._rest)
            now = self._clock()
            waiting = self._waiting
            if waiting and now < waiting[-1].closes:
                waiting[-1].boxes.append(box)
                return
            waiting.append(_Batch(now + wait_s, now + wait_s / BATCHES, [box]))
            if len(waiting) == 1:
                self.loop.call_later(wait_s, self._flush_waiting)
            return
        if not self._crowd:
            self.loop.call_soon(self._flush_crowd)
        self._crowd.append(box)

    def soon(self, box: Flushable) -> None:
        """Flush `box` at the end of this loop pass."""
        if not self._direct:
            self.loop.call_soon(self._flush_direct)
        self._direct.append(box)

    def _rest(self) -> None:
        """Let input collect until the frame is over. Replies do not wait for that."""
        self._resting = False
        self._flush_direct()
        left_s = self._looked_at + self._frame_s - self._clock()
        if left_s > 0:
            self._sleep(left_s)
        self._looked_at = self._clock()

    def _flush_direct(self) -> None:
        boxes, self._direct = self._direct, []
        self._flush_all(boxes)

    def _flush_crowd(self) -> None:
        boxes, self._crowd = self._crowd, []
        self._flush_all(boxes)
        self._look_at_load()

    def _flush_waiting(self) -> None:
        """Flush every batch whose time has come; timers are exact to a millisecond."""
        waiting = self._waiting
        boxes = waiting.popleft().boxes
        soon = self._clock() + _TIMER_S
        while waiting and waiting[0].due <= soon:
            boxes += waiting.popleft().boxes
        if waiting:
            self.loop.call_later(waiting[0].due - soon + _TIMER_S, self._flush_waiting)
        self._flush_all(boxes)
        self._look_at_load()

    def _flush_all(self, boxes: list[Flushable]) -> None:
        rest = iter(boxes)
        try:
            for box in rest:
                box.flush()
        finally:
            for box in rest:  # only when a flush raised: what it was has no claim on the others
                self.soon(box)

    def _look_at_load(self) -> None:
        wall = self._clock()
        if wall - self._wall >= _WINDOW_S:
            self._measure(wall)

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
        crowd = max(0.0, min(1.0, (self.busy - FULL_SHARE) / (RESTED_SHARE - FULL_SHARE)))
        self._frame_s = crowd * min(FRAME_MAX_S, self.interval_s / FRAMES)
        self._wait_s = self.interval_s - self._frame_s
