"""A whole server in this process, on a small world of two meadows, spoken to in bytes."""

from __future__ import annotations

import contextlib
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


def meadow_options(folder: Path, **settings: object) -> dict[str, object]:
    """Return command-line values for a server on the meadows, with its data below `folder`."""
    world = folder / "meadows.pyao"
    if not world.exists():
        save_world(world_data(), world)
    return {
        "host": ["127.0.0.1"],
        "port": 0,
        "data_dir": folder / "data",
        "storage": "sqlite",
        "world": str(world),
        "metrics_port": 0,
        "flush_max_ms": 0,  # clients share the loop: while it rests they could not read either
        **settings,
    }


def make_app(folder: Path, *, clock: ManualClock | None = None, **settings: object) -> App:
    """Return a server on the meadows that is not started."""
    origin = Origin(cli=meadow_options(folder, **settings), env={}, cwd=folder)
    return App(origin, clock=clock)


@contextlib.asynccontextmanager
async def starter(folder: Path) -> AsyncIterator[Start]:
    """Give a starter of servers; settings are given by leaf name, `clock` by hand."""
    started: list[Running] = []

    async def begin(*, clock: ManualClock | None = None, **settings: object) -> Running:
        app = make_app(folder, clock=clock, **settings)
        await app.start()
        started.append(Running(app))
        return started[-1]

    yield begin
    for one in started:
        for client in one.clients:
            await client.close()
        await one.app.stop()


@pytest.fixture(name="start")
async def start_fixture(tmp_path: Path) -> AsyncIterator[Start]:
    """Return a starter of servers; settings are given by leaf name, `clock` by hand."""
    async with starter(tmp_path) as begin:
        yield begin


@pytest.fixture(name="running")
async def running_fixture(start: Start) -> Running:
    """Return a server with default settings."""
    return await start()
