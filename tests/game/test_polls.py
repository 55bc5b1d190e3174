from __future__ import annotations

from tests.support.people import person

from pyao.game.own_data import POLLS
from pyao.game.polls import Polls
from pyao.modules import SavedData
from pyao.rules.character import UserId
from pyao.rules.poll import VoteProblem


def saved() -> SavedData:
    return SavedData(lambda _module, _key: None)


def again(data: SavedData) -> Polls:
    """Read the polls as a server does that starts anew."""
    stored = {POLLS: {key: record for _, key, record in data}}
    return Polls(SavedData(lambda _module, _key: None, stored))


def test_a_poll_is_remembered_with_its_votes() -> None:
    data = saved()
    polls = Polls(data)
    polls.open("More fish?", ("yes", "no", "both"), 3)
    voters = [person(level=3, user_id=number) for number in range(1, 451)]
    voters[0].email, voters[1].email = "ana@faro.example", "ANA@faro.example"
    assert polls.vote(voters[0], 2) is None
    assert polls.vote(voters[1], 2) is VoteProblem.MAIL_VOTED
    assert [polls.vote(one, 3) for one in voters[2:]] == [None] * 448
    assert "faro" not in str(list(data))
    poll = again(data).current
    assert poll == polls.current
    assert poll is not None
    assert poll.votes[UserId(1)] == 2
    assert (poll.count(1), poll.count(2), poll.count(3)) == (0, 1, 448)


def test_a_poll_that_ended_leaves_nothing_but_its_number() -> None:
    data = saved()
    polls = Polls(data)
    assert polls.close() is None
    assert polls.open("One?", ("yes", "no"), 1).number == 1
    assert polls.vote(person(), 1) is None
    ended = polls.close()
    assert ended is not None
    assert ended.count(1) == 1
    assert data.keys(POLLS) == ["last"]
    assert again(data).current is None
    assert again(data).open("Two?", ("yes", "no"), 1).number == 2


def test_a_module_that_is_called_poll_keeps_what_it_remembers() -> None:
    mine = {"seen": "yes"}
    data = SavedData(lambda _module, _key: None, {"poll": {"poll": mine, "votes_0": mine}})
    polls = Polls(data)
    assert polls.current is None
    polls.open("More fish?", ("yes", "no"), 1)
    polls.close()
    assert data.get("poll", "poll") == data.get("poll", "votes_0") == mine
