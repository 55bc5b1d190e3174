"""A task is one decoded packet with its turn: run at once, from first to last line alone.

The table says for each packet which function runs and in which phase of a session it may come.
A row is one decorated function; nothing else has to be edited to answer a new packet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import structlog

from pyao.protocol.packet import Packet
from pyao.tasks.session import Phase
from pyao.tasks.turn import Turn

log = structlog.get_logger(__name__)

P = TypeVar("P", bound=Packet)
Function = Callable[[Turn, Any], None]


@dataclass(frozen=True, slots=True)
class Row:
    """What the table knows of one packet.

    `cost` is how many packets it counts as in the client's allowance. A request whose answer is
    long pays for it, one for each 200 bytes, so that nobody makes the server send much for little.
    """

    function: Function
    phase: Phase = Phase.IN_GAME
    alive: bool = False  # the dead are told that they are dead
    cost: int = 1


# Packet key -> row. The key of a game-master sub-command is packet id * 256 + sub-command.
TASK_HANDLERS: dict[int, Row] = {}


def on(
    packet: type[P], *, phase: Phase = Phase.IN_GAME, alive: bool = False, cost: int = 1
) -> Callable[[Callable[[Turn, P], None]], Callable[[Turn, P], None]]:
    """Enter a function into the table as the one that answers a packet."""

    def enter(function: Callable[[Turn, P], None]) -> Callable[[Turn, P], None]:
        if packet.key in TASK_HANDLERS:
            msg = f"{packet.packet_name} has two tasks"
            raise ValueError(msg)
        TASK_HANDLERS[packet.key] = Row(function, phase, alive, cost)
        return function

    return enter


class Task(msgspec.Struct):  # made in C: a fifth of what a dataclass takes, for every packet
    """One packet, whose turn it is, and the function that answers it."""

    turn: Turn
    packet: Packet
    function: Function

    def run(self) -> None:
        """Answer the packet. Never awaits."""
        self.function(self.turn, self.packet)


@dataclass(slots=True)
class TaskNull:
    """A packet that nothing answers: named in the log, and that is all."""

    turn: Turn
    packet: Packet

    def run(self) -> None:
        """Log the packet by name."""
        log.debug("no task for this packet", packet=self.packet.packet_name, who=str(self.turn))
