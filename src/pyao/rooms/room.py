"""`GenericRoom`: members, variables and remote methods; maps, duels and lobbies are rooms.

Everything happens in the world's one thread between two tasks: no locks, no awaiting. A subclass
overrides the `on_…` hooks. Joining and leaving go through `RoomManager`, which knows all rooms.
"""

from __future__ import annotations

import hmac
import json
import math
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

import structlog

from pyao.errors import RoomError, StorageCorrupt
from pyao.events import FAILED, Bulkhead, EventManager, EventTypes
from pyao.events.payloads import RoomVariableChanged
from pyao.rooms.refusals import RoomRefusal
from pyao.rooms.remote import RemoteMethod, remote_methods
from pyao.rooms.settings import RoomSettings
from pyao.rooms.values import Plain, plain_copy

MAX_VARIABLES: Final = 256
MAX_VARIABLE_CHARS: Final = 16_384
OWN: Final = "server"  # the owner of rooms that no module made
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_QUICK: Final = 2**63
_LOUD: Final = "_loud"  # the stored field that lists the variables to broadcast

log = structlog.get_logger(__name__)

Hook = Awaitable[object] | None
"""What a hook may return: nothing, or a coroutine that goes on beside the room."""


class RoomMember(Protocol):
    """Whoever is in a room, by whatever door: a player, a web page, a test."""

    @property
    def member_id(self) -> str:
        """Return what identifies the member, also after a reconnection."""

    @property
    def name(self) -> str:
        """Return the name other members see."""

    def room_message(self, room_id: str, name: str, value: Plain) -> None:
        """Send one message of the room; it must not wait and must not raise."""


DEFAULT_SETTINGS: Final = RoomSettings()


@dataclass(frozen=True, slots=True)
class RoomHub:
    """What all rooms share: the bus, the containment, and the mark that variables changed."""

    events: EventManager
    bulkhead: Bulkhead
    mark_dirty: Callable[[GenericRoom], None]


@dataclass(slots=True)
class Variable:
    """A named value of a room; a loud one is sent to all members when it changes."""

    value: Plain
    loud: bool
    stored: bool = True


@dataclass(slots=True)
class Away:
    """The kept place of a member whose connection died."""

    member: RoomMember
    until: float
    sequence: int


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to all members, as remembered for those who come back."""

    sequence: int
    name: str
    value: Plain
    leave_out: str = ""  # the one member who was not to hear it


class GenericRoom:
    """A place with members and variables. Subclasses must not declare `__slots__`."""

    kind: ClassVar[str] = "room"
    tick_interval_s: ClassVar[float] = 0.0  # 0: `tick` is called on every tick of the server
    remote_methods: ClassVar[Mapping[str, RemoteMethod]] = {}

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        cls.remote_methods = remote_methods(cls)
        if "kind" not in vars(cls):
            cls.kind = cls.__name__.lower()

    def __init__(
        self, room_id: str, settings: RoomSettings = DEFAULT_SETTINGS, *, name: str = ""
    ) -> None:
        self.id = room_id
        self.name = name or room_id
        self.settings = settings
        self.hub: RoomHub | None = None  # given by `RoomManager.add`
        self.owner = OWN
        self.locked = False
        self.disposed = False
        self.metadata: dict[str, Plain] = dict(settings.metadata)
        self.members: dict[str, RoomMember] = {}
        self.away: dict[str, Away] = {}
        self._variables: dict[str, Variable] = {}
        self._recent: deque[Broadcast] | None = None
        self._sequence = 0

    # What a subclass may override; each may be a coroutine.

    def on_create(self) -> Hook:
        """Prepare the room; it is in the index already."""
        return None

    def on_join(self, member: RoomMember) -> Hook:
        """Greet a new member: the others hear of it, the member gets the loud variables."""
        self.broadcast("room:joined", _card(member), leave_out=member.member_id)
        self.show_variables(member)
        return None

    def on_leave(self, member: RoomMember) -> Hook:
        """Tell the others that a member has gone for good; it is no member any more."""
        self.broadcast("room:left", _card(member))
        return None

    def on_drop(self, member: RoomMember) -> Hook:
        """Tell the others that a member's connection died; its place is kept for a while."""
        self.broadcast("room:dropped", _card(member), leave_out=member.member_id)
        return None

    def on_reconnect(self, member: RoomMember) -> Hook:
        """Tell the others that a dropped member is back, and give it what it missed."""
        self.broadcast("room:back", _card(member), leave_out=member.member_id)
        return None

    def on_dispose(self) -> Hook:
        """Release what the room holds; its members have left already."""
        return None

    def tick(self, now: float) -> Hook:
        """Do what is periodic; `now` is in seconds on the server's clock."""
        del now
        return None

    def check_join(self, member: RoomMember, credential: str | None) -> RoomRefusal | None:
        """Return why the member may not come in, or None; decided at once, so no coroutine."""
        wanted = self.settings.credential
        if wanted and not hmac.compare_digest(wanted.encode(), (credential or "").encode()):
            return RoomRefusal.BAD_CREDENTIAL
        if self.locked:
            return RoomRefusal.LOCKED
        if member.member_id in self.members:
            return RoomRefusal.ALREADY_IN
        capacity = self.settings.capacity
        if capacity and len(self.members) + len(self.away) >= capacity:
            return RoomRefusal.FULL
        return None

    def send(self, member: RoomMember, name: str, value: Plain) -> None:
        """Send one message to one member; a room class with packets of its own overrides this."""
        member.room_message(self.id, name, value)

    # Messages.

    def broadcast(self, name: str, value: Plain, *, leave_out: str = "") -> None:
        """Send a message to every member (but one) and remember it for those who are away."""
        self._sequence += 1
        if self.settings.recent:
            if self._recent is None:
                self._recent = deque(maxlen=self.settings.recent)
            self._recent.append(Broadcast(self._sequence, name, value, leave_out))
        for member_id, member in list(self.members.items()):
            if member_id != leave_out:
                self._deliver(member, name, value)

    def recent(self, since: int = 0) -> list[Broadcast]:
        """Return the remembered broadcasts after number `since`, oldest first."""
        return [each for each in self._recent or () if each.sequence > since]

    @property
    def sequence(self) -> int:
        """The number of the last broadcast."""
        return self._sequence

    def catch_up(self, member: RoomMember, since: int) -> None:
        """Send a member what it missed after broadcast `since`.

        If that is no longer remembered, it gets the loud variables as they are now.
        """
        missed = self.recent(since)
        if len(missed) < self._sequence - since:
            self.show_variables(member)
            return
        for each in missed:
            if each.leave_out != member.member_id:
                self._deliver(member, each.name, each.value)

    def take_settings(self, settings: RoomSettings) -> None:
        """Behave so from now on; nobody who is in is put out."""
        self.settings = settings
        if self._recent is not None:
            self._recent = deque(self._recent, settings.recent) if settings.recent else None

    def show_variables(self, member: RoomMember) -> None:
        """Send a member every loud variable."""
        for name, variable in self._variables.items():
            if variable.loud:
                self._deliver(member, name, variable.value)

    # Variables.

    def set_variable(
        self,
        name: str,
        value: object,
        broadcast: bool | None = None,  # noqa: FBT001 - the design sheet's signature
        *,
        stored: bool | None = None,
    ) -> None:
        """Give a variable a plain value; `broadcast` makes it loud or silent from now on.

        Members hear of a loud variable when its value changes. One with `stored` false (a head
        count, say) is not kept over a restart. RoomError INVALID_ARGUMENT says what is wrong with
        a name or a value.
        """
        variable = self._variables.get(name)
        checked = self._checked(name, value, new=variable is None)
        if variable is None:
            variable = Variable(checked, self.settings.broadcast_default)
            self._variables[name] = variable
            same = False
        else:
            same = _same(variable.value, checked)
        if stored is not None:
            variable.stored = stored
        if same and broadcast in (None, variable.loud):
            return
        variable.value = checked
        if broadcast is not None:
            variable.loud = broadcast
        if variable.stored:
            self._mark_dirty()
        log.debug("room_variable", room=self.id, name=name)  # its value may be a secret
        if self.hub is not None and self.hub.events.hears(EventTypes.ROOM_VARIABLE_CHANGED):
            changed = RoomVariableChanged(room_id=self.id, name=name, value=checked)
            self.hub.events.announce(changed, "rooms")
        if variable.loud and self.settings.broadcast_enabled:
            self.broadcast(name, checked)

    def get_variable(self, name: str, default: Plain = None) -> Plain:
        """Return the value, or `default` when there is no such variable."""
        variable = self._variables.get(name)
        return default if variable is None else variable.value

    def delete_variable(self, name: str) -> bool:
        """Forget a variable; return whether there was one."""
        if self._variables.pop(name, None) is None:
            return False
        self._mark_dirty()
        return True

    def forget_variables(self) -> None:
        """Forget all of them, as the end of a room does; nobody is told."""
        self._variables.clear()

    def variables(self) -> dict[str, Plain]:
        """Return every variable's value by name."""
        return {name: variable.value for name, variable in self._variables.items()}

    def is_loud(self, name: str) -> bool:
        """Return whether members hear of changes of the variable."""
        variable = self._variables.get(name)
        return variable is not None and variable.loud

    def stored_variables(self) -> dict[str, str]:
        """Return the variables as the store keeps them: JSON by name, and the loud names."""
        kept = {name: each for name, each in self._variables.items() if each.stored}
        stored = {
            name: json.dumps(variable.value, ensure_ascii=False) for name, variable in kept.items()
        }
        if loud := sorted(name for name in kept if kept[name].loud):
            stored[_LOUD] = " ".join(loud)
        return stored

    def restore_variables(self, stored: Mapping[str, str]) -> None:
        """Take the variables over from the store; nobody is told.

        Raises StorageCorrupt for a value that cannot be understood; then nothing is changed.
        """
        loud = set(stored.get(_LOUD, "").split())
        restored: dict[str, Variable] = {}
        for name, text in stored.items():
            if name == _LOUD:
                continue
            try:
                restored[name] = Variable(plain_copy(json.loads(text)), name in loud)
            except (ValueError, TypeError) as error:
                raise StorageCorrupt(
                    f"room {self.id}: variable {name} is not JSON ({error}); "
                    f"correct or delete this field of its stored hash"
                ) from None
        self._variables.update(restored)

    # Remote methods.

    def invoke_method(
        self,
        method_name: str,
        args: Sequence[object] | Mapping[str, object] = (),
        caller: RoomMember | None = None,
    ) -> object:
        """Call a method marked `@remote` for a member and return what it returns.

        None means that there is nothing to answer; a coroutine method gives a task to await.
        Without a caller it is the server that calls. Raises RoomError: NOT_IN, PERMISSION_DENIED,
        INVALID_ARGUMENT, or INTERNAL when the method failed.
        """
        if caller is not None and caller.member_id not in self.members:
            raise RoomError(RoomRefusal.NOT_IN, f"{caller.name} is not in {self.id}")
        method = self.remote_methods.get(method_name)
        if method is None:
            raise RoomError(
                RoomRefusal.PERMISSION_DENIED,
                f"{self.id} has no method {method_name[:64]!r} that members may call",
            )
        arguments = method.bind(args, caller)
        bound: Callable[..., object] = getattr(self, method_name)
        result = self._contained(f"{self.kind}.{method_name}", lambda: bound(**arguments))
        if result is FAILED:
            raise RoomError(
                RoomRefusal.INTERNAL, f"{method_name} failed; the server's log says why"
            )
        return result

    def run_hook(self, hook: Callable[..., object], *args: object) -> None:
        """Call a method that a subclass may override: a failing one hurts its owner only."""
        self._contained(f"{self.id}.{hook.__name__}", hook, *args)

    def refusal_of(self, member: RoomMember, credential: str | None) -> RoomRefusal | None:
        """Ask `check_join`; INTERNAL when a subclass's fails or does not decide at once."""
        found = self._contained(f"{self.id}.check_join", self.check_join, member, credential)
        return found if found is None or isinstance(found, RoomRefusal) else RoomRefusal.INTERNAL

    def describe(self) -> dict[str, Plain]:
        """Return what the list of rooms shows."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "public": self.settings.public,
            "locked": self.locked,
            "members": len(self.members),
            "capacity": self.settings.capacity,
            "metadata": dict(self.metadata),
        }

    def _deliver(self, member: RoomMember, name: str, value: Plain) -> None:
        if type(self).send is GenericRoom.send:
            member.room_message(self.id, name, value)
        else:
            self.run_hook(self.send, member, name, value)

    def _mark_dirty(self) -> None:
        if self.hub is not None and self.settings.stored:
            self.hub.mark_dirty(self)

    def _contained(self, what: str, callback: Callable[..., object], *args: object) -> object:
        if self.hub is None:
            raise RoomError(RoomRefusal.NOT_FOUND, f"room {self.id} is in no index of rooms")
        return self.hub.bulkhead.call(self.owner, what, callback, *args)

    def _checked(self, name: str, value: object, *, new: bool) -> Plain:
        if not new and type(value) is int and -_QUICK < value < _QUICK:
            return value  # the quick way for counters
        if not _NAME.fullmatch(name):
            raise _invalid(
                f"variable name {name[:70]!r}: expected a letter, then up to 63 of A-z 0-9 _ . -"
            )
        if new and len(self._variables) >= MAX_VARIABLES:
            raise _invalid(f"{self.id} has {MAX_VARIABLES} variables already")
        try:
            copy = plain_copy(value, name)
        except TypeError as error:
            raise _invalid(f"variable {error}") from None
        if not _is_finite(copy):
            raise _invalid(f"variable {name} holds a number that JSON cannot (NaN or infinite)")
        if not _is_storable(copy):
            raise _invalid(f"variable {name} is longer than {MAX_VARIABLE_CHARS} characters")
        return copy


def _is_finite(value: Plain) -> bool:
    if isinstance(value, list):
        return all(_is_finite(each) for each in value)
    if isinstance(value, dict):
        return all(_is_finite(each) for each in value.values())
    return not isinstance(value, float) or math.isfinite(value)


def _is_storable(value: Plain) -> bool:
    try:
        return len(json.dumps(value)) <= MAX_VARIABLE_CHARS
    except ValueError:  # a number with thousands of digits
        return False


def _same(old: Any, new: Any) -> bool:  # noqa: ANN401 - any two plain values
    return type(old) is type(new) and bool(old == new)


def _card(member: RoomMember) -> Plain:
    return {"id": member.member_id, "name": member.name}


def _invalid(problem: str) -> RoomError:
    return RoomError(RoomRefusal.INVALID_ARGUMENT, problem)
