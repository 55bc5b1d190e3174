"""Where the world is remembered: SQLite or Redis, written in consistent cuts."""

from __future__ import annotations

from pyao.storage.redis_client import RedisClient
from pyao.storage.redis_config import RedisConfig, RedisKeys
from pyao.storage.redis_store import RedisStore
from pyao.storage.repository import Repository
from pyao.storage.snapshot import SnapshotWriter
from pyao.storage.sqlite_store import SqliteStore

__all__ = [
    "RedisClient",
    "RedisConfig",
    "RedisKeys",
    "RedisStore",
    "Repository",
    "SnapshotWriter",
    "SqliteStore",
]
