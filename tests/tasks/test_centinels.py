"""The centinels: whom they ask, what an answer is worth, and what becomes of who gives none."""

from __future__ import annotations

from tests.support.byte_client import ERROR_MSG
from tests.tasks.conftest import Court

from pyao.protocol.client_social_packets import CentinelReport
from pyao.tasks.centinels import pass_round, remind


async def asked(court: Court) -> int:
    """Let Ana work and be asked; return the code."""
    assert "ask who works" in await court.order("/centinelaactivado")
    court.player.work.add(court.player.pace.steps)
    pass_round(court.game)
    number = court.game.centinels.of(court.player.user_id)
    assert number is not None
    return court.game.centinels.asking[number].code


async def test_who_works_is_asked_and_the_right_code_sends_the_centinel_away(court: Court) -> None:
    code = await asked(court)
    assert f"/centinela {code}" in await court.heard()
    court.clock.advance(90_000)
    court.ana.send(CentinelReport(code).encode())
    assert "Thank you" in await court.heard()
    assert not court.game.guards
    court.player.work.add(court.player.pace.steps)
    pass_round(court.game)
    assert not court.game.centinels.asking  # not again in this round


async def test_a_wrong_code_is_repeated_and_written_down(court: Court) -> None:
    code = await asked(court)
    await court.heard()
    court.ana.send(CentinelReport(code % 100 + 1 + 200).encode())
    assert f"/centinela {code}" in await court.heard()
    assert any("wrong" in row["arguments"] for row in await court.audited("centinel"))
    court.gm.send(CentinelReport(code).encode())
    assert "did not ask you" in await court.heard(court.gm)


async def test_guesses_are_taken_and_written_down_at_the_pace_of_talk(court: Court) -> None:
    code = await asked(court)
    burst = court.game.options.intervals.talk_burst
    wrong = CentinelReport(code % 100 + 1 + 200).encode()
    court.ana.send(*[wrong] * (burst + 5), CentinelReport(code).encode())
    assert "too fast" in await court.heard()
    assert len(await court.audited("centinel")) == burst
    assert court.game.centinels.asking
    court.clock.advance(60_000)
    court.ana.send(CentinelReport(code).encode())
    assert "Thank you" in await court.heard()


async def test_who_does_not_answer_dies_and_is_out(court: Court) -> None:
    code = await asked(court)
    court.clock.advance(10_000)
    remind(court.game)
    assert f"/centinela {code}" in await court.heard()
    court.clock.advance(60_000)
    pass_round(court.game)
    assert f"/centinela {code}" in await court.heard()
    player = court.player
    court.clock.advance(50_000)
    pass_round(court.game)
    assert player.dead
    await court.ana.get(ERROR_MSG)
    await court.ana.until_closed()
    assert "did not answer" in await court.heard(court.gm)
    assert not court.game.guards


async def test_who_leaves_while_asked_is_only_noted(court: Court) -> None:
    await asked(court)
    court.game.leave(court.player)
    court.clock.advance(10_000)
    remind(court.game)
    assert not court.game.centinels.asking
    assert any("left the game" in row["arguments"] for row in await court.audited("centinel"))
