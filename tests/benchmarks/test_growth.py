from __future__ import annotations

from typing import Any

from benchmarks.growth import curves


def test_curves_show_what_grows_with_players_observers_and_creatures() -> None:
    results: dict[str, dict[str, Any]] = {
        "walk-200": {
            "observers_per_walk": 30.5,
            "server_cpu_share": 0.2,
            "cpu_per_walk_us": 271.0,
            "walk_to_observer_ms": {"p50": 10.0, "p99": 16.5},
        },
        "walk-2000": {"saturated": "too many", "server_cpu_share": 0.9},
        "dense-50": {"observers_per_walk": 49.0, "cpu_per_walk_us": 585.0},
        "creatures-1000": {"server_cpu_share": 0.059},
    }
    text = curves(results)
    assert "| 200 | 30.5 | 0.2 | 271 | 10 | 16.5 |" in text
    assert "| 2,000 | - | - | - | - | - |" in text
    assert "| dense 50 | 49 | 585 | - |" in text
    assert "| 1,000 | 0.059 |" in text


def test_what_was_not_measured_has_no_curve() -> None:
    assert curves({}) == ""
    assert "creatures" not in curves({"walk-200": {"server_cpu_share": 0.2}})
