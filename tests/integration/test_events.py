"""Events of connections in the whole server: each is told once, whatever becomes of the client."""

from __future__ import annotations

from typing import Any

from tests.support.byte_client import ERROR_MSG
from tests.support.running import Running, Start
from tests.support.waiting import until

from pyao.events import Event, EventTypes


def listen(running: Running, *event_types: str) -> list[dict[str, Any]]:
    """Keep what is told from now on."""
    heard: list[dict[str, Any]] = []

    def hear(event: Event[Any]) -> None:
        heard.append({"event": event.event_type, **event.data})

    for event_type in event_types:
        running.app.game.events.register_handler(event_type, hear, "test")
    return heard


async def test_coming_and_going_is_told_once_also_when_a_connection_is_reset(start: Start) -> None:
    running = await start()
    heard = listen(running, EventTypes.CLIENT_CONNECTED, EventTypes.CLIENT_DISCONNECTED)
    polite, rude = await running.newcomer("Ana"), await running.newcomer("Bea")
    await polite.close()
    await rude.reset()
    await until(lambda: len(heard) >= 4)
    await (await running.newcomer("Eva")).settle()
    connected, disconnected = (
        [one["client_id"] for one in heard if one["event"] == kind]
        for kind in (EventTypes.CLIENT_CONNECTED, EventTypes.CLIENT_DISCONNECTED)
    )
    assert len(connected) == len(set(connected)) == 3
    assert sorted(disconnected) == sorted(connected[:2])


async def test_who_is_turned_away_is_told_with_the_reason(start: Start) -> None:
    running = await start(max_connections=1)
    heard = listen(running, EventTypes.CLIENT_REFUSED)
    await running.newcomer("Ana")
    other = await running.connect()
    await other.get(ERROR_MSG)
    await other.until_closed()
    (told,) = heard
    assert told["address"] == "127.0.0.1"
    assert "full" in told["reason"]


async def test_what_is_said_reaches_nobody_who_is_not_in_the_game(start: Start) -> None:
    running = await start()
    outsider = await running.connect()
    outsider.throw_dices()
    await outsider.get(67)
    ana = await running.newcomer("Ana")
    ana.talk("hello")
    ana.yell("HELLO")
    running.app.game.broadcast("to all")
    await ana.settle()
    outsider.throw_dices()
    heard = await outsider.take_until(lambda packet: packet.id == 67)
    assert [packet.id for packet in heard] == [67]
