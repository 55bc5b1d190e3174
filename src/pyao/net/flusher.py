"""When outboxes are written: at the end of the loop pass while quiet, 5 to 48 ms later in a crowd.

A write costs about 5 microseconds of system call whatever it carries, so the number of packets that
share one decides what a crowd costs. Each outbox waits for its own time, counted from the first
packet in it: one common moment for all would send those that just began to wait half empty, and
would hold up the loop for as long as all of them take. Nothing here knows sockets.

How long follows the packets a second, not the load of the core: that falls when packets wait, so
waits that followed it would settle halfway, and creatures that think are no reason to wait.

While a crowd moves the loop also looks at its sockets only once in 2 to 6.5 ms. What comes in
meanwhile is handled in one go, as network cards collect interrupts: a loop that wakes up for every
step finds the caches cold each time, and 1,000 who walk cost it a fifth more. What came in with one
look then leaves with the last one after which it is still in time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pyao.channel import Flushable
from pyao.net.stats import NetStats

# Packets to clients in a second. 50 who walk and see each other cause 9,500: to write each at once
# takes a tenth of a core. 100 of whom 30 see each step cause 13,000, 1,000 of them 130,000.
QUIET_RATE = 12_000  # up to here there is little to gain by waiting
CROWD_RATE = 40_000  # from here on there is more to gain than sparing players 40 ms
BATCHES = 8  # that wait at a time: outboxes that began to wait within an eighth leave together
LOADED_S = 0.005  # the first step up; less than this coalesces hardly anything
_WINDOW_S = 0.05
_SMOOTHING_S = 1.0
_TIMER_S = 0.001
# Of which a wait consists, with the work of the last one: one for input, the others for the outbox.
# A whole number of them, or what waits leaves most of a frame before it has to.
FRAMES_LEAST = 4
FRAME_MAX_S = 0.0065  # a reply waits no longer than that, whatever is set
FRAME_MIN_S = 0.002  # to sleep for less costs as much as it saves
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

    `rate` is the smoothed number of packets in a second, as `stats` counts them; `interval_s`, the
    longest time from a packet's arrival to its leaving, follows it.
    """

    def __init__(
        self,
        loop: Loop,
        stats: NetStats,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.loop = loop
        self.later = self.add  # made once: each look at a method makes another
        self._stats = stats
        self._clock = clock
        self._sleep = sleep
        self._crowd: list[Flushable] = []  # leave with this pass
        self._waiting: deque[_Batch] = deque()
        self._timed = False  # a timer flushes what waits
        self._direct: list[Flushable] = []
        self._counted_at = clock()
        self._counted = stats.packets_out
        self._min_s = 0.0
        self._max_s = 0.048
        self._frame_s = 0.0
        self._framed: list[Flushable] | None = None  # began to wait since the last look
        self._resting = False  # a rest ends this pass
        self._looked_at = self._counted_at  # the sockets, for the last time
        self._looked_before = self._counted_at  # ... and for the last time but one
        self._work_s = 0.0  # that one frame is expected to take
        self.rate = 0.0
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
        """Flush what is for a crowd, and look how large it is."""
        self._flush_all(boxes)
        now = self._clock()
        if now - self._counted_at >= _WINDOW_S:
            self._count(now)

    def _flush_all(self, boxes: list[Flushable]) -> None:
        rest = iter(boxes)
        try:
            for box in rest:
                box.flush()
        finally:
            for box in rest:  # only when a flush raised: what it was has no claim on the others
                self.soon(box)

    def _count(self, now: float) -> None:
        sent, elapsed_s = self._stats.packets_out, now - self._counted_at
        rate = (sent - self._counted) / elapsed_s
        self._counted_at, self._counted = now, sent
        self.rate += (rate - self.rate) * min(1.0, elapsed_s / _SMOOTHING_S)
        if not self._frame_s:  # and none would ever tell that they are short again
            self._work_s -= self._work_s * _SHORTER
        self._choose()

    def _choose(self) -> None:
        crowd = max(0.0, min(1.0, (self.rate - QUIET_RATE) / (CROWD_RATE - QUIET_RATE)))
        wanted = LOADED_S + crowd * (self._max_s - LOADED_S) if crowd else 0.0
        self.interval_s = max(self._min_s, min(self._max_s, wanted))
        left_s = max(0.0, self.interval_s - self._work_s)
        frame_s = min(FRAME_MAX_S, left_s / max(FRAMES_LEAST, round(left_s / FRAME_MAX_S)))
        self._frame_s = frame_s if crowd and frame_s >= FRAME_MIN_S else 0.0
