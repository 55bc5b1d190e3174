"""Stores of older layouts: read, brought up to date when they are claimed, and never back."""

from __future__ import annotations

from contextlib import closing

from tests.storage.conftest import StoreMaker

from pyao.rules.inventory import GOLD_ITEM
from pyao.rules.kinds import Privilege
from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.repository import SCHEMA_VERSION, Cut, Repository, Stamp
from pyao.storage.upgrade import upgraded
from pyao.storage.values import Hash, Value

ME = Owner.this_process()
STATS, BAG = RedisKeys.player_stats(1), RedisKeys.player_inventory(1)
GROUND = RedisKeys.map_ground(3)
FIRST: dict[str, Value | None] = {
    STATS: {"gold": "70", "bank_gold": "30", "level": "4"},
    BAG: {"slots": "25", "slot_1": "460:2:equipped", "a_field_of_tomorrow": "kept"},
    GROUND: {"50,50": "12x5"},
    "player:2:stats": {"gold": "lots"},
}
OLD_LINE: Hash = {"when": "1", "cause": "drop", "who": "1", "item": "12", "amount": "5"}


def make_first_layout(store: Repository) -> None:
    """Turn an open store into one as the first version wrote it, without a ledger."""
    stamp = store.claim(ME).stamp
    old = {**FIRST, RedisKeys.WORLD_SCHEMA: "1"}
    store.commit(Cut(Stamp(stamp.epoch, stamp.number + 1), old, [OLD_LINE]))
    store.release(Stamp(stamp.epoch, stamp.number + 1))


def test_a_store_of_the_first_layout_gets_a_ledger_that_agrees(make_store: StoreMaker) -> None:
    with closing(make_store()) as store:
        store.open()
        make_first_layout(store)
    with closing(make_store()) as store:
        store.open()
        stamp = store.claim(ME).stamp
        texts = store.read_strings([RedisKeys.WORLD_SCHEMA])
        assert texts == {RedisKeys.WORLD_SCHEMA: str(SCHEMA_VERSION)}
        found = store.take_stock()
        assert found.differences == ()
        assert found.held == {GOLD_ITEM: 105, 460: 2}
        assert found.brought_forward == found.held
        assert len(found.unreadable) == 1  # it is set aside as before, and not counted
        assert store.read([BAG])[BAG] == FIRST[BAG]
        store.release(stamp)


def test_everybody_of_a_store_without_rankings_is_ranked(make_store: StoreMaker) -> None:
    god = str(int(Privilege.PLAYER | Privilege.GOD))
    account = {"name": "Gandalf", "password": "x", "privileges": god, "character_9": "Gandalf"}
    with closing(make_store()) as store:
        store.open()
        stamp = store.claim(ME).stamp
        old: dict[str, Value | None] = {
            **FIRST,
            "account:gandalf": account,
            "account:broken": {"name": "Nobody", "privileges": "many"},
            RedisKeys.player_stats(9): {"gold": "999", "level": "40"},
            RedisKeys.player_stats(10): {"gold": "999", "users_killed": "3", "level": "7"},
            RedisKeys.WORLD_SCHEMA: "2",
        }
        after = Stamp(stamp.epoch, stamp.number + 1)
        store.commit(Cut(after, old))
        store.release(after)
    with closing(make_store()) as store:
        store.open()
        store.claim(ME)
        assert store.best("gold", 0, 9) == [(10, 999), (1, 100)]
        assert store.best("kills", 0, 9) == [(10, 3)]
        assert [who for who, _ in store.best("level", 0, 9)] == [10, 1]


def test_looking_at_an_old_store_does_not_change_it(make_store: StoreMaker) -> None:
    with closing(make_store()) as store:
        store.open()
        make_first_layout(store)
        before = dict(store.items())
    with closing(make_store()) as store:
        store.open()
        store.take_stock()
        assert dict(store.items()) == before


def test_a_store_of_this_layout_needs_nothing() -> None:
    assert upgraded(SCHEMA_VERSION, list) == {}
    assert upgraded(0, list) == {}
