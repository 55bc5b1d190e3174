from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.packet_strategies import ASCII

from pyao.protocol import PacketBuilder, PacketReader, ProtocolViolation


def test_values_follow_each_other_in_little_endian() -> None:
    builder = (
        PacketBuilder()
        .add_byte(255)
        .add_bool(True)
        .add_int16(-2)
        .add_int32(66051)
        .add_float(1.5)
        .add_string("año")
        .add_string("año", "latin-1")
        .add_string("año", encoding="utf-8")
        .add_bytes(b"\x00\x01")
    )
    assert builder.to_bytes() == bytes.fromhex(
        "ff 01 feff 03020100 0000c03f 0300616e6f 030061f16f 040061c3b16f 0001"
    )
    assert len(builder) == len(builder.to_bytes())


def test_an_empty_builder_is_empty() -> None:
    assert len(PacketBuilder()) == 0
    assert PacketBuilder().to_bytes() == b""


def test_the_bytes_are_a_copy() -> None:
    builder = PacketBuilder().add_byte(1)
    first = builder.to_bytes()
    builder.add_byte(2)
    assert (first, builder.to_bytes()) == (b"\x01", b"\x01\x02")


@pytest.mark.parametrize(
    ("add", "problem"),
    [
        (lambda b: b.add_byte(256), "byte must be an integer 0 to 255, got 256"),
        (lambda b: b.add_byte(-1), "byte must be an integer 0 to 255, got -1"),
        (lambda b: b.add_byte("1"), "byte must be an integer 0 to 255, got '1'"),
        (lambda b: b.add_bool(2), "bool must be true or false, got 2"),
        (lambda b: b.add_int16(70_000), "int16 must be an integer -32768 to 32767, got 70000"),
        (lambda b: b.add_int32(2**31), "int32 must be an integer -2147483648 to 2147483647"),
        (lambda b: b.add_float(1e39), "float must be a number within"),
        (lambda b: b.add_string("a" * 32_768), "string must be at most 32767 bytes, got 32768"),
    ],
)
def test_a_value_out_of_range_is_refused_and_adds_nothing(
    add: Callable[[PacketBuilder], object], problem: str
) -> None:
    builder = PacketBuilder()
    with pytest.raises(ValueError, match=problem):
        add(builder)
    assert len(builder) == 0


@given(
    st.integers(0, 255),
    st.booleans(),
    st.integers(-(2**15), 2**15 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.floats(width=32, allow_nan=False),
    ASCII,
    st.binary(max_size=20),
)
def test_the_reader_returns_what_the_builder_wrote(
    byte: int, flag: bool, short: int, long: int, number: float, text: str, tail: bytes
) -> None:
    builder = PacketBuilder().add_byte(byte).add_bool(flag).add_int16(short).add_int32(long)
    builder.add_float(number).add_string(text).add_bytes(tail)
    reader = PacketReader(builder.to_bytes())
    assert reader.remaining == len(builder)
    assert reader.read_byte() == byte
    assert reader.read_bool() == flag
    assert reader.read_int16() == short
    assert reader.read_int32() == long
    assert reader.read_float() == number
    assert reader.read_string() == text
    assert reader.read_bytes(len(tail)) == tail
    assert (reader.remaining, reader.position) == (0, len(builder))


def test_the_reader_may_start_behind_the_id() -> None:
    reader = PacketReader(b"\x06\x03", 1)
    assert (reader.position, reader.remaining, reader.read_byte()) == (1, 1, 3)


@pytest.mark.parametrize(
    ("data", "read", "reason"),
    [
        (b"", PacketReader.read_byte, "packet id None at byte 0: 1 bytes wanted, 0 left"),
        (b"\x01", PacketReader.read_int16, "packet id 1 at byte 0: 2 bytes wanted, 1 left"),
        (b"\x05\x00ab", PacketReader.read_string, "5 bytes wanted, 2 left"),
        (b"\xff\xff", PacketReader.read_string, r"a string has a negative length \(-1\)"),
        (b"\x01", lambda reader: reader.read_bytes(-1), "-1 bytes wanted, 1 left"),
    ],
)
def test_reading_past_the_end_is_the_fault_of_the_peer(
    data: bytes, read: Callable[[PacketReader], object], reason: str
) -> None:
    with pytest.raises(ProtocolViolation, match=reason):
        read(PacketReader(data))


def test_bytes_that_are_not_the_encoding_read_as_marks() -> None:
    assert PacketReader(b"\x02\x00a\xf1").read_string("utf-8") == "a\ufffd"
    assert PacketReader(b"\x02\x00a\xf1").read_string() == "añ"
