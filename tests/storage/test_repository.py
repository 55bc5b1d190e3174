"""What every back-end promises, run on each of them."""

from __future__ import annotations

import pytest
from tests.storage.conftest import StoreMaker

from pyao.errors import StorageConflict, StorageCorrupt
from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.repository import (
    Beat,
    Cut,
    Repository,
    Stamp,
    Standing,
    Verdict,
)
from pyao.storage.values import Value

POSITION = RedisKeys.player_position(1)
HERE = {"map": "1", "x": "50", "y": "50", "heading": "3"}
THERE = {"map": "2", "x": "10", "y": "20", "heading": "1"}
ME = Owner.this_process()
ELSEWHERE = Owner(host="other", pid=4321, since="2025-01-01T00:00:00+00:00", place="another/place")


def cut_after(stamp: Stamp, changes: dict[str, Value | None], **rest: object) -> Cut:
    return Cut(Stamp(stamp.epoch, stamp.number + 1), changes, **rest)  # type: ignore[arg-type]


def test_a_new_world_starts_at_commit_zero_and_knows_no_character(store: Repository) -> None:
    claim = store.claim(ME)
    assert claim.stamp.number == 0
    assert claim.last_user_id == 0
    assert store.read([POSITION]) == {}
    assert store.scan("player:") == []


def test_what_a_cut_wrote_is_read_back(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    odd = {"name": "Ñandú \x00 ☃ \n", "empty": ""}
    cut = cut_after(stamp, {POSITION: HERE, "map:1:ground": odd})
    assert store.commit(cut) == Standing(Verdict.STORED, cut.stamp)
    assert store.read([POSITION, "map:1:ground", "player:2:position"]) == {
        POSITION: HERE,
        "map:1:ground": odd,
    }


def test_a_text_that_is_none_is_stored_with_question_marks(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    store.commit(cut_after(stamp, {"room:a:vars": {"x\ud800": "\udfffy", "z": "☃"}}))
    assert store.read(["room:a:vars"]) == {"room:a:vars": {"x?": "?y", "z": "☃"}}


def test_an_empty_hash_is_no_hash(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    store.commit(cut_after(stamp, {POSITION: HERE}))
    store.commit(Cut(Stamp(stamp.epoch, 2), {POSITION: {}, "config:server:x": ""}))
    assert store.read([POSITION]) == {}
    assert store.read_strings(["config:server:x"]) == {"config:server:x": ""}


def test_a_hash_is_replaced_as_a_whole_and_none_removes_it(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    bag = RedisKeys.player_inventory(1)
    store.commit(cut_after(stamp, {bag: {"slots": "25", "slot_1": "467:100"}, POSITION: HERE}))
    store.commit(Cut(Stamp(stamp.epoch, 2), {bag: {"slots": "25", "slot_2": "1:1"}}))
    assert store.read([bag]) == {bag: {"slots": "25", "slot_2": "1:1"}}
    store.commit(Cut(Stamp(stamp.epoch, 3), {bag: None}))
    assert store.read([bag, POSITION]) == {POSITION: HERE}


def test_the_same_commit_number_again_changes_nothing_and_counts_as_stored(
    store: Repository,
) -> None:
    stamp = store.claim(ME).stamp
    cut = cut_after(stamp, {POSITION: HERE}, ledger=({"what": "trade"},))
    for _ in range(3):
        assert store.commit(cut).verdict is Verdict.STORED
    assert store.audit(10) == [{"what": "trade"}]


@pytest.mark.parametrize("number", [0, 2, 5])
def test_a_commit_number_that_is_not_the_next_is_refused(store: Repository, number: int) -> None:
    epoch = store.claim(ME).stamp.epoch
    store.commit(Cut(Stamp(epoch, 1), {POSITION: HERE}))
    store.commit(Cut(Stamp(epoch, 2), {POSITION: HERE}))
    wanted = {0: 1, 2: 4, 5: 8}[number]
    standing = store.commit(Cut(Stamp(epoch, wanted), {POSITION: THERE}))
    assert standing == Standing(Verdict.LOST, Stamp(epoch, 2))
    assert store.read([POSITION]) == {POSITION: HERE}


def test_commit_numbers_go_on_after_a_restart(make_store: StoreMaker) -> None:
    first = make_store()
    first.open()
    stamp = first.claim(ME).stamp
    first.commit(cut_after(stamp, {POSITION: HERE}))
    first.release(stamp)
    first.close()
    second = make_store()
    second.open()
    claim = second.claim(ME)
    assert claim.stamp.number == 1
    assert claim.stamp.epoch > stamp.epoch
    assert second.read([POSITION]) == {POSITION: HERE}


def test_a_second_server_is_refused_and_told_who_owns_the_world(make_store: StoreMaker) -> None:
    first, second = make_store(), make_store()
    first.open()
    second.open()
    stamp = first.claim(ME).stamp
    with pytest.raises(StorageConflict, match=rf"host {ME.host}, pid {ME.pid}, since 2"):
        second.claim(ME)
    assert first.commit(cut_after(stamp, {POSITION: HERE})).verdict is Verdict.STORED


def test_a_server_that_was_taken_over_writes_nothing_more(make_store: StoreMaker) -> None:
    first, second = make_store(), make_store()
    first.open()
    second.open()
    old = first.claim(ME).stamp
    first.commit(cut_after(old, {POSITION: HERE}))
    new = second.claim(ME, take_over=True).stamp
    assert new.epoch > old.epoch
    second.commit(cut_after(new, {POSITION: THERE}))
    late = Cut(Stamp(old.epoch, 2), {POSITION: HERE})
    assert first.commit(late).verdict is Verdict.FENCED
    assert first.beat(Beat(Stamp(old.epoch, 1))).verdict is Verdict.FENCED
    assert first.commit(Cut(Stamp(old.epoch, 9), {POSITION: HERE}, rewrite=True)).verdict is (
        Verdict.FENCED
    )
    first.release(old)
    assert second.read([POSITION]) == {POSITION: THERE}
    assert second.beat(Beat(Stamp(new.epoch, 2))).verdict is Verdict.STORED


def test_a_rewrite_is_accepted_wherever_the_store_is(store: Repository) -> None:
    epoch = store.claim(ME).stamp.epoch
    store.commit(Cut(Stamp(epoch, 1), {POSITION: HERE}))
    jump = Cut(Stamp(epoch, 7), {POSITION: THERE}, rewrite=True)
    assert store.commit(jump).verdict is Verdict.STORED
    assert store.commit(Cut(Stamp(epoch, 8), {POSITION: HERE})).verdict is Verdict.STORED


def test_a_released_world_is_free(make_store: StoreMaker) -> None:
    first, second = make_store(), make_store()
    first.open()
    second.open()
    first.release(first.claim(ME).stamp)
    assert second.claim(ME).stamp.number == 0


def test_character_numbers_are_never_given_out_twice(make_store: StoreMaker) -> None:
    store = make_store()
    store.open()
    stamp = store.claim(ME).stamp
    assert [store.allocate_user_id(0) for _ in range(3)] == [1, 2, 3]
    assert store.allocate_user_id(10) == 11
    store.release(stamp)
    store.close()
    again = make_store()
    again.open()
    assert again.claim(ME).last_user_id == 11
    assert again.allocate_user_id(0) == 12


def test_a_heartbeat_writes_what_lives_with_the_server(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    session, seen = RedisKeys.session_active(1), RedisKeys.session_last_seen(1)
    count = RedisKeys.SERVER_CONNECTIONS_COUNT
    beat = Beat(stamp, {count: "5", session: {"name": "Pepe"}}, durable={seen: "1700000000"})
    assert store.beat(beat).verdict is Verdict.STORED
    assert store.read_strings([count, seen]) == {count: "5", seen: "1700000000"}
    assert store.read([session]) == {session: {"name": "Pepe"}}
    assert store.beat(Beat(stamp, {session: None}, refresh=[count])).verdict is Verdict.STORED
    assert store.read([session]) == {}


def test_sessions_and_counts_of_a_dead_server_are_gone_at_the_next_start(
    make_store: StoreMaker,
) -> None:
    first, second = make_store(), make_store()
    first.open()
    stamp = first.claim(ME).stamp
    session, seen = RedisKeys.session_active(1), RedisKeys.session_last_seen(1)
    count = RedisKeys.SERVER_CONNECTIONS_COUNT
    first.beat(Beat(stamp, {count: "5", session: {"name": "Pepe"}}, durable={seen: "1700000000"}))
    second.open()
    second.claim(ME, take_over=True)
    assert second.read([session]) == {}
    assert second.read_strings([count, seen]).get(count, "0") == "0"
    assert second.read_strings([seen]) == {seen: "1700000000"}


def test_scanning_finds_exactly_the_keys_that_start_so(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    hostile = ["account:a", "account:a*", "account:%2a", "accounts", "account:[a]", "account:z"]
    store.commit(cut_after(stamp, {key: {"name": key} for key in hostile}))
    assert store.scan("account:") == sorted(key for key in hostile if key != "accounts")
    assert store.scan("account:a*") == ["account:a*"]
    assert store.scan("account:[") == ["account:[a]"]


def test_settings_are_read_by_leaf_name(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    store.commit(cut_after(stamp, {RedisKeys.CONFIG_SERVER_PORT: "7700", "config:server:x": "1"}))
    found = store.read_config(["port", "host", "motd"], RedisKeys.CONFIG_SERVER)
    assert found == {"port": "7700"}


def test_a_text_where_a_hash_belongs_is_named(store: Repository) -> None:
    stamp = store.claim(ME).stamp
    store.commit(cut_after(stamp, {POSITION: "1,50,50", "player:2:position": HERE}))
    with pytest.raises(StorageCorrupt, match="player:1:position"):
        store.read([POSITION])
    assert store.read(["player:2:position"]) == {"player:2:position": HERE}


def test_a_store_of_a_newer_version_is_refused_unchanged(make_store: StoreMaker) -> None:
    first = make_store()
    first.open()
    stamp = first.claim(ME).stamp
    first.commit(cut_after(stamp, {RedisKeys.WORLD_SCHEMA: "99", POSITION: HERE}))
    first.release(stamp)
    first.close()
    second = make_store()
    with pytest.raises(StorageCorrupt, match=r"newer version .*layout 99"):
        second.open()
