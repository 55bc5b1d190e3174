"""The small HTTP listener behind `/healthz`, `/readyz` and `/metrics`.

It runs in threads of its own, on the standard library's server, so that a loop that hangs is still
reported as one that hangs. It only reads, answers GET and HEAD, and serves few at a time, each for
a bounded time and number of bytes.
"""

from __future__ import annotations

import errno
import io
import os
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

AT_ONCE: Final = 16
PATIENCE_S: Final = 5.0  # for a client to send its request, and again to take the answer
MAX_REQUEST_BYTES: Final = 32 * 1024
REST_S: Final = 0.1  # while no descriptor is free at all
PLAIN: Final = "text/plain; charset=utf-8"
_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


@dataclass(frozen=True, slots=True)
class Page:
    """An answer."""

    status: HTTPStatus
    body: bytes
    content_type: str = PLAIN


Make = Callable[[str], Page]  # from the request's Accept header


class Listener:
    """Serves pages by path; OSError when the address is taken. Call `stop` at the end."""

    def __init__(
        self,
        host: str,
        port: int,
        pages: Mapping[str, Make],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = _Server((host, port), pages, clock)
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="pyao-http", daemon=True)
        self._thread.start()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._server.socket.getsockname()[:2]
        return str(host), int(port)

    def stop(self) -> None:
        """Close the socket and end the thread."""
        self._stopping = True
        try:
            # Waiting without a time-out costs nothing while nobody asks; this wakes it.
            socket.create_connection(self.address, timeout=PATIENCE_S).close()
        except OSError:
            log.warning("the monitoring listener could not be woken", address=self.address)
        self._thread.join(PATIENCE_S)
        self._server.server_close()

    def _serve(self) -> None:
        while not self._stopping:
            self._server.handle_request()


class _Server(ThreadingHTTPServer):
    """Answers even when the game has used up all file descriptors: one is kept in reserve."""

    daemon_threads = True
    request_queue_size = AT_ONCE

    def __init__(
        self, address: tuple[str, int], pages: Mapping[str, Make], clock: Callable[[], float]
    ) -> None:
        self.pages = pages
        self.clock = clock
        self._places = threading.BoundedSemaphore(AT_ONCE)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self._lent = False  # the reserve serves a request
        self._reserve = os.open(os.devnull, os.O_RDONLY)
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept. What cannot be accepted waits; to look again at once would burn a core."""
        try:
            return super().get_request()
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            if self._lent:
                time.sleep(REST_S)
                raise
        self._lent = True
        os.close(self._reserve)
        return super().get_request()

    def close_request(self, request: Any) -> None:  # noqa: ANN401 - as in the library
        """Close; in the place of a lent reserve, without a moment when another could take it."""
        if self._lent and sys.platform != "win32":
            self._reserve = request.detach()
            os.dup2(self.fileno(), self._reserve)
            self._lent = False
        else:
            request.close()

    def server_close(self) -> None:
        """Give the reserve up, too."""
        super().server_close()
        if not self._lent:
            os.close(self._reserve)

    def server_bind(self) -> None:
        """Bind without asking a name server for our own name, as the library would."""
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the library
        """Serve in a thread, or close when too many are being served."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the library
        """Serve one request and free its place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, _request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the library
        """Say that a client went away before its answer; no traceback on the terminal."""
        log.debug("a monitoring request failed", address=client_address, error=sys.exc_info()[1])


class _Request(socket.SocketIO):
    """What a client sends, within one deadline for all of it, however often a byte comes.

    The time-out of a socket is for one read only: a dribbler would keep its place for ever.
    """

    def __init__(self, connection: socket.socket, clock: Callable[[], float]) -> None:
        super().__init__(connection, "r")
        self._connection = connection
        self._clock = clock
        self._until = clock() + PATIENCE_S
        self._left = MAX_REQUEST_BYTES

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - as in the library
        """Read what is there; TimeoutError when the time is over, OSError when it is too much."""
        remaining_s = self._until - self._clock()
        if remaining_s <= 0:
            raise TimeoutError("the request took too long")
        if self._left <= 0:
            raise OSError(errno.EMSGSIZE, "the request is too long")
        self._connection.settimeout(remaining_s)
        got = super().readinto(buffer)
        self._left -= got or 0
        return got


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE_S
    server_version = "pyao"
    sys_version = ""

    def setup(self) -> None:
        """Read with a deadline instead of the library's time-out for each read."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_Request(self.connection, self.server.clock))

    def do_GET(self) -> None:
        """Answer with a page."""
        self.connection.settimeout(PATIENCE_S)
        make = self.server.pages.get(self.path.partition("?")[0])
        if make is None:
            known = ", ".join(self.server.pages)
            page = Page(HTTPStatus.NOT_FOUND, f"no such page; there are {known}\n".encode())
        else:
            page = make(self.headers.get("Accept", ""))
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(page.body)

    do_HEAD = do_GET  # noqa: N815 - the library's naming

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's naming
        """Write no line per request: a scrape every few seconds says nothing."""
