"""`pyao-server storage`: backup, restore, verify and audit beside a running server."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from tests.integration.conftest import Connect
from tests.support.byte_client import SOUTH
from tests.support.commands import Ended, invoke
from tests.support.server_process import ServerProcess

from pyao.storage.sqlite_store import SqliteStore


async def command(server: ServerProcess, *words: str) -> Ended:
    """Run a command on the store of a server, which is another process."""
    folder = server.data_dir
    options = ("--data-dir", str(folder), *server.options)
    return await asyncio.to_thread(invoke, "storage", *words, *options, cwd=folder.parent)


def backups(server: ServerProcess) -> list[Path]:
    return sorted((server.data_dir / "backups").iterdir())


async def test_a_world_is_backed_up_while_it_is_played_checked_and_put_back(
    server: ServerProcess, connect: Connect
) -> None:
    server.start()
    ana = await connect()
    await ana.enter_new("Ana")
    ana.walk(SOUTH)
    await ana.settle()
    ended = await command(server, "backup")
    assert ended.code == 0, ended
    (file,) = backups(server)
    assert ended.stdout.startswith(str(file))
    audit = await command(server, "audit")
    assert (audit.code, "0 differences" in audit.stdout) == (0, True), audit
    checked = await command(server, "verify", str(file))
    assert (checked.code, "1 characters" in checked.stdout) == (0, True), checked

    busy = await command(server, "restore", str(file), "--force")
    assert busy.code == 2
    assert f"pid {server.pid}" in busy.stderr
    bob = await connect()
    await bob.enter_new("Bob")
    assert await asyncio.to_thread(server.stop) == 0
    refused = await command(server, "restore", str(file))
    assert (refused.code, "--force" in refused.stderr) == (2, True), refused
    done = await command(server, "restore", str(file), "--force")
    assert (done.code, "restored 1 characters" in done.stdout) == (0, True), done
    assert (await command(server, "verify")).code == 0

    server.start()
    again = await connect()
    await again.enter("Ana")
    stranger = await connect()
    await stranger.enter_new("Bob")  # the name is free: this Bob was not in the backup


async def test_damage_is_an_exit_code_and_a_sentence(
    server: ServerProcess, connect: Connect
) -> None:
    server.start()
    ana = await connect()
    await ana.enter_new("Ana")
    assert await asyncio.to_thread(server.stop) == 0
    target = server.data_dir.parent / "safe" / "world.db"
    assert (await command(server, "backup", "--to", str(target))).code == 0
    again = await command(server, "backup", "--to", str(target))
    assert (again.code, "exists" in again.stderr) == (2, True), again
    with contextlib.closing(SqliteStore(target)) as spoilt:
        spoilt.open()
        with spoilt._transaction() as db:
            db.execute("DELETE FROM records WHERE key = 'player:1:inventory'")
    found = await command(server, "verify", str(target))
    assert found.code == 1
    assert "player:1:inventory is missing" in found.stdout
    refused = await command(server, "restore", str(target), "--force")
    assert (refused.code, "was not restored" in refused.stderr) == (2, True), refused
