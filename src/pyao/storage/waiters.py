"""Who waits for which commit number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class _Waiter:
    callback: Callable[[bool], None]
    timer: asyncio.TimerHandle | None = None


class CommitWaiters:
    """Calls back once per waiter: True when its number is stored, False when its time is over."""

    def __init__(self) -> None:
        self._stored = 0
        self._waiting: dict[int, list[_Waiter]] = {}

    def add(self, number: int, callback: Callable[[bool], None], timeout_s: float) -> None:
        """Wait for a number; the callback runs in a later turn of the loop, never in this call."""
        loop = asyncio.get_running_loop()
        if number <= self._stored:
            loop.call_soon(callback, True)  # noqa: FBT003 - the answer itself
            return
        waiter = _Waiter(callback)
        waiter.timer = loop.call_later(timeout_s, self._late, number, waiter)
        self._waiting.setdefault(number, []).append(waiter)

    def stored(self, number: int) -> None:
        """Tell everybody who waits for this number or an earlier one."""
        self._stored = number
        loop = asyncio.get_running_loop()
        for reached in [waited for waited in self._waiting if waited <= number]:
            for waiter in self._waiting.pop(reached):
                if waiter.timer is not None:
                    waiter.timer.cancel()
                loop.call_soon(waiter.callback, True)  # noqa: FBT003 - the answer itself

    def _late(self, number: int, waiter: _Waiter) -> None:
        waiting = self._waiting.get(number, [])
        waiting.remove(waiter)
        if not waiting:
            self._waiting.pop(number, None)
        waiter.callback(False)  # noqa: FBT003 - the answer itself
