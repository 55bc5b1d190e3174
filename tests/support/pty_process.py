"""A process at a terminal of its own: a pty whose other end is the test."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Self

# The pty becomes the controlling terminal of a new session; then the program takes over. That the
# terminal closed is heard as at any terminal, also where the tests run under `nohup`.
WRAPPER = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-_])")


class PtyProcess:
    """Runs a Python module at a terminal; what it shows is read without escape sequences."""

    def __init__(self, folder: Path, *arguments: str, env: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.arguments = arguments
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYAO_")},
            "TERM": "xterm",
            "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody answers where the cursor is
            "COLUMNS": "200",
            "LINES": "50",
            **(env or {}),
        }
        self.shown = ""

    def __enter__(self) -> Self:
        self.master, self.slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRAPPER, "-m", *self.arguments],
            stdin=self.slave, stdout=self.slave, stderr=self.slave, env=self.env,
            cwd=self.folder, start_new_session=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal, as the window of one is closed."""
        for end in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(end)
        self.master = self.slave = -1

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.master, text.encode())

    def read_until(self, expected: str, within_s: float = 60.0) -> str:
        """Return what was shown since the last call up to a text; fail when it does not come."""
        deadline = time.monotonic() + within_s
        while expected not in self.shown:
            if time.monotonic() > deadline:
                raise AssertionError(f"no {expected!r} in:\n{self.shown}")
            self._read(0.1)
        found, _, self.shown = self.shown.partition(expected)
        return found + expected

    def command(self, line: str, expected: str) -> str:
        """Type a line and return what comes, up to a text."""
        self.type(line + "\r")
        self.read_until(line.split(maxsplit=1)[0])  # the echo
        return self.read_until(expected)

    def wait(self, within_s: float = 60.0) -> int:
        """Return the exit code, reading on so that the process is not held up."""
        deadline = time.monotonic() + within_s
        while self.process.poll() is None and time.monotonic() < deadline:
            self._read(0.1)
        return self.process.wait(1)

    def echoes(self) -> bool:
        """Tell whether the terminal is in the state in which a shell wants it."""
        flags = termios.tcgetattr(self.slave)[3]
        return bool(flags & termios.ECHO) and bool(flags & termios.ICANON)

    def _read(self, timeout: float) -> None:
        ready, _, _ = select.select([self.master], [], [], timeout)
        if ready:
            with contextlib.suppress(OSError):
                text = os.read(self.master, 65_536).decode(errors="replace")
                self.shown += ESCAPES.sub("", text)
