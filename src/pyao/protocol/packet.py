"""Packet classes: the two bases and the decorators that give a declaration its id.

A declaration is a small immutable record (`@client_packet(ClientPacketID.WALK) class Walk`). From
its annotations come its length, reader, writer, log line and reference row; nothing about a packet
is written down a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar, dataclass_transform

import msgspec

from pyao.protocol.layout import STRUCT_REFUSALS, Field, Layout, layout_of, wrong_value
from pyao.protocol.packet_id import ClientPacketID, GmCommandID, MultiMessageID, ServerPacketID
from pyao.protocol.text import TextEncoding, encode_like_client, encode_text
from pyao.protocol.wire import Record

HIDDEN = "***"
_VALUE_LIMIT = 60
_ITEM_LIMIT = 8
_LINE_LIMIT = 300


@dataclass_transform(frozen_default=True)
class Packet(msgspec.Struct, frozen=True, gc=False):
    """What both directions share. Fields are positional or keyword; equal values are equal."""

    packet_id: ClassVar[int]
    """The first byte."""
    packet_name: ClassVar[str]
    """The name in the packet tables, `GM_COMMANDS.JAIL` for a sub-command."""
    key: ClassVar[int]
    """One number per declaration and direction: the id, or id * 256 + sub-command."""
    size: ClassVar[int | None]
    """Bytes of the whole packet, or None when that varies."""
    fields: ClassVar[tuple[Field, ...]]
    """The values in wire order."""
    layout: ClassVar[Layout]

    def encode(self) -> bytes:
        """Return the packet as bytes; ValueError names a field that is out of range."""
        raise NotImplementedError

    def describe(self) -> str:
        """Return one line for the log: name and values, cut short, passwords hidden."""
        pairs = (f"{name}={value}" for name, value in self._shown())
        line = " ".join((self.packet_name, *pairs))
        return line if len(line) <= _LINE_LIMIT else line[: _LINE_LIMIT - 3] + "..."

    def _shown(self) -> Iterator[tuple[str, str]]:
        """Yield names and printable values of the fields."""
        for field, value in zip(self.fields, msgspec.structs.astuple(self), strict=True):
            if field.secret:
                yield field.name, HIDDEN
            else:
                yield field.name, _shorten(_public(value) if field.typed else value)

    def _bytes(self, encode: Callable[[str], bytes]) -> bytes:
        layout = self.layout
        values = msgspec.structs.astuple(self)
        if layout.flat is None:
            return layout.write(values, encode)
        try:
            return layout.flat.pack(*layout.prefix, *values)
        except STRUCT_REFUSALS as error:
            raise wrong_value(layout.owner, layout.fields, values, error) from None

    def __str__(self) -> str:
        return self.describe()

    def __repr__(self) -> str:
        # Also what a traceback with local variables prints, so passwords stay hidden here too.
        pairs = ", ".join(f"{name}={value}" for name, value in self._shown())
        return f"{type(self).__name__}({pairs})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return list(self._shown())


class Confidential(bytes):
    """The bytes of packets to a client that hold a secret: a log names them and no more."""

    __slots__ = ()


class ClientPacket(Packet):
    """A packet that a client sends."""

    def encode(self) -> bytes:
        """Return the bytes the Godot client would send: Latin-1, "?" for what does not fit."""
        return self._bytes(encode_like_client)


class ServerPacket(Packet):
    """A packet that we send."""

    safe_in_game: ClassVar[bool] = True
    """False: the client's game screen takes the payload for packet ids, so never send it there."""

    def encode(self, encoding: TextEncoding = "ascii") -> bytes:
        """Return the bytes to send; ValueError names a field that is out of range."""
        if encoding == "ascii":
            return self._bytes(encode_text)
        return self._bytes(lambda text: encode_text(text, encoding))


C = TypeVar("C", bound=ClientPacket)
S = TypeVar("S", bound=ServerPacket)


def client_packet(packet_id: ClientPacketID) -> Callable[[type[C]], type[C]]:
    """Declare the layout of a client packet."""

    def declare(cls: type[C]) -> type[C]:
        _define(cls, packet_id.name, packet_id, None)
        return cls

    return declare


def gm_packet(command: GmCommandID) -> Callable[[type[C]], type[C]]:
    """Declare a game-master command: a sub-command of client packet GM_COMMANDS."""

    def declare(cls: type[C]) -> type[C]:
        _define(cls, f"GM_COMMANDS.{command.name}", ClientPacketID.GM_COMMANDS, command)
        return cls

    return declare


def server_packet(
    packet_id: ServerPacketID, *, safe_in_game: bool = True
) -> Callable[[type[S]], type[S]]:
    """Declare the layout of a server packet."""

    def declare(cls: type[S]) -> type[S]:
        _define(cls, packet_id.name, packet_id, None)
        cls.safe_in_game = safe_in_game
        return cls

    return declare


def multi_message(message: MultiMessageID) -> Callable[[type[S]], type[S]]:
    """Declare a coded message: a sub-message of server packet MULTI_MESSAGE."""

    def declare(cls: type[S]) -> type[S]:
        _define(cls, f"MULTI_MESSAGE.{message.name}", ServerPacketID.MULTI_MESSAGE, message)
        return cls

    return declare


def _define(cls: type[Packet], name: str, packet_id: int, sub_id: int | None) -> None:
    prefix = bytes([packet_id]) if sub_id is None else bytes([packet_id, sub_id])
    layout = layout_of(cls, name, prefix)
    cls.packet_id = int(packet_id)
    cls.packet_name = name
    cls.key = int(packet_id) if sub_id is None else packet_id * 256 + sub_id
    cls.size = layout.size
    cls.fields = layout.fields
    cls.layout = layout


def _public(text: str) -> str:
    """Return what a log may show of a text that was typed: of a command its word."""
    word, space, rest = text.partition(" ")
    return f"{word} {HIDDEN}" if space and rest and word.startswith("/") else text


def _shorten(value: object) -> str:
    """Return `value` as a log shows it, without building the text of a huge list first."""
    if isinstance(value, list):
        shown = ", ".join(_shorten(item) for item in value[:_ITEM_LIMIT])
        return f"[{shown}]" if len(value) <= _ITEM_LIMIT else f"[{shown}, ... {len(value)}]"
    if isinstance(value, Record):
        return "/".join(_shorten(part) for part in msgspec.structs.astuple(value))
    text = repr(value[:_VALUE_LIMIT]) if isinstance(value, str) else repr(value)
    return text if len(text) <= _VALUE_LIMIT else text[: _VALUE_LIMIT - 3] + "..."
