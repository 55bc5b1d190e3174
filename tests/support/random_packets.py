"""Packets with random fields, made from their declarations, thousands a second."""

from __future__ import annotations

from random import Random
from typing import TypeVar

from pyao.protocol.layout import Kind, Repeat
from pyao.protocol.packet import ClientPacket
from pyao.protocol.wire import Scalar, Text

P = TypeVar("P", bound=ClientPacket)

_EDGES = 0.4  # how often a number is one where mistakes are made
_LONGEST = 60
_WORDS = ("", "Eva", "Mala", "/gm", "~1~2~3", "[b]", "\n", "\x00", "ñandú", "a" * 250)


def random_packet(cls: type[P], random: Random) -> P:
    """Return a packet of a class whose fields are anything that fits the wire."""
    return cls(*(_value(field.kind, random) for field in cls.fields))


def _value(kind: Kind, random: Random) -> object:
    if isinstance(kind, Scalar):
        return _number(kind, random)
    if isinstance(kind, Text):
        return _text(random)
    if isinstance(kind, Repeat):
        times = kind.times or random.randint(0, 4)
        rows = [[_value(one.kind, random) for one in kind.layout.fields] for _ in range(times)]
        return [kind.record(*row) if kind.record else row[0] for row in rows]
    return [_text(random).replace("\x00", "") or "x" for _ in range(random.randint(0, 4))]


def _number(kind: Scalar, random: Random) -> object:
    if kind.kind == "bool":
        return random.random() < 0.5
    if kind.kind == "f32":
        return float(random.randint(-1000, 1000))
    low, high = int(kind.low), int(kind.high)
    if random.random() < _EDGES:
        return random.choice([low, high, *(n for n in (0, 1, 2, 25) if low <= n <= high)])
    return random.randint(low, high)


def _text(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(_WORDS)
    return random.randbytes(random.randint(0, _LONGEST)).decode("latin-1")
