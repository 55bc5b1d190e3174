from __future__ import annotations

from benchmarks.framework import figures


def test_what_modules_cost_is_told_by_rounds_in_which_the_machine_had_one_pace() -> None:
    found = figures(
        {
            "none": [100.0, 200.0, 100.0],
            "examples": [101.0, 202.0, 150.0],
            "listener": [110.0, 220.0, 110.0],
        }
    )
    assert found["slower_percent"] == {"none": 0.0, "examples": 1.0, "listener": 10.0}
    assert found["cpu_per_walk_us"]["none"] == 100.0
