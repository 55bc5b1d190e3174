"""The packet log: one DEBUG line per packet, both ways, secrets hidden. Off it costs nothing.

What a client sends says by its fields what is secret; what we send, by being `Confidential`.

A line takes about 10 microseconds, so it is for looking at a few clients, not for a full server.
"""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from pyao.net.outbox import WireLog
from pyao.protocol import SERVER_PACKETS, ClientPacket, Decoder, ProtocolViolation
from pyao.protocol.packet import HIDDEN, Confidential

log = structlog.get_logger(__name__)

_HEX_BYTES = 32


def log_incoming(address: str, packets: Iterable[ClientPacket]) -> None:
    """Write a line for each packet of a client."""
    for packet in packets:
        line = f"[INCOMING] {packet.describe()}"
        log.debug(line, address=address)


def both(first: WireLog | None, second: WireLog | None) -> WireLog | None:
    """Return what shows each message to two that may want it; None when neither does."""
    if first is None or second is None:
        return first or second

    def show(data: bytes) -> None:
        first(data)
        second(data)

    return show


class OutgoingLog:
    """Reads what we send to one client and writes a line for each packet of it."""

    __slots__ = ("_address", "_decoder")

    def __init__(self, address: str) -> None:
        self._address = address
        self._decoder = Decoder(SERVER_PACKETS)

    def __call__(self, data: bytes) -> None:
        """Write a line for each packet in `data`; what no table explains is shown as bytes."""
        try:
            packets = self._decoder.feed(data)
            if isinstance(data, Confidential):
                lines = [f"{packet.packet_name} {HIDDEN}" for packet in packets]
            else:
                lines = [packet.describe() for packet in packets]
        except ProtocolViolation:
            self._decoder = Decoder(SERVER_PACKETS)
            lines = [HIDDEN if isinstance(data, Confidential) else data[:_HEX_BYTES].hex(" ")]
        for described in lines:
            line = f"[OUTGOING] {described}"
            log.debug(line, address=self._address)
