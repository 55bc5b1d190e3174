"""Packets that the Godot client cannot parse are declared, and never sent to it.

It skips their id without their payload, so that whatever follows is read as rubbish.
"""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from pyao.config import Settings
from pyao.protocol import SERVER_PACKETS

SOURCES = Path(__file__).resolve().parent.parent / "src" / "pyao"
# May be sent before the log-in: only the game screen cannot read it.
LOBBY_ONLY = {"DICE_ROLL": {"tasks/login.py", "net/message_sender.py"}}
# For other clients: only where an operator said that they have the window (`game.trade_window`).
ASKED_FOR = {"CHANGE_USER_TRADE_SLOT": {"tasks/trading.py"}}
UNSAFE = (
    46, 58, 64, 65, 67, 77, 83, 86, 90, 91, 92, 94, 95, 96, 97, 99, 103,
)  # fmt: skip


def names_in(path: Path) -> set[str]:
    """Return every name and attribute a file mentions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found


def test_no_packet_that_ruins_the_stream_of_the_client_is_sent() -> None:
    unsafe = [packet for packet in SERVER_PACKETS if packet.key in UNSAFE]
    assert len(unsafe) == len(UNSAFE)
    for path in SOURCES.rglob("*.py"):
        where = path.relative_to(SOURCES).as_posix()
        if where.startswith(("protocol/", "bots/")):
            continue
        named = names_in(path)
        for packet in unsafe:
            allowed = where in (LOBBY_ONLY | ASKED_FOR).get(packet.packet_name, set())
            spellings = {packet.__name__, packet.packet_name.lower()}
            assert allowed or not spellings & named, f"{where} sends {packet.packet_name}"


def test_what_only_other_clients_read_is_not_sent_unless_asked_for() -> None:
    assert not Settings().game.trade_window


def test_the_list_is_the_clients(shared: Path) -> None:
    text = (shared / "protocol" / "packets.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["server"]
    assert tuple(row["id"] for row in rows if row.get("safe_to_send") is False) == UNSAFE
