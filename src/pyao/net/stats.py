"""Plain counters of the network, and the names of every way a connection can end.

Counted on the loop thread only, so plain integers do; whoever shows metrics reads them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

LOOKS_PER_S = 2_000


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
    ADDRESS_BANNED = "address is shut out"
    NO_DESCRIPTORS = "out of file descriptors"


@dataclass(slots=True)
class NetStats:
    """What went through the sockets since the start.

    `packets_out` counts what was appended to outboxes; a message of several packets counts once.
    `kinds_out` has the same sum, by the first byte of each message. To look at every message of a
    crowd would cost it 3 % of its processor time (80 ns for each viewer of each step), so from some
    2,000 messages a second on only some writes are looked at, and each stands for those before it.
    """

    open: int = 0
    total: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    dropped: Counter[Reason] = field(default_factory=Counter)
    packets_in: int = 0
    kinds: list[int] = field(default_factory=lambda: [0] * 256)  # handled, by first byte
    packets_out: int = 0
    kinds_out: list[float] = field(default_factory=lambda: [0.0] * 256)
    look_at: int = 0  # a write that brings `packets_out` to this is looked at
    bytes_in: int = 0
    bytes_out: int = 0
    violations: int = 0
    handler_errors: int = 0
    _looked: int = 0  # `packets_out` at the last look
    _passed_over: int = 0  # messages between two looks
    _paced: int = 0  # `packets_out` a second ago

    def look(self, messages: Sequence[bytes]) -> None:
        """Enter a write by kind, for itself and what was written unseen since the last look."""
        weight = (self.packets_out - self._looked) / len(messages)
        kinds = self.kinds_out
        for message in messages:
            if message:
                kinds[message[0]] += weight
        self._looked = self.packets_out
        self.look_at = self._looked + self._passed_over

    def pace(self) -> None:
        """Choose how often to look, by what the last second brought; called once a second."""
        self._passed_over = (self.packets_out - self._paced) // LOOKS_PER_S
        self._paced = self.packets_out
