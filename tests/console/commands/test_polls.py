"""Commands about polls."""

from __future__ import annotations

import pytest
from tests.console.conftest import Operator

from pyao.rules.poll import OPTION_MAX_CHARS


async def test_an_operator_asks_the_players_and_sees_how_they_vote(operator: Operator) -> None:
    ana = await operator.newcomer("Ana")
    assert "no poll runs" in await operator.refused("poll")
    await operator.done("poll open 1 Mas peces? | si | no")
    await ana.until(lambda seen: "/encuesta" in str(seen.values[:1]))
    assert "runs already" in await operator.refused("poll open 1 Otra? | si | no")
    operator.running.app.game.polls.vote(operator.running.player("Ana"), 2)
    shown = await operator.done("poll")
    assert shown.rows == ((1, 0, "si"), (2, 1, "no"))
    assert "Mas peces?" in shown.lines[0]
    assert (await operator.done("poll close")).rows == shown.rows
    assert "no poll runs" in await operator.refused("poll close")
    assert (await operator.audit())[-1]["target"] == "poll 1"


@pytest.mark.parametrize(
    "question", ["x", "x | y", "| a | b", "x | a | ", f"x | a | {'b' * (OPTION_MAX_CHARS + 1)}"]
)
async def test_a_question_has_a_text_and_options(operator: Operator, question: str) -> None:
    assert await operator.refused(f"poll open 1 {question}")
