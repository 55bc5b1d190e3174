"""Fixtures of the module tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from structlog.typing import EventDict
from tests.support.running import start_fixture
from tests.support.small_server import Workshop

__all__ = ["start_fixture"]


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Return an empty folder of modules and a manager for it."""
    return Workshop(tmp_path / "modules")


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """Keep the log lines of a test instead of printing long tracebacks."""
    kept: list[EventDict] = []

    def keep(_logger: object, level: str, event: EventDict) -> EventDict:
        event.pop("exc_info", None)  # its traceback would hold on to a module's old class
        kept.append({**event, "log_level": level})
        raise structlog.DropEvent

    before = structlog.get_config()["processors"]
    structlog.configure(processors=[keep])
    yield kept
    structlog.configure(processors=before)
