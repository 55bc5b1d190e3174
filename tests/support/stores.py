"""The stores the server is tested on, as command-line options."""

from __future__ import annotations

from dataclasses import dataclass

STORES = ("sqlite", "redis")


@dataclass(frozen=True)
class StoreOptions:
    """How to tell a server which store to use."""

    options: tuple[str, ...]
    redis_port: int = 0
