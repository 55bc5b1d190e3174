"""What a cut costs: 1,000 moved characters per second on SQLite, and on Redis when a URL is given.

Run `python benchmarks/store_commits.py [redis://127.0.0.1:6379/15]`. The Redis database is written
to. Prints encoding on the loop, the commit in its thread, and how long the loop was kept from
running meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from pyao.rules.character import Character, Section, UserId
from pyao.storage import RedisStore, Repository, SnapshotWriter, SqliteStore
from pyao.storage.records import sections
from pyao.storage.values import Value

PLAYERS = 1000
CUTS = 40
LAG_STEP_S = 0.001


def people() -> list[Character]:
    """Return as many characters as play."""
    return [
        Character(
            user_id=UserId(number),
            name=f"Bot {number}",
            account=f"Bot {number}",
            race=1,
            gender=1,
            char_class=1,
            head=1,
        )
        for number in range(1, PLAYERS + 1)
    ]


async def watch_lag(worst: list[float]) -> None:
    """Note how late the loop comes back from a short sleep."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(LAG_STEP_S)
        worst.append((time.perf_counter() - before - LAG_STEP_S) * 1000)


def row(name: str, figures: list[float]) -> str:
    """Return median and worst of milliseconds."""
    ordered = sorted(figures)
    p99 = ordered[int(len(ordered) * 0.99)]
    return f"{name:34} median {median(ordered):7.2f}  p99 {p99:7.2f}  max {ordered[-1]:7.2f} ms"


async def measure(store: Repository, dirty: Section) -> None:
    """Save everybody's dirty sections again and again."""
    writer = SnapshotWriter(store)
    await writer.open()
    crowd = people()
    encoding: list[float] = []
    commits: list[float] = []
    quiet: list[float] = []
    lag: list[float] = []
    watcher = asyncio.create_task(watch_lag(quiet))
    await asyncio.sleep(0.5)
    watcher.cancel()
    watcher = asyncio.create_task(watch_lag(lag))
    for turn in range(CUTS):
        changes: dict[str, Value | None] = {}
        began = time.perf_counter()
        for who in crowd:
            who.x = 1 + turn % 100
            changes.update(sections(who, dirty))
        encoding.append((time.perf_counter() - began) * 1000)
        number = writer.submit(changes)
        if not await writer.committed(number, 30):
            sys.exit("the store does not answer")
        commits.append(writer.stats.last_commit_ms)
        await asyncio.sleep(0.05)
    watcher.cancel()
    print(f"{store.describe()}, {PLAYERS} characters, {dirty!r}")
    print(row("  encode on the loop", encoding))
    print(row("  commit in the thread", commits))
    print(row("  loop lag while committing", lag))
    print(row("  loop lag with nothing to do", quiet))
    await writer.close()


def main() -> None:
    """Measure every store there is."""
    with tempfile.TemporaryDirectory() as folder:
        for dirty in (Section.POSITION, Section.everything()):
            asyncio.run(measure(SqliteStore(Path(folder) / f"{int(dirty)}.db"), dirty))
            for url in sys.argv[1:]:
                asyncio.run(measure(RedisStore(url), dirty))


if __name__ == "__main__":
    main()
