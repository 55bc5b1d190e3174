"""Two system calls that do not let go of the interpreter lock: `send`, and what is unacknowledged.

The standard library releases the lock around them. When another thread computes in Python (the one
that writes to the store), each release may cost the loop a switch interval of 5 ms: measured, 500
sends took 3 ms alone and up to 2.4 s beside such a thread. Our sockets never block, so there is no
reason to let go. Like this it stays at 3 to 20 ms, for 0.2 microseconds more per call. Linux only.
"""

from __future__ import annotations

import ctypes
import errno
import socket
import sys
from typing import Protocol


class Send(Protocol):
    """`send(2)`: descriptor, bytes, their number, flags."""

    def __call__(self, descriptor: int, data: bytes, size: int, flags: int, /) -> int:
        """Return how many bytes the kernel took, or -1."""
        ...


def offer_again(sock: socket.socket, data: bytes) -> int:
    """Send through the library, which knows why the kernel refused; OSError when it is in vain.

    Returns how many bytes the kernel took: none, as a rule, when it is full.
    """
    try:
        return sock.send(data, SEND_FLAGS)
    except (BlockingIOError, InterruptedError):
        return 0
    except OSError as error:
        if error.errno == errno.ENOBUFS:
            return 0
        raise


if sys.platform == "linux":
    import termios

    # Without `use_errno`, which would make each call half a microsecond dearer.
    _LIBC = ctypes.PyDLL(None)

    # MSG_EOR: what is sent next must never be merged with this; see outbox.py.
    SEND_FLAGS = socket.MSG_EOR | socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL
    # Without argtypes ctypes converts int and bytes by itself, half a microsecond faster.
    direct_send: Send | None = _LIBC.send

    def unacknowledged(sock: socket.socket) -> int:
        """Return how many sent bytes the peer's kernel has not acknowledged; 0 when closed."""
        value = ctypes.c_int(0)
        _LIBC.ioctl(sock.fileno(), termios.TIOCOUTQ, ctypes.byref(value))
        return value.value

else:
    SEND_FLAGS = 0
    direct_send = None

    def unacknowledged(sock: socket.socket) -> int:  # noqa: ARG001 - unknown here
        """Return 0: other systems have other ways to know."""
        return 0
