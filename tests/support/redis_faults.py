"""A real Redis behind a proxy, and everything that is done to it: each fault is a block of time.

`PYAO_TEST_FULL=1` makes each last 30 s, as operators meet it.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from tests.support.redis_proxy import RedisProxy
from tests.support.redis_server import RedisServer

FULL = os.environ.get("PYAO_TEST_FULL") == "1"
FAULT_S = 30.0 if FULL else 1.5
RESET_EVERY_S = 0.1


@dataclass
class FaultyRedis:
    """A Redis behind a proxy, and what is done to it."""

    server: RedisServer
    proxy: RedisProxy
    stop: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def in_background(self, work: Callable[[], object]) -> Iterator[None]:
        """Go on doing something until the block ends."""
        self.stop.clear()
        thread = threading.Thread(target=work)
        thread.start()
        yield
        self.stop.set()
        thread.join()


Fault = Callable[[FaultyRedis], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def frozen(at: FaultyRedis) -> Iterator[None]:
    """Stop its process."""
    at.server.freeze()
    yield
    at.server.thaw()


@contextlib.contextmanager
def cut_off(at: FaultyRedis) -> Iterator[None]:
    """Swallow everything on the way."""
    at.proxy.mode = "drop"
    yield
    at.proxy.mode = "pass"


@contextlib.contextmanager
def reset_every_100_ms(at: FaultyRedis) -> Iterator[None]:
    """End every connection again and again."""

    def reset() -> None:
        while not at.stop.wait(RESET_EVERY_S):
            at.proxy.reset_all()

    with at.in_background(reset):
        yield


@contextlib.contextmanager
def killed(at: FaultyRedis) -> Iterator[None]:
    """Kill it, and start it again."""
    at.server.kill()
    yield
    at.server.start()


@contextlib.contextmanager
def full(at: FaultyRedis) -> Iterator[None]:
    """Let it have no memory for anything new."""
    with at.server.client() as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        yield
        client.config_set("maxmemory", "0")


@contextlib.contextmanager
def disk_full(at: FaultyRedis) -> Iterator[None]:
    """Let no file of it grow any more: it keeps an append-only file, as operators are told to."""
    if sys.platform != "linux":
        pytest.skip("prlimit is Linux's")
    at.server.keep_a_file()
    process = at.server.process
    assert process is not None
    largest = max(path.stat().st_size for path in at.server.folder.rglob("*.aof"))
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest, before[1]))
    yield
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def read_only(at: FaultyRedis) -> Iterator[None]:
    """Make it the replica of nobody."""
    with at.server.client() as client:
        client.replicaof("127.0.0.1", "1")
        yield
        client.replicaof("NO", "ONE")


@contextlib.contextmanager
def password_wanted(at: FaultyRedis) -> Iterator[None]:
    """Ask for a password that nobody was told."""
    with at.server.client() as client:
        client.config_set("requirepass", "geheim")
        client.client_kill_filter(_type="normal", skipme=True)
        yield
        client.config_set("requirepass", "")


@contextlib.contextmanager
def busy(at: FaultyRedis) -> Iterator[None]:
    """Keep it busy with a script that never ends."""

    def loop_for_ever() -> None:
        with at.server.client() as client, contextlib.suppress(redis.RedisError):
            client.eval("while true do end", 0)

    with at.server.client() as client:
        client.config_set("lua-time-limit", "50")
        thread = threading.Thread(target=loop_for_ever)
        thread.start()
        yield
        client.script_kill()
        thread.join()


@contextlib.contextmanager
def loading(at: FaultyRedis) -> Iterator[None]:
    """Let it die and read an older state, slowly."""
    with at.server.client() as client:
        client.save()
        keys = client.dbsize()
    at.server.kill()
    delay_us = int(FAULT_S * 1e6 / keys)
    options, at.server.options = at.server.options, ("--key-load-delay", str(delay_us))
    at.server.options += ("--loading-process-events-interval-bytes", "1024")
    with at.in_background(at.server.start):
        yield
    at.server.options = options


@contextlib.contextmanager
def flushed(at: FaultyRedis) -> Iterator[None]:
    """Empty it."""
    with at.server.client() as client:
        client.flushall()
    yield


# What the server does not notice as an outage: it is written anew, or commits slip through.
NO_OUTAGE = (flushed, reset_every_100_ms)
FAULTS = (
    *(frozen, cut_off, reset_every_100_ms, killed, full, disk_full, read_only),
    *(password_wanted, busy, loading, flushed),
)


@pytest.fixture(name="at")
def at_fixture(tmp_path: Path) -> Iterator[FaultyRedis]:
    """Return a Redis of this test's own behind a proxy."""
    server = RedisServer(tmp_path / "redis", "--appendonly", "no")
    server.start()
    proxy = RedisProxy(server.port)
    yield FaultyRedis(server, proxy)
    proxy.close()
    server.kill()
