"""A storm of log-ins: more than can be hashed are told to try again, and players notice nothing.

In full: `PYAO_TEST_FULL=1` (500 attempts a second for 30 s).
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import Counter

from tests.integration.conftest import Running, Start
from tests.support.byte_client import ERROR_MSG

from pyao.accounts.hashing import QUEUE

log = logging.getLogger(__name__)

FULL = os.environ.get("PYAO_TEST_FULL") == "1"
PER_TENTH = 50
TENTHS = 300 if FULL else 4


async def attempt(running: Running, answers: Counter[str]) -> None:
    """Guess a password and keep what is answered."""
    client = await running.connect()
    running.clients.remove(client)
    client.log_in("Ana", "adivina")
    answer = await client.get(ERROR_MSG, timeout=60)
    answers[str(answer.values[0])] += 1
    await client.until_closed()
    await client.close()


async def test_a_storm_of_log_ins_is_answered_and_players_go_on(start: Start) -> None:
    running = await start(
        lockout_failures=0, lockout_ip_failures=0, max_connections=10_000, log_level="ERROR"
    )
    await (await running.newcomer("Ana")).close()
    bob = await running.newcomer("Bob")
    answers: Counter[str] = Counter()
    delays_ms: list[float] = []
    hasher = running.app.game.accounts.hasher
    most_waiting = 0
    async with asyncio.TaskGroup() as storm:
        for _ in range(TENTHS):
            for _ in range(PER_TENTH):
                storm.create_task(attempt(running, answers))
            began = time.monotonic()
            await bob.settle()
            delays_ms.append((time.monotonic() - began) * 1000)
            most_waiting = max(most_waiting, hasher._waiting)
            await asyncio.sleep(0.1)
    assert sum(answers.values()) == PER_TENTH * TENTHS
    assert len(answers) == 2, answers  # wrong, or too many at once
    assert most_waiting <= QUEUE
    assert hasher.refused > 0
    await bob.settle()
    log.warning(
        "%d attempts: %d hashed, %d told to try again; a player's answer took %.0f ms at most "
        "(server and attackers in one process)",
        PER_TENTH * TENTHS, hasher.hashes, hasher.refused, max(delays_ms),
    )  # fmt: skip
