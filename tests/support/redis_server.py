"""A real redis-server of a test's own: free port, loopback only, ended by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from tests.support.waiting import PATIENCE_S


def find_redis_server() -> str:
    """Return the program, or skip the test; on CI, where it must be installed, fail."""
    program = shutil.which("redis-server")
    if program is None:
        reason = "redis-server is not installed on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(reason + ", and CI must test against it")
        pytest.skip(reason)
    return program


def free_port() -> int:
    """Return a TCP port nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """A redis-server that can be stopped, frozen, killed and started again on its port and data."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.program = find_redis_server()
        self.folder = folder
        self.options = options
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._known = False  # others know its port

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers; on another port if somebody has taken it before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + PATIENCE_S
        while not self._is_up(deadline):
            if self._known or time.monotonic() > deadline:
                pytest.fail(f"redis-server did not start: {self.folder / 'redis.log'}")
            self.kill()
            self.port = free_port()
        self._known = True

    def _is_up(self, deadline: float) -> bool:
        """Run it and wait; return whether it answers in the end."""
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--dir", str(self.folder), "--loglevel", "warning", *self.options]
        log = (self.folder / "redis.log").open("ab")
        with log:
            # With the signals of Python: who may write no more is told so, and not ended.
            self.process = subprocess.Popen(command, stdout=log, stderr=log, restore_signals=False)
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.answers():
                return True
            time.sleep(0.01)
        return False

    def answers(self) -> bool:
        """Return whether it is up and has loaded its data; a stranger on its port is not it."""
        try:
            with self.client() as client:
                own = None if self.process is None else self.process.pid
                return bool(client.ping() and client.info("server")["process_id"] == own)
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        """Return a plain client to look with."""
        return redis.Redis(
            port=self.port, decode_responses=True, socket_timeout=PATIENCE_S, protocol=2
        )

    def keep_a_file(self) -> None:
        """Let it keep an append-only file from now on, and read it when it is started again."""
        self.options = (*self.options, "--appendonly", "yes")
        with self.client() as client:
            client.config_set("appendonly", "yes")
            while client.info("persistence")["aof_rewrite_in_progress"]:
                time.sleep(0.01)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this server's process."""
        assert self.process is not None
        self.process.send_signal(number)

    def freeze(self) -> None:
        """Stop it in its tracks: connections stay open and nothing answers."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it run on."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE_S)
            self.process = None


@pytest.fixture(name="own_redis")
def own_redis_fixture(tmp_path: Path) -> Iterator[RedisServer]:
    """Return a redis-server of this test alone."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()
