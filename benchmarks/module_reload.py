"""`python -m benchmarks.module_reload`: modules are edited, broken, mended, unloaded under players.

Bots play while one module goes through its life again and again. A second module, which stays,
measures from inside: how long the loop was held up, which timers ran, what was left of old code.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Cores, describe, resident_mb
from benchmarks.server import Server
from pyao.bots.herd import Herd
from pyao.bots.options import BotOptions
from pyao.console.remote import RemoteConsole

BEAT_S: Final = 0.1
STALL_MS: Final = 40.0
GROWTH_MB: Final = 4.0
WARM_CYCLES: Final = 10  # memory is compared from here on
PAUSE_S: Final = 0.2
ON_TIME: Final = 0.001  # of a period: a rhythm further off has been started anew
LATE_S: Final = 0.5  # a first or last beat may be this far from start and stop

PROBE: Final = """
import asyncio, gc, sys, time, weakref
from pyao.modules import BaseModule

class Probe(BaseModule):
    async def enable(self):
        folder = self.server.config.data_dir
        self.beats = (folder / "beats").open("a", buffering=1)
        self.stalls = (folder / "stalls").open("a", buffering=1)
        self.wanted, self.left = folder / "count", folder / "left"
        self.seen = weakref.WeakSet()
        self.spawn(self.watch())
        self.every(0.5, self.count)
        return True

    def beat(self, guide):
        self.seen.add(type(guide))
        self.beats.write(f"{time.monotonic()} {guide.rhythm.due}\\n")

    def count(self):
        if self.wanted.exists():
            self.wanted.unlink()
            gc.collect()
            packages = sum(name.startswith("pyao_module_guide") for name in sys.modules)
            self.left.write_text(f"{len(self.seen)} {packages}")

    async def watch(self):
        while True:
            wall, cpu = time.monotonic(), time.thread_time()
            await asyncio.sleep(0.001)
            waited = time.monotonic() - wall - 0.001
            if waited > 0.005:
                self.stalls.write(f"{wall} {waited} {time.thread_time() - cpu}\\n")
"""

GUIDE: Final = """
from pyao.modules import BaseModule, EventTypes

VERSION = {version}

class Guide(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.steps = 0
        self.on(EventTypes.PLAYER_MOVED, self.moved)
        self.command("version", self.answer)
        self.rhythm = self.every({beat}, self.beat, name="beat")

    def moved(self, event):
        self.steps += 1

    def answer(self, caller, arguments):
        return f"version {{VERSION}}, {{self.steps}} steps"

    def beat(self):
        self.server.module("probe").beat(self)

    def export_state(self):
        return self.steps

    def import_state(self, state):
        self.steps = state
"""


@dataclass(slots=True)
class Findings:
    """What was found; `problems` are sentences, none when all is well."""

    alive: list[tuple[float, float]] = field(default_factory=list)  # when the module worked
    resident: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Note a problem unless something is as it should be."""
        if found != wanted:
            self.problems.append(f"{what}: expected {wanted}, found {found}")


class Beat(NamedTuple):
    """When a timer called, and when it is due next, in seconds of one clock."""

    at: float
    due: float


@dataclass(frozen=True, slots=True)
class Stalls:
    """The longest time the loop was held up: by anything, and by its own work alone, in ms."""

    wall: float
    own: float

    @classmethod
    def between(cls, lines: list[tuple[float, ...]], begin: float, end: float) -> Stalls:
        """Find the longest of a time."""
        inside = [line for line in lines if begin <= line[0] <= end]
        longest = [max((line[at] for line in inside), default=0.0) * 1000 for at in (1, 2)]
        return cls(*longest)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.module_reload", description=__doc__)
    parser.add_argument("--bots", type=int, default=100)
    parser.add_argument("--cycles", type=int, default=50)
    return parser.parse_args()


async def one_cycle(console: RemoteConsole, file: Path, number: int, findings: Findings) -> None:
    """Let the module begin, be edited, broken, mended, and go."""
    good = GUIDE.format(version=number, beat=BEAT_S)
    await asyncio.to_thread(file.write_text, good)
    findings.expect("start", (await console.run("start guide")).error, "")
    began = time.monotonic()
    for text, works in (
        (GUIDE.format(version=number + 0.5, beat=BEAT_S), True),
        (GUIDE.format(version="1 / 0", beat=BEAT_S), False),
        (good, True),
    ):
        await asyncio.sleep(PAUSE_S)
        await asyncio.to_thread(file.write_text, text)
        findings.expect("reload", (await console.run("reload guide")).ok, works)
    await asyncio.sleep(PAUSE_S)
    findings.expect("registered", await registered(console), ["1", "1", "1"])
    findings.expect("stop", (await console.run("stop guide")).error, "")
    findings.alive.append((began, time.monotonic()))
    findings.expect("left after unloading", await registered(console), ["0", "0", "0"])


async def registered(console: RemoteConsole) -> list[str]:
    """Return how many handlers, commands and timers the module has."""
    rows = {str(row[0]): str(row[1]) for row in (await console.run("stats guide")).rows}
    return [rows.get(name, "?") for name in ("event handlers", "commands", "timers")]


@dataclass(slots=True)
class Rhythm:
    """What the beats of a timer say about it, however busy the machine was.

    Each beat comes with the time the next one is due: those lie whole periods apart while a timer
    lives, and one is left out only when the loop comes a whole period late.
    """

    lost: int = 0
    doubled: int = 0
    begun_anew: int = 0  # due at a time the old rhythm did not know

    @classmethod
    def of(cls, beats: list[Beat]) -> Rhythm:
        """Compare each beat with the one before."""
        found = cls()
        for earlier, later in pairwise(beats):
            periods = (later.due - earlier.due) / BEAT_S
            whole = round(periods)
            late = int((later.at - earlier.due) // BEAT_S)
            found.begun_anew += abs(periods - whole) > ON_TIME
            found.doubled += whole < 1
            found.lost += max(whole - 1 - late, 0)
        return found


def check_beats(beats: list[Beat], findings: Findings) -> None:
    """See that the timer kept one rhythm as long as its module worked, over every reload."""
    for began, ended in findings.alive:
        inside = [beat for beat in beats if began <= beat.at <= ended]
        if not inside or inside[0].at > began + LATE_S or inside[-1].at < ended - LATE_S:
            findings.problems.append(f"timer: silent for a while, {len(inside)} beats")
        findings.expect("rhythm of the timer", Rhythm.of(inside), Rhythm())
    working = sum(any(a <= beat.at <= b for a, b in findings.alive) for beat in beats)
    findings.expect("beats of an unloaded module", len(beats) - working, 0)


async def left_over(data_dir: Path) -> str:
    """Ask the probe how many old classes and packages are still there after a collection."""
    (data_dir / "count").touch()
    for _ in range(100):
        await asyncio.sleep(0.1)
        with suppress(OSError):
            if answer := (data_dir / "left").read_text():  # else it is being written
                return answer
    return "no answer"


def numbers(path: Path) -> Iterator[tuple[float, ...]]:
    """Read a file of numbers, line by line."""
    for line in path.read_text().splitlines():
        yield tuple(map(float, line.split()))


async def measure(given: argparse.Namespace, data_dir: Path, cores: Cores) -> dict[str, Any]:
    """Play for a while in peace, then while the module is worked on."""
    modules = data_dir / "modules"
    modules.mkdir()
    (modules / "probe.py").write_text(PROBE)
    findings = Findings()
    async with Server(data_dir, cores, ["--storage", "sqlite", "--world", "starter"]) as server:
        herd = Herd(BotOptions(port=server.port, count=given.bots))
        console = await RemoteConsole.connect(data_dir)
        await herd.join()
        await asyncio.sleep(2)
        peace = time.monotonic()
        quiet = await herd.measure(15)
        for bot in herd.bots:
            bot.start()
        work = time.monotonic()
        playing = asyncio.create_task(herd.measure(given.cycles * (4 * PAUSE_S + 0.15)))
        for number in range(given.cycles):
            await one_cycle(console, modules / "guide.py", number, findings)
            findings.resident.append(resident_mb(server.pid))
        end = time.monotonic()
        busy = await playing
        findings.expect("classes and packages left", await left_over(data_dir), "0 0")
        still = herd.playing
        await console.close()
        await herd.leave()
    findings.expect("bots in the game at the end", still, given.bots)
    findings.expect("disconnects and errors", busy.faults, 0)
    beats = [Beat(*one) for one in numbers(data_dir / "beats")]
    check_beats(beats, findings)
    lines = list(numbers(data_dir / "stalls"))
    before, during = Stalls.between(lines, peace, work), Stalls.between(lines, work, end)
    grown = findings.resident[-1] - findings.resident[min(WARM_CYCLES, given.cycles) - 1]
    if grown > GROWTH_MB:
        findings.problems.append(f"memory grew by {grown:.1f} MB")
    if during.own > STALL_MS:
        findings.problems.append(f"the loop was held up for {during.own:.0f} ms by its own work")
    p99 = [one.tally.latency.milliseconds().get("p99") for one in (quiet, busy)]
    return {
        "bots": f"{still} of {given.bots}, disconnects {busy.tally.disconnects.total()}",
        "cycles": f"{given.cycles} in {end - work:.0f} s, {len(beats)} beats of the timer",
        "longest stall in peace": f"{before.wall:.1f} ms, own work {before.own:.1f} ms",
        "longest stall meanwhile": f"{during.wall:.1f} ms, own work {during.own:.1f} ms",
        "step seen after (p99)": f"{p99[0]} ms in peace, {p99[1]} ms meanwhile",
        "memory": f"{findings.resident[-1]:.1f} MB, {grown:+.1f} MB since cycle {WARM_CYCLES}",
        "problems": findings.problems,
    }


def main() -> None:
    """Run it, print the figures, and end with 1 when something is wrong."""
    given = arguments()
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    machine, cores = describe(), Cores.of_this_machine()
    os.sched_setaffinity(0, {cores.load})
    with tempfile.TemporaryDirectory(prefix="pyao-") as folder:
        results = uvloop.run(measure(given, Path(folder), cores))
    problems = results.pop("problems")
    table = Table(title="A module's life under players", show_header=False, title_justify="left")
    for name, value in {"machine": machine, **results}.items():
        table.add_row(name, value)
    for problem in problems or ["none"]:
        table.add_row("problem", problem)
    out.print(table)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
