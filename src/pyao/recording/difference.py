"""Where two tapes part: the first packet of each connection that is not the same.

How packets were cut into writes is no difference. What a client had not been sent when it hung up
is none either: how much that is depends on milliseconds of the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, cast

from pyao.errors import ProtocolViolation
from pyao.net import Reason
from pyao.protocol import CLIENT_PACKETS, SERVER_PACKETS, Decoder, ServerPacket
from pyao.protocol.client_packets import LoginExistingChar, LoginNewChar
from pyao.recording.tape import Entry, Way

TAIL_MS: Final = 250
OF_THE_NETWORK: Final = frozenset(
    str(reason)
    for reason in (
        Reason.CLIENT,
        Reason.RESET,
        Reason.LOGIN_DEADLINE,
        Reason.IDLE,
        Reason.VIOLATION,
        Reason.FOREIGN,
        Reason.FLOOD,
        Reason.OVERFLOW,
        Reason.STALLED,
    )
)
"""Ends that the game did not decide: what was not written yet is lost with them."""

_SHOWN_BEFORE: Final = 3
HEX_BYTES: Final = 48

_Said = ServerPacket | bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing about one connection that is not as it was recorded.

    `at` is in milliseconds since the start. `after` is what the client had sent last.
    """

    who: int
    name: str
    at: int
    after: str
    number: int
    expected: str
    came: str
    before: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Say it in words, a line each."""
        who = f"connection {self.who}" + (f" ({self.name})" if self.name else "")
        return [
            f"{who}, {self.at / 1000:.2f} s after the start, packet {self.number} to the client",
            f"  after it sent  {self.after or 'nothing'}",
            *(f"  then           {line}" for line in self.before),
            f"  recorded       {self.expected}",
            f"  this build     {self.came}",
        ]


@dataclass(slots=True)
class _Line:
    """What one connection was sent, and its life around that."""

    name: str = ""
    last: str = ""  # what the client sent last
    ended: int = 0
    cut: bool = True  # its end may be missing: nobody closed it in order
    sent: bytearray = field(default_factory=bytearray)
    # Where in `sent` each write begins, when it was, and what the client had sent last.
    marks: list[tuple[int, int, str]] = field(default_factory=list)

    def marked(self, mark: int) -> tuple[int, str]:
        """Return when a write was made, and what the client had sent last."""
        return self.marks[mark][1:] if mark < len(self.marks) else (0, "")

    def packets(self) -> Iterator[tuple[int, _Said]]:
        """Yield each packet with the number of the write it was part of."""
        ends = [begin for begin, _, _ in self.marks[1:]] + [len(self.sent)]
        for number, ((begin, _, _), end) in enumerate(zip(self.marks, ends, strict=False)):
            for packet in _decoded(bytes(self.sent[begin:end])):
                yield number, packet

    def since(self, moment: int) -> int:
        """Return where what was sent from a moment on begins."""
        return next((begin for begin, at, _ in self.marks if at >= moment), len(self.sent))


def compare(
    recorded: Iterable[Entry], replayed: Iterable[Entry], start: int = 0
) -> list[Difference]:
    """Return the first difference of each connection, in the order in which they came about.

    `start` is the time of the clock from which theirs are counted.
    """
    first, second = _lines(recorded), _lines(replayed)
    found = (
        _difference(who, first.get(who, _Line()), second.get(who, _Line()), start)
        for who in sorted(first.keys() | second.keys())
    )
    return sorted((one for one in found if one is not None), key=lambda one: one.at)


def describe(data: bytes) -> str:
    """Return what a client sent as a log shows it, whole packets in words."""
    decoder = Decoder(CLIENT_PACKETS)
    try:
        packets = decoder.feed(data)
    except ProtocolViolation as violation:
        return f"{data[:HEX_BYTES].hex(' ')} ({violation.reason})"
    return "; ".join(packet.describe() for packet in packets) or data[:HEX_BYTES].hex(" ")


def _lines(entries: Iterable[Entry]) -> dict[int, _Line]:
    lines: dict[int, _Line] = {}
    at = 0
    for entry in entries:
        at = entry.at
        if entry.who:
            _take(lines.setdefault(entry.who, _Line()), entry)
        elif entry.way is Way.STOP:
            for one in lines.values():
                one.cut = one.cut and bool(one.ended)  # the rest is told good-bye
    for one in lines.values():
        one.ended = one.ended or at
    return lines


def _take(one: _Line, entry: Entry) -> None:
    match entry.way:
        case Way.PACKET:
            data = bytes.fromhex(entry.data)
            one.last = describe(data)
            one.name = one.name or _name_in(data)
        case Way.SENT:
            one.marks.append((len(one.sent), entry.at, one.last))
            one.sent += bytes.fromhex(entry.data)
        case Way.LOST:
            one.ended = entry.at
            one.cut = entry.data in OF_THE_NETWORK
        case _:
            pass


def _name_in(data: bytes) -> str:
    try:
        packets = Decoder().feed(data)
    except ProtocolViolation:
        return ""
    names = (one.username for one in packets if isinstance(one, LoginExistingChar | LoginNewChar))
    return next(names, "")


def _difference(who: int, recorded: _Line, replayed: _Line, start: int) -> Difference | None:
    if recorded.sent == replayed.sent:
        return None
    if recorded.cut:
        short, long = sorted((recorded, replayed), key=lambda one: len(one.sent))
        if long.sent.startswith(short.sent):
            grace = long.since(recorded.ended - TAIL_MS)
            if len(short.sent) >= grace:
                return None
    before: list[str] = []
    pairs = zip_longest(recorded.packets(), replayed.packets())
    for number, (old, new) in enumerate(pairs, start=1):
        if old is not None and new is not None and old[1] == new[1]:
            before = [*before, _words(old[1])][-_SHOWN_BEFORE:]
            continue
        at, after = recorded.marked(old[0]) if old else replayed.marked(new[0] if new else 0)
        expected, came = _in_words(old and old[1], new and new[1])
        name = recorded.name or replayed.name
        moment = at - start
        return Difference(who, name, moment, after, number, expected, came, tuple(before))
    return None


def _in_words(old: _Said | None, new: _Said | None) -> tuple[str, str]:
    """Describe two packets; where the words are alike, by what is not."""
    expected, came = _words(old), _words(new)
    if expected == came and isinstance(old, ServerPacket) and isinstance(new, ServerPacket):
        return _field_by_field(old, new), _field_by_field(new, old)
    return expected, came


def _field_by_field(one: ServerPacket, other: ServerPacket) -> str:
    names = (field.name for field in one.fields)
    unlike = [name for name in names if getattr(one, name) != getattr(other, name)]
    shown = (f"{name}={getattr(one, name)!r}" for name in unlike)
    return " ".join((one.packet_name, *shown))


def _words(said: _Said | None) -> str:
    match said:
        case None:
            return "nothing more"
        case bytes():
            return said[:HEX_BYTES].hex(" ")
        case _:
            return said.describe()


def _decoded(data: bytes) -> Iterable[_Said]:
    """Return the packets of one write; what no table explains as bytes."""
    try:
        return Decoder(SERVER_PACKETS).feed(data) or [data]
    except ProtocolViolation as violation:
        return [*cast("tuple[ServerPacket, ...]", violation.packets), data]
