from __future__ import annotations

from tests.support.world import make_player, make_world

from pyao.game.rankings import Rankings
from pyao.rules.kinds import Privilege
from pyao.rules.ranking import Board, scores


def test_only_what_changed_is_written() -> None:
    rankings, (ana, _) = Rankings(), make_player(make_world())
    ana.gold = 5
    first = rankings.changed(ana)
    assert first["ranking:gold:1"] == "5"
    assert first["ranking:kills:1"] is None
    assert rankings.changed(ana) == {}
    ana.gold = 6
    assert rankings.changed(ana) == {"ranking:gold:1": "6"}


def test_who_joins_the_staff_leaves_the_rankings() -> None:
    rankings, (ana, _) = Rankings(), make_player(make_world())
    ana.gold = 5
    rankings.changed(ana)
    ana.privileges |= Privilege.GOD
    assert rankings.changed(ana) == {"ranking:level:1": None, "ranking:gold:1": None}


def test_a_store_that_lost_everything_is_told_everything() -> None:
    rankings, (ana, _) = Rankings(), make_player(make_world())
    first = rankings.changed(ana)
    rankings.forget()
    assert rankings.changed(ana) == first
    assert first["ranking:level:1"] == str(scores(ana)[Board.LEVEL])
