"""Every error this package raises on purpose, on one page.

PyaoError
├── ProtocolViolation    the peer sent what no client may send; its stream is lost
├── StorageError
│   ├── StorageUnavailable   the store does not answer now; nothing was decided, try later
│   ├── StorageConflict      another server owns this world, or a commit came out of order
│   └── StorageCorrupt       a stored record cannot be understood; it is left as it is
├── ConfigError          a setting is wrong: the message says where, what was expected, what to do
├── ContentError         a world file is wrong: the message says file, line and what was expected
├── ConsoleError         no running server answers the console, or it lets nobody in
├── RoomError            a room was asked for something it refuses; `code` says which rule
└── ModuleError          a module cannot be loaded, enabled or reloaded; the message says why

A refused action of a player is a value, never an exception. Anything else that is raised is a bug.
"""

from __future__ import annotations

from pathlib import Path


class PyaoError(Exception):
    """The root of everything raised on purpose; its text is fit to be shown to an operator."""


class ProtocolViolation(PyaoError):  # noqa: N818 - the field's own word for it
    """The peer sent bytes that no packet table explains.

    `packet_id` is None when not even an id was read; `offset` counts bytes from the start of the
    stream; `packets` are the whole packets decoded from the same chunk before the violation.
    """

    def __init__(
        self, packet_id: int | None, offset: int, reason: str, packets: tuple[object, ...] = ()
    ) -> None:
        self.packet_id = packet_id
        self.offset = offset
        self.reason = reason
        self.packets = packets
        super().__init__(f"packet id {packet_id} at byte {offset}: {reason}")


class StorageError(PyaoError):
    """Something about the store."""


class StorageUnavailable(StorageError):  # noqa: N818 - a state, not a mistake
    """The store does not answer now; the operation was not decided and may be tried again."""


class StorageConflict(StorageError):  # noqa: N818 - a state, not a mistake
    """Another server owns this world, or this server's commit number is not the next one."""


class StorageCorrupt(StorageError):  # noqa: N818 - a state, not a mistake
    """A stored record cannot be understood. It is quarantined, never overwritten."""


class ConfigError(PyaoError):
    """A setting is wrong; the text names source, field, what was expected and what came."""


class ContentError(PyaoError):
    """A content file is wrong; the text starts with `file:line:` where a line is known."""

    def __init__(
        self, message: str, *, file: Path | str | None = None, line: int | None = None
    ) -> None:
        self.file = file
        self.line = line
        self.reason = message
        where = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        super().__init__(where + message)


class ConsoleError(PyaoError):
    """No running server answers the console where it was looked for, or it lets nobody in."""


class RoomError(PyaoError):
    """A room or the index of rooms refuses; `code` is one of `pyao.rooms.RoomRefusal`."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class ModuleError(PyaoError):
    """A module cannot be found, loaded, enabled or reloaded; the text says what to do."""
