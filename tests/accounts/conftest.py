"""Accounts over a real SQLite store, with hashing made cheap and time made settable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pyao.accounts import Accounts, PasswordHasher
from pyao.config import GameSettings
from pyao.rules.character import Character, UserId
from pyao.storage import SnapshotWriter, SqliteStore


@dataclass
class Moment:
    """A wall clock that stands still until it is moved."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """Accounts with everything around them."""

    path: Path
    clock: Moment = field(default_factory=Moment)
    commit_wait_s: float = 5.0

    async def open(self) -> None:
        """Start, or start again on the same store."""
        self.writer = SnapshotWriter(SqliteStore(self.path))
        await self.writer.open()
        self.hasher = PasswordHasher(time_cost=1, memory_kib=8)
        self.accounts = Accounts(
            self.writer,
            GameSettings(),
            forbidden=["admin"],
            hasher=self.hasher,
            wall_clock=self.clock,
            commit_wait_s=self.commit_wait_s,
        )

    async def close(self) -> None:
        """Stop as a server does."""
        await self.writer.drain(5)
        await self.accounts.close()
        await self.writer.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path / "world.db")
    await made.open()
    yield made
    await made.close()


def newcomer(name: str, account: str = "") -> Character:
    """Return a character as creation makes one."""
    return Character(
        user_id=UserId(0),
        name=name,
        account=account or name,
        race=1,
        gender=1,
        char_class=1,
        head=1,
    )
