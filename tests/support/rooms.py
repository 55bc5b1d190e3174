"""A small real index of rooms, and members that write down what they are sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyao.events import Bulkhead, EventManager
from pyao.rooms import GenericRoom, Plain, RoomHub, RoomManager, RoomSettings


@dataclass(slots=True)
class Listener:
    """A member of rooms that keeps what it hears."""

    member_id: str
    name: str = ""
    heard: list[tuple[str, str, Plain]] = field(default_factory=list)

    def room_message(self, room_id: str, name: str, value: Plain) -> None:
        """Keep the message."""
        self.heard.append((room_id, name, value))

    def names(self) -> list[str]:
        """Return the names of the messages heard, in order."""
        return [name for _, name, _ in self.heard]

    def values(self, wanted: str) -> list[Plain]:
        """Return what messages of one name said, in order."""
        return [value for _, name, value in self.heard if name == wanted]


@dataclass(slots=True)
class Moment:
    """A clock in seconds that a test moves by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


class Rooms:
    """An index of rooms with everything it needs, and the list of what was marked dirty."""

    def __init__(self, **defaults: object) -> None:
        self.dirty: list[GenericRoom] = []
        self.clock = Moment()
        self.events = EventManager(Bulkhead(hang_s=0.02), clock=self.clock)
        self.hub = RoomHub(self.events, self.events.bulkhead, self.dirty.append)
        self.manager = RoomManager(self.hub, self.clock, defaults=RoomSettings(**defaults))  # type: ignore[arg-type] # settings by name

    def event_types(self) -> list[str]:
        """Return the types of all events so far."""
        return [event.event_type for event in self.events.get_event_history(limit=1_000)]

    def advance(self, seconds: float) -> None:
        """Move the clock and tick."""
        self.clock.now += seconds
        self.manager.tick(self.clock.now)
