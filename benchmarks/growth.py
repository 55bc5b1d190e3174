"""Curves out of one run: what more players, more observers and more creatures cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks.table import Results, Row, spoilt, value_of

WALKS: Final = ("walk-200", "walk-500", "walk-1000", "walk-2000")
BY_OBSERVERS: Final = ("sparse-500", "walk-500", "dense-50", "dense-300")
BY_CREATURES: Final = ("creatures-200", "creatures-1000")

_OBSERVERS: Final = ("observers of a step", "observers_per_walk", False)
_PER_WALK: Final = ("CPU per walk, us", "cpu_per_walk_us", False)
_CORES: Final = ("server CPU, cores", "server_cpu_share", False)
_P50: Final = ("seen after, p50, ms", "walk_to_observer_ms.p50", True)
_P99: Final = ("p99, ms", "walk_to_observer_ms.p99", True)

Column = tuple[str, str, bool]  # heading, path of the figure, whether a busy machine spoils it


def curves(results: Results) -> str:
    """Return the curves as tables for a page; what was not measured is left out."""
    tables = (
        _curve(results, "players who walk", WALKS, (_OBSERVERS, _CORES, _PER_WALK, _P50, _P99)),
        _curve(results, "crowd", BY_OBSERVERS, (_OBSERVERS, _PER_WALK, _P99)),
        _curve(results, "creatures in view of 50 who walk", BY_CREATURES, (_CORES,)),
    )
    return "\n\n".join(table for table in tables if table)


def _curve(
    results: Results, heading: str, scenarios: Sequence[str], columns: Sequence[Column]
) -> str:
    rows = [
        [_size(name), *(_cell(results, name, column) for column in columns)]
        for name in scenarios
        if name in results
    ]
    if not rows:
        return ""
    lines = [[heading, *(column[0] for column in columns)], ["---"] * (len(columns) + 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _size(scenario: str) -> str:
    """Return how a crowd is called in a curve: a number, or what the table calls it."""
    kind, _, count = scenario.partition("-")
    number = f"{int(count):,}"
    return number if kind in {"walk", "creatures"} else f"{kind} {number}"


def _cell(results: Results, scenario: str, column: Column) -> str:
    _, figure, timing = column
    row = Row("", scenario, figure, "", timing=timing)
    figures: Mapping[str, Any] = results[scenario]
    value = value_of(results, row)
    return "-" if value is None or spoilt(figures, row) else f"{value:,.4g}"
