"""The table: what was measured beside what is asked for, in units of the run's own calibration.

The budgets are those of the project's design; E is the CPU of one echoed request (echo.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from rich.table import Table

Figures = Mapping[str, Any]
Results = Mapping[str, Figures]

BUSY_SHARE: Final = 0.10  # of the server's core taken by others; above it times mean nothing
P99_MS: Final = 50.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a figure of a scenario and its budget. Less is better unless `more`."""

    what: str
    scenario: str
    figure: str  # dotted path into the scenario's figures
    unit: str
    must: float | None = None
    goal: float | None = None
    more: bool = False
    in_echoes: bool = False  # microseconds of CPU: also shown as a multiple of E
    timing: bool = False  # spoilt by a busy machine


TIMED: Final = partial(Row, timing=True)
SEEN: Final = "walk_to_observer_ms.p99"


# Below this crowd a server answers at once: it spends the CPU it has on the shortest wait.
LOADED_BOTS: Final = 1000


def _walks() -> Iterator[Row]:
    for bots in (200, 500, 1000, 2000):
        name = f"walk-{bots}"
        loaded = bots >= LOADED_BOTS
        yield TIMED(f"{bots} spread: step seen, p99", name, SEEN, "ms", P99_MS, P99_MS)
        yield TIMED("  p50", name, "walk_to_observer_ms.p50", "ms")
        yield Row("  observers per step", name, "observers_per_walk", "")
        yield Row("  faults", name, "faults", "", 0, 0)
        yield Row("  server CPU", name, "server_cpu_share", "cores")
        per_walk = partial(Row, "  CPU per walk", name, "cpu_per_walk_us", "us", in_echoes=True)
        yield per_walk(must=150, goal=90) if loaded else per_walk()
        per_core = partial(Row, "  packets out per core", name, "packets_per_s_per_core", "/s")
        yield per_core(must=150_000, goal=300_000, more=True) if loaded else per_core()
        yield TIMED("  longest wait for PONG (stall)", name, "longest_answer_ms", "ms", 40, 20)
        yield Row("  memory per 1,000", name, "mb_per_1000", "MB", 25, 15)


ROWS: Final = (
    *_walks(),
    TIMED("dense 50: step seen, p99", "dense-50", SEEN, "ms", 10, 3),
    Row("dense 50: observers per step", "dense-50", "observers_per_walk", ""),
    TIMED("dense 300: step seen, p99", "dense-300", SEEN, "ms"),
    Row("dense 300: observers per step", "dense-300", "observers_per_walk", ""),
    Row("dense 300: CPU per walk", "dense-300", "cpu_per_walk_us", "us", in_echoes=True),
    Row("CPU with nobody", "stand-500", "nobody_cpu_share", "cores", 0.02, 0.01),
    Row("CPU with 500 standing still", "stand-500", "standing_cpu_share", "cores", 0.08, 0.04),
    Row("PING on 100: CPU of one", "ping-100", "cpu_per_ping_us", "us", in_echoes=True),
    Row("PING on 100: share of the echo", "ping-100", "echo_share", "", 0.5, 0.75, more=True),
    Row("PING on 100: throughput", "ping-100", "pings_per_s", "/s"),
    Row("Redis: store commands per walk", "redis-500", "store_commands_per_walk", "", 0.5, 0.3),
    TIMED("Redis: step seen, p99", "redis-500", SEEN, "ms", P99_MS, P99_MS),
    Row("20 log-ins/s: achieved", "logins-20", "logins_per_s", "/s", 19.5, more=True),
    TIMED("20 log-ins/s: step seen, p99", "logins-20", SEEN, "ms", P99_MS),
    Row("40 log-ins/s: achieved", "logins-40", "logins_per_s", "/s", None, 39, more=True),
    TIMED("40 log-ins/s: step seen, p99", "logins-40", SEEN, "ms", None, P99_MS),
    TIMED("start, 290 maps, 10,000 characters", "start", "start_s", "s", 3, 1.5),
    Row("memory at start, 290 maps", "start", "resident_mb", "MB", 150, 90),
)


def derive(results: dict[str, dict[str, Any]], echo_us: float) -> None:
    """Add what needs the calibration."""
    ping = results.get("ping-100")
    if ping is not None:
        ping["echo_share"] = round(echo_us / ping["cpu_per_ping_us"], 2)


def value_of(results: Results, row: Row) -> float | None:
    """Return a row's figure, or None where it was not measured or means nothing."""
    found: Any = results.get(row.scenario)
    for name in row.figure.split("."):
        if found is None:
            return None
        found = found.get(name)
    return None if found is None else float(found)


def spoilt(figures: Figures, row: Row) -> str:
    """Say why a figure means nothing, or nothing."""
    if figures.get("saturated"):
        return str(figures["saturated"])
    busy = figures.get("others_share", 0.0)
    if row.timing and busy > BUSY_SHARE:
        return f"machine busy: others used {busy:.0%} of the server's core"
    return ""


def verdict(value: float, row: Row) -> str:
    """Judge a figure by its budget."""
    for name, limit in (("goal", row.goal), ("must", row.must)):
        if limit is not None and (value >= limit if row.more else value <= limit):
            return name
    return "" if row.must is None and row.goal is None else "MISS"


def table(results: Results, before: Results, echo_us: float, *, anyway: bool) -> Table:
    """Return the table of a run beside the one before it."""
    shown = Table(title=f"E = {echo_us:.2f} us CPU per echoed request", title_justify="left")
    for name in ("what", "figure", "in E", "must", "goal", "reached", "before"):
        shown.add_column(name, justify="left" if name in {"what", "reached"} else "right")
    for row in ROWS:
        figures = results.get(row.scenario)
        if figures is None:
            continue
        value, earlier = value_of(results, row), value_of(before, row)
        why = spoilt(figures, row)
        past = "" if earlier is None else _number(earlier)
        budget = (_budget(row.must), _budget(row.goal))
        if value is None or (why and not anyway):
            shown.add_row(row.what, why or "not measured", "", *budget, "?", past)
            continue
        echoes = f"{value / echo_us:.1f}" if row.in_echoes else ""
        figure = f"{_number(value)} {row.unit}".strip()
        mark = verdict(value, row) + (" (busy)" if why else "")
        shown.add_row(row.what, figure, echoes, *budget, mark, past)
    return shown


def _budget(limit: float | None) -> str:
    return "" if limit is None else _number(limit)


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
