"""One account, fifty log-ins at the same moment: one of them plays, whatever the setting."""

from __future__ import annotations

import asyncio

import pytest
from tests.integration.conftest import Running, Start
from tests.support.byte_client import ERROR_MSG, LOGGED, ByteClient
from tests.support.waiting import until

LOGINS = 50


async def log_in(running: Running) -> ByteClient:
    """Log in and return the client when it has been answered either way."""
    client = await running.connect()
    client.log_in("Ana")
    await client.until(lambda packet: packet.id in (LOGGED, ERROR_MSG))
    return client


@pytest.mark.parametrize("rule", ["kick", "refuse"])
async def test_of_fifty_log_ins_at_once_exactly_one_plays(start: Start, rule: str) -> None:
    running = await start(second_login=rule)
    first = await running.newcomer("Ana")
    first.send(b"\x47")
    await first.until_closed()
    clients = await asyncio.gather(*(log_in(running) for _ in range(LOGINS)))
    await until(lambda: sum(not client.closed for client in clients) == 1)
    game = running.app.game
    assert len(game.world.players) == len(game.clients) == 1
    assert list(game.sessions) == [1]
    (playing,) = (client for client in clients if not client.closed)
    await playing.settle()
    assert len(list(game.world.maps[playing.map].players())) == 1
