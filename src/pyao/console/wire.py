"""What passes between a console door and who knocks: one JSON object per line, both ways."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Final

import msgspec

from pyao.console.answer import Answer

SOCKET_FILE: Final = "console.sock"
PORT_FILE: Final = "console.json"
MAX_REQUEST_BYTES: Final = 64 * 1024
MAX_REPLY_BYTES: Final = 32 * 1024 * 1024
# What fits into the address of a Unix socket on every system, with the zero at its end.
MAX_PATH_BYTES: Final = 103


class Hello(msgspec.Struct):
    """The first line: who knocks, and on a port the token from the port file."""

    user: str = ""
    token: str = ""


class Request(msgspec.Struct):
    """A line to run, or a text to complete."""

    line: str = ""
    complete: str | None = None


class Reply(msgspec.Struct):
    """The answer to a line, or the words that complete a text."""

    answer: Answer | None = None
    words: list[str] = []


class PortFile(msgspec.Struct):
    """Where the door is on systems without Unix sockets, and the token that opens it."""

    port: int
    token: str


hellos: Final = msgspec.json.Decoder(Hello)
requests: Final = msgspec.json.Decoder(Request)
replies: Final = msgspec.json.Decoder(Reply)
port_files: Final = msgspec.json.Decoder(PortFile)


def send(writer: asyncio.StreamWriter, message: msgspec.Struct) -> None:
    """Queue one message."""
    writer.write(msgspec.json.encode(message) + b"\n")


def has_room(path: Path) -> bool:
    """Tell whether a path is short enough for a Unix socket."""
    return len(os.fsencode(path)) <= MAX_PATH_BYTES
