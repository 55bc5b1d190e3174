"""Names what kept the loop from running: a packet's task, a module's hook, a timed job, a task.

A thread looks at the heartbeat. When a tick is overdue, whatever runs on the loop at that moment is
what holds it, so the thread reads the loop's stack. That names any culprit, costs the loop nothing,
and works on every event loop.
"""

from __future__ import annotations

import asyncio
import math
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import structlog

from pyao.events import Bulkhead
from pyao.tasks.dispatch import Dispatcher
from pyao.watch.pulse import Pulse
from pyao.world.clock import Schedule

log = structlog.get_logger(__name__)

LONG_S: Final = 10.0  # a stall of this length is reported while it lasts, too
_SAMPLES: Final = 50
_OFF_S: Final = 1.0
_QUIET_S: Final = 0.5  # the longest the thread sleeps while ticks are expected
_LEAST_S: Final = 0.005


@dataclass(frozen=True, slots=True)
class Culprit:
    """What ran while the loop stood still."""

    kind: str  # "packet", "module", "job", "task" or "machine"
    name: str
    told: bool = False  # the bulkhead writes a line of its own about it
    at: str = ""  # file, line and function


# Frames that say on whose behalf they run, and which of their variables say so.
_SPEAKING: Final[Mapping[CodeType, Callable[[Mapping[str, Any]], tuple[str, str]]]] = {
    Dispatcher.receive.__code__: lambda own: ("packet", str(own["packet"].packet_name)),
    Schedule.run_due.__code__: lambda own: ("job", str(own["job"].name)),
    **{
        method.__code__: lambda own: ("module", f"{own['module']}: {own['what']}")
        for method in (Bulkhead.call, Bulkhead.run, Bulkhead._finish)  # noqa: SLF001 - one sentence with them
    },
}
_WAITING: Final = ("select", "selectors.py", "runners.py", "base_events.py", "__init__.py")


def culprit_of(frame: FrameType, task_name: str = "") -> Culprit:
    """Return what a stack of the loop's thread is busy with, from its innermost frame."""
    at = _place(frame)
    for one in _outwards(frame):
        speaks = _SPEAKING.get(one.f_code)
        if speaks is not None:
            try:
                kind, name = speaks(one.f_locals)
            except KeyError:  # caught before its variables were set
                continue
            return Culprit(kind, name, one.f_code is Bulkhead.call.__code__, at)
    if task_name:
        return Culprit("task", task_name, at=at)
    if Path(frame.f_code.co_filename).name in _WAITING:
        return Culprit("machine", "the loop was not running: the machine gave it no time", at=at)
    return Culprit("task", frame.f_code.co_qualname, at=at)


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _place(frame: FrameType) -> str:
    code = frame.f_code
    return f"{code.co_filename}:{frame.f_lineno} in {code.co_qualname}"


class StallWatch:
    """Watches the loop it was started on. `threshold_s` may be changed at any time; 0 is off.

    `counts` has the stalls so far by kind of culprit, `looks` how often the stack was read.
    """

    def __init__(self, pulse: Pulse, threshold_s: float) -> None:
        self.threshold_s = threshold_s
        self.counts: Counter[str] = Counter()
        self.stalled_s = 0.0
        self.looks = 0
        self._pulse = pulse
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._loop_thread = 0

    def start(self) -> None:
        """Begin to watch the running loop."""
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._thread = threading.Thread(target=self._watch, name="pyao-stalls", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(self._patience()):
            if self.threshold_s and self._overdue() >= self.threshold_s:
                self._follow()

    def _overdue(self) -> float:
        return self._pulse.clock() - self._pulse.due

    def _patience(self) -> float:
        """Return how long nothing can be wrong yet."""
        left = self.threshold_s - self._overdue()
        if not self.threshold_s or math.isinf(left):
            return _OFF_S
        return min(max(left, _LEAST_S), _QUIET_S)

    def _follow(self) -> None:
        """Look at a stall until it is over, then report it."""
        pulse = self._pulse
        tick, due = pulse.ticks, pulse.due
        seen: Counter[Culprit] = Counter()
        places: dict[Culprit, str] = {}
        told = False
        while pulse.ticks == tick and pulse.due == due:
            found = self._look()
            if found is not None and seen.total() < _SAMPLES:
                key = replace(found, at="")
                seen[key] += 1
                places[key] = found.at
            if not told and self._overdue() >= LONG_S:
                told = True
                self._report(seen, places, self._overdue(), lasts=True)
            if self._stopped.wait(max(self.threshold_s / 4, _LEAST_S)):
                return
        self._report(seen, places, max(pulse.late_s, self.threshold_s), lasts=False)

    def _look(self) -> Culprit | None:
        frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001 - the documented way
        if frame is None:
            return None
        task = asyncio.current_task(self._loop)
        self.looks += 1
        return culprit_of(frame, "" if task is None else task.get_name())

    def _report(
        self, seen: Counter[Culprit], places: dict[Culprit, str], seconds: float, *, lasts: bool
    ) -> None:
        if not seen:
            return
        culprit, times = seen.most_common(1)[0]
        if not lasts:
            self.counts[culprit.kind] += 1
            self.stalled_s += seconds
            if culprit.told:
                return
        log.warning(
            "loop_hangs" if lasts else "loop_stalled",
            ms=round(seconds * 1000),
            kind=culprit.kind,
            culprit=culprit.name,
            at=places[culprit],
            seen=f"{times} of {seen.total()}",
        )
