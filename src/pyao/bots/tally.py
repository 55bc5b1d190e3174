"""Counts of one measurement; those of several processes add up to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

BIN_S = 0.000_05


@dataclass(slots=True)
class Histogram:
    """Durations in bins of 50 microseconds; the longest is exact."""

    bins: Counter[int] = field(default_factory=Counter)
    longest_s: float = 0.0

    def __len__(self) -> int:
        return self.bins.total()

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self.bins[int(seconds / BIN_S)] += 1
        self.longest_s = max(self.longest_s, seconds)

    def include(self, other: Histogram) -> None:
        """Count everything another one has counted."""
        self.bins.update(other.bins)
        self.longest_s = max(self.longest_s, other.longest_s)

    def quantile_s(self, share: float) -> float:
        """Return a duration that `share` of all stay below, to the upper edge of its bin."""
        wanted = share * self.bins.total()
        seen = 0
        for number in sorted(self.bins):
            seen += self.bins[number]
            if seen >= wanted:
                return min((number + 1) * BIN_S, self.longest_s)
        return 0.0

    def milliseconds(self) -> dict[str, float]:
        """Return median, 99th percentile and maximum."""
        return {
            "p50": round(self.quantile_s(0.50) * 1000, 2),
            "p99": round(self.quantile_s(0.99) * 1000, 2),
            "max": round(self.longest_s * 1000, 2),
        }


@dataclass(slots=True)
class Tally:
    """What bots did, saw and suffered."""

    walks: int = 0
    refused_walks: int = 0
    talks: int = 0
    blows: int = 0
    deaths: int = 0
    pings: int = 0
    reads: int = 0
    bytes_in: int = 0
    packets_in: int = 0
    timed_walks: int = 0  # steps of watchers that were not refused
    moves_matched: int = 0  # how often watchers saw those
    latency: Histogram = field(default_factory=Histogram)  # walker's send to observer's read
    round_trip: Histogram = field(default_factory=Histogram)  # PING to PONG
    lateness: Histogram = field(default_factory=Histogram)  # of our own steps
    errors: Counter[str] = field(default_factory=Counter)  # error boxes, streams not understood
    disconnects: Counter[str] = field(default_factory=Counter)

    def include(self, others: Iterable[Tally]) -> None:
        """Add what other bots counted."""
        for other in others:
            for entry in fields(self):
                mine, theirs = getattr(self, entry.name), getattr(other, entry.name)
                match mine:
                    case Histogram():
                        mine.include(theirs)
                    case Counter():
                        mine.update(theirs)
                    case _:
                        setattr(self, entry.name, mine + theirs)
