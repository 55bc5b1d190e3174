"""Redis and the way to it fail under a server that is played; the game goes on and nothing is lost.

In full (30 s each, as operators meet it): `PYAO_TEST_FULL=1 pytest
tests/integration/test_store_faults.py`. The figures are in the log of the run, line by line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import os
import random
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from tests.integration.test_crash_trades import bag_of, settle_in
from tests.support.byte_client import ByteClient
from tests.support.redis_proxy import RedisProxy
from tests.support.redis_server import RedisServer
from tests.support.server_process import ServerProcess
from tests.support.traders import TRADERS, Trader, WatchedClient, check_amounts, save_field
from tests.support.waiting import until

from pyao.storage.keys import RedisKeys
from pyao.storage.redis_store import RedisStore

log = logging.getLogger(__name__)

FULL = os.environ.get("PYAO_TEST_FULL") == "1"
SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)
FAULT_S = 30.0 if FULL else 1.5
RETURN_S = 5.0
RESET_EVERY_S = 0.1
PROBE_S = 0.05
LOG_EVERY_S = 10.0


@dataclass
class Redis:
    """A Redis behind a proxy, and what is done to it."""

    server: RedisServer
    proxy: RedisProxy
    stop: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def in_background(self, work: Callable[[], object]) -> Iterator[None]:
        """Go on doing something until the block ends."""
        self.stop.clear()
        thread = threading.Thread(target=work)
        thread.start()
        yield
        self.stop.set()
        thread.join()


Fault = Callable[[Redis], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def frozen(at: Redis) -> Iterator[None]:
    at.server.freeze()
    yield
    at.server.thaw()


@contextlib.contextmanager
def cut_off(at: Redis) -> Iterator[None]:
    at.proxy.mode = "drop"
    yield
    at.proxy.mode = "pass"


@contextlib.contextmanager
def reset_every_100_ms(at: Redis) -> Iterator[None]:
    def reset() -> None:
        while not at.stop.wait(RESET_EVERY_S):
            at.proxy.reset_all()

    with at.in_background(reset):
        yield


@contextlib.contextmanager
def killed(at: Redis) -> Iterator[None]:
    at.server.kill()
    yield
    at.server.start()


@contextlib.contextmanager
def full(at: Redis) -> Iterator[None]:
    with at.server.client() as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        yield
        client.config_set("maxmemory", "0")


@contextlib.contextmanager
def read_only(at: Redis) -> Iterator[None]:
    with at.server.client() as client:
        client.replicaof("127.0.0.1", "1")
        yield
        client.replicaof("NO", "ONE")


@contextlib.contextmanager
def password_wanted(at: Redis) -> Iterator[None]:
    with at.server.client() as client:
        client.config_set("requirepass", "geheim")
        client.client_kill_filter(_type="normal", skipme=True)
        yield
        client.config_set("requirepass", "")


@contextlib.contextmanager
def busy(at: Redis) -> Iterator[None]:
    def loop_for_ever() -> None:
        with at.server.client() as client, contextlib.suppress(redis.RedisError):
            client.eval("while true do end", 0)

    with at.server.client() as client:
        client.config_set("lua-time-limit", "50")
        thread = threading.Thread(target=loop_for_ever)
        thread.start()
        yield
        client.script_kill()
        thread.join()


@contextlib.contextmanager
def loading(at: Redis) -> Iterator[None]:
    """Let it die and read an older state, slowly."""
    with at.server.client() as client:
        client.save()
        keys = client.dbsize()
    at.server.kill()
    delay_us = int(FAULT_S * 1e6 / keys)
    options, at.server.options = at.server.options, ("--key-load-delay", str(delay_us))
    at.server.options += ("--loading-process-events-interval-bytes", "1024")
    with at.in_background(at.server.start):
        yield
    at.server.options = options


@contextlib.contextmanager
def flushed(at: Redis) -> Iterator[None]:
    with at.server.client() as client:
        client.flushall()
    yield


# What the server does not notice as an outage: it is written anew, or commits slip through.
NO_OUTAGE = (flushed, reset_every_100_ms)
FAULTS = (
    *(frozen, cut_off, reset_every_100_ms, killed, full, read_only),
    *(password_wanted, busy, loading, flushed),
)


class Evening:
    """Traders, a probe that measures how long answers take, and the health page."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.traders = [Trader(number, self.connect) for number in range(TRADERS)]
        self.answers_ms: list[float] = []
        self.ready: list[bool] = []
        self._stop = asyncio.Event()

    async def connect(self) -> WatchedClient:
        return await WatchedClient.connect(self.server.port)

    @asynccontextmanager
    async def played(self) -> AsyncIterator[None]:
        """Let everybody play for the length of a block."""
        works: list[asyncio.Task[None]] = []
        for trader in self.traders:
            trader.roll.seed(SEED + trader.number)
            trader.patient = False
            await trader.enter()
        works += [asyncio.create_task(self._trade(trader)) for trader in self.traders]
        works += [asyncio.create_task(self._probe()), asyncio.create_task(self._watch())]
        yield
        self._stop.set()
        await asyncio.gather(*works)

    async def is_ready(self) -> bool:
        """Ask the health page whether all is well."""
        host, port = self.server.status["monitoring"]
        reader, writer = await asyncio.open_connection(host, port)
        with closing(writer):
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            found = b" 200 " in await reader.readline()
        await writer.wait_closed()
        return found

    async def _trade(self, trader: Trader) -> None:
        while not self._stop.is_set():
            await trader.act(("create account", "change password"))

    async def _probe(self) -> None:
        client = await ByteClient.connect(self.server.port)
        await client.enter_new("Sonda")
        while not self._stop.is_set():
            began = time.monotonic()
            await client.settle()
            self.answers_ms.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(PROBE_S)
        await client.close()

    async def _watch(self) -> None:
        while not self._stop.is_set():
            self.ready.append(await self.is_ready())
            await asyncio.sleep(PROBE_S)

    async def quiet(self) -> None:
        """Let every trader see what it has."""
        for trader in self.traders:
            assert trader.client is not None
            await trader.client.settle()

    def stored_as_shown(self, store: RedisStore) -> bool:
        """Compare what is stored of every trader with what it was shown last."""
        for trader in self.traders:
            last = trader.log.shown[-1]
            user_id = trader.number + 1
            keys = [RedisKeys.player_stats(user_id), RedisKeys.player_inventory(user_id)]
            found = store.read(keys)
            stats, bag = (found.get(key, {}) for key in keys)
            if (stats.get("gold"), bag_of(bag)) != (str(last.gold), last.bag):
                return False
        return True


def events(server: ServerProcess) -> list[str]:
    """Return the events in a server's log, one each."""
    lines = server.output().splitlines()
    return [json.loads(line)["event"] for line in lines if line.startswith("{")]


def percentile(figures: list[float], share: float) -> float:
    return sorted(figures)[min(len(figures) - 1, math.floor(len(figures) * share))]


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Redis]:
    server = RedisServer(tmp_path / "redis", "--appendonly", "no")
    server.start()
    proxy = RedisProxy(server.port)
    yield Redis(server, proxy)
    proxy.close()
    server.kill()


@pytest.fixture
async def evening(tmp_path: Path, at: Redis) -> AsyncIterator[Evening]:
    data_dir = tmp_path / "data"
    world = save_field(data_dir)
    await settle_in(RedisStore(at.server.url))
    server = ServerProcess(
        data_dir,
        *("--storage", "redis", "--redis-url", at.proxy.url, "--world", str(world)),
        env={
            "PYAO_PACKET_RATE": "0",
            "PYAO_MODULES_LOAD_ORDER": "grow",
            "PYAO_METRICS_PORT": "0",
        },
    )
    await asyncio.to_thread(server.start)
    made = Evening(server)
    yield made
    server.kill()
    for trader in made.traders:
        await trader.end()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_the_game_goes_on_and_the_store_is_made_good(
    evening: Evening, at: Redis, fault: Fault
) -> None:
    if fault is killed:
        with at.server.client() as client:  # as operators are told to
            client.config_set("appendonly", "yes")
    async with evening.played():
        await asyncio.sleep(0.5)
        evening.ready.clear()
        with fault(at):
            await asyncio.sleep(FAULT_S)
            seen_ready = list(evening.ready)
        back = time.monotonic()
        await until(lambda: evening.ready[-1:] == [True] and evening.ready[-2:-1] == [True])
    await evening.quiet()
    with closing(RedisStore(at.server.url)) as store:
        await until(lambda: evening.stored_as_shown(store), within_s=30)
        took_s = time.monotonic() - back
        found = store.take_stock()
    assert found.balanced, found
    check_amounts(found)
    assert all(not trader.client.closed for trader in evening.traders if trader.client)
    if FULL:
        assert took_s <= RETURN_S
    said = events(evening.server)
    assert said.count("store_away") <= FAULT_S / LOG_EVERY_S + 1
    if fault not in NO_OUTAGE:
        assert not all(seen_ready), "the health page did not notice"
        assert said.count("store_away")
        assert said.count("store_back") == 1
    log.warning(
        "%s for %.0f s: answers p99 %.0f ms, at most %.0f ms; store equals world %.1f s after its "
        "return; %d lines in the log; ready again",
        fault.__name__, FAULT_S, percentile(evening.answers_ms, 0.99), max(evening.answers_ms),
        took_s, said.count("store_away"),
    )  # fmt: skip
