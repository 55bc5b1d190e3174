from __future__ import annotations

import pytest

from pyao.bots.tally import BIN_S, Histogram, Tally


def test_a_histogram_knows_its_quantiles_to_a_bin_and_its_maximum_exactly() -> None:
    times = Histogram()
    for milliseconds in range(1, 101):
        times.add(milliseconds / 1000)
    assert len(times) == 100
    assert times.quantile_s(0.5) == pytest.approx(0.050, abs=2 * BIN_S)
    assert times.quantile_s(0.99) == pytest.approx(0.099, abs=2 * BIN_S)
    assert times.longest_s == 0.1
    assert times.milliseconds()["max"] == 100.0


def test_a_quantile_is_never_above_the_maximum() -> None:
    times = Histogram()
    times.add(0.000_01)
    assert times.quantile_s(0.99) == 0.000_01


def test_an_empty_histogram_answers_zero() -> None:
    assert Histogram().milliseconds() == {"p50": 0.0, "p99": 0.0, "max": 0.0}


def test_tallies_add_up() -> None:
    one, two = Tally(walks=2), Tally(walks=3)
    one.errors["full"] = 1
    two.errors["full"] = 2
    two.latency.add(0.004)
    one.include([two])
    assert one.walks == 5
    assert one.errors == {"full": 3}
    assert len(one.latency) == 1
    assert one.latency.longest_s == 0.004
