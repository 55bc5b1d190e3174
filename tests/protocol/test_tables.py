from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.protocol import make_golden_packets

from pyao.protocol import CLIENT_PACKETS, SERVER_PACKETS, Decoder
from pyao.protocol.client_packets import Walk
from pyao.protocol.layout import Field, Repeat
from pyao.protocol.packet import Packet
from pyao.protocol.tables import PacketTable

BY_NAME: dict[str, dict[str, type[Packet]]] = {
    "client": {cls.packet_name: cls for cls in CLIENT_PACKETS},
    "server": {cls.packet_name: cls for cls in SERVER_PACKETS},
}
GOLDEN_LINES = make_golden_packets.GOLDEN.read_text("utf-8").splitlines()
# Names of the reference tables that Python, or every packet class, uses for something else.
RENAMED = {"class": "char_class", "key": "variable"}


def declared(fields: Sequence[Field]) -> list[object]:
    """Return names and kinds of the fields, a derived count written out."""
    rows: list[object] = []
    for field in fields:
        if isinstance(field.kind, Repeat):
            if field.kind.by:
                rows.append(("count", field.kind.by.kind))
            times = field.kind.times or "count"
            rows.append((field.name, times, declared(field.kind.layout.fields)))
        else:
            rows.append((field.name, field.kind.kind))
    return rows


def expected(fields: list[make_golden_packets.Row]) -> list[object]:
    """Return the same for a row of the reference tables; a single nested field has no name."""
    rows: list[object] = []
    for field in fields:
        name = RENAMED.get(str(field["name"]), field["name"])
        if field["type"] == "repeat":
            inner = field["fields"]
            assert isinstance(inner, list)
            items = expected([inner[0] | {"name": "item"}] if len(inner) == 1 else inner)
            rows.append((name, field["count"], items))
        else:
            rows.append((name, field["type"]))
    return rows


@pytest.mark.parametrize(
    ("table", "direction", "prefix"),
    [
        ("client", "client", ""),
        ("gm", "client", "GM_COMMANDS."),
        ("server", "server", ""),
        ("multi_message", "server", "MULTI_MESSAGE."),
    ],
)
def test_every_row_of_the_reference_tables_is_declared_as_it_says(
    shared: Path, table: str, direction: str, prefix: str
) -> None:
    rows = tomllib.loads((shared / "protocol" / "packets.toml").read_text("utf-8"))[table]
    plain = [row for row in rows if not any(f["type"] == "union" for f in row["fields"])]
    for row in plain:
        cls = BY_NAME[direction][prefix + row["name"]]
        sub_or_id = cls.key % 256
        assert sub_or_id == row["id"], cls
        assert cls.size == row.get("size"), cls
        assert declared(cls.fields) == expected(row["fields"]), cls
    names = {prefix + row["name"] for row in plain}
    assert names <= BY_NAME[direction].keys()


def test_what_the_game_screen_cannot_read_is_marked(shared: Path) -> None:
    rows = tomllib.loads((shared / "protocol" / "packets.toml").read_text("utf-8"))["server"]
    unsafe = {row["name"] for row in rows if not row["safe_to_send"]}
    assert {cls.packet_name for cls in SERVER_PACKETS if not cls.safe_in_game} == unsafe


def test_all_packets_of_both_directions_are_there() -> None:
    # GM_COMMANDS and MULTI_MESSAGE are no packets of their own: their sub-commands are.
    assert len(CLIENT_PACKETS) == 130 - 1 + 134
    assert len(SERVER_PACKETS) == 107 - 1 + 24


def test_two_declarations_of_one_packet_are_refused() -> None:
    with pytest.raises(ValueError, match="WALK is declared twice"):
        PacketTable([Walk, Walk])


@pytest.mark.parametrize("direction", ["client", "server"])
def test_golden_bytes_are_what_packets_encode_to_and_decode_from(direction: str) -> None:
    decoder: Decoder[Packet] = Decoder(CLIENT_PACKETS if direction == "client" else SERVER_PACKETS)
    for line in GOLDEN_LINES:
        if not line.startswith(direction):
            continue
        _, name, rest = line.split(" ", 2)
        values, data = rest.rsplit(" ", 1)
        packet = build(BY_NAME[direction][name], json.loads(values))
        assert packet.encode().hex() == data, line
        assert decoder.feed(bytes.fromhex(data)) == [packet], line


@pytest.mark.parametrize("direction", ["client", "server"])
def test_every_packet_has_golden_bytes(direction: str) -> None:
    named = {line.split(" ")[1] for line in GOLDEN_LINES if line.startswith(direction)}
    assert named == BY_NAME[direction].keys()


def test_the_golden_file_is_what_the_reference_tables_give(shared: Path) -> None:
    current = make_golden_packets.render(shared / "protocol" / "packets.toml")
    assert current.splitlines() == GOLDEN_LINES, "run tests/protocol/make_golden_packets.py"


def build(cls: type[Packet], values: list[object]) -> Packet:
    """Return the packet with these values; rows of a list of records become records."""
    for place, field in enumerate(cls.fields):
        value = values[place]
        if isinstance(field.kind, Repeat) and field.kind.record and isinstance(value, list):
            values[place] = [field.kind.record(*row) for row in value]
    return cls(*values)
