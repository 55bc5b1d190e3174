"""The calibration: CPU per request of a bare uvloop Protocol that echoes 6 bytes.

Whatever a machine's pace is today, a ratio to this moves with it. Run as a script, this file is the
echo server; it prints its port.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.machine import Cores, cpu_s, pinned_to

REQUEST = b"\x02" * 6
CONNECTIONS = 100


class Echo(asyncio.Protocol):
    """Sends back what it gets."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; see asyncio.Protocol."""
        self._write = cast("asyncio.Transport", transport).write

    def data_received(self, data: bytes) -> None:
        """Send it back; see asyncio.Protocol."""
        self._write(data)


class Asker(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered."""

    answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request; see asyncio.Protocol."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        """Count an answer, send the next request; see asyncio.Protocol."""
        self.answers += len(data) // len(REQUEST)
        self.transport.write(REQUEST)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the echo did in one run."""

    requests_per_s: float
    cpu_us: float  # of the server, per request: the unit E


async def calibrate(cores: Cores, seconds: float) -> Calibration:
    """Measure the echo on the server's core, asked from the load's core."""
    with pinned_to(cores.server):
        server = subprocess.Popen(  # noqa: ASYNC220 - started once, before anything runs
            [sys.executable, "-m", "benchmarks.echo"],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
    try:
        if server.stdout is None:
            raise RuntimeError("the echo server has no output")
        port = int(server.stdout.readline())
        return await _ask(port, server.pid, seconds)
    finally:
        server.kill()
        server.wait()


async def _ask(port: int, pid: int, seconds: float) -> Calibration:
    loop = asyncio.get_running_loop()
    askers = [
        (await loop.create_connection(Asker, "127.0.0.1", port))[1] for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(0.5)
    answers, cpu, began = sum(asker.answers for asker in askers), cpu_s(pid), time.perf_counter()
    await asyncio.sleep(seconds)
    answers = sum(asker.answers for asker in askers) - answers
    cpu, took = cpu_s(pid) - cpu, time.perf_counter() - began
    for asker in askers:
        asker.transport.abort()
    return Calibration(requests_per_s=answers / took, cpu_us=cpu / answers * 1e6)


async def serve() -> None:
    """Echo until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
