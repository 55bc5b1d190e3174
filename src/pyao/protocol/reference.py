"""The page docs/protocol.md, rendered from the declarations so that it cannot fall behind them.

`python -m pyao.protocol.reference > docs/protocol.md` writes it; a test compares the two.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum

from pyao.protocol import enums
from pyao.protocol.layout import Field, Repeat
from pyao.protocol.packet import Packet, ServerPacket
from pyao.protocol.tables import CLIENT_PACKETS, SERVER_PACKETS
from pyao.protocol.wire import BYTE, FLAG, FLOAT, LONG, MAX_STRING_BYTES, SHORT

_FIRST_SUB_KEY = 256

INTRODUCTION = f"""\
# Protocol

What travels between the Godot client and the server. This page is generated from the packet
declarations in `src/pyao/protocol/` (`python -m pyao.protocol.reference > docs/protocol.md`).

## How to read the stream

- TCP, port 7666. Each packet is one id byte and its fields; nothing tells its length but its
  layout. All numbers are little-endian. A stream with one wrong byte is lost, so the server closes
  it.
- The client writes several packets at once and expects whole packets from each read, so the server
  cuts by layout and sends pieces that end where a packet ends.
- Coordinates and slots count from 1. Maps are 100 x 100 tiles.

| type | bytes | values |
| --- | --- | --- |
| u8 | 1 | {BYTE.low} to {BYTE.high} |
| bool | {FLAG.width} | 0 or 1; any other byte reads as true |
| i16 | {SHORT.width} | {SHORT.low} to {SHORT.high} |
| i32 | {LONG.width} | {LONG.low} to {LONG.high} |
| f32 | {FLOAT.width} | IEEE 754 single |
| string | 2 + n | an i16 byte count, 0 to {MAX_STRING_BYTES}, then the text |
| string_list | 2 + n | a string whose items are separated by NUL bytes, always Latin-1 |

Text from the client is Latin-1. Text to the client is ASCII, other letters transliterated, because
the client decodes it with the code page of its own computer; the setting `text_encoding` chooses
`latin-1` or `utf-8` instead. Console lines are BBCode: the server turns `[` of players into `(`.
"""


def render() -> str:
    """Return the whole page as Markdown."""
    client = list(CLIENT_PACKETS)
    server = list(SERVER_PACKETS)
    parts = [
        INTRODUCTION,
        _table("Client packets", "What a client sends.", _plain(client)),
        _table(
            "Staff commands",
            "Sub-commands of client packet 122: the byte 122, the id below, the fields. The client "
            "lets ordinary players send some of them; the server checks the privilege.",
            _sub(client),
        ),
        _table(
            "Server packets",
            "What the server sends. The game screen of this client does not skip the payload of "
            "those marked *never in game*: it would read it as packet ids.",
            _plain(server),
        ),
        _table(
            "Coded messages",
            "Sub-messages of server packet 104: the byte 104, the id below, the fields. The client "
            "has the texts.",
            _sub(server),
        ),
        _codes(),
    ]
    return "\n".join(parts)


def _plain(packets: Iterable[type[Packet]]) -> list[type[Packet]]:
    return [cls for cls in packets if cls.key < _FIRST_SUB_KEY]


def _sub(packets: Iterable[type[Packet]]) -> list[type[Packet]]:
    return [cls for cls in packets if cls.key >= _FIRST_SUB_KEY]


def _table(title: str, about: str, packets: Sequence[type[Packet]]) -> str:
    lines = [
        f"## {title}",
        "",
        about,
        "",
        "| id | packet | bytes | fields | meaning |",
        "| --- | --- | --- | --- | --- |",
    ]
    for cls in packets:
        name = cls.packet_name.rpartition(".")[2]
        size = "varies" if cls.size is None else str(cls.size)
        meaning = inspect.getdoc(cls) or ""
        if issubclass(cls, ServerPacket) and not cls.safe_in_game:
            meaning += " **Never in game.**"
        lines.append(
            f"| {cls.key % _FIRST_SUB_KEY} | {name} | {size} | {_fields(cls.fields)} | {meaning} |"
        )
    return "\n".join(lines) + "\n"


def _fields(fields: Sequence[Field]) -> str:
    return ", ".join(f"`{field.name}` {_kind(field)}" for field in fields)


def _kind(field: Field) -> str:
    kind = field.kind
    if not isinstance(kind, Repeat):
        return kind.kind
    times = f"{kind.by.kind} count x" if kind.by else f"{kind.times} x"
    inner = kind.layout.fields
    return f"{times} ({_fields(inner)})" if kind.record else f"{times} {_kind(inner[0])}"


def _codes() -> str:
    lines = ["## Codes inside packets", ""]
    kinds = (
        enums.Font,
        enums.Fx,
        enums.Sound,
        enums.BodyPart,
        enums.GuildAlignment,
        enums.MoveItemType,
        enums.ForumMessageType,
        enums.EditCharOption,
    )
    lines += [f"- **{kind.__name__}.** {inspect.getdoc(kind)} {_members(kind)}." for kind in kinds]
    return "\n".join(lines) + "\n"


def _members(kind: type[IntEnum]) -> str:
    return ", ".join(f"{int(member)} {member.name.lower()}" for member in kind)


if __name__ == "__main__":
    sys.stdout.write(render())
