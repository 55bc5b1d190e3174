"""Where the world is remembered: SQLite or Redis, written in consistent cuts."""

from __future__ import annotations

from pyao.storage.keys import RedisKeys
from pyao.storage.repository import Repository
from pyao.storage.snapshot import SnapshotWriter
from pyao.storage.sqlite_store import SqliteStore

__all__ = ["RedisKeys", "Repository", "SnapshotWriter", "SqliteStore"]
