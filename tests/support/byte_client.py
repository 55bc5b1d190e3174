"""A client that speaks bytes: written from the protocol document, not from our packet classes.

It reads as the Godot client reads: each chunk the socket gives is parsed on its own, and all that
comes must keep the rules that client lives by (`client_picture.py`). A broken rule is raised at the
next wait, or at the latest when the client is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Self, SupportsIndex

from tests.support import client_facts as facts
from tests.support.client_picture import (
    CHANGE,
    CHANGE_MAP,
    CHAR_INDEX,
    CHAT,
    CONSOLE_MSG,
    CREATE,
    DELTAS,
    DICE_ROLL,
    EAST,
    ERROR_MSG,
    LEVEL_UP,
    LOGGED,
    MOVE,
    NORTH,
    PONG,
    POS_UPDATE,
    REMOVE,
    SOUTH,
    UPDATE_STATS,
    WEST,
    Figure,
    Picture,
)
from tests.support.client_stream import BrokenStreamError, Seen, Value, text
from tests.support.waiting import PATIENCE_S

__all__ = [
    "CHANGE",
    "CHANGE_MAP",
    "CHAR_INDEX",
    "CHAT",
    "CONSOLE_MSG",
    "CREATE",
    "DELTAS",
    "DICE_ROLL",
    "EAST",
    "ERROR_MSG",
    "LEVEL_UP",
    "LOGGED",
    "MOVE",
    "NORTH",
    "PONG",
    "POS_UPDATE",
    "REMOVE",
    "SOUTH",
    "UPDATE_STATS",
    "WEST",
    "BrokenStreamError",
    "ByteClient",
    "Figure",
    "Seen",
    "Value",
    "text",
]


class _Reads(asyncio.StreamReader):
    """Keeps each read of the socket apart, as the client gets it."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[bytes] = []
        self.notify: Callable[[], None] | None = None

    def feed_data(self, data: Iterable[SupportsIndex]) -> None:
        self.reads.append(bytes(data))
        if self.notify is not None:
            self.notify()


class ServerClosedError(AssertionError):
    """The server hung up before what was waited for; says what it sent last, and after how long."""


@dataclass(kw_only=True)
class ByteClient(Picture):
    """One connection. `seen` holds every packet that came and was not taken yet."""

    reader: _Reads
    writer: asyncio.StreamWriter
    connected_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    closed: bool = False
    seen: list[Seen] = field(default_factory=list)
    error: BaseException | None = None
    _pump: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def connect(cls, port: int, host: str = "127.0.0.1") -> Self:
        loop = asyncio.get_running_loop()
        reader = _Reads()
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.create_connection(lambda: protocol, host, port)
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        client = cls(reader=reader, writer=writer)
        reader.notify = client._take
        client._pump = asyncio.create_task(client._read())
        return client

    # --- sending -----------------------------------------------------------------------------

    def send(self, *packets: bytes) -> None:
        """Write packets in one piece, as the client writes all of a frame."""
        data = b"".join(packets)
        self.asked |= {*data}
        self.writer.write(data)

    def throw_dices(self) -> None:
        self.send(b"\x01")

    def create(
        self,
        name: str,
        password: str = "secreto",
        *,
        race: int = 1,
        gender: int = 1,
        char_class: int = 3,
        head: int = 5,
        home: int = 1,
    ) -> None:
        self.send(
            b"\x02"
            + text(name)
            + text(password)
            + bytes((0, 13, 0, race, gender, char_class))
            + struct.pack("<h", head)
            + text("nadie@example.com")
            + bytes((home,))
        )

    def log_in(self, name: str, password: str = "secreto") -> None:
        self.send(b"\x00" + text(name) + text(password) + bytes((0, 13, 0)))

    def talk(self, words: str) -> None:
        self.send(b"\x03" + text(words))

    def yell(self, words: str) -> None:
        self.send(b"\x04" + text(words))

    def whisper(self, to: str, words: str) -> None:
        self.send(b"\x05" + text(to) + text(words))

    def walk(self, heading: int) -> None:
        """Step as the client does: its own character moves at once."""
        dx, dy = DELTAS[heading]
        own = self.figures[self.index]
        own.x, own.y, own.heading = self.x + dx, self.y + dy, heading
        self.x, self.y = own.x, own.y
        self.send(bytes((6, heading)))

    def ask_position(self) -> None:
        self.send(b"\x07")

    # --- waiting -----------------------------------------------------------------------------

    async def until(self, found: Callable[[Seen], bool], timeout: float = PATIENCE_S) -> Seen:  # noqa: ASYNC109 - a bound on the whole wait
        """Return the first packet that fits, leaving earlier ones out of `seen`."""
        return (await self.take_until(found, timeout))[-1]

    async def take_until(
        self,
        found: Callable[[Seen], bool],
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - as `until`
    ) -> list[Seen]:
        """Take everything up to the first packet that fits, and return it in order."""
        async with asyncio.timeout(timeout):
            while True:
                self._check()
                for number, packet in enumerate(self.seen, 1):
                    if found(packet):
                        taken = self.seen[:number]
                        del self.seen[:number]
                        return taken
                if self.closed:
                    lived_s = asyncio.get_running_loop().time() - self.connected_at
                    raise ServerClosedError(f"after {lived_s:.1f} s; not taken: {self.seen[-5:]}")
                self._news.clear()
                await self._news.wait()

    async def get(self, packet_id: int, timeout: float = PATIENCE_S) -> Seen:  # noqa: ASYNC109 - as `until`
        return await self.until(lambda packet: packet.id == packet_id, timeout)

    async def until_closed(self, timeout: float = PATIENCE_S) -> None:  # noqa: ASYNC109 - as `until`
        async with asyncio.timeout(timeout):
            while not self.closed:
                self._check()
                self._news.clear()
                await self._news.wait()
        self._check()

    async def settle(self) -> list[Seen]:
        """Wait until the server has answered everything sent so far; return what came."""
        self.send(b"\x77")
        came = await self.take_until(lambda packet: packet.id == PONG)
        self.check()
        return came[:-1]

    def knows(self, other: ByteClient) -> bool:
        """Check that this client's picture of another one is true; tell whether it has one."""
        expected = self.map == other.map and facts.sees(self.x, self.y, other.x, other.y)
        shown = self.figures.get(other.index) if self.map == other.map else None
        assert (shown is not None) == expected, (self.index, shown, other.index, other.x, other.y)
        if shown is not None:
            mine = other.figures[other.index]
            assert (shown.x, shown.y) == (other.x, other.y)
            assert (shown.name, shown.body, shown.head) == (mine.name, mine.body, mine.head)
        return expected

    async def enter(self, name: str, password: str = "secreto") -> None:
        """Log in and wait for the burst."""
        self.log_in(name, password)
        await self.entered()

    async def enter_new(self, name: str, **choice: int) -> tuple[int, ...]:
        """Create a character and wait for the burst; return the dice."""
        self.throw_dices()
        dice = await self.get(DICE_ROLL)
        self.create(name, **choice)  # type: ignore[arg-type] # numbers only
        await self.entered()
        return tuple(int(value) for value in dice.values if not isinstance(value, list))

    async def entered(self) -> None:
        await self.get(LOGGED)
        await self.settle()
        self.check_log_in()

    def named(self, name: str) -> Figure | None:
        """Return the character with this label, if this client knows one."""
        return next((one for one in self.figures.values() if one.name == name), None)

    async def close(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
        self.writer.close()
        self.closed = True  # for whoever waits still: nobody reads any more
        self._news.set()
        self._check()

    async def reset(self) -> None:
        """Cut the connection hard, as a crashed machine does."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await self.close()

    def _check(self) -> None:
        if self.error is not None:
            raise self.error

    # --- reading -----------------------------------------------------------------------------

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self.reader.read()  # ends with the stream; `_take` gets each read as it comes
        self.writer.close()
        self.closed = True
        self._news.set()

    def _take(self) -> None:
        reads, self.reader.reads = self.reader.reads, []
        for chunk in reads if self.error is None else ():
            try:
                self.seen += self.read(chunk)
            except AssertionError as error:
                self.error = error
                self.writer.close()
                break
        self._news.set()
