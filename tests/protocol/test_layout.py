from __future__ import annotations

from typing import Annotated

import pytest

from pyao.protocol.layout import Incomplete, Layout, Malformed, layout_of
from pyao.protocol.text import encode_text
from pyao.protocol.wire import (
    BYTE,
    F32,
    I16,
    I32,
    SHORT,
    U8,
    Bool,
    Counted,
    Record,
    Str,
    StrList,
    Times,
)


class Pair(Record):
    """Two numbers."""

    a: U8
    b: I16


class Everything(Record):
    """Each kind of field once."""

    byte: U8
    flag: Bool
    text: Str
    number: I32
    names: StrList
    trio: Annotated[list[U8], Times(3)]
    pairs: Annotated[list[Pair], Counted(SHORT)]
    words: Annotated[list[Str], Counted(BYTE)]
    price: F32


EVERYTHING = layout_of(Everything, "EVERYTHING", b"\x09")
ROW = (1, True, "ab", -2, ["x", ""], [1, 2, 3], [Pair(1, 2), Pair(3, -4)], ["", "w"], 1.5)
DATA = bytes.fromhex(
    "09 01 01 0200 6162 feffffff 0300 780000 0102030200 01 0200 03 fcff 02 0000 0100 77 0000c03f"
)


def test_each_kind_of_field_has_its_bytes() -> None:
    assert EVERYTHING.write(ROW, encode_text) == DATA
    assert EVERYTHING.read(DATA, 1) == (list(ROW), len(DATA))


@pytest.mark.parametrize("length", range(1, len(DATA)))
def test_a_packet_cut_anywhere_is_incomplete_and_says_how_far_to_wait(length: int) -> None:
    with pytest.raises(Incomplete) as wait:
        EVERYTHING.read(DATA[:length], 1)
    assert length < wait.value.need <= len(DATA)


@pytest.mark.parametrize(
    ("place", "data", "reason"),
    [
        (3, b"\xff\xff", r"EVERYTHING.text has a negative length \(-1\)"),
        (11, b"\x00\x80", r"EVERYTHING.names has a negative length \(-32768\)"),
        (19, b"\xfe\xff", r"EVERYTHING.pairs has a negative count \(-2\)"),
    ],
)
def test_negative_lengths_and_counts_are_malformed(place: int, data: bytes, reason: str) -> None:
    broken = DATA[:place] + data + DATA[place + len(data) :]
    with pytest.raises(Malformed, match=reason):
        EVERYTHING.read(broken, 1)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        (0, 256, "EVERYTHING.byte must be an integer 0 to 255, got 256"),
        (0, "1", "EVERYTHING.byte must be an integer 0 to 255, got '1'"),
        (2, b"ab", "EVERYTHING.text must be a string, got b'ab'"),
        (2, "a" * 32768, "EVERYTHING.text must be at most 32767 bytes, got 32768"),
        (3, 2**31, "EVERYTHING.number must be an integer -2147483648 to 2147483647"),
        (3, 10**30, "EVERYTHING.number must be an integer -2147483648 to 2147483647"),
        (4, "names", "EVERYTHING.names must be a list, got 'names'"),
        (4, [1], r"EVERYTHING.names must be a list of strings, got \[1\]"),
        (4, ["a" * 32768], "EVERYTHING.names must be at most 32767 bytes, got 32768"),
        (5, [1, 2], "EVERYTHING.trio must have exactly 3 items, got 2"),
        (5, [1, 2, 256], "EVERYTHING.trio.item must be an integer 0 to 255, got 256"),
        (6, [Pair(1, 40000)], "EVERYTHING.pairs.b must be an integer -32768 to 32767, got 40000"),
        (6, None, "EVERYTHING.pairs must be a list, got None"),
        (7, [""] * 256, "EVERYTHING.words must have 0 to 255 items, got 256"),
        (7, [1], "EVERYTHING.words.item must be a string, got 1"),
        (8, 1e39, "EVERYTHING.price must be a number within"),
        (8, "1", "EVERYTHING.price must be a number within"),
    ],
)
def test_a_value_that_cannot_be_sent_is_named_with_what_the_field_accepts(
    field: int, value: object, problem: str
) -> None:
    row = [*ROW[:field], value, *ROW[field + 1 :]]
    with pytest.raises(ValueError, match=problem):
        EVERYTHING.write(row, encode_text)


def test_a_wrong_number_of_values_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match=r"PAIR takes a, b; got 1 values"):
        layout_of(Pair, "PAIR").write((1,), encode_text)


def test_lists_of_names_keep_empty_items() -> None:
    class Names(Record):
        names: StrList

    layout = layout_of(Names, "NAMES")
    for names in ([], [""], ["", ""], ["a"], ["a", ""], ["", "a"], ["a", "", "b"]):
        data = layout.write((names,), encode_text)
        assert layout.read(data, 0) == ([names], len(data))


def test_a_list_of_names_may_end_with_its_separator() -> None:
    class Names(Record):
        names: StrList

    assert layout_of(Names, "NAMES").read(b"\x04\x00a\x00b\x00", 0) == ([["a", "b"]], 6)


@pytest.mark.parametrize(
    ("layout", "size"),
    [
        (layout_of(Pair, "PAIR"), 3),
        (layout_of(Pair, "PAIR", b"\x01\x02"), 5),
        (EVERYTHING, None),
        (Layout("NOTHING", []), 0),
    ],
)
def test_the_size_is_known_when_it_is_constant(layout: Layout, size: int | None) -> None:
    assert layout.size == size


def test_lists_of_constant_length_have_a_constant_size() -> None:
    class Twice(Record):
        pairs: Annotated[list[Pair], Times(2)]

    assert layout_of(Twice, "TWICE", b"\x01").size == 7


def test_a_field_without_a_field_type_is_refused() -> None:
    class Wrong(Record):
        number: int

    with pytest.raises(TypeError, match=r"WRONG.number must be annotated with a field type"):
        layout_of(Wrong, "WRONG")


def test_a_field_with_another_mark_is_refused() -> None:
    class Wrong(Record):
        number: Annotated[int, "metres"]

    with pytest.raises(TypeError, match=r"WRONG.number has the unknown mark 'metres'"):
        layout_of(Wrong, "WRONG")


class Line(Record):
    """Numbers around one text, the form of most packets with a text."""

    index: I16
    text: Str
    font: U8


LINE = layout_of(Line, "LINE", b"\x18")


@pytest.mark.parametrize("text", ["", "hola", "x" * 32_767])
def test_numbers_around_one_text_are_read_as_they_were_written(text: str) -> None:
    data = LINE.write((-2, text, 7), encode_text)
    assert data[:1] == b"\x18"
    assert LINE.read(data, 1) == ([-2, text, 7], len(data))


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ((70_000, "a", 1), "LINE.index must be"),
        ((1, "a", 256), "LINE.font must be"),
        ((1, 5, 1), "LINE.text must be a string"),
        ((1, "x" * 32_768, 1), "LINE.text must be at most 32767 bytes"),
        ((1, "a", None), "LINE.font"),
    ],
)
def test_what_cannot_be_written_around_a_text_is_named(
    values: tuple[object, ...], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        LINE.write(values, encode_text)
