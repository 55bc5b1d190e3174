"""A small server without players: moves gold between characters and saves, until it is killed.

Run as a program: `writer_process.py STORE DATA_DIR [REDIS_URL] [take-over]`. It prints a line of
JSON for each thing a check needs: `ready`, `stored N` before acting on it, `ended REASON`.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from functools import partial
from pathlib import Path

from pyao.config import StorageSettings
from pyao.errors import PyaoError
from pyao.rules.inventory import GOLD_ITEM
from pyao.storage.choose import repository_at
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import Entry, held_in_all, rows_for
from pyao.storage.presence import Presence
from pyao.storage.snapshot import SnapshotWriter
from pyao.storage.values import Value

CHARACTERS = 20
GOLD_EACH = 1000


def say(what: str, **facts: object) -> None:
    """Tell the test."""
    sys.stdout.write(json.dumps({"what": what, **facts}) + "\n")
    sys.stdout.flush()


class Ended(Exception):  # noqa: N818 - not a mistake
    """The writer may not go on."""


def tell_stored(number: int, stored: bool) -> None:
    """Say that a commit is stored."""
    if stored:
        say("stored", number=number)


async def play(store: str, folder: Path, url: str, *, take_over: bool) -> None:
    """Move gold as fast as the loop turns, saving all that changed after each move."""
    settings = StorageSettings(redis_url=url)
    writer = SnapshotWriter(repository_at(store, settings, folder))
    ended = asyncio.Event()
    writer.on_end = lambda _reason: ended.set()
    writer.presence = lambda: Presence(3, {1: {"name": "Pepe"}})
    claim = await writer.open(take_over=take_over)
    keys = [RedisKeys.player_stats(number) for number in range(1, CHARACTERS + 1)]
    held = await writer.read(keys)
    gold = {key: int(held.get(key, {}).get("gold", GOLD_EACH)) for key in keys}
    records: dict[str, Value | None] = {key: {"gold": str(gold[key])} for key in keys}
    new = {key: record for key, record in records.items() if key not in held}
    writer.submit(records, rows_for(held_in_all(new), "created", "0", 1))
    await writer.drain(10)
    say("ready", epoch=claim.stamp.epoch, number=claim.stamp.number, gold=sum(gold.values()))
    chance = random.Random()
    while not ended.is_set():
        giver, taker = chance.sample(keys, 2)
        amount = chance.randint(0, gold[giver])
        gold[giver] -= amount
        gold[taker] += amount
        changes = {key: {"gold": str(gold[key])} for key in (giver, taker)}
        source, target = (key.removesuffix(":stats") for key in (giver, taker))
        line = Entry("move", "0", GOLD_ITEM, amount, source, target).to_row(1)
        number = writer.submit(changes, [line])
        writer.on_committed(number, partial(tell_stored, number))
        await asyncio.sleep(chance.choice([0, 0, 0.001]))
    say("ended", reason=writer.failure)
    await writer.close()
    raise Ended


def main() -> None:
    """Read the command line and play."""
    store, folder, *rest = sys.argv[1:]
    url = next((word for word in rest if "://" in word), "redis://127.0.0.1:1/0")
    try:
        asyncio.run(play(store, Path(folder), url, take_over="take-over" in rest))
    except Ended:
        sys.exit(1)
    except PyaoError as error:
        say("refused", reason=str(error))
        sys.exit(2)


if __name__ == "__main__":
    main()
