from __future__ import annotations

import asyncio
import gc
import os
import resource
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
import trustme
from structlog.testing import capture_logs
from tests.support.sockets import (
    PING,
    PONG,
    Client,
    Door,
    Recorder,
    eventually,
    open_door,
    tls_client,
)

from pyao.config import ServerSettings
from pyao.net import ArgentumServer, ClientConnection, Reason
from pyao.protocol.client_packets import LoginExistingChar, Ping, Walk
from pyao.protocol.server_packets import ConsoleMsg, ErrorMsg

FULL = ErrorMsg("full").encode()
LOGIN = LoginExistingChar("Rhea", "canary-password", 0, 13, 0)


@pytest_asyncio.fixture
async def door() -> AsyncIterator[Door]:
    async with open_door("full") as door:
        yield door


async def answered(client: Client) -> None:
    await client.send(PING)
    assert await client.read() == PONG


class TestLife:
    async def test_a_bound_server_has_its_port_and_lets_nobody_in_before_the_start(self) -> None:
        settings = ServerSettings.model_validate({"host": ["127.0.0.1"], "port": 0})
        receivers: list[Recorder] = []

        def on_connect(connection: ClientConnection) -> Recorder:
            receivers.append(Recorder(connection))
            return receivers[-1]

        server = ArgentumServer(settings, on_connect)
        await server.bind()
        client = await Client.connect(server.addresses[0][1])
        await client.send(PING)
        await asyncio.sleep(0)
        assert not receivers
        await server.start()
        assert await client.read() == PONG
        client.close()
        await server.stop(0)

    async def test_a_server_that_was_only_bound_can_be_stopped(self) -> None:
        settings = ServerSettings.model_validate({"host": ["127.0.0.1"], "port": 0})
        server = ArgentumServer(settings, Recorder)
        await server.stop(0)
        await server.bind()
        port = server.addresses[0][1]
        await server.stop(0)
        with pytest.raises(ConnectionRefusedError):
            await Client.connect(port)

    async def test_stopping_sends_what_is_queued_and_leaves_nothing_open(self, door: Door) -> None:
        clients = [await door.client() for _ in range(3)]
        line = ConsoleMsg("bye", 1).encode()
        for receiver in door.receivers:
            receiver.connection.sender.outbox.append(line)
        port = door.port
        stopping = asyncio.create_task(door.server.stop(10))
        for client in clients:
            assert await client.rest() == line
            client.close()
        await stopping
        assert [receiver.reasons for receiver in door.receivers] == [[Reason.SHUTDOWN]] * 3
        assert not door.server.connections
        assert door.server.stats.open == 0
        with pytest.raises(ConnectionRefusedError):
            await Client.connect(port)

    async def test_stopping_does_not_wait_for_ever_for_deaf_clients(self, door: Door) -> None:
        client = await door.client()
        await door.server.stop(0)
        assert not door.server.connections
        assert await client.rest() == b""

    async def test_without_accepting_who_is_connected_stays(self, door: Door) -> None:
        client = await door.client()
        port = door.port
        door.server.stop_accepting()
        with pytest.raises(ConnectionRefusedError):
            await Client.connect(port)
        await answered(client)
        assert door.server.addresses == []

    async def test_stopping_twice_is_harmless(self, door: Door) -> None:
        await door.server.stop(0)
        await door.server.stop(0)

    async def test_nothing_is_left_of_a_hundred_connections(self, door: Door) -> None:
        await answered(await door.client())
        before = (len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks()))  # noqa: PTH208
        for number in range(1, 101):
            client = await door.client()
            if number % 3:
                await client.send(PING)
            if number % 2:
                client.close()
            else:
                client.reset()
            await door.receivers[number].gone()
        assert (len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())) == before  # noqa: PTH208
        assert len(door.server.connections) == door.server.stats.open == 1

    async def test_a_connection_that_is_gone_can_be_collected(self, door: Door) -> None:
        client = await door.client()
        await answered(client)
        client.close()
        await door.receivers[0].gone()
        ids = id(door.receivers[0].connection)
        door.receivers.clear()
        gc.collect()
        assert ids not in {id(thing) for thing in gc.get_objects()}


class TestAdmission:
    async def test_over_the_limit_a_client_is_told_and_closed(self) -> None:
        async with open_door("full", max_connections=2) as door:
            clients = [await door.client() for _ in range(2)]
            late = await door.stranger()
            await late.send(LOGIN)
            assert await late.rest() == FULL
            late.close()
            for client in clients:
                await answered(client)
            assert len(door.receivers) == 2
            assert door.server.stats.refused == {Reason.SERVER_FULL: 1}

    async def test_a_place_that_becomes_free_is_given_to_the_next(self) -> None:
        async with open_door("full", max_connections=1) as door:
            first = await door.client()
            first.close()
            await door.receivers[0].gone()
            await answered(await door.client())

    async def test_the_limit_changes_while_the_server_runs(self, door: Door) -> None:
        clients = [await door.client() for _ in range(3)]
        door.server.apply_limits(door.settings(max_connections=2))
        late = await door.stranger()
        assert await late.rest() == FULL
        for client in clients:  # nobody is thrown out
            await answered(client)
        door.server.apply_limits(door.settings(max_connections=4))
        await answered(await door.client())

    async def test_without_a_text_a_client_too_many_is_closed_in_silence(self) -> None:
        async with open_door(max_connections=1) as door:
            await door.client()
            late = await door.stranger()
            assert await late.rest() == b""

    async def test_only_so_many_are_told_at_the_same_time(self) -> None:
        async with open_door("full", max_connections=1) as door:
            await door.client()
            late = [await door.stranger() for _ in range(70)]
            answers = [await client.rest() for client in late]
            assert answers.count(FULL) == 64
            assert answers.count(b"") == 6
            door.clock.advance(2)
            door.server.sweep()  # cuts off those that keep their side open

    async def test_one_address_has_only_a_few_connections(self) -> None:
        async with open_door(limit_loopback=True, accept_spacing_ms=0) as door:
            for _ in range(3):
                await door.client()
            late = await door.stranger()
            assert await late.rest() == b""
            assert door.server.stats.refused == {Reason.ADDRESS_FULL: 1}
            door.clients[0].close()
            await door.receivers[0].gone()
            await answered(await door.client())

    async def test_one_address_connects_at_a_pace(self) -> None:
        async with open_door(limit_loopback=True) as door:
            await door.client()
            hasty = await door.stranger()
            assert await hasty.rest() == b""
            door.clock.advance(0.2)
            await answered(await door.client())
            assert door.server.stats.refused == {Reason.ADDRESS_PACE: 1}

    async def test_a_flood_of_connections_makes_a_handful_of_log_lines(self) -> None:
        async with open_door(limit_loopback=True) as door:
            await door.client()
            with capture_logs() as logs:
                for _ in range(50):
                    assert await (await door.stranger()).rest() == b""
            assert len(logs) == 5
            assert door.server.stats.refused[Reason.ADDRESS_PACE] == 50


@contextmanager
def descriptors_below(limit: int) -> Iterator[None]:
    """Let this process open nothing whose number is `limit` or more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def lowest_free_descriptor() -> int:
    number = os.open(os.devnull, os.O_RDONLY)
    os.close(number)
    return number


class TestWithoutDescriptors:
    async def test_a_client_is_refused_and_the_loop_does_not_spin(self, door: Door) -> None:
        sock = socket.socket()
        sock.setblocking(False)
        late = Client(sock)
        door.clients.append(late)
        with descriptors_below(lowest_free_descriptor()):
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", door.port))
            assert await late.rest() == FULL
        assert door.server.stats.refused == {Reason.NO_DESCRIPTORS: 1}
        await answered(await door.client())

    async def test_there_are_never_more_places_than_descriptors(self) -> None:
        with descriptors_below(130), capture_logs() as logs:
            async with open_door("full", max_connections=1000) as door:
                assert logs[0]["places"] == 2
                for _ in range(2):
                    await door.client()
                assert await (await door.stranger()).rest() == FULL
                assert door.server.stats.refused == {Reason.SERVER_FULL: 1}

    async def test_without_even_the_spare_one_accepting_rests(self, door: Door) -> None:
        sock = socket.socket()
        sock.setblocking(False)
        client = Client(sock)
        door.clients.append(client)
        with descriptors_below(door.server._spare_descriptor):
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", door.port))
            await eventually(lambda: door.server.stats.refused)
        door.server._resume_accepting()
        await door.receiver()
        await answered(client)


class TestTls:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def files(self, authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
        issued = authority.issue_cert("localhost")
        cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
        issued.cert_chain_pems[0].write_to_path(str(cert))
        issued.private_key_pem.write_to_path(str(key))
        return {"tls_cert": str(cert), "tls_key": str(key)}

    @pytest.fixture
    def context(self, authority: trustme.CA) -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    async def test_packets_pass_through_tls(
        self, files: dict[str, str], context: ssl.SSLContext
    ) -> None:
        async with open_door(**files) as door:
            reader, writer = await tls_client(door.port, context)
            writer.write(LOGIN.encode() + PING)
            assert await reader.readexactly(len(PONG)) == PONG
            receiver = await door.receiver()
            assert receiver.packets == [LOGIN, Ping()]
            writer.close()
            await writer.wait_closed()
            assert await receiver.gone() == Reason.CLIENT

    async def test_a_refusal_arrives_before_the_close(
        self, files: dict[str, str], context: ssl.SSLContext
    ) -> None:
        def refuse(receiver: Recorder) -> None:
            receiver.connection.sender.send_error("No")
            receiver.connection.close("refused")

        async with open_door(**files) as door:
            door.orders[LoginExistingChar] = refuse
            reader, writer = await tls_client(door.port, context)
            writer.write(LOGIN.encode() + Walk(1).encode())
            assert await reader.read() == ErrorMsg("No").encode()
            writer.close()
            await writer.wait_closed()
            assert await (await door.receiver()).gone() == "refused"

    async def test_a_client_that_does_not_read_is_dropped(
        self, files: dict[str, str], context: ssl.SSLContext
    ) -> None:
        async with open_door(**files) as door:
            _, writer = await tls_client(door.port, context)
            receiver = await door.receiver()
            outbox = receiver.connection.sender.outbox
            line = ConsoleMsg("x" * 1000, 1).encode()
            for _ in range(20_000):
                outbox.append(line)
                outbox.flush()
            assert await receiver.gone() == Reason.OVERFLOW
            writer.transport.abort()

    async def test_much_is_sent_in_order_to_a_client_that_reads(
        self, files: dict[str, str], context: ssl.SSLContext
    ) -> None:
        async with open_door(outbox_kib=4096, **files) as door:
            reader, writer = await tls_client(door.port, context)
            receiver = await door.receiver()
            lines = [ConsoleMsg(f"{n}" + "x" * 300, 1).encode() for n in range(5000)]
            for line in lines:
                receiver.connection.sender.outbox.append(line)
            assert await reader.readexactly(sum(map(len, lines))) == b"".join(lines)
            writer.close()
            await writer.wait_closed()

    async def test_plain_bytes_on_a_tls_port_are_refused(self, files: dict[str, str]) -> None:
        async with open_door(**files) as door:
            client = await door.stranger()
            with capture_logs() as logs:
                await client.send(LOGIN)
                await client.rest()
                await eventually(lambda: door.server.stats.refused)
            assert door.server.stats.refused == {Reason.TLS: 1}
            assert [entry["reason"] for entry in logs] == [Reason.TLS]
            assert not door.receivers

    async def test_stopping_cuts_unfinished_handshakes(self, files: dict[str, str]) -> None:
        async with open_door(**files) as door:
            client = await door.stranger()
            await client.send(b"\x16\x03\x01")
            await eventually(lambda: door.server._arriving)
            await door.server.stop(0)
            assert await client.rest() == b""
            assert not door.server._arriving


class TestPacketLog:
    async def test_it_shows_packets_both_ways_while_it_is_on(self, door: Door) -> None:
        client = await door.client()
        with capture_logs() as logs:
            await answered(client)
            assert not logs
            door.server.packet_log = True
            await client.send(LOGIN, Walk(3), PING)
            assert await client.read() == PONG
            door.server.packet_log = False
            await answered(client)
        lines = [entry["event"] for entry in logs]
        assert lines[1:] == ["[INCOMING] WALK heading=3", "[INCOMING] PING", "[OUTGOING] PONG"]
        assert lines[0].startswith("[INCOMING] LOGIN_EXISTING_CHAR username='Rhea'")
        assert "canary-password" not in str(logs)
        assert {entry["log_level"] for entry in logs} == {"debug"}

    async def test_it_may_be_on_before_the_first_client(self, door: Door) -> None:
        door.server.packet_log = True
        with capture_logs() as logs:
            await answered(await door.client())
        assert [entry["event"] for entry in logs] == ["[INCOMING] PING", "[OUTGOING] PONG"]
