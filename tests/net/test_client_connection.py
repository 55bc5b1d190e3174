from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from structlog.testing import capture_logs
from tests.support.sockets import PING, PONG, Client, Door, Recorder, open_door

from pyao.net import ClientConnection, Reason
from pyao.protocol import ClientPacket
from pyao.protocol.client_packets import LoginExistingChar, Ping, ThrowDices, Walk
from pyao.protocol.client_social_packets import Talk
from pyao.protocol.server_packets import ConsoleMsg, ErrorMsg, Pong

LOGIN = LoginExistingChar("Rhea", "secret", 0, 13, 0)


@pytest_asyncio.fixture
async def door() -> AsyncIterator[Door]:
    async with open_door() as door:
        yield door


async def answered(client: Client) -> None:
    """Send a PING and wait for its PONG: everything sent before has been handled then."""
    await client.send(PING)
    while not (await client.read()).endswith(PONG):
        pass


class TestInput:
    async def test_glued_packets_are_handled_one_by_one_in_order(self, door: Door) -> None:
        client = await door.client()
        packets: list[ClientPacket] = [LOGIN, Walk(1), Talk("hola"), Walk(2), ThrowDices()]
        await client.send(*packets)
        assert await door.receivers[0].received(5) == packets

    async def test_a_packet_that_comes_byte_by_byte_is_handled_once(self, door: Door) -> None:
        client = await door.client()
        for byte in LOGIN.encode() + Walk(3).encode():
            await client.send(bytes([byte]))
        assert await door.receivers[0].received(2) == [LOGIN, Walk(3)]

    async def test_more_than_one_chunk_at_once_is_handled_in_order(self) -> None:
        async with open_door(packet_rate=0) as door:
            client = await door.client()
            packets: list[ClientPacket] = [Walk(n % 4 + 1) for n in range(5000)]
            await client.send(LOGIN, *packets, Talk("x" * 3000), PING)
            assert await door.receivers[0].received(5003) == [
                LOGIN,
                *packets,
                Talk("x" * 3000),
                Ping(),
            ]
            assert await client.read() == PONG
            assert door.server.stats.packets_in == 5003

    async def test_counters_say_what_came_in(self, door: Door) -> None:
        client = await door.client()
        await client.send(LOGIN, Walk(1), PING)
        await client.read()
        stats = door.server.stats
        assert (stats.open, stats.total, stats.packets_in) == (1, 1, 3)
        assert stats.bytes_in == len(LOGIN.encode() + Walk(1).encode() + PING)

    async def test_an_exception_in_a_task_costs_that_client_only(self, door: Door) -> None:
        def fail(receiver: Recorder) -> None:
            receiver.connection.send(ConsoleMsg("before", 1).encode())
            raise ZeroDivisionError

        door.orders[Walk] = fail
        unlucky = await door.client()
        other = await door.client()
        with capture_logs() as logs:
            await unlucky.send(LOGIN, Walk(1), PING)
            assert await unlucky.packets(1) == [ConsoleMsg("before", 1)]
            assert await unlucky.rest() == b""
        unlucky.close()
        assert await door.receivers[0].gone() == Reason.HANDLER_ERROR
        assert door.receivers[0].packets == [LOGIN, Walk(1)]
        assert door.server.stats.handler_errors == 1
        errors = [entry for entry in logs if entry["log_level"] == "error"]
        assert len(errors) == 1
        assert errors[0]["exc_info"]
        assert "secret" not in str(errors)
        await answered(other)


class TestPausedInput:
    async def test_the_rest_of_a_chunk_waits_in_order(self, door: Door) -> None:
        door.orders[LoginExistingChar] = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(LOGIN, Walk(1), Walk(2))
        receiver = await door.receiver()
        await receiver.received(1)
        await client.send(Walk(3), PING)
        await asyncio.sleep(0)
        assert receiver.packets == [LOGIN]
        receiver.connection.resume_input()
        assert await client.read() == PONG
        assert receiver.packets == [LOGIN, Walk(1), Walk(2), Walk(3), Ping()]

    async def test_a_pause_inside_the_resumed_input_holds_again(self, door: Door) -> None:
        door.orders[Walk] = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(Walk(1), Walk(2), PING, Walk(3))
        receiver = await door.receiver()
        for expected in ([Walk(1)], [Walk(1), Walk(2)], [Walk(1), Walk(2), Ping(), Walk(3)]):
            assert await receiver.received(len(expected)) == expected
            receiver.connection.resume_input()

    async def test_a_result_that_is_there_at_once_needs_no_pause(self, door: Door) -> None:
        def pause_and_resume(receiver: Recorder) -> None:
            receiver.connection.pause_input()
            receiver.connection.resume_input()

        door.orders[LoginExistingChar] = pause_and_resume
        client = await door.client()
        await client.send(LOGIN, Walk(1), PING)
        assert await client.read() == PONG
        assert door.receivers[0].packets == [LOGIN, Walk(1), Ping()]

    async def test_a_receiver_may_pause_before_the_first_byte(self, door: Door) -> None:
        door.on_connect = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(LOGIN, PING)
        receiver = door.receivers[0]
        receiver.connection.resume_input()
        assert await client.read() == PONG
        assert receiver.packets == [LOGIN, Ping()]

    async def test_what_was_waited_for_comes_before_what_was_sent_meanwhile(
        self, door: Door
    ) -> None:
        door.orders[LoginExistingChar] = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(LOGIN, PING)
        connection = (await door.receiver()).connection
        await door.receivers[0].received(1)
        connection.resume_input(lambda: connection.send(ConsoleMsg("welcome", 1).encode()))
        assert await client.packets(2) == [ConsoleMsg("welcome", 1), Pong()]

    async def test_an_answer_may_pause_anew(self, door: Door) -> None:
        door.orders[LoginExistingChar] = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(LOGIN, PING)
        receiver = await door.receiver()
        await receiver.received(1)
        receiver.connection.resume_input(receiver.connection.pause_input)
        await asyncio.sleep(0)
        assert receiver.packets == [LOGIN]
        receiver.connection.resume_input()
        assert await client.read() == PONG

    async def test_an_exception_in_what_was_waited_for_costs_that_client_only(
        self, door: Door
    ) -> None:
        def fail() -> None:
            raise ZeroDivisionError

        door.orders[LoginExistingChar] = lambda receiver: receiver.connection.pause_input()
        unlucky, other = await door.client(), await door.client()
        await unlucky.send(LOGIN, PING)
        receiver = door.receivers[0]
        await receiver.received(1)
        with capture_logs() as logs:
            receiver.connection.resume_input(fail)
            assert await unlucky.rest() == b""
        unlucky.close()
        assert await receiver.gone() == Reason.HANDLER_ERROR
        assert [line["log_level"] for line in logs] == ["error"]
        assert door.server.stats.handler_errors == 1
        await answered(other)

    async def test_waiting_packets_do_not_survive_the_connection(self, door: Door) -> None:
        door.orders[LoginExistingChar] = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(LOGIN, Walk(1))
        receiver = door.receivers[0]
        await receiver.received(1)
        receiver.connection.abort("test")
        assert await receiver.gone() == "test"
        receiver.connection.resume_input()
        await asyncio.sleep(0)
        assert receiver.packets == [LOGIN]


class TestTheEnd:
    async def test_a_refused_log_in_gets_its_error_before_the_close(self, door: Door) -> None:
        def refuse(receiver: Recorder) -> None:
            receiver.connection.sender.send_error("No")
            receiver.connection.close("refused")

        door.orders[LoginExistingChar] = refuse
        client = await door.client()
        # The unread rest must not turn the close into a reset that swallows the error.
        await client.send(LOGIN, Walk(1), b"\x03" * 300)
        assert await client.rest() == ErrorMsg("No").encode()
        client.close()
        assert await door.receivers[0].gone() == "refused"
        assert door.receivers[0].packets == [LOGIN]

    async def test_closing_sends_everything_that_is_queued(self, door: Door) -> None:
        client = await door.client(receive_bytes=4096)
        receiver = door.receivers[0]
        line = ConsoleMsg("x" * 100, 1).encode()
        for _ in range(2000):
            receiver.connection.sender.outbox.append(line)
        receiver.connection.close("enough")
        assert await client.rest() == line * 2000
        client.close()
        assert await receiver.gone() == "enough"

    async def test_a_closed_receiver_is_told_soon_and_once(self, door: Door) -> None:
        client = await door.client()
        receiver = door.receivers[0]
        receiver.connection.close("kicked")
        assert not receiver.reasons  # never inside the call
        await asyncio.sleep(0)
        assert receiver.reasons == ["kicked"]
        receiver.connection.close("again")
        receiver.connection.abort("and again")
        assert await receiver.gone() == "kicked"
        assert await client.rest() == b""

    async def test_a_client_that_does_not_close_its_side_is_cut_off(self, door: Door) -> None:
        await door.client()
        receiver = door.receivers[0]
        receiver.connection.close("kicked")
        door.server.sweep()
        assert len(door.server.connections) == 1
        door.clock.advance(2)
        door.server.sweep()
        assert await receiver.gone() == "kicked"
        assert not door.server.connections

    async def test_a_closed_client_that_goes_on_sending_is_cut_off(self, door: Door) -> None:
        client = await door.client()
        receiver = door.receivers[0]
        receiver.connection.close("kicked")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            await client.send(bytes(50_000_000))
        assert await receiver.gone() == "kicked"

    async def test_a_client_that_closes_is_noticed(self, door: Door) -> None:
        client = await door.client()
        client.close()
        assert await door.receivers[0].gone() == Reason.CLIENT
        assert door.server.stats.open == 0

    async def test_packets_before_the_end_of_the_stream_are_handled(self, door: Door) -> None:
        client = await door.client()
        await client.send(Walk(1), Walk(2))
        client.close()
        receiver = door.receivers[0]
        assert await receiver.gone() == Reason.CLIENT
        assert receiver.packets == [Walk(1), Walk(2)]

    async def test_a_reset_is_noticed(self, door: Door) -> None:
        client = await door.client()
        await answered(client)
        client.reset()
        assert await door.receivers[0].gone() == Reason.RESET
        assert not door.server.connections

    async def test_an_abort_loses_what_is_queued(self, door: Door) -> None:
        client = await door.client()
        receiver = door.receivers[0]
        receiver.connection.send(ConsoleMsg("x", 1).encode())
        receiver.connection.abort("gone")
        assert await client.rest() == b""
        assert await receiver.gone() == "gone"

    async def test_closing_after_the_peer_reset_harms_nobody(self, door: Door) -> None:
        client = await door.client()
        receiver = door.receivers[0]
        receiver.connection.pause_input()
        client.reset()
        receiver.connection.send(PONG)
        receiver.connection.close("too late")
        assert await receiver.gone() == "too late"

    async def test_a_receiver_that_cannot_be_made_costs_that_client_only(self, door: Door) -> None:
        errors: list[dict[str, object]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: errors.append(context))

        def fail(_: Recorder) -> None:
            raise ZeroDivisionError

        door.on_connect = fail
        client = await door.client()
        assert await client.rest() == b""
        door.on_connect = None
        await answered(await door.client())
        assert len(door.server.connections) == 1
        assert [type(error["exception"]) for error in errors] == [ZeroDivisionError]


class TestHostility:
    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "TLS"),
            (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP"),
            (b"SSH-2.0-Go\r\n", "SSH"),
            (bytes(1_000_000), "zeros"),
        ],
    )
    async def test_another_protocol_is_closed_at_once(
        self, door: Door, data: bytes, name: str
    ) -> None:
        client = await door.client()
        with capture_logs() as logs:
            sending = asyncio.create_task(client.send(data))
            assert await client.rest() == b""
            assert await door.receivers[0].gone() == Reason.FOREIGN
            await asyncio.wait([sending])
            sending.exception()
        assert not door.receivers[0].packets
        assert [entry["looks_like"] for entry in logs] == [name]
        assert door.server.stats.dropped == {Reason.FOREIGN: 1}

    async def test_an_unknown_packet_closes_after_what_came_before_it(self, door: Door) -> None:
        client = await door.client()
        with capture_logs() as logs:
            await client.send(Walk(1), PING, b"\xff\xff", Walk(2))
            assert (await client.rest()).startswith(PONG)
            assert await door.receivers[0].gone() == Reason.VIOLATION
        assert door.receivers[0].packets == [Walk(1), Ping()]
        assert door.server.stats.violations == 1
        assert "255" in logs[0]["detail"]

    async def test_rubbish_inside_a_large_chunk_closes_too(self, door: Door) -> None:
        client = await door.client()
        await client.send(Walk(1).encode() * 30 + b"\xff" + bytes(5000))
        await client.rest()
        receiver = door.receivers[0]
        assert await receiver.gone() == Reason.VIOLATION
        assert receiver.packets == [Walk(1)] * 30

    async def test_many_hostile_clients_make_a_handful_of_log_lines(self, door: Door) -> None:
        with capture_logs() as logs:
            for number in range(50):
                client = await door.client()
                await client.send(b"\xff" * 10)
                await door.receivers[number].gone()
            door.clock.advance(1)
            client = await door.client()
            await client.send(b"\xff")
            await door.receivers[50].gone()
        assert len(logs) == 6
        assert logs[-1]["unreported"] == 45

    async def test_nobody_else_notices(self, door: Door) -> None:
        player = await door.client()
        for rubbish in (b"\xff", b"GET / HTTP/1.0\r\n\r\n", bytes(100), b"\x03\xff\xff\xff"):
            hostile = await door.client()
            await hostile.send(rubbish)
            await hostile.rest()
        await answered(player)
        assert len(door.server.connections) == 1


class TestDeadlines:
    async def test_within_a_second_everybody_is_looked_at(self, door: Door) -> None:
        for _ in range(25):
            await door.client()
        door.clock.advance(10)
        for receiver in door.receivers:
            assert await receiver.gone() == Reason.LOGIN_DEADLINE

    async def test_a_client_that_says_nothing_is_closed_after_ten_seconds(self, door: Door) -> None:
        client = await door.client()
        door.clock.advance(9.9)
        door.server.sweep()
        assert door.server.connections
        door.clock.advance(0.1)
        door.server.sweep()
        assert await client.rest() == b""
        assert await door.receivers[0].gone() == Reason.LOGIN_DEADLINE

    async def test_dribbling_does_not_move_the_deadline(self, door: Door) -> None:
        client = await door.client()
        for byte in LOGIN.encode()[:10]:
            await client.send(bytes([byte]))
            door.clock.advance(1)
            door.server.sweep()
        assert await door.receivers[0].gone() == Reason.LOGIN_DEADLINE

    async def test_who_throws_dice_may_think_for_minutes(self, door: Door) -> None:
        client = await door.client()
        await client.send(ThrowDices(), PING)
        await client.read()
        door.clock.advance(599)
        door.server.sweep()
        await answered(client)
        door.clock.advance(600)
        door.server.sweep()
        assert await client.rest() == b""
        client.close()
        assert await door.receivers[0].gone() == Reason.IDLE

    async def test_a_player_has_the_limit_of_the_game_and_a_margin(self, door: Door) -> None:
        client = await door.client()
        await answered(client)
        door.receivers[0].connection.playing = True
        door.clock.advance(15 * 60 + 59)
        door.server.sweep()
        assert door.server.connections
        door.clock.advance(1)
        door.server.sweep()
        assert await client.rest() == b""
        client.close()
        assert await door.receivers[0].gone() == Reason.IDLE

    async def test_zero_minutes_are_no_limit(self) -> None:
        async with open_door(idle_minutes=0, lobby_idle_minutes=0) as door:
            client = await door.client()
            await answered(client)
            for playing in (False, True):
                door.receivers[0].connection.playing = playing
                door.clock.advance(1_000_000)
                door.server.sweep()
            await answered(client)

    async def test_a_client_whose_log_in_is_being_checked_is_not_idle(self, door: Door) -> None:
        door.orders[LoginExistingChar] = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(LOGIN, PING)
        receiver = door.receivers[0]
        await receiver.received(1)
        door.clock.advance(1000)
        door.server.sweep()
        receiver.connection.resume_input()
        assert await client.read() == PONG


class TestPacketRate:
    async def test_a_burst_passes_and_the_rest_waits_for_its_turn(self, door: Door) -> None:
        client = await door.client()
        await client.send(Walk(1).encode() * 100)
        receiver = door.receivers[0]
        await receiver.received(80)
        await asyncio.sleep(0)
        assert len(receiver.packets) == 80
        door.clock.advance(0.26)
        door.server.try_throttled()
        assert len(receiver.packets) == 90
        door.clock.advance(0.26)
        door.server.try_throttled()
        assert len(receiver.packets) == 100
        door.clock.advance(1)
        await answered(client)

    async def test_a_client_far_too_fast_is_slowed_down_and_then_dropped(self, door: Door) -> None:
        client = await door.client()
        sending = asyncio.create_task(client.send(Walk(1).encode() * 10_000_000))
        receiver = door.receivers[0]
        await receiver.received(80)
        for _ in range(29):
            door.clock.advance(0.1)
            door.server.try_throttled()
        assert not receiver.reasons
        assert len(receiver.packets) <= 80 + 2.9 * 40 + 1
        door.clock.advance(0.2)
        door.server.try_throttled()
        assert await receiver.gone() == Reason.FLOOD
        await asyncio.wait([sending])
        assert isinstance(sending.exception(), OSError)
        assert door.server.stats.bytes_in < 200_000  # the kernel held the rest back

    async def test_bursts_with_pauses_between_them_are_forgiven(self, door: Door) -> None:
        client = await door.client()
        receiver = door.receivers[0]
        for count in range(1, 6):
            await client.send(Walk(1).encode() * 90)
            await receiver.received(90 * count - 10)
            door.clock.advance(3)
            door.server.try_throttled()
            await receiver.received(90 * count)
            door.clock.advance(3)
        assert not receiver.reasons

    async def test_with_the_limit_off_nobody_waits(self) -> None:
        async with open_door(packet_rate=0) as door:
            client = await door.client()
            await client.send(Walk(1).encode() * 10_000)
            await door.receivers[0].received(10_000)

    async def test_a_new_limit_holds_for_who_is_connected(self, door: Door) -> None:
        client = await door.client()
        door.server.apply_limits(door.settings(packet_rate=1, packet_burst=3))
        await client.send(Walk(1).encode() * 5)
        receiver = door.receivers[0]
        await receiver.received(3)
        await asyncio.sleep(0)
        assert len(receiver.packets) == 3

    async def test_an_expensive_request_counts_as_several(self, door: Door) -> None:
        door.orders[ThrowDices] = lambda receiver: receiver.connection.charge(70)
        client = await door.client()
        await client.send(ThrowDices())
        receiver = door.receivers[0]
        await receiver.received(1)
        await client.send(Walk(1).encode() * 20)
        await receiver.received(10)
        await asyncio.sleep(0)
        assert len(receiver.packets) == 10

    async def test_an_expensive_request_holds_back_the_rest_of_its_chunk(self, door: Door) -> None:
        door.orders[ThrowDices] = lambda receiver: receiver.connection.charge(39)
        client = await door.client()
        await client.send(ThrowDices().encode() * 5)
        receiver = door.receivers[0]
        await receiver.received(2)
        await asyncio.sleep(0)
        assert len(receiver.packets) == 2
        assert door.server.throttled == 1
        assert door.server.stats.packets_in == 2
        door.clock.advance(1.0)
        door.server.try_throttled()
        await receiver.received(3)
        assert len(receiver.packets) == 3

    async def test_a_pause_of_the_receiver_costs_no_allowance(self, door: Door) -> None:
        door.orders[LoginExistingChar] = lambda receiver: receiver.connection.pause_input()
        client = await door.client()
        await client.send(LOGIN, Walk(1).encode() * 79)
        receiver = door.receivers[0]
        await receiver.received(1)
        receiver.connection.resume_input()
        await receiver.received(80)
        assert not receiver.reasons
        assert door.server.stats.packets_in == 80


async def test_a_connection_knows_who_is_there(door: Door) -> None:
    client = await door.client()
    connection: ClientConnection = door.receivers[0].connection
    assert connection.address == "127.0.0.1"
    assert connection.peer == client.sock.getsockname()
    assert connection.opened_at == door.clock.now
