"""Hypothesis strategies for packets, derived from their declarations.

Texts are such that they survive the wire: Latin-1 from a client, ASCII from the server.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TypeVar

from hypothesis import strategies as st

from pyao.protocol.layout import Field, Kind, Repeat
from pyao.protocol.packet import ClientPacket, Packet, ServerPacket
from pyao.protocol.tables import CLIENT_PACKETS, SERVER_PACKETS
from pyao.protocol.wire import Scalar, Text

P = TypeVar("P", bound=Packet)

LATIN_1 = st.text(st.characters(max_codepoint=0xFF), max_size=40)
ASCII = st.text(st.characters(max_codepoint=0x7F), max_size=40)
LIST_ITEM = st.text(st.characters(min_codepoint=1, max_codepoint=0xFF), max_size=20)
MOST_ITEMS = 4


def scalars(kind: Scalar) -> st.SearchStrategy[object]:
    """Return every value that the field accepts, its bounds often."""
    if kind.kind == "bool":
        return st.booleans()
    if kind.kind == "f32":
        return st.floats(width=32, allow_nan=False)
    low, high = int(kind.low), int(kind.high)
    return st.sampled_from([low, 0, 1, high]) | st.integers(low, high)


def values(kind: Kind, text: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    """Return values of one field."""
    if isinstance(kind, Scalar):
        return scalars(kind)
    if isinstance(kind, Text):
        return text
    if isinstance(kind, Repeat):
        least, most = (kind.times, kind.times) if kind.times else (0, MOST_ITEMS)
        return st.lists(_items(kind, text), min_size=least or 0, max_size=most)
    return st.lists(LIST_ITEM, max_size=MOST_ITEMS)


def packets(cls: type[P]) -> st.SearchStrategy[P]:
    """Return packets of one class."""
    text = LATIN_1 if issubclass(cls, ClientPacket) else ASCII
    return st.tuples(*_all(cls.fields, text)).map(lambda row: cls(*row))


@cache
def client_packets() -> st.SearchStrategy[ClientPacket]:
    """Return anything a client may send."""
    return st.sampled_from(list(CLIENT_PACKETS)).flatmap(packets)


@cache
def server_packets() -> st.SearchStrategy[ServerPacket]:
    """Return anything we may send."""
    return st.sampled_from(list(SERVER_PACKETS)).flatmap(packets)


def cuts(data: bytes) -> st.SearchStrategy[list[bytes]]:
    """Return ways to cut `data` into the pieces that a network may deliver."""
    places = st.lists(st.integers(0, len(data)), max_size=8).map(sorted)
    return places.map(lambda at: [data[i:j] for i, j in pairwise([0, *at, len(data)])])


def _items(kind: Repeat, text: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    rows = st.tuples(*_all(kind.layout.fields, text))
    record = kind.record
    return rows.map(lambda row: record(*row) if record else row[0])


def _all(
    fields: tuple[Field, ...], text: st.SearchStrategy[str]
) -> list[st.SearchStrategy[object]]:
    return [values(field.kind, text) for field in fields]
