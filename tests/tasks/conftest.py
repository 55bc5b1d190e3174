"""A whole server in this process, on a small world of two meadows, spoken to in bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.support.byte_client import ByteClient
from tests.support.world import ManualClock, world_data

from pyao.app import App
from pyao.config import Origin
from pyao.content.world_file import save_world
from pyao.world import Player


@dataclass
class Running:
    """A running server and the clients a test opened."""

    app: App
    clients: list[ByteClient] = field(default_factory=list)

    async def connect(self) -> ByteClient:
        client = await ByteClient.connect(self.app.server.addresses[0][1])
        self.clients.append(client)
        return client

    async def newcomer(self, name: str, **choice: int) -> ByteClient:
        """Connect, create a character of that name, and come into the game."""
        client = await self.connect()
        await client.enter_new(name, **choice)
        return client

    def player(self, name: str) -> Player:
        found = self.app.game.world.find(name)
        assert found is not None, f"{name} is not in the world"
        return found


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Return a starter of servers; settings are given by leaf name, `clock` by hand."""
    running: list[Running] = []
    world = tmp_path / "meadows.pyao"
    save_world(world_data(), world)

    async def begin(*, clock: ManualClock | None = None, **settings: object) -> Running:
        cli = {
            "host": ["127.0.0.1"],
            "port": 0,
            "data_dir": tmp_path / "data",
            "storage": "sqlite",
            "world": str(world),
            **settings,
        }
        app = App(Origin(cli=cli, env={}, cwd=tmp_path), clock=clock)
        await app.start()
        running.append(Running(app))
        return running[-1]

    yield begin
    for one in running:
        for client in one.clients:
            await client.close()
        await one.app.stop()


@pytest.fixture
async def running(start: Start) -> Running:
    """Return a server with default settings."""
    return await start()
