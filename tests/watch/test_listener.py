from __future__ import annotations

import contextlib
import http.client
import os
import resource
import socket
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from tests.support.waiting import PATIENCE_S

from pyao.watch import listener as listener_module
from pyao.watch.listener import AT_ONCE, MAX_REQUEST_BYTES, Listener, Page


class Moment:
    """A clock in seconds that a test moves; `asked` is set when somebody looks at it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = threading.Semaphore(0)

    def __call__(self) -> float:
        self.asked.release()
        return self.now


@pytest.fixture
def listener() -> Iterator[Listener]:
    pages = {
        "/plain": lambda accept: Page(HTTPStatus.OK, f"accepts {accept}".encode()),
        "/broken": lambda _accept: Page(HTTPStatus.SERVICE_UNAVAILABLE, b"no", "text/html"),
    }
    one = Listener("127.0.0.1", 0, pages)
    yield one
    one.stop()


def ask(
    listener: Listener, path: str, method: str = "GET", **headers: str
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(*listener.address, timeout=PATIENCE_S)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    connection.close()
    return answer


def test_a_page_is_made_for_what_the_client_accepts(listener: Listener) -> None:
    answer = ask(listener, "/plain?x=1", Accept="text/plain")
    assert answer.status == 200
    assert answer.read() == b"accepts text/plain"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_says_its_status_and_type(listener: Listener) -> None:
    answer = ask(listener, "/broken")
    assert answer.status == 503
    assert answer.headers["Content-Type"] == "text/html"


def test_head_sends_no_body(listener: Listener) -> None:
    answer = ask(listener, "/plain", "HEAD")
    assert answer.status == 200
    assert answer.read() == b""


def test_an_unknown_page_is_answered_with_the_known_ones(listener: Listener) -> None:
    answer = ask(listener, "/admin")
    assert answer.status == 404
    assert b"/plain, /broken" in answer.read()


def test_nothing_is_changed_from_outside(listener: Listener) -> None:
    assert ask(listener, "/plain", "POST").status == 501


def test_silent_clients_cannot_use_up_all_threads(listener: Listener) -> None:
    before = threading.active_count()
    silent = [socket.create_connection(listener.address) for _ in range(AT_ONCE * 3)]
    # The last ones are closed at once: no place for them.
    silent[-1].settimeout(5)
    with contextlib.suppress(ConnectionResetError):
        assert silent[-1].recv(1) == b""
    assert threading.active_count() <= before + AT_ONCE
    for one in silent:
        one.close()


def test_dribblers_keep_no_place_however_often_a_byte_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listener_module, "PATIENCE_S", PATIENCE_S)
    clock = Moment()
    pages = {"/plain": lambda _accept: Page(HTTPStatus.OK, b"here")}
    one = Listener("127.0.0.1", 0, pages, clock)
    dribblers = [socket.create_connection(one.address, PATIENCE_S) for _ in range(AT_ONCE)]
    try:
        for _ in dribblers:  # each begins to wait for its first byte
            assert clock.asked.acquire(timeout=PATIENCE_S)
            assert clock.asked.acquire(timeout=PATIENCE_S)
        clock.now = PATIENCE_S
        for dribbler in dribblers:
            dribbler.sendall(b"G")
        for dribbler in dribblers:
            assert dribbler.recv(1) == b""
        assert ask(one, "/plain").status == 200
    finally:
        for dribbler in dribblers:
            dribbler.close()
        one.stop()


@pytest.mark.parametrize(
    "request_line", [b"GET /plain HTTP/1.0\r\n" + b"a: b" * MAX_REQUEST_BYTES, b"x: y\r\n" * 90_000]
)
def test_an_endless_request_is_not_collected(listener: Listener, request_line: bytes) -> None:
    with (
        socket.create_connection(listener.address, PATIENCE_S) as client,
        contextlib.suppress(ConnectionResetError, BrokenPipeError),
    ):
        client.sendall(request_line)
        while answer := client.recv(1000):
            assert b"200 OK" not in answer
    assert ask(listener, "/plain").status == 200


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\x00" * 100 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.0\r\n\r\n",
        b"GET /plain HTTP/9.9\r\n\r\n",
        b"GET  \r\n\r\n",
        b"GET /plain HTTP/1.0\r\nContent-Length: -1\r\nno colon\r\n\r\n",
        b"GET /" + b"../" * 500 + b"etc/passwd HTTP/1.0\r\n\r\n",
    ],
)
def test_rubbish_hurts_nobody(
    listener: Listener, capfd: pytest.CaptureFixture[str], rubbish: bytes
) -> None:
    with socket.create_connection(listener.address, PATIENCE_S) as client:
        client.sendall(rubbish)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while more := client.recv(1000):
            answer += more
    assert b"Traceback" not in answer
    assert b"passwd:" not in answer
    assert ask(listener, "/plain").status == 200
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="its sockets are no descriptors")
def test_without_a_free_descriptor_it_answers_and_the_next_one_too(listener: Listener) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    clients = [socket.socket() for _ in range(3)]
    taken = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (clients[-1].fileno() + 1, before[1]))
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        for client in clients:
            client.settimeout(PATIENCE_S)
            client.connect(listener.address)
            client.sendall(b"GET /plain HTTP/1.0\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.0 200 OK")
            while client.recv(1000):
                pass
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for descriptor in taken:
            os.close(descriptor)
        for client in clients:
            client.close()
    assert ask(listener, "/plain").status == 200


def test_a_taken_port_is_an_error(listener: Listener) -> None:
    with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
        Listener("127.0.0.1", listener.address[1], {})
