"""The writer: order, merging, outages, losses and ends, on every back-end."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from tests.storage.conftest import StoreMaker
from tests.support.waiting import until

from pyao.errors import StorageConflict, StorageUnavailable
from pyao.rules.character import UserId
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import Entry
from pyao.storage.owner import Owner
from pyao.storage.presence import Presence
from pyao.storage.rankings import Ranked
from pyao.storage.repository import Repository
from pyao.storage.snapshot import GIVE_WAY, SnapshotWriter

A, B = RedisKeys.player_stats(1), RedisKeys.player_stats(2)


def gold(amount: int) -> dict[str, str]:
    return {"gold": str(amount)}


@pytest.fixture
async def writer(make_store: StoreMaker) -> AsyncIterator[SnapshotWriter]:
    made = SnapshotWriter(make_store())
    await made.open()
    yield made
    await made.close()


async def test_submitted_changes_are_stored_and_confirmed(
    writer: SnapshotWriter, make_store: StoreMaker
) -> None:
    number = writer.submit({A: gold(5), B: gold(7)})
    assert await writer.committed(number)
    other = make_store()
    other.open()
    assert other.read([A, B]) == {A: gold(5), B: gold(7)}
    assert writer.stats.commits == 1
    assert writer.stats.pending_keys == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has its own priority")
async def test_writing_gives_way_to_the_game_on_a_core_they_share(writer: SnapshotWriter) -> None:
    assert await writer.committed(writer.submit({A: gold(5)}))
    own = os.getpriority(os.PRIO_PROCESS, 0)
    writing = {
        os.getpriority(os.PRIO_PROCESS, thread.native_id or 0)
        for thread in threading.enumerate()
        if thread.name.startswith("pyao-store")
    }
    assert min(own + GIVE_WAY, 19) in writing


async def test_changes_of_one_turn_leave_in_one_cut(writer: SnapshotWriter) -> None:
    first = writer.submit({A: gold(5)})
    second = writer.submit({A: gold(4), B: gold(1)}, [{"what": "trade"}])
    assert first == second
    assert await writer.drain(5)
    assert writer.stats.commits == 1
    assert writer.stats.keys_written == 2


async def test_what_was_read_is_renewed_by_what_was_submitted_since(
    writer: SnapshotWriter,
) -> None:
    assert await writer.committed(writer.submit({A: gold(5), B: gold(7)}))
    read = await writer.read([A, B])
    writer.submit({A: gold(9), B: None})
    assert writer.renewed(read) == {A: gold(9)}


async def test_submitting_nothing_makes_no_commit(writer: SnapshotWriter) -> None:
    assert writer.submit({}) == 0
    assert await writer.drain(1)
    assert writer.stats.commits == 0


async def test_a_read_sees_what_was_submitted_before_it(writer: SnapshotWriter) -> None:
    writer.submit({A: gold(1)})
    assert await writer.drain(5)
    writer.submit({A: gold(2), B: gold(3)})
    assert await writer.read([A, B]) == {A: gold(2), B: gold(3)}
    writer.submit({A: None})
    assert await writer.read([A, B]) == {B: gold(3)}
    assert await writer.scan("player:") == [B]
    assert await writer.drain(5)
    assert await writer.read([A, B]) == {B: gold(3)}


async def test_a_ranking_has_what_was_submitted_before_it_was_asked_for(
    writer: SnapshotWriter,
) -> None:
    names = {RedisKeys.player(1, "profile"): {"name": "Ana"}}
    writer.submit({RedisKeys.ranked("gold", 1): "5", **names})
    await asyncio.sleep(0)  # the first cut is on its way
    writer.submit({RedisKeys.ranked("gold", 1): "6"})
    found = await writer.standings("gold", UserId(1), best=1, around=0)
    assert found.best == found.around == [Ranked(1, UserId(1), "Ana", 6)]


async def test_a_callback_hears_of_its_commit_after_it_and_never_inside_the_call(
    writer: SnapshotWriter,
) -> None:
    heard: list[tuple[str, bool]] = []
    number = writer.submit({A: gold(1)})
    writer.on_committed(number, lambda stored: heard.append(("new", stored)))
    assert heard == []
    assert await writer.committed(number)
    writer.on_committed(number, lambda stored: heard.append(("old", stored)))
    assert heard in ([("new", True)], [])
    await until(lambda: len(heard) == 2)
    assert heard == [("new", True), ("old", True)]


async def test_character_numbers_come_from_the_store(writer: SnapshotWriter) -> None:
    assert [await writer.allocate_user_id() for _ in range(2)] == [1, 2]


async def test_a_second_writer_is_refused(writer: SnapshotWriter, make_store: StoreMaker) -> None:
    second = SnapshotWriter(make_store())
    with pytest.raises(StorageConflict, match="this world is served by pyao-server on host"):
        await second.open()
    await second.close()
    assert await writer.committed(writer.submit({A: gold(1)}))


async def test_a_writer_that_was_taken_over_ends_and_says_so(
    writer: SnapshotWriter, make_store: StoreMaker
) -> None:
    ends: list[str] = []
    writer.on_end = ends.append
    second = make_store()
    second.open()
    second.claim(Owner.this_process(), take_over=True)
    number = writer.submit({A: gold(1)})
    await until(lambda: ends)
    assert "took this world over" in ends[0]
    assert writer.failure == ends[0]
    assert not writer.healthy
    assert not await writer.committed(number, 0.05)
    assert second.read([A]) == {}


async def test_an_idle_writer_notices_that_it_was_taken_over(
    writer: SnapshotWriter, make_store: StoreMaker
) -> None:
    ends: list[str] = []
    writer.on_end = ends.append
    second = make_store()
    second.open()
    second.claim(Owner.this_process(), take_over=True)
    await until(lambda: ends, within_s=30)


async def test_live_figures_follow_and_vanish_at_the_end(
    make_store: StoreMaker,
) -> None:
    live = Presence(2, {1: {"name": "Pepe"}})
    writer = SnapshotWriter(make_store(), wall_clock=lambda: 1_700_000_000.0)
    writer.presence = lambda: live
    await writer.open()
    count, seen = RedisKeys.SERVER_CONNECTIONS_COUNT, RedisKeys.session_last_seen(1)
    active = RedisKeys.session_active(1)

    async def strings() -> dict[str, str]:
        return await writer.read_strings([count, seen])

    async def first() -> bool:
        return await strings() == {count: "2", seen: "1700000000"}

    async def last() -> bool:
        return (await strings())[count] == "0"

    await until(first)
    assert await writer.read([active]) == {active: {"name": "Pepe"}}
    live = Presence(0, {})
    await until(last)
    assert await writer.read([active]) == {}
    await writer.close()
    witness = make_store()
    witness.open()
    assert witness.read_strings([count, seen]) == {seen: "1700000000"}


async def test_a_bug_in_the_driver_ends_the_server_loudly(make_store: StoreMaker) -> None:
    def broken() -> Presence:
        raise ZeroDivisionError

    ends: list[str] = []
    writer = SnapshotWriter(make_store())
    writer.presence = broken
    writer.on_end = ends.append
    with capture_logs() as lines:
        await writer.open()
        await until(lambda: ends)
    assert "ZeroDivisionError" in ends[0]
    assert [line["event"] for line in lines][:1] == ["store_writer_broke"]
    await writer.close()


async def test_reading_from_a_store_that_was_never_opened_is_refused(
    make_store: StoreMaker,
) -> None:
    writer = SnapshotWriter(make_store())
    with pytest.raises(StorageUnavailable):
        await writer.read([A])
    await writer.close()


def test_a_store_that_comes_and_goes_is_told_of_once_in_ten_seconds(store: Repository) -> None:
    now = [0.0]
    writer = SnapshotWriter(store, clock=lambda: now[0])
    with capture_logs() as lines:
        for _ in range(250):
            now[0] += 0.1
            writer._away("it is gone")
            writer._back()
    told = [line["event"] for line in lines]
    assert told == ["store_away", "store_back"] * 3
    assert writer.stats.outages == 250
    assert writer.healthy


def test_a_long_outage_is_told_every_ten_seconds_and_its_end_once(store: Repository) -> None:
    now = [0.0]
    writer = SnapshotWriter(store, clock=lambda: now[0])
    with capture_logs() as lines:
        for _ in range(300):
            now[0] += 0.1
            writer._away("it is gone")
        writer._back()
    assert [line["event"] for line in lines] == [*["store_away"] * 3, "store_back"]


async def test_the_audit_is_trimmed_to_the_lines_that_are_kept(writer: SnapshotWriter) -> None:
    writer.ledger_lines = 10
    rows = [Entry("test", "1", 460, 1, target="player:1").to_row(1) for _ in range(2_999)]
    stats = {"slots": "25", "slot_1": "460:2999"}
    writer.submit({RedisKeys.player_inventory(1): stats}, rows)
    assert await writer.drain(10)
    writer.submit({}, [{"cause": "one more"}])
    assert await writer.drain(10)

    async def trimmed() -> bool:
        rows_left = await writer._in_thread(lambda: list(writer.repository.audit_rows()))
        return len(rows_left) == 10

    await until(trimmed)
    found = await writer._in_thread(writer.repository.take_stock)
    assert found.balanced
    assert (found.brought_forward, found.lines) == ({460: 2990}, 9)
    assert writer.books.unexplained == 0
