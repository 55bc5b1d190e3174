"""A console in another process: what `pyao-server console` speaks to the running server with."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
from pathlib import Path
from typing import Self

import msgspec

from pyao.console.answer import Answer, refused
from pyao.console.wire import (
    MAX_REPLY_BYTES,
    PORT_FILE,
    SOCKET_FILE,
    Hello,
    Reply,
    Request,
    has_room,
    port_files,
    replies,
    send,
)
from pyao.console.words import clean
from pyao.errors import ConsoleError

CONNECT_S = 5.0
_LOST = refused("the server has closed the connection")


class RemoteConsole:
    """One connection to the console of the server that runs on a data folder."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.greeting = ""

    @classmethod
    async def connect(cls, data_dir: Path) -> Self:
        """Knock at the door in a data folder; ConsoleError when nobody answers."""
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer, token = await _reach(data_dir)
                made = cls(reader, writer)
                reply = await made._ask(Hello(user_name(), token))
        except (OSError, TimeoutError, msgspec.DecodeError) as error:
            raise ConsoleError(
                f"no server answers on the data folder {data_dir}; start it with `pyao-server`, or "
                "name its folder with --data-dir"
            ) from error
        answer = (reply or Reply()).answer or _LOST
        if not answer.ok:
            await made.close()
            raise ConsoleError(answer.error)
        made.greeting = " ".join(answer.lines)
        return made

    async def run(self, line: str) -> Answer:
        """Let the server do what a line says."""
        reply = await self._ask(Request(line=clean(line)))
        return _LOST if reply is None or reply.answer is None else reply.answer

    async def complete(self, text: str) -> list[str]:
        """Return what the last word of a text may become."""
        reply = await self._ask(Request(complete=text))
        return [] if reply is None else reply.words

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    @property
    def lost(self) -> bool:
        """Whether the server has hung up."""
        return self._reader.at_eof()

    async def _ask(self, message: msgspec.Struct) -> Reply | None:
        try:
            send(self._writer, message)
            await self._writer.drain()
            line = await self._reader.readline()
        except OSError:
            return None
        return replies.decode(line) if line else None


async def _reach(data_dir: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    path = data_dir / SOCKET_FILE
    if has_room(path) and path.exists():
        return *await asyncio.open_unix_connection(str(path), limit=MAX_REPLY_BYTES), ""
    where = port_files.decode((data_dir / PORT_FILE).read_bytes())
    streams = await asyncio.open_connection("127.0.0.1", where.port, limit=MAX_REPLY_BYTES)
    return *streams, where.token


def user_name() -> str:
    """Return who uses this process, for the audit; empty when the system does not know."""
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
