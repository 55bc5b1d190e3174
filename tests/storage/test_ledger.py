"""Lines of the ledger, the books that demand them, and what remains of those that were trimmed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.storage.conftest import StoreMaker

from pyao.rules.inventory import GOLD_ITEM
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import (
    NOBODY,
    UNEXPLAINED,
    Books,
    Entry,
    Stock,
    add,
    carried_forward,
    held_in,
    held_in_all,
    holders_in,
    moves,
    of_bank,
    of_map,
    of_player,
    read_balance,
    reversed_row,
    rows_for,
)
from pyao.storage.owner import Owner
from pyao.storage.repository import Cut, Repository, Stamp, Verdict
from pyao.storage.values import Hash

ME = Owner.this_process()
STATS, BAG = RedisKeys.player_stats(7), RedisKeys.player_inventory(7)
GROUND = RedisKeys.map_ground(1)


def line(amount: int, source: str, target: str, item: int = GOLD_ITEM) -> Hash:
    return Entry("test", "7", item, amount, source, target).to_row(1)


def test_every_kind_of_record_tells_what_it_holds() -> None:
    assert held_in(STATS, {"gold": "5", "bank_gold": "6", "level": "3"}) == {
        (of_player(7), GOLD_ITEM): 5,
        (of_bank(7), GOLD_ITEM): 6,
    }
    bag = {"slots": "25", "slot_1": "460:1:equipped", "slot_9": "12:40", "slot_10": "12:2"}
    assert held_in(BAG, bag) == {(of_player(7), 460): 1, (of_player(7), GOLD_ITEM): 42}
    assert held_in("player:7:bank", {"slots": "40", "slot_3": "2:10"}) == {(of_bank(7), 2): 10}
    assert held_in(GROUND, {"50,50": "12x100", "51,50": "12x1"}) == {(of_map(1), GOLD_ITEM): 101}
    for key in ("player:7:position", "account:stats", "module:x:stats", "room:a:ground"):
        assert held_in(key, {"gold": "5", "slot_1": "1:1"}) == {}
    assert held_in(BAG, None) == {}


def test_a_line_names_what_both_sides_lose_and_win() -> None:
    row = line(5, of_player(7), of_map(1))
    assert dict(moves(row)) == {(of_player(7), GOLD_ITEM): -5, (of_map(1), GOLD_ITEM): 5}
    assert dict(moves(line(5, NOBODY, of_map(1)))) == {(of_map(1), GOLD_ITEM): 5}
    assert dict(moves(reversed_row(row))) == {(of_player(7), GOLD_ITEM): 5, (of_map(1), 12): -5}


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"cause": "kick", "who": "cli:root", "target": "Ana"},
        {"cause": "used", "item": "5", "amount": "1"},  # as lines were before there was a ledger
        {"from": "player:1", "to": "", "item": "five", "amount": "1"},
        {"from": "player:1", "to": "", "item": "5", "amount": "-1"},
    ],
)
def test_what_is_no_movement_of_value_moves_nothing(row: Hash) -> None:
    assert list(moves(row)) == []
    assert reversed_row(row) == row


def test_books_are_content_when_every_change_has_its_line() -> None:
    books = Books()
    books.learn({STATS: {"gold": "100"}})
    changes = {STATS: {"gold": "60"}, GROUND: {"5,5": "12x40"}}
    assert books.check(changes, [line(40, of_player(7), of_map(1))], 1) == []
    assert books.check({STATS: {"gold": "60"}, "player:7:position": {"x": "1"}}, [], 1) == []
    assert books.check({GROUND: None}, [line(40, of_map(1), NOBODY)], 1) == []
    assert books.unexplained == 0


def test_a_forgotten_line_is_written_by_the_books_and_is_an_error_in_the_log() -> None:
    books = Books()
    books.learn({STATS: {"gold": "100"}})
    with capture_logs() as logs:
        (row,) = books.check({STATS: {"gold": "70"}}, [], 9)
    assert (row["cause"], row["from"], row["to"], row["amount"]) == (
        UNEXPLAINED,
        "player:7",
        "",
        "30",
    )
    assert books.unexplained == 1
    assert [entry["event"] for entry in logs] == ["value_unexplained"]
    assert books.check({STATS: {"gold": "70"}}, [], 9) == []


def test_a_line_without_a_change_is_answered_by_its_opposite() -> None:
    books = Books()
    lone = line(1, of_player(7), NOBODY, item=460)
    (row,) = books.check({}, [lone], 1)
    assert dict(moves(row)) == {(of_player(7), 460): 1}


def test_a_record_that_was_never_read_is_new_and_needs_a_line_for_all_it_holds() -> None:
    books = Books()
    bag = {"slots": "25", "slot_1": "460:2"}
    (row,) = books.check({BAG: bag}, [], 1)
    assert dict(moves(row)) == {(of_player(7), 460): 2}


def test_a_damaged_record_is_left_to_who_reads_it() -> None:
    books = Books()
    books.learn({STATS: {"gold": "much"}})
    assert books.unexplained == 0


stakes = st.tuples(st.sampled_from(["player:1", "bank:1", "map:1"]), st.integers(1, 4))
stocks = st.dictionaries(stakes, st.integers(-9, 9).filter(bool))


@given(stocks, stocks)
def test_lines_for_a_stock_bring_it_and_trimming_them_keeps_their_sum(
    one: Stock, two: Stock
) -> None:
    rows = [*rows_for(one, "a", "1", 1), *rows_for(two, "b", "1", 1)]
    both: Stock = dict(one)
    add(both, two.items())
    forward: Stock = {}
    stored: dict[str, Hash] = {}
    for part in (rows[:2], rows[2:]):
        changed = carried_forward(part, {k: stored[k] for k in holders_in(part) if k in stored})
        for key, record in changed.items():
            stored.pop(key, None)
            if record is not None:
                stored[key] = record
    for key, record in stored.items():
        add(forward, read_balance(key.partition(":")[2], record).items())
    assert forward == both


# --- in every store ------------------------------------------------------------------------------


def play(store: Repository, stamp: Stamp, chance: random.Random, steps: int) -> Stamp:
    """Let two characters and a map give each other coins, a cut each; return the last stamp."""
    keys = {RedisKeys.player_stats(1): "player:1", RedisKeys.player_stats(2): "player:2"}
    found = store.read([*keys, GROUND])
    purse = {keys[key]: int(found.get(key, {}).get("gold", "0")) for key in keys}
    ground = sum(held_in(GROUND, found.get(GROUND)).values())
    for _ in range(steps):
        giver, taker = chance.sample(sorted({*purse, "map:1"}), 2)
        amount = chance.randint(0, ground if giver == "map:1" else purse[giver])
        for holder, change in ((giver, -amount), (taker, amount)):
            if holder == "map:1":
                ground += change
            else:
                purse[holder] += change
        changes = {key: {"gold": str(purse[holder])} for key, holder in keys.items()}
        rows = [line(amount, giver, taker)]
        stamp = Stamp(stamp.epoch, stamp.number + 1)
        cut = Cut(stamp, {**changes, GROUND: {"5,5": f"12x{ground}"} if ground else None}, rows)
        assert store.commit(cut).verdict is Verdict.STORED
    return stamp


def opened(store: Repository) -> Stamp:
    """Claim a store and give two characters a hundred coins each."""
    stamp = store.claim(ME).stamp
    records = {RedisKeys.player_stats(n): {"gold": "100"} for n in (1, 2)}
    rows = rows_for(held_in_all(records), "created", "0", 1)
    stamp = Stamp(stamp.epoch, stamp.number + 1)
    store.commit(Cut(stamp, records, rows))
    return stamp


def test_stock_agrees_with_the_ledger_before_and_after_lines_were_trimmed(
    make_store: StoreMaker,
) -> None:
    store = make_store()
    store.open()
    stamp = play(store, opened(store), random.Random(3), 60)
    whole = store.take_stock()
    assert whole.balanced, whole
    assert (whole.lines, whole.held, whole.created) == (62, {GOLD_ITEM: 200}, {GOLD_ITEM: 200})
    assert store.trim(stamp, 10).verdict is Verdict.STORED
    assert len(list(store.audit_rows())) == 10
    stamp = play(store, stamp, random.Random(4), 5)
    store.trim(stamp, 10)
    assert store.trim(Stamp(stamp.epoch, stamp.number - 1), 1).verdict is Verdict.LOST
    after = store.take_stock()
    assert after.balanced, after
    assert (after.lines, after.held) == (10, {GOLD_ITEM: 200})
    assert after.brought_forward == {GOLD_ITEM: 200}


def test_a_difference_is_named_with_its_holder_and_item(make_store: StoreMaker) -> None:
    store = make_store()
    store.open()
    stamp = opened(store)
    stolen = {RedisKeys.player_stats(2): {"gold": "130"}, BAG: {"slots": "25", "slot_1": "460:1"}}
    store.commit(Cut(Stamp(stamp.epoch, stamp.number + 1), stolen))
    found = store.take_stock()
    assert [(d.holder, d.item, d.stored, d.told) for d in found.differences] == [
        ("player:2", GOLD_ITEM, 130, 100),
        ("player:7", 460, 1, 0),
    ]
    assert not found.balanced


def test_a_holder_who_vanished_is_a_difference_too(make_store: StoreMaker) -> None:
    store = make_store()
    store.open()
    stamp = opened(store)
    gone = {RedisKeys.player_stats(2): None}
    store.commit(Cut(Stamp(stamp.epoch, stamp.number + 1), gone))
    (found,) = store.take_stock().differences
    assert (found.holder, found.stored, found.told) == ("player:2", 0, 100)


def test_what_cannot_be_counted_is_told(make_store: StoreMaker) -> None:
    store = make_store()
    store.open()
    stamp = opened(store)
    store.commit(Cut(Stamp(stamp.epoch, stamp.number + 1), {BAG: {"slots": "25", "slot_1": "x"}}))
    found = store.take_stock()
    assert not found.balanced
    assert found.unreadable[0].startswith(BAG)
