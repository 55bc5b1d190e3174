"""Wrong passwords are counted, by account and by address; too many in a row lock for a while.

The book in memory decides, so that attempts at the same moment all count; it is stored too, so that
a restart forgives nothing. Who is already in the game is never touched.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

from pyao.storage.values import Hash

# A row of failures is forgotten after this time without a new one, whatever its length.
FORGET_S: Final = 3600
MAX_COUNTS: Final = 20_000


@dataclass(slots=True)
class Count:
    """The failures under one key; times in unix seconds."""

    failures: int = 0
    until: int = 0
    last: int = 0

    @classmethod
    def of(cls, record: Mapping[str, str]) -> Count:
        """Read a stored count; what cannot be read counts as nothing."""

        def number(name: str) -> int:
            text = record.get(name, "")
            return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004 - 64 bits

        return cls(number("failures"), number("until"), number("last"))

    def to_hash(self) -> Hash:
        """Return the stored form."""
        return {"failures": str(self.failures), "until": str(self.until), "last": str(self.last)}


class LockoutBook:
    """The counts of lately seen keys; the least used are forgotten first."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, Count] = OrderedDict()

    def knows(self, key: str) -> bool:
        """Return whether a key is in the book: then what is stored says no more."""
        return key in self._counts

    def learn(self, key: str, stored: Mapping[str, str]) -> None:
        """Take a stored count, unless the book knows better by now."""
        if key not in self._counts:
            self._counts[key] = Count.of(stored)
            self._forget_surplus()

    def seconds_left(self, key: str, now: int) -> int:
        """Return for how many more seconds a key is locked; 0 = not at all."""
        count = self._counts.get(key)
        return 0 if count is None else max(0, count.until - now)

    def fail(self, key: str, now: int, limit: int, lock_s: int) -> Hash:
        """Count one more failure, lock at the limit (0 = never), and return what to store."""
        count = self._counts.setdefault(key, Count())
        self._counts.move_to_end(key)
        if now - count.last > FORGET_S:
            count.failures = 0
        count.failures += 1
        count.last = now
        if limit and count.failures >= limit:
            count.failures = 0
            count.until = now + lock_s
        self._forget_surplus()
        return count.to_hash()

    def forgive(self, key: str) -> bool:
        """Forget the failures of a key; return whether there were any."""
        return self._counts.pop(key, None) is not None

    def _forget_surplus(self) -> None:
        while len(self._counts) > MAX_COUNTS:
            self._counts.popitem(last=False)


def network_of(address: str) -> str:
    """Return what an address is counted as: an IPv6 customer owns a whole /64."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)
