"""Where code of modules is called: what fails or hangs here floods one module only.

Every callback that a module hands to the server (event handler, command, timer, room method, life
cycle) is entered through a `Bulkhead`. This is the one place that contains a module's exceptions.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.typing import FilteringBoundLogger

from pyao.errors import ModuleError

_log: FilteringBoundLogger = structlog.get_logger(__name__)


class Failed:
    """The type of `FAILED`, the false result of a call that raised, hung or was refused."""

    def __bool__(self) -> bool:
        return False


FAILED: Final = Failed()
LINES: Final = 5  # of the log, about one module,
PERIOD_S: Final = 10.0  # in this time: a failing handler of every step would write thousands
_NOT_OF_MODULES: Final = (Path(__file__).parents[1], Path(sys.prefix), Path(sys.base_prefix))


@dataclass(slots=True)
class _Told:
    """What was logged of one module since a moment, and how many lines were left out."""

    since: float
    lines: int = 0
    left_out: int = 0

    def shown(self) -> dict[str, int]:
        """Return the field that tells of lines left out, once."""
        left_out, self.left_out = self.left_out, 0
        return {"left_out": left_out} if left_out else {}


class _Guard:
    """Let nothing but real cancellation and the operator's Ctrl+C out of the block it wraps.

    `exit()` in a module's code is a mistake like any other: ending is `self.server.shutdown`. So is
    asking a cancelled task for its result, which out of a timer would end the server's tick.
    """

    __slots__ = ("_bulkhead", "_module", "_what")

    def __init__(self, bulkhead: Bulkhead, module: str, what: str) -> None:
        self._bulkhead = bulkhead
        self._module = module
        self._what = what

    def __enter__(self) -> None:
        """Nothing is prepared: entering must cost as little as possible."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception | SystemExit | asyncio.CancelledError):
            return False
        if isinstance(error, asyncio.CancelledError) and _is_being_cancelled():
            return False
        self._bulkhead.note(self._module, self._what, error)
        return True


@dataclass(slots=True)
class Bulkhead:
    """Call module code, keep its failures and its background tasks apart by module name.

    A plain callback cannot be interrupted: one that takes longer than `slow_s` is reported. A
    coroutine is cancelled after `hang_s`. A module with `max_tasks` unfinished ones gets no more.
    """

    slow_s: float = 0.020
    hang_s: float = 5.0
    max_tasks: int = 1_000
    clock: Callable[[], float] = time.perf_counter
    failures: Counter[str] = field(default_factory=Counter)
    last_failure: dict[str, str] = field(default_factory=dict)
    _tasks: dict[str, set[asyncio.Task[object]]] = field(default_factory=dict)
    _endless: set[asyncio.Task[object]] = field(default_factory=set)
    _told: dict[str, _Told] = field(default_factory=dict)

    def call(self, module: str, what: str, callback: Callable[..., object], *args: Any) -> object:  # noqa: ANN401 - arguments of any callback
        """Return what `callback` returns; `FAILED` if it raised; a task if it is a coroutine."""
        started = self.clock()
        result: object = FAILED
        with _Guard(self, module, what):
            result = callback(*args)
        elapsed = self.clock() - started
        if elapsed > self.slow_s and (told := self._telling(module, started + elapsed)):
            ms = round(elapsed * 1000, 1)
            _log.warning("module_slow", module=module, what=what, ms=ms, **told.shown())
        if result is not None and inspect.isawaitable(result):
            return self.spawn(module, what, result)
        return result

    async def run(self, module: str, what: str, callback: Callable[[], object]) -> object:
        """Return what `callback` returns or resolves to, `FAILED` if it raises or hangs.

        It does not suspend by itself: a coroutine that never waits finishes within this step.
        """
        with _Guard(self, module, what):
            async with asyncio.timeout(self.hang_s):
                result = callback()
                if inspect.isawaitable(result):
                    result = await result
            return result
        return FAILED

    def spawn(
        self, module: str, what: str, work: Awaitable[object], *, endless: bool = False
    ) -> object:
        """Start `work` as a task of the module; return the task, or `FAILED` when it has too many.

        An `endless` task may run as long as its module is loaded; others for `hang_s` seconds.
        """
        tasks = self._tasks.setdefault(module, set())
        if len(tasks) >= self.max_tasks:
            if inspect.iscoroutine(work):
                work.close()
            self.note(module, what, ModuleError(f"{len(tasks)} tasks are unfinished; no more"))
            return FAILED
        task = asyncio.get_running_loop().create_task(
            self._finish(module, what, work, endless=endless), name=f"{module}: {what}"
        )
        tasks.add(task)
        if endless:
            self._endless.add(task)

        def forget(done: asyncio.Task[object]) -> None:
            tasks.discard(done)
            self._endless.discard(done)
            if inspect.iscoroutine(work):
                work.close()  # it may have been cancelled before its first step

        task.add_done_callback(forget)
        return task

    def cancel(self, module: str, *, endless_only: bool = False) -> int:
        """Cancel unfinished (endless) tasks of the module but the calling one; return how many."""
        current = _current_task()
        doomed = [
            task
            for task in self._tasks.get(module, ())
            if task is not current and (task in self._endless or not endless_only)
        ]
        for task in doomed:
            task.cancel()
        return len(doomed)

    def pending(self, module: str) -> int:
        """Return how many tasks of the module are unfinished."""
        return len(self._tasks.get(module, ()))

    async def close(self) -> None:
        """Cancel everything and wait until it is gone."""
        doomed = {task for tasks in self._tasks.values() for task in tasks} - {_current_task()}
        for module in list(self._tasks):
            self.cancel(module)
        if doomed:
            await asyncio.wait(doomed)

    async def _finish(
        self, module: str, what: str, work: Awaitable[object], *, endless: bool
    ) -> object:
        with _Guard(self, module, what):
            async with asyncio.timeout(None if endless else self.hang_s):
                return await work
        return FAILED

    def note(self, module: str, what: str, error: BaseException) -> None:
        """Count a failure of the module and log it with its traceback, a few in ten seconds."""
        told = self._telling(module, self.clock())
        if told:
            _log.error("module_failed", module=module, what=what, exc_info=error, **told.shown())
        text = f"{type(error).__name__}: {error}"
        if isinstance(error, TimeoutError) and not str(error):
            text = f"no answer within {self.hang_s:g} s"
        elif told and (place := _place(error)):
            text += f" ({place})"
        self.failures[module] += 1
        self.last_failure[module] = f"{what}: {text}"[:500]

    def _telling(self, module: str, now: float) -> _Told | None:
        """Return what is to be told with a line about the module, or None: no more lines now."""
        told = self._told.setdefault(module, _Told(now))
        if now - told.since >= PERIOD_S:
            told.since, told.lines = now, 0
        told.lines += 1
        if told.lines > LINES:
            told.left_out += 1
            return None
        return told


def _place(error: BaseException) -> str:
    """Return the line of the module where an error came from; nothing when it is not its line."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_absolute() and not any(path.is_relative_to(each) for each in _NOT_OF_MODULES):
            return f"{path.name}, line {frame.lineno}"
    return ""


def _is_being_cancelled() -> bool:
    task = _current_task()
    return task is not None and task.cancelling() > 0


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no loop is running: a synchronous caller
        return None
