"""Plain counters of the network, and the names of every way a connection can end.

Counted on the loop thread only, so plain integers do; whoever shows metrics reads them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why a connection was refused or ended; what `Receiver.lost` is told."""

    CLIENT = "closed by the client"
    RESET = "connection reset"
    CLOSED = "closed by the server"
    SHUTDOWN = "server stopping"
    LOGIN_DEADLINE = "no whole packet in time"
    IDLE = "idle"
    VIOLATION = "protocol violation"
    FOREIGN = "another protocol"
    FLOOD = "too many packets"
    OVERFLOW = "outbox full"
    STALLED = "not reading"
    HANDLER_ERROR = "internal error"
    TLS = "TLS handshake failed"
    SERVER_FULL = "server full"
    ADDRESS_FULL = "too many connections from one address"
    ADDRESS_PACE = "connecting too fast"
    NO_DESCRIPTORS = "out of file descriptors"


@dataclass(slots=True)
class NetStats:
    """What went through the sockets since the start.

    `packets_out` counts what was appended to outboxes; a message of several packets counts once.
    """

    open: int = 0
    total: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    dropped: Counter[Reason] = field(default_factory=Counter)
    packets_in: int = 0
    kinds: list[int] = field(default_factory=lambda: [0] * 256)  # handled, by first byte
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    violations: int = 0
    handler_errors: int = 0
