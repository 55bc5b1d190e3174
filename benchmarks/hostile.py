"""`python -m benchmarks.hostile`: what hostile clients cost a server, and what a player notices.

Each attack runs against a server of its own, which has one core, from another one, while one honest
player pings ten times a second and the health page is asked five times. The table is the one of
docs/security.md. Exit code 1 when a line of it fails, on a busy machine too: it is told apart then,
because nothing is proved.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import math
import os
import re
import resource
import socket
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import psutil
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.endurance import BUSY_SHARE, fetch, lateness
from benchmarks.machine import Cores, cpu_s
from benchmarks.server import Server, Watch
from pyao.bots import role
from pyao.bots.answers import Answers
from pyao.bots.bot import Bot, Shared
from pyao.bots.ground import Ground
from pyao.bots.meter import Meter
from pyao.bots.options import BotOptions, Mode
from pyao.protocol.client_packets import Help, RequestPositionUpdate

MB: Final = 1_000_000
LOGIN: Final = role.log_in("Nadie Nunca", "no such password").encode()
CALM_S: Final = 3.0
RELEASE_S: Final = 20.0
PING_MS: Final = 100.0
TICK_MS: Final = 20.0
HEALTH_MS: Final = 50.0
HEALTH_PAUSE_S: Final = 0.2
HELP_PAUSE_S: Final = 0.4  # it counts as ten packets: who asks faster is thrown out as a flooder
DEAF_S: Final = 120.0
DROPPED: Final = re.compile(r'pyao_connections_dropped_total\{reason="(\w+)"\}')

out = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


@dataclass(frozen=True, slots=True)
class Bound:
    """One measured figure and the most it may be; None is for information."""

    what: str
    value: float
    most: float | None = None
    busy: float = 0.0  # share of the server's core that others used meanwhile, if it is a time

    @property
    def good(self) -> bool:
        """Return whether it holds."""
        return self.most is None or self.value <= self.most

    @property
    def verdict(self) -> str:
        """Return what the last column says."""
        if self.good:
            return ""
        return "missed: machine busy" if self.busy > BUSY_SHARE else "[red]MISSED"


class HealthWatch:
    """Asks the health page again and again, from a thread of its own, and takes the time."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._took_s: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def p99_ms(self) -> float:
        """Return how long an answer took; one that never came took for ever."""
        return quantile(self._took_s, 0.99) * 1000

    def _run(self) -> None:
        while not self._stop.wait(HEALTH_PAUSE_S):
            began = time.monotonic()
            connection = http.client.HTTPConnection(*self._address, timeout=5)
            try:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
            except OSError:
                self._took_s.append(math.inf)
            else:
                self._took_s.append(time.monotonic() - began)
            connection.close()


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which so large a share lies; 0 of nothing."""
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(slots=True)
class Target:
    """A server under attack, and the honest player on it."""

    port: int
    pid: int
    monitoring: tuple[str, int]
    player: Bot
    meter: Meter
    core: Watch
    health: HealthWatch

    def memory_mb(self) -> float:
        """Return the server's memory."""
        return float(psutil.Process(self.pid).memory_info().rss) / MB

    def descriptors(self) -> int:
        """Return how many files and sockets the server has open."""
        return int(psutil.Process(self.pid).num_fds())

    async def figures(self) -> dict[str, float]:
        """Return what the server shows of itself."""
        return dict(await asyncio.to_thread(fetch, self.monitoring))

    async def dropped(self) -> dict[str, float]:
        """Return how many connections were let go, by reason."""
        figures = await self.figures()
        found = ((DROPPED.match(name), value) for name, value in figures.items())
        return {match[1]: value for match, value in found if match is not None}

    def what_the_player_saw(self) -> list[Bound]:
        """Return how long pings took since the last `begin`, and whether the player is in."""
        tally = self.meter.end()
        others = self.core.used().others_share
        seen = tally.round_trip
        return [
            Bound("player's ping, median, ms", seen.quantile_s(0.5) * 1000),
            Bound("player's ping, p99, ms", seen.quantile_s(0.99) * 1000, PING_MS, others),
            Bound("player thrown out", float(not self.player.playing), 0),
            Bound("health page, p99, ms", self.health.p99_ms(), HEALTH_MS, others),
            Bound("core used by others, share", others),
        ]


Attack = Callable[[Target], Awaitable[list[Bound]]]


@asynccontextmanager
async def target(cores: Cores, **settings: object) -> AsyncIterator[Target]:
    """Run a server, with settings by leaf name, and a player on it."""
    env = {f"PYAO_{name.upper()}": str(value) for name, value in settings.items()}
    with tempfile.TemporaryDirectory(prefix="pyao-hostile-") as folder:
        options = ("--storage", "sqlite", "--world", "starter")
        async with Server(Path(folder), cores, options, env) as server:
            bots = BotOptions(port=server.port, count=1, mode=Mode.PING, ping_pause_s=0.1)
            meter = Meter()
            player = Bot(0, Shared(bots, Answers.of_this_server(), meter, Ground(), Random(1)))
            if refusal := await player.enter():
                raise RuntimeError(f"the player does not get in: {refusal}")
            player.start()
            await asyncio.sleep(CALM_S)
            meter.begin()
            health = HealthWatch(server.monitoring)
            try:
                core = server.watch()
                yield Target(
                    server.port, server.pid, server.monitoring, player, meter, core, health
                )
            finally:
                health.stop()
                player.leave()
                log = (Path(folder) / "server.log").read_text(errors="replace")
                stalls = [line for line in log.splitlines() if "loop_stalled" in line]
                for line in stalls:
                    out.print(line)


async def connected(port: int) -> socket.socket | None:
    """Return a connection, or None when the server refuses it."""
    sock = socket.socket()
    sock.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    try:
        async with asyncio.timeout(5):
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    except OSError:  # a time-out is one, too
        sock.close()
        return None
    return sock


async def released(one: Target, before: int) -> float:
    """Wait until the server has no more descriptors than before; return the seconds it took."""
    began = time.monotonic()
    while one.descriptors() > before and time.monotonic() - began < RELEASE_S:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def slowloris(one: Target, count: int = 1000) -> list[Bound]:
    """Open many connections that send one byte of a log-in now and then."""
    memory, descriptors = one.memory_mb(), one.descriptors()
    socks = [sock for _ in range(count) if (sock := await connected(one.port)) is not None]
    await asyncio.sleep(0.5)
    grown = one.memory_mb() - memory
    began = time.monotonic()
    for byte in range(len(LOGIN)):
        for sock in socks:
            with suppress(OSError):
                sock.send(LOGIN[byte : byte + 1])
        await asyncio.sleep(1)
        if one.descriptors() <= descriptors + 5:
            break
    took = time.monotonic() - began
    for sock in socks:
        sock.close()
    return [
        Bound("connections", len(socks)),
        Bound("memory while they hang, MB", grown, 20 * count / 1000),
        Bound("all closed after, s", took, 20),
        *one.what_the_player_saw(),
    ]


async def connect_flood(one: Target, seconds: float = 10.0) -> list[Bound]:
    """Connect as fast as one process can, from one address that is limited."""
    descriptors, began, cpu = one.descriptors(), time.monotonic(), cpu_s(one.pid)
    tried = 0
    while (passed := time.monotonic() - began) < seconds:
        for sock in await asyncio.gather(*(connected(one.port) for _ in range(50))):
            tried += 1
            if sock is not None:
                sock.close()
    share = (cpu_s(one.pid) - cpu) / passed
    figures = await one.figures()
    refused = sum(
        value
        for name, value in figures.items()
        if name.startswith("pyao_connections_refused_total")
    )
    return [
        Bound("connects a second", tried / passed),
        Bound("refused at the door, of 100", 100 * refused / tried),
        Bound("processor, of a core", share),
        Bound("descriptors free again after, s", await released(one, descriptors), 15),
        *one.what_the_player_saw(),
    ]


async def few_descriptors(one: Target, count: int = 400) -> list[Bound]:
    """Open more connections than the process may have files, and stay."""
    resource.prlimit(one.pid, resource.RLIMIT_NOFILE, (256, 256))
    descriptors = one.descriptors()
    socks = [sock for _ in range(count) if (sock := await connected(one.port)) is not None]
    await asyncio.sleep(1)
    cpu, began = cpu_s(one.pid), time.monotonic()
    await asyncio.sleep(3)
    share = (cpu_s(one.pid) - cpu) / (time.monotonic() - began)
    used = one.descriptors()
    for sock in socks:
        sock.close()
    return [
        Bound("connections that tried to stay", len(socks)),
        Bound("descriptors used, of 256", used, 256),
        Bound("processor while full, of a core", share, 0.3),
        Bound("descriptors free again after, s", await released(one, descriptors), 15),
        *one.what_the_player_saw(),
    ]


async def packet_flood(one: Target, megabytes: float = 100.0) -> list[Bound]:
    """Ask for one's position as a player, as fast as questions are taken.

    Steps would not do: who walks that fast is thrown out by the game's own rule within a moment.
    """
    bots = BotOptions(port=one.port, prefix="Flood", mode=Mode.STAND)
    bot = Bot(1, Shared(bots, Answers.of_this_server(), Meter(), Ground(), Random(1)))
    if refusal := await bot.enter():
        raise RuntimeError(refusal)
    one.meter.begin()
    memory, cpu, began = one.memory_mb(), cpu_s(one.pid), time.monotonic()
    chunk = RequestPositionUpdate().encode() * 8192
    sent = 0
    while bot.playing and sent < megabytes * MB and time.monotonic() - began < 30:
        if bot.unsent_bytes < len(chunk):
            bot.send(chunk)
            sent += len(chunk)
        await asyncio.sleep(0.001)
    took = time.monotonic() - began
    share = (cpu_s(one.pid) - cpu) / took
    grown = one.memory_mb() - memory
    figures = await one.figures()
    bot.leave()
    return [
        Bound("thrown out after, s", took, 5),
        Bound("bytes taken of it, kB", figures["pyao_received_bytes_total"] / 1000),
        Bound("processor meanwhile, of a core", share, 0.3),
        Bound("memory, MB", grown, 1),
        *one.what_the_player_saw(),
    ]


async def deaf_clients(one: Target, count: int = 100) -> list[Bound]:
    """Ask for long answers as many players, at a pace that is allowed, and read none."""
    bots = BotOptions(port=one.port, prefix="Deaf", mode=Mode.STAND)
    shared = Shared(bots, Answers.of_this_server(), Meter(), Ground(), Random(1))
    deaf = [Bot(number, shared) for number in range(2, 2 + count)]
    for bot in deaf:
        if refusal := await bot.enter():
            raise RuntimeError(refusal)
        bot.stop_reading()
    one.meter.begin()
    await one.figures()  # the first look costs the server a library
    memory, began = one.memory_mb(), time.monotonic()
    most = 0.0
    ends: dict[str, float] = {}
    while sum(ends.values()) < count and time.monotonic() - began < DEAF_S:
        for bot in deaf:
            bot.send(Help().encode())
        await asyncio.sleep(HELP_PAUSE_S)
        most = max(most, one.memory_mb() - memory)
        ends = await one.dropped()
    took = time.monotonic() - began
    for bot in deaf:
        bot.leave()
    gone = ends.get("stalled", 0) + ends.get("overflow", 0)
    return [
        Bound("deaf players", count),
        Bound("not thrown out as such", count - gone, 0),
        Bound("memory, MB", most, 5),
        Bound("all gone after, s", took, 90),
        *one.what_the_player_saw(),
    ]


async def login_storm(one: Target, seconds: float = 30.0) -> list[Bound]:
    """Try wrong passwords, 500 a second."""
    before = await one.figures()
    memory = one.memory_mb()
    began = time.monotonic()
    tries: set[asyncio.Task[None]] = set()
    for turn in range(int(seconds * 500)):
        await asyncio.sleep(max(0.0, began + turn / 500 - time.monotonic()))
        task = asyncio.create_task(_guess(one.port))
        tries.add(task)
        task.add_done_callback(tries.discard)
    took = time.monotonic() - began
    if tries:
        await asyncio.wait(tries, timeout=RELEASE_S)
    after = await one.figures()
    late_ms = lateness(after, before, 0.99) * 1000

    def grown(name: str) -> float:
        return after.get(name, 0.0) - before.get(name, 0.0)

    refusal = 'pyao_login_refusals_total{{reason="{}"}}'.format
    return [
        Bound("log-ins a second", seconds * 500 / took),
        Bound("passwords hashed a second", grown("pyao_password_checks_total") / took),
        Bound("told that the server is busy", grown(refusal("login.busy"))),
        Bound("memory, MB", one.memory_mb() - memory, 60),
        Bound("server's tick, late at p99, ms", late_ms, TICK_MS, one.core.used().others_share),
        *one.what_the_player_saw(),
    ]


async def _guess(port: int) -> None:
    with suppress(OSError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(LOGIN)
        with suppress(OSError):
            async with asyncio.timeout(10):
                await reader.read()
        writer.close()


@dataclass(frozen=True, slots=True)
class Case:
    """An attack and the settings of the server it meets."""

    attack: Attack
    settings: dict[str, object] = field(default_factory=dict)


CASES: Final = {
    "slowloris": Case(slowloris),
    "connect-flood": Case(connect_flood, {"limit_loopback": True, "connections_per_address": 3}),
    "few-descriptors": Case(few_descriptors),
    "packet-flood": Case(packet_flood),
    "deaf-clients": Case(deaf_clients),
    "login-storm": Case(login_storm, {"lockout_failures": 0, "lockout_ip_failures": 0}),
}


async def measure(names: list[str], cores: Cores) -> dict[str, list[Bound]]:
    """Run attacks one after the other."""
    results: dict[str, list[Bound]] = {}
    for name in names:
        out.print(f"{name} ...")
        async with target(cores, **CASES[name].settings) as one:
            results[name] = await CASES[name].attack(one)
    return results


def table(results: dict[str, list[Bound]]) -> Table:
    """Return the figures for the terminal."""
    shown = Table()
    for head in ("attack", "figure", "measured", "at most", ""):
        shown.add_column(head)
    for name, bounds in results.items():
        for number, bound in enumerate(bounds):
            most = "" if bound.most is None else f"{bound.most:g}"
            shown.add_row(
                "" if number else name,
                bound.what,
                f"{bound.value:.2f}".rstrip("0").rstrip("."),
                most,
                bound.verdict,
            )
        shown.add_section()
    return shown


def main() -> None:
    """Attack, show, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("attack", nargs="*", choices=[*CASES, []], help="which; all by default")
    given = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    cores = Cores.of_this_machine()
    os.sched_setaffinity(0, {cores.load})
    results = uvloop.run(measure(given.attack or list(CASES), cores))
    out.print(table(results))
    sys.exit(0 if all(bound.good for bounds in results.values() for bound in bounds) else 1)


if __name__ == "__main__":
    main()
