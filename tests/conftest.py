"""Fixtures every test may use."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings

# A busy machine is no mistake: how long an example takes is nobody's business here.
# Half of the number hypothesis would take: thousands of tests share two cores.
EXAMPLES = int(os.environ.get("PYAO_TEST_MAX_EXAMPLES", "50"))
settings.register_profile("pyao", deadline=None, max_examples=EXAMPLES)
settings.load_profile("pyao")

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count nothing of what an untraced test covers, in its fixtures as in its call."""
    stopped: list[Coverage] = []
    if item.get_closest_marker("untraced"):
        while counting := Coverage.current():  # a process of xdist has two, one upon the other
            counting.stop()
            stopped.append(counting)
    try:
        return (yield)
    finally:
        for counting in reversed(stopped):
            counting.start()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process ends long after the others."""
    items.sort(key=_quickness)


def _quickness(item: pytest.Item) -> tuple[bool, bool]:
    slow = item.get_closest_marker("slow") is not None
    return not slow, "integration" not in item.path.parts


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference documents and data beside the project, or skip."""
    folder = ROOT.parent / "shared"
    if not (folder / "protocol" / "packets.toml").is_file():
        pytest.skip("no ../shared folder with reference documents on this machine")
    return folder
