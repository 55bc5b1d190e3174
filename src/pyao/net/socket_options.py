"""What we ask of the kernel for each game socket.

Options are set once on the listening socket; accepted sockets inherit them.
"""

from __future__ import annotations

import socket
import sys

if sys.platform != "win32":
    import resource

BACKLOG = 1024
SEND_BYTES = 64 * 1024
"""Small, so that a client that does not read is noticed; the kernel doubles it for its own use."""
RECEIVE_BYTES = 16 * 1024
"""Clients send a few bytes at a time; what a flooding one may leave in the kernel is bounded."""
KEEP_ALIVE_IDLE_S = 30
KEEP_ALIVE_INTERVAL_S = 10
KEEP_ALIVE_COUNT = 3
UNANSWERED_MS = 50_000
"""With bytes in flight no keep-alive is sent; a peer that vanished then is given up after this."""

RESERVED_DESCRIPTORS = 128
"""For everything that is no player: the store, logs, clients that are just being turned away."""


def descriptor_room() -> int | None:
    """Return how many connections the process's limit of open files allows; None is any number."""
    if sys.platform == "win32":
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else max(1, soft - RESERVED_DESCRIPTORS)


def prepare_listener(sock: socket.socket) -> None:
    """Set on a listening socket what every connection shall have."""
    sock.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEP_ALIVE_INTERVAL_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, KEEP_ALIVE_COUNT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)
