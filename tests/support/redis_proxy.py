"""A TCP proxy in front of Redis that misbehaves on demand, as networks do.

It runs in threads of its own, so that synchronous and asynchronous tests can use it alike.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Literal

Mode = Literal["pass", "drop", "cut"]
Fate = Literal["silent", "cut", "late"] | None
CHUNK = 65_536


class RedisProxy:
    """Forwards 127.0.0.1:`port` to a Redis.

    `mode`: "pass" forwards, "drop" swallows everything both ways while connections stay open, "cut"
    ends each connection at its next byte. `lose_reply` is asked for each EXEC that passes: None
    lets it be; "silent" forwards it and swallows the answer; "cut" forwards it and ends the
    connection instead of answering; "late" keeps it until `let_go`, long after its client left.
    """

    def __init__(self, upstream_port: int) -> None:
        self.mode: Mode = "pass"
        self.lose_reply: Callable[[], Fate] = lambda: None
        self.let_go = threading.Event()
        self.late_answers: list[bytes] = []
        self.connections = 0
        self.execs = 0
        self.unanswered = 0  # requests that were swallowed
        self._upstream_port = upstream_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"redis://127.0.0.1:{self.port}/0"

    def reset_all(self) -> None:
        """End every connection with an RST."""
        for end in list(self._open):
            self._hang_up(end)

    def close(self) -> None:
        """Stop listening and end everything."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.reset_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                server = socket.create_connection(("127.0.0.1", self._upstream_port), 1)
            except OSError:
                self._hang_up(client)
                continue
            server.settimeout(None)
            self._open |= {client, server}
            pair = _Pair(self, client, server)
            threading.Thread(target=pair.forward, daemon=True).start()
            threading.Thread(target=pair.back, daemon=True).start()

    def _hang_up(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            end.close()


class _Pair:
    """One client and its connection to Redis."""

    def __init__(self, proxy: RedisProxy, client: socket.socket, server: socket.socket) -> None:
        self.proxy = proxy
        self.client = client
        self.server = server
        self.losing: Fate = None
        self.answered = threading.Event()

    def forward(self) -> None:
        """Carry requests."""
        while (data := self._read(self.client)) is not None:
            if b"\r\nEXEC\r\n" in data:
                self.proxy.execs += 1
                self.losing = self.proxy.lose_reply()
            if self.losing == "late":
                self.proxy.let_go.wait()
            if not self._pass_on(self.server, data):
                return
            if self.losing == "late":
                self.answered.wait()  # hanging up now would take the request back

    def back(self) -> None:
        """Carry answers."""
        while (data := self._read(self.server)) is not None:
            if self.losing == "cut":
                self._end()
                return
            if self.losing == "late":
                self.proxy.late_answers.append(data)
                self.answered.set()
            if self.losing is None and not self._pass_on(self.client, data):
                return

    def _read(self, end: socket.socket) -> bytes | None:
        try:
            data = end.recv(CHUNK)
        except OSError:
            data = b""
        if not data or self.proxy.mode == "cut":
            self._end()
            return None
        return data

    def _pass_on(self, end: socket.socket, data: bytes) -> bool:
        if self.proxy.mode == "drop":
            self.proxy.unanswered += end is self.server
            return True
        try:
            end.sendall(data)
        except OSError:
            self._end()
            return False
        return True

    def _end(self) -> None:
        self.proxy._hang_up(self.client)
        self.proxy._hang_up(self.server)
