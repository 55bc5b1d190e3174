from __future__ import annotations

import pytest
from tests.support.people import person

from pyao.rules.poll import Poll, VoteProblem, vote


def make_poll() -> Poll:
    return Poll(1, "More fish?", ("yes", "no"), min_level=5)


def test_a_vote_is_counted_once() -> None:
    poll = make_poll()
    assert vote(poll, person(level=5, user_id=1), 2, "a") is None
    assert vote(poll, person(level=5, user_id=2), 2, "") is None
    assert vote(poll, person(level=5, user_id=3), 1, "") is None
    assert (poll.count(1), poll.count(2)) == (1, 2)


@pytest.mark.parametrize(
    ("level", "number", "option", "mail", "problem"),
    [
        (4, 2, 1, "", VoteProblem.LEVEL),
        (5, 2, 0, "", VoteProblem.NO_OPTION),
        (5, 2, 3, "", VoteProblem.NO_OPTION),
        (5, 1, 1, "", VoteProblem.VOTED),
        (5, 2, 1, "a", VoteProblem.MAIL_VOTED),
    ],
)
def test_a_vote_that_does_not_count_changes_nothing(
    level: int, number: int, option: int, mail: str, problem: VoteProblem
) -> None:
    poll = make_poll()
    assert vote(poll, person(level=5, user_id=1), 2, "a") is None
    assert vote(poll, person(level=level, user_id=number), option, mail) is problem
    assert (poll.count(1), poll.count(2)) == (0, 1)


def test_without_a_poll_nobody_votes() -> None:
    assert vote(None, person(), 1, "") is VoteProblem.NO_POLL
