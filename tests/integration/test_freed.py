"""Clients that leave are freed at once: the collector, which stops the loop, is not needed."""

from __future__ import annotations

import gc
from collections import Counter

from tests.integration.conftest import Start
from tests.support.waiting import until

from pyao.net import ClientConnection
from pyao.net.outbox import Outbox
from pyao.tasks.dispatch import Dispatcher
from pyao.tasks.session import Session
from pyao.world import Player

KINDS = (ClientConnection, Outbox, Dispatcher, Session, Player)


def living() -> Counter[str]:
    """Return how many of each kind there are that were made since the server began."""
    return Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, KINDS))


async def test_whoever_has_left_is_freed_without_the_collector(start: Start) -> None:
    running = await start()
    server = running.app.server
    gc.collect()
    gc.disable()
    try:
        for name in ("Ana", "Bea", "Cleo"):
            client = await running.newcomer(name)
            stranger = await running.connect()
            assert living()["Player"] == 1
            await stranger.close()
            await client.close()
            running.clients.clear()
            await until(lambda: not server.connections)
            await until(lambda: not living())
    finally:
        gc.enable()
