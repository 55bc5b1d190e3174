"""A record that cannot be: its character is set aside with a hint, everybody else plays."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing

from tests.integration.conftest import Connect
from tests.support.byte_client import ERROR_MSG, LOGGED, SOUTH
from tests.support.server_process import ServerProcess

from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.repository import Cut, Repository, Stamp
from pyao.storage.values import Hash

# What is wrong with whom: a part of the record, and fields no rule could have written.
DAMAGE: dict[str, tuple[str, Hash]] = {
    "Ana": ("stats", {"gold": "-5"}),
    "Bea": ("stats", {"gold": "viel"}),
    "Cid": ("inventory", {"slot_1": "999999:1"}),
    "Dora": ("position", {"x": "200"}),
}
KEYS = {name: RedisKeys.player(n, part) for n, (name, (part, _)) in enumerate(DAMAGE.items(), 1)}


def spoil(store: Repository) -> dict[str, Hash]:
    """Damage everybody's record; return the records as they stand then."""
    with closing(store):
        store.open()
        stamp = store.claim(Owner.this_process()).stamp
        found = store.read(list(KEYS.values()))
        records = {KEYS[name]: {**found[KEYS[name]], **bad} for name, (_, bad) in DAMAGE.items()}
        stamp = Stamp(stamp.epoch, stamp.number + 1)
        store.commit(Cut(stamp, records))
        store.release(stamp)
    return records


async def test_only_the_damaged_characters_are_set_aside(
    server: ServerProcess, connect: Connect, repository: Repository
) -> None:
    server.start()
    for name in (*DAMAGE, "Bob"):
        client = await connect()
        await client.enter_new(name)
    assert await asyncio.to_thread(server.stop) == 0
    spoilt = spoil(repository)
    server.start()
    for name in DAMAGE:
        client = await connect()
        client.log_in(name)
        answer = await client.until(lambda packet: packet.id in (ERROR_MSG, LOGGED))
        assert answer.id == ERROR_MSG, name
    bob = await connect()
    await bob.enter("Bob")
    bob.walk(SOUTH)
    await bob.settle()
    assert await asyncio.to_thread(server.stop) == 0
    lines = [json.loads(line) for line in server.output().splitlines() if line.startswith("{")]
    told = {line["name"]: line["error"] for line in lines if "set aside" in line["event"]}
    assert set(told) == set(DAMAGE)
    for name, key in KEYS.items():
        assert key in told[name]
        assert "repair it" in told[name]
    with closing(repository) as store:
        store.open()
        assert store.read(list(spoilt)) == spoilt, "what is damaged stays as it is"
