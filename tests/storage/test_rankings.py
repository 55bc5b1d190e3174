"""Rankings as every back-end keeps them."""

from __future__ import annotations

from pathlib import Path

import fakeredis
from tests.storage.conftest import StoreMaker, fake_client

from pyao.rules.character import UserId
from pyao.storage.keys import RedisKeys
from pyao.storage.migrate import migrate
from pyao.storage.owner import Owner
from pyao.storage.rankings import Ranked, Standings, standings
from pyao.storage.redis_store import RedisStore
from pyao.storage.repository import Cut, Repository, Stamp
from pyao.storage.sqlite_store import SqliteStore
from pyao.storage.values import Value

ME = Owner.this_process()
SCORES = {1: 50, 2: 2**53 - 1, 3: 7, 9: 50, 10: 50, 11: 8}
ORDER = [(2, 2**53 - 1), (9, 50), (10, 50), (1, 50), (11, 8), (3, 7)]
NAMES = {number: f"Player {number}" for number in SCORES}


def ranked(scores: dict[int, int | None], board: str = "gold") -> dict[str, Value | None]:
    return {
        RedisKeys.ranked(board, number): None if score is None else str(score)
        for number, score in scores.items()
    }


def profiles(*numbers: int) -> dict[str, Value | None]:
    return {RedisKeys.player(number, "profile"): {"name": NAMES[number]} for number in numbers}


def filled(store: Repository) -> Stamp:
    """Rank everybody, and nobody in another ranking whose name begins alike."""
    stamp = store.claim(ME).stamp
    changes = ranked(dict(SCORES)) | ranked({3: 99}, "golden") | profiles(*SCORES)
    after = Stamp(stamp.epoch, stamp.number + 1)
    store.commit(Cut(after, changes))
    return after


def test_the_highest_score_comes_first_and_of_equals_the_greater_text(store: Repository) -> None:
    filled(store)
    assert store.best("gold", 0, 100) == ORDER
    assert store.best("gold", 2, 3) == ORDER[2:5]
    assert store.best("gold", 5, 3) == ORDER[5:]
    assert store.best("gold", 0, 0) == store.best("gold", 6, 3) == store.best("none", 0, 3) == []


def test_everybody_has_the_place_they_are_listed_at(store: Repository) -> None:
    filled(store)
    assert [store.place("gold", UserId(number)) for number, _ in ORDER] == list(range(6))
    assert store.place("gold", UserId(4)) is None
    assert store.place("none", UserId(1)) is None


def test_a_cut_changes_scores_and_takes_out_of_a_ranking(store: Repository) -> None:
    stamp = filled(store)
    changes = ranked({3: 51, 2: None, 77: None})
    store.commit(Cut(Stamp(stamp.epoch, stamp.number + 1), changes))
    assert store.best("gold", 0, 2) == [(3, 51), (9, 50)]
    assert store.place("gold", UserId(2)) is None


def test_scores_outlive_the_server(make_store: StoreMaker) -> None:
    first = make_store()
    first.open()
    stamp = filled(first)
    first.release(stamp)
    first.close()
    second = make_store()
    second.open()
    second.claim(ME)
    assert second.best("gold", 0, 2) == ORDER[:2]


def test_the_best_and_the_neighbours_are_told_with_their_names(store: Repository) -> None:
    filled(store)
    found = standings(store, "gold", UserId(11), best=2, around=1)
    assert found == Standings(
        best=[
            Ranked(1, UserId(2), "Player 2", 2**53 - 1),
            Ranked(2, UserId(9), "Player 9", 50),
        ],
        around=[
            Ranked(4, UserId(1), "Player 1", 50),
            Ranked(5, UserId(11), "Player 11", 8),
            Ranked(6, UserId(3), "Player 3", 7),
        ],
    )


def test_the_first_has_nobody_ahead_and_who_is_not_ranked_no_neighbours(store: Repository) -> None:
    filled(store)
    first = standings(store, "gold", UserId(2), best=1, around=1)
    assert [one.place for one in first.around] == [1, 2]
    assert standings(store, "gold", UserId(4), best=1, around=1).around == []


def test_who_has_no_character_any_more_is_not_shown(store: Repository) -> None:
    stamp = filled(store)
    gone: dict[str, Value | None] = {RedisKeys.player(9, "profile"): None}
    store.commit(Cut(Stamp(stamp.epoch, stamp.number + 1), gone))
    found = standings(store, "gold", UserId(4), best=3, around=1)
    assert [one.place for one in found.best] == [1, 3]


def test_rankings_move_with_the_world_from_store_to_store(tmp_path: Path) -> None:
    server = fakeredis.FakeServer()

    def redis() -> RedisStore:
        return RedisStore("redis://fake", client=fake_client(server))

    source = SqliteStore(tmp_path / "source.db")
    source.open()
    source.release(filled(source))
    source.close()
    migrate(SqliteStore(tmp_path / "source.db"), redis())
    assert redis().best("gold", 0, 100) == ORDER
    migrate(redis(), SqliteStore(tmp_path / "target.db"))
    target = SqliteStore(tmp_path / "target.db")
    target.open()
    assert target.best("gold", 0, 100) == ORDER
    target.close()
    migrate(SqliteStore(tmp_path / "source.db"), redis(), force=True)
    assert redis().best("golden", 0, 100) == [(3, 99)]


def test_a_foreign_value_in_the_place_of_a_ranking_is_replaced() -> None:
    server = fakeredis.FakeServer()
    store = RedisStore("redis://fake", client=fake_client(server))
    store.open()
    stamp = store.claim(ME).stamp
    fake_client(server).set(RedisKeys.ranking("gold"), "nonsense")
    store.commit(Cut(Stamp(stamp.epoch, stamp.number + 1), ranked({1: 5, 2: 6})))
    assert store.best("gold", 0, 5) == [(2, 6), (1, 5)]


def test_sqlite_finds_places_by_an_index(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "world.db")
    store.open()
    filled(store)
    db = store._db()
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    store.best("gold", 0, 3)
    store.place("gold", UserId(3))
    db.set_trace_callback(None)
    plans = [
        str(row[3]) for statement in asked for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]
    used = ("INDEX ranks", "PRIMARY KEY", "INDEX ranks", "INDEX ranks")
    assert len(plans) == len(used)
    assert all(name in plan for plan, name in zip(plans, used, strict=True)), plans
    store.close()
