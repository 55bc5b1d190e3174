"""When the generator of the closed loop is believed."""

from __future__ import annotations

from benchmarks.closed_loop import Asked, tired
from benchmarks.server import Usage


def usage(share: float) -> Usage:
    return Usage(seconds=10.0, cpu_s=10.0 * share, others_share=0.0, resident_mb=1.0)


def test_a_generator_that_works_harder_than_the_server_is_what_is_measured() -> None:
    busy = Asked(asked=1000, answered=1000, seconds=10.0, cpu_share=0.98)
    assert "98%" in tired(busy, usage(0.7))
    assert tired(busy, usage(0.99)) == ""


def test_a_generator_with_time_to_spare_is_believed() -> None:
    idle = Asked(asked=1000, answered=1000, seconds=10.0, cpu_share=0.6)
    assert tired(idle, usage(0.7)) == ""
