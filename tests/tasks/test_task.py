from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from tests.tasks.conftest import Running

from pyao.protocol.client_packets import ForumPost, Walk
from pyao.protocol.client_social_packets import Talk
from pyao.tasks import TASK_HANDLERS, Task, TaskNull, Turn, on
from pyao.tasks.session import Phase, Session


def turn_of(running: Running) -> Turn:
    """Return the turn of the only session there is."""
    (session,) = running.app.game.connected.values()
    assert isinstance(session, Session)
    return Turn(session)


def test_a_packet_has_one_task() -> None:
    with pytest.raises(ValueError, match="WALK has two tasks"):

        @on(Walk)
        def again(_turn: Turn, _packet: Walk) -> None:
            """Never entered."""


def test_the_table_says_in_which_phase_a_packet_may_come() -> None:
    assert TASK_HANDLERS[Walk.key].phase is Phase.IN_GAME
    assert {row.phase for row in TASK_HANDLERS.values()} == {Phase.LOBBY, Phase.IN_GAME}


async def test_a_task_is_a_packet_with_its_turn_and_function(running: Running) -> None:
    await running.newcomer("Ana")
    turn = turn_of(running)
    heard: list[object] = []
    packet = Talk("hola")
    Task(turn, packet, lambda *what: heard.extend(what)).run()
    assert heard == [turn, packet]


async def test_a_packet_that_nothing_answers_is_named_in_the_log(running: Running) -> None:
    await running.newcomer("Ana")
    with capture_logs() as logs:
        TaskNull(turn_of(running), ForumPost(0, "title", "text")).run()
    assert [(line["log_level"], line["packet"]) for line in logs] == [("debug", "FORUM_POST")]
