"""Secrets are in no log, on no terminal and in no store, at the most talkative level."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.integration.conftest import Start
from tests.support.byte_client import CONSOLE_MSG, ERROR_MSG, ByteClient
from tests.support.redis_server import RedisServer
from tests.support.server_process import ServerProcess, run_command
from tests.support.waiting import until

from pyao.accounts import AccountRecord, LoginRefusal, Token, Tokens, Why
from pyao.accounts.tokens import digest_of
from pyao.protocol.client_packets import ChangePassword
from pyao.protocol.gm_packets import GmAlterPassword
from pyao.storage.redis_store import RedisStore

PASSWORD, WRONG, NEW = "canario-uno", "canario-dos", "canario-tres"
REDIS_PASSWORD = "canario-redis"
CANARIES = (PASSWORD, WRONG, NEW, REDIS_PASSWORD, "canario")


@pytest.fixture
def locked_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Return a Redis that asks for a password."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    with server.client() as client:
        client.config_set("requirepass", REDIS_PASSWORD)
    yield server
    server.kill()


async def test_no_secret_is_written_anywhere(tmp_path: Path, locked_redis: RedisServer) -> None:
    url = f"redis://:{REDIS_PASSWORD}@127.0.0.1:{locked_redis.port}/0"
    server = ServerProcess(
        tmp_path / "data",
        *("--storage", "redis"),
        env={
            "PYAO_REDIS_URL": url,
            "PYAO_LOG_LEVEL": "DEBUG",
            "PYAO_LOG_PACKETS": "true",
            "PYAO_METRICS_PORT": "0",
        },
    )
    try:
        await asyncio.to_thread(server.start)
        await use_every_password(server)
        pages = await asyncio.to_thread(all_pages, server.status["monitoring"])
        locked_redis.freeze()  # what is said while the store is away names it
        await until(lambda: "store_away" in server.output())
        locked_redis.thaw()
        listed = await asyncio.to_thread(
            run_command,
            *("accounts", "list", "--storage", "redis", "--data-dir", str(server.data_dir)),
            cwd=tmp_path,
            env={"PYAO_REDIS_URL": url},
        )
        assert await asyncio.to_thread(server.stop) == 0
    finally:
        server.kill()
    store = RedisStore(url)
    try:
        store.open()
        kept = repr([*store.items(), *store.audit_rows()])
    finally:
        store.close()
    written = all_texts(tmp_path)
    assert "LOGIN_EXISTING_CHAR" in written, "packets were not logged"
    for secret in CANARIES:
        for place in (written, kept, listed.stdout, listed.stderr, pages):
            assert secret not in place


async def test_no_token_is_written_anywhere_but_its_hash(start: Start) -> None:
    running = await start(log_level="DEBUG", log_packets=True)
    ana = await running.newcomer("Ana")
    tokens = Tokens(running.app.game.accounts, running.app.writer, time.time)
    with capture_logs() as lines:
        first = await tokens.issue("Ana", "web")
        assert first is not None
        second = await tokens.refresh(first.text)
        assert isinstance(second, Token)
        assert isinstance(await tokens.check(second.text), AccountRecord)
        assert await tokens.check(first.text) == LoginRefusal(Why.WRONG)
        await ana.settle()
        assert await running.app.writer.drain(5)
    store = running.app.writer.repository
    kept = repr([*store.items(), *store.audit_rows()])
    assert running.app.watch.address is not None
    pages = await asyncio.to_thread(all_pages, running.app.watch.address)
    for token in (first, second):
        for place in (repr(lines), kept, pages, repr(token), str(token)):
            assert token.text not in place
    assert digest_of(second.text) in kept


def all_pages(address: tuple[str, int]) -> str:
    """Return what the monitoring pages say."""
    connection = http.client.HTTPConnection(*address, timeout=10)
    found = []
    for path in ("/healthz", "/readyz", "/metrics"):
        connection.request("GET", path)
        found.append(connection.getresponse().read().decode())
    connection.close()
    return "".join(found)


def all_texts(folder: Path) -> str:
    """Return what stands in all files of a server, but not in those of Redis itself."""
    files = [path for path in folder.rglob("*") if path.is_file() and "redis" not in path.parts]
    return "".join(path.read_text(errors="replace") for path in files)


async def use_every_password(server: ServerProcess) -> None:
    """Create, enter, fail, change: everything that carries a password."""
    ana = await ByteClient.connect(server.port)
    ana.throw_dices()
    await ana.get(67)
    ana.create("Ana", password=PASSWORD)
    await ana.entered()
    for old in (WRONG, PASSWORD):
        ana.send(ChangePassword(old, NEW).encode())
        await ana.until(lambda one: one.id == CONSOLE_MSG and "ontrase" in str(one.values[0]))
    ana.talk(f"/apass Ana@{WRONG}")  # whether or not there is such an order for its rank
    ana.talk(f"/contrasena {PASSWORD} {NEW}")
    ana.send(GmAlterPassword("Ana", WRONG).encode())
    await ana.settle()
    await ana.close()
    for password in (WRONG, PASSWORD, NEW):
        again = await ByteClient.connect(server.port)
        again.log_in("Ana", password)
        if password == NEW:
            await again.entered()
        else:
            await again.get(ERROR_MSG)
        await again.close()
