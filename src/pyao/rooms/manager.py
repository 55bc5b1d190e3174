"""`RoomManager`: every room of the server by id, and who is in which.

Rooms are created, found, joined, left and deleted here and nowhere else. A lost connection keeps
its places for the grace period of each room. Room classes of modules are registered here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any, Final

import structlog

from pyao.errors import RoomError
from pyao.events import Payload
from pyao.events.payloads import (
    RoomCreated,
    RoomDeleted,
    RoomDropped,
    RoomJoined,
    RoomLeft,
    RoomReconnected,
)
from pyao.rooms.refusals import RoomRefusal
from pyao.rooms.room import OWN, Away, GenericRoom, RoomHub, RoomMember
from pyao.rooms.settings import RoomSettings

MAX_ROOMS: Final = 10_000
MAX_ROOMS_OF_A_MEMBER: Final = 32
MAX_ID_CHARS: Final = 64

Settings = RoomSettings | Mapping[str, Any] | None

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RegisteredClass:
    """A room class that can be created by its kind, and the module it belongs to."""

    room_class: type[GenericRoom]
    owner: str


@dataclass(slots=True)
class _Ticking:
    due: float = 0.0


class RoomManager:
    """Create, list, find, join, leave and delete rooms.

    `defaults` apply to every room, `kinds` (settings by kind of room) before what a caller says.
    `clock` gives seconds; `saved` are the stored variables of rooms that do not exist yet.
    """

    def __init__(
        self,
        hub: RoomHub,
        clock: Callable[[], float],
        *,
        defaults: RoomSettings | None = None,
        kinds: Mapping[str, Mapping[str, Any]] | None = None,
        saved: Mapping[str, Mapping[str, str]] | None = None,
        first_number: int = 1,
    ) -> None:
        self.hub = hub
        self.defaults = defaults or RoomSettings()
        self.kinds = dict(kinds or {})
        self.rooms: dict[str, GenericRoom] = {}
        self.classes: dict[str, RegisteredClass] = {}
        self._clock = clock
        self._saved = dict(saved or {})
        self._numbers = count(first_number)
        self._numbered: set[str] = set()  # ids made here; none of them comes again
        self._places: dict[str, set[str]] = {}  # member id -> ids of rooms, kept places too
        self._ticking: dict[str, _Ticking] = {}
        self._with_away: set[str] = set()
        self._bound: dict[str, tuple[type[GenericRoom], str]] = {}

    # Rooms.

    def create_room(
        self,
        room_class: type[GenericRoom] | str | None = None,
        settings: Settings = None,
        *,
        room_id: str | None = None,
        owner: str | None = None,
    ) -> GenericRoom:
        """Create a room of a class (or of a registered kind) and return it.

        Without `room_id` it gets one that was never used. A private room without a credential
        gets one: read it from `room.settings.credential`. Raises RoomError with the reason.
        """
        chosen, class_owner = self._room_class(room_class)
        wanted = self._settings(chosen.kind, settings)
        if room_id is None:
            room_id = self._new_id(chosen.kind)
            self._numbered.add(room_id)
        room = chosen(room_id, wanted)
        room.owner = owner or class_owner
        self.add(room)
        log.info("room_created", room=room_id, owner=room.owner, public=wanted.public)
        return room

    def add(self, room: GenericRoom) -> None:
        """Put a room made elsewhere (a map) into the index and give it its saved variables."""
        if not _is_id(room.id):
            raise RoomError(
                RoomRefusal.INVALID_ARGUMENT,
                f"room id {room.id!r:.80}: expected 1 to {MAX_ID_CHARS} visible characters",
            )
        if room.id in self.rooms:
            raise RoomError(RoomRefusal.EXISTS, f"there is a room {room.id} already")
        if len(self.rooms) >= MAX_ROOMS:
            raise RoomError(RoomRefusal.TOO_MANY, f"there are {MAX_ROOMS} rooms already")
        if saved := self._saved.pop(room.id, None):
            room.restore_variables(saved)
        room.hub = self.hub
        self.rooms[room.id] = room
        self._note_ticking(room)
        created = RoomCreated(room_id=room.id, kind=room.kind, public=room.settings.public)
        self._announce(created)
        room.run_hook(room.on_create)

    def get_room(self, room_id: str) -> GenericRoom | None:
        """Return the room, or None."""
        return self.rooms.get(room_id)

    def get_public_rooms(self) -> list[GenericRoom]:
        """Return every public room in the order of creation."""
        return [room for room in self.rooms.values() if room.settings.public]

    def find_rooms(
        self, kind: str | None = None, *, owner: str | None = None, **metadata: object
    ) -> list[GenericRoom]:
        """Return the rooms of a kind, of an owner, with this metadata; private ones as well."""
        return [
            room
            for room in self.rooms.values()
            if (kind is None or room.kind == kind)
            and (owner is None or room.owner == owner)
            and all(room.metadata.get(key) == value for key, value in metadata.items())
        ]

    def change_settings(self, room_id: str, changes: Mapping[str, Any]) -> None:
        """Change how a living room behaves; who is in stays in.

        A room that becomes private gets a credential where it has none. Raises RoomError.
        """
        room = self.rooms.get(room_id)
        if room is None:
            raise RoomError(RoomRefusal.NOT_FOUND, f"there is no room {room_id:.80}")
        room.take_settings(_changed(room.settings, changes))

    def delete_room(self, room_id: str, reason: str = "deleted") -> bool:
        """Let every member leave, then forget the room; return whether there was one.

        Its stored variables go with it.
        """
        return self._delete(room_id, reason, keep=False)

    def _delete(self, room_id: str, reason: str, *, keep: bool) -> bool:
        room = self.rooms.pop(room_id, None)
        if room is None:
            return False
        keep = keep and room_id not in self._numbered
        self._numbered.discard(room_id)
        for member_id in [*room.members, *room.away]:
            self._remove(room, member_id, reason)
        room.disposed = True
        self._ticking.pop(room_id, None)
        self._with_away.discard(room_id)
        self._bound.pop(room_id, None)
        room.run_hook(room.on_dispose)
        if not keep:
            room.forget_variables()
        elif variables := room.stored_variables():
            self._saved[room_id] = variables
        if room.settings.stored:
            self.hub.mark_dirty(room)
        room.hub = None
        self._announce(RoomDeleted(room_id=room_id, reason=reason))
        log.info("room_deleted", room=room_id, reason=reason)
        return True

    def delete_owned(self, owner: str, reason: str) -> int:
        """Delete every room a module made; return how many.

        Where the module gave the id, the variables wait for the room to be made again.
        """
        doomed = [room.id for room in self.rooms.values() if room.owner == owner]
        return sum(self._delete(room_id, reason, keep=True) for room_id in doomed)

    def stored_variables(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Go through what the store holds of rooms, those included that are not made yet."""
        for room_id, saved in self._saved.items():
            yield room_id, dict(saved)
        for room in self.rooms.values():
            if room.settings.stored and (variables := room.stored_variables()):
                yield room.id, variables

    # Members.

    def join(
        self, room_id: str, member: RoomMember, credential: str | None = None
    ) -> RoomRefusal | None:
        """Let a member in; return why not, or None. A kept place is taken again."""
        room = self.rooms.get(room_id)
        if room is None:
            return RoomRefusal.NOT_FOUND
        if member.member_id in room.away:
            self._come_back(room, member)
            return None
        places = self._places.setdefault(member.member_id, set())
        refusal = room.refusal_of(member, credential)
        if refusal is None and len(places) >= MAX_ROOMS_OF_A_MEMBER:
            refusal = RoomRefusal.TOO_MANY
        if refusal is not None:
            if not places:
                del self._places[member.member_id]
            return refusal
        room.members[member.member_id] = member
        places.add(room_id)
        room.run_hook(room.on_join, member)
        joined = RoomJoined(room_id=room_id, member_id=member.member_id, name=member.name)
        self._announce(joined)
        return None

    def leave(self, room_id: str, member_id: str, reason: str = "left") -> RoomRefusal | None:
        """Take a member out for good; return why not, or None."""
        room = self.rooms.get(room_id)
        if room is None:
            return RoomRefusal.NOT_FOUND
        if not self._remove(room, member_id, reason):
            return RoomRefusal.NOT_IN
        self._dispose_if_empty(room)
        return None

    def leave_all(self, member_id: str, reason: str = "left") -> int:
        """Take a member out of every room, kept places included; return how many."""
        rooms = list(self._places.get(member_id, ()))
        return sum(self.leave(room_id, member_id, reason) is None for room_id in rooms)

    def drop(self, member_id: str) -> None:
        """Note that a member's connection died: its places are kept where there is a grace time."""
        for room_id in list(self._places.get(member_id, ())):
            room = self.rooms[room_id]
            member = room.members.get(member_id)
            if member is None:
                continue
            grace_s = room.settings.grace_s
            if grace_s <= 0:
                self.leave(room_id, member_id, "connection lost")
                continue
            del room.members[member_id]
            room.away[member_id] = Away(member, self._clock() + grace_s, room.sequence)
            self._with_away.add(room_id)
            room.run_hook(room.on_drop, member)
            dropped = RoomDropped(room_id=room_id, member_id=member_id, grace_s=grace_s)
            self._announce(dropped)

    def reconnect(self, member: RoomMember) -> list[str]:
        """Give a member that is back its kept places and what it missed; return the room ids."""
        places = self._places.get(member.member_id, ())
        rooms = [self.rooms[each] for each in places if member.member_id in self.rooms[each].away]
        for room in rooms:
            self._come_back(room, member)
        return [room.id for room in rooms]

    def rooms_of(self, member_id: str) -> list[str]:
        """Return the ids of the rooms a member is in, kept places included."""
        return sorted(self._places.get(member_id, ()))

    def tick(self, now: float) -> None:
        """Call `tick` of the rooms that have one, and end grace periods that are over."""
        for room_id, ticking in list(self._ticking.items()):
            room = self.rooms.get(room_id)
            if room is not None and now >= ticking.due:
                following = ticking.due + room.tick_interval_s
                ticking.due = following if following > now else now + room.tick_interval_s
                room.run_hook(room.tick, now)
        for room_id in list(self._with_away):
            room = self.rooms[room_id]
            for member_id in [key for key, away in room.away.items() if now >= away.until]:
                self.leave(room_id, member_id, "connection lost")
            if not room.away:
                self._with_away.discard(room_id)

    # Classes.

    def register_class(self, room_class: type[GenericRoom], owner: str = OWN) -> None:
        """Let rooms of the class be created by its kind; RoomError when the kind is taken."""
        _require_room_class(room_class)
        taken = self.classes.get(room_class.kind)
        if taken is not None and taken.owner != owner:
            raise RoomError(
                RoomRefusal.EXISTS, f"rooms of kind {room_class.kind} belong to {taken.owner}"
            )
        self.classes[room_class.kind] = RegisteredClass(room_class, owner)

    def unregister_class(self, kind: str) -> None:
        """Forget a kind of room; rooms of it stay until they are deleted."""
        self.classes.pop(kind, None)

    def bind_class(self, room_id: str, room_class: type[GenericRoom], owner: str) -> None:
        """Turn one existing room (a map) into a subclass of what it is, for a module."""
        room = self.rooms.get(room_id)
        if room is None:
            raise RoomError(RoomRefusal.NOT_FOUND, f"there is no room {room_id}")
        if room_id in self._bound:
            raise RoomError(RoomRefusal.EXISTS, f"room {room_id} belongs to {room.owner}")
        if not issubclass(room_class, type(room)):
            raise RoomError(
                RoomRefusal.INVALID_ARGUMENT,
                f"{room_class.__name__} must be a subclass of {type(room).__name__}",
            )
        self._bound[room_id] = (type(room), room.owner)
        self.change_class(room, room_class, owner)

    def unbind_class(self, room_id: str) -> None:
        """Turn a room back into what it was before `bind_class`."""
        bound = self._bound.pop(room_id, None)
        if bound is not None:
            self.change_class(self.rooms[room_id], *bound)

    def change_class(self, room: GenericRoom, room_class: type[GenericRoom], owner: str) -> None:
        """Make a living room an instance of another class; members and variables stay.

        Raises RoomError when the two classes do not share a layout (`__slots__`).
        """
        try:
            room.__class__ = room_class
        except TypeError as error:
            raise RoomError(
                RoomRefusal.INVALID_ARGUMENT, f"{room.id} cannot change its class: {error}"
            ) from None
        room.owner = owner
        self._note_ticking(room)

    # Inside.

    def _room_class(self, wanted: type[GenericRoom] | str | None) -> tuple[type[GenericRoom], str]:
        if wanted is None:
            return GenericRoom, OWN
        if isinstance(wanted, str):
            registered = self.classes.get(wanted)
            if registered is None:
                known = ", ".join(sorted(self.classes)) or "none"
                raise RoomError(
                    RoomRefusal.NOT_FOUND, f"no kind of room {wanted[:64]!r}; known: {known}"
                )
            return registered.room_class, registered.owner
        _require_room_class(wanted)
        registered = self.classes.get(wanted.kind)
        known_owner = registered is not None and registered.room_class is wanted
        return wanted, registered.owner if registered and known_owner else OWN

    def _new_id(self, kind: str) -> str:
        """Return an id no room has or had, those included whose variables are stored."""
        ids = (f"{kind}:{number}" for number in self._numbers)
        return next(each for each in ids if each not in self.rooms and each not in self._saved)

    def _settings(self, kind: str, wanted: Settings) -> RoomSettings:
        if isinstance(wanted, RoomSettings):
            return _changed(wanted, {})
        return _changed(self.defaults, {**self.kinds.get(kind, {}), **(wanted or {})})

    def _come_back(self, room: GenericRoom, member: RoomMember) -> None:
        away = room.away.pop(member.member_id)
        room.members[member.member_id] = member
        room.catch_up(member, away.sequence)
        room.run_hook(room.on_reconnect, member)
        back = RoomReconnected(room_id=room.id, member_id=member.member_id)
        self._announce(back)

    def _remove(self, room: GenericRoom, member_id: str, reason: str) -> bool:
        member = room.members.pop(member_id, None)
        if member is None:
            away = room.away.pop(member_id, None)
            if away is None:
                return False
            member = away.member
        places = self._places.get(member_id, set())
        places.discard(room.id)
        if not places:
            self._places.pop(member_id, None)
        room.run_hook(room.on_leave, member)
        left = RoomLeft(room_id=room.id, member_id=member_id, name=member.name, reason=reason)
        self._announce(left)
        return True

    def _dispose_if_empty(self, room: GenericRoom) -> None:
        if room.settings.auto_dispose and not room.members and not room.away:
            self.delete_room(room.id, "empty")

    def _note_ticking(self, room: GenericRoom) -> None:
        if type(room).tick is GenericRoom.tick:
            self._ticking.pop(room.id, None)
        else:
            self._ticking.setdefault(room.id, _Ticking())

    def _announce(self, payload: Payload) -> None:
        self.hub.events.announce(payload, "rooms")


def _changed(settings: RoomSettings, changes: Mapping[str, Any]) -> RoomSettings:
    known = {each.name for each in fields(RoomSettings)}
    if unknown := sorted(set(changes) - known):
        raise RoomError(
            RoomRefusal.INVALID_ARGUMENT,
            f"no room setting {', '.join(unknown)}; known: {', '.join(sorted(known))}",
        )
    wanted = replace(settings, **changes)
    if wanted.public or wanted.credential:
        return wanted
    return replace(wanted, credential=secrets.token_urlsafe(12))


def _is_id(text: str) -> bool:
    return 0 < len(text) <= MAX_ID_CHARS and text.isprintable() and " " not in text


def _require_room_class(room_class: object) -> None:
    if not (isinstance(room_class, type) and issubclass(room_class, GenericRoom)):
        raise RoomError(
            RoomRefusal.INVALID_ARGUMENT,
            f"{room_class!r} is not a room class; expected a subclass of GenericRoom",
        )
