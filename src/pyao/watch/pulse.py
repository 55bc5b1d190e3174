"""The heartbeat of the loop: each tick notes here when it was due, when it ran, for how long."""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

ALIVE_S: Final = 1.0  # a loop without a tick for so long does not live

_BOUNDS_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


class Buckets:
    """Seconds sorted by size; `counts` has one more entry than `bounds_s`, for what is longer."""

    __slots__ = ("bounds_s", "counts", "sum_s")

    def __init__(self, bounds_s: tuple[float, ...] = _BOUNDS_S) -> None:
        self.bounds_s = bounds_s
        self.counts = [0] * (len(bounds_s) + 1)
        self.sum_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.counts[bisect_left(self.bounds_s, seconds)] += 1
        self.sum_s += seconds


class Pulse:
    """Written on the loop, read by any thread. `clock` is monotonic, in seconds.

    `due` is when the next tick should run; before the first one and after the last it is infinite.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.ticks = 0
        self.due = math.inf
        self.last = clock()
        self.late_s = 0.0  # how late the last tick began
        self.lateness = Buckets()
        self.duration = Buckets()

    def begin(self) -> None:
        """Count from now: what was loaded before the first tick was no hanging loop."""
        self.last = self.clock()

    def expect(self, due: float) -> None:
        """Say when the next tick should run."""
        self.due = due

    def began(self) -> float:
        """Note that the tick which was due runs now; return the time for `ended`."""
        now = self.clock()
        self.late_s = max(0.0, now - self.due)
        self.lateness.add(self.late_s)
        return now

    def ended(self, began: float) -> None:
        """Note that the tick is done."""
        now = self.clock()
        self.duration.add(now - began)
        self.last = now
        self.ticks += 1

    def stop(self) -> None:
        """Say that no tick is to be expected any more."""
        self.due = math.inf

    @property
    def age_s(self) -> float:
        """How long ago the last tick was."""
        return self.clock() - self.last

    @property
    def alive(self) -> bool:
        """Whether the loop ran a tick within the last second."""
        return self.age_s < ALIVE_S
