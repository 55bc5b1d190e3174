"""The server tests of tasks talk to: a whole one, in this process."""

from __future__ import annotations

from tests.support.running import Running, Start, running_fixture, start_fixture

__all__ = ["Running", "Start", "running_fixture", "start_fixture"]
