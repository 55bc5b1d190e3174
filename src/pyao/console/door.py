"""The console's door for other processes of this machine: a Unix socket in the data folder.

Only the user who runs the server may open it (mode 0600). Where there are no Unix sockets, or the
path is too long for one, it is a loopback port; a random token in a file of mode 0600 opens that.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import secrets
import socket
import struct
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec
import structlog

from pyao.console.answer import refused, said
from pyao.console.core import Console
from pyao.console.wire import (
    MAX_REQUEST_BYTES,
    PORT_FILE,
    SOCKET_FILE,
    Hello,
    PortFile,
    Reply,
    has_room,
    hellos,
    requests,
    send,
)
from pyao.console.words import clean

if sys.platform != "win32":
    import pwd

MAX_VISITORS: Final = 16
HELLO_S: Final = 5.0
LAST_ANSWER_S: Final = 1.0
_MAX_NAME_CHARS: Final = 40

log = structlog.get_logger(__name__)


class SocketDoor:
    """Lets operators of this machine speak to the console. `unix=False` takes a port instead."""

    def __init__(self, console: Console, data_dir: Path, *, unix: bool | None = None) -> None:
        self._console = console
        self._socket_path = data_dir.absolute() / SOCKET_FILE
        self._port_path = data_dir.absolute() / PORT_FILE
        possible = hasattr(socket, "AF_UNIX") and has_room(self._socket_path)
        self._unix = possible if unix is None else unix
        self._token = secrets.token_urlsafe(32)
        self._server: asyncio.Server | None = None
        self._made: Path | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen. A door that cannot be opened is a warning: the game does not need it."""
        try:
            if self._unix:
                await self._listen_on_socket()
            else:
                await self._listen_on_port()
        except OSError as error:
            log.warning("console_door_closed", reason=error.strerror or str(error))

    async def close(self) -> None:
        """Stop listening, let what is being done be answered, then part."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        if self._made is not None:
            self._made.unlink(missing_ok=True)
        if self._busy:
            await asyncio.wait(self._busy, timeout=LAST_ANSWER_S)
        for visit in self._visits:
            visit.cancel()
        if self._visits:
            await asyncio.wait(self._visits, timeout=LAST_ANSWER_S)

    async def _listen_on_socket(self) -> None:
        path = self._socket_path
        if await _answers(path):
            raise OSError(f"another server listens on {path}")
        path.unlink(missing_ok=True)  # left by a server that was killed
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(path))
            # Nobody can connect before somebody listens, so there is no moment of open access.
            path.chmod(0o600)
            self._made = path
            self._server = await asyncio.start_unix_server(
                self._visited, sock=listener, limit=MAX_REQUEST_BYTES
            )
        except BaseException:
            listener.close()
            raise

    async def _listen_on_port(self) -> None:
        self._server = await asyncio.start_server(
            self._visited, "127.0.0.1", 0, limit=MAX_REQUEST_BYTES
        )
        port = int(self._server.sockets[0].getsockname()[1])
        draft = self._port_path.with_suffix(".tmp")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.encode(PortFile(port, self._token)))
        draft.replace(self._port_path)
        self._made = self._port_path

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        if visit is None:
            return
        self._visits.add(visit)
        try:
            await self._converse(visit, reader, writer)
        except (OSError, TimeoutError, ValueError, RecursionError) as error:
            # Gone, silent, or no console: a line too long and no JSON are ValueErrors; JSON nested
            # too deep is a RecursionError.
            log.info("console_visitor_lost", reason=str(error)[:200])
        except asyncio.CancelledError:
            if self._server is not None:  # else `close` ended the visit; asyncio would complain
                raise
        finally:
            self._visits.discard(visit)
            self._busy.discard(visit)
            writer.close()

    async def _converse(
        self,
        visit: asyncio.Task[None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        async with asyncio.timeout(HELLO_S):
            hello = hellos.decode(await reader.readline())
        problem = self._refusal(hello)
        greeting = refused(problem) if problem else said(f"PyAO Server {version('pyao-server')}")
        send(writer, Reply(greeting))
        await writer.drain()
        if problem:
            return
        operator = f"console:{_user_of(writer) or clean(hello.user)[:_MAX_NAME_CHARS]}"
        while line := await reader.readline():
            self._busy.add(visit)
            send(writer, await self._reply(line, operator))
            await writer.drain()
            self._busy.discard(visit)

    def _refusal(self, hello: Hello) -> str:
        if not self._unix and not hmac.compare_digest(hello.token.encode(), self._token.encode()):
            log.warning("console_wrong_token")
            return f"wrong token; it stands in {self._port_path.name}"
        if len(self._visits) > MAX_VISITORS:
            return f"{MAX_VISITORS} consoles are open already"
        return ""

    async def _reply(self, line: bytes, operator: str) -> Reply:
        request = requests.decode(line)
        if request.complete is not None:
            return Reply(words=self._console.complete(request.complete[:MAX_REQUEST_BYTES]))
        return Reply(await self._console.run(request.line, operator))


async def _answers(path: Path) -> bool:
    """Tell whether a living server listens on a socket."""
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def _user_of(writer: asyncio.StreamWriter) -> str:
    """Return the user at the other end of a Unix socket, where the system tells."""
    own = writer.get_extra_info("socket")
    option = getattr(socket, "SO_PEERCRED", None)
    if sys.platform == "win32" or option is None or own.family != socket.AF_UNIX:
        return ""
    _, uid, _ = struct.unpack("3i", own.getsockopt(socket.SOL_SOCKET, option, 12))
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
