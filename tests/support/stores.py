"""The stores the server is tested on, as command-line options."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyao.config import StorageSettings
from pyao.storage import Repository
from pyao.storage.choose import repository_at

STORES = ("sqlite", "redis")


@dataclass(frozen=True)
class StoreOptions:
    """How to tell a server which store to use."""

    options: tuple[str, ...]
    redis_port: int = 0

    def repository(self, data_dir: Path) -> Repository:
        """Return the store itself, not open yet, of a server with that data folder."""
        if not self.redis_port:
            return repository_at("sqlite", StorageSettings(), data_dir)
        return repository_at("redis", StorageSettings(redis_url=self.options[-1]), data_dir)
