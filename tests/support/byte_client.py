"""A client that speaks bytes: written from the protocol document, not from our packet classes.

It reads as the Godot client reads: each chunk the socket gives is parsed on its own, and a chunk
that ends inside a packet is an error. It also keeps the rules that client lives by: the map before
any character, indices it knows, slots in range, looks and graphics it has, nothing it cannot parse,
and nothing left in its picture that is out of view.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from tests.support import client_facts as facts

# Payload of each server packet: B u8, h i16, i i32, f f32, s string, S list of strings,
# M a coded message. None: the game screen cannot parse it and must never get it.
LAYOUTS: dict[int, str | None] = {
    0: "B", 1: "", 2: "h", 3: "", 4: "", 5: "", 6: "", 7: "", 8: "i", 9: "s", 10: "", 11: "",
    12: "sB", 13: "", 14: "", 15: "h", 16: "h", 17: "h", 18: "i", 19: "i", 20: "i", 21: "hh",
    22: "BB", 23: "shBBB", 24: "sB", 25: "s", 26: "s", 27: "h", 28: "h", 29: "hhhBBBhhhhhsBB",
    30: "h", 31: "hs", 32: "hBB", 33: "B", 34: "hhhBhhhhh", 35: "BBh", 36: "BB", 37: "BBB",
    38: "hh", 39: "BBB", 40: "S", 41: "BB", 42: "", 43: "", 44: "hhh", 45: "hhhhhhiBii", 46: None,
    47: "BhshBhBhhhhf", 48: "BhshhBhhhhi", 49: "Bhs", 50: "BBBBB", 54: "", 55: "s", 56: "",
    57: "", 58: None, 59: "BshfhhBhhhh", 60: "BBBB", 61: "iiiiiii", 62: "iiihBi", 63: "h",
    64: None, 65: None, 66: "hB", 67: "BBBBB", 68: "", 69: "", 70: "", 71: "BB" * 20, 72: "S",
    73: "sSS", 74: "s", 75: "S", 76: "S", 77: None, 78: "SSsS", 79: "SS", 80: "sssssh" "BshhsSs",
    81: "", 82: "", 83: None, 84: "", 85: "", 86: None, 87: "B", 88: "", 89: "hBs", 90: None,
    91: None, 92: None, 93: "", 94: None, 95: None, 96: None, 97: None, 98: "", 99: None,
    100: "BB", 101: "B", 102: "B", 103: None, 104: "M", 105: "", 106: "B",
}  # fmt: skip
MULTI: dict[int, str] = {
    **dict.fromkeys(range(12), ""),
    12: "Bh", 13: "i", 14: "h", 15: "hBh", 16: "hBh", 17: "B", 18: "hi", 19: "h", 20: "",
    21: "Bhs", 22: "", 23: "",
}  # fmt: skip

DICE_ROLL = 67
CHANGE_MAP, POS_UPDATE, CONSOLE_MSG, ERROR_MSG = 21, 22, 24, 55
CHAR_INDEX, CREATE, REMOVE, MOVE, CHANGE = 28, 29, 30, 32, 34
CHAT, UPDATE_STATS, LOGGED, PONG, FORCE_MOVE = 23, 45, 0, 88, 33
LEVEL_UP = 63
TOGGLES = {3: "sailing", 42: "paused", 54: "resting", 68: "meditating", 82: "paralysed"}

NORTH, EAST, SOUTH, WEST = 1, 2, 3, 4
DELTAS = {NORTH: (0, -1), EAST: (1, 0), SOUTH: (0, 1), WEST: (-1, 0)}
HEADINGS = {step: heading for heading, step in DELTAS.items()}

Value = int | float | str | list[str]


@dataclass
class Seen:
    """One packet from the server: its id and its values; of a coded message, the code first."""

    id: int
    values: tuple[Value, ...]


@dataclass
class Figure:
    """A character as this client knows it."""

    x: int
    y: int
    heading: int
    name: str
    body: int
    head: int


class BrokenStreamError(AssertionError):
    """The server sent what the Godot client could not have followed."""


def text(value: str) -> bytes:
    """Encode a string as the client does."""
    data = value.encode("latin-1", "replace")
    return struct.pack("<h", len(data)) + data


class Reader:
    """Takes values off one chunk."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, kind: str) -> Value:
        if kind in "sS":
            length = max(0, int(self.number("<h")))
            raw = self.data[self.at : self.at + length]
            self.at += length
            if len(raw) != length:
                raise BrokenStreamError("a string is cut by the end of the chunk")
            if kind == "S":
                return [part.decode("latin-1") for part in raw.split(b"\0")]
            if not raw.isascii():
                raise BrokenStreamError(f"{raw!r} would be empty on a Linux client")
            return raw.decode("ascii")
        return self.number("<" + kind)

    def number(self, kind: str) -> int | float:
        size = struct.calcsize(kind)
        if self.at + size > len(self.data):
            raise BrokenStreamError("a packet is cut by the end of the chunk")
        (value,) = struct.unpack_from(kind, self.data, self.at)
        self.at += size
        result: int | float = value
        return result


@dataclass
class ByteClient:
    """One connection. `seen` holds every packet that came and was not taken yet."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    in_game: bool = False
    closed: bool = False
    map: int = 0
    index: int = 0
    x: int = 0
    y: int = 0
    hp: int = 0
    figures: dict[int, Figure] = field(default_factory=dict)
    objects: dict[tuple[int, int], int] = field(default_factory=dict)
    blocked: dict[tuple[int, int], bool] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)
    graphics: Container[int] = facts.GRAPHICS
    burst: list[int] = field(default_factory=list)  # ids of all packets until `entered`
    _pump: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None

    @classmethod
    async def connect(cls, port: int, host: str = "127.0.0.1") -> ByteClient:
        reader, writer = await asyncio.open_connection(host, port)
        client = cls(reader, writer)
        client._pump = asyncio.create_task(client._read())
        return client

    # --- sending -----------------------------------------------------------------------------

    def send(self, *packets: bytes) -> None:
        """Write packets in one piece, as the client writes all of a frame."""
        self.writer.write(b"".join(packets))

    def throw_dices(self) -> None:
        self.send(b"\x01")

    def create(
        self,
        name: str,
        password: str = "secreto",
        *,
        race: int = 1,
        gender: int = 1,
        char_class: int = 3,
        head: int = 5,
        home: int = 1,
    ) -> None:
        self.send(
            b"\x02"
            + text(name)
            + text(password)
            + bytes((0, 13, 0, race, gender, char_class))
            + struct.pack("<h", head)
            + text("nadie@example.com")
            + bytes((home,))
        )

    def log_in(self, name: str, password: str = "secreto") -> None:
        self.send(b"\x00" + text(name) + text(password) + bytes((0, 13, 0)))

    def talk(self, words: str) -> None:
        self.send(b"\x03" + text(words))

    def yell(self, words: str) -> None:
        self.send(b"\x04" + text(words))

    def whisper(self, to: str, words: str) -> None:
        self.send(b"\x05" + text(to) + text(words))

    def walk(self, heading: int) -> None:
        """Step as the client does: its own character moves at once."""
        dx, dy = DELTAS[heading]
        _position(self, self.x + dx, self.y + dy)
        self.figures[self.index].heading = heading
        self.send(bytes((6, heading)))

    def ask_position(self) -> None:
        self.send(b"\x07")

    # --- waiting -----------------------------------------------------------------------------

    async def until(self, found: Callable[[Seen], bool], timeout: float = 10.0) -> Seen:  # noqa: ASYNC109 - a bound on the whole wait
        """Return the first packet that fits, leaving earlier ones out of `seen`."""
        return (await self.take_until(found, timeout))[-1]

    async def take_until(self, found: Callable[[Seen], bool], timeout: float = 10.0) -> list[Seen]:  # noqa: ASYNC109 - as `until`
        """Take everything up to the first packet that fits, and return it in order."""
        async with asyncio.timeout(timeout):
            while True:
                self._check()
                for number, packet in enumerate(self.seen, 1):
                    if found(packet):
                        taken = self.seen[:number]
                        del self.seen[:number]
                        return taken
                if self.closed:
                    raise BrokenStreamError("the server closed before what was waited for")
                self._news.clear()
                await self._news.wait()

    async def get(self, packet_id: int, timeout: float = 10.0) -> Seen:  # noqa: ASYNC109 - as `until`
        return await self.until(lambda packet: packet.id == packet_id, timeout)

    async def until_closed(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - as `until`
        async with asyncio.timeout(timeout):
            while not self.closed:
                self._check()
                self._news.clear()
                await self._news.wait()

    async def settle(self) -> list[Seen]:
        """Wait until the server has answered everything sent so far; return what came."""
        self.send(b"\x77")
        came = await self.take_until(lambda packet: packet.id == PONG)
        self.check_picture()
        return came[:-1]

    def check_picture(self) -> None:
        """Look for what the server should have taken away: ghosts block the client's way."""
        left = [
            *(one for one in self.figures.values() if not facts.sees(self.x, self.y, one.x, one.y)),
            *(place for place in self.objects if not facts.sees(self.x, self.y, *place)),
        ]
        assert not left, f"still there although out of view of ({self.x},{self.y}): {left}"
        assert "paused" not in self.flags, "PAUSE_TOGGLE comes in pairs"
        own = self.figures.get(self.index)
        assert own is None or "sailing" not in self.flags or own.head == 0, "a boat has no head"

    def knows(self, other: ByteClient) -> bool:
        """Check that this client's picture of another one is true; tell whether it has one."""
        expected = self.map == other.map and facts.sees(self.x, self.y, other.x, other.y)
        shown = self.figures.get(other.index) if self.map == other.map else None
        assert (shown is not None) == expected, (self.index, shown, other.index, other.x, other.y)
        if shown is not None:
            mine = other.figures[other.index]
            assert (shown.x, shown.y) == (other.x, other.y)
            assert (shown.name, shown.body, shown.head) == (mine.name, mine.body, mine.head)
        return expected

    async def enter(self, name: str, password: str = "secreto") -> None:
        """Log in and wait for the burst."""
        self.log_in(name, password)
        await self.entered()

    async def enter_new(self, name: str, **choice: int) -> tuple[int, ...]:
        """Create a character and wait for the burst; return the dice."""
        self.throw_dices()
        dice = await self.get(DICE_ROLL)
        self.create(name, **choice)  # type: ignore[arg-type] # numbers only
        await self.entered()
        return tuple(int(value) for value in dice.values if not isinstance(value, list))

    async def entered(self) -> None:
        await self.get(LOGGED)
        await self.settle()
        assert self.index in self.figures, "the own character must exist"
        assert self.hp > 0 or self.figures[self.index].head in (500, 0), "alive until told"
        assert LEVEL_UP in self.burst, "the free points survive from the last character"
        self.burst.clear()

    def named(self, name: str) -> Figure | None:
        """Return the character with this label, if this client knows one."""
        return next((one for one in self.figures.values() if one.name == name), None)

    async def close(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
        self.writer.close()

    async def reset(self) -> None:
        """Cut the connection hard, as a crashed machine does."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await self.close()

    def _check(self) -> None:
        if self.error is not None:
            raise self.error

    # --- reading -----------------------------------------------------------------------------

    async def _read(self) -> None:
        try:
            while chunk := await self.reader.read(65_536):
                self._parse(chunk)
                self._news.set()
        except ConnectionError:
            pass
        except AssertionError as error:
            self.error = error
        self.writer.close()
        self.closed = True
        self._news.set()

    def _parse(self, chunk: bytes) -> None:
        reader = Reader(chunk)
        lobby = not self.in_game
        first = len(self.seen)
        while reader.at < len(chunk):
            packet_id = chunk[reader.at]
            reader.at += 1
            layout = LAYOUTS.get(packet_id)
            if layout is None or (packet_id == DICE_ROLL and self.in_game):
                raise BrokenStreamError(f"packet {packet_id} must not be sent to this client")
            if layout == "M":
                code = int(reader.number("<B"))
                values: tuple[Value, ...] = (code, *(reader.take(k) for k in MULTI[code]))
            else:
                values = tuple(reader.take(kind) for kind in layout)
            packet = Seen(packet_id, values)
            self._follow(packet)
            self.seen.append(packet)
        ids = [packet.id for packet in self.seen[first:]]
        if lobby and ERROR_MSG in ids:
            assert set(ids) <= {ERROR_MSG, DICE_ROLL}, "a refusal comes alone"
        self.burst += ids

    def _follow(self, packet: Seen) -> None:
        if packet.id not in (DICE_ROLL, ERROR_MSG):
            self.in_game = True
        handler = FOLLOW.get(packet.id)
        if handler is not None:
            handler(self, *packet.values)
        if packet.id in TOGGLES:
            self.flags ^= {TOGGLES[packet.id]}


def _change_map(client: ByteClient, number: int, _version: int) -> None:
    assert 1 <= number <= facts.MAPS, f"the client has no map {number}"
    client.map = number
    client.figures.clear()
    client.objects.clear()
    client.blocked.clear()


def _create(
    client: ByteClient, index: int, body: int, head: int, heading: int, *rest: Value
) -> None:
    x, y, weapon, shield, helmet, _fx, _loops, name, _color, privileges = rest
    assert client.map, "CHARACTER_CREATE before CHANGE_MAP is lost"
    assert index > 0
    _check_look(body, head, heading, weapon, shield, helmet)
    assert privileges not in (64, 128), "a council bit needs the user bit"
    assert isinstance(x, int)
    assert isinstance(y, int)
    client.figures[index] = Figure(x, y, heading, str(name), body, head)
    if index == client.index:
        client.x, client.y = x, y


def _check_look(body: Value, head: Value, heading: Value, *worn: Value) -> None:
    assert heading in DELTAS, f"heading {heading} breaks the client"
    assert body in facts.BODIES, f"the client has no body {body}"
    assert head == 0 or head in facts.HEADS, f"the client has no head {head}"
    for number, known in zip(worn, (facts.WEAPONS, facts.SHIELDS, facts.HELMETS), strict=True):
        assert number == 0 or number in known, f"the client has no {number} to wear"


def _own_index(client: ByteClient, index: int) -> None:
    assert index in client.figures, "the own character must be created before its index"
    client.index = index
    client.x, client.y = client.figures[index].x, client.figures[index].y


def _remove(client: ByteClient, index: int) -> None:
    assert index in client.figures, f"CHARACTER_REMOVE of the unknown {index}"
    del client.figures[index]


def _move(client: ByteClient, index: int, x: int, y: int) -> None:
    assert index in client.figures, f"CHARACTER_MOVE of the unknown {index}"
    assert index != client.index, "CHARACTER_MOVE must never be sent for the own character"
    figure = client.figures[index]
    step = (x - figure.x, y - figure.y)
    assert step in HEADINGS, f"CHARACTER_MOVE goes exactly one tile, not {step}"
    figure.x, figure.y, figure.heading = x, y, HEADINGS[step]


def _force_move(client: ByteClient, heading: int) -> None:
    dx, dy = DELTAS[heading]
    _position(client, client.x + dx, client.y + dy)


def _look(client: ByteClient, index: int, body: int, head: int, heading: int, *worn: int) -> None:
    _known(client, index)
    _check_look(body, head, heading, *worn[:3])
    figure = client.figures[index]
    figure.body, figure.head, figure.heading = body, head, heading


def _known(client: ByteClient, index: int, *_rest: Value) -> None:
    assert index in client.figures, f"the client knows no character {index}"


def _object(client: ByteClient, x: int, y: int, graphic: int) -> None:
    assert graphic in client.graphics, f"the client has no graphic {graphic}"
    client.objects[x, y] = graphic


def _object_gone(client: ByteClient, x: int, y: int) -> None:
    client.objects.pop((x, y), None)


def _block(client: ByteClient, x: int, y: int, blocked: int) -> None:
    client.blocked[x, y] = bool(blocked)


def _position(client: ByteClient, x: int, y: int) -> None:
    assert client.index in client.figures, "a position without an own character"
    client.x, client.y = x, y
    figure = client.figures[client.index]
    figure.x, figure.y = x, y


def _stats(client: ByteClient, _max_hp: int, hp: int, *_rest: int) -> None:
    client.hp = hp


def _hp(client: ByteClient, hp: int) -> None:
    client.hp = hp


def _slot(limit: int, graphic_at: int = 0) -> Callable[..., None]:
    def check(client: ByteClient, slot: int, *rest: Value) -> None:
        assert 1 <= slot <= limit, f"slot {slot} of {limit}"
        graphic = rest[graphic_at - 1] if graphic_at else 0
        assert graphic == 0 or graphic in client.graphics, f"the client has no graphic {graphic}"

    return check


def _effect(client: ByteClient, index: int, effect: int, _loops: int) -> None:
    _known(client, index)
    assert 0 <= effect <= facts.EFFECTS, f"the client has no effect {effect}"


def _chat(client: ByteClient, _text: str, index: int, *_color: int) -> None:
    _known(client, index)


def _console(_client: ByteClient, _text: str, font: int) -> None:
    assert 0 <= font <= facts.FONTS, f"the client has no font {font}"


FOLLOW: dict[int, Callable[..., None]] = {
    CHANGE_MAP: _change_map,
    CREATE: _create,
    CHAR_INDEX: _own_index,
    REMOVE: _remove,
    MOVE: _move,
    FORCE_MOVE: _force_move,
    CHANGE: _look,
    35: _object,
    36: _object_gone,
    37: _block,
    POS_UPDATE: _position,
    UPDATE_STATS: _stats,
    17: _hp,
    44: _effect,
    47: _slot(25, graphic_at=5),
    48: _slot(40, graphic_at=4),
    49: _slot(35),
    59: _slot(50, graphic_at=4),
    66: _known,
    89: _known,
    CHAT: _chat,
    CONSOLE_MSG: _console,
}
