"""Bytes by hand: a chainable writer and a reader for packets that have no declaration.

Modules and tests use it; the server's own packets are declarations (server_packets.py).
"""

from __future__ import annotations

import struct

from pyao.errors import ProtocolViolation
from pyao.protocol.text import TextEncoding, encode_text
from pyao.protocol.wire import BYTE, FLAG, FLOAT, LONG, MAX_STRING_BYTES, SHORT, Scalar


class PacketBuilder:
    """Collects values in wire order: `PacketBuilder().add_byte(6).add_byte(3).to_bytes()`.

    Every method refuses a value outside its range with a ValueError that names both.
    """

    def __init__(self) -> None:
        self._data = bytearray()

    def add_byte(self, value: int) -> PacketBuilder:
        """Add an unsigned byte, 0 to 255."""
        return self._add("byte", BYTE, value)

    def add_bool(self, value: bool) -> PacketBuilder:  # noqa: FBT001 - the value itself
        """Add a flag as one byte, 0 or 1."""
        return self._add("bool", FLAG, value)

    def add_int16(self, value: int) -> PacketBuilder:
        """Add a signed 16-bit integer, -32768 to 32767."""
        return self._add("int16", SHORT, value)

    def add_int32(self, value: int) -> PacketBuilder:
        """Add a signed 32-bit integer."""
        return self._add("int32", LONG, value)

    def add_float(self, value: float) -> PacketBuilder:
        """Add a 32-bit float."""
        return self._add("float", FLOAT, value)

    def add_string(self, text: str, encoding: TextEncoding = "ascii") -> PacketBuilder:
        """Add a string behind its byte count, at most 32767 bytes."""
        body = encode_text(text, encoding)
        if len(body) > MAX_STRING_BYTES:
            raise ValueError(f"string must be at most {MAX_STRING_BYTES} bytes, got {len(body)}")
        self._data += len(body).to_bytes(2, "little")
        self._data += body
        return self

    def add_bytes(self, data: bytes) -> PacketBuilder:
        """Add bytes as they are."""
        self._data += data
        return self

    def to_bytes(self) -> bytes:
        """Return everything added so far."""
        return bytes(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def _add(self, what: str, kind: Scalar, value: object) -> PacketBuilder:
        if problem := kind.problem(value):
            raise ValueError(f"{what} {problem}")
        self._data += struct.pack("<" + kind.code, value)
        return self


class PacketReader:
    """Reads values in wire order; reading past the end raises ProtocolViolation."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self.position = position

    @property
    def remaining(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self.position

    def read_byte(self) -> int:
        """Read an unsigned byte."""
        return self.read_bytes(1)[0]

    def read_bool(self) -> bool:
        """Read a flag: any byte but 0 is true."""
        return self.read_byte() != 0

    def read_int16(self) -> int:
        """Read a signed 16-bit integer."""
        return int.from_bytes(self.read_bytes(2), "little", signed=True)

    def read_int32(self) -> int:
        """Read a signed 32-bit integer."""
        return int.from_bytes(self.read_bytes(4), "little", signed=True)

    def read_float(self) -> float:
        """Read a 32-bit float."""
        value: float = struct.unpack("<f", self.read_bytes(4))[0]
        return value

    def read_string(self, encoding: TextEncoding = "latin-1") -> str:
        """Read a string behind its byte count; bytes invalid in `encoding` become marks."""
        length = self.read_int16()
        if length < 0:
            raise self._violation(f"a string has a negative length ({length})")
        return str(self.read_bytes(length), encoding, "replace")

    def read_bytes(self, count: int) -> bytes:
        """Read `count` bytes as they are."""
        if not 0 <= count <= self.remaining:
            raise self._violation(f"{count} bytes wanted, {self.remaining} left")
        start = self.position
        self.position += count
        return self._data[start : self.position]

    def _violation(self, reason: str) -> ProtocolViolation:
        return ProtocolViolation(self._data[0] if self._data else None, self.position, reason)
