"""A crowd walks and fights on while Redis stands still, and notices nothing.

In full, 200 players and 30 s: `PYAO_TEST_FULL=1 pytest tests/integration/test_outage_crowd.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.redis_faults import FAULT_S, FULL, FaultyRedis, at_fixture, frozen
from tests.support.server_process import ServerProcess
from tests.support.waiting import until

from benchmarks.endurance import Figures, fetch, lateness
from pyao.bots import BotOptions, Herd, Mode
from pyao.storage.redis_store import RedisStore

__all__ = ["at_fixture"]

log = logging.getLogger(__name__)

BOTS = 200 if FULL else 20
WALK_P99_S = 0.1
TICK_P99_S = 0.02
BEFORE_S = 1.0


@pytest.fixture
async def crowded(tmp_path: Path, at: FaultyRedis) -> AsyncIterator[ServerProcess]:
    """Return a server of the starter world whose Redis can be frozen."""
    server = ServerProcess(tmp_path / "data", "--storage", "redis", "--redis-url", at.proxy.url)
    await asyncio.to_thread(server.start)
    yield server
    server.kill()


async def figures(server: ServerProcess) -> Figures:
    host, port = server.status["monitoring"]
    return await asyncio.to_thread(fetch, (host, port))


@pytest.mark.timeout(180)
async def test_a_crowd_plays_on_while_redis_is_frozen(
    crowded: ServerProcess, at: FaultyRedis
) -> None:
    herd = Herd(BotOptions(port=crowded.port, count=BOTS, mode=Mode.FIGHT))
    assert await herd.join() == BOTS, herd.refusals
    before = await figures(crowded)
    playing = asyncio.create_task(herd.measure(BEFORE_S + FAULT_S))
    await asyncio.sleep(BEFORE_S)
    with frozen(at):
        await until(lambda: "store_away" in crowded.output())
        await playing
        during = await figures(crowded)
    report = playing.result()
    await herd.halt()
    assert report.playing == BOTS
    assert not report.faults, (report.tally.errors, report.tally.disconnects)
    assert report.steps
    assert during["pyao_store_up"] == 0
    assert during["pyao_packet_failures_total"] == 0
    await until(lambda: "store_back" in crowded.output())
    await herd.leave()
    assert await asyncio.to_thread(crowded.stop) == 0
    with closing(RedisStore(at.server.url)) as store:
        found = store.take_stock()
    assert found.balanced, found
    assert found.unexplained == 0
    seen, late_s = report.tally.latency, lateness(during, before, 0.99)
    log.warning(
        "%d bots walk and fight, redis frozen for %.1f s: a step is seen by others after %.0f ms "
        "(p99), %.0f ms at most; ticks late by at most %.0f ms (p99); nobody left, every coin has "
        "its line%s",
        BOTS, FAULT_S, seen.quantile_s(0.99) * 1000, seen.longest_s * 1000, late_s * 1000,
        f"; not to be judged: {report.saturated}" if report.saturated else "",
    )  # fmt: skip
    if FULL and not report.saturated:
        assert seen.quantile_s(0.99) <= WALK_P99_S
        assert late_s <= TICK_P99_S
