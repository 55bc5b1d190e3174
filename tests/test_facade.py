"""What modules see of the server: clients as members of rooms, through losses and log-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.running import Running, starter
from tests.support.waiting import until

from pyao.facade import ConnectedClient
from pyao.rooms import GenericRoom


@pytest.fixture(name="running")
async def running_fixture(tmp_path: Path) -> AsyncIterator[Running]:
    async with starter(tmp_path) as start:
        yield await start()


def den(running: Running, grace_s: float) -> GenericRoom:
    return running.app.game.world.rooms.create_room(None, {"grace_s": grace_s}, room_id="den:1")


def visitor(running: Running, name: str = "") -> ConnectedClient:
    (found,) = [each for each in running.app.facade.clients.values() if each.name == name]
    assert isinstance(found, ConnectedClient)
    return found


async def lines(client: ByteClient) -> list[str]:
    return [str(each.values[0]) for each in await client.settle() if each.id == CONSOLE_MSG]


async def test_who_lost_the_line_is_in_its_rooms_again_at_log_in_and_hears_what_was_missed(
    running: Running,
) -> None:
    room = den(running, grace_s=60)
    ana = await running.newcomer("Ana")
    assert running.app.game.world.rooms.join("den:1", visitor(running, "Ana")) is None
    await ana.reset()
    await until(lambda: not running.app.game.connected)
    room.set_variable("door", "open", broadcast=True)
    again = await running.connect()
    again.log_in("Ana")
    assert "(den:1) door: open" in await lines(again)
    assert list(room.members) == [running.player("Ana").member_id]
    assert room.away == {}
    room.broadcast("bell", "rings")
    assert await lines(again) == ["(den:1) bell: rings"]


async def test_a_second_log_in_takes_the_places_of_the_first(running: Running) -> None:
    room = den(running, grace_s=60)
    await running.newcomer("Ana")
    running.app.game.world.rooms.join("den:1", visitor(running, "Ana"))
    again = await running.connect()
    again.log_in("Ana")
    await again.settle()
    room.broadcast("bell", "rings")
    assert await lines(again) == ["(den:1) bell: rings"]


async def test_who_leaves_the_game_leaves_its_rooms_whatever_their_grace(running: Running) -> None:
    room = den(running, grace_s=60)
    ana = await running.newcomer("Ana")
    running.app.game.world.rooms.join("den:1", visitor(running, "Ana"))
    ana.send(b"\x47")
    await ana.until_closed()
    assert (room.members, room.away) == ({}, {})


async def test_a_visitor_of_the_lobby_leaves_with_its_connection_and_at_log_in(
    running: Running,
) -> None:
    room = den(running, grace_s=60)
    ana = await running.newcomer("Ana")
    ana.send(b"\x47")
    await ana.until_closed()
    for name in ("", "Ana"):
        client = await running.connect()
        client.throw_dices()
        await client.get(67)
        running.app.game.world.rooms.join("den:1", visitor(running))
        assert len(room.members) == 1
        if name:
            client.log_in(name)
            await client.settle()
        else:
            await client.reset()
            await until(lambda: not running.app.game.connected)
        assert (room.members, room.away) == ({}, {})
