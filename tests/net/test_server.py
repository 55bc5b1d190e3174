from __future__ import annotations

from tests.support.sockets import PING, PONG, open_door


async def test_a_ping_is_answered() -> None:
    async with open_door() as door:
        client = await door.client()
        await client.send(PING)
        assert await client.read() == PONG
        client.close()
