"""What was written lately, kept so that a store that was rolled back can be brought up to date.

A Redis that dies loses up to a second of commits that were already confirmed (AOF everysec). The
live world can write itself again, but not who just logged out; their last records stand here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from pyao.storage.repository import Cut
from pyao.storage.values import Hash, Value

KEEP_S: Final = 60.0
MAX_KEYS: Final = 50_000


class RecentCuts:
    """The newest value of each key written in the last minute, oldest first."""

    def __init__(self, floor: int) -> None:
        self.floor = floor  # a store at this number or above can be brought up to date
        self._values: dict[str, tuple[int, float, Value | None]] = {}
        self._ledger: deque[tuple[int, float, Hash]] = deque()

    def add(self, cut: Cut, now: float) -> None:
        """Remember a cut that is stored; forget what is too old or too much."""
        number = cut.stamp.number
        for key, value in cut.changes.items():
            # Taken out first so that the key moves to the young end.
            self._values.pop(key, None)
            self._values[key] = (number, now, value)
        # A rewrite brings lines again that are remembered; twice they would be doubled by the next.
        known = {id(row) for _, _, row in self._ledger} if cut.rewrite else ()
        self._ledger.extend((number, now, row) for row in cut.ledger if id(row) not in known)
        self._prune(now - KEEP_S)

    def get(self, key: str) -> tuple[Value | None] | None:
        """Return the newest value in a tuple, or None when the key was not written lately."""
        found = self._values.get(key)
        return None if found is None else (found[2],)

    def keys(self) -> Iterable[str]:
        """Return the keys that are remembered."""
        return self._values.keys()

    def since(self, number: int) -> tuple[dict[str, Value | None], list[Hash]]:
        """Return the records and audit rows written after a commit number."""
        records = {key: value for key, (at, _, value) in self._values.items() if at > number}
        return records, [row for at, _, row in self._ledger if at > number]

    def _prune(self, before: float) -> None:
        while self._values:
            key = next(iter(self._values))
            number, at, _ = self._values[key]
            if at >= before and len(self._values) <= MAX_KEYS:
                break
            del self._values[key]
            self.floor = max(self.floor, number)
        while self._ledger and (self._ledger[0][1] < before or len(self._ledger) > MAX_KEYS):
            self.floor = max(self.floor, self._ledger.popleft()[0])
