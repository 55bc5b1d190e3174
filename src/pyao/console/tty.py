"""Whether this process has a terminal of its own to talk on, and the console that talks there."""

from __future__ import annotations

import os
import sys
from typing import Protocol

from pyao.console.answer import Answer
from pyao.console.core import Console


class Backend(Protocol):
    """Who answers what is typed: the console of this process, or one far away."""

    async def run(self, line: str) -> Answer:
        """Do what a line says."""
        ...

    async def complete(self, text: str) -> list[str]:
        """Return what the last word of a text may become."""
        ...


class LocalConsole:
    """The console of this process, for the operator at its terminal."""

    def __init__(self, console: Console, operator: str) -> None:
        self._console = console
        self._operator = operator

    async def run(self, line: str) -> Answer:
        """Do what a line says."""
        return await self._console.run(line, self._operator)

    async def complete(self, text: str) -> list[str]:
        """Return what the last word of a text may become."""
        return self._console.complete(text)


def has_terminal() -> bool:
    """Tell whether somebody can type here: a terminal, and this process in its foreground.

    A process in the background that touches its terminal is stopped by the system.
    """
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty()):
        return False
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:
        return False
