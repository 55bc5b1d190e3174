"""The calibration: CPU per request of a bare uvloop Protocol that echoes 6 bytes.

Whatever a machine's pace is today, a ratio to this moves with it. Run as a script, this file is the
echo server; it prints its port.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.closed_loop import ClosedLoop, Job, tired
from benchmarks.machine import Cores, pinned_to
from benchmarks.server import Watch

REQUEST = b"\x02" * 6


class Echo(asyncio.Protocol):
    """Sends back what it gets."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; see asyncio.Protocol."""
        self._write = cast("asyncio.Transport", transport).write

    def data_received(self, data: bytes) -> None:
        """Send it back; see asyncio.Protocol."""
        self._write(data)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the echo did in one run."""

    requests_per_s: float
    cpu_us: float  # of the server, per request: the unit E
    tired: str  # why the generator was the bottleneck, or nothing


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
        job = Job(int(server.stdout.readline()), REQUEST.hex(), REQUEST.hex(), [])
        async with ClosedLoop(cores, job) as generator:
            watch = Watch.of(server.pid, cores.server)
            asked, usage = await generator.measure(seconds, watch)
    finally:
        server.kill()
        server.wait()
    return Calibration(
        requests_per_s=asked.asked / asked.seconds,
        cpu_us=usage.cpu_s / asked.asked * 1e6,
        tired=tired(asked, usage),
    )


async def serve() -> None:
    """Echo until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
