"""Whom the centinels ask, and when a round ends."""

from __future__ import annotations

from pyao.rules.centinel import Answer, Centinels
from pyao.rules.character import UserId


def lowest(low: int, _high: int) -> int:
    return low


def test_five_ask_at_a_time_and_a_round_ends_only_when_all_are_idle() -> None:
    centinels = Centinels(active=True)
    people = [UserId(number) for number in range(1, 8)]
    centinels.begin_round(0, lowest)
    assert centinels.ask(people, 0, lowest) == [0, 1, 2, 3, 4]
    assert centinels.answer(UserId(1), 1) == (Answer.RIGHT, 0)
    assert centinels.answer(UserId(2), 9) == (Answer.WRONG, 1)
    assert centinels.answer(UserId(9), 1) == (Answer.NOT_ASKED, 0)
    assert centinels.ask(people, 0, lowest) == [0]
    centinels.begin_round(30 * 60_000, lowest)
    assert UserId(1) in centinels.passed
    for number in list(centinels.asking):
        centinels.give_up(number)
    centinels.begin_round(30 * 60_000, lowest)
    assert not centinels.passed
