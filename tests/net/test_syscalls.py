from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from pyao.net.syscalls import SEND_FLAGS, direct_send, offer_again, unacknowledged

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    with ours, theirs:
        yield ours, theirs


def send(sock: socket.socket, data: bytes) -> int:
    assert direct_send is not None
    return direct_send(sock.fileno(), data, len(data), SEND_FLAGS)


def test_bytes_arrive(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    assert send(ours, b"\x00abc\xff") == 5
    assert theirs.recv(100) == b"\x00abc\xff"


def test_a_full_kernel_says_so_even_on_a_blocking_socket(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    accepted = 0
    while (sent := send(ours, b"x" * 100_000)) > 0:
        accepted += sent
    assert sent == -1
    assert offer_again(ours, b"x") == 0
    assert 0 < unacknowledged(ours) <= accepted
    while accepted:
        accepted -= len(theirs.recv(1 << 20))
    assert offer_again(ours, b"x") == 1
    assert send(ours, b"x") == 1


def test_a_closed_socket_is_not_a_full_one(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.close()
    while send(ours, b"x") > 0:
        pass  # the first one or two still leave, until the reset is here
    with pytest.raises(OSError, match=r"reset|pipe"):
        offer_again(ours, b"x")
    ours.close()
    assert send(ours, b"x") == -1
    with pytest.raises(OSError, match="descriptor"):
        offer_again(ours, b"x")
    assert unacknowledged(ours) == 0
