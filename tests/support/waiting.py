"""Wait in a test until something holds, bounded in time."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable

STEP_S = 0.01


async def until(
    true: Callable[[], object] | Callable[[], Awaitable[object]], *, within_s: float = 10
) -> None:
    """Let the loop turn until a plain or awaitable condition holds, else raise TimeoutError."""
    async with asyncio.timeout(within_s):
        while True:
            answer = true()
            if await answer if inspect.isawaitable(answer) else answer:
                return
            await asyncio.sleep(STEP_S)
