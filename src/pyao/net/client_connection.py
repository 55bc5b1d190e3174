"""One client: bytes in, packets to its receiver; what is sent to it leaves through its outbox.

The hot way in is `data_received`: decode, one look at the allowance, `receive`, flush the replies.
Everything else is for clients that send much, send rubbish, or must wait. No game in here.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Protocol, cast

import structlog

from pyao.net.foreign import foreign_protocol
from pyao.net.limits import TokenBucket
from pyao.net.message_sender import MessageSender
from pyao.net.outbox import Outbox, WireLog
from pyao.net.packet_log import OutgoingLog, both, log_incoming
from pyao.net.stats import Reason
from pyao.net.wiring import Wiring
from pyao.protocol import ClientPacket, Decoder, ProtocolViolation

log = structlog.get_logger(__name__)

CHUNK_BYTES = 1024  # more at once is no player: it is handled in slices
SLICE_BYTES = 256
TURN_PACKETS = 100  # of one client before the loop looks at the others
LINGER_S = 2.0  # how long a closed client may take to close its own side
DEAF_BYTES = 256 * 1024  # what it may still send meanwhile
LOOKS_IN_STALL = 5  # within the time a client may take nothing: each asks the kernel
CALM_S = 1.0  # without pressure for so long, an allowance that was used up is forgiven
SUSTAINED_S = 3.0
IDLE_MARGIN_S = (
    60.0  # the game says good-bye to an idle player itself; this is for when it does not
)


class Receiver(Protocol):
    """Whoever handles the packets of one connection."""

    def receive(self, packet: ClientPacket) -> None:
        """Handle one packet; they come in order, one at a time."""
        ...

    def lost(self, reason: str) -> None:
        """Notice that the connection is over; called once, nothing is received afterwards."""
        ...


class Nobody:
    """Receives before there is a receiver, and when all is over."""

    __slots__ = ()

    def receive(self, packet: ClientPacket) -> None:
        """Let it be."""

    def lost(self, reason: str) -> None:
        """Let it be."""


NOBODY = Nobody()


class Inlet(asyncio.Protocol):
    """What each packet asks of a connection; apart as `pyao.rules.character.Whereabouts` is."""

    __slots__ = (
        "_bucket",
        "_clock",
        "_decoder",
        "_first",
        "_halted",
        "_last_packet",
        "_outbox",
        "_receiver",
        "_stats",
        "_wiring",
    )


class ClientConnection(Inlet):
    """A client's connection. `sender` answers it, `sender.outbox` takes crowd traffic.

    Set `playing` once the client is in the game: other idle limits hold from then on.
    """

    __slots__ = (
        "_acknowledged",
        "_acknowledged_at",
        "_asked_at",
        "_backlog",
        "_behind",
        "_close_by",
        "_closed",
        "_closing",
        "_deaf_bytes",
        "_gone",
        "_paused",
        "_pressure_last",
        "_pressure_since",
        "_reason",
        "_sock",
        "_tap",
        "_transport",
        "_waiting",
        "address",
        "admission",
        "made",
        "opened_at",
        "peer",
        "playing",
        "sender",
    )

    def __init__(
        self,
        wiring: Wiring[ClientConnection],
        peer: tuple[str, int],
        sock: socket.socket | None,
        admission: Callable[[ClientConnection], Receiver],
    ) -> None:
        """`sock` is None where only the transport may write (TLS)."""
        self.peer = peer
        self.address = peer[0]
        self.playing = False
        self.made = False
        now = wiring.clock()
        self.opened_at = now
        self._wiring = wiring
        self._stats = wiring.stats
        self._clock = wiring.clock
        self._sock = sock
        self.admission = admission
        self._outbox = Outbox(wiring.flusher, wiring.limits, wiring.stats, self._drop)
        self.sender = MessageSender(self._outbox, wiring.encoding)
        self._decoder = Decoder()
        self._bucket = TokenBucket(wiring.limits)
        self._transport: asyncio.Transport
        self._receiver: Receiver = NOBODY
        self._closed: asyncio.Future[None] | None = None
        self._tap: WireLog | None = None

        self._first = True  # nothing has been received yet
        self._halted = False  # packets must wait: for one of the next three, or for their turn
        self._paused = False  # ... because the receiver said so
        self._closing = False  # ... for ever
        self._gone = False
        self._waiting: list[ClientPacket] = []
        self._backlog = bytearray()  # received after what is waiting, not decoded yet
        self._reason = str(Reason.CLOSED)
        self._close_by = 0.0
        self._deaf_bytes = 0

        self._last_packet: float | None = None
        self._pressure_since = self._pressure_last = float("-inf")
        self._acknowledged = 0
        self._acknowledged_at = now
        self._asked_at = float("-inf")
        self._behind = False  # something waited for the client then

    # --- what the receiver and the game call -------------------------------------------------

    def send(self, data: bytes) -> None:
        """Send the bytes of one or more whole packets as a direct reply."""
        self._outbox.reply(data)

    def close(self, reason: str = Reason.CLOSED) -> None:
        """Send what is queued, then close; `lost` follows in the next pass of the loop."""
        if self._closing:
            return
        self._end(reason)
        self._outbox.finish()
        self._close_by = self._clock() + LINGER_S
        self._wiring.loop.call_soon(self._tell_lost)
        transport = self._transport
        if transport.is_closing():
            return
        if not transport.can_write_eof():  # TLS says good-bye by itself
            transport.close()
            return
        # Closing with unread input would reset the connection, and the client would lose what was
        # just sent: let it close its side first, for a while.
        try:
            transport.write_eof()
        except OSError:
            transport.abort()
        transport.resume_reading()

    def abort(self, reason: str) -> None:
        """Close at once; what is queued is lost."""
        if not self._closing:
            self._end(reason)
        self._outbox.discard()
        self._transport.abort()

    def tap(self, tap: WireLog) -> None:
        """Show each message to `tap` before it leaves, from now on."""
        self._tap = tap
        self.log_packets(enabled=self._wiring.packet_log)

    def charge(self, packets: int) -> None:
        """Count an expensive request as so many packets more, before the next one is handled."""
        now = self._clock()
        self._bucket.charge(packets, now)
        if not self._closing and not self._bucket.ready(now):
            self._halt()
            self._wiring.throttled.add(self)

    def report(self, reason: str, **details: object) -> None:
        """Write one line about why this client is let go, unless there were many of its kind."""
        self._wiring.report(reason, self.address, **details)

    async def wait_closed(self) -> None:
        """Wait until the socket is closed."""
        if self._gone:
            return
        if self._closed is None:
            self._closed = self._wiring.loop.create_future()
        await asyncio.shield(self._closed)

    def pause_input(self) -> None:
        """Receive nothing more, not even the rest of the same chunk, until `resume_input`."""
        self._paused = True
        self._halt()

    def resume_input(self, answer: Callable[[], None] | None = None) -> None:
        """Receive again, in the next pass of the loop, in the old order.

        `answer` is what the input waited for: it runs now, and a bug in it costs this client only,
        as one in the handling of a packet does. It may pause the input anew.
        """
        self._paused = False
        if answer is not None:
            self._handle([], answer)
        self._wiring.loop.call_soon(self._drain)

    # --- what the transport calls ------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Make the receiver; see asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)
        self.made = True
        wiring = self._wiring
        wiring.connections.add(self)
        self._stats.open += 1
        self._stats.total += 1
        self._outbox.attach(self._transport, self._sock)
        self.log_packets(enabled=wiring.packet_log)
        try:
            self._receiver = self.admission(self)
        except BaseException:
            self._transport.abort()
            raise

    def data_received(self, data: bytes) -> None:
        """Turn bytes into packets and have them handled; see asyncio.Protocol."""
        self._stats.bytes_in += len(data)
        if self._first:
            self._first = False
            name = foreign_protocol(data)
            if name is not None:
                self._stats.violations += 1
                self._drop(Reason.FOREIGN, looks_like=name)
        if self._halted or len(data) > CHUNK_BYTES:
            self._store(data)
            return
        try:
            packets = self._decoder.feed(data)
        except ProtocolViolation as violation:
            self._violated(violation)
            return
        if not packets:
            return
        now = self._last_packet = self._clock()
        if self._bucket.take(len(packets), now):
            outbox = self._outbox
            outbox.corked = True
            waits = self._handle(packets)
            outbox.corked = False
            if outbox.urgent:
                outbox.flush()
            if waits:
                self._recount()
        else:
            self._waiting += packets
            self._drain()

    def eof_received(self) -> None:
        """Let the transport close; see asyncio.Protocol."""
        self._outbox.flush()

    def pause_writing(self) -> None:
        """Tell the outbox; see asyncio.Protocol."""
        self._outbox.pause()

    def resume_writing(self) -> None:
        """Tell the outbox; see asyncio.Protocol."""
        self._outbox.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up and tell the receiver, if it does not know yet; see asyncio.Protocol."""
        if not self._closing:
            self._end(Reason.CLIENT if exc is None else Reason.RESET)
        self._gone = True
        self._outbox.discard()
        self._wiring.connections.discard(self)
        self._wiring.throttled.discard(self)
        self._stats.open -= 1
        self._wiring.closed(self)
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)
        self._tell_lost()
        # Whoever it referred to referred to it: only the collector could free them otherwise.
        self._outbox.retire()

    # --- what the server calls ---------------------------------------------------------------

    def check(self, now: float) -> None:
        """Look at the deadlines; called about once per second."""
        limits = self._wiring.limits
        if self._closing:
            if now >= self._close_by:
                self._transport.abort()
            return
        if self._last_packet is None:
            if now - self.opened_at >= limits.login_deadline_s:
                self._drop(Reason.LOGIN_DEADLINE)
                return
        elif not self._paused:
            limit = limits.idle_s if self.playing else limits.lobby_idle_s
            margin = IDLE_MARGIN_S if self.playing else 0.0
            if limit and now - self._last_packet >= limit + margin:
                self._stats.dropped[Reason.IDLE] += 1
                self.close(Reason.IDLE)
                return
        self._check_progress(now)

    def excuse(self, seconds: float) -> None:
        """Move the deadlines by a time in which the server itself stood still."""
        self.opened_at += seconds
        self._acknowledged_at += seconds

    def try_again(self, now: float) -> None:
        """Go on with a client whose allowance was used up, if it has some again."""
        if self._bucket.ready(now):
            self._wiring.throttled.discard(self)
            self._drain()

    def log_packets(self, *, enabled: bool) -> None:
        """Switch the packet log of what is sent; what comes in asks the wiring."""
        log = OutgoingLog(self.address) if enabled else None
        self._outbox.log_to(both(log, self._tap))

    # --- input -------------------------------------------------------------------------------

    def _handle(self, packets: list[ClientPacket], first: Callable[[], None] | None = None) -> bool:
        """Give packets to the receiver; from the moment it pauses or closes they wait.

        Returns whether it did.
        """
        self._stats.packets_in += len(packets)
        if self._wiring.packet_log:
            log_incoming(self.address, packets)
        receiver, kinds = self._receiver, self._stats.kinds
        handled: object = first
        try:
            if first is not None:
                first()
            for packet in packets:
                handled = packet
                if self._halted:
                    self._waiting.append(packet)
                else:
                    kinds[packet.packet_id] += 1
                    receiver.receive(packet)
        except Exception:  # one client's input: a bug in a task costs this client, nobody else
            self._stats.handler_errors += 1
            what = str(handled)
            log.exception("a packet could not be handled", address=self.address, packet=what)
            self._stats.dropped[Reason.HANDLER_ERROR] += 1
            self.close(Reason.HANDLER_ERROR)
        return self._halted

    def _recount(self) -> None:
        """Take back what was counted of packets that have to wait, or are not wanted any more."""
        count = len(self._waiting)
        self._stats.packets_in -= count
        self._bucket.give_back(count)
        if self._closing:
            self._waiting.clear()

    def _store(self, data: bytes) -> None:
        """Keep bytes for later; of a closing client only the number counts."""
        if self._closing:
            self._deaf_bytes += len(data)
            if self._deaf_bytes > DEAF_BYTES:
                self._transport.abort()
            return
        self._backlog += data
        if self._halted:
            self._transport.pause_reading()
        else:
            self._drain()

    def _drain(self) -> None:
        """Handle what waits, then what is in the backlog, as far as allowance and turn go."""
        if self._paused or self._closing:
            return
        self._halted = False
        self._outbox.corked = True
        for _ in range(TURN_PACKETS):
            if self._halted or not (self._waiting or self._decode_slice()):
                break
            now = self._clock()
            if self._bucket.take(1, now):
                self._handle([self._waiting.pop(0)])
            else:
                self._throttle(now)
        self._outbox.corked = False
        self._outbox.flush()
        if self._halted:
            return
        if self._waiting or self._backlog:
            self._halt()
            self._wiring.loop.call_soon(self._drain)
        else:
            self._transport.resume_reading()

    def _decode_slice(self) -> bool:
        """Decode some of the backlog; return whether there is a packet to handle."""
        while self._backlog and not self._waiting:
            piece = bytes(self._backlog[:SLICE_BYTES])
            del self._backlog[:SLICE_BYTES]
            try:
                self._waiting = self._decoder.feed(piece)
            except ProtocolViolation as violation:
                self._violated(violation)
                return False
        if self._waiting:
            self._last_packet = self._clock()
        return bool(self._waiting)

    def _violated(self, violation: ProtocolViolation) -> None:
        """Handle what came before the rubbish, then drop the client: its stream is lost."""
        self._stats.violations += 1
        before = cast("tuple[ClientPacket, ...]", violation.packets)
        if before and self._bucket.take(len(before), self._clock()):
            self._handle(list(before))
            self._outbox.flush()
        self._drop(Reason.VIOLATION, detail=str(violation))

    def _halt(self) -> None:
        self._halted = True
        if not self._closing:
            self._transport.pause_reading()

    def _throttle(self, now: float) -> None:
        """Stop reading until the allowance has grown; under pressure for too long, drop."""
        limits = self._wiring.limits
        self._halt()
        if now - self._pressure_last > CALM_S + limits.token_s:
            self._pressure_since = now
        self._pressure_last = now
        if now - self._pressure_since >= SUSTAINED_S:
            self._drop(Reason.FLOOD)
        else:
            self._wiring.throttled.add(self)

    # --- the end -----------------------------------------------------------------------------

    def _check_progress(self, now: float) -> None:
        """Drop a client that has not taken a byte for too long although some wait for it."""
        patience_s = self._wiring.limits.send_stall_s
        silent_s = now - self._acknowledged_at
        if silent_s < patience_s and now - self._asked_at < patience_s / LOOKS_IN_STALL:
            return
        self._asked_at = now
        acknowledged, waiting = self._outbox.progress()
        began = not self._behind  # to wait, since the look before: the time counts from here
        self._behind = waiting > 0
        if not waiting or began or acknowledged > self._acknowledged:
            self._acknowledged = acknowledged
            self._acknowledged_at = now
        elif silent_s >= patience_s:
            self._drop(Reason.STALLED, waiting=waiting)

    def _drop(self, reason: Reason, **details: object) -> None:
        """Count, report and close at once."""
        if self._closing:
            self._transport.abort()
            return
        self._stats.dropped[reason] += 1
        self.report(reason, **details)
        self.abort(reason)

    def _end(self, reason: str) -> None:
        self._closing = self._halted = True
        self._reason = str(reason)
        self._waiting.clear()
        self._backlog.clear()

    def _tell_lost(self) -> None:
        receiver, self._receiver = self._receiver, NOBODY
        receiver.lost(self._reason)
