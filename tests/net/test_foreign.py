from __future__ import annotations

import pytest

from pyao.net.foreign import foreign_protocol
from pyao.protocol.client_packets import LoginExistingChar, LoginNewChar, ThrowDices


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (bytes.fromhex("160301020001000"[:14]), "TLS"),
        (b"GET / HTTP/1.1\r\n\r\n", "HTTP"),
        (b"PRI * HTTP/2.0\r\n", "HTTP"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "SSH"),
        (bytes(1000), "zeros"),
    ],
)
def test_another_protocol_is_recognised(data: bytes, name: str) -> None:
    assert foreign_protocol(data) == name


@pytest.mark.parametrize(
    "data",
    [
        LoginExistingChar("Rhea", "secret", 0, 13, 0).encode(),
        ThrowDices().encode(),
        LoginNewChar("Rhea", "secret", 0, 13, 0, 1, 2, 3, 4, "", 1).encode(),
        b"",
        bytes(7),
    ],
)
def test_what_a_game_client_starts_with_is_not(data: bytes) -> None:
    assert foreign_protocol(data) is None
