"""The pool of character indices: the number a client knows a character by."""

from __future__ import annotations

from collections import deque

MAX_CHARACTERS = 10_000  # as classic servers; the wire would hold 32,767


class IndexPool:
    """Gives out 1 to 10,000, always the one that has been free for the longest.

    A client that missed a removal would mistake a reused number for the old character, so numbers
    rest as long as possible.
    """

    def __init__(self, size: int = MAX_CHARACTERS) -> None:
        self._free = deque(range(1, size + 1))
        self._used: set[int] = set()

    def __len__(self) -> int:
        return len(self._used)

    def take(self) -> int:
        """Return a free index; OverflowError when all are in use."""
        if not self._free:
            msg = "all character indices are in use"
            raise OverflowError(msg)
        index = self._free.popleft()
        self._used.add(index)
        return index

    def give_back(self, index: int) -> None:
        """Free an index; one that is not in use is a bug and raises KeyError."""
        self._used.remove(index)
        self._free.append(index)
