"""One world, one server: the second is refused, a killed one is replaced at once, or taken over."""

from __future__ import annotations

import asyncio
import os
import signal
import time

from tests.integration.conftest import Connect
from tests.support.byte_client import ERROR_MSG, SOUTH
from tests.support.server_process import LISTEN, ServerProcess, run_command
from tests.support.waiting import until

FULL = os.environ.get("PYAO_TEST_FULL") == "1"  # on a quiet machine, where times count
REFUSED_S = 3.0
START_S = 4.0  # a lease that has to run out takes longer


async def test_a_second_server_is_refused_and_told_who_has_the_world(
    server: ServerProcess, connect: Connect
) -> None:
    server.start()
    ana = await connect()
    await ana.enter_new("Ana")
    folder = server.data_dir.parent
    began = time.monotonic()
    second = await asyncio.to_thread(
        run_command, *LISTEN, "--data-dir", str(server.data_dir), *server.options, cwd=folder
    )
    took_s = time.monotonic() - began
    assert second.returncode != 0
    lines = second.stderr.strip().splitlines()
    assert len(lines) == 1, second.stderr
    assert f"pid {server.pid}" in lines[0]
    assert "--take-over" in lines[0]
    assert took_s < REFUSED_S or not FULL
    await ana.settle()
    ana.walk(SOUTH)
    await ana.settle()
    assert (server.data_dir / "server.json").exists()


async def test_after_a_kill_the_next_start_is_immediate(
    server: ServerProcess, connect: Connect
) -> None:
    server.start()
    ana = await connect()
    await ana.enter_new("Ana")
    server.kill()
    began = time.monotonic()
    await asyncio.to_thread(server.start)
    took_s = time.monotonic() - began
    again = await connect()
    await again.enter("Ana")
    assert took_s < START_S or not FULL


async def test_a_world_that_is_taken_over_stops_the_server_that_had_it(
    server: ServerProcess, connect: Connect
) -> None:
    server.start()
    ana = await connect()
    await ana.enter_new("Ana")
    place = (ana.map, ana.x, ana.y)
    second = ServerProcess(server.data_dir, *server.options, "--take-over")
    second.log = server.data_dir.parent / "second.log"
    try:
        await asyncio.to_thread(second.start)
        await ana.get(ERROR_MSG)
        await ana.until_closed()
        assert await asyncio.to_thread(server.wait, 10) != 0
        assert "another server took this world over" in server.output()
        assert "Traceback" not in server.output()
        assert second.running
        assert f'"pid": {second.pid}' in (server.data_dir / "server.json").read_text()
        server.status = second.status
        again = await connect()
        await again.enter("Ana")
        assert (again.map, again.x, again.y) == place
    finally:
        second.kill()


async def test_a_server_that_slept_while_it_was_replaced_writes_nothing_any_more(
    server: ServerProcess, connect: Connect
) -> None:
    """Frozen by its machine, it wakes up believing that the world is still its own."""
    server.start()
    ana = await connect()
    await ana.enter_new("Ana")
    server.signal(signal.SIGSTOP)
    ana.walk(SOUTH)  # waits in its socket until it wakes
    second = ServerProcess(server.data_dir, *server.options, "--take-over")
    second.log = server.data_dir.parent / "second.log"
    try:
        await asyncio.to_thread(second.start)
        old, server.status = server.status, second.status
        again = await connect()
        await again.enter("Ana")
        place = (again.map, again.x, again.y)
        server.signal(signal.SIGCONT)
        assert await asyncio.to_thread(server.wait, 15) != 0
        server.status = old
        await again.settle()
        assert (again.map, again.x, again.y) == place
        await until(lambda: second.running)
    finally:
        server.signal(signal.SIGCONT)
        second.kill()
