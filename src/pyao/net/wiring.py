"""What all connections of one server share: clock, limits, counters, the common flush, the log.

Belongs to `ArgentumServer`, which is the only one to make it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog

from pyao.net.flusher import Flusher
from pyao.net.limits import Clock, Limits, LogGate
from pyao.net.stats import NetStats
from pyao.protocol import TextEncoding

log = structlog.get_logger(__name__)

C = TypeVar("C")


@dataclass(slots=True)
class Wiring(Generic[C]):
    """`C` is the class of connection; `closed` is told when one is gone for good."""

    loop: asyncio.AbstractEventLoop
    clock: Clock
    limits: Limits
    stats: NetStats
    flusher: Flusher
    encoding: TextEncoding
    closed: Callable[[C], None]
    packet_log: bool = False
    connections: set[C] = field(default_factory=set)
    throttled: set[C] = field(default_factory=set)
    gates: dict[str, LogGate] = field(default_factory=dict)

    def report(self, reason: str, address: str, **details: object) -> None:
        """Write one line about an unwelcome client, unless there were too many of its kind."""
        gate = self.gates.get(reason)
        if gate is None:
            gate = self.gates[reason] = LogGate(self.clock)
        swallowed = gate.admit()
        if swallowed is None:
            return
        if swallowed:
            details["unreported"] = swallowed
        log.info("a client was let go", reason=str(reason), address=address, **details)
