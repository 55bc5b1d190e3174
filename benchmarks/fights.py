"""Creatures: what it costs to let them think, and players who fight them on all maps at once."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks.ground import Crowd, character, keep, open_world
from benchmarks.machine import descriptors, resident_mb, threads
from benchmarks.places import Bench, Place
from benchmarks.server import Server, Usage
from pyao.bots import BotReport, Herd, Mode
from pyao.bots.options import WHOLE_MAP
from pyao.content.world_data import MapData, WorldData, tile_index, tile_place
from pyao.content.world_file import load_world, save_world
from pyao.rules.character import Character
from pyao.rules.kinds import TileFlag
from pyao.storage.sqlite_store import SqliteStore

FIGHTERS: Final = 500
MAPS: Final = 290  # and creatures for each: as many as live in the classic world, 2,900
PER_MAP: Final = 10
PROBES: Final = 4
PROBE_PAUSE_S: Final = 0.026
CREATURE_MAPS: Final = 10
WATCHERS: Final = 50  # who see the creatures of the curve
NEAR: Final = 6  # tiles from a creature where a fighter starts
TOUGH_HP: Final = 20_000  # so that most outlive the measurement
FRAIL_HP: Final = 60
FRAIL: Final = 10  # one in so many, so that players die too
LEVEL: Final = 25
SAMPLE_S: Final = 5.0
EARLY_SHARE: Final = 0.3  # of an endurance run: by then all memory that is reused was taken once

# Of the starter world: creatures that a player of some strength fights for a while.
_KINDS: Final = (501, 502, 503, 505, 512, 530, 536)


def creature_world(folder: Path, maps: int, per_map: int) -> WorldData:
    """Return a world of open maps, each with so many hostile creatures spread over it."""
    world = open_world(folder, maps)
    random = Random(2)
    tiles = [
        tile_index(x, y)
        for x in range(WHOLE_MAP.left, WHOLE_MAP.right + 1)
        for y in range(WHOLE_MAP.top, WHOLE_MAP.bottom + 1)
    ]
    for data in world.maps.values():
        places = random.sample(tiles, per_map)
        data.npcs = [(at, _KINDS[number % len(_KINDS)]) for number, at in enumerate(places)]
        data.safe = False
    return world


def fighters(world: WorldData, count: int) -> Iterator[Character]:
    """Go through strong characters, on all maps in turn, each near a creature if there is one."""
    random = Random(3)
    maps = cycle(sorted(world.maps))
    index = misses = 0
    while index < count and misses < len(world.maps):
        data = world.maps[next(maps)]
        place = _near_a_creature(world, data, random)
        if place is None:
            misses += 1  # a map without ground, such as open sea
            continue
        misses = 0
        made = _strong(character(index, random), frail=index % FRAIL == FRAIL - 1)
        made.map, made.x, made.y = data.number, *place
        index += 1
        yield made


def _strong(made: Character, *, frail: bool) -> Character:
    hp = FRAIL_HP if frail else TOUGH_HP
    return replace(
        made,
        level=LEVEL,
        hp=hp,
        max_hp=hp,
        stamina=9_999,
        max_stamina=9_999,
        min_hit=10,
        max_hit=20,
        skills=[100] * len(made.skills),
    )


def _near_a_creature(world: WorldData, data: MapData, random: Random) -> tuple[int, int] | None:
    """Return a tile one can stand on, near a hostile creature where the map has any."""
    lairs = [at for at, number in data.npcs if _is_hostile(world, number)]
    lair = tile_place(random.choice(lairs)) if lairs else None
    taken = {at for at, _ in data.npcs}
    for near in (lair, None):
        for _ in range(200):
            x, y = _somewhere(near, random)
            at = tile_index(x, y)
            free = not data.flags[at] & (TileFlag.BLOCKED | TileFlag.WATER)
            if free and at not in data.exits and at not in taken:
                return x, y
    return None


def _is_hostile(world: WorldData, number: int) -> bool:
    kind = world.npcs.get(number)
    return kind is not None and kind.hostile


def _somewhere(near: tuple[int, int] | None, random: Random) -> tuple[int, int]:
    if near is None:
        return (
            random.randint(WHOLE_MAP.left, WHOLE_MAP.right),
            random.randint(WHOLE_MAP.top, WHOLE_MAP.bottom),
        )
    x = min(max(near[0] + random.randint(-NEAR, NEAR), WHOLE_MAP.left), WHOLE_MAP.right)
    y = min(max(near[1] + random.randint(-NEAR, NEAR), WHOLE_MAP.top), WHOLE_MAP.bottom)
    return x, y


@contextmanager
def arena(bench: Bench, bots: int) -> Iterator[Place]:
    """Make a data folder with a world of creatures, the classic one if it was given."""
    with tempfile.TemporaryDirectory(prefix="pyao-bench-") as name:
        folder = Path(name)
        place = Place(folder, Crowd(bots, MAPS, WHOLE_MAP), folder / "bench.pyao")
        if bench.classic is None:
            world = creature_world(folder, MAPS, PER_MAP)
            save_world(world, place.world)
        else:
            world = load_world(bench.classic)
            shutil.copyfile(bench.classic, place.world)
        keep(SqliteStore(folder / "world.db"), fighters(world, bots + PROBES))
        yield place


async def fighting(bench: Bench) -> dict[str, Any]:
    """Let a crowd fight on all maps; a few more ask PING to see how long the loop stalls."""
    bots = bench.size(FIGHTERS)
    with arena(bench, bots) as place:
        async with Server(place.folder, bench.cores, place.options) as server:
            herd, probe = await _enter(place, server)
            await asyncio.sleep(bench.settle_s)
            watch = server.watch()
            report, probed = await asyncio.gather(
                herd.measure(bench.seconds), probe.measure(bench.seconds)
            )
            usage = watch.used()
            await herd.leave()
            await probe.leave()
    return _figures(bench, report, probed, usage)


async def enduring(bench: Bench) -> dict[str, Any]:
    """Fight for long; return what memory, descriptors and threads did meanwhile."""
    bots = bench.size(FIGHTERS)
    samples: list[tuple[float, int, int]] = []
    with arena(bench, bots) as place:
        async with Server(place.folder, bench.cores, place.options) as server:
            empty = descriptors(server.pid)
            herd, probe = await _enter(place, server)
            watch = server.watch()
            sampler = asyncio.create_task(_sample(server.pid, samples))
            report, probed = await asyncio.gather(
                herd.measure(bench.endurance_s), probe.measure(bench.endurance_s)
            )
            sampler.cancel()
            usage = watch.used()
            await herd.leave()
            await probe.leave()
            await asyncio.sleep(bench.settle_s)
            left = descriptors(server.pid)
    early = samples[int(len(samples) * EARLY_SHARE)] if samples else (0.0, 0, 0)
    last = samples[-1] if samples else early
    return {
        **_figures(bench, report, probed, usage),
        "mb_early": round(early[0], 1),
        "mb_last": round(last[0], 1),
        "mb_growth": round(last[0] - early[0], 1),
        "threads_growth": last[2] - early[2],
        "descriptors_left": left - empty,
    }


async def _enter(place: Place, server: Server) -> tuple[Herd, Herd]:
    herd = Herd(place.bots(server.port, mode=Mode.FIGHT))
    probe = Herd(
        place.bots(
            server.port,
            first=place.crowd.bots,
            count=PROBES,
            mode=Mode.PING,
            ping_pause_s=PROBE_PAUSE_S,
        )
    )
    await probe.join()
    await herd.join()
    return herd, probe


async def _sample(pid: int, samples: list[tuple[float, int, int]]) -> None:
    while True:
        samples.append((resident_mb(pid), descriptors(pid), threads(pid)))
        await asyncio.sleep(SAMPLE_S)


def _figures(bench: Bench, report: BotReport, probed: BotReport, usage: Usage) -> dict[str, Any]:
    return {
        **report.as_dict(),
        "world": "classic" if bench.classic else f"{MAPS} maps with {PER_MAP} creatures each",
        "faults": report.faults + probed.faults,
        "blows_per_s": round(report.tally.blows / report.seconds, 1),
        "server_cpu_share": round(usage.cpu_s / usage.seconds, 3),
        "longest_answer_ms": round(probed.tally.round_trip.longest_s * 1000, 1),
        "answer_ms": probed.tally.round_trip.milliseconds(),
        "resident_mb": round(usage.resident_mb, 1),
        "others_share": round(usage.others_share, 3),
    }


async def watching(bench: Bench, creatures: int) -> dict[str, Any]:
    """Let players stand among creatures that see them; return the cost of the creatures."""
    bots = bench.size(WATCHERS)
    with tempfile.TemporaryDirectory(prefix="pyao-bench-") as name:
        folder = Path(name)
        place = Place(folder, Crowd(bots, CREATURE_MAPS, WHOLE_MAP), folder / "bench.pyao")
        world = creature_world(folder, CREATURE_MAPS, creatures // CREATURE_MAPS)
        save_world(world, place.world)
        keep(SqliteStore(folder / "world.db"), fighters(world, bots))
        async with Server(place.folder, bench.cores, place.options) as server:
            herd = Herd(place.bots(server.port, mode=Mode.STAND))
            await herd.join()
            await asyncio.sleep(bench.settle_s)
            watch = server.watch()
            report = await herd.measure(bench.seconds)
            usage = watch.used()
            await herd.leave()
    share = usage.cpu_s / usage.seconds
    return {
        "saturated": report.saturated,
        "bots": report.playing,
        "creatures": creatures,
        "faults": report.faults,
        "server_cpu_share": round(share, 4),
        "cpu_per_creature_us": round(share * 1e6 / creatures, 1),
        "others_share": round(usage.others_share, 3),
    }
