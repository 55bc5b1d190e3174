from __future__ import annotations

from pathlib import Path

from pyao.protocol import CLIENT_PACKETS, SERVER_PACKETS
from pyao.protocol.reference import render

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"


def test_the_committed_page_is_what_the_declarations_say() -> None:
    advice = "run: python -m pyao.protocol.reference > docs/protocol.md"
    assert PAGE.read_text("utf-8") == render(), advice


def test_every_packet_is_a_row_with_its_layout() -> None:
    rows = [line for line in render().splitlines() if line.startswith("| ")]
    names = {cls.packet_name.rpartition(".")[2] for cls in [*CLIENT_PACKETS, *SERVER_PACKETS]}
    assert names <= {row.split(" | ")[1] for row in rows if row.count(" | ") == 4}
    assert any(row.startswith("| 6 | WALK | 2 | `heading` u8 | One step") for row in rows)
    assert any("| `skills` 20 x (`level` u8, `percent` u8) |" in row for row in rows)
    assert any("| `names` u8 count x string |" in row for row in rows)


def test_no_meaning_breaks_the_table() -> None:
    for cls in [*CLIENT_PACKETS, *SERVER_PACKETS]:
        assert cls.__doc__
        assert "|" not in cls.__doc__
        assert "\n" not in cls.__doc__
