"""Wrong passwords are counted, by account and by address; too many in a row lock for a while.

The counts are stored, so a restart forgives nothing. Who is already in the game is never touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyao.storage.values import Hash

# A row of failures is forgotten after this time without a new one, whatever its length.
FORGET_S = 3600


@dataclass(slots=True)
class _Count:
    failures: int = 0
    until: int = 0  # unix seconds
    last: int = 0

    @classmethod
    def of(cls, record: Mapping[str, str]) -> _Count:
        """Read a stored count; what cannot be read counts as nothing."""
        values = {
            name: int(text) for name, text in record.items() if text.isascii() and text.isdigit()
        }
        return cls(values.get("failures", 0), values.get("until", 0), values.get("last", 0))

    def to_hash(self) -> Hash:
        """Return the stored form."""
        return {
            "failures": str(self.failures),
            "until": str(self.until),
            "last": str(self.last),
        }


class Lockout:
    """Judges one kind of key: so many failures lock it for so many seconds."""

    def __init__(
        self, failures: int, lock_s: int, *, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self.failures = failures
        self.lock_s = lock_s
        self._wall_clock = wall_clock

    def seconds_left(self, record: Mapping[str, str]) -> int:
        """Return for how many more seconds a stored count locks; 0 = not at all."""
        return max(0, _Count.of(record).until - int(self._wall_clock()))

    def after_failure(self, record: Mapping[str, str]) -> Hash:
        """Return the count to store after one more failure."""
        now = int(self._wall_clock())
        count = _Count.of(record)
        if now - count.last > FORGET_S:
            count.failures = 0
        count.failures += 1
        count.last = now
        if count.failures >= self.failures:
            count.failures = 0
            count.until = now + self.lock_s
        return count.to_hash()
