"""The game server's door: listens, admits or refuses, watches the deadlines, closes in the end.

It accepts by itself instead of through the loop, so that a refusal costs a few microseconds and a
machine out of file descriptors does not spin. What packets do is decided by the receivers.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import math
import os
import socket
import ssl
import time
from collections.abc import Callable, Container, Iterable

import structlog

from pyao.channel import Post
from pyao.config import ServerSettings
from pyao.net.client_connection import ClientConnection, Receiver
from pyao.net.flusher import Flusher
from pyao.net.limits import AddressBook, Clock, Limits
from pyao.net.listeners import open_listeners, tls_context
from pyao.net.post import CommonPost
from pyao.net.socket_options import descriptor_room
from pyao.net.stats import NetStats, Reason
from pyao.net.wiring import Wiring
from pyao.protocol import ClientPacket
from pyao.protocol.server_packets import ErrorMsg

log = structlog.get_logger(__name__)

BEAT_S = 0.1
SLEPT_S = 2.0  # a beat so late means that this process, or its machine, stood still
SWEEP_BEATS = 10  # to look at a thousand connections at once would hold up the loop
ACCEPTS_PER_TURN = 64
ACCEPT_PAUSE_S = 1.0
TURNED_AWAY = 64  # how many clients may be told at the same time that the server is full
TLS_HANDSHAKE_S = 10.0
_ABORT_S = 1.0

_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_NONE = -1


class ArgentumServer:
    """Accepts game clients on all configured addresses and makes a receiver for each.

    `clock` is monotonic, in seconds. `server_full` is the text for clients that find no place;
    without it they are closed in silence. `on_refused` hears of each that is turned away, by
    address and reason. `connections` has every open socket, also those that are closing.
    """

    def __init__(
        self,
        settings: ServerSettings,
        on_connect: Callable[[ClientConnection], Receiver],
        *,
        clock: Clock = time.monotonic,
        server_full: str = "",
        on_refused: Callable[[str, Reason], None] = lambda _address, _reason: None,
    ) -> None:
        self.stats = NetStats()
        self.connections: set[ClientConnection] = set()
        self.shut_out: Container[str] = ()  # addresses nobody is let in from
        self._settings = settings
        self._on_connect = on_connect
        self._on_refused = on_refused
        self._clock = clock
        self._limits = Limits()
        self._addresses = AddressBook(self._limits, clock)
        self._full = ErrorMsg(server_full).encode(settings.text_encoding) if server_full else b""
        self._packet_log = False
        self._wiring: Wiring[ClientConnection]
        self._tls: ssl.SSLContext | None = None
        self._listeners: list[socket.socket] = []
        self._arriving: dict[ClientConnection, asyncio.Task[None]] = {}
        self._turned_away: set[ClientConnection] = set()
        self._admitted = 0
        self._empty = asyncio.Event()
        self._spare_descriptor = _NONE
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._beats = 0
        self._next_beat = math.inf
        self._unswept: list[ClientConnection] = []

    # --- life --------------------------------------------------------------------------------

    async def bind(self) -> None:
        """Take every configured address, letting nobody in yet; ConfigError when one is taken."""
        settings = self._settings
        loop = asyncio.get_running_loop()
        self._tls = tls_context(settings)
        self._listeners = await open_listeners(settings)
        flusher = Flusher(loop, self.stats)
        flusher.configure(min_ms=settings.flush_min_ms, max_ms=settings.flush_max_ms)
        self._wiring = Wiring(
            loop=loop,
            clock=self._clock,
            limits=self._limits,
            stats=self.stats,
            flusher=flusher,
            encoding=settings.text_encoding,
            closed=self._closed,
            connections=self.connections,
            packet_log=self._packet_log,
        )

    @property
    def post(self) -> Post:
        """What has crowd traffic written with the next common flush, once addresses are bound."""
        return CommonPost(self._wiring.flusher, self.stats)

    async def start(self) -> None:
        """Let clients in; without an earlier `bind` this is done first."""
        if not self._listeners:
            await self.bind()
        self._apply(self._settings)
        self._resume_accepting()
        self._beat()

    def stop_accepting(self) -> None:
        """Close the listening sockets; who is connected stays."""
        self._pause_accepting()
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    async def stop(self, grace_s: float | None = None) -> None:
        """Close everything; what is queued for the clients leaves first, within `grace_s`."""
        self.stop_accepting()
        for connection, task in list(self._arriving.items()):
            if not connection.made:
                task.cancel()
        for connection in list(self.connections):
            connection.close(Reason.SHUTDOWN)
        await self._wait_until_empty(self._settings.grace_s if grace_s is None else grace_s)
        for connection in list(self.connections):
            connection.abort(Reason.SHUTDOWN)
        await self._wait_until_empty(_ABORT_S)
        for timer in self._timers.values():
            timer.cancel()

    async def _wait_until_empty(self, timeout_s: float) -> None:
        self._empty.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._admitted:
                    self._empty.clear()
                    await self._empty.wait()

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where the server listens: address and port of each socket."""
        return [listener.getsockname()[:2] for listener in self._listeners]

    # --- changes while it runs ---------------------------------------------------------------

    def apply_limits(self, settings: ServerSettings) -> None:
        """Take over changed limits; they hold at once, also for clients that are connected."""
        self._settings = settings
        self._apply(settings)
        self._wiring.flusher.configure(min_ms=settings.flush_min_ms, max_ms=settings.flush_max_ms)

    def _apply(self, settings: ServerSettings) -> None:
        self._limits.apply(settings)
        room = descriptor_room()
        if room is not None and room < settings.max_connections:
            self._limits.max_connections = room
            log.warning(
                "fewer clients find a place than max_connections says: raise `ulimit -n`",
                max_connections=settings.max_connections,
                places=room,
            )

    @property
    def throttled(self) -> int:
        """How many clients wait until they may send again."""
        return len(self._wiring.throttled)

    @property
    def packet_log(self) -> bool:
        """Whether each packet is logged at DEBUG; may be set at any time."""
        return self._packet_log

    @packet_log.setter
    def packet_log(self, enabled: bool) -> None:
        self._packet_log = enabled
        if self._listeners:
            self._wiring.packet_log = enabled
        for connection in self.connections:
            connection.log_packets(enabled=enabled)

    # --- the clock ---------------------------------------------------------------------------

    def _beat(self) -> None:
        loop = self._wiring.loop
        now = loop.time()
        if now - self._next_beat > SLEPT_S:
            self.slept(now - self._next_beat)
        turn = self._beats % SWEEP_BEATS
        # With nobody to look after all ten are one: each time the loop wakes up has its price.
        beats = 1 if self.connections else SWEEP_BEATS - turn
        self._next_beat = now + beats * BEAT_S
        self._timers["beat"] = loop.call_at(self._next_beat, self._beat)
        self.try_throttled()
        if turn == 0:
            self.stats.pace()
            self._addresses.forget_idle()
            self._unswept = list(self.connections)
        self._check(self._unswept[turn::SWEEP_BEATS])
        self._beats += beats

    def slept(self, seconds: float) -> None:
        """Excuse everybody for a time in which nothing of theirs could be taken or sent."""
        for connection in self.connections:
            connection.excuse(seconds)

    def sweep(self) -> None:
        """Look at the deadlines of all connections, for which the clock takes a second."""
        self._check(self.connections)

    def _check(self, connections: Iterable[ClientConnection]) -> None:
        now = self._clock()
        for connection in list(connections):
            if connection in self.connections:  # not lost since the list was made
                connection.check(now)

    def try_throttled(self) -> None:
        """Read on from clients that were too fast and have some allowance again."""
        if self._wiring.throttled:
            now = self._clock()
            for connection in list(self._wiring.throttled):
                connection.try_again(now)

    # --- accepting ---------------------------------------------------------------------------

    def _resume_accepting(self) -> None:
        with contextlib.suppress(OSError):
            self._spare_descriptor = os.open(os.devnull, os.O_RDONLY)
        for listener in self._listeners:
            self._wiring.loop.add_reader(listener, self._accept, listener)

    def _pause_accepting(self) -> None:
        for listener in self._listeners:
            self._wiring.loop.remove_reader(listener)
        self._give_up_spare()

    def _give_up_spare(self) -> None:
        if self._spare_descriptor != _NONE:
            os.close(self._spare_descriptor)
            self._spare_descriptor = _NONE

    def _accept(self, listener: socket.socket) -> None:
        """Accept what waits, but not for ever: players want their turn too."""
        for _ in range(ACCEPTS_PER_TURN):
            try:
                sock, peer = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._without_descriptor(listener)
                    return
                continue  # that client has gone again
            self._admit(sock, peer[:2])

    def _admit(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Make a connection of an accepted socket, or refuse it."""
        address = peer[0]
        banned = address in self.shut_out
        refusal = Reason.ADDRESS_BANNED if banned else self._addresses.admit(address)
        if refusal is not None:
            self._refuse(sock, address, refusal)
            return
        self._admitted += 1
        connection = ClientConnection(
            self._wiring, peer, sock if self._tls is None else None, self._on_connect
        )
        if self._admitted - len(self._turned_away) > self._limits.max_connections:
            if not self._full or len(self._turned_away) >= TURNED_AWAY:
                self._refuse(sock, address, Reason.SERVER_FULL)
                self._closed(connection)
                return
            self._turn_away(connection)
        sock.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        task = self._wiring.loop.create_task(self._connect(connection, sock))
        self._arriving[connection] = task

    def _turn_away(self, connection: ClientConnection) -> None:
        """Let a client in only to tell it that there is no place."""

        def say_no(connection: ClientConnection) -> Receiver:
            connection.send(self._full)
            connection.close(Reason.SERVER_FULL)
            return _Nobody()

        self._turned_away.add(connection)
        connection.admission = say_no
        self._note_refusal(Reason.SERVER_FULL, connection.address)

    def _refuse(self, sock: socket.socket, address: str, reason: Reason) -> None:
        sock.close()
        self._note_refusal(reason, address)

    def _note_refusal(self, reason: Reason, address: str, **details: object) -> None:
        self.stats.refused[reason] += 1
        self._wiring.report(reason, address, **details)
        self._on_refused(address, reason)

    async def _connect(self, connection: ClientConnection, sock: socket.socket) -> None:
        """Hand an admitted socket to the loop, through TLS where that is on."""
        timeout_s = None if self._tls is None else TLS_HANDSHAKE_S
        try:
            await self._wiring.loop.connect_accepted_socket(
                lambda: connection, sock, ssl=self._tls, ssl_handshake_timeout=timeout_s
            )
        except OSError as error:
            self._note_refusal(Reason.TLS, connection.address, detail=str(error))
        finally:
            del self._arriving[connection]
            if not connection.made:
                self._closed(connection)

    def _closed(self, connection: ClientConnection) -> None:
        """Forget an admitted connection."""
        self._admitted -= 1
        self._turned_away.discard(connection)
        self._addresses.release(connection.address)
        if not self._admitted:
            self._empty.set()

    def _without_descriptor(self, listener: socket.socket) -> None:
        """Refuse one client although no file descriptor is free.

        Left in the queue it would be announced again at once, for ever. A descriptor kept in
        reserve takes it; when even that is gone, the listening sockets rest for a second.
        """
        self._note_refusal(Reason.NO_DESCRIPTORS, "", open=len(self.connections))
        self._give_up_spare()
        with contextlib.suppress(OSError):
            sock, _ = listener.accept()
            with sock:
                sock.setblocking(False)  # noqa: FBT003 - the standard library's own signature
                sock.send(self._full)
        with contextlib.suppress(OSError):
            self._spare_descriptor = os.open(os.devnull, os.O_RDONLY)
        if self._spare_descriptor == _NONE:
            self._pause_accepting()
            loop = self._wiring.loop
            self._timers["accept"] = loop.call_later(ACCEPT_PAUSE_S, self._resume_accepting)


class _Nobody:
    """Receives from clients that were only let in to be told to come back later."""

    def receive(self, packet: ClientPacket) -> None:
        """Ignore it."""

    def lost(self, reason: str) -> None:
        """Ignore it."""
