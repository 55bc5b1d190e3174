"""A real `pyao-server` process on a free port, started and ended by the test that wants it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from tests.support.waiting import PATIENCE_S

START_S = 90.0
LISTEN = ("--host", "127.0.0.1", "--port", "0")


def clean_environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without settings of ours, but with those given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYAO_")}
    return kept | dict(env or {})


def run_command(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, timeout_s: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run `pyao-server` with these arguments to its end."""
    return subprocess.run(
        [sys.executable, "-m", "pyao.run_server", *arguments],
        cwd=cwd, env=clean_environment(env), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=timeout_s, check=False,
    )  # fmt: skip


class ServerProcess:
    """One server; `port` and `status` are known once it listens.

    `listen` are the options that say where; without them the settings decide.
    """

    def __init__(
        self,
        data_dir: Path,
        *options: str,
        env: Mapping[str, str] | None = None,
        listen: tuple[str, ...] = LISTEN,
    ) -> None:
        self.data_dir = data_dir
        self.options = options
        self.listen = listen
        self.env = clean_environment({"PYAO_METRICS_PORT": "0", **(env or {})})
        self.process: subprocess.Popen[bytes] | None = None
        self.status: dict[str, Any] = {}
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.errors = self.log  # or a file of its own for stderr

    @property
    def port(self) -> int:
        return int(self.status["addresses"][0][1])

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> ServerProcess:
        """Start and wait until it listens; its output on failure is the error."""
        status_file = self.data_dir / "server.json"
        status_file.unlink(missing_ok=True)
        with self.log.open("ab") as log, self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "pyao.run_server",
                    *self.listen, "--data-dir", str(self.data_dir), *self.options,
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=errors, env=self.env,
                cwd=self.data_dir.parent,
            )  # fmt: skip
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if status_file.is_file():
                self.status = json.loads(status_file.read_text())
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"the server did not start:\n{self.output()}")

    def output(self) -> str:
        """Return what the server has written to its terminal."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self, timeout: float = PATIENCE_S) -> int:
        assert self.process is not None
        return self.process.wait(timeout)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> int:
        """End it as an operator does; return the exit code."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


@contextlib.contextmanager
def server_process(data_dir: Path, *options: str, **env: str) -> Iterator[ServerProcess]:
    """Run a server for the length of a block."""
    with ServerProcess(data_dir, *options, env=env) as server:
        yield server
