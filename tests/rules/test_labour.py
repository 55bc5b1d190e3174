from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyao.rules.labour import Stretch


def test_each_step_takes_one_off_what_was_counted() -> None:
    one = Stretch()
    assert one.left(7) == 0
    for _ in range(3):
        one.add(7)
    assert [one.left(steps) for steps in (7, 8, 10, 50)] == [3, 2, 0, 0]
    one.add(50)
    assert one.left(50) == 1


@given(st.lists(st.booleans(), max_size=60))
def test_it_is_what_counting_at_every_step_would_give(acts: list[bool]) -> None:
    one, steps, expected = Stretch(), 0, 0
    for works in acts:
        if works:
            one.add(steps)
            expected += 1
        else:
            steps += 1
            expected = max(0, expected - 1)
        assert one.left(steps) == expected
