"""What is measured. Each scenario starts a server on a fresh store and returns plain figures."""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.fights import enduring, fighting, watching
from benchmarks.framework import framework
from benchmarks.ground import Crowd, dense, spread
from benchmarks.in_turn import in_turn, mostly
from benchmarks.pinging import pinging
from benchmarks.places import Bench, prepared
from benchmarks.server import Server, Usage
from benchmarks.store import Redis
from pyao.bots import BotReport, Herd, Mode
from pyao.bots.options import WHOLE_MAP
from pyao.storage.redis_store import RedisStore

PROBES: Final = 4  # also pay, before memory is looked at, for the block that hashing keeps
PROBE_PAUSE_S: Final = 0.026  # as often as a client may ask
VISITORS: Final = 64
CLASSIC_MAPS: Final = 290
MANY_CHARACTERS: Final = 10_000
SPARSE_MAP: Final = 115  # bots of a whole map that have about 10 observers each
ROUND_PART: Final = 1 / 4  # of the length of a measurement, for a walk between two echoes
SETTLE_PART: Final = 1 / 3  # of the time to settle, when a crowd walks again

Figures = dict[str, Any]


async def walking(bench: Bench, crowd: Crowd, *, judged_in_echoes: bool = False) -> Figures:
    """Let a crowd walk; some more ask PING all the time, to see how long the loop stalls.

    Where the CPU of a walk is judged in E, the crowd walks in turn with the echo afterwards.
    """
    judged: Figures = {}
    with prepared(crowd, extra=PROBES) as place:
        async with Server(place.folder, bench.cores, place.options) as server:
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
            await asyncio.sleep(bench.settle_s)
            watch = server.watch()
            report, probed = await asyncio.gather(
                herd.measure(bench.seconds), probe.measure(bench.seconds)
            )
            usage = watch.used()
            await herd.halt()
            if judged_in_echoes:
                judged = await walking_in_turn(bench, server, herd, report)
            await herd.leave()
            await probe.leave()
    return {
        **walk_figures(report, usage),
        **judged,
        "stall_ms": probed.tally.round_trip.milliseconds(),
        "longest_answer_ms": round(probed.tally.round_trip.longest_s * 1000, 1),
        "mb_per_1000": round((usage.resident_mb - empty_mb) / crowd.bots * 1000, 1),
    }


async def walking_in_turn(bench: Bench, server: Server, herd: Herd, report: BotReport) -> Figures:
    """Let a crowd that stands walk in turn with the echo; return what is judged in E.

    Each round ends with all of them standing; by the time the echo is warm the server is done with
    them. What goes wrong meanwhile is added to the report of the walk before.
    """
    reports: list[BotReport] = []

    async def walk() -> float:
        for bot in herd.bots:
            bot.start()
        await asyncio.sleep(bench.settle_s * SETTLE_PART)
        watch = server.watch()
        seen = await herd.measure(bench.seconds * ROUND_PART)
        usage = watch.used()
        reports.append(seen)
        report.tally.errors.update(seen.tally.errors)
        report.tally.disconnects.update(seen.tally.disconnects)
        return usage.cpu_s / max(seen.steps, 1) * 1e6

    rounds = await in_turn(bench, walk)
    return {
        "saturated": report.saturated or mostly([seen.saturated for seen in reports]),
        "cpu_per_walk_us": round(median(each.cpu_us for each in rounds), 1),
        "rounds": rounds,
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
    crowd = spread(bench.size(bots))
    with prepared(crowd) as place:
        async with Server(place.folder, bench.cores, place.options) as server:
            await asyncio.sleep(bench.settle_s)
            watch = server.watch()
            await asyncio.sleep(bench.seconds)
            nobody = watch.used()
            herd = Herd(place.bots(server.port, mode=Mode.STAND))
            await herd.join()
            await asyncio.sleep(bench.settle_s)
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


async def logging_in(bench: Bench, per_s: float) -> Figures:
    """Let others log in and out again at a steady pace while a crowd walks."""
    crowd = spread(bench.size(bench.walkers))
    with prepared(crowd, extra=VISITORS) as place:
        async with Server(place.folder, bench.cores, place.options) as server:
            herd = Herd(place.bots(server.port))
            await herd.join()
            visitors = Herd(
                place.bots(server.port, first=crowd.bots, count=VISITORS, mode=Mode.STAND)
            )
            await asyncio.sleep(bench.settle_s)
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
    """Start with as many maps as the classic world and many stored characters.

    The first of the starts may have to compile the source, which an installed server has behind it.
    """
    characters = bench.size(MANY_CHARACTERS)
    crowd = Crowd(characters, CLASSIC_MAPS, WHOLE_MAP)
    with prepared(crowd) as place:
        figures: list[tuple[float, float]] = []
        for _ in range(3):
            async with Server(place.folder, bench.cores, place.options) as server:
                await asyncio.sleep(1.0)
                usage = server.watch().used()
            figures.append((server.start_s, usage.resident_mb))
    return {
        "maps": CLASSIC_MAPS,
        "characters": characters,
        "start_s": round(min(seconds for seconds, _ in figures), 2),
        "resident_mb": round(max(mb for _, mb in figures), 1),
    }


async def walking_on_redis(bench: Bench, bots: int) -> Figures:
    """Let a crowd walk while the world is kept in Redis, which counts what it is asked."""
    crowd = spread(bench.size(bots))
    with tempfile.TemporaryDirectory(prefix="pyao-bench-redis-") as folder:
        async with Redis(Path(folder), bench.cores) as redis:
            store = RedisStore(redis.url)
            with prepared(crowd, store=store) as place:
                options = ["--world", str(place.world), "--storage", "redis"]
                options += ["--redis-url", redis.url]
                async with Server(place.folder, bench.cores, options) as server:
                    herd = Herd(place.bots(server.port))
                    await herd.join()
                    await asyncio.sleep(bench.settle_s)
                    watch, commands = server.watch(), redis.commands()
                    report = await herd.measure(bench.seconds)
                    usage, commands = watch.used(), redis.commands() - commands
                    await herd.halt()
                    await herd.leave()
    return {
        **walk_figures(report, usage),
        "store_commands_per_walk": round(commands / report.steps, 3),
    }


def sparse(bots: int) -> Crowd:
    """Return the crowd in which each step has about 10 observers."""
    return Crowd(bots, math.ceil(bots / SPARSE_MAP), WHOLE_MAP)


Scenario = Callable[[Bench], Awaitable[Figures]]

BY_REQUEST: Final = frozenset({"endurance"})  # takes as long as it is told to


def scenarios() -> Mapping[str, Scenario]:
    """Return every scenario by name, in the order of the table."""

    def walk(crowd: Callable[[int], Crowd], bots: int, *, judged: bool = False) -> Scenario:
        return lambda bench: walking(bench, crowd(bench.size(bots)), judged_in_echoes=judged)

    return {
        "walk-200": walk(spread, 200),
        "walk-500": walk(spread, 500),
        "walk-1000": walk(spread, 1000, judged=True),
        "walk-2000": walk(spread, 2000, judged=True),
        "sparse-500": walk(sparse, 500),
        "dense-50": walk(partial(dense, zones=2), 50),
        "dense-300": walk(partial(dense, zones=3), 300),
        "stand-500": lambda bench: standing(bench, 500),
        "fight-500": fighting,
        "creatures-200": lambda bench: watching(bench, 200),
        "creatures-1000": lambda bench: watching(bench, 1000),
        "ping-100": pinging,
        "redis-500": lambda bench: walking_on_redis(bench, 500),
        "logins-20": lambda bench: logging_in(bench, 20),
        "logins-40": lambda bench: logging_in(bench, 40),
        "start": starting,
        "framework": framework,
        "endurance": enduring,
    }
