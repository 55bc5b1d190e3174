"""What the server offers to modules, as far as the module system needs to know.

`app.py` implements `ServerFacade`; tests build a small real one. A module itself never sees it:
it gets a `ModuleServer` (scope.py) that writes down whatever the module registers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from pyao.events import EventManager
from pyao.modules.commands import CommandRegistry
from pyao.modules.saved_data import SavedData
from pyao.modules.task_table import TaskTable
from pyao.modules.timers import Timers
from pyao.protocol import ServerPacket
from pyao.rooms import Plain, RoomManager


class Client(Protocol):
    """One connected client, by whatever door; it can also be a member of rooms.

    `user_id` is 0 and `name` empty until a character is in the world.
    """

    @property
    def client_id(self) -> str:
        """Return what events call this client."""

    @property
    def member_id(self) -> str:
        """Return what rooms call it; the same after a reconnection."""

    @property
    def name(self) -> str:
        """Return the character's name."""

    @property
    def user_id(self) -> int:
        """Return the character's number."""

    @property
    def address(self) -> str:
        """Return where it is connected from."""

    @property
    def privileges(self) -> int:
        """Return the character's `Privilege` bits."""

    def may(self, permission: str, *, privileged: int = 0) -> bool:
        """Return whether the character has a named permission."""

    @property
    def place(self) -> tuple[int, int, int]:
        """Return map, x and y; zeros outside the world."""

    def tell(self, text: str) -> None:
        """Write one line into the client's console; markup in it is neutralised."""

    def send_packet(self, packet: ServerPacket | bytes) -> None:
        """Send one packet of `msg`, for what the game's client shows otherwise than as a line."""

    def room_message(self, room_id: str, name: str, value: Plain) -> None:
        """Show a message of a room."""

    @property
    def gold(self) -> int:
        """Return the gold in the purse."""

    @property
    def level(self) -> int:
        """Return the character's level."""

    @property
    def dead(self) -> bool:
        """Return whether the character is a ghost."""

    def give_gold(self, amount: int, cause: str) -> int:
        """Add gold (or take it, below 0, down to nothing), write `cause` into the ledger.

        Return how much it was.
        """

    def give_item(self, item: int, amount: int, cause: str) -> bool:
        """Put a pile into the inventory; return whether there was a place for it."""

    def take_item(self, item: int, amount: int, cause: str) -> bool:
        """Take that many out of the inventory; return whether there were so many."""

    def carries(self, item: int) -> int:
        """Return how many of an item are in the inventory."""

    def give_experience(self, amount: int, cause: str) -> None:
        """Give experience and the levels it pays for."""

    def teleport(self, map_number: int, x: int, y: int) -> bool:
        """Put the character on the nearest free tile; return whether there was one."""

    def close(self, reason: str) -> None:
        """Send what is queued, then close the connection."""


class Creatures(Protocol):
    """The creatures that modules bring into the world."""

    def spawn(self, owner: str, kind: int, map_number: int, x: int, y: int) -> bool:
        """Bring one in near a place; return whether there was one. ModuleError: too many."""

    def remove_owned(self, owner: str) -> int:
        """Take what is left of a module's creatures away; return how many."""


class ServerFacade(Protocol):
    """The server, as its module manager sees it."""

    @property
    def event_manager(self) -> EventManager:
        """Return the bus all parts of the server emit on."""

    @property
    def rooms(self) -> RoomManager:
        """Return the index of rooms."""

    @property
    def commands(self) -> CommandRegistry:
        """Return the chat commands of modules."""

    @property
    def timers(self) -> Timers:
        """Return the timers of modules."""

    @property
    def tasks(self) -> TaskTable[Any]:
        """Return the table that says which function answers a packet."""

    @property
    def creatures(self) -> Creatures:
        """Return the creatures of modules."""

    @property
    def saved_data(self) -> SavedData:
        """Return what modules remember between two starts."""

    @property
    def config(self) -> object:
        """Return the settings in force; the tree of `pyao.config.Settings`."""

    @property
    def clients(self) -> Mapping[str, Client]:
        """Return who is connected, by client id."""

    def broadcast_message(self, message: str | Mapping[str, Any]) -> None:
        """Send a line of text, or a message of the framed doors, to everybody."""

    def now(self) -> float:
        """Return the time of day in unix seconds."""

    def shutdown(self, reason: str) -> None:
        """Begin a graceful stop."""
