"""Redis and the way to it fail under a server that is played; the game goes on and nothing is lost.

In full (30 s each, as operators meet it): `PYAO_TEST_FULL=1 pytest
tests/integration/test_store_faults.py`. The figures are in the log of the run, line by line.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from tests.support.byte_client import ByteClient
from tests.support.redis_faults import (
    FAULT_S,
    FAULTS,
    FULL,
    NO_OUTAGE,
    Fault,
    FaultyRedis,
    at_fixture,
    killed,
)
from tests.support.server_process import ServerProcess
from tests.support.traders import (
    TRADERS,
    Trader,
    WatchedClient,
    bag_of,
    check_amounts,
    save_field,
    settle_in,
)
from tests.support.waiting import until

from pyao.storage.keys import RedisKeys
from pyao.storage.redis_store import RedisStore

__all__ = ["at_fixture"]

pytestmark = pytest.mark.untraced

log = logging.getLogger(__name__)

SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)
RETURN_S = 5.0
RED_S = 3.0
PROBE_S = 0.05
LOG_EVERY_S = 10.0
DEATHS, GONE_S = (50, (1.0, 5.0)) if FULL else (2, (0.1, 0.5))
AGAIN_S = 2.0


class Evening:
    """Traders, a probe that measures how long answers take, and the health page."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.traders = [Trader(number, self.connect) for number in range(TRADERS)]
        self.answers_ms: list[float] = []
        self.ready: list[tuple[float, bool]] = []  # when the health page was asked, and its answer
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
        probe = await ByteClient.connect(self.server.port)
        await probe.enter_new("Sonda")
        works += [asyncio.create_task(self._trade(trader)) for trader in self.traders]
        works += [asyncio.create_task(self._probe(probe)), asyncio.create_task(self._watch())]
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

    async def _probe(self, client: ByteClient) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            await client.settle()
            self.answers_ms.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(PROBE_S)
        await client.close()

    async def _watch(self) -> None:
        while not self._stop.is_set():
            ready = await self.is_ready()
            self.ready.append((time.monotonic(), ready))
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

    async def red(self) -> None:
        """Wait until the health page says that the store is away."""
        await until(lambda: self.ready[-1:] and not self.ready[-1][1])

    async def green(self) -> None:
        """Wait until the health page says that all is well."""
        await until(lambda: [ready for _, ready in self.ready[-2:]] == [True, True])


def events(server: ServerProcess) -> list[str]:
    """Return the events in a server's log, one each."""
    lines = server.output().splitlines()
    return [json.loads(line)["event"] for line in lines if line.startswith("{")]


def percentile(figures: list[float], share: float) -> float:
    return sorted(figures)[min(len(figures) - 1, math.floor(len(figures) * share))]


@pytest.fixture
async def evening(tmp_path: Path, at: FaultyRedis) -> AsyncIterator[Evening]:
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
    evening: Evening, at: FaultyRedis, fault: Fault
) -> None:
    if fault is killed:
        at.server.keep_a_file()
    async with evening.played():
        await asyncio.sleep(0.5)
        evening.ready.clear()
        began = time.monotonic()
        with fault(at):
            await asyncio.sleep(FAULT_S)
            red = [when for when, ready in evening.ready if when > began and not ready]
        back = time.monotonic()
        await evening.green()
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
    red_s = red[0] - began if red else math.inf
    if fault not in NO_OUTAGE:
        assert red, "the health page did not notice"
        assert red_s <= RED_S or not FULL
        assert said.count("store_away")
        assert said.count("store_back") == 1
    log.warning(
        "%s for %.1f s: answers p99 %.0f ms, at most %.0f ms; %s; store equals world %.1f s after "
        "its return; %d lines in the log; ready again",
        fault.__name__, FAULT_S, percentile(evening.answers_ms, 0.99), max(evening.answers_ms),
        f"health red after {red_s:.1f} s" if red else "health stays green",
        took_s, said.count("store_away"),
    )  # fmt: skip


@pytest.mark.timeout(60 + 10 * DEATHS)
async def test_redis_dies_again_and_again_and_nobody_is_thrown_out(
    evening: Evening, at: FaultyRedis
) -> None:
    at.server.keep_a_file()
    roll = random.Random(SEED)
    took_s: list[float] = []
    async with evening.played():
        await evening.green()
        for _ in range(DEATHS):
            await asyncio.sleep(roll.uniform(0, 1))
            at.server.kill()
            await evening.red()
            await asyncio.sleep(roll.uniform(*GONE_S))
            await asyncio.to_thread(at.server.start)
            back = time.monotonic()
            await evening.green()
            took_s.append(time.monotonic() - back)
    await evening.quiet()
    with closing(RedisStore(at.server.url)) as store:
        await until(lambda: evening.stored_as_shown(store), within_s=30)
        found = store.take_stock()
    assert found.balanced, found
    check_amounts(found)
    assert all(not trader.client.closed for trader in evening.traders if trader.client)
    if FULL:
        assert max(took_s) <= AGAIN_S
    log.warning(
        "killed %d times: answers p99 %.0f ms, at most %.0f ms; ready again %.1f s after its "
        "return at most; nobody was thrown out",
        DEATHS, percentile(evening.answers_ms, 0.99), max(evening.answers_ms), max(took_s),
    )  # fmt: skip
