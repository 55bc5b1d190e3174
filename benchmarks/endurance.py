"""`python -m benchmarks.endurance`: bots come, walk, fight and go for an hour.

First one round of everybody, so that what a server needs once is there; then a look at the empty
server: the base line. Then bots come and go, half of them by pulling the plug. When the time is
over all leave, and the empty server must have what it had: memory, tasks, timers, descriptors,
character indices. Exit code 1 when a line of the table fails.

    python -m benchmarks.endurance                          # an hour, 300 bots
    python -m benchmarks.endurance --minutes 10 --bots 100  # what continuous integration runs
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Cores
from benchmarks.server import Server
from pyao.bots.answers import Answers
from pyao.bots.bot import Bot, Shared
from pyao.bots.ground import Ground
from pyao.bots.meter import Meter
from pyao.bots.options import BotOptions
from pyao.protocol.client_packets import Attack, Meditate, PickUp, Quit

ATTACK_S: Final = 1.6
LOGINS_AT_ONCE: Final = 8
STAY_S: Final = (10.0, 90.0)
AWAY_S: Final = (1.0, 20.0)
WARM_UP_S: Final = 20.0
QUIET_S: Final = 120.0  # bodies that were left behind are gone by then, creatures are back
MEMORY_MB: Final = 5.0  # the allocator's own movements
MEMORY_MB_PER_HOUR: Final = 1.0
LATE_S: Final = 0.005
BUSY_SHARE: Final = 0.05
MB: Final = 1_000_000
DEEDS: Final = [*[Attack().encode()] * 3, PickUp().encode(), Meditate().encode()]

# What the empty server must have as many of as before.
SAME: Final = {
    "tasks": "pyao_tasks",
    "timers": "pyao_timers",
    "descriptors": "pyao_process_open_descriptors",
    "character indices": "pyao_character_indices",
    "characters in the world": "pyao_characters",
    "connections": "pyao_connections_open",
    "rooms": "pyao_rooms",
}
# What must not happen at all.
NEVER: Final = {
    "packets that failed": "pyao_packet_failures_total",
    "jobs that failed": "pyao_job_failures_total",
    "violations of the protocol": "pyao_protocol_violations_total",
    "outages of the store": "pyao_store_outages_total",
}
MEMORY: Final = "pyao_process_resident_memory_bytes"
LATENESS: Final = "pyao_tick_lateness_seconds"

Figures = Mapping[str, float]
out = Console(highlight=False, width=None if sys.stdout.isatty() else 100)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the verdict."""

    what: str
    before: str
    after: str
    wanted: str
    good: bool


@dataclass(slots=True)
class Record:
    """What was seen: the empty server before and after, and the full one in between."""

    before: Figures
    after: Figures
    hours: float
    others_share: float = 0.0  # of the server's core, used by anything else meanwhile
    samples: list[Figures] = field(default_factory=list)


def fetch(address: tuple[str, int]) -> Figures:
    """Read all figures of a server; ConnectionError when its loop does not answer just now."""
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("GET", "/metrics")
    answer = connection.getresponse()
    lines = answer.read().decode().splitlines()
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise ConnectionError(f"/metrics answers {answer.status}: {' '.join(lines)}")
    pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


def lateness(figures: Figures, since: Figures, share: float) -> float:
    """Return the bucket's bound below which this share of the ticks was late."""
    prefix = f'{LATENESS}_bucket{{le="'
    counts = {
        float(name.removeprefix(prefix).rstrip('"}')): value - since.get(name, 0)
        for name, value in figures.items()
        if name.startswith(prefix)
    }
    total = counts[float("inf")]
    return min((bound for bound, n in counts.items() if n >= share * total), default=float("inf"))


def verdict(record: Record) -> list[Line]:
    """Judge a run."""
    before, after = record.before, record.after
    lines = [
        Line(what, f"{before[name]:.0f}", f"{after[name]:.0f}", "the same", _same(record, name))
        for what, name in SAME.items()
    ]
    grown = (after[MEMORY] - before[MEMORY]) / MB
    most = MEMORY_MB + MEMORY_MB_PER_HOUR * record.hours
    lines.append(
        Line(
            "memory, MB",
            f"{before[MEMORY] / MB:.1f}",
            f"{after[MEMORY] / MB:.1f}",
            f"at most {most:.1f} more",
            grown <= most,
        )
    )
    for what, name in NEVER.items():
        count = after[name] - before[name]
        lines.append(Line(what, "0", f"{count:.0f}", "none", count == 0))
    late = lateness(after, before, 0.99)
    busy = record.others_share > BUSY_SHARE
    wanted = "not judged: the machine was busy" if busy else "at most 5 ms"
    good = busy or late <= LATE_S
    lines.append(Line("tick lateness, p99", "", f"{late * 1000:g} ms", wanted, good))
    return lines


def _same(record: Record, name: str) -> bool:
    return record.before[name] == record.after[name]


def table(lines: Iterable[Line], record: Record) -> Table:
    """Return the verdict for the terminal."""
    peak = max((sample[MEMORY] for sample in record.samples), default=0.0) / MB
    logins = record.after["pyao_logins_total"] - record.before["pyao_logins_total"]
    shown = Table(
        title=f"{record.hours * 60:.0f} minutes, {logins:.0f} log-ins, {peak:.1f} MB at the most"
    )
    for head in ("", "empty before", "empty after", "wanted", ""):
        shown.add_column(head)
    for line in lines:
        shown.add_row(
            line.what, line.before, line.after, line.wanted, "good" if line.good else "[red]MISSED"
        )
    return shown


class Crowd:
    """Bots that come, fight and go, each in its own time."""

    def __init__(self, port: int, count: int, seed: int) -> None:
        self._random = Random(seed)
        options = BotOptions(port=port, count=count, talk_s=20.0)
        self._shared = Shared(
            options, Answers.of_this_server(), Meter(), Ground(), Random(seed + 1)
        )
        self._bots = [Bot(number, self._shared) for number in range(count)]
        self._door = asyncio.Semaphore(LOGINS_AT_ONCE)
        self.refused = 0

    async def all_at_once(self, seconds: float) -> None:
        """Bring everybody in, let them play, and let them go."""
        deadline = time.monotonic() + seconds
        await asyncio.gather(*(self._visit(bot, deadline, again=False) for bot in self._bots))

    async def come_and_go(self, seconds: float) -> None:
        """Let everybody come and go until the time is over."""
        deadline = time.monotonic() + seconds
        await asyncio.gather(*(self._visit(bot, deadline, again=True) for bot in self._bots))

    async def _visit(self, bot: Bot, deadline: float, *, again: bool) -> None:
        while True:
            async with self._door:
                refusal = await bot.enter()
            if refusal:
                self.refused += 1
            else:
                stay = self._random.uniform(*STAY_S) if again else deadline - time.monotonic()
                await self._play(bot, min(time.monotonic() + stay, deadline))
            if not again and not refusal:
                return
            await asyncio.sleep(self._random.uniform(*AWAY_S))
            if time.monotonic() >= deadline:
                return

    async def _play(self, bot: Bot, until: float) -> None:
        """Walk and strike; in the end quit, or just be gone."""
        bot.start()
        while time.monotonic() < until and bot.playing:
            await asyncio.sleep(ATTACK_S)
            bot.send(self._random.choice(DEEDS))
        bot.stop()
        if self._random.random() < 0.5:
            bot.send(Quit().encode())
            await asyncio.sleep(0.1)
        bot.leave()


async def quiet(address: tuple[str, int], wanted: Figures | None = None) -> Figures:
    """Wait until nobody is left, and for what is wanted to be as before; return the figures."""
    deadline = time.monotonic() + QUIET_S
    while True:
        await asyncio.sleep(1.0)
        figures = await look(address)
        if figures is None:
            if time.monotonic() > deadline:
                raise RuntimeError("the server shows no figures any more")
            continue
        empty = not figures["pyao_characters"] and not figures["pyao_connections_open"]
        same = wanted is None or all(figures[name] == wanted[name] for name in SAME.values())
        if (empty and same and not figures["pyao_maps_awake"]) or time.monotonic() > deadline:
            return figures


async def look(address: tuple[str, int]) -> Figures | None:
    """Read all figures, or say why there are none: a busy machine is no reason to give up."""
    try:
        return await asyncio.to_thread(fetch, address)
    except OSError as error:
        out.print(f"no figures: {error}")
        return None


async def sample(address: tuple[str, int], every_s: float, into: list[Figures]) -> None:
    """Look again and again while the bots play."""
    while True:
        await asyncio.sleep(every_s)
        figures = await look(address)
        if figures is None:
            continue
        into.append(figures)
        players = sum(value for name, value in figures.items() if name.startswith("pyao_players{"))
        out.print(
            f"{figures['pyao_uptime_seconds']:7.0f} s  {players:4.0f} players  "
            f"{figures[MEMORY] / MB:6.1f} MB  {figures['pyao_tasks']:4.0f} tasks  "
            f"{figures['pyao_timers']:4.0f} timers"
        )


async def endure(minutes: float, bots: int, seed: int) -> Record:
    """Run a server of its own against the bots."""
    with tempfile.TemporaryDirectory(prefix="pyao-endurance-") as folder:
        cores = Cores.of_this_machine()
        options = ("--storage", "sqlite", "--world", "starter")
        env = {"PYAO_LOCKOUT_IP_FAILURES": "0"}
        async with Server(Path(folder), cores, options, env) as server:
            crowd = Crowd(server.port, bots, seed)
            await crowd.all_at_once(WARM_UP_S + bots / 10)
            record = Record(await quiet(server.monitoring), {}, minutes / 60)
            out.print("the base line is taken; bots come and go")
            watch = asyncio.create_task(sample(server.monitoring, 30.0, record.samples))
            core = server.watch()
            await crowd.come_and_go(minutes * 60)
            record.others_share = core.used().others_share
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            record.after = await quiet(server.monitoring, record.before)
            if crowd.refused:
                out.print(f"{crowd.refused} log-ins were refused or failed")
            return record


def main() -> None:
    """Run, show, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the run")
    parser.add_argument("--bots", type=int, default=300, help="how many come and go")
    parser.add_argument("--seed", type=int, default=1, help="of everything the bots decide")
    given = parser.parse_args()
    record = uvloop.run(endure(given.minutes, given.bots, given.seed))
    lines = verdict(record)
    out.print(table(lines, record))
    sys.exit(0 if all(line.good for line in lines) else 1)


if __name__ == "__main__":
    main()
