"""The table: what was measured beside what is asked for, in units of the run's own calibration.

The budgets are those of the project's design; E is the CPU of one echoed request (echo.py). What
is judged in E was measured in turn with it (in_turn.py) and has its quartiles beside it; the rest
is divided by the mean E of the run, which is of other moments, and says so by a "~".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any, Final

from rich.table import Table

from benchmarks.in_turn import Quartiles

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
    in_echoes: bool = False  # microseconds of CPU, whose budget is a multiple of E
    of_echo: bool = False  # a share of the echo: E divided by what it is for us
    timing: bool = False  # spoilt by a busy machine
    counted: bool = False  # holds also when the bots were late: what is counted, not timed


TIMED: Final = partial(Row, timing=True)
COUNTED: Final = partial(Row, counted=True)
SEEN: Final = "walk_to_observer_ms.p99"


# Below this crowd a server answers at once: it spends the CPU it has on the shortest wait.
LOADED_BOTS: Final = 1000


def _walks() -> Iterator[Row]:
    for bots in (200, 500, 1000, 2000):
        name = f"walk-{bots}"
        loaded = bots >= LOADED_BOTS
        yield TIMED(f"{bots} spread: step seen, p99", name, SEEN, "ms", P99_MS, P99_MS)
        yield TIMED("  p50", name, "walk_to_observer_ms.p50", "ms")
        yield COUNTED("  observers per step", name, "observers_per_walk", "")
        yield COUNTED("  faults", name, "faults", "", 0, 0)
        yield Row("  server CPU", name, "server_cpu_share", "cores")
        per_walk = partial(Row, "  CPU per walk", name, "cpu_per_walk_us", "us", in_echoes=True)
        yield per_walk(must=25, goal=15) if loaded else per_walk()
        per_core = partial(Row, "  packets out per core", name, "packets_per_s_per_core", "/s")
        yield per_core(must=150_000, goal=300_000, more=True) if loaded else per_core()
        yield TIMED("  longest wait for PONG (stall)", name, "longest_answer_ms", "ms", 40, 20)
        yield COUNTED("  memory per 1,000", name, "mb_per_1000", "MB", 25, 15)


def _logins() -> Iterator[Row]:
    """Name the rows of log-ins beside 1,000 walkers."""
    for per_s, must in ((20, True), (40, False)):
        name = f"logins-{per_s}"
        enough = per_s * 0.97
        yield Row(
            f"{per_s} log-ins/s beside 1,000: achieved",
            name,
            "logins_per_s",
            "/s",
            enough if must else None,
            None if must else enough,
            more=True,
        )
        limit = partial(TIMED, "  step seen meanwhile, p99", name, SEEN, "ms")
        yield limit(P99_MS, P99_MS) if must else limit(None, P99_MS)


def _fights(name: str, what: str) -> Iterator[Row]:
    yield TIMED(f"{what}: longest wait for PONG (stall)", name, "longest_answer_ms", "ms", 40, 20)
    yield Row("  blows", name, "blows_per_s", "/s")
    yield Row("  server CPU", name, "server_cpu_share", "cores")
    yield COUNTED("  faults", name, "faults", "", 0, 0)


ROWS: Final = (
    *_walks(),
    COUNTED("500 sparse: observers per step", "sparse-500", "observers_per_walk", ""),
    Row("  CPU per walk", "sparse-500", "cpu_per_walk_us", "us", in_echoes=True),
    TIMED("dense 50: step seen, p99", "dense-50", SEEN, "ms", 10, 3),
    COUNTED("  observers per step", "dense-50", "observers_per_walk", ""),
    Row("  CPU per walk", "dense-50", "cpu_per_walk_us", "us", in_echoes=True),
    TIMED("dense 300: step seen, p99", "dense-300", SEEN, "ms"),
    COUNTED("  observers per step", "dense-300", "observers_per_walk", ""),
    Row("  CPU per walk", "dense-300", "cpu_per_walk_us", "us", in_echoes=True),
    Row("  packets out per core", "dense-300", "packets_per_s_per_core", "/s"),
    Row("CPU with nobody", "stand-500", "nobody_cpu_share", "cores", 0.02, 0.01),
    Row("CPU with 500 standing still", "stand-500", "standing_cpu_share", "cores", 0.08, 0.04),
    *_fights("fight-500", "500 fighting on 290 maps"),
    Row("50 among 200 creatures: CPU", "creatures-200", "server_cpu_share", "cores"),
    Row("50 among 1,000 creatures: CPU", "creatures-1000", "server_cpu_share", "cores"),
    Row("PING on 100: CPU of one", "ping-100", "cpu_per_ping_us", "us", in_echoes=True),
    Row(
        "PING on 100: share of the echo",
        "ping-100",
        "echo_share",
        "",
        *(0.5, 0.75),
        more=True,
        of_echo=True,
    ),
    Row("PING on 100: throughput", "ping-100", "pings_per_s", "/s"),
    Row("Redis: store commands per walk", "redis-500", "store_commands_per_walk", "", 0.5, 0.3),
    TIMED("  step seen, p99", "redis-500", SEEN, "ms", P99_MS, P99_MS),
    *_logins(),
    TIMED("start, 290 maps, 10,000 characters", "start", "start_s", "s", 3, 1.5),
    Row("memory at start, 290 maps", "start", "resident_mb", "MB", 150, 90),
    Row("500 walking: CPU per walk, no modules", "framework", "cpu_per_walk_us.none", "us"),
    Row("  the five examples running", "framework", "slower_percent.examples", "% more", 3, 3),
    Row("  and each step and packet heard", "framework", "slower_percent.listener", "% more"),
    *_fights("endurance", "500 fighting for long"),
    COUNTED("  memory, last - early", "endurance", "mb_growth", "MB", 10, 5),
    COUNTED("  threads, last - early", "endurance", "threads_growth", "", 0, 0),
    COUNTED("  descriptors left behind", "endurance", "descriptors_left", "", 0, 0),
)


def value_of(results: Results, row: Row) -> float | None:
    """Return a row's figure, or None where it was not measured or means nothing."""
    found: Any = results.get(row.scenario)
    for name in row.figure.split("."):
        if found is None:
            return None
        found = found.get(name)
    return None if found is None else float(found)


def ratios(results: Results, row: Row) -> Quartiles | None:
    """Return how a row's rounds compare with their echoes, or None where there were no rounds."""
    rounds = results.get(row.scenario, {}).get("rounds")
    if not rounds:
        return None
    if row.in_echoes:
        return Quartiles.of([cpu_us / echo_us for cpu_us, echo_us in rounds])
    if row.of_echo:
        return Quartiles.of([echo_us / cpu_us for cpu_us, echo_us in rounds])
    return None


def spoilt(figures: Figures, row: Row) -> str:
    """Say why a figure means nothing, or nothing."""
    for cause in ("failed", "skipped", "saturated"):
        if figures.get(cause) and not (cause == "saturated" and row.counted):
            return str(figures[cause])
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


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table as text."""

    what: str
    figure: str  # with its unit, or why there is none
    echoes: str
    must: str
    goal: str
    reached: str
    before: str


HEADINGS: Final = ("what", "figure", "in E", "must", "goal", "reached", "before")


def lines(results: Results, before: Results, echo_us: float, *, anyway: bool) -> Iterator[Line]:
    """Go through the rows of a run, beside the one before it."""
    said: set[tuple[str, str]] = set()
    for row in ROWS:
        figures = results.get(row.scenario)
        if figures is None:
            continue
        value, past = value_of(results, row), _past(before, row)
        why = spoilt(figures, row)
        must, goal = _budget(row.must, row), _budget(row.goal, row)
        if value is None or (why and not anyway):
            reason = "see above" if (row.scenario, why) in said else why or "not measured"
            if why:
                said.add((row.scenario, why))
            yield Line(row.what, reason, "", must, goal, "?", past)
            continue
        found = ratios(results, row)
        figure = f"{_number(value)} {row.unit}".strip()
        if found and row.of_echo:
            figure += f" ({_number(found.first)}-{_number(found.third)})"
        judged, echoes = _in_echoes(value, found, echo_us) if row.in_echoes else (value, "")
        mark = verdict(judged, row) + (" (busy)" if why else "")
        yield Line(row.what, figure, echoes, must, goal, mark, past)


def _in_echoes(value: float, found: Quartiles | None, echo_us: float) -> tuple[float, str]:
    """Return a figure in E and its text, from its rounds if there are any."""
    if found:
        return found.median, f"{found.median:.1f} ({found.first:.1f}-{found.third:.1f})"
    return value / echo_us, f"~{value / echo_us:.1f}"


def _past(before: Results, row: Row) -> str:
    """Return a row's figure of an earlier run, in E too where that was measured in turn."""
    value, found = value_of(before, row), ratios(before, row)
    if value is None:
        return ""
    return _number(value) + (f", {found.median:.1f} E" if found and row.in_echoes else "")


def unexplained(results: Results) -> list[str]:
    """Return the rows of a run that have neither a figure nor a reason why not."""
    return [
        f"{row.scenario}: {row.what.strip()}"
        for row in ROWS
        if row.scenario in results
        and value_of(results, row) is None
        and not spoilt(results[row.scenario], row)
    ]


def table(found: Iterator[Line], echo_us: float) -> Table:
    """Return the rows as a table for the terminal."""
    shown = Table(title=f"E = {echo_us:.2f} us CPU per echoed request", title_justify="left")
    for name in HEADINGS:
        shown.add_column(name, justify="left" if name in {"what", "reached"} else "right")
    for line in found:
        shown.add_row(*astuple(line))
    return shown


def markdown(found: Iterator[Line]) -> str:
    """Return the rows as a table for a page."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(astuple(line) for line in found)]
    return "\n".join("| " + " | ".join(_indented(cell) for cell in row) + " |" for row in rows)


def _indented(cell: str) -> str:
    """Keep what a space at the start of a row says: it belongs to the row above."""
    return "&nbsp; " + cell.strip() if cell.startswith("  ") else cell


def _budget(limit: float | None, row: Row) -> str:
    if limit is None:
        return ""
    return f"{_number(limit)} E" if row.in_echoes else _number(limit)


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
