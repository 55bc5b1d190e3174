"""How to reach Redis, and the keys there. No connection is made here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pyao.storage.keys import RedisKeys

__all__ = ["DEFAULT_SERVER_CONFIG", "SOCKET_TIMEOUT_S", "RedisConfig", "RedisKeys", "mask_url"]

# Redis' client waits for ever by default: a frozen server would freeze every caller with it.
SOCKET_TIMEOUT_S: Final = 0.5

# For people and scripts; the server reads these keys and never writes them.
DEFAULT_SERVER_CONFIG: Final[dict[str, str]] = {
    RedisKeys.CONFIG_SERVER_HOST: "0.0.0.0",  # noqa: S104 - a game server is there to be reached
    RedisKeys.CONFIG_SERVER_PORT: "7666",
    RedisKeys.CONFIG_SERVER_MAX_CONNECTIONS: "1000",
}

_CREDENTIALS: Final = re.compile(r"(?<=://)[^/?#]*@")
_PASSWORD_QUERY: Final = re.compile(r"(?<=password=)[^&#\s]*|(?<=username=)[^&#\s]*")


@dataclass(frozen=True, slots=True)
class RedisConfig:
    """Where Redis is and how long to wait for it."""

    host: str = "localhost"
    port: int = 6379
    db: int = 0
    decode_responses: bool = True
    socket_timeout: float = SOCKET_TIMEOUT_S
    socket_connect_timeout: float = SOCKET_TIMEOUT_S


def mask_url(url: str) -> str:
    """Return a URL fit for logs: user name and password are replaced."""
    return _PASSWORD_QUERY.sub("***", _CREDENTIALS.sub("***@", url))
