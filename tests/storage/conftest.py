"""Stores to test against: the same tests run on every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyao.storage.repository import Repository
from pyao.storage.sqlite_store import SqliteStore

StoreMaker = Callable[[], Repository]


@pytest.fixture
def make_store(tmp_path: Path) -> Iterator[StoreMaker]:
    """Return a maker of stores that all lead to the same, at first empty, world."""
    made: list[Repository] = []

    def make() -> Repository:
        store = SqliteStore(tmp_path / "world.db")
        made.append(store)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(make_store: StoreMaker) -> Repository:
    """Return an open store."""
    made = make_store()
    made.open()
    return made
