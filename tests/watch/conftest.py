"""Every test of the watch runs on uvloop and on plain asyncio: it must name culprits on both."""

from __future__ import annotations

from tests.net.conftest import pytest_asyncio_loop_factories
from tests.support.running import running_fixture, start_fixture

__all__ = ["pytest_asyncio_loop_factories", "running_fixture", "start_fixture"]
