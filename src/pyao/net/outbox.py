"""The bytes that wait for one client, and how they leave.

Pieces end on packet boundaries and fit one TCP segment, because the client parses each of its reads
on its own. On Linux each piece is one `send` with MSG_EOR on the connection's own socket, which
keeps the kernel from ever merging it with the next one. What a full kernel refuses waits here, in
order, and is offered again. TLS and other systems go through the transport.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, Iterator

from pyao.channel import NO_LINE, Subscriber
from pyao.net.flusher import Flusher
from pyao.net.limits import Limits
from pyao.net.stats import NetStats, Reason
from pyao.net.syscalls import SEND_FLAGS, Send, direct_send, offer_again, unacknowledged

PIECE_BYTES = 1400
RETRY_S = 0.02
_SMALLEST_PIECE = 200  # a path whose segments are even smaller is not worth honouring

WireLog = Callable[[bytes], None]


class Outbox(Subscriber):
    """Queue of whole packets to one client. Everything here is for the loop thread.

    `append` queues one whole packet of crowd traffic, which leaves with the next common flush; what
    its channel says leaves together with it.

    `urgent` says that a direct reply waits. While `corked` it waits for whoever set that.
    """

    __slots__ = (
        "_blocked",
        "_descriptor",
        "_direct",
        "_drop",
        "_flusher",
        "_held",
        "_held_bytes",
        "_limits",
        "_open",
        "_piece_bytes",
        "_send",
        "_sent",
        "_sock",
        "_stats",
        "_taken",
        "_transport",
        "_wire_log",
        "corked",
        "urgent",
    )

    def __init__(
        self,
        flusher: Flusher,
        limits: Limits,
        stats: NetStats,
        drop: Callable[[Reason], None],
    ) -> None:
        super().__init__(flusher.later)
        self._flusher = flusher
        self._limits = limits
        self._stats = stats
        self._drop = drop
        self._held: list[bytes] = []  # pieces the kernel or the transport cannot take yet
        self._held_bytes = 0
        self._sent = 0  # bytes given to the kernel or the transport, but for what channels wrote
        self._taken = 0  # ... of which the client has acknowledged so many, when last asked
        self.urgent = False
        self.corked = False
        self._blocked = False  # held pieces wait for a retry or for the transport
        self._open = False
        self._direct = False  # nothing stands in the way of one plain `send`
        self._wire_log: WireLog | None = None
        self._piece_bytes = PIECE_BYTES
        self._transport: asyncio.Transport
        self._sock: socket.socket | None = None
        self._descriptor = -1  # of the socket while it may be written to
        self._send: Send

    # --- queueing ----------------------------------------------------------------------------

    def reply(self, data: bytes) -> None:
        """Queue a direct reply: it leaves when the current input is handled, or with this pass."""
        self._collect()
        self._parts.append(data)
        if not self.urgent:
            self.urgent = True
            if not self.corked:
                self._flusher.soon(self)

    def forget(self) -> None:
        """Leave out what is queued and not yet given to the kernel."""
        self._collect()
        self._parts.clear()

    # --- leaving -----------------------------------------------------------------------------

    def flush(self) -> None:
        """Write everything that is queued; over the cap the client is dropped instead."""
        self._collect()
        self._write()

    def flush_shared(self, said: list[bytes], data: bytes) -> None:
        """Write everything; see `Subscriber`. Whoever has nothing of its own is done quickly."""
        if self._parts or self._heard or not self._direct or len(data) > self._piece_bytes:
            self._collect()
            self._heard = 0
            self._write()
            return
        if said:
            self._send_all(said, data)

    def refused(self, data: bytes, taken: int) -> None:
        """Write what the kernel did not take at once of what its channel wrote."""
        self._not_all(data, taken)

    def _write(self) -> None:
        self.append = self._first
        self.urgent = False
        parts = self._parts
        if not parts:
            return
        data = b"".join(parts)  # of a single one it is that one, without a copy
        if not self._direct or len(data) > self._piece_bytes:
            self._flush_with_care()
            return
        messages = parts.copy()
        parts.clear()  # first: a send that fails may end in another flush
        self._send_all(messages, data)

    def _send_all(self, messages: list[bytes], data: bytes) -> None:
        """Send messages that fit one piece; `data` is the same in one."""
        stats = self._stats
        stats.packets_out += len(messages)
        if stats.packets_out >= stats.look_at:
            stats.look(messages)
        size = len(data)
        sent = self._send(self._descriptor, data, size, SEND_FLAGS)
        if sent == size:
            self._sent += size
            stats.bytes_out += size
        else:
            self._not_all(data, sent)

    def _flush_with_care(self) -> None:
        parts = self._parts.copy()
        self._parts.clear()
        if not self._open:
            return
        self._stats.packets_out += len(parts)
        self._stats.look(parts)
        if self._wire_log is not None:
            for part in parts:
                self._wire_log(part)
        self._hold(_pieces(parts, self._piece_bytes))
        if not self._blocked:
            self._release()
        self._check_cap()

    def _check_cap(self) -> None:
        if self._open and self._backlog() > self._limits.outbox_bytes:
            self._drop(Reason.OVERFLOW)

    def _release(self) -> None:
        """Send what is held, for as long as it is taken."""
        pieces = _pieces(self._held, self._piece_bytes)
        self._held, self._held_bytes = [], 0
        for piece in pieces:
            self._give(piece)
            if self._blocked or not self._open:
                break
        self._hold(pieces)
        self._choose_way()

    def _give(self, piece: bytes) -> None:
        if self._sock is None:
            self._hand_over(piece)
            return
        sent = self._send(self._descriptor, piece, len(piece), SEND_FLAGS)
        if sent == len(piece):
            self._sent += sent
            self._stats.bytes_out += sent
        else:
            self._not_all(piece, sent)

    def _not_all(self, piece: bytes, sent: int) -> None:
        if sent < 0 and self._sock is not None:
            try:
                sent = offer_again(self._sock, piece)
            except OSError:
                self._drop(Reason.RESET)
                return
        self._sent += sent
        self._stats.bytes_out += sent
        if sent < len(piece):
            self._block(piece[sent:])

    def _block(self, rest: bytes) -> None:
        """Wait for room in the kernel. Asking again is cheap: it is for slow clients only.

        The transport could be told to write the rest, but without MSG_EOR, and what follows would
        then be merged with it.
        """
        self._blocked = True
        self._choose_way()
        self._hold((rest,))
        self._flusher.loop.call_later(RETRY_S, self.resume)

    def _hand_over(self, data: bytes) -> None:
        """Let the transport write; it calls `pause` when it could not at once."""
        self._sent += len(data)
        self._stats.bytes_out += len(data)
        self._transport.write(data)

    def _hold(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._held.append(piece)
            self._held_bytes += len(piece)

    def _backlog(self) -> int:
        return self._held_bytes + self._transport.get_write_buffer_size()

    # --- what the connection tells -----------------------------------------------------------

    def attach(self, transport: asyncio.Transport, sock: socket.socket | None) -> None:
        """Start to send, over `sock` itself where that may be (plain TCP on Linux)."""
        self._transport = transport
        # 1, not 0: TLS transports would already pause with an empty buffer.
        transport.set_write_buffer_limits(high=1, low=0)
        if sock is not None and direct_send is not None:
            self._sock = sock
            self._send = direct_send
            segment = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
            self._piece_bytes = max(_SMALLEST_PIECE, min(PIECE_BYTES, segment))
        self._open = True
        self._choose_way()

    def log_to(self, wire_log: WireLog | None) -> None:
        """Show each message to `wire_log` before it leaves; None costs nothing."""
        self._wire_log = wire_log
        self._choose_way()

    def pause(self) -> None:
        """Notice that the transport could not write everything."""
        self._blocked = True
        self._choose_way()

    def resume(self) -> None:
        """Go on with what is held: there may be room again."""
        self._blocked = False
        if self._open:
            self._release()

    def finish(self) -> None:
        """Leave everything that is queued to the transport, and accept nothing more."""
        self.flush()
        held, self._held = self._held, []
        if self._open and held:
            self._hand_over(b"".join(held))
        self.discard()

    def discard(self) -> None:
        """Forget what is queued and accept nothing more."""
        self._open = False
        self._choose_way()
        self._parts.clear()
        self._held.clear()
        self._held_bytes = 0

    def retire(self) -> None:
        """Be of no use any more, and refer to nobody."""
        self.discard()
        self._drop = _nobody_to_drop
        self._first = self.append = _swallow

    def _choose_way(self) -> None:
        self._descriptor = -1
        if self._open and self._sock is not None:
            self._descriptor = self._sock.fileno()
        self._direct = (
            self._descriptor >= 0
            and not self._blocked
            and not self._held
            and self._wire_log is None
        )
        shared = self._direct and self._piece_bytes == PIECE_BYTES
        self._use_line(self._descriptor if shared else NO_LINE)

    # --- looking -----------------------------------------------------------------------------

    @property
    def given(self) -> int:
        """How many bytes were given to the kernel or the transport so far, or are about to be."""
        return self._sent + self.carried() + self._held_bytes

    def progress(self) -> tuple[int, int]:
        """Return how many bytes the client has taken so far, and how many more wait for it.

        Taken is what its kernel has acknowledged, where one can know that.
        """
        sent = self._sent + self.carried()
        if not self._open or (sent == self._taken and not self._held):
            return self._taken, 0
        under_way = self._transport.get_write_buffer_size()
        if self._sock is not None:
            under_way += unacknowledged(self._sock)
        self._taken = sent - under_way
        return self._taken, under_way + self._held_bytes


def _nobody_to_drop(_reason: Reason) -> None:
    """Stand in for the connection of a retired outbox."""


def _swallow(_data: bytes) -> None:
    """Stand in for the queue of a retired outbox."""


def _pieces(parts: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Join neighbours as long as they fit `limit`; a longer part stays alone."""
    piece: list[bytes] = []
    size = 0
    for part in parts:
        if size + len(part) > limit and piece:
            yield b"".join(piece)
            piece, size = [], 0
        piece.append(part)
        size += len(part)
    if piece:
        yield b"".join(piece)
