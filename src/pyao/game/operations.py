"""What the game may ask of the server it runs in."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol


class Operations(Protocol):
    """The server as a game master's orders see it."""

    def request_stop(self, reason: str = ..., grace_s: float | None = None) -> None:
        """Ask the server to stop."""
        ...

    def reload_world(self) -> Awaitable[str | None]:
        """Read the content again; the answer says why it was refused, None: it was taken."""
        ...

    def reload_settings(self) -> None:
        """Read the settings again."""
        ...
