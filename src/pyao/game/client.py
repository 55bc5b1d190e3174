"""What the game knows of the connection of a player."""

from __future__ import annotations

from typing import Protocol

from pyao.protocol.enums import Font
from pyao.protocol.packet import ServerPacket
from pyao.world import Player
from pyao.world.player import Outlet


class Client(Protocol):
    """The session of a player, as far as the game needs it."""

    client_id: str  # what events call it
    address: str
    since: int  # unix seconds
    player: Player | None

    @property
    def outlet(self) -> Outlet:
        """Where the bytes of the crowd go."""
        ...

    def reply(self, packet: ServerPacket | bytes) -> None:
        """Send one packet."""
        ...

    def tell(self, key: str, /, font: Font = Font.INFO, **values: object) -> None:
        """Write a text of the catalogue into the console."""
        ...

    def dismiss(self, packet: ServerPacket | bytes, reason: str) -> None:
        """Send a last packet and close, without leaving the game a second time."""
        ...

    def close(self, reason: str) -> None:
        """Send what is queued, then close; a player in the game leaves it as the rules say."""
        ...
