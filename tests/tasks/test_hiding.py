from __future__ import annotations

import pytest
from tests.support.byte_client import EAST, NORTH, PONG
from tests.support.duel import INVISIBLE, WORK, BeginDuel, Duel, lines, values
from tests.support.things import BARGE

from pyao.rules.character import Slot
from pyao.rules.kinds import CharClass, Skill

HIDE = int(Skill.HIDE)
SHIP, LOOK = 87, 34


async def hide(duel: Duel) -> None:
    duel.clock.advance(1000)
    await duel.act(WORK, HIDE)


async def test_the_hidden_vanish_for_others_only(duel: Duel) -> None:
    duel.a.skills[HIDE - 1] = 100
    await hide(duel)
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 1)]
    assert not values(duel.ana, INVISIBLE)
    duel.pass_time(25_000)
    await duel.hear()
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 1), (duel.a.index, 0)]
    assert "visible" in lines(duel.ana)


async def test_an_attempt_may_fail(duel: Duel) -> None:
    duel.dice.high = True
    await hide(duel)
    assert not duel.a.hidden
    assert not values(duel.bob, INVISIBLE)
    assert "No has logrado" in lines(duel.ana)


async def test_who_comes_later_does_not_see_the_hidden_either(duel: Duel) -> None:
    duel.a.skills[HIDE - 1] = 100
    await duel.away()
    await hide(duel)
    duel.running.app.game.world.warp(duel.b, 2, 51, 50)
    await duel.hear()
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 1)]


@pytest.mark.parametrize("char_class", [CharClass.WARRIOR, CharClass.THIEF, CharClass.BANDIT])
async def test_a_step_shows_the_hidden_but_for_thieves_and_bandits(
    begin_duel: BeginDuel, char_class: CharClass
) -> None:
    duel = await begin_duel(ana=char_class)
    duel.a.skills[HIDE - 1] = 100
    await hide(duel)
    duel.ana.walk(NORTH)
    await duel.hear()
    assert duel.a.hidden == (char_class is not CharClass.WARRIOR)
    assert (duel.a.x, duel.a.y) == (50, 49)


async def test_talking_shows_the_hidden(duel: Duel) -> None:
    duel.a.skills[HIDE - 1] = 100
    await hide(duel)
    duel.ana.talk("Hola")
    await duel.hear()
    assert not duel.a.hidden


async def test_leaving_ends_hiding_and_invisibility(duel: Duel) -> None:
    duel.a.hidden = duel.a.invisible = True
    await duel.act(71)
    assert not duel.a.out_of_sight
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 0)]


async def test_a_pirate_hides_at_sea_as_a_ghost_ship(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(BARGE, ana=CharClass.PIRATE)
    duel.give(duel.a, Slot(BARGE.number, 1, equipped=True))
    duel.a.sailing = True
    duel.running.app.game.world.dress(duel.a)
    duel.a.skills[HIDE - 1] = 100
    await hide(duel)
    assert not values(duel.bob, INVISIBLE)
    assert values(duel.bob, LOOK)[-1][:2] == (duel.a.index, SHIP)
    duel.pass_time(25_000)
    await duel.hear()
    assert values(duel.bob, LOOK)[-1][1] != SHIP


# --- what else a step ends ---------------------------------------------------------------------


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


# --- keys that are two things at once ----------------------------------------------------------


async def test_the_taming_key_is_answered_only_where_something_can_be_tamed(duel: Duel) -> None:
    await duel.act(WORK, int(Skill.TAMING))
    assert not values(duel.ana, 104)
    wolf = await duel.wolf(50, 47)
    wolf.kind = type(wolf.kind)(number=500, name="wolf", taming=100, body=10)
    await duel.act(WORK, int(Skill.TAMING))
    assert values(duel.ana, 104) == [(17, int(Skill.TAMING))]


async def test_the_stealing_key_is_answered_only_where_somebody_can_be_robbed(duel: Duel) -> None:
    await duel.act(WORK, int(Skill.STEAL))
    assert values(duel.ana, 104) == [(17, int(Skill.STEAL))]
    await duel.away()
    await duel.act(WORK, int(Skill.STEAL))
    assert not values(duel.ana, 104)


async def test_a_taming_click_on_nobody_only_looks(duel: Duel) -> None:
    await duel.act(33, 51, 50, int(Skill.TAMING))
    assert "Ves a Bob" in lines(duel.ana)
    await duel.act(33, 51, 50, 200)
    assert not duel.ana.closed


async def test_a_skill_nobody_knows_is_ignored(duel: Duel) -> None:
    await duel.act(WORK, 0)
    await duel.act(WORK, 255)
    assert {packet.id for packet in duel.ana.seen} == {PONG}
