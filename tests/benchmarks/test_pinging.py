from __future__ import annotations

from benchmarks.closed_loop import Asked
from benchmarks.in_turn import Round
from benchmarks.pinging import figures
from benchmarks.server import Usage


def test_the_share_of_the_echo_is_taken_round_by_round() -> None:
    asked = Asked(asked=1000, answered=1000.0, seconds=2.0, cpu_share=0.7)
    idle, busy = Usage(2.0, 1.9, 0.0, 80.0), Usage(2.0, 1.9, 0.2, 80.0)
    rounds = [Round(10.0, 5.0), Round(16.0, 12.0), Round(20.0, 11.0)]
    found = figures([(asked, idle), (asked, busy), (asked, idle)], rounds)
    assert found["echo_share"] == 0.55  # of 0.5, 0.75 and 0.55
    assert found["cpu_per_ping_us"] == 16.0
    assert found["pings_per_s"] == 500
    assert found["answered_share"] == 1.0
    assert found["others_share"] == 0.2
    assert found["saturated"] == ""
    assert found["rounds"] == rounds


def test_a_generator_that_was_tired_in_most_rounds_is_not_believed() -> None:
    tired = Asked(asked=1000, answered=1000.0, seconds=2.0, cpu_share=0.98)
    well = Asked(asked=1000, answered=1000.0, seconds=2.0, cpu_share=0.7)
    usage = Usage(2.0, 1.0, 0.0, 80.0)
    rounds = [Round(10.0, 5.0)] * 3
    assert "98%" in figures([(each, usage) for each in (tired, tired, well)], rounds)["saturated"]
    assert figures([(each, usage) for each in (tired, well, well)], rounds)["saturated"] == ""
