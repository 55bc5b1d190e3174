"""How to measure, and the folders that servers are started on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.ground import Crowd, fill_store, write_world
from benchmarks.machine import Cores
from pyao.bots import BotOptions
from pyao.storage.repository import Repository
from pyao.storage.sqlite_store import SqliteStore

SMALLEST: Final = 20  # bots of a scaled-down crowd
WATCHERS: Final = 250  # bots that read at once and take the times; the others read late
DOOR: Final = 24  # log-ins under way; the server lets 32 wait for their password check


@dataclass(frozen=True, slots=True)
class Bench:
    """How to measure: on which cores, for how long, and with which part of each crowd."""

    cores: Cores
    seconds: float
    walkers: int = 1000  # beside whom others log in
    settle_s: float = 3.0
    scale: float = 1.0  # of crowds; less than 1 only shows that everything runs
    classic: Path | None = None  # a compiled world to fight on instead of one of our own
    endurance_s: float = 600.0
    rounds: int = 10  # in turn with the echo; two at least

    def size(self, bots: int) -> int:
        """Return how many bots a crowd of that name has in this run."""
        return bots if self.scale == 1 else max(SMALLEST, round(bots * self.scale))


@dataclass(frozen=True, slots=True)
class Place:
    """A prepared data folder."""

    folder: Path
    crowd: Crowd
    world: Path

    @property
    def options(self) -> list[str]:
        """What a server on this folder is started with."""
        return ["--world", str(self.world), "--storage", "sqlite"]

    def bots(self, port: int, **changes: Any) -> BotOptions:  # noqa: ANN401 - fields by name
        """Return the options of the crowd's bots."""
        crowd = self.crowd
        return replace(
            BotOptions(
                port=port,
                count=crowd.bots,
                region=crowd.region,
                known=True,
                watchers=WATCHERS,
                logins_at_once=DOOR,
            ),
            **changes,
        )


@contextmanager
def prepared(crowd: Crowd, *, extra: int = 0, store: Repository | None = None) -> Iterator[Place]:
    """Make a data folder with an open world and characters; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="pyao-bench-") as name:
        folder = Path(name)
        place = Place(folder, crowd, folder / "bench.pyao")
        write_world(place.world, crowd.maps)
        fill_store(store or SqliteStore(folder / "world.db"), crowd, extra)
        yield place
