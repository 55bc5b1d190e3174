from __future__ import annotations

from structlog.testing import capture_logs

from pyao.net.packet_log import OutgoingLog, log_incoming
from pyao.protocol.client_packets import LoginExistingChar, Walk
from pyao.protocol.server_packets import CharacterMove, ConsoleMsg


def test_a_password_never_shows() -> None:
    with capture_logs() as logs:
        log_incoming("192.0.2.1", [LoginExistingChar("Rhea", "canary", 0, 13, 0), Walk(1)])
    assert "canary" not in str(logs)
    assert logs[1] == {
        "event": "[INCOMING] WALK heading=1",
        "address": "192.0.2.1",
        "log_level": "debug",
    }


def test_each_packet_of_a_message_gets_its_line() -> None:
    message = CharacterMove(7, 50, 51).encode() + ConsoleMsg("hola", 1).encode()
    with capture_logs() as logs:
        OutgoingLog("192.0.2.1")(message)
    assert [entry["event"] for entry in logs] == [
        "[OUTGOING] CHARACTER_MOVE char_index=7 x=50 y=51",
        "[OUTGOING] CONSOLE_MSG text='hola' font=1",
    ]


def test_bytes_that_no_table_explains_are_shown_as_they_are() -> None:
    outgoing = OutgoingLog("192.0.2.1")
    with capture_logs() as logs:
        outgoing(b"\xff\x01")
        outgoing(CharacterMove(7, 50, 51).encode())
    assert [entry["event"] for entry in logs] == [
        "[OUTGOING] ff 01",
        "[OUTGOING] CHARACTER_MOVE char_index=7 x=50 y=51",
    ]
