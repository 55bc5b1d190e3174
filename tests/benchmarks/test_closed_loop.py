"""The generator of the closed loop: what it counts, and when it is believed."""

from __future__ import annotations

import asyncio
import os

import pytest

from benchmarks.closed_loop import CONNECTIONS, Asked, ClosedLoop, Job, tired
from benchmarks.echo import Echo
from benchmarks.machine import Cores
from benchmarks.server import Usage, Watch


def usage(share: float) -> Usage:
    return Usage(seconds=10.0, cpu_s=10.0 * share, others_share=0.0, resident_mb=1.0)


def test_a_generator_that_works_harder_than_the_server_is_what_is_measured() -> None:
    busy = Asked(asked=1000, answered=1000, seconds=10.0, cpu_share=0.98)
    assert "98%" in tired(busy, usage(0.7))
    assert tired(busy, usage(0.99)) == ""


def test_a_generator_with_time_to_spare_is_believed() -> None:
    idle = Asked(asked=1000, answered=1000, seconds=10.0, cpu_share=0.6)
    assert tired(idle, usage(0.7)) == ""


async def test_every_request_of_the_generator_is_answered_once() -> None:
    cores = Cores.of_this_machine()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    greetings = ["aabb"] * CONNECTIONS
    async with ClosedLoop(cores, Job(port, "07", "07", greetings)) as generator:
        asked, _ = await generator.measure(0.3, Watch.of(os.getpid(), cores.server))
    server.close()
    assert asked.asked >= CONNECTIONS
    assert asked.answered == asked.asked


async def test_a_generator_that_is_turned_away_says_so() -> None:
    class Closing(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transport.close()

    server = await asyncio.get_running_loop().create_server(Closing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    job = Job(port, "07", "07", ["aa"] * CONNECTIONS)
    with pytest.raises(RuntimeError, match="before its time"):
        async with ClosedLoop(Cores.of_this_machine(), job):
            pass
    server.close()
