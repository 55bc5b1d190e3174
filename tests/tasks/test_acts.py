from __future__ import annotations

from tests.support.byte_client import EAST, NORTH
from tests.support.duel import BeginDuel, Duel, values

from pyao.rules.kinds import CharClass


async def test_a_step_wakes_the_meditating_and_leads_nowhere(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(ana=CharClass.MAGE)
    await duel.act(79)
    assert "meditating" in duel.ana.flags
    duel.ana.send(bytes((6, EAST)))
    await duel.hear()
    assert "meditating" not in duel.ana.flags
    assert (duel.a.x, duel.a.y) == (50, 50)
    assert values(duel.bob, 44)[-1] == (duel.a.index, 0, 0)
    duel.ana.walk(NORTH)
    await duel.hear()
    assert (duel.a.x, duel.a.y) == (50, 49)


async def test_a_step_makes_the_resting_get_up_and_leads_nowhere(duel: Duel) -> None:
    duel.a.resting = True
    duel.ana.flags.add("resting")
    duel.ana.send(bytes((6, NORTH)))
    await duel.hear()
    assert not duel.a.resting
    assert "resting" not in duel.ana.flags
    assert (duel.a.x, duel.a.y) == (50, 50)


async def test_a_step_calls_off_leaving(duel: Duel) -> None:
    await duel.act(71)
    leaving = duel.a.leaving
    assert leaving is not None
    duel.ana.walk(NORTH)
    await duel.hear()
    assert leaving.cancelled
