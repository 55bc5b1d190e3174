"""A small server for module tests: the real registries, and clients that keep what they get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.rooms import Moment

from pyao.events import Bulkhead, EventManager
from pyao.modules import (
    BaseModule,
    CommandRegistry,
    ModuleManager,
    SavedData,
    TaskTable,
    Timers,
)
from pyao.modules.manager import ModuleConfig
from pyao.protocol import ServerPacket
from pyao.rooms import GenericRoom, Plain, RoomHub, RoomManager
from pyao.rules.roles import NO_EXCEPTIONS, Exceptions, allows

SATURDAY_NOON = 1_704_542_400.0  # 2024-01-06 12:00 UTC


@dataclass(slots=True)
class Visitor:
    """A connected client that keeps what it is shown."""

    client_id: str
    name: str = ""
    user_id: int = 0
    privileges: int = 1
    address: str = "127.0.0.1"
    place: tuple[int, int, int] = (1, 50, 50)
    gold: int = 0
    level: int = 1
    dead: bool = False
    exceptions: Exceptions = NO_EXCEPTIONS
    lines: list[str] = field(default_factory=list)
    messages: list[tuple[str, str, Plain]] = field(default_factory=list)
    packets: list[ServerPacket | bytes] = field(default_factory=list)
    ledger: list[tuple[int, str]] = field(default_factory=list)
    items: list[tuple[int, int, str]] = field(default_factory=list)
    experience: list[tuple[int, str]] = field(default_factory=list)
    closed: str = ""

    @property
    def member_id(self) -> str:
        """Return what rooms call it."""
        return f"player:{self.user_id}"

    def may(self, permission: str, *, privileged: int = 0) -> bool:
        """Decide as the server does."""
        return allows(self.privileges, self.exceptions, permission, privileged=privileged)

    def tell(self, text: str) -> None:
        """Keep a line."""
        self.lines.append(text)

    def send_packet(self, packet: ServerPacket | bytes) -> None:
        """Keep a packet."""
        self.packets.append(packet)

    def room_message(self, room_id: str, name: str, value: Plain) -> None:
        """Keep a message of a room."""
        self.messages.append((room_id, name, value))

    def give_gold(self, amount: int, cause: str) -> int:
        """Add gold, or take it down to nothing."""
        change = max(-self.gold, amount)
        self.gold += change
        self.ledger.append((change, cause))
        return change

    def give_item(self, item: int, amount: int, cause: str) -> bool:
        """Keep what was given."""
        self.items.append((item, amount, cause))
        return True

    def take_item(self, item: int, amount: int, cause: str) -> bool:
        """Keep what was taken; there is always enough."""
        self.items.append((item, -amount, cause))
        return True

    def carries(self, item: int) -> int:
        """Count what was given and taken."""
        return sum(amount for kind, amount, _ in self.items if kind == item)

    def give_experience(self, amount: int, cause: str) -> None:
        """Keep what was given."""
        self.experience.append((amount, cause))

    def teleport(self, map_number: int, x: int, y: int) -> bool:
        """Go there; map 0 has no room."""
        if map_number:
            self.place = (map_number, x, y)
        return bool(map_number)

    def close(self, reason: str) -> None:
        """Keep the reason."""
        self.closed = reason


@dataclass(slots=True)
class Pen:
    """Keeps the creatures of modules: owner and kind of each."""

    kept: list[tuple[str, int]] = field(default_factory=list)

    def spawn(self, owner: str, kind: int, map_number: int, x: int, y: int) -> bool:
        """Keep one; map 0 has no room."""
        del x, y
        if map_number:
            self.kept.append((owner, kind))
        return bool(map_number)

    def remove_owned(self, owner: str) -> int:
        """Let the owner's go."""
        before = len(self.kept)
        self.kept = [each for each in self.kept if each[0] != owner]
        return before - len(self.kept)


@dataclass(frozen=True)
class AnyRow:
    """A row of a table of tasks."""

    function: Callable[[Any, Any], None]
    phase: str = "game"


class Knock:
    """A packet."""

    key = 7


class Whistle:
    """A packet that nothing answers."""

    key = 8


class SmallServer:
    """Everything a module can reach, without a network, a store or a world."""

    def __init__(self) -> None:
        self.clock = Moment()
        self.unix = Moment(SATURDAY_NOON)
        self.bulkhead = Bulkhead(hang_s=0.05, slow_s=10.0)
        self.event_manager = EventManager(self.bulkhead, clock=self.unix)
        self.dirty_rooms: list[GenericRoom] = []
        hub = RoomHub(self.event_manager, self.bulkhead, self.dirty_rooms.append)
        self.rooms = RoomManager(hub, self.clock)
        self.commands = CommandRegistry(self.bulkhead, reserved=["online", "salir"])
        self.timers = Timers(self.bulkhead, self.clock)
        self.dirty_data: list[tuple[str, str]] = []
        self.saved_data = SavedData(lambda module, key: self.dirty_data.append((module, key)))
        self.creatures = Pen()
        self.answered: list[str] = []
        self.tasks: TaskTable[AnyRow] = TaskTable(
            {Knock.key: AnyRow(lambda _turn, _packet: self.answered.append("server"))},
            lambda old, function: AnyRow(function, old.phase if old else "any"),
            self.bulkhead,
        )
        self.own_rows = list(self.tasks.rows.values())
        self.config: object = {"port": 7666}
        self.clients: dict[str, Visitor] = {}
        self.said: list[str | Mapping[str, Any]] = []
        self.stopped = ""

    def broadcast_message(self, message: str | Mapping[str, Any]) -> None:
        """Keep a message to everybody."""
        self.said.append(message)

    def now(self) -> float:
        """Return the time of day."""
        return self.unix()

    def shutdown(self, reason: str) -> None:
        """Keep the reason."""
        self.stopped = reason

    def add_client(self, name: str, user_id: int = 1, **facts: Any) -> Visitor:  # noqa: ANN401 - fields by name
        """Connect a client whose character is in the world."""
        visitor = Visitor(f"tcp:{user_id}", name, user_id, **facts)
        self.clients[visitor.client_id] = visitor
        return visitor

    def advance(self, seconds: float) -> None:
        """Move both clocks and tick."""
        self.clock.now += seconds
        self.unix.now += seconds
        self.timers.tick(self.clock.now)
        self.rooms.tick(self.clock.now)

    def registered(self) -> dict[str, object]:
        """Return everything modules have registered anywhere, in a form that compares."""
        rows = self.tasks.rows.items()
        return {
            "handlers": [
                (each.event_type, each.module_name) for each in self.event_manager.handlers()
            ],
            "commands": [(each.name, each.module) for each in self.commands.commands()],
            "timers": [(each.module, each.name) for each in self.timers.timers()],
            "tasks": [(each.key, each.module) for each in self.tasks.replacements()],
            "rows": {key: "own" if row in self.own_rows else row.phase for key, row in rows},
            "kinds": sorted(self.rooms.classes),
            "rooms": {
                room.id: (type(room).__name__, room.owner) for room in self.rooms.rooms.values()
            },
            "creatures": list(self.creatures.kept),
        }

    def event_types(self) -> list[str]:
        """Return the types of all remembered events."""
        history = self.event_manager.get_event_history(limit=1_000)
        return [event.event_type for event in history]


class Workshop:
    """A folder of module files, and the manager that loads them."""

    def __init__(self, folder: Path, **options: Any) -> None:  # noqa: ANN401 - options of the manager
        self.folder = folder
        self.server = SmallServer()
        self.configs: dict[str, ModuleConfig] = {}
        options.setdefault("config", lambda name: self.configs.get(name, {}))
        self.manager = ModuleManager(self.server, folder, **options)

    def write(self, name: str, text: str) -> Path:
        """Write a module's file."""
        path = self.folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    async def start(self, name: str, text: str) -> BaseModule:
        """Write a module, enable it, return it."""
        self.write(name, text)
        assert await self.manager.enable_module(name), self.error(name)
        return self.module(name)

    def module(self, name: str) -> BaseModule:
        """Return an enabled module."""
        module = self.manager.get_module(name)
        assert module is not None, self.error(name)
        return module

    def error(self, name: str) -> str:
        """Return why the last thing asked of a module did not happen."""
        status = self.manager.get_module_status(name)
        return "" if status is None else str(status["error"])

    def state(self, name: str) -> str:
        """Return a module's state."""
        status = self.manager.get_module_status(name)
        return "" if status is None else str(status["state"])
