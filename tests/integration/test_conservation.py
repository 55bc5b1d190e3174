"""Value is neither doubled nor lost, whatever five players send, also in the same instant."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from structlog.testing import capture_logs
from tests.integration.conftest import Start
from tests.support.fair import NAMES, Fair, open_fair
from tests.support.running import starter
from tests.support.world import ManualClock

pytestmark = pytest.mark.untraced

log = logging.getLogger(__name__)

STEPS = int(os.environ.get("PYAO_TEST_STEPS", "400"))
SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)


async def test_five_players_neither_make_nor_lose_anything(start: Start, tmp_path: Path) -> None:
    log.warning("PYAO_TEST_SEED=%d PYAO_TEST_STEPS=%d", SEED, STEPS)
    fair = await open_fair(start, tmp_path, ManualClock(), SEED)
    with capture_logs() as logs:
        for _ in range(STEPS):
            await fair.step(doers=fair.roll.choice((1, 2, 2, 5)))
    assert fair.running.app.server.stats.handler_errors == 0
    assert fair.game.world.schedule.failures == 0
    assert not [entry for entry in logs if entry["log_level"] in {"error", "critical"}]
    assert len(fair.causes) > 9, fair.causes


class FairMachine(RuleBasedStateMachine):
    """Hypothesis looks for the order of packets that breaks the balance; each example a server."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.open = AsyncExitStack()
        self.fair: Fair

    @initialize(seed=st.integers(0, 1 << 32))
    def begin(self, seed: int) -> None:
        self.loop.run_until_complete(self._begin(seed))

    async def _begin(self, seed: int) -> None:
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        start = await self.open.enter_async_context(starter(folder))
        self.fair = await open_fair(start, folder, ManualClock(), seed)

    @rule(doers=st.integers(1, len(NAMES)), seed=st.integers(0, 1 << 32))
    def step(self, doers: int, seed: int) -> None:
        self.fair.roll.seed(seed)
        self.loop.run_until_complete(self.fair.step(doers))

    def teardown(self) -> None:
        self.loop.run_until_complete(self.open.aclose())
        self.loop.close()


TestFair = FairMachine.TestCase
TestFair.settings = settings(
    max_examples=int(os.environ.get("PYAO_TEST_EXAMPLES", "2")), stateful_step_count=40
)
