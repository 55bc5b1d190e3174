"""Plays a recording on a server of this build, and says where it answers differently.

The server runs in this process, on a copy of the recorded store, with the recorded dice. Nobody
connects to it: the connections are made here, and the clock stands at the time of each entry. So
nothing is left to chance or to the speed of the machine; what differs is the build, the settings
or the world.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from pyao.app import App
from pyao.config import SETTINGS, Origin, ServerSettings
from pyao.content.starter import COLLISION_FILE
from pyao.errors import ConfigError, ProtocolViolation
from pyao.game import Game
from pyao.net import ClientConnection, NetStats, Receiver
from pyao.net.flusher import Flusher
from pyao.net.limits import Limits
from pyao.net.wiring import Wiring
from pyao.protocol import SERVER_PACKETS, Decoder
from pyao.protocol.client_packets import LoginExistingChar
from pyao.protocol.packet import Packet
from pyao.protocol.server_packets import Logged
from pyao.recording import Difference, Entry, Header, HeldClock, Recorder, Way, compare, read_tape
from pyao.recording.difference import HEX_BYTES, OF_THE_NETWORK, describe
from pyao.recording.recorder import NO, YES, RecordedReceiver, RecordedSession
from pyao.recording.tape import STORE_FILE
from pyao.storage.choose import SQLITE_FILE

T = TypeVar("T")
P = TypeVar("P", bound=Packet)

PATIENCE_S: Final = 30.0
_LARGEST_OUTBOX_KIB: Final = 65_536


@dataclass
class Kept:
    """Keeps what a replayed server would write on tape."""

    entries: list[Entry] = field(default_factory=list)

    def note(self, entry: Entry) -> None:
        """Take one entry."""
        self.entries.append(entry)

    def flush(self) -> None:
        """Let nothing wait: nothing does."""

    def close(self) -> None:
        """Take no more."""


@dataclass
class Hand:
    """A clock that stands where it is set, in milliseconds."""

    at: int

    def now(self) -> int:
        """Return where it is set."""
        return self.at


class HeldSession(RecordedSession):
    """A session that gets what it waits for when the tape says so, not when it is there."""

    def __init__(
        self, connection: ClientConnection, game: Game, recorder: Recorder, who: int
    ) -> None:
        super().__init__(connection, game, recorder, who)
        self._due = asyncio.Event()
        self._passed = asyncio.Event()
        self._passed.set()
        self._unstored: deque[Callable[[bool], None]] = deque()

    def wait(self, work: Awaitable[T], then: Callable[[T], None]) -> None:
        """Run `then` with the result once the answer is due; see `Session`."""
        self._due.clear()
        self._passed.clear()

        async def held() -> T:
            try:
                result = await work
                await self._due.wait()
            except BaseException:
                self._passed.set()
                raise
            return result

        def passed(result: T) -> None:
            self._passed.set()
            then(result)

        super().wait(held(), passed)

    def once_stored(self, number: int, answer: Callable[[bool], None]) -> None:
        """Run `answer` when the tape says that the snapshot is stored, as it was then."""
        del number
        self._unstored.append(answer)

    async def answer(self) -> None:
        """Let what is waited for come now; wait until it is there."""
        self._due.set()
        async with asyncio.timeout(PATIENCE_S):
            await self._passed.wait()

    def stored(self, *, done: bool) -> None:
        """Say of the next snapshot whether it is stored."""
        if self._unstored:
            self.recorder.entered(Way.STORED, self.who, YES if done else NO)
            self._unstored.popleft()(done)


class HeldReceiver(RecordedReceiver):
    """Learns of the end of its connection when the tape says so."""

    ended = ""  # by this build, and why

    def lost(self, reason: str) -> None:
        """Remember it until then."""
        self.ended = reason

    def end(self, reason: str) -> None:
        """Notice that the connection is over."""
        super().lost(reason)


class Player(Recorder):
    """The recorder of a replayed server: it says when time goes on, not the loop."""

    def __init__(self, header: Header) -> None:
        self.kept = Kept()
        self.hand = Hand(header.clock_ms)
        self.sessions: dict[int, HeldSession] = {}
        self.receivers: dict[int, HeldReceiver] = {}
        super().__init__(self.kept, HeldClock(self.hand), header, lambda packet: packet)

    def session(self, connection: ClientConnection, game: Game, who: int) -> HeldSession:
        """Return the session of a connection."""
        self.sessions[who] = session = HeldSession(connection, game, self, who)
        return session

    def around(self, who: int, receiver: Receiver) -> HeldReceiver:
        """Return what stands before a receiver."""
        self.receivers[who] = held = HeldReceiver(self, who, receiver)
        return held

    def tick(self, run: Callable[[], object]) -> None:
        """Do nothing: it is the loop's own time."""

    def go_on(self, run: Callable[[], object]) -> None:
        """Let time go on."""
        super().tick(run)


class Nowhere(asyncio.Transport):
    """A transport for what nobody reads; what is written was taken down before."""

    closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take it all at once."""

    def get_write_buffer_size(self) -> int:
        """Return how much waits."""
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Do without."""

    def can_write_eof(self) -> bool:
        """Tell that only closing ends it."""
        return False

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self.closing

    def close(self) -> None:
        """Close it."""
        self.closing = True

    def abort(self) -> None:
        """Close it."""
        self.closing = True

    def pause_reading(self) -> None:
        """Do without: the tape has its own pace."""

    def resume_reading(self) -> None:
        """Do without."""


class Playback:
    """A running server of this build, and the connections the tape has made to it."""

    def __init__(self, app: App, player: Player) -> None:
        self._app = app
        self._player = player
        self._connections: dict[int, ClientConnection] = {}
        self.differences: list[Difference] = []
        self._start = player.hand.at
        self._last: dict[int, str] = {}
        loop = asyncio.get_running_loop()
        limits = Limits()
        # How fast a client may be was decided when it was recorded: only what got through is on
        # the tape.
        limits.apply(ServerSettings(packet_rate=0, outbox_kib=_LARGEST_OUTBOX_KIB))
        stats = NetStats()
        self._wiring: Wiring[ClientConnection] = Wiring(
            loop=loop,
            clock=lambda: player.hand.at / 1000,
            limits=limits,
            stats=stats,
            flusher=Flusher(loop, stats),
            encoding=app.settings.server.text_encoding,
            closed=lambda _connection: None,
        )

    async def enter(self, entry: Entry) -> None:
        """Let one entry of the tape enter the game."""
        self._player.hand.at = max(self._player.hand.at, entry.at)
        match entry.way:
            case Way.TICK:
                self._player.go_on(self._app.game.world.schedule.run_due)
            case Way.OPEN:
                self._open(entry)
            case Way.PACKET:
                self._receive(entry)
            case Way.ANSWER:
                await self._answer(entry)
            case Way.STORED:
                self._player.sessions[entry.who].stored(done=entry.data == YES)
            case Way.LOST:
                self._lose(entry)
            case Way.SENT | Way.OUTSIDE | Way.STOP:
                return
        await asyncio.sleep(0)

    def _open(self, entry: Entry) -> None:
        def admit(connection: ClientConnection) -> Receiver:
            rows = self._app.facade.tasks.rows
            return self._player.receiver(connection, self._app.game, rows)

        peer = (entry.data, 0)
        connection = ClientConnection(self._wiring, peer, None, admit)
        connection.connection_made(Nowhere())
        self._connections[entry.who] = connection

    def _receive(self, entry: Entry) -> None:
        data = bytes.fromhex(entry.data)
        try:
            Decoder().feed(data)
        except ProtocolViolation as violation:
            hexes = data[:HEX_BYTES].hex(" ")
            self._differ(entry, f"a packet: {hexes}", f"cannot read it: {violation.reason}")
        self._last[entry.who] = describe(data)
        self._connections[entry.who].data_received(data)

    async def _answer(self, entry: Entry) -> None:
        try:
            await self._player.sessions[entry.who].answer()
        except TimeoutError:
            self._differ(entry, "an answer of the store", f"none after {PATIENCE_S:g} s")

    def _lose(self, entry: Entry) -> None:
        connection, receiver = self._connections[entry.who], self._player.receivers[entry.who]
        connection.sender.outbox.flush()
        by_server = entry.data not in OF_THE_NETWORK
        if by_server and not receiver.ended:
            self._differ(entry, f"the end: {entry.data}", "keeps the connection open")
        elif receiver.ended and not by_server:
            self._differ(entry, f"open until {entry.data}", f"had ended it: {receiver.ended}")
        receiver.end(entry.data)
        connection.connection_lost(None)

    def _differ(self, entry: Entry, expected: str, came: str) -> None:
        at, after = entry.at - self._start, self._last.get(entry.who, "")
        self.differences.append(Difference(entry.who, "", at, after, 0, expected, came))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a replay."""

    connections: int
    packets: int
    sent: int
    seconds: float  # of the game
    outside: list[str]  # what was not played: when and what
    differences: list[Difference]


async def replay(folder: Path, *, speed: float = 0.0, given: Mapping[str, Any]) -> Outcome:
    """Play a recording; `speed` 1 is the pace of then, 2 twice that, 0 as fast as it goes.

    `given` are settings, by leaf name, that differ from the recorded ones.
    """
    header, entries = read_tape(folder)
    player = Player(header)
    loop = asyncio.get_running_loop()
    async with served(folder, header, given, player) as app:
        await let_in(app, entries)
        playback, began = Playback(app, player), loop.time()
        for entry in entries:
            if entry.way is Way.STOP:
                break
            if speed and entry.way is Way.TICK:
                due = began + (entry.at - header.clock_ms) / 1000 / speed
                await asyncio.sleep(max(0.0, due - loop.time()))
            await playback.enter(entry)
    found = [*playback.differences, *compare(entries, player.kept.entries, header.clock_ms)]
    first = {one.who: one for one in sorted(found, key=lambda one: -one.at)}
    return Outcome(
        connections=sum(entry.way is Way.OPEN for entry in entries),
        packets=sum(entry.way is Way.PACKET for entry in entries),
        sent=sum(len(entry.data) // 2 for entry in entries if entry.way is Way.SENT),
        seconds=(entries[-1].at - header.clock_ms) / 1000 if entries else 0.0,
        outside=[
            f"{(entry.at - header.clock_ms) / 1000:.2f} s: {entry.data}"
            for entry in entries
            if entry.way is Way.OUTSIDE
        ],
        differences=sorted(first.values(), key=lambda one: one.at),
    )


@asynccontextmanager
async def served(
    folder: Path, header: Header, given: Mapping[str, Any], player: Player
) -> AsyncIterator[App]:
    """Run a server of this build on a copy of the recorded store, for nobody else to reach."""
    with tempfile.TemporaryDirectory(prefix="pyao-replay-") as name:
        data_dir = Path(name)
        try:
            shutil.copyfile(folder / STORE_FILE, data_dir / SQLITE_FILE)
        except OSError as error:
            raise ConfigError(f"{error.filename}: {error.strerror}") from error
        ground = Path(header.data_dir) / COLLISION_FILE
        if ground.is_file():
            shutil.copyfile(ground, data_dir / COLLISION_FILE)
        known = {key: value for key, value in header.settings.items() if key in SETTINGS}
        own = {
            "host": ["127.0.0.1"],
            "port": 0,
            "data_dir": data_dir,
            "storage": "sqlite",
            "metrics_enabled": False,
            "stall_ms": 0,
        }
        app = App(Origin(cli={**known, **given, **own}, cwd=data_dir), recorder=player)
        await app.start()
        app.server.stop_accepting()
        try:
            yield app
        finally:
            await app.stop()


async def let_in(app: App, entries: list[Entry]) -> None:
    """Give accounts the passwords that came in: what stands on the tape for the real ones."""
    came_in = {
        entry.who
        for entry in entries
        if entry.way is Way.SENT and _holds(Logged, Decoder(SERVER_PACKETS), entry)
    }
    done: set[str] = set()
    for entry in entries:
        if entry.way is not Way.PACKET or entry.who not in came_in:
            continue
        for packet in _read(Decoder(), entry):
            if isinstance(packet, LoginExistingChar) and packet.username not in done:
                done.add(packet.username)
                await app.game.accounts.set_password(packet.username, packet.password)


def _holds(kind: type[Packet], decoder: Decoder[P], entry: Entry) -> bool:
    return any(isinstance(one, kind) for one in _read(decoder, entry))


def _read(decoder: Decoder[P], entry: Entry) -> list[P]:
    try:
        return decoder.feed(bytes.fromhex(entry.data))
    except ProtocolViolation:
        return []
