"""Named places where a test may let the process die, as kill -9 would.

`PYAO_CRASH_AT=before_commit:3` ends the process the third time it gets there; without
`PYAO_TESTING=1` the variable is ignored, so that nobody's server can be told to die.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

EXIT_CODE: Final = 137

BEFORE_COMMIT: Final = "before_commit"
INSIDE_COMMIT: Final = "inside_commit"
AFTER_COMMIT: Final = "after_commit"


class CrashPoint:
    """One place to die at, counted down; the usual one is nowhere."""

    def __init__(self, where: str = "", visits: int = 0) -> None:
        self._where = where
        self._left = visits

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> CrashPoint:
        """Read `PYAO_CRASH_AT`; anything but `NAME:COUNT` under `PYAO_TESTING=1` is nowhere."""
        if environment.get("PYAO_TESTING") != "1":
            return cls()
        where, _, visits = environment.get("PYAO_CRASH_AT", "").partition(":")
        if not (visits.isascii() and visits.isdigit()):
            return cls()
        return cls(where, int(visits))

    def reach(self, where: str) -> None:
        """Die here if this is the place and the time."""
        if where != self._where:
            return
        self._left -= 1
        if self._left <= 0:
            os._exit(EXIT_CODE)
