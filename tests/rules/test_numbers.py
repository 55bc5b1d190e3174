from __future__ import annotations

from pyao.rules.numbers import clamp, pct


def test_per_cents_are_rounded_half_to_even() -> None:
    assert [pct(50, 5), pct(70, 5), pct(90, 5), pct(615, 5)] == [2, 4, 4, 31]


def test_a_clamped_value_stays_between_the_bounds() -> None:
    assert [clamp(value, 10, 90) for value in (9, 10, 50, 90, 91)] == [10, 10, 50, 90, 90]
