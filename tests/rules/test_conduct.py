from __future__ import annotations

from tests.support.people import person

from pyao.rules.conduct import (
    count_blocking,
    seconds_to_leave,
    serve_minute,
)
from pyao.rules.kinds import Privilege, Trigger


def test_leaving_takes_its_time_outside_safe_places() -> None:
    assert seconds_to_leave(person(), 10, safe=False) == 10
    assert seconds_to_leave(person(), 10, safe=True) == 0
    assert seconds_to_leave(person(privileges=Privilege.GOD), 10, safe=False) == 0


def test_who_stands_in_a_passage_for_144_seconds_goes_to_prison() -> None:
    checks, jailed = 0, False
    for _ in range(23):
        checks, jailed = count_blocking(checks, Trigger.ANTI_BLOCKADE, alive=True)
        assert not jailed
    assert count_blocking(checks, Trigger.ANTI_BLOCKADE, alive=True) == (0, True)


def test_leaving_the_passage_and_death_begin_the_count_anew() -> None:
    assert count_blocking(9, Trigger.NONE, alive=True) == (0, False)
    assert count_blocking(9, Trigger.ANTI_BLOCKADE, alive=False) == (0, False)
    assert count_blocking(9, Trigger.ANTI_BLOCKADE, alive=True) == (10, False)


def test_prison_is_served_by_the_minute() -> None:
    who = person(jail_minutes=2)
    assert [serve_minute(who) for _ in range(3)] == [False, True, False]
    assert who.jail_minutes == 0
