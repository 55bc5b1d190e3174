"""Python's garbage collector, kept from looking again and again at what stays.

A full collection looks at every object: with a thousand players it stops the loop for 45 ms, each
time their number has grown by a quarter, though nothing is found. So what has lived for a while is
set aside, where the collector does not look; references are counted there as anywhere, and a client
that leaves refers to nothing that refers to it, so it is freed at once. For whatever cannot be
freed like that everything is looked at once an hour, when the last player has gone, and after
modules have left.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Final

TEND_MS: Final = 10_000
EVERYTHING_S: Final = 3_600.0
_YOUNG: Final = 1  # the generations that are looked at before they are set aside: 0 and 1


class Collector:
    """Tends the collector of the whole process; for the loop's thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked_at = clock()
        self._played = False  # somebody was here since then
        self._left = False  # something that referred to itself left since then

    def look_at_everything(self) -> None:
        """Collect whatever is garbage, and set the rest aside."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._looked_at = self._clock()
        self._played = self._left = False

    def expect_garbage(self) -> None:
        """Have everything looked at soon: something left that refers to itself, as modules do."""
        gc.unfreeze()
        self._left = True

    def tend(self, players: int) -> None:
        """Set aside what stayed, or look at everything when it is time; for each `TEND_MS`."""
        if (
            self._left
            or (self._played and not players)
            or self._clock() - self._looked_at >= EVERYTHING_S
        ):
            self.look_at_everything()
        elif players:
            self._played = True
            gc.collect(_YOUNG)
            gc.freeze()
