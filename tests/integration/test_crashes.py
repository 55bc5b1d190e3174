"""kill -9 while people play: nothing is half-written, nothing older than a snapshot period."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time

import pytest
from tests.support.audit import Audit, audit
from tests.support.byte_client import ByteClient
from tests.support.lives import Life, Player, State
from tests.support.server_process import ServerProcess
from tests.support.waiting import Lateness

from pyao.content.starter import load_starter
from pyao.content.world_data import tile_index
from pyao.rules.character import Character
from pyao.rules.kinds import TileFlag
from pyao.storage import Repository

log = logging.getLogger(__name__)

TRIALS = int(os.environ.get("PYAO_TEST_TRIALS", "3"))
SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)
PLAYERS = 30
PLAY_S = 3.0
PERIOD_S = 1.0
SLACK_S = 1.0
LATE_TOGETHER = 4  # on a busy machine the packets, the tick and the commit are late, one by one
NO_WAY = TileFlag.BLOCKED | TileFlag.WATER


class Trials:
    """One world that is played in, killed and looked at again and again."""

    def __init__(self, server: ServerProcess, repository: Repository) -> None:
        self.server = server
        self.repository = repository
        self.lives: list[Life] = []
        self.oldest_s = 0.0
        self.compared = 0
        self.lateness = Lateness()
        self._roll = random.Random(SEED)
        self._maps = load_starter().maps

    def walkable(self, number: int, x: int, y: int) -> bool:
        """Tell whether a tile is free ground that leads nowhere else."""
        data = self._maps[number]
        at = tile_index(x, y)
        return not data.flags[at] & NO_WAY and at not in data.exits

    async def connect(self) -> ByteClient:
        return await ByteClient.connect(self.server.port)

    async def play_and_kill(self) -> float:
        """Let everybody play, kill the server at a random moment, and return when that was."""
        await asyncio.to_thread(self.server.start)
        players = [
            Player(number, self.connect, self.walkable, self._roll.randrange(1 << 32))
            for number in range(PLAYERS)
        ]
        for player in players:
            player.lives += [life for life in self.lives if life.name.startswith(player.tag)]
        tasks = [asyncio.create_task(player.play()) for player in players]
        async with self.lateness.measured():
            await asyncio.wait(tasks, timeout=self._roll.uniform(0.2, PLAY_S))
        failed = [task for task in tasks if task.done()]
        for player in players:
            player.server_died = True
        killed = time.monotonic()
        self.server.kill()
        for task in failed:
            await task  # nobody's play may end before the server's life does
        assert not failed
        await asyncio.gather(*(player.end() for player in players))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.lives = [life for player in players for life in player.lives]
        return killed

    def look(self, killed: float) -> Audit:
        """Compare what the store holds with what the players remember."""
        found = audit(self.repository)
        asked_for = {life.name for life in self.lives if life.asked_for}
        assert set(found.characters) <= asked_for
        for life in self.lives:
            stored = found.characters.get(life.name)
            if life.created:
                assert stored is not None, f"{life.name} was created and is gone"
            if stored is not None and life.states:
                age_s = life.age_of(state_of(stored), killed)
                assert age_s is not None, f"never so: {stored}, but {life.states[-5:]}"
                limit_s = PERIOD_S + SLACK_S + LATE_TOGETHER * self.lateness.worst_s
                assert age_s <= limit_s, f"{age_s:.2f} s old: {stored}"
                self.oldest_s = max(self.oldest_s, age_s)
                self.compared += 1
            # From now on the store is right, whatever the player remembers.
            if stored is not None:
                life.states = [(killed, state_of(stored))]
        return found


def state_of(stored: Character) -> State:
    return State(stored.map, stored.x, stored.y, stored.description)


@pytest.mark.timeout(60 + 20 * TRIALS)
async def test_a_server_killed_at_any_moment_loses_at_most_one_period(
    server: ServerProcess, repository: Repository
) -> None:
    log.warning("PYAO_TEST_SEED=%d PYAO_TEST_TRIALS=%d", SEED, TRIALS)
    trials = Trials(server, repository)
    for _ in range(TRIALS):
        killed = await trials.play_and_kill()
        trials.look(killed)
    log.warning(
        "%d trials, %d lives, %d times compared, at most %.2f s old",
        TRIALS, len(trials.lives), trials.compared, trials.oldest_s,
    )  # fmt: skip
    assert trials.compared >= TRIALS
