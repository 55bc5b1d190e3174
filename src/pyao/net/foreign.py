"""Recognising, from the first bytes, what speaks another protocol on the game's port.

Each of these would also be a violation, or a packet that nobody may send first; telling them apart
early closes them sooner and gives the operator a log line that says what it was.
"""

from __future__ import annotations

_TLS_HANDSHAKE = b"\x16\x03"
_SSH = b"SSH-"
_HTTP = (b"GET ", b"HEAD", b"POST", b"PUT ", b"OPTI", b"CONN", b"DELE", b"PATC", b"TRAC", b"PRI ")
_NOTHING = bytes(8)  # a log-in with neither name, password nor version


def foreign_protocol(data: bytes) -> str | None:
    """Return the name of the protocol that a connection starts with, or None for a game client."""
    if data[:2] == _TLS_HANDSHAKE:
        return "TLS"
    start = data[:4]
    if start in _HTTP:
        return "HTTP"
    if start == _SSH:
        return "SSH"
    if data[:8] == _NOTHING:
        return "zeros"
    return None
