from __future__ import annotations

from pyao.rules.character import Character, UserId
from pyao.rules.kinds import Privilege
from pyao.rules.ranking import Board, figure, scores


def person(**figures: int) -> Character:
    return Character(
        user_id=UserId(1),
        name="Ana",
        account="Ana",
        race=1,
        gender=1,
        char_class=3,
        head=5,
        **figures,  # type: ignore[arg-type] # numbers only
    )


def test_of_equal_levels_the_one_with_more_experience_is_ahead() -> None:
    more = scores(person(level=20, experience=500))[Board.LEVEL]
    less = scores(person(level=20, experience=499))[Board.LEVEL]
    above = scores(person(level=21))[Board.LEVEL]
    assert less < more < above
    assert [figure(Board.LEVEL, score) for score in (less, more, above)] == [20, 20, 21]


def test_no_score_is_too_large_for_a_double() -> None:
    assert scores(person(level=255, experience=2**40))[Board.LEVEL] < 2**53


def test_gold_counts_wherever_it_lies() -> None:
    assert scores(person(gold=30, bank_gold=12))[Board.GOLD] == 42


def test_who_has_nothing_is_not_ranked_for_it() -> None:
    assert scores(person()).keys() == {Board.LEVEL}
    assert figure(Board.KILLS, scores(person(users_killed=3))[Board.KILLS]) == 3


def test_staff_is_in_no_ranking() -> None:
    rank = int(Privilege.PLAYER | Privilege.COUNSELLOR)
    assert scores(person(level=40, gold=9, privileges=rank)) == {}
