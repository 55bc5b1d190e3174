from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.packet_strategies import client_packets, cuts, packets, server_packets

from pyao.protocol import CLIENT_PACKETS, SERVER_PACKETS, Decoder, ProtocolViolation
from pyao.protocol.client_packets import Attack, CastSpell, ModifySkills, Walk, Work
from pyao.protocol.client_social_packets import Talk, Whisper
from pyao.protocol.gm_packets import GmShowName, GmWarpChar
from pyao.protocol.packet import ClientPacket, Packet, ServerPacket
from pyao.protocol.server_packets import CharacterMove
from pyao.protocol.tables import PacketTable

Outcome = tuple[list[Packet], tuple[int | None, int] | None]
TABLES: list[PacketTable[Packet]] = [CLIENT_PACKETS, SERVER_PACKETS]
WITH_FIELDS = [cls for table in TABLES for cls in table if cls.fields]


def outcome(
    pieces: Iterable[bytes], table: PacketTable[Packet] = CLIENT_PACKETS, most: int = 65_536
) -> Outcome:
    """Return all packets of a stream, and where it broke if it did."""
    decoder = Decoder(table, max_packet_bytes=most)
    found: list[Packet] = []
    for piece in pieces:
        try:
            found += decoder.feed(piece)
        except ProtocolViolation as violation:
            found += [packet for packet in violation.packets if isinstance(packet, Packet)]
            return found, (violation.packet_id, violation.offset)
        assert decoder.held_bytes <= most
    return found, None


def one_by_one(data: bytes) -> list[bytes]:
    """Return the single bytes of `data`."""
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize("cls", WITH_FIELDS, ids=lambda cls: cls.packet_name)
def test_a_packet_comes_back_as_it_was_sent(cls: type[Packet]) -> None:
    table = CLIENT_PACKETS if issubclass(cls, ClientPacket) else SERVER_PACKETS

    @settings(max_examples=10, deadline=None)
    @given(packets(cls))
    def check(packet: Packet) -> None:
        assert isinstance(packet, (ClientPacket, ServerPacket))
        assert outcome([packet.encode()], table) == ([packet], None)

    check()


@given(st.data(), st.lists(client_packets(), max_size=6), st.binary(max_size=6))
def test_any_cut_of_a_client_stream_gives_the_same_packets(
    data: st.DataObject, sent: list[ClientPacket], tail: bytes
) -> None:
    stream = b"".join(packet.encode() for packet in sent) + tail
    whole = outcome([stream])
    assert whole[0][: len(sent)] == sent
    assert outcome(one_by_one(stream)) == whole
    assert outcome(data.draw(cuts(stream))) == whole


@given(st.data(), st.lists(server_packets(), max_size=6))
def test_any_cut_of_a_server_stream_gives_the_same_packets(
    data: st.DataObject, sent: list[ServerPacket]
) -> None:
    stream = b"".join(packet.encode() for packet in sent)
    assert outcome([stream], SERVER_PACKETS) == (sent, None)
    assert outcome(one_by_one(stream), SERVER_PACKETS) == (sent, None)
    assert outcome(data.draw(cuts(stream)), SERVER_PACKETS) == (sent, None)


@settings(max_examples=300)
@given(st.sampled_from(TABLES), st.binary(max_size=200), st.integers(30, 100))
def test_any_bytes_give_packets_or_more_wanted_or_a_violation(
    table: PacketTable[Packet], stream: bytes, most: int
) -> None:
    whole = outcome([stream], table, most)
    assert outcome(one_by_one(stream), table, most) == whole


@given(st.sampled_from([0, 2, 3, 5, 34, 122]), st.binary(max_size=60))
def test_bytes_behind_a_real_id_give_packets_or_more_wanted_or_a_violation(
    packet_id: int, tail: bytes
) -> None:
    stream = bytes([packet_id]) + tail
    assert outcome(one_by_one(stream)) == outcome([stream])


def test_two_packets_of_one_write_are_two_packets() -> None:
    assert Decoder().feed(b"\x19\x02\x1c\x01") == [CastSpell(2), Work(1)]


def test_a_packet_waits_for_its_last_byte() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x08\x03\x04\x00ho") == [Attack()]
    assert decoder.held_bytes == 5
    assert decoder.feed(b"l") == []
    assert decoder.feed(b"a\x06") == [Talk("hola")]
    assert decoder.feed(b"\x01") == [Walk(1)]
    assert decoder.held_bytes == 0


def test_nothing_fed_is_nothing_found() -> None:
    decoder = Decoder()
    assert decoder.feed(b"") == []
    assert decoder.feed(b"\x06") == []
    assert decoder.feed(b"") == []
    assert decoder.feed(b"\x02") == [Walk(2)]


def test_sub_commands_are_told_apart_by_their_second_byte() -> None:
    assert Decoder().feed(b"\x7a\x02\x7a\x0b\x02\x00YO\x01\x00\x32\x33") == [
        GmShowName(),
        GmWarpChar("YO", 1, 50, 51),
    ]
    assert outcome(one_by_one(b"\x7a\x02")) == ([GmShowName()], None)


def test_any_byte_but_zero_is_true() -> None:
    flags = [Decoder().feed(bytes([45, byte, 1])) for byte in (0, 1, 7)]
    assert [str(packets[0]) for packets in flags] == [
        "MOVE_SPELL upwards=False slot=1",
        "MOVE_SPELL upwards=True slot=1",
        "MOVE_SPELL upwards=True slot=1",
    ]


def test_a_decoder_of_the_other_table_reads_what_we_send() -> None:
    assert Decoder(SERVER_PACKETS).feed(b"\x20\x05\x00\x0a\x0b") == [CharacterMove(5, 10, 11)]


@pytest.mark.parametrize(
    ("data", "packet_id", "offset", "reason"),
    [
        (b"\xfe", 254, 0, "unknown packet id"),
        (b"\x08\x08\x82", 130, 2, "unknown packet id"),
        (b"\x08\x7a\x00", 122, 1, "unknown sub-command 0"),
        (b"\x7a\x87", 122, 0, "unknown sub-command 135"),
        (b"\x03\xff\xff", 3, 0, r"TALK.text has a negative length \(-1\)"),
    ],
)
def test_what_no_client_sends_is_a_violation(
    data: bytes, packet_id: int, offset: int, reason: str
) -> None:
    decoder = Decoder()
    with pytest.raises(ProtocolViolation, match=reason) as caught:
        decoder.feed(data)
    assert (caught.value.packet_id, caught.value.offset) == (packet_id, offset)


def test_the_packets_before_a_violation_come_with_it_and_only_once() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x08") == [Attack()]
    with pytest.raises(ProtocolViolation) as first:
        decoder.feed(b"\x06\x03\xff\x08")
    assert first.value.packets == (Walk(3),)
    assert (first.value.packet_id, first.value.offset) == (255, 3)
    with pytest.raises(ProtocolViolation) as again:
        decoder.feed(b"\x08")
    assert str(again.value) == str(first.value)
    assert again.value.packets == ()
    assert decoder.held_bytes == 0


def test_the_offset_counts_from_the_start_of_the_stream() -> None:
    decoder = Decoder()
    for piece in (b"\x06", b"\x01\x03\x01", b"\x00", b"a"):
        decoder.feed(piece)
    with pytest.raises(ProtocolViolation) as caught:
        decoder.feed(b"\x08\xc8")
    assert caught.value.offset == 7


@pytest.mark.parametrize("most", [30, 44, 45, 46])
def test_a_packet_longer_than_allowed_is_a_violation_however_it_comes(most: int) -> None:
    whisper = Whisper("a" * 20, "b" * 20)
    stream = Attack().encode() + whisper.encode()
    assert len(whisper.encode()) == 45
    expected: Outcome = ([Attack()], (5, 1)) if most < 45 else ([Attack(), whisper], None)
    assert outcome([stream], most=most) == expected
    assert outcome(one_by_one(stream), most=most) == expected


def test_a_bound_below_the_fixed_packets_is_refused() -> None:
    with pytest.raises(ValueError, match="max_packet_bytes must be at least 7, got 6"):
        Decoder(max_packet_bytes=6)


def test_a_length_that_cannot_fit_is_refused_before_its_bytes_come() -> None:
    decoder = Decoder(max_packet_bytes=100)
    with pytest.raises(ProtocolViolation, match="longer than 100 bytes"):
        decoder.feed(b"\x03\x00\x10")


def test_the_default_bound_is_64_kib() -> None:
    stream = Whisper("a" * 32_767, "b" * 32_764).encode()
    assert len(stream) == 65_536
    assert len(Decoder().feed(stream)) == 1
    stream = Whisper("a" * 32_767, "b" * 32_765).encode()
    with pytest.raises(ProtocolViolation, match="longer than 65536 bytes"):
        Decoder().feed(stream)


def test_what_is_held_back_is_bounded_in_memory() -> None:
    decoder = Decoder(max_packet_bytes=1_000)
    for piece in one_by_one(Talk("a" * 990).encode()):
        decoder.feed(piece)
        assert decoder.held_bytes <= 1_000
    assert decoder.held_bytes == 0
    # A large chunk is not kept: only its unfinished end is.
    assert len(decoder.feed(b"\x08" * 500_000 + b"\x06")) == 500_000
    assert decoder.held_bytes == 1


def test_a_list_of_fixed_length_is_read_whole() -> None:
    points = list(range(20))
    assert Decoder().feed(b"\x26" + bytes(points)) == [ModifySkills(points)]
