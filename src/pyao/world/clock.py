"""Time in the world: a monotonic clock in milliseconds and the schedule the tick runs.

Nothing here knows players or sockets. Tests pass a clock they move by hand.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

TICK_MS = 50


class Clock(Protocol):
    """Where the game's milliseconds come from."""

    def now(self) -> int:
        """Return milliseconds since some fixed moment; never goes back."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    def __init__(self) -> None:
        self._now = 0

    def now(self) -> int:
        """Return milliseconds since some fixed moment; never goes back.

        Within one millisecond it is the same object: what everybody who moved then remembers takes
        the memory of one number, and is fetched once when they move again.
        """
        now = time.monotonic_ns() // 1_000_000
        if now != self._now:
            self._now = now
        return self._now


class Job:
    """One entry of the schedule. `cancel()` is final and cheap; a job may cancel itself."""

    __slots__ = ("cancelled", "due", "every", "name", "run")

    def __init__(self, name: str, due: int, every: int, run: Callable[[], None]) -> None:
        self.name = name
        self.due = due
        self.every = every
        self.run = run
        self.cancelled = False

    def cancel(self) -> None:
        """Never run again."""
        self.cancelled = True


class Schedule:
    """What happens later, in order of time.

    A tick that comes late runs each due job once: a periodic job that missed several turns keeps
    its rhythm and does not catch up in a burst.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[int, int, Job]] = []
        self._count = 0
        self.failures = 0

    def __len__(self) -> int:
        return sum(not job.cancelled for _, _, job in self._heap)

    def after(self, delay_ms: int, run: Callable[[], None], *, name: str = "") -> Job:
        """Run once, `delay_ms` from now."""
        return self._push(Job(name or run.__qualname__, self._clock.now() + delay_ms, 0, run))

    def every(self, period_ms: int, run: Callable[[], None], *, name: str = "") -> Job:
        """Run each `period_ms`, the first time one period from now."""
        if period_ms < 1:
            msg = f"a period is at least 1 ms, not {period_ms}"
            raise ValueError(msg)
        due = self._clock.now() + period_ms
        return self._push(Job(name or run.__qualname__, due, period_ms, run))

    def cancel(self, name: str) -> None:
        """Never run the jobs of a name again."""
        for _, _, job in self._heap:
            if job.name == name:
                job.cancel()

    def run_due(self) -> int:
        """Run what is due; return how many jobs ran. A failing job harms no other."""
        now = self._clock.now()
        ran = 0
        while self._heap and self._heap[0][0] <= now:
            job = heapq.heappop(self._heap)[2]
            if job.cancelled:
                continue
            ran += 1
            try:
                job.run()
            except Exception:
                self.failures += 1
                log.exception("a timed job failed", job=job.name)
            if job.every and not job.cancelled:
                missed = (now - job.due) // job.every
                job.due += (missed + 1) * job.every
                self._push(job)
        return ran

    def _push(self, job: Job) -> Job:
        self._count += 1
        heapq.heappush(self._heap, (job.due, self._count, job))
        return job
