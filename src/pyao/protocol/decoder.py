"""The decoder: bytes of one stream in, whole packets out. The only place that knows partial input.

A packet's declaration is its length: the stream has no other framing, so a byte that no table
explains loses the stream for good. The answer does not depend on how the bytes were cut.
"""

from __future__ import annotations

from typing import Generic, TypeVar, cast, overload

from pyao.errors import ProtocolViolation
from pyao.protocol.layout import Incomplete, Malformed
from pyao.protocol.packet import ClientPacket, Packet
from pyao.protocol.tables import CLIENT_PACKETS, PacketTable

MAX_PACKET_BYTES = 65_536

P = TypeVar("P", bound=Packet)


class Decoder(Generic[P]):
    """Cuts one stream into packets; holds back at most `max_packet_bytes` of an unfinished one.

    `Decoder()` reads what clients send, `Decoder(SERVER_PACKETS)` what we send.
    """

    __slots__ = (
        "_held",
        "_max_packet_bytes",
        "_need",
        "_offset",
        "_plain",
        "_table",
        "_violation",
    )

    @overload
    def __init__(
        self: Decoder[ClientPacket], *, max_packet_bytes: int = MAX_PACKET_BYTES
    ) -> None: ...

    @overload
    def __init__(
        self, table: PacketTable[P], *, max_packet_bytes: int = MAX_PACKET_BYTES
    ) -> None: ...

    def __init__(
        self,
        table: PacketTable[P] | PacketTable[ClientPacket] = CLIENT_PACKETS,
        *,
        max_packet_bytes: int = MAX_PACKET_BYTES,
    ) -> None:
        # The overloads tie the table to P; the default alone cannot.
        self._table = cast("PacketTable[P]", table)
        self._plain = self._table.plain
        if max_packet_bytes < self._table.longest_plain:
            least = self._table.longest_plain  # feed() takes those without measuring them
            raise ValueError(f"max_packet_bytes must be at least {least}, got {max_packet_bytes}")
        self._max_packet_bytes = max_packet_bytes
        self._held: bytes | bytearray = b""  # shared by all decoders that hold nothing
        self._need = 0
        self._offset = 0
        self._violation: ProtocolViolation | None = None

    @property
    def held_bytes(self) -> int:
        """Bytes that wait for the rest of their packet."""
        return len(self._held)

    def feed(self, data: bytes) -> list[P]:
        """Return the packets that `data` completes, in order.

        Raises ProtocolViolation, with the packets before it, when the stream can no longer be
        understood; from then on every call raises it again, without packets.
        """
        if self._held or self._violation:
            data = self._join(data)
        packets: list[P] = []
        plain = self._plain
        pos = need = 0
        end = len(data)
        try:
            while pos < end:
                size, unpack_from, make = plain[data[pos]]
                if size:
                    after = pos + size
                    if after > end:
                        need = after
                        break
                    packets.append(make(*unpack_from(data, pos)))
                else:
                    packet, after = self._read(data, pos)
                    packets.append(packet)
                pos = after
        except Incomplete as wait:
            need = wait.need
        except Malformed as wrong:
            raise self._violate(data, pos, str(wrong), packets) from None
        if need - pos > self._max_packet_bytes:
            raise self._violate(data, pos, self._too_long(), packets)
        if need:
            self._held = bytearray(data[pos:])
            self._need = need - pos
        self._offset += pos
        return packets

    def _read(self, data: bytes, pos: int) -> tuple[P, int]:
        """Read a packet that no single struct reads."""
        packet, after = self._table.read(data, pos)
        if after - pos > self._max_packet_bytes:
            raise Malformed(self._too_long())
        return packet, after

    def _too_long(self) -> str:
        return f"longer than {self._max_packet_bytes} bytes"

    def _join(self, data: bytes) -> bytes:
        """Return what was held back with `data` behind it, or nothing while that cannot help."""
        if self._violation:
            earlier = self._violation
            raise ProtocolViolation(earlier.packet_id, earlier.offset, earlier.reason)
        self._held += data
        if len(self._held) < self._need:
            return b""
        joined, self._held = bytes(self._held), b""
        return joined

    def _violate(self, data: bytes, pos: int, reason: str, packets: list[P]) -> ProtocolViolation:
        """Give the stream up."""
        self._violation = ProtocolViolation(data[pos], self._offset + pos, reason, tuple(packets))
        return self._violation
