from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks import runs
from benchmarks.scenarios import scenarios
from benchmarks.table import (
    ROWS,
    Line,
    Row,
    lines,
    markdown,
    spoilt,
    table,
    unexplained,
    value_of,
    verdict,
)

QUICK = Row("quick", "walk-200", "seen.p99", "ms", 50, 20, timing=True)
MANY = Row("many", "walk-200", "rate", "/s", 100, 200, more=True)


@pytest.mark.parametrize(("value", "reached"), [(20, "goal"), (50, "must"), (51, "MISS")])
def test_less_is_better_where_nothing_else_is_said(value: float, reached: str) -> None:
    assert verdict(value, QUICK) == reached


@pytest.mark.parametrize(("value", "reached"), [(200, "goal"), (100, "must"), (99, "MISS")])
def test_more_is_better_for_rates(value: float, reached: str) -> None:
    assert verdict(value, MANY) == reached


def test_a_row_finds_its_figure_by_its_path() -> None:
    results = {"walk-200": {"seen": {"p99": 12.5}}}
    assert value_of(results, QUICK) == 12.5
    assert value_of({}, QUICK) is None
    assert value_of({"walk-200": {"seen": None}}, QUICK) is None


def test_times_of_a_busy_machine_mean_nothing_and_counts_do() -> None:
    figures = {"others_share": 0.4}
    assert "machine busy" in spoilt(figures, QUICK)
    assert spoilt(figures, MANY) == ""


def test_nothing_a_tired_generator_timed_means_anything() -> None:
    assert spoilt({"saturated": "too slow"}, MANY) == "too slow"
    faults = Row("faults", "walk-200", "faults", "", counted=True)
    assert spoilt({"saturated": "too slow"}, faults) == ""
    assert spoilt({"failed": "no server"}, faults) == "no server"


def test_a_reason_is_given_once() -> None:
    results = {"dense-50": {"saturated": "too slow"}}
    figures = [line.figure for line in lines(results, {}, 6.2, anyway=False)]
    assert figures == ["too slow", "not measured", "see above"]


def test_every_row_belongs_to_a_scenario_and_every_scenario_has_a_row() -> None:
    assert {row.scenario for row in ROWS} == set(scenarios())


def line_of(
    results: dict[str, dict[str, Any]],
    what: str,
    before: dict[str, dict[str, Any]] | None = None,
    echo_us: float = 6.2,
) -> Line:
    found = lines(results, before or {}, echo_us, anyway=False)
    return next(line for line in found if line.what.strip() == what)


def test_the_table_shows_reasons_instead_of_spoilt_figures() -> None:
    results = {"dense-50": {"walk_to_observer_ms": {"p99": 2.0}, "others_share": 0.5}}
    assert "machine busy" in shown(results, anyway=False)
    assert "2 ms" in shown(results, anyway=True)


def shown(results: dict[str, dict[str, Any]], *, anyway: bool) -> str:
    console = Console(width=160)
    with console.capture() as capture:
        console.print(table(lines(results, {}, 6.2, anyway=anyway), 6.2))
    return capture.get()


def test_a_scenario_that_failed_says_so_in_all_its_rows() -> None:
    results = {"dense-50": {"failed": "RuntimeError: the server did not start"}}
    assert "did not start" in shown(results, anyway=False)
    assert unexplained(results) == []


def test_a_row_without_figure_and_without_reason_is_named() -> None:
    assert "stand-500: CPU with nobody" in unexplained({"stand-500": {}})


def test_processor_time_is_judged_by_the_echoes_beside_its_rounds() -> None:
    rounds = [[100.0, 5.0], [140.0, 10.0], [90.0, 5.0], [400.0, 5.0], [85.0, 5.0]]
    results = {"walk-1000": {"cpu_per_walk_us": 100.0, "rounds": rounds}}
    line = line_of(results, "CPU per walk", echo_us=1.0)
    assert (line.figure, line.echoes) == ("100 us", "18.0 (17.0-20.0)")
    assert (line.must, line.goal, line.reached) == ("25 E", "15 E", "must")


def test_without_rounds_processor_time_is_judged_by_the_echo_of_the_run() -> None:
    results = {"walk-1000": {"cpu_per_walk_us": 100.0}}
    found = [line_of(results, "CPU per walk", echo_us=echo_us) for echo_us in (3.0, 5.0, 7.0)]
    reached = {line.echoes: line.reached for line in found}
    assert reached == {"~33.3": "MISS", "~20.0": "must", "~14.3": "goal"}


def test_the_share_of_the_echo_is_shown_with_its_quartiles_where_there_were_rounds() -> None:
    ping: dict[str, Any] = {"cpu_per_ping_us": 10.0, "echo_share": 0.55}
    what = "PING on 100: share of the echo"
    assert line_of({"ping-100": ping}, what).figure == "0.55"
    ping["rounds"] = [[10.0, 5.0], [10.0, 5.5], [10.0, 6.0]]
    line = line_of({"ping-100": ping}, what)
    assert (line.figure, line.echoes, line.reached) == ("0.55 (0.525-0.575)", "", "must")
    assert line_of({"ping-100": ping}, "PING on 100: CPU of one").echoes == "1.8 (1.7-1.9)"


def test_an_earlier_run_is_shown_in_echoes_too_where_it_had_rounds() -> None:
    now: dict[str, dict[str, Any]] = {"walk-1000": {"cpu_per_walk_us": 100.0}}
    assert line_of(now, "CPU per walk", now).before == "100"
    rounds = [[80.0, 5.0], [90.0, 5.0]]
    earlier: dict[str, dict[str, Any]] = {"walk-1000": {"cpu_per_walk_us": 85, "rounds": rounds}}
    assert line_of(now, "CPU per walk", earlier).before == "85, 17.0 E"


def test_the_table_can_be_a_page() -> None:
    results = {"dense-50": {"walk_to_observer_ms": {"p99": 2.0}, "observers_per_walk": 47.6}}
    page = markdown(lines(results, {}, 6.2, anyway=False)).splitlines()
    assert page[0].startswith("| what | figure |")
    assert page[2] == "| dense 50: step seen, p99 | 2 ms |  | 10 | 3 | goal |  |"
    assert page[3].startswith("| &nbsp; observers per step | 47.6 |")


def test_a_run_is_compared_with_the_last_one_of_the_same_machine(tmp_path: Path) -> None:
    assert runs.latest("a machine", tmp_path) == {}
    runs.save({"machine": "a machine", "results": {"start": {"start_s": 1}}}, tmp_path)
    runs.save({"machine": "another", "results": {}}, tmp_path)
    assert runs.latest("a machine", tmp_path) == {"start": {"start_s": 1}}
