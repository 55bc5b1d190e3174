from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.vectors import vectors

from pyao.rules.party import Member, share_out, shares

HERE = (1, 50, 50)


def member(level: int = 20, x: int = 50, y: int = 50, number: int = 1) -> Member:
    return Member(level, number, x, y)


@pytest.mark.parametrize("row", vectors("npcs", "party"), ids=str)
def test_shares_go_by_level(row: dict[str, Any]) -> None:
    got = shares(row["reward"], row["levels"])
    assert [round(share, 3) for share in got] == row["shares"]


def test_another_exponent_shares_otherwise() -> None:
    assert shares(100, [1, 3], 1) == [25, 75]


def test_fractions_are_kept_for_the_next_time() -> None:
    party = [member(25), member(15)]
    assert share_out(1_000, party, HERE) == [709, 290]
    assert share_out(1_000, party, HERE) == [710, 290]


@pytest.mark.parametrize(
    ("other", "present"),
    [
        (member(x=68), True),
        (member(x=69), False),
        (member(x=62, y=63), True),
        (member(x=63, y=63), False),
        (member(number=2), False),
        (Member(20, 1, 50, 50, dead=True), False),
    ],
)
def test_the_shares_of_the_absent_are_lost(other: Member, present: bool) -> None:
    assert share_out(1_000, [member(), other], HERE) == [500, 500 if present else 0]
    assert other.owed == 0


@given(
    st.lists(st.integers(1, 47), min_size=1, max_size=5),
    st.lists(st.integers(0, 100_000), max_size=30),
)
def test_a_party_together_loses_less_than_a_point_each(
    levels: list[int], rewards: list[int]
) -> None:
    party = [member(level) for level in levels]
    paid = sum(sum(share_out(reward, party, HERE)) for reward in rewards)
    assert sum(rewards) - len(levels) - 1e-3 <= paid <= sum(rewards) + 1e-3
