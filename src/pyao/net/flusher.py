"""When outboxes are written: at the end of the loop pass while quiet, 5 to 48 ms later under load.

A write costs about 5 microseconds of system call whatever it carries, so under load the number of
packets that share one decides what a crowd costs. Each outbox waits for its own time, counted from
the first packet in it: one common moment for all would send those that just began to wait half
empty, and would hold up the loop for as long as all of them take. Nothing here knows sockets.

On a core that a crowd keeps busy the loop also looks at its sockets only once in 6.5 ms. What comes
in meanwhile is handled in one go, as network cards collect interrupts: a loop that wakes up for
every step finds the caches cold each time, and 1,000 who walk cost it a fifth more. What came in
with one look then leaves with the last one after which it is still in time. Where something else
keeps the core busy, as creatures that think, a rest would save little and only delay replies.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pyao.channel import Flushable

QUIET_SHARE = 0.15  # below this share of one core there is nothing to gain by waiting
REST_SHARE = 0.20  # from here on the core has better uses than answering everybody at once
FULL_SHARE = 0.26  # ... and from here on than sparing players 40 ms
# Parts of the work that are writing to crowds: nearly half while 200 to 2,000 walk, a fourteenth
# while 500 fight on 290 maps. Up to the first the loop does not rest, from the second on fully.
CREATURES_PART, CROWD_PART = 0.15, 0.25
BATCHES = 8  # that wait at a time: outboxes that began to wait within an eighth leave together
LOADED_S = 0.005  # the first step up; less than this coalesces hardly anything
_WINDOW_S = 0.05  # reading the thread's CPU clock is a system call, so not at every flush
_SMOOTHING_S = 0.25
_TIMER_S = 0.001
# Of which the longest wait consists, with the work of the last one: one for input, the others for
# the outbox. A whole number of them, or what waits leaves most of a frame before it has to.
FRAMES = 7
FRAME_MAX_S = 0.0065  # a reply waits no longer than that, whatever is set
# What a frame is expected to take follows a long one soon and a short one slowly: packets that
# would be late if the next one is long leave before it.
_LONGER, _SHORTER = 0.3, 0.05


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
    closes: float  # who comes later belongs to the next batch; a frame closes its own
    boxes: list[Flushable] = field(default_factory=list)


class Flusher:
    """Flushes outboxes in batches, in order of their registration.

    `busy` is the smoothed share of one core that the loop's thread uses, `writing` that of the time
    which goes into writing to crowds; `interval_s`, the longest time from a packet's arrival to its
    leaving, follows the one, and whether the loop rests follows both.
    """

    def __init__(
        self,
        loop: Loop,
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu_clock: Callable[[], float] = time.thread_time,
        stopwatch: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.loop = loop
        self.later = self.add  # made once: each look at a method makes another
        self._clock = clock
        self._cpu_clock = cpu_clock
        self._stopwatch = stopwatch  # of what writing takes
        self._sleep = sleep
        self._crowd: list[Flushable] = []  # leave with this pass
        self._waiting: deque[_Batch] = deque()
        self._timed = False  # a timer flushes what waits
        self._direct: list[Flushable] = []
        self._wall = clock()
        self._cpu = cpu_clock()
        self._min_s = 0.0
        self._max_s = 0.048
        self._frame_s = 0.0
        self._framed: list[Flushable] | None = None  # began to wait since the last look
        self._resting = False  # a rest ends this pass
        self._looked_at = self._wall  # the sockets, for the last time
        self._looked_before = self._wall  # ... and for the last time but one
        self._work_s = 0.0  # that one frame is expected to take
        self._written_s = 0.0  # spent on writing to crowds since the last look at the load
        self.busy = 0.0
        self.writing = 0.0
        self.interval_s = 0.0

    def configure(self, *, min_ms: float, max_ms: float) -> None:
        """Set the shortest and the longest wait of crowd traffic."""
        self._min_s = min_ms / 1000
        self._max_s = max_ms / 1000
        self._choose()

    def add(self, box: Flushable) -> None:
        """Flush `box` at the latest one interval from now."""
        if self._framed is not None:
            self._framed.append(box)
        elif self._frame_s:
            self._frame(box)
        elif self.interval_s:
            self._wait(box)
        else:
            if not self._crowd:
                self.loop.call_soon(self._flush_crowd)
            self._crowd.append(box)

    def _wait(self, box: Flushable) -> None:
        """Let a timer flush, together with who began to wait at nearly the same time."""
        now, wait_s, waiting = self._clock(), self.interval_s, self._waiting
        if waiting and now < waiting[-1].closes:
            waiting[-1].boxes.append(box)
            return
        waiting.append(_Batch(now + wait_s, now + wait_s / BATCHES, [box]))
        self._time()

    def _frame(self, box: Flushable) -> None:
        """Begin to collect what comes of one look; it arrived since the one before.

        After a long frame that is long ago, and what it kept waiting leaves the sooner; but no more
        than a frame sooner, or a core that is full would be given more to write for being late.
        """
        self._framed = [box]
        arrived = max(self._looked_before, self._looked_at - 2 * self._frame_s)
        if not self._resting:
            self._resting = True
            self.loop.call_soon(self._rest)
            arrived = self._looked_at = self._clock()
        self._waiting.append(_Batch(arrived + self.interval_s, 0.0, self._framed))

    def soon(self, box: Flushable) -> None:
        """Flush `box` at the end of this loop pass."""
        if not self._direct:
            self.loop.call_soon(self._flush_direct)
        self._direct.append(box)

    def _rest(self) -> None:
        """Write what would be late after another frame, and let input collect until this is over.

        Replies do not wait for that.
        """
        try:
            self._flush_direct()
            next_look = max(self._looked_at + self._frame_s, self._clock())
            self._flush_due(next_look + self._work_s - _TIMER_S)
        finally:
            self._end_frame()

    def _end_frame(self) -> None:
        """Sleep until the frame is over."""
        frame_s, now = self._frame_s, self._clock()
        took_s = now - self._looked_at
        more_s = min(took_s, self.interval_s / 2) - self._work_s  # a stall says little
        self._work_s += more_s * (_LONGER if more_s > 0 else _SHORTER)
        if took_s < frame_s:
            self._sleep(frame_s - took_s)
            now = self._clock()
        self._looked_before, self._looked_at = self._looked_at, now
        self._framed = None
        self._resting = bool(self._waiting) and frame_s > 0
        if self._resting:
            self.loop.call_soon(self._rest)
        elif self._waiting:
            self._time()

    def _flush_direct(self) -> None:
        boxes, self._direct = self._direct, []
        self._flush_all(boxes)

    def _flush_crowd(self) -> None:
        boxes, self._crowd = self._crowd, []
        self._write(boxes)

    def _time(self) -> None:
        """Have a timer flush what waits, if none does."""
        if not self._timed:
            self._timed = True
            self.loop.call_later(self._waiting[0].due - self._clock(), self._flush_waiting)

    def _flush_waiting(self) -> None:
        """Flush every batch whose time has come; timers are exact to a millisecond."""
        self._timed = False
        try:
            self._flush_due(self._clock() + _TIMER_S)
        finally:
            if self._waiting and not self._resting:
                self._time()

    def _flush_due(self, until: float) -> None:
        waiting = self._waiting
        boxes: list[Flushable] = []
        while waiting and waiting[0].due <= until:
            boxes += waiting.popleft().boxes
        if not waiting:  # what comes while these are written waits anew
            self._framed = None
        if boxes:
            self._write(boxes)

    def _write(self, boxes: list[Flushable]) -> None:
        """Flush what is for a crowd, and look at the load."""
        began = self._stopwatch()
        self._flush_all(boxes)
        self._written_s += self._stopwatch() - began
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
        share, writing = (cpu - self._cpu) / elapsed, self._written_s / elapsed
        self._wall, self._cpu, self._written_s = wall, cpu, 0.0
        weight = min(1.0, elapsed / _SMOOTHING_S)
        self.busy += (share - self.busy) * weight
        self.writing += (writing - self.writing) * weight
        self._choose()

    def _choose(self) -> None:
        if self.busy < QUIET_SHARE:
            wanted = 0.0
        else:
            load = _between(QUIET_SHARE, self.busy, FULL_SHARE)
            wanted = LOADED_S + load * (self._max_s - LOADED_S)
        self.interval_s = max(self._min_s, min(self._max_s, wanted))
        crowd = _between(REST_SHARE, self.busy, FULL_SHARE)
        crowd *= _between(CREATURES_PART * self.busy, self.writing, CROWD_PART * self.busy)
        frame_s = max(0.0, self.interval_s - self._work_s) / FRAMES
        self._frame_s = crowd * min(FRAME_MAX_S, frame_s)


def _between(none: float, value: float, full: float) -> float:
    """Return how far a value has come from `none` to `full`, 0 to 1."""
    return max(0.0, min(1.0, (value - none) / (full - none))) if full > none else 0.0
