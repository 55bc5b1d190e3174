"""Redis and the way to it misbehave; the game goes on and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import os
import random
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
import redis
from structlog.testing import capture_logs
from tests.support.redis_proxy import Fate, RedisProxy
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

from pyao.errors import ConfigError, StorageConflict
from pyao.rules.inventory import GOLD_ITEM
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import Entry, held_in_all, rows_for
from pyao.storage.owner import Owner
from pyao.storage.redis_config import SOCKET_TIMEOUT_S
from pyao.storage.redis_store import RedisStore
from pyao.storage.repository import SCHEMA_VERSION, Beat, Cut, Stamp
from pyao.storage.snapshot import BEAT_S, Loss, SnapshotWriter
from pyao.storage.values import Hash, Value

LOST_ANSWERS = 500 if os.environ.get("PYAO_TEST_FULL") == "1" else 150
ME = Owner.this_process()
ELSEWHERE = Owner(host="far", pid=4321, since="2025-01-01T00:00:00+00:00", place="another/place")
KEYS = [RedisKeys.player_stats(number) for number in range(1, 11)]


class Bank:
    """Ten characters who give each other gold; the oracle of what the store must hold."""

    def __init__(self, seed: int = 7) -> None:
        self.chance = random.Random(seed)
        self.gold = dict.fromkeys(KEYS, 100)
        self.moves = 0

    def move(self) -> tuple[dict[str, Value | None], list[Hash]]:
        """Move some gold and return what changed."""
        giver, taker = self.chance.sample(KEYS, 2)
        amount = self.chance.randint(0, self.gold[giver])
        self.gold[giver] -= amount
        self.gold[taker] += amount
        self.moves += 1
        source, target = (key.removesuffix(":stats") for key in (giver, taker))
        entry = Entry("move", str(self.moves), GOLD_ITEM, amount, source, target)
        return self.records(giver, taker), [entry.to_row(1)]

    def opening(self) -> list[Hash]:
        """Return the lines for what everybody has at first."""
        return rows_for(held_in_all(self.records()), "created", "0", 1)

    def records(self, *keys: str) -> dict[str, Value | None]:
        """Return characters as they are stored."""
        return {key: {"gold": str(self.gold[key])} for key in keys or KEYS}

    def everything(self, _loss: Loss) -> dict[str, Value | None]:
        """Return the whole live world."""
        return self.records()

    def check(self, server: RedisServer, *, moves: int | None = None) -> None:
        """Compare the store with the world: each record, and each move in the audit once."""
        with server.client() as client:
            assert {key: client.hgetall(key) for key in KEYS} == self.records()
            rows = client.xrange("audit")
        seen = [fields["who"] for _, fields in rows if fields["cause"] == "move"]
        assert seen == [str(number + 1) for number in range(self.moves if moves is None else moves)]
        with closing(RedisStore(server.url)) as store:
            assert store.take_stock().balanced


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def proxy(empty_redis: RedisServer) -> Iterator[RedisProxy]:
    made = RedisProxy(empty_redis.port)
    yield made
    made.close()


@asynccontextmanager
async def playing(url: str, bank: Bank) -> AsyncIterator[SnapshotWriter]:
    """Return a writer whose world is a bank, saved once."""
    writer = SnapshotWriter(RedisStore(url))
    writer.on_lost = bank.everything
    await writer.open()
    writer.submit(bank.records(), bank.opening())
    assert await writer.drain(5)
    try:
        yield writer
    finally:
        await writer.close()


async def play(writer: SnapshotWriter, bank: Bank, moves: int, *, pause_s: float = 0.0) -> None:
    for _ in range(moves):
        writer.submit(*bank.move())
        await asyncio.sleep(pause_s)


# --- answers that never come


@pytest.mark.parametrize(("how", "trials"), [("cut", LOST_ANSWERS), ("silent", 3)])
async def test_a_commit_whose_answer_is_lost_counts_once(
    empty_redis: RedisServer, proxy: RedisProxy, how: Fate, trials: int
) -> None:
    bank = Bank()
    turns = iter([how, None] * trials)
    async with playing(proxy.url, bank) as writer:
        before = writer.stats.commits
        proxy.lose_reply = lambda: next(turns, None)
        for _ in range(trials):
            assert await writer.committed(writer.submit(*bank.move()), 10)
        assert writer.stats.commits == before + trials
        assert writer.stats.rewrites == 0
    bank.check(empty_redis)


async def test_a_commit_that_arrives_after_its_successors_does_nothing(
    empty_redis: RedisServer, proxy: RedisProxy
) -> None:
    bank = Bank()
    async with playing(proxy.url, bank) as writer:
        fates: Iterator[Fate] = iter(["late"])
        proxy.lose_reply = lambda: next(fates, None)
        for _ in range(3):
            assert await writer.committed(writer.submit(*bank.move()), 10)
        proxy.let_go.set()
        await until(lambda: proxy.late_answers)
        assert proxy.late_answers == [b"*-1\r\n"]
        await play(writer, bank, 2)
        assert await writer.drain(5)
        assert writer.stats.rewrites == 0
    bank.check(empty_redis)


async def test_connections_cut_at_any_byte_lose_and_double_nothing(
    empty_redis: RedisServer, proxy: RedisProxy
) -> None:
    bank = Bank()
    async with playing(proxy.url, bank) as writer:
        for trial in range(40):
            cutter = threading.Timer(bank.chance.random() * 0.004, proxy.reset_all)
            cutter.start()
            await play(writer, bank, 5)
            await writer.committed(writer.last_number, 10)
            cutter.join()
            assert writer.stats.rewrites == 0, trial
    bank.check(empty_redis)


async def test_a_partition_holds_changes_and_heals(
    empty_redis: RedisServer, proxy: RedisProxy
) -> None:
    bank = Bank()
    async with playing(proxy.url, bank) as writer:
        with capture_logs() as lines:
            proxy.mode = "drop"
            await play(writer, bank, 50)
            await until(lambda: not writer.healthy)
            await play(writer, bank, 200)
            assert writer.stats.pending_keys <= 2 * len(KEYS)
            proxy.mode = "cut"
            await play(writer, bank, 20, pause_s=0.02)
            assert not writer.healthy
            proxy.mode = "pass"
            assert await writer.drain(5)
    assert [line["event"] for line in lines] == ["store_away", "store_back"]
    bank.check(empty_redis)


async def test_an_idle_server_says_within_three_periods_that_its_redis_is_gone(
    empty_redis: RedisServer, proxy: RedisProxy
) -> None:
    """A period is the beat's; the rest of the bound is what one question may take."""
    assert BEAT_S + 2 * SOCKET_TIMEOUT_S <= 3 * BEAT_S  # connecting, then asking
    bank = Bank()
    async with playing(proxy.url, bank) as writer:
        assert writer.healthy
        asked = proxy.unanswered
        proxy.mode = "drop"
        await until(lambda: not writer.healthy)
        assert proxy.unanswered - asked == 1, "it took more than one beat to notice"
        proxy.mode = "pass"
        assert await writer.drain(5)
    bank.check(empty_redis)


# --- a Redis that stops, dies, forgets


async def test_a_frozen_redis_never_stops_the_loop_and_gets_everything_after(
    own_redis: RedisServer,
) -> None:
    bank = Bank()
    async with playing(own_redis.url, bank) as writer:
        for _ in range(4):
            await play(writer, bank, bank.chance.randint(0, 5))
            own_redis.freeze()
            await play(writer, bank, 20, pause_s=0.001)
            await until(lambda: not writer.healthy)
            await play(writer, bank, 100)
            own_redis.thaw()
            assert await writer.drain(10)
        assert writer.stats.rewrites == 0
    bank.check(own_redis)


async def test_a_redis_that_died_and_came_back_with_an_old_state_is_brought_up_to_date(
    own_redis: RedisServer,
) -> None:
    bank = Bank()
    away = RedisKeys.player_stats(99)
    async with playing(own_redis.url, bank) as writer:
        await play(writer, bank, 10)
        assert await writer.drain(5)
        with own_redis.client() as client:
            client.save()
        await play(writer, bank, 10)
        # This one leaves the game: nothing in the live world knows of it any more.
        assert await writer.committed(writer.submit({away: {"gold": "5"}}), 5)
        own_redis.kill()
        await play(writer, bank, 10)
        await until(lambda: not writer.healthy)
        own_redis.start()
        assert await writer.drain(10)
        assert writer.stats.rewrites == 1
        assert not writer.incomplete
        with own_redis.client() as client:
            assert client.hgetall(away) == {"gold": "5"}
        bank.check(own_redis)
        await play(writer, bank, 3)
        assert await writer.drain(5)
    bank.check(own_redis)


async def test_a_redis_that_comes_back_with_an_old_state_twice_is_told_every_line_once(
    own_redis: RedisServer,
) -> None:
    bank = Bank()
    async with playing(own_redis.url, bank) as writer:
        await play(writer, bank, 10)
        assert await writer.drain(5)
        with own_redis.client() as client:
            client.save()
        for times in (1, 2):
            await play(writer, bank, 10)
            assert await writer.drain(5)
            own_redis.kill()
            own_redis.start()
            await until(lambda times=times: writer.stats.rewrites == times, within_s=30)
            assert await writer.drain(10)
        assert not writer.incomplete
    bank.check(own_redis)


@pytest.mark.parametrize("busy", [True, False])
async def test_flushall_is_noticed_and_the_live_world_is_written_again(
    own_redis: RedisServer, *, busy: bool
) -> None:
    bank = Bank()
    async with playing(own_redis.url, bank) as writer:
        user_id = await writer.allocate_user_id()
        await play(writer, bank, 10)
        assert await writer.drain(5)
        with own_redis.client() as client:
            client.flushall()
        if busy:
            await play(writer, bank, 1)
        await until(lambda: writer.stats.rewrites, within_s=30)
        assert await writer.drain(5)
        assert writer.incomplete
        bank.check(own_redis)
        assert await writer.allocate_user_id() == user_id + 1
        with own_redis.client() as client:
            assert client.get("world:schema") == str(SCHEMA_VERSION)
            assert client.hgetall("world:owner")["pid"] == str(ME.pid)


@pytest.mark.parametrize(
    ("policy", "memory", "good"),
    [
        ("allkeys-lru", "100mb", False),
        ("allkeys-random", "100mb", False),
        ("allkeys-lru", "0", True),
        ("volatile-lru", "100mb", True),
        ("noeviction", "100mb", True),
    ],
)
def test_a_redis_that_would_remove_what_players_have_is_refused(
    own_redis: RedisServer, policy: str, memory: str, *, good: bool
) -> None:
    with own_redis.client() as client:
        client.config_set("maxmemory", memory)
        client.config_set("maxmemory-policy", policy)
    with closing(RedisStore(own_redis.url)) as store:
        store.open()
        if good:
            store.release(store.claim(ME).stamp)
        else:
            with pytest.raises(ConfigError, match=f"{policy}.*noeviction"):
                store.claim(ME)


# --- a Redis that refuses


def out_of_memory(client: redis.Redis) -> Callable[[], object]:
    client.config_set("maxmemory", "1")
    return lambda: client.config_set("maxmemory", "0")


def read_only(client: redis.Redis) -> Callable[[], object]:
    client.replicaof("127.0.0.1", "1")
    return lambda: client.replicaof("NO", "ONE")


def password_wanted(client: redis.Redis) -> Callable[[], object]:
    client.config_set("requirepass", "geheim")
    client.client_kill_filter(_type="normal", skipme=True)

    def undo() -> None:
        client.config_set("requirepass", "")

    return undo


def too_few_replicas(client: redis.Redis) -> Callable[[], object]:
    client.config_set("min-replicas-to-write", "3")
    return lambda: client.config_set("min-replicas-to-write", "0")


@pytest.mark.parametrize("fault", [out_of_memory, read_only, password_wanted, too_few_replicas])
async def test_a_redis_that_refuses_is_waited_for_and_logged_once(
    own_redis: RedisServer, fault: Callable[[redis.Redis], Callable[[], object]]
) -> None:
    bank = Bank()
    async with playing(own_redis.url, bank) as writer:
        with own_redis.client() as client, capture_logs() as lines:
            undo = fault(client)
            await play(writer, bank, 20)
            await until(lambda: not writer.healthy, within_s=30)
            await play(writer, bank, 40, pause_s=0.02)
            undo()
            assert await writer.drain(5)
        assert [line["event"] for line in lines] == ["store_away", "store_back"]
        assert "geheim" not in repr(lines)
        assert writer.stats.rewrites == 0
    bank.check(own_redis)


async def test_a_busy_script_is_waited_for(own_redis: RedisServer) -> None:
    bank = Bank()
    async with playing(own_redis.url, bank) as writer:
        with own_redis.client() as client:
            client.config_set("lua-time-limit", "50")
            looping = threading.Thread(target=_loop_for_ever, args=(own_redis,))
            looping.start()
            await play(writer, bank, 20)
            await until(lambda: not writer.healthy, within_s=30)
            client.script_kill()
            looping.join()
            assert await writer.drain(5)
    bank.check(own_redis)


def _loop_for_ever(server: RedisServer) -> None:
    with server.client() as client, pytest.raises(redis.ResponseError):
        client.eval("while true do end", 0)


async def test_a_foreign_value_under_our_key_is_replaced_and_told(own_redis: RedisServer) -> None:
    bank = Bank()
    async with playing(own_redis.url, bank) as writer:
        with own_redis.client() as client, capture_logs() as lines:
            client.delete(KEYS[0])
            client.rpush(KEYS[0], "tampered")
            writer.submit(bank.records())
            assert await writer.drain(5)
        assert [line["event"] for line in lines] == ["foreign_values_replaced"]
        assert KEYS[0] in str(lines[0]["keys"])
    bank.check(own_redis)


# --- owners


def test_an_owner_elsewhere_that_renews_its_lease_is_named(empty_redis: RedisServer) -> None:
    with closing(RedisStore(empty_redis.url)) as first:
        stamp = first.claim(ELSEWHERE).stamp
        waited: list[float] = []

        def wait(seconds: float) -> None:
            waited.append(seconds)
            first.beat(Beat(stamp))

        second = RedisStore(empty_redis.url, wait=wait)
        with closing(second), pytest.raises(StorageConflict, match="host far, pid 4321"):
            second.claim(ME)
        assert sum(waited) < 3


def test_an_owner_elsewhere_that_died_is_waited_for(empty_redis: RedisServer) -> None:
    with closing(RedisStore(empty_redis.url)) as first, empty_redis.client() as client:
        first.claim(ELSEWHERE)
        assert 0 < client.pttl("world:owner") <= 5000
        waits = 0

        def wait(_seconds: float) -> None:
            nonlocal waits
            waits += 1
            if waits == 10:
                client.delete("world:owner")  # as when its time to live is over

        with closing(RedisStore(empty_redis.url, wait=wait)) as second:
            assert second.claim(ME).stamp.number == 0
        assert waits == 10


def test_a_store_rolled_back_to_an_older_owner_is_not_mistaken_for_a_take_over(
    empty_redis: RedisServer,
) -> None:
    now = [2_000_000_000.0]
    with (
        closing(RedisStore(empty_redis.url, clock=lambda: now[0])) as first,
        empty_redis.client() as client,
    ):
        old = first.claim(ME).stamp
        client.flushall()
        now[0] += 60
        with closing(RedisStore(empty_redis.url, clock=lambda: now[0])) as second:
            assert second.claim(ELSEWHERE).stamp.epoch > old.epoch


# --- cost


async def test_a_moved_character_costs_one_command(own_redis: RedisServer) -> None:
    positions = {
        RedisKeys.player_position(number): {"map": "1", "x": "5", "y": "6", "heading": "3"}
        for number in range(500)
    }
    store = RedisStore(own_redis.url)
    stamp = store.claim(ME).stamp
    store.commit(Cut(Stamp(stamp.epoch, 1), positions))
    with own_redis.client() as client:
        client.config_resetstat()
        store.commit(Cut(Stamp(stamp.epoch, 2), positions))
        calls = {
            name.removeprefix("cmdstat_"): figures["calls"]
            for name, figures in client.info("commandstats").items()
        }
    assert calls.pop("hset") == 500
    assert sum(calls.values()) - calls.pop("config|resetstat", 0) < 10
    store.close()
