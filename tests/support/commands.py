"""Runs `pyao-server` commands inside this process: as the shell does, but without the start-up."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from typer.testing import CliRunner

from pyao.cli import app


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    stdout: str
    stderr: str

    @property
    def refusal(self) -> str:
        """Check that it was refused in one line, and return that."""
        assert self.code == 2, self
        lines = self.stderr.splitlines()
        assert len(lines) == 1, self.stderr
        assert lines[0].startswith("error: ")
        return lines[0]


def invoke(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, text: str = ""
) -> Ended:
    """Run a command in a folder, with none of our settings in the environment but those given."""
    hidden = dict.fromkeys(name for name in os.environ if name.startswith("PYAO_"))
    with contextlib.chdir(cwd), _undisturbed():
        result = CliRunner(env=hidden | dict(env or {})).invoke(app, arguments, input=text)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Give signals and logging back as they were: a server takes them for its process."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    handlers = [signal.getsignal(number) for number in numbers]
    logs = structlog.get_config()
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        yield
    finally:
        structlog.configure(**logs)
        root.handlers[:] = kept
        root.setLevel(level)
        for number, handler in zip(numbers, handlers, strict=True):
            if signal.getsignal(number) is not handler:  # only the main thread may set one
                signal.signal(number, handler)
