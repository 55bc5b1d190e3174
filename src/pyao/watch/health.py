"""The two questions of an orchestrator: does the loop live, is the store there.

Answered from another thread than the loop's, so that a loop that hangs is reported as such.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyao.storage import SnapshotWriter
from pyao.watch.pulse import Pulse


@dataclass(frozen=True, slots=True)
class Health:
    """An answer: good or bad, and the figures behind it."""

    good: bool
    status: str
    figures: dict[str, object]


def loop_health(pulse: Pulse) -> Health:
    """Return whether the loop lives: its last tick is less than a second old."""
    alive = pulse.alive
    return Health(
        alive,
        "ok" if alive else "the loop hangs",
        {"last_tick_s": round(pulse.age_s, 3), "ticks": pulse.ticks},
    )


def store_health(pulse: Pulse, writer: SnapshotWriter, *, stopping: bool) -> Health:
    """Return whether players should be sent here: the loop lives and the store answers."""
    stats = writer.stats
    if stopping:
        status = "stopping"
    elif not pulse.alive:
        status = "the loop hangs"
    elif not writer.healthy:
        status = "the store does not answer"
    else:
        status = "ready"
    return Health(
        status == "ready",
        status,
        {
            "store": writer.repository.describe(),
            "pending_keys": stats.pending_keys,
            "outage_s": round(stats.outage_s, 1),
        },
    )
