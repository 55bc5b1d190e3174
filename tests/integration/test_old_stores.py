"""Stores that an earlier server really wrote: today's brings them up to date and plays on.

`tests/data/layout1` holds what revision fc3da63, the last one of layout 1, left on either store
after two newcomers had played: gifts, experience, a deposit at the bank, things on the ground.
These files are never written anew; a later layout gets a folder of its own.
"""

from __future__ import annotations

import asyncio
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.integration.conftest import Connect
from tests.support.commands import Ended, invoke
from tests.support.redis_server import RedisServer
from tests.support.server_process import ServerProcess
from tests.support.stores import StoreOptions

from pyao.protocol import client_packets as said
from pyao.rules.inventory import GOLD_ITEM
from pyao.storage import Repository
from pyao.storage.choose import SQLITE_FILE
from pyao.storage.keys import RedisKeys
from pyao.storage.repository import SCHEMA_VERSION
from pyao.storage.verify import verify

LAYOUT_1 = Path(__file__).parents[1] / "data" / "layout1"
APPLE, DAGGER = 1, 15  # of the starter world
PURSE, VAULT, GROUND = 5_000 - 1_500 - 700, 1_500, 700
BANKER = (73, 38)


def fill_with_layout_1(data_dir: Path, redis: RedisServer | None) -> None:
    """Put the old bytes where a server finds its store."""
    data_dir.mkdir()
    if redis is None:
        script = (LAYOUT_1 / "sqlite.sql").read_text(encoding="utf-8")
        with closing(sqlite3.connect(data_dir / SQLITE_FILE)) as db:
            db.executescript(script)
        return
    with redis.client() as client:
        for line in (LAYOUT_1 / "redis.txt").read_text(encoding="utf-8").splitlines():
            client.execute_command(*shlex.split(line))


@pytest.fixture
def old(request: pytest.FixtureRequest, server: ServerProcess, store: StoreOptions) -> Repository:
    """Return the store of a server that will find old bytes, to look into while it is stopped."""
    redis = request.getfixturevalue("own_redis") if store.redis_port else None
    fill_with_layout_1(server.data_dir, redis)
    return store.repository(server.data_dir)


async def test_players_of_the_first_layout_find_everything_and_play_on(
    server: ServerProcess, old: Repository, connect: Connect
) -> None:
    await asyncio.to_thread(server.start)
    ana, bob = await connect(), await connect()
    await ana.enter("Ana")
    await bob.enter("Bob")
    assert (ana.map, ana.x, ana.y) == (1, 73, 41)
    assert (ana.bars["gold"], ana.bars["level"], bob.bars["level"]) == (PURSE, 4, 1)
    held = {int(str(values[0])): values for values in ana.bag.values()}
    assert held[DAGGER][2:4] == (3, 1)  # in her hand, as it was
    assert held[APPLE][2] == 40 - 25 - 4
    assert {(73, 40), (73, 41)} <= set(ana.objects)
    ana.send(
        said.DoubleClick(*BANKER).encode(),
        said.BankExtractGold(VAULT).encode(),
        said.BankEnd().encode(),
    )
    await ana.settle()
    ana.send(said.PickUp().encode())
    await ana.settle()
    assert ana.bars["gold"] == PURSE + VAULT + GROUND
    for client in (ana, bob):
        await client.close()
    assert await asyncio.to_thread(server.stop) == 0
    with closing(old) as store:
        store.open()
        checked, found = verify(store), store.take_stock()
        assert store.read_strings([RedisKeys.WORLD_SCHEMA]) == {
            RedisKeys.WORLD_SCHEMA: str(SCHEMA_VERSION)
        }
    assert checked.sound, checked.problems
    assert checked.characters == checked.accounts == 2
    assert found.balanced, found
    assert found.unexplained == 0
    assert found.held[GOLD_ITEM] == PURSE + VAULT + GROUND
    assert (found.held[DAGGER], found.held[APPLE]) == (3, 40)


async def test_looking_at_an_old_store_finds_it_sound_and_leaves_it_as_it_is(
    server: ServerProcess, old: Repository
) -> None:
    with closing(old) as store:
        store.open()
        before = dict(store.items())
    said = {}
    for command in ("storage verify", "storage audit"):
        ended = await asyncio.to_thread(command_on, server, *command.split())
        assert ended.code == 0, (ended.stdout, ended.stderr)
        said[command] = ended.stdout
    assert "2 characters" in said["storage verify"]
    assert "of an older layout" in said["storage audit"]
    with closing(old) as store:
        store.open()
        assert dict(store.items()) == before
        assert before[RedisKeys.WORLD_SCHEMA] == "1"


async def test_a_backup_of_the_first_layout_is_restored_and_played_on(
    server: ServerProcess, connect: Connect, tmp_path: Path
) -> None:
    fill_with_layout_1(tmp_path / "old", None)
    backup = tmp_path / "old" / SQLITE_FILE
    ended = await asyncio.to_thread(command_on, server, "storage", "restore", str(backup))
    assert ended.code == 0, (ended.stdout, ended.stderr)
    await asyncio.to_thread(server.start)
    ana = await connect()
    await ana.enter("Ana")
    assert ana.bars["gold"] == PURSE
    await ana.close()
    assert await asyncio.to_thread(server.stop) == 0
    ended = await asyncio.to_thread(command_on, server, "storage", "audit")
    assert "0 differences" in ended.stdout


def command_on(server: ServerProcess, *words: str) -> Ended:
    """Run a command on the store of a server that is stopped."""
    options = (*server.options, "--data-dir", str(server.data_dir))
    return invoke(*words, *options, cwd=server.data_dir.parent)
