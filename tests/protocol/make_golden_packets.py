"""Writes golden_packets.txt: sample packets and their bytes, without any code of the server.

Reads the layouts from ../shared/protocol/packets.toml and encodes samples with a few lines of
`bytes` and `int.to_bytes`. Run it as a script after a change of the client's layouts.
Each line: direction, packet name, the values in wire order as JSON, the bytes as hex.
"""

from __future__ import annotations

import json
import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path

GOLDEN = Path(__file__).with_name("golden_packets.txt")
PREFIX_ID = {"gm": 122, "multi_message": 104}
PREFIX_NAME = {"gm": "GM_COMMANDS.", "multi_message": "MULTI_MESSAGE."}
DIRECTION = {"client": "client", "gm": "client", "server": "server", "multi_message": "server"}
INTEGER_BYTES = {"u8": 1, "i16": 2, "i32": 4}

Row = dict[str, object]

REPEATS = (2, 0, 3)


def main() -> None:
    """Write the golden file beside this script."""
    root = Path(__file__).resolve().parents[3]
    GOLDEN.write_text(render(root / "shared" / "protocol" / "packets.toml"), "utf-8")


def render(packets: Path) -> str:
    """Return the golden lines for all rows of the packet tables."""
    tables = tomllib.loads(packets.read_text("utf-8"))
    lines = []
    for table in ("client", "gm", "server", "multi_message"):
        for row in tables[table]:
            if any(field["type"] == "union" for field in row["fields"]):
                continue  # the rows of the other table are its packets
            name = PREFIX_NAME.get(table, "") + row["name"]
            head = bytes([PREFIX_ID[table], row["id"]] if table in PREFIX_ID else [row["id"]])
            for values, body in dict.fromkeys(samples(row["fields"], DIRECTION[table])):
                lines.append(f"{DIRECTION[table]} {name} {values} {(head + body).hex()}")
    return "\n".join(lines) + "\n"


def samples(fields: list[Row], direction: str) -> Iterator[tuple[str, bytes]]:
    """Yield the sample values of a row as JSON, each with its payload."""
    for which in range(3):
        values, body = sample(fields, direction, which)
        yield json.dumps(values, ensure_ascii=True), body


def sample(fields: list[Row], direction: str, which: int) -> tuple[list[object], bytes]:
    """Return one sample of the fields; a count is not a value, it follows from its list."""
    counts = {field["count"] for field in fields if field["type"] == "repeat"}
    values: list[object] = []
    body = b""
    for place, field in enumerate(fields):
        kind = str(field["type"])
        if field["name"] in counts:
            body += REPEATS[which].to_bytes(INTEGER_BYTES[kind], "little")
        elif kind == "repeat":
            inner = field["fields"]
            count = field["count"]
            assert isinstance(inner, list)
            times = count if isinstance(count, int) else REPEATS[which]
            rows = [sample(inner, direction, (which + i) % 3) for i in range(times)]
            values.append([row if len(row) > 1 else row[0] for row, _ in rows])
            body += b"".join(part for _, part in rows)
        else:
            value = (ordinary, lowest, highest)[which](kind, place, direction)
            values.append(value)
            body += encoded(kind, value)
    return values, body


def ordinary(kind: str, place: int, direction: str) -> object:
    """Return a value that differs from place to place, so that two swapped fields show."""
    accents = " ¿ñandú?" if direction == "client" else ""
    return {
        "u8": 3 + place,
        "i16": 258 + 257 * place,
        "i32": 66051 + 16843009 * place,
        "f32": 2.5 + place,
        "bool": True,
        "string": f"Hola [{place}]{accents}",
        "string_list": [f"Clan {place}", "Ñandú y otros"],
    }[kind]


def lowest(kind: str, place: int, direction: str) -> object:
    """Return the least value, or an empty one."""
    del place, direction
    return {
        "u8": 0,
        "i16": -(2**15),
        "i32": -(2**31),
        "f32": -0.125,
        "bool": False,
        "string": "",
        "string_list": [],
    }[kind]


def highest(kind: str, place: int, direction: str) -> object:
    """Return the greatest value; the first string needs both bytes of its count."""
    del direction
    return {
        "u8": 255,
        "i16": 2**15 - 1,
        "i32": 2**31 - 1,
        "f32": 16777216.0,
        "bool": True,
        "string": "x" * (260 if place == 0 else place),
        "string_list": ["", "medio", ""],
    }[kind]


def encoded(kind: str, value: object) -> bytes:
    """Return the bytes of one value."""
    match kind, value:
        case "bool", bool(flag):
            return b"\x01" if flag else b"\x00"
        case "f32", float(number):
            return struct.pack("<f", number)
        case "string", str(text):
            raw = text.encode("latin-1")
        case "string_list", list(items):
            raw = b"\x00".join(str(item).encode("latin-1") for item in items)
            raw += b"\x00" if items and not items[-1] else b""
        case _, int(number):
            return number.to_bytes(INTEGER_BYTES[kind], "little", signed=kind != "u8")
        case _:
            raise ValueError(f"no {kind} is made of {value!r}")
    return len(raw).to_bytes(2, "little") + raw


if __name__ == "__main__":
    main()
