"""Commands about connections, sessions and rooms."""

from __future__ import annotations

import pytest
from tests.console.conftest import Operator
from tests.support.byte_client import ERROR_MSG
from tests.support.running import Start
from tests.support.waiting import until
from tests.support.world import ManualClock


async def test_sessions_are_those_in_the_game_clients_are_all(operator: Operator) -> None:
    await operator.newcomer("Ana")
    visitor = await operator.running.connect()
    visitor.throw_dices()
    await visitor.get(67)
    sessions = await operator.done("sessions")
    assert [row[0] for row in sessions.rows] == ["Ana"]
    assert sessions.columns[3] == "place"
    clients = await operator.done("clients list")
    assert [row[3] for row in clients.rows] == ["Ana", ""]


async def test_a_client_is_disconnected_by_its_id(operator: Operator) -> None:
    ana = await operator.newcomer("Ana")
    (row,) = (await operator.done("clients")).rows
    await operator.done(f"clients disconnect {row[0]}")
    await ana.until_closed()
    assert (await operator.done("clients")).rows == ()
    assert (await operator.audit())[0]["cause"] == "console clients disconnect"
    assert "no client 'tcp:999'" in await operator.refused("clients disconnect tcp:999")


async def test_clearing_sessions_logs_everybody_out(operator: Operator) -> None:
    ana, pepe = await operator.newcomer("Ana"), await operator.newcomer("Pepe")
    assert (await operator.done("sessions clear")).lines == ("2 sessions ended",)
    for client in (ana, pepe):
        await client.get(ERROR_MSG)
        await client.until_closed()
    assert (await operator.audit())[0]["target"] == "2 sessions"


async def test_clearing_with_a_number_ends_only_the_silent_ones(start: Start) -> None:
    clock = ManualClock()
    operator = Operator(await start(clock=clock, idle_minutes=0, lobby_idle_minutes=0))
    ana = await operator.newcomer("Ana")
    clock.advance(6 * 60_000)
    await operator.newcomer("Pepe")
    assert (await operator.done("sessions clear 5")).lines == ("1 sessions ended",)
    assert "5" in str((await ana.get(ERROR_MSG)).values[0])
    assert [row[0] for row in (await operator.done("sessions")).rows] == ["Pepe"]


async def test_rooms_are_listed_and_shown_with_variables_and_members(operator: Operator) -> None:
    rooms = await operator.done("rooms")
    assert [row[0] for row in rooms.rows] == ["map:1", "map:2"]
    facts = await operator.facts("rooms show map:1")
    assert facts["name"] == "Meadow 1"
    assert facts["variable safe"] == "true"
    operator.running.app.game.world.rooms.create_room(room_id="lobby:1")
    assert (await operator.done("rooms list")).rows[-1][0] == "lobby:1"
    assert "no room 'map:9'" in await operator.refused("rooms show map:9")


@pytest.mark.parametrize("line", ["sessions clear x", "clients disconnect", "rooms show"])
async def test_wrong_words_are_answered_with_the_usage(operator: Operator, line: str) -> None:
    assert "usage: " in await operator.refused(line)


async def test_a_session_whose_line_broke_is_no_session_any_more(operator: Operator) -> None:
    ana = await operator.newcomer("Ana")
    await ana.reset()
    await until(lambda: not operator.running.app.game.clients)
    assert (await operator.done("sessions")).rows == ()
