"""Real connections for tests: a server with a recording receiver, and a byte-level client."""

from __future__ import annotations

import asyncio
import itertools
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.support.waiting import PATIENCE_S

from pyao.config import ServerSettings
from pyao.net import ArgentumServer, ClientConnection
from pyao.protocol import SERVER_PACKETS, ClientPacket, Decoder, ServerPacket
from pyao.protocol.client_packets import Ping
from pyao.protocol.server_packets import Pong

PING = Ping().encode()
PONG = Pong().encode()


class ManualClock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Recorder:
    """A receiver that remembers everything, answers PING, and obeys `then`."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.packets: list[ClientPacket] = []
        self.reasons: list[str] = []
        self.then: dict[type[ClientPacket], Callable[[Recorder], None]] = {}
        self._changed = asyncio.Event()

    def receive(self, packet: ClientPacket) -> None:
        """Remember it, answer it if it is a PING, do what the test ordered for its class."""
        self.packets.append(packet)
        self._changed.set()
        if isinstance(packet, Ping):
            self.connection.sender.send(Pong())
        action = self.then.get(type(packet))
        if action is not None:
            action(self)

    def lost(self, reason: str) -> None:
        """Remember why."""
        self.reasons.append(reason)
        self._changed.set()

    async def received(self, count: int) -> list[ClientPacket]:
        """Wait until there were `count` packets and return all."""
        await self._until(lambda: len(self.packets) >= count)
        return self.packets

    async def gone(self) -> str:
        """Wait until the connection is lost and its socket closed; return the reason."""
        await self._until(lambda: bool(self.reasons))
        async with asyncio.timeout(PATIENCE_S):
            await self.connection.wait_closed()
        assert len(self.reasons) == 1
        return self.reasons[0]

    async def _until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not true():
                self._changed.clear()
                await self._changed.wait()


class Door:
    """A running server, and what came in through it."""

    def __init__(self, settings: ServerSettings, clock: ManualClock, server_full: str = "") -> None:
        self.clock = clock
        self._settings = settings
        self.server = ArgentumServer(
            settings, self._on_connect, clock=clock, server_full=server_full
        )
        self.receivers: list[Recorder] = []
        self.orders: dict[type[ClientPacket], Callable[[Recorder], None]] = {}
        self.on_connect: Callable[[Recorder], None] | None = None
        self.clients: list[Client] = []
        self._changed = asyncio.Event()

    def _on_connect(self, connection: ClientConnection) -> Recorder:
        receiver = Recorder(connection)
        receiver.then = self.orders
        self.receivers.append(receiver)
        self._changed.set()
        if self.on_connect is not None:
            self.on_connect(receiver)
        return receiver

    def settings(self, **changes: object) -> ServerSettings:
        """Return the settings of the server with some changed."""
        return ServerSettings.model_validate({**self._settings.model_dump(), **changes})

    @property
    def port(self) -> int:
        """The port the server listens on."""
        return self.server.addresses[0][1]

    async def receiver(self, number: int = 0) -> Recorder:
        """Wait for the receiver of the connection that came `number`-th (from 0)."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.receivers) <= number:
                self._changed.clear()
                await self._changed.wait()
        return self.receivers[number]

    async def client(self, *, receive_bytes: int = 0, segment: int = 0) -> Client:
        """Connect a client and wait until the server has it."""
        number = len(self.receivers)
        client = await self.stranger(receive_bytes=receive_bytes, segment=segment)
        await self.receiver(number)
        return client

    async def stranger(self, *, receive_bytes: int = 0, segment: int = 0) -> Client:
        """Connect a client that the server may refuse."""
        client = await Client.connect(self.port, receive_bytes=receive_bytes, segment=segment)
        self.clients.append(client)
        return client


class Client:
    """A client that reads and writes bytes, and only when it is told to."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.decoder = Decoder(SERVER_PACKETS)
        self._packets: list[ServerPacket] = []

    @classmethod
    async def connect(
        cls, port: int, *, receive_bytes: int = 0, segment: int = 0, host: str = "127.0.0.1"
    ) -> Client:
        """Connect; `receive_bytes` and `segment` make the kernel's buffer and segments small."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        if receive_bytes:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        if segment:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)
        try:
            await asyncio.get_running_loop().sock_connect(sock, (host, port))
        except OSError:
            sock.close()
            raise
        return cls(sock)

    async def send(self, *packets: ClientPacket | bytes) -> None:
        """Send packets, or bytes, in one write."""
        data = b"".join(p if isinstance(p, bytes) else p.encode() for p in packets)
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.get_running_loop().sock_sendall(self.sock, data)

    async def read(self, limit: int = 1 << 20) -> bytes:
        """Return what one read gives; empty at the end of the stream."""
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.get_running_loop().sock_recv(self.sock, limit)

    async def packets(self, count: int) -> list[ServerPacket]:
        """Read until there are `count` packets, and return exactly those."""
        while len(self._packets) < count:
            data = await self.read()
            assert data, f"closed after {self._packets}"
            self._packets += self.decoder.feed(data)
        found, self._packets = self._packets[:count], self._packets[count:]
        return found

    async def rest(self) -> bytes:
        """Read to the end of the stream; a reset is an end too."""
        pieces = []
        try:
            while piece := await self.read():
                pieces.append(piece)
        except ConnectionResetError:
            pass
        return b"".join(pieces)

    def close(self) -> None:
        """Close in peace."""
        self.sock.close()

    def reset(self) -> None:
        """Close with a RST, as a crashed client does."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()


@asynccontextmanager
async def open_door(server_full: str = "", **settings: object) -> AsyncIterator[Door]:
    """Run a server on a free port of 127.0.0.1 while the block lasts."""
    values = {"host": ["127.0.0.1"], "port": 0, **settings}
    door = Door(ServerSettings.model_validate(values), ManualClock(), server_full)
    await door.server.start()
    try:
        yield door
    finally:
        await door.server.stop(0)
        for client in door.clients:
            client.close()


async def tls_client(
    port: int, context: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect a TLS client; certificates are checked for "localhost"."""
    async with asyncio.timeout(PATIENCE_S):
        return await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname="localhost"
        )


async def eventually(true: Callable[[], object]) -> None:
    """Let the loop run until something is true that nobody announces."""
    async with asyncio.timeout(PATIENCE_S):
        for _ in itertools.count():
            if true():
                return
            await asyncio.sleep(0)
