"""The server under measurement: a process of its own, on a core of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from benchmarks.machine import Cores, core_busy_s, cpu_s, pinned_to, resident_mb

START_S: Final = 60.0


class Server:
    """A running server; `start_s` is the time from nothing to listening."""

    def __init__(
        self,
        data_dir: Path,
        cores: Cores,
        options: Iterable[str],
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._data_dir = data_dir
        self._cores = cores
        self._options = options
        self._env = {
            **{key: value for key, value in os.environ.items() if _inherited(key)},
            "PYAO_LOG_LEVEL": "WARNING",
            "PYAO_METRICS_PORT": "0",
            "PYAO_IDLE_MINUTES": "0",  # bots that stand, or are walled in, are meant to stay
            **env,
        }
        self._process: subprocess.Popen[bytes]
        self.port = 0
        self.monitoring = ("", 0)  # where its figures are
        self.start_s = 0.0

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait until it listens."""
        status = self._data_dir / "server.json"
        began = time.perf_counter()
        with pinned_to(self._cores.server), (self._data_dir / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [
                    *(sys.executable, "-m", "pyao.run_server", "--data-dir", str(self._data_dir)),
                    *("--host", "127.0.0.1", "--port", "0", *self._options),
                ],
                stdout=log,
                stderr=log,
                env=self._env,
            )
        while not status.is_file():
            if self._process.poll() is not None or time.perf_counter() - began > START_S:
                text = (self._data_dir / "server.log").read_text(errors="replace")
                raise RuntimeError(f"the server did not start:\n{text}")
            await asyncio.sleep(0.005)
        self.start_s = time.perf_counter() - began
        told = json.loads(status.read_text())
        self.port = int(told["addresses"][0][1])
        if told["monitoring"] is not None:
            host, port = told["monitoring"]
            self.monitoring = (str(host), int(port))

    async def stop(self) -> None:
        """End it as an operator does."""
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, 15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def watch(self) -> Watch:
        """Begin to count what the server uses."""
        return Watch.of(self.pid, self._cores.server)


def _inherited(variable: str) -> bool:
    """Tell whether the server gets a variable; it keeps bytecode, as an installed one does."""
    return not variable.startswith("PYAO_") and variable != "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Watch:
    """What had been used when a measurement began."""

    pid: int
    core: int
    began: float
    cpu: float
    busy: float

    @classmethod
    def of(cls, pid: int, core: int) -> Self:
        """Begin to count what a process on a core uses."""
        return cls(pid, core, time.perf_counter(), cpu_s(pid), core_busy_s(core))

    def again(self) -> Self:
        """Begin anew."""
        return self.of(self.pid, self.core)

    def used(self) -> Usage:
        """Return what was used since."""
        took = time.perf_counter() - self.began
        cpu = cpu_s(self.pid) - self.cpu
        others = max(0.0, core_busy_s(self.core) - self.busy - cpu)
        return Usage(took, cpu, others / took, resident_mb(self.pid))


@dataclass(frozen=True, slots=True)
class Usage:
    """What the server used over a time."""

    seconds: float
    cpu_s: float
    others_share: float  # of the server's core, used by anything else
    resident_mb: float
