"""Wait in a test until something holds, bounded in time; and how late a busy machine is."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable

STEP_S = 0.01
# A bound on what may never come. Nothing waits so long for what does come, so it is chosen for a
# machine that has ten times as much to do as it can.
PATIENCE_S = 40.0


async def until(
    true: Callable[[], object] | Callable[[], Awaitable[object]], *, within_s: float = PATIENCE_S
) -> None:
    """Let the loop turn until a plain or awaitable condition holds, else raise TimeoutError."""
    async with asyncio.timeout(within_s):
        while True:
            answer = true()
            if await answer if inspect.isawaitable(answer) else answer:
                return
            await asyncio.sleep(STEP_S)


class Lateness:
    """How much later than asked this process was woken at worst: what a busy machine adds."""

    def __init__(self) -> None:
        self.worst_s = 0.0

    @contextlib.asynccontextmanager
    async def measured(self) -> AsyncIterator[None]:
        """Measure for the length of a block."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()

    async def _watch(self) -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(STEP_S)
            self.worst_s = max(self.worst_s, time.monotonic() - began - STEP_S)
