from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.support.sockets import PING, PONG, Client, Door, Recorder, open_door

from pyao.channel import Channel
from pyao.net.outbox import Outbox
from pyao.net.stats import Reason
from pyao.protocol import SERVER_PACKETS, Decoder, ServerPacket
from pyao.protocol.client_packets import Ping
from pyao.protocol.server_packets import CharacterMove, ConsoleMsg
from pyao.protocol.server_window_packets import GuildList

linux = pytest.mark.skipif(sys.platform != "linux", reason="pieces are marked on Linux only")


def lines(count: int, length: int = 200) -> list[ServerPacket]:
    """Return console lines of many lengths."""
    return [ConsoleMsg(f"{n:04}" + "x" * (n * 37 % length), n % 20) for n in range(count)]


def queue(receiver: Recorder, packets: list[ServerPacket]) -> Outbox:
    outbox = receiver.connection.sender.outbox
    for packet in packets:
        outbox.append(packet.encode())
    return outbox


@pytest_asyncio.fixture
async def door() -> AsyncIterator[Door]:
    async with open_door(login_deadline_s=600) as door:
        yield door


async def read_all(client: Client, count: int) -> tuple[list[ServerPacket], int]:
    """Read `count` packets with large reads; return them and how many reads ended inside one."""
    decoder = Decoder(SERVER_PACKETS)
    packets: list[ServerPacket] = []
    torn = 0
    while len(packets) < count:
        data = await client.read()
        assert data
        packets += decoder.feed(data)
        torn += bool(decoder.held_bytes)
    return packets, torn


async def test_crowd_traffic_arrives_in_order(door: Door) -> None:
    client = await door.client()
    packets: list[ServerPacket] = [CharacterMove(n, 50, 50) for n in range(1, 100)]
    queue(door.receivers[0], packets)
    assert await client.packets(99) == packets


async def test_a_direct_reply_keeps_its_place_behind_crowd_traffic(door: Door) -> None:
    client = await door.client()
    move = CharacterMove(7, 50, 50)

    def crowd_first(receiver: Recorder) -> None:
        queue(receiver, [move])
        receiver.connection.send(ConsoleMsg("done", 1).encode())
        queue(receiver, [move])

    door.orders[Ping] = crowd_first
    await client.send(PING)
    pong, *others = await client.packets(4)
    assert pong.encode() == PONG
    assert others == [move, ConsoleMsg("done", 1), move]


async def test_what_is_said_in_one_turn_leaves_in_one_write(door: Door) -> None:
    client = await door.client()
    packets = lines(5)
    for packet in packets:
        door.receivers[0].connection.sender.send(packet)
    assert await client.read() == b"".join(packet.encode() for packet in packets)


async def test_a_long_answer_is_cut_between_packets_into_pieces_of_one_segment(door: Door) -> None:
    client = await door.client(segment=600)
    packets = lines(300)
    queue(door.receivers[0], packets)
    received, torn = await read_all(client, 300)
    assert received == packets
    assert not torn


@linux
@pytest.mark.parametrize("segment", [0, 536, 1448])
async def test_no_read_of_a_slow_client_ever_ends_inside_a_packet(segment: int) -> None:
    async with open_door(outbox_kib=65_536) as door:
        client = await door.client(receive_bytes=4096, segment=segment)
        packets = lines(2000, 250)
        outbox = queue(door.receivers[0], packets)
        outbox.flush()
        assert outbox.progress()[1] > 100_000  # the kernel is full, the rest waits here
        received, torn = await read_all(client, 2000)
        assert received == packets
        assert not torn


async def test_a_packet_longer_than_a_segment_still_arrives(door: Door) -> None:
    client = await door.client(receive_bytes=4096)
    packets: list[ServerPacket] = [
        ConsoleMsg("before", 1),
        GuildList(["g" * 30_000]),
        ConsoleMsg("after", 1),
    ]
    queue(door.receivers[0], packets * 5)
    received, _ = await read_all(client, 15)
    assert received == packets * 5


async def test_a_client_with_too_much_waiting_is_dropped(door: Door) -> None:
    await door.client(receive_bytes=4096)
    receiver = door.receivers[0]
    outbox = queue(receiver, lines(10))
    line = ConsoleMsg("x" * 1000, 1).encode()
    for _ in range(600):  # what the kernel takes is not counted
        outbox.append(line)
        outbox.flush()
    assert await receiver.gone() == Reason.OVERFLOW
    assert door.server.stats.dropped == {Reason.OVERFLOW: 1}


async def test_a_client_that_reads_may_get_more_than_the_cap_in_the_end(door: Door) -> None:
    client = await door.client()
    for _ in range(10):
        packets = lines(1000)
        queue(door.receivers[0], packets)
        assert await client.packets(1000) == packets


async def test_a_client_that_takes_nothing_for_ten_seconds_is_dropped(door: Door) -> None:
    await door.client(receive_bytes=4096)
    receiver = door.receivers[0]
    queue(receiver, lines(1500)).flush()
    door.server.sweep()
    door.clock.advance(9.9)
    door.server.sweep()
    assert not receiver.reasons
    door.clock.advance(0.2)
    door.server.sweep()
    assert await receiver.gone() == Reason.STALLED


async def test_the_ten_seconds_do_not_begin_before_anything_waits(door: Door) -> None:
    await door.client(receive_bytes=4096)
    receiver = door.receivers[0]
    door.server.sweep()
    door.clock.advance(1.9)
    queue(receiver, lines(1500)).flush()
    for seconds in (0.1, 8.0, 1.8):
        door.clock.advance(seconds)
        door.server.sweep()
    assert not receiver.reasons
    door.clock.advance(0.3)
    door.server.sweep()
    assert await receiver.gone() == Reason.STALLED


async def test_a_server_that_stood_still_blames_nobody_for_it(door: Door) -> None:
    """A machine that was suspended would else throw out everybody it just sent something to."""
    await door.client(receive_bytes=4096)
    receiver = door.receivers[0]
    queue(receiver, lines(1500)).flush()
    door.server.sweep()
    door.clock.advance(60)
    door.server.slept(60)
    door.server.sweep()
    assert not receiver.reasons
    door.clock.advance(10)
    door.server.sweep()
    assert await receiver.gone() == Reason.STALLED


async def test_a_client_that_takes_a_little_now_and_then_stays(door: Door) -> None:
    client = await door.client(receive_bytes=4096)
    receiver = door.receivers[0]
    queue(receiver, lines(1500)).flush()
    outbox = receiver.connection.sender.outbox
    for _ in range(5):
        door.server.sweep()
        door.clock.advance(9)
        before = outbox.progress()[0]
        while outbox.progress()[0] == before:
            assert await client.read(2048)
    assert not receiver.reasons


@linux
async def test_bytes_that_only_the_kernel_holds_count_as_waiting(door: Door) -> None:
    await door.client(receive_bytes=4096)
    receiver = door.receivers[0]
    outbox = queue(receiver, lines(600))  # fits the kernel's buffer
    outbox.flush()
    assert outbox.progress()[1] > 0
    door.server.sweep()
    door.clock.advance(10)
    door.server.sweep()
    assert await receiver.gone() == Reason.STALLED


async def test_a_client_without_anything_waiting_is_never_stalled() -> None:
    async with open_door(lobby_idle_minutes=0, login_deadline_s=600) as door:
        client = await door.client()
        await client.send(PING)
        assert await client.read() == PONG
        for _ in range(5):
            door.clock.advance(60)
            door.server.sweep()
        await client.send(PING)
        assert await client.read() == PONG


async def test_what_is_said_to_a_closed_connection_is_forgotten(door: Door) -> None:
    client = await door.client()
    receiver = door.receivers[0]
    client.close()
    assert await receiver.gone() == Reason.CLIENT
    outbox = queue(receiver, lines(1000))
    receiver.connection.send(PONG)
    outbox.flush()
    assert outbox.progress() == (0, 0)


async def test_a_peer_that_reset_is_noticed_by_the_write(door: Door) -> None:
    client = await door.client()
    receiver = door.receivers[0]
    receiver.connection.pause_input()  # so that no read can notice it
    client.reset()
    for _ in range(3):
        queue(receiver, lines(1)).flush()
    assert await receiver.gone() == Reason.RESET


async def test_counters_say_what_left(door: Door) -> None:
    client = await door.client()
    packets = lines(10)
    queue(door.receivers[0], packets)
    await client.packets(10)
    stats = door.server.stats
    assert stats.packets_out == 10
    assert stats.bytes_out == sum(len(packet.encode()) for packet in packets)


class Listeners:
    """Real outboxes that follow channels at random, and beside them what each has to get."""

    def __init__(self, door: Door, seed: int, zones: int = 3) -> None:
        self.dice = random.Random(seed)
        self.channels = [Channel(door.server.post) for _ in range(zones)]
        self.senders = [receiver.connection.sender for receiver in door.receivers]
        self.follows: list[Channel | None] = [None] * len(self.senders)
        self.expected: list[list[ServerPacket]] = [[] for _ in self.senders]
        self.said = 0

    def packet(self) -> ServerPacket:
        """Return one that was never said before; some are longer than a segment takes."""
        self.said += 1
        long = "x" * self.dice.choice((0, 0, 0, 900, 1500))
        return ConsoleMsg(f"{self.said}{long}", 1)

    def broadcast(self, *, but: int = -1) -> None:
        """Say something to a channel, but to one who listens to it."""
        channel = self.dice.choice(self.channels) if but < 0 else self.follows[but]
        if channel is None:
            return
        packet = self.packet()
        if but >= 0:
            self.senders[but].outbox.miss_next()
        channel.append(packet.encode())
        for number, followed in enumerate(self.follows):
            if followed is channel and number != but:
                self.expected[number].append(packet)

    def tell(self, number: int) -> None:
        """Tell one listener something: as crowd traffic, or as a direct reply."""
        packet, sender = self.packet(), self.senders[number]
        if self.dice.random() < 0.5:
            sender.outbox.append(packet.encode())
        else:
            sender.send(packet)
        self.expected[number].append(packet)

    def move(self, number: int) -> None:
        """Let one listen elsewhere, or nowhere."""
        channel = self.dice.choice([*self.channels, None])
        self.follows[number] = channel
        if channel is None:
            self.senders[number].outbox.unfollow()
        else:
            self.senders[number].outbox.follow(channel)

    def flush(self, number: int) -> None:
        """Flush something out of turn."""
        if self.dice.random() < 0.5:
            self.senders[number].outbox.flush()
        else:
            self.dice.choice(self.channels).flush()

    def act(self) -> None:
        """Do one thing at random."""
        number = self.dice.randrange(len(self.senders))
        do = self.dice.choice("bbbbbuuttmf")
        if do == "b":
            self.broadcast()
        elif do == "u":
            self.broadcast(but=number)
        else:
            {"t": self.tell, "m": self.move, "f": self.flush}[do](number)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wait_ms", [0, 5])
async def test_each_gets_what_it_was_told_in_that_order_whatever_it_follows(
    seed: int, wait_ms: int
) -> None:
    async with open_door(login_deadline_s=600, flush_min_ms=wait_ms, outbox_kib=65_536) as door:
        clients = [await door.client(receive_bytes=4096 * (n == 0)) for n in range(4)]
        listeners = Listeners(door, seed)
        for _ in range(400):
            listeners.act()
            if listeners.dice.random() < 0.1:
                await asyncio.sleep(0)
        for client, expected in zip(clients, listeners.expected, strict=True):
            assert await client.packets(len(expected)) == expected
        for channel in listeners.channels:
            channel.flush()
            assert not channel.said
            assert not channel.leavers
