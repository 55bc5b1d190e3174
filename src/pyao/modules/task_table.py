"""The table of tasks by packet, with what modules put in place of the server's own rows.

`rows` is one ordinary dictionary that the network reads for every packet; replacing a row is an
assignment between two packets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pyao.errors import ModuleError
from pyao.events import Bulkhead

Row = TypeVar("Row")
TaskFunction = Callable[[Any, Any], None]


class PacketType(Protocol):
    """A declared packet, as far as the table needs it."""

    key: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """One packet whose task belongs to a module."""

    key: int
    module: str


class TaskTable(Generic[Row]):
    """The server's rows, and those of modules above them.

    `make_row(old, function)` builds a row for a module's function from the row it replaces, or
    from None for a packet that nothing answered so far.
    """

    def __init__(
        self,
        base: Mapping[int, Row],
        make_row: Callable[[Row | None, TaskFunction], Row],
        bulkhead: Bulkhead,
    ) -> None:
        self.rows: dict[int, Row] = dict(base)
        self._base = dict(base)
        self._make_row = make_row
        self._bulkhead = bulkhead
        self._replaced: dict[int, Replacement] = {}

    def replace(self, module: str, packet: type[PacketType], function: TaskFunction) -> Replacement:
        """Let `function(turn, packet)` answer the packet; ModuleError when another module does."""
        taken = self._replaced.get(packet.key)
        if taken is not None:
            raise ModuleError(f"{packet.__name__} is answered by module {taken.module} already")
        replacement = Replacement(packet.key, module)
        what = f"task {packet.__name__}"

        def run(turn: object, received: object) -> None:
            self._bulkhead.call(module, what, function, turn, received)

        self.rows[packet.key] = self._make_row(self._base.get(packet.key), run)
        self._replaced[packet.key] = replacement
        return replacement

    def restore(self, replacement: Replacement) -> None:
        """Give the packet back to the server's own task, if there is one."""
        if self._replaced.get(replacement.key) is not replacement:
            return
        del self._replaced[replacement.key]
        if replacement.key in self._base:
            self.rows[replacement.key] = self._base[replacement.key]
        else:
            del self.rows[replacement.key]

    def original(self, packet: type[PacketType]) -> Row | None:
        """Return the server's own row for the packet, so that a module can build on it."""
        return self._base.get(packet.key)

    def replacements(self, module: str | None = None) -> list[Replacement]:
        """Return what modules (or one of them) have replaced."""
        found = self._replaced.values()
        return [each for each in found if module is None or each.module == module]
