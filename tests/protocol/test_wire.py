from __future__ import annotations

import math

import pytest

from pyao.protocol.wire import BYTE, FLAG, FLOAT, LONG, SHORT, Scalar


@pytest.mark.parametrize(
    ("kind", "width", "low", "high"),
    [(BYTE, 1, 0, 255), (SHORT, 2, -32768, 32767), (LONG, 4, -(2**31), 2**31 - 1)],
)
def test_integers_accept_their_range_and_nothing_beside_it(
    kind: Scalar, width: int, low: int, high: int
) -> None:
    assert kind.width == width
    assert kind.problem(low) is None
    assert kind.problem(high) is None
    for value in (low - 1, high + 1):
        assert kind.problem(value) == f"must be an integer {low} to {high}, got {value}"
    assert kind.problem(1.0) == f"must be an integer {low} to {high}, got 1.0"
    assert kind.problem("1") == f"must be an integer {low} to {high}, got '1'"


@pytest.mark.parametrize("value", [0, 1.5, -FLOAT.high, FLOAT.high, math.inf, math.nan])
def test_floats_accept_what_32_bits_hold(value: float) -> None:
    assert FLOAT.problem(value) is None


@pytest.mark.parametrize("value", [1e39, -1e39, "1", None])
def test_floats_refuse_the_rest(value: object) -> None:
    assert "must be a number within -3.4028235e+38 to 3.4028235e+38" in str(FLOAT.problem(value))


def test_flags_are_true_or_false() -> None:
    assert [FLAG.problem(value) for value in (True, False, 0, 1)] == [None] * 4
    assert FLAG.problem(2) == "must be true or false, got 2"
