"""What is measured. Each scenario starts a server on a fresh store and returns plain figures."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.ground import Crowd, dense, fill_store, spread, write_world
from benchmarks.machine import Cores
from benchmarks.server import Server, Usage
from benchmarks.store import Redis
from pyao.bots import BotOptions, BotReport, Herd, Mode
from pyao.storage.redis_store import RedisStore
from pyao.storage.repository import Repository
from pyao.storage.sqlite_store import SqliteStore

SETTLE_S: Final = 3.0
PROBES: Final = 4  # also pay, before memory is looked at, for the block that hashing keeps
PROBE_PAUSE_S: Final = 0.026  # as often as a client may ask
VISITORS: Final = 64
CLASSIC_MAPS: Final = 290
MANY_CHARACTERS: Final = 10_000

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """How to measure: on which cores, for how long."""

    cores: Cores
    seconds: float
    walkers: int  # beside whom others log in


@dataclass(frozen=True, slots=True)
class Place:
    """A prepared data folder."""

    folder: Path
    crowd: Crowd

    @property
    def world(self) -> list[str]:
        """The option that names the world."""
        return ["--world", str(self.folder / "bench.pyao")]

    def bots(self, port: int, **changes: Any) -> BotOptions:  # noqa: ANN401 - fields by name
        """Return the options of the crowd's bots."""
        crowd = self.crowd
        return replace(
            BotOptions(port=port, count=crowd.bots, region=crowd.region, known=True), **changes
        )


@contextmanager
def prepared(crowd: Crowd, *, extra: int = 0, store: Repository | None = None) -> Iterator[Place]:
    """Make a data folder with world and characters; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="pyao-bench-") as name:
        place = Place(Path(name), crowd)
        write_world(place.folder / "bench.pyao", crowd.maps)
        fill_store(store or SqliteStore(place.folder / "world.db"), crowd, extra)
        yield place


async def walking(bench: Bench, crowd: Crowd) -> Figures:
    """Let a crowd walk; some more ask PING all the time, to see how long the loop stalls."""
    with prepared(crowd, extra=PROBES) as place:
        async with Server(
            place.folder, bench.cores, [*place.world, "--storage", "sqlite"]
        ) as server:
            herd = Herd(place.bots(server.port))
            probe = Herd(
                place.bots(
                    server.port,
                    first=crowd.bots,
                    count=PROBES,
                    mode=Mode.PING,
                    ping_pause_s=PROBE_PAUSE_S,
                )
            )
            await probe.join()
            empty_mb = server.watch().used().resident_mb
            await herd.join()
            await asyncio.sleep(SETTLE_S)
            watch = server.watch()
            report, probed = await asyncio.gather(
                herd.measure(bench.seconds), probe.measure(bench.seconds)
            )
            usage = watch.used()
            await herd.halt()
            await herd.leave()
            await probe.leave()
    return {
        **walk_figures(report, usage),
        "longest_answer_ms": round(probed.tally.round_trip.longest_s * 1000, 1),
        "mb_per_1000": round((usage.resident_mb - empty_mb) / crowd.bots * 1000, 1),
    }


def walk_figures(report: BotReport, usage: Usage) -> Figures:
    """Put together what the bots saw and what the server used for it."""
    share = usage.cpu_s / usage.seconds
    packets_per_s = report.tally.packets_in / report.seconds
    return {
        **report.as_dict(),
        "faults": report.faults,
        "server_cpu_share": round(share, 3),
        "cpu_per_walk_us": round(usage.cpu_s / report.steps * 1e6, 1) if report.steps else None,
        "packets_per_s_per_core": round(packets_per_s / share) if share else None,
        "resident_mb": round(usage.resident_mb, 1),
        "others_share": round(usage.others_share, 3),
    }


async def standing(bench: Bench, bots: int) -> Figures:
    """Watch an empty server, then one with a crowd that does nothing."""
    crowd = spread(bots)
    with prepared(crowd) as place:
        async with Server(
            place.folder, bench.cores, [*place.world, "--storage", "sqlite"]
        ) as server:
            await asyncio.sleep(SETTLE_S)
            watch = server.watch()
            await asyncio.sleep(bench.seconds)
            nobody = watch.used()
            herd = Herd(place.bots(server.port, mode=Mode.STAND))
            await herd.join()
            await asyncio.sleep(SETTLE_S)
            watch = server.watch()
            report = await herd.measure(bench.seconds)
            usage = watch.used()
            await herd.leave()
    return {
        "bots": report.playing,
        "faults": report.faults,
        "nobody_cpu_share": round(nobody.cpu_s / nobody.seconds, 4),
        "standing_cpu_share": round(usage.cpu_s / usage.seconds, 4),
        "others_share": round(max(nobody.others_share, usage.others_share), 3),
    }


async def pinging(bench: Bench, bots: int) -> Figures:
    """Let every bot ask PING in a closed loop, as the clients of the echo do."""
    with prepared(spread(bots)) as place:
        options = [*place.world, "--storage", "sqlite"]
        async with Server(place.folder, bench.cores, options, {"PYAO_PACKET_RATE": "0"}) as server:
            herd = Herd(place.bots(server.port, mode=Mode.PING))
            await herd.join()
            await asyncio.sleep(1.0)
            watch = server.watch()
            report = await herd.measure(bench.seconds)
            usage = watch.used()
            await herd.leave()
    return {
        **report.as_dict(),
        "faults": report.faults,
        "cpu_per_ping_us": round(usage.cpu_s / report.tally.pings * 1e6, 2),
        "server_cpu_share": round(usage.cpu_s / usage.seconds, 3),
        "others_share": round(usage.others_share, 3),
    }


async def logging_in(bench: Bench, per_s: float) -> Figures:
    """Let others log in and out again at a steady pace while a crowd walks."""
    crowd = spread(bench.walkers)
    with prepared(crowd, extra=VISITORS) as place:
        async with Server(
            place.folder, bench.cores, [*place.world, "--storage", "sqlite"]
        ) as server:
            herd = Herd(place.bots(server.port))
            await herd.join()
            visitors = Herd(
                place.bots(server.port, first=crowd.bots, count=VISITORS, mode=Mode.STAND)
            )
            await asyncio.sleep(SETTLE_S)
            watch = server.watch()
            report, logins = await asyncio.gather(
                herd.measure(bench.seconds), visitors.come_and_go(bench.seconds, per_s)
            )
            usage = watch.used()
            await herd.halt()
            await visitors.leave()
            await herd.leave()
    return {
        **walk_figures(report, usage),
        "faults": report.faults + visitors.refusals.total(),
        "asked_logins_per_s": per_s,
        "logins_per_s": round(logins / bench.seconds, 1),
        "visitors_not_admitted": dict(visitors.refusals),
    }


async def starting(bench: Bench) -> Figures:
    """Start with as many maps as the classic world and many stored characters."""
    crowd = Crowd(MANY_CHARACTERS, CLASSIC_MAPS, spread(MANY_CHARACTERS).region)
    with prepared(crowd) as place:
        figures: list[tuple[float, float]] = []
        for _ in range(3):
            options = [*place.world, "--storage", "sqlite"]
            async with Server(place.folder, bench.cores, options) as server:
                await asyncio.sleep(1.0)
                usage = server.watch().used()
            figures.append((server.start_s, usage.resident_mb))
    return {
        "maps": CLASSIC_MAPS,
        "characters": MANY_CHARACTERS,
        "start_s": round(min(seconds for seconds, _ in figures), 2),
        "resident_mb": round(max(mb for _, mb in figures), 1),
    }


async def walking_on_redis(bench: Bench, bots: int) -> Figures:
    """Let a crowd walk while the world is kept in Redis, which counts what it is asked."""
    crowd = spread(bots)
    with tempfile.TemporaryDirectory(prefix="pyao-bench-redis-") as folder:
        async with Redis(Path(folder), bench.cores) as redis:
            store = RedisStore(redis.url)
            with prepared(crowd, store=store) as place:
                options = [*place.world, "--storage", "redis", "--redis-url", redis.url]
                async with Server(place.folder, bench.cores, options) as server:
                    herd = Herd(place.bots(server.port))
                    await herd.join()
                    await asyncio.sleep(SETTLE_S)
                    watch, commands = server.watch(), redis.commands()
                    report = await herd.measure(bench.seconds)
                    usage, commands = watch.used(), redis.commands() - commands
                    await herd.halt()
                    await herd.leave()
    return {
        **walk_figures(report, usage),
        "store_commands_per_walk": round(commands / report.steps, 3),
    }


Scenario = Callable[[Bench], Awaitable[Figures]]


def scenarios() -> Mapping[str, Scenario]:
    """Return every scenario by name, in the order of the table."""
    return {
        "walk-200": lambda bench: walking(bench, spread(200)),
        "walk-500": lambda bench: walking(bench, spread(500)),
        "walk-1000": lambda bench: walking(bench, spread(1000)),
        "walk-2000": lambda bench: walking(bench, spread(2000)),
        "dense-50": lambda bench: walking(bench, dense(50, 2)),
        "dense-300": lambda bench: walking(bench, dense(300, 3)),
        "stand-500": lambda bench: standing(bench, 500),
        "ping-100": lambda bench: pinging(bench, 100),
        "redis-500": lambda bench: walking_on_redis(bench, 500),
        "logins-20": lambda bench: logging_in(bench, 20),
        "logins-40": lambda bench: logging_in(bench, 40),
        "start": starting,
    }
