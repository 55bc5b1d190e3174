from __future__ import annotations

from tests.support.sockets import open_door

from pyao.protocol.enums import Font
from pyao.protocol.server_packets import ConsoleMsg, DiceRoll, ErrorMsg, Pong


async def test_packets_and_bytes_leave_in_the_order_of_the_calls() -> None:
    async with open_door() as door:
        client = await door.client()
        sender = door.receivers[0].connection.sender
        sender.send_dice_roll(18, 17, 16, 15, 14)
        sender.send_error("No")
        sender.send(Pong().encode())
        sender.send_console("hola")
        sender.send_console("cuidado", Font.WARNING)
        assert await client.packets(5) == [
            DiceRoll(18, 17, 16, 15, 14),
            ErrorMsg("No"),
            Pong(),
            ConsoleMsg("hola", Font.INFO),
            ConsoleMsg("cuidado", Font.WARNING),
        ]


async def test_text_is_sent_in_the_configured_encoding() -> None:
    expected = {"ascii": b"nandu", "latin-1": b"\xf1and\xfa", "utf-8": "ñandú".encode()}
    for encoding, text in expected.items():
        async with open_door(text_encoding=encoding) as door:
            client = await door.client()
            door.receivers[0].connection.sender.send_console("ñandú")
            assert text in await client.read()
