"""What a run of bots found, for people and for files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rich.table import Table

from pyao.bots.tally import Tally

FULL_SHARE: Final = 0.85  # of one core; above it the bots measure themselves
LATE_S: Final = 0.020


@dataclass(slots=True)
class BotReport:
    """Figures of one measurement. While `saturated` says why, its latencies mean nothing."""

    wanted: int
    playing: int
    join_s: float
    seconds: float
    cpu_share: float  # of one core, of the busiest process
    watching: int  # of those in the game, how many take the times
    refusals: Counter[str] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)

    @property
    def saturated(self) -> str:
        """Why the bots themselves were too slow to measure, or an empty text."""
        late = self.tally.lateness.quantile_s(0.99)
        if self.cpu_share > FULL_SHARE:
            return f"the bots used {self.cpu_share:.0%} of a core"
        if late > LATE_S:
            return f"the bots' own steps came {late * 1000:.0f} ms late"
        return ""

    @property
    def steps(self) -> int:
        """Steps the server accepted."""
        return self.tally.walks - self.tally.refused_walks

    @property
    def observers(self) -> float:
        """How many bots of the same process saw a step, on average, by what the watchers saw."""
        others = self.watching - 1  # nobody is told of its own steps
        if self.tally.timed_walks <= 0 or others <= 0:
            return 0.0
        return self.tally.moves_matched / self.tally.timed_walks * (self.playing - 1) / others

    @property
    def faults(self) -> int:
        """Everything that should not happen."""
        tally = self.tally
        return tally.errors.total() + tally.disconnects.total() + self.refusals.total()

    @classmethod
    def together(cls, reports: Sequence[BotReport]) -> BotReport:
        """Add up what several processes found at the same time."""
        tally = Tally()
        tally.include(report.tally for report in reports)
        refusals: Counter[str] = Counter()
        for report in reports:
            refusals.update(report.refusals)
        return cls(
            wanted=sum(report.wanted for report in reports),
            playing=sum(report.playing for report in reports),
            join_s=max(report.join_s for report in reports),
            seconds=max(report.seconds for report in reports),
            cpu_share=max(report.cpu_share for report in reports),
            watching=sum(report.watching for report in reports),
            refusals=refusals,
            tally=tally,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON; latencies are null when saturated."""
        tally, per_s = self.tally, 1 / self.seconds
        valid = not self.saturated
        return {
            "bots": self.playing,
            "bots_wanted": self.wanted,
            "join_s": round(self.join_s, 2),
            "logins_per_s": round(self.playing / self.join_s, 1) if self.join_s else 0.0,
            "seconds": round(self.seconds, 2),
            "saturated": self.saturated,
            "generator_cpu_share": round(self.cpu_share, 3),
            "generator_lateness_ms": tally.lateness.milliseconds(),
            "watching": self.watching,
            "walks": tally.walks,
            "walks_refused": tally.refused_walks,
            "observers_per_walk": round(self.observers, 1),
            "walk_to_observer_ms": tally.latency.milliseconds() if valid else None,
            "talks": tally.talks,
            "blows": tally.blows,
            "deaths": tally.deaths,
            "pings_per_s": round(tally.pings * per_s, 1),
            "ping_ms": tally.round_trip.milliseconds() if valid else None,
            "packets_in_per_s": round(tally.packets_in * per_s, 1),
            "bytes_in_per_s": round(tally.bytes_in * per_s, 1),
            "reads_per_s": round(tally.reads * per_s, 1),
            "errors": dict(tally.errors),
            "disconnects": dict(tally.disconnects),
            "not_admitted": dict(self.refusals),
        }

    def table(self) -> Table:
        """Return the figures as a table for the terminal."""
        tally, per_s = self.tally, 1 / self.seconds
        table = Table(title="Bots", show_header=False, title_justify="left")
        table.add_row("in the game", f"{self.playing} of {self.wanted}, in {self.join_s:.1f} s")
        table.add_row("measured", f"{self.seconds:.1f} s")
        table.add_row("steps", f"{tally.walks * per_s:.0f}/s, {tally.refused_walks} refused")
        if tally.blows:
            table.add_row("blows", f"{tally.blows * per_s:.0f}/s, {tally.deaths} deaths")
        table.add_row("observers", f"{self.observers:.1f} per step")
        for what, times in (("step seen after", tally.latency), ("ping", tally.round_trip)):
            if len(times):
                spread = "  ".join(f"{name} {ms} ms" for name, ms in times.milliseconds().items())
                table.add_row(what, self.saturated or spread)
        if tally.pings:
            table.add_row("pings", f"{tally.pings * per_s:.0f}/s")
        table.add_row("received", f"{tally.packets_in * per_s:.0f} packets/s")
        table.add_row("", f"{tally.bytes_in * per_s / 1000:.0f} kB/s")
        table.add_row("bots' own CPU", f"{self.cpu_share:.0%} of a core")
        for what, counts in (
            ("not admitted", self.refusals),
            ("disconnected", tally.disconnects),
            ("error", tally.errors),
        ):
            for text, count in counts.most_common(5):
                table.add_row(what, f"{count} x {text}")
        return table
