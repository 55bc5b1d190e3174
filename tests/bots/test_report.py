from __future__ import annotations

import json

from rich.console import Console

from pyao.bots.report import BotReport
from pyao.bots.tally import Tally


def report(*, cpu_share: float = 0.2, late_s: float = 0.001) -> BotReport:
    tally = Tally(walks=12, refused_walks=2, packets_in=400, bytes_in=2000)
    tally.timed_walks, tally.moves_matched = 5, 150
    tally.latency.add(0.004)
    tally.lateness.add(late_s)
    return BotReport(
        wanted=5,
        playing=4,
        join_s=2.0,
        seconds=10.0,
        cpu_share=cpu_share,
        watching=2,
        tally=tally,
    )


def printed(found: BotReport) -> str:
    recorder = Console(width=120)
    with recorder.capture() as shown:
        recorder.print(found.table())
    return shown.get()


def test_a_step_has_as_many_observers_as_bots_saw_it() -> None:
    assert report().observers == 90.0  # one of three others took the times: they see as much


def test_the_figures_are_plain_values_for_json() -> None:
    figures = json.loads(json.dumps(report().as_dict()))
    assert figures["packets_in_per_s"] == 40.0
    assert figures["walk_to_observer_ms"] == {"p50": 4.0, "p99": 4.0, "max": 4.0}


def test_bots_that_were_too_busy_report_that_instead_of_latencies() -> None:
    tired = report(cpu_share=0.9)
    assert tired.saturated
    assert tired.as_dict()["walk_to_observer_ms"] is None
    assert "90% of a core" in printed(tired)


def test_bots_whose_own_steps_were_late_report_that_instead_of_latencies() -> None:
    assert "30 ms late" in report(late_s=0.030).saturated


def test_a_good_run_shows_its_latencies() -> None:
    assert "p99 4.0 ms" in printed(report())


def test_what_should_not_happen_is_counted_and_shown() -> None:
    found = report()
    found.tally.disconnects["connection closed"] += 2
    found.refusals["full"] += 1
    assert found.faults == 3
    assert "2 x connection closed" in printed(found)
    assert "1 x full" in printed(found)


def test_reports_of_several_processes_add_up() -> None:
    together = BotReport.together([report(), report(cpu_share=0.5)])
    assert (together.wanted, together.playing) == (10, 8)
    assert together.cpu_share == 0.5
    assert together.tally.walks == 24
