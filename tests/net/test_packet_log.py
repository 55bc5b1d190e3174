from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from pyao.net.packet_log import OutgoingLog, both, log_incoming
from pyao.protocol import CLIENT_PACKETS, SERVER_PACKETS
from pyao.protocol.client_packets import LoginExistingChar, Walk
from pyao.protocol.client_social_packets import Talk
from pyao.protocol.layout import Field
from pyao.protocol.packet import Confidential
from pyao.protocol.server_packets import CharacterMove, ConsoleMsg
from pyao.protocol.wire import Scalar, Text


def test_a_password_never_shows() -> None:
    with capture_logs() as logs:
        log_incoming("192.0.2.1", [LoginExistingChar("Rhea", "canary", 0, 13, 0), Walk(1)])
    assert "canary" not in str(logs)
    assert logs[1] == {
        "event": "[INCOMING] WALK heading=1",
        "address": "192.0.2.1",
        "log_level": "debug",
    }


def test_every_field_with_a_secret_is_known_and_never_shows() -> None:
    secret = {
        (kind.packet_name, field.name)
        for kind in (*CLIENT_PACKETS, *SERVER_PACKETS)
        for field in kind.fields
        if field.secret
    }
    assert secret == {
        ("LOGIN_EXISTING_CHAR", "password"),
        ("LOGIN_NEW_CHAR", "password"),
        ("CHANGE_PASSWORD", "old_password"),
        ("CHANGE_PASSWORD", "new_password"),
        ("GM_COMMANDS.ALTER_PASSWORD", "copy_from"),
    }
    packets = [kind(*(sample(field) for field in kind.fields)) for kind in CLIENT_PACKETS]
    with capture_logs() as logs:
        log_incoming("192.0.2.1", packets)
    assert len(logs) == len(packets)
    assert "canary" not in str(logs)
    assert "canary" not in repr(packets)


def sample(field: Field) -> object:
    """Return a value for a field, a canary where it is secret or may be a command with a secret."""
    if isinstance(field.kind, Scalar):
        return 0
    if isinstance(field.kind, Text):
        return {"secret": "canary", "typed": "/apass Ana@canary"}.get(
            "secret" if field.secret else "typed" if field.typed else "", "text"
        )
    return []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/apass Ana@canary", "'/apass ***'"),
        ("/contrasena canary canary", "'/contrasena ***'"),
        ("/ayuda", "'/ayuda'"),
        ("hola a todos", "'hola a todos'"),
    ],
)
def test_of_a_typed_command_the_word_shows_and_no_more(text: str, shown: str) -> None:
    with capture_logs() as logs:
        log_incoming("192.0.2.1", [Talk(text)])
    assert logs[0]["event"] == f"[INCOMING] TALK text={shown}"


def test_what_a_client_is_told_in_confidence_is_named_and_no_more() -> None:
    outgoing = OutgoingLog("192.0.2.1")
    with capture_logs() as logs:
        outgoing(Confidential(ConsoleMsg("canary", 1).encode()))
        outgoing(Confidential(b"\xffcanary"))
        outgoing(ConsoleMsg("hola", 1).encode())
    assert [entry["event"] for entry in logs] == [
        "[OUTGOING] CONSOLE_MSG ***",
        "[OUTGOING] ***",
        "[OUTGOING] CONSOLE_MSG text='hola' font=1",
    ]


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


def test_two_may_look_at_the_same_messages() -> None:
    first: list[bytes] = []
    second: list[bytes] = []
    show = both(first.append, second.append)
    assert show is not None
    show(b"\x01")
    assert first == second == [b"\x01"]


def test_nobody_who_looks_costs_nothing() -> None:
    seen: list[bytes] = []
    assert both(None, None) is None
    assert both(None, seen.append) == both(seen.append, None) == seen.append
