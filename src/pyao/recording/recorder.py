"""Writes on tape what enters a running game, and what leaves it.

Packets, answers of the store and of the password check, ended connections and ticks are all that
moves the game. Each passes here on its way in, and the game's clock stands still from one to the
next, so that a replay can set it. A server that is not recorded knows nothing of this.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import structlog

from pyao import __version__
from pyao.config import SETTINGS, Settings
from pyao.content.world_file import WORLD_FILE
from pyao.errors import StorageUnavailable
from pyao.game import Game
from pyao.net import ClientConnection, Receiver
from pyao.protocol import ClientPacket
from pyao.protocol.packet import Confidential
from pyao.recording.tape import (
    STORE_FILE,
    Entry,
    Header,
    Way,
    create_tape,
    folder_for,
    veil,
)
from pyao.storage import SnapshotWriter
from pyao.tasks.commands import COMMANDS
from pyao.tasks.dispatch import Dispatcher
from pyao.tasks.gm.door import ORDERS
from pyao.tasks.session import Session
from pyao.tasks.task import Row
from pyao.world.clock import Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Groups whose settings decide what a client is told.
GROUPS = frozenset({"server", "game", "rules", "effects", "rooms"})
_OF_THE_MACHINE = frozenset({"host", "port", "fallback_ports", "tls_cert", "tls_key"})
FLUSH_TICKS = 20
YES, NO = "yes", "no"


class HeldClock:
    """A clock that goes on only when it is told to; it follows another one."""

    def __init__(self, source: Clock) -> None:
        self._source = source
        self._now = source.now()

    def now(self) -> int:
        """Return the milliseconds of the last step."""
        return self._now

    def step(self) -> int:
        """Go on to what the other clock says, and return it."""
        self._now = self._source.now()
        return self._now


class Sink(Protocol):
    """Where entries go: see `Tape`."""

    def note(self, entry: Entry) -> None:
        """Take one entry."""
        ...

    def flush(self) -> None:
        """Let nothing wait that was taken."""
        ...

    def close(self) -> None:
        """Take no more."""
        ...


class Recorder:
    """Stands between the network and the game of one server.

    `hide` takes the passwords out of a packet.
    """

    def __init__(
        self,
        tape: Sink,
        clock: HeldClock,
        header: Header,
        hide: Callable[[ClientPacket], ClientPacket],
    ) -> None:
        self.tape = tape
        self.clock = clock
        self.seed = header.seed  # of the game's dice
        self._header = header
        self._hide = hide
        self._connections = 0
        self._ticks = 0

    def unix_time(self) -> float:
        """Return the time of day, by the same clock as everything else."""
        return self._header.began + (self.clock.now() - self._header.clock_ms) / 1000

    def receiver(
        self, connection: ClientConnection, game: Game, rows: Mapping[int, Row]
    ) -> Receiver:
        """Return who receives the packets of a new connection."""
        self._connections += 1
        who = self._connections
        self.entered(Way.OPEN, who, connection.address)
        connection.tap(lambda data: self._sent(who, data))
        session = self.session(connection, game, who)
        return self.around(who, Dispatcher(session, rows))

    def session(self, connection: ClientConnection, game: Game, who: int) -> RecordedSession:
        """Return the session of a connection."""
        return RecordedSession(connection, game, self, who)

    def around(self, who: int, receiver: Receiver) -> RecordedReceiver:
        """Return what stands before a receiver."""
        return RecordedReceiver(self, who, receiver)

    def tick(self, run: Callable[[], object]) -> None:
        """Let time go on."""
        self.entered(Way.TICK)
        run()
        self._ticks += 1
        if self._ticks % FLUSH_TICKS == 0:
            self.tape.flush()

    def outside(self, what: str) -> None:
        """Take down in words what moves the game, but is no entry that can be played again."""
        self.entered(Way.OUTSIDE, 0, what)

    def stops(self) -> None:
        """Take down that the server is about to stop."""
        self.entered(Way.STOP)

    def packet(self, who: int, packet: ClientPacket) -> None:
        """Take down a packet that is about to be handled."""
        self.entered(Way.PACKET, who, self._hide(packet).encode().hex())

    def entered(self, way: Way, who: int = 0, data: str = "") -> None:
        """Let the clock go on and take down what enters the game now."""
        self.tape.note(Entry(self.clock.step(), way, who, data))

    def _sent(self, who: int, data: bytes) -> None:
        if isinstance(data, Confidential):
            data = data[:1]  # which packet it was
        self.tape.note(Entry(self.clock.now(), Way.SENT, who, data.hex()))


class RecordedReceiver:
    """Takes down what is received before it is handled."""

    def __init__(self, recorder: Recorder, who: int, receiver: Receiver) -> None:
        self._recorder = recorder
        self._who = who
        self._receiver = receiver

    def receive(self, packet: ClientPacket) -> None:
        """Handle one packet."""
        self._recorder.packet(self._who, packet)
        self._receiver.receive(packet)

    def lost(self, reason: str) -> None:
        """Notice that the connection is over."""
        self._recorder.entered(Way.LOST, self._who, reason)
        self._receiver.lost(reason)


class RecordedSession(Session):
    """A session that takes down when what it waits for has come."""

    def __init__(
        self, connection: ClientConnection, game: Game, recorder: Recorder, who: int
    ) -> None:
        super().__init__(connection, game)
        self.recorder = recorder
        self.who = who

    def wait(self, work: Awaitable[T], then: Callable[[T], None]) -> None:
        """Run `then` with the result; see `Session`."""

        def answered(result: T) -> None:
            self.recorder.entered(Way.ANSWER, self.who)
            then(result)

        super().wait(work, answered)

    def once_stored(self, number: int, answer: Callable[[bool], None]) -> None:
        """Run `answer` when a snapshot is stored; see `Session`."""

        def stored(done: bool) -> None:  # noqa: FBT001 - the writer's own answer
            self.recorder.entered(Way.STORED, self.who, YES if done else NO)
            answer(done)

        super().once_stored(number, stored)


async def begin(
    to: Path, settings: Settings, world: str, clock: Clock, writer: SnapshotWriter
) -> Recorder:
    """Begin a recording in a new folder inside `to`, with a copy of the store as it is now.

    Raises ConfigError and StorageUnavailable, which stop the start of the server.
    """
    began = int(time.time())
    folder = folder_for(to, began)
    tape = create_tape(folder, settings.log.record_mib)
    try:
        await writer.back_up(folder / STORE_FILE)
    except StorageUnavailable:
        tape.close()
        raise
    held = HeldClock(clock)
    header = Header(
        version=__version__,
        seed=secrets.randbits(63),
        clock_ms=held.now(),
        began=began,
        world=world,
        data_dir=str(settings.data_dir.absolute()),
        settings=_decisive(settings),
    )
    tape.note(header)
    tape.flush()
    log.warning(
        "all that clients send and are sent is recorded, whispers included",
        folder=str(folder),
        hint=f"pyao-server replay {folder}; unset log.record_to to end this",
    )
    return Recorder(tape, held, header, veil(*_typed_words()))


def _typed_words() -> tuple[set[str], set[str]]:
    """Return the words of commands behind which no secret is typed, and of those where one is."""
    secret = {name for name, order in ORDERS.items() if order.confidential}
    orders = {name.partition(" ")[0] for name in ORDERS.keys() - secret}
    return (COMMANDS.keys() | orders) - secret, secret


def _decisive(settings: Settings) -> dict[str, Any]:
    """Return what somebody set and what a replay has to know, by leaf name."""
    values: dict[str, Any] = {"world": _world_of(settings)}
    tree = settings.model_dump(mode="json", include=set(GROUPS))
    for name in settings.settings_sources:
        group = SETTINGS[name].group
        if group in GROUPS and name not in _OF_THE_MACHINE:
            values[name] = tree[group][name]
    return values


def _world_of(settings: Settings) -> str:
    """Return which world is served, in words that mean the same anywhere on this machine."""
    imported = settings.data_dir / WORLD_FILE
    if settings.world == "auto":
        return str(imported.absolute()) if imported.exists() else "starter"
    return settings.world if settings.world == "starter" else str(Path(settings.world).absolute())
