"""Server and Redis die at the same moment; nothing is lost or doubled between the characters.

In full: `PYAO_TEST_TRIALS=50 pytest tests/integration/test_crash_both.py`; `PYAO_TEST_SEED` repeats
a run. Redis keeps an append-only file, as operators are told to.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.test_crash_trades import SEED, TRIALS, CrashTrials
from tests.support.redis_server import RedisServer
from tests.support.server_process import ServerProcess
from tests.support.traders import server_of_the_field

from pyao.config import StorageSettings
from pyao.storage import Repository
from pyao.storage.choose import repository_at

log = logging.getLogger(__name__)


class BothTrials(CrashTrials):
    """The same, with a store that dies with the server and is started again."""

    def __init__(self, server: ServerProcess, repository: Repository, redis: RedisServer) -> None:
        super().__init__(server, repository)
        self.redis = redis

    def kill(self) -> None:
        """End both, either one first, and let Redis read what it has written."""
        if self.server.running:
            ends = [self.server.kill, self.redis.kill]
            self.roll.shuffle(ends)
            for end in ends:
                end()
            self.redis.start()


@pytest.fixture
def keeping_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Return a Redis that keeps what it was told through its own death."""
    folder = tmp_path / "redis"
    redis = RedisServer(folder, "--appendonly", "yes", "--appendfsync", "everysec")
    redis.start()
    yield redis
    redis.kill()


@pytest.fixture
def crashing(tmp_path: Path, keeping_redis: RedisServer) -> Iterator[ServerProcess]:
    """Return a server on the traders' field and that Redis."""
    server = server_of_the_field(
        tmp_path / "data", "--storage", "redis", "--redis-url", keeping_redis.url
    )
    yield server
    server.kill()


@pytest.mark.timeout(90 + 15 * TRIALS)
async def test_what_was_confirmed_outlives_server_and_redis(
    crashing: ServerProcess, keeping_redis: RedisServer, tmp_path: Path
) -> None:
    log.warning("PYAO_TEST_SEED=%d PYAO_TEST_TRIALS=%d", SEED, TRIALS)
    settings = StorageSettings(redis_url=keeping_redis.url)
    repository = repository_at("redis", settings, tmp_path / "data")
    trials = BothTrials(crashing, repository, keeping_redis)
    await trials.settle_in()
    for number in range(TRIALS):
        try:
            await trials.trial(2 * number)  # each at random
        except AssertionError as error:
            raise AssertionError(f"seed {SEED}, trial {number}") from error
    log.warning("%d trials, 0 violations, at most %.2f s old", TRIALS, trials.oldest_s)
