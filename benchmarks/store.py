"""A Redis of the benchmark's own, on a free port, and what it was asked."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any, Self, cast

import redis

from benchmarks.machine import Cores, pinned_to

# Our own questions, and what only connects or wraps.
_NOT_COUNTED = {"info", "ping", "hello", "client|setinfo", "client|setname", "select", "config|get"}


class Redis:
    """A redis-server beside the load; nothing of it is kept."""

    def __init__(self, folder: Path, cores: Cores) -> None:
        self._folder = folder
        self._cores = cores
        self._process: subprocess.Popen[bytes]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    @staticmethod
    def installed() -> bool:
        """Return whether there is a redis-server on this machine."""
        return shutil.which("redis-server") is not None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self.port}/0"

    def commands(self) -> int:
        """Return how many commands it has run so far, those inside transactions included."""
        with redis.Redis(port=self.port) as client:
            stats = cast("dict[str, dict[str, Any]]", client.info("commandstats"))
        names = {key.removeprefix("cmdstat_"): int(value["calls"]) for key, value in stats.items()}
        return sum(calls for name, calls in names.items() if name not in _NOT_COUNTED)

    async def __aenter__(self) -> Self:
        with pinned_to(self._cores.load):
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [
                    *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
                    *("--save", "", "--dir", str(self._folder), "--loglevel", "warning"),
                ],
                stdout=subprocess.DEVNULL,
            )
        for _ in range(200):
            try:
                self.commands()
            except redis.ConnectionError:
                await asyncio.sleep(0.02)
            else:
                return self
        raise RuntimeError("redis-server does not answer")

    async def __aexit__(self, *_: object) -> None:
        self._process.terminate()
        await asyncio.to_thread(self._process.wait)
