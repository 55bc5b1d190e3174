from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest
from tests.support.sockets import PING, PONG, Client, open_door

from pyao.config import ServerSettings
from pyao.errors import ConfigError
from pyao.net import socket_options
from pyao.net.listeners import _advice, open_listeners, tls_context

has_ipv6 = pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 on this machine")


def settings(**values: object) -> ServerSettings:
    return ServerSettings.model_validate({"host": ["127.0.0.1"], "port": 0, **values})


@pytest.fixture
def taken() -> object:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock.getsockname()[1]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@has_ipv6
async def test_port_zero_is_the_same_free_port_on_all_addresses() -> None:
    async with open_door(host=["127.0.0.1", "::1", "127.0.0.2"]) as door:
        hosts, ports = zip(*door.server.addresses, strict=True)
        assert hosts == ("127.0.0.1", "::1", "127.0.0.2")
        assert len(set(ports)) == 1
        assert ports[0] > 0
        for host in hosts:
            client = await Client.connect(door.port, host=host)
            door.clients.append(client)
            await client.send(PING)
            assert await client.read() == PONG
        assert [receiver.connection.address for receiver in door.receivers] == [
            "127.0.0.1",
            "::1",
            "127.0.0.1",
        ]


@has_ipv6
async def test_all_addresses_of_both_families_go_together() -> None:
    async with open_door(host=["0.0.0.0", "::"]) as door:
        assert [host for host, _ in door.server.addresses] == ["0.0.0.0", "::"]


async def test_an_address_named_twice_is_opened_once() -> None:
    async with open_door(host=["127.0.0.1", "localhost", "127.0.0.1"]) as door:
        hosts = [host for host, _ in door.server.addresses]
        assert hosts.count("127.0.0.1") == 1


async def test_a_taken_port_is_named_with_the_way_out(taken: int) -> None:
    with pytest.raises(ConfigError) as caught:
        await open_listeners(settings(port=taken))
    assert str(caught.value) == (
        f"port {taken} is taken on 127.0.0.1; set PYAO_PORT (server.port) or stop the other process"
    )


async def test_when_one_address_fails_none_stays_open(taken: int) -> None:
    with pytest.raises(ConfigError, match=r"taken on 127\.0\.0\.1"):
        await open_listeners(settings(host=["127.0.0.2", "127.0.0.1"], port=taken))
    with socket.socket() as sock:
        sock.bind(("127.0.0.2", taken))


async def test_a_fallback_port_is_used_when_the_first_is_taken(taken: int) -> None:
    other = free_port()
    listeners = await open_listeners(settings(port=taken, fallback_ports=[taken, other]))
    assert [listener.getsockname()[1] for listener in listeners] == [other]
    for listener in listeners:
        listener.close()


async def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1 is no address of this machine"):
        await open_listeners(settings(host=["192.0.2.1"]))


@pytest.mark.parametrize("host", ["fe80::zz", "..", "a" * 70])
async def test_an_unknown_host_is_refused(host: str) -> None:
    with pytest.raises(ConfigError, match=r"host .* is unknown .*; set PYAO_HOST"):
        await open_listeners(settings(host=[host]))


def test_other_refusals_say_what_to_do() -> None:
    denied = _advice(PermissionError(errno.EACCES, "Permission denied"), "0.0.0.0", 80)
    assert denied.startswith("port 80 on 0.0.0.0 needs privileges")
    other = _advice(OSError(errno.ENOBUFS, "No buffer space"), "::", 7666)
    assert other == "cannot listen on :: port 7666: No buffer space"


def test_without_a_certificate_there_is_no_tls() -> None:
    assert tls_context(settings()) is None


def test_a_certificate_that_cannot_be_read_is_a_wrong_setting(tmp_path: Path) -> None:
    rubbish = tmp_path / "cert.pem"
    rubbish.write_text("rubbish")
    for path in (rubbish, tmp_path / "missing.pem"):
        with pytest.raises(ConfigError, match=r"tls_cert .* cannot be used"):
            tls_context(settings(tls_cert=str(path), tls_key=str(path)))


async def test_accepted_sockets_have_the_options_of_the_listener() -> None:
    async with open_door() as door:
        await door.client()
        sock = door.receivers[0].connection._sock
        assert sock is not None
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 30
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 10
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 3
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 50_000
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 256 * 1024


def test_a_thousand_connections_may_wait_at_the_door() -> None:
    assert socket_options.BACKLOG >= 1024
