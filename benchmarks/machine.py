"""The machine a benchmark runs on: cores, CPU time and memory of processes, who else is busy.

Linux only: everything comes from /proc.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Cores:
    """Which core the server has to itself, and which the load."""

    server: int
    load: int

    @classmethod
    def of_this_machine(cls) -> Cores:
        """Take the first two cores we may use; with a single one both share it."""
        usable = sorted(os.sched_getaffinity(0))
        return cls(server=usable[0], load=usable[1 % len(usable)])


@contextmanager
def pinned_to(core: int) -> Iterator[None]:
    """Let this thread, and what it starts, run on one core only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_s(pid: int) -> float:
    """Return the CPU time a process has used so far, all threads together."""
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def resident_mb(pid: int) -> float:
    """Return how much memory a process has in use."""
    status = (_PROC / str(pid) / "status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def core_busy_s(core: int) -> float:
    """Return for how long a core has been busy since the machine started."""
    line = next(
        line for line in (_PROC / "stat").read_text().splitlines() if line.startswith(f"cpu{core} ")
    )
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, line.split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICKS_PER_S


def describe() -> str:
    """Name the machine: processor, cores, Python."""
    cpu = re.search(r"^model name\s*: (.*)$", (_PROC / "cpuinfo").read_text(), re.MULTILINE)
    name = cpu[1].strip() if cpu else platform.machine()
    cores = len(os.sched_getaffinity(0))
    return f"{name}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def descriptors(pid: int) -> int:
    """Return how many files and sockets a process has open."""
    return len(list((_PROC / str(pid) / "fd").iterdir()))


def threads(pid: int) -> int:
    """Return how many threads a process has."""
    return len(list((_PROC / str(pid) / "task").iterdir()))
