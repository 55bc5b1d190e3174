from __future__ import annotations

import pytest
from tests.support.byte_client import CHAT, NORTH
from tests.support.duel import EFFECT, INVISIBLE, WORK, BeginDuel, Duel, lines, values
from tests.support.things import BARGE

from pyao.rules.character import Slot
from pyao.rules.kinds import CharClass, Privilege, Skill
from pyao.rules.states import start_meditating

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
    assert duel.a.index not in duel.bob.figures
    assert not values(duel.bob, INVISIBLE)


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
    await duel.veil(duel.a, hidden=True, invisible=True)
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


async def test_staff_sees_the_hidden_with_a_mark(duel: Duel) -> None:
    duel.b.privileges |= Privilege.GOD
    await duel.veil(duel.a, hidden=True)
    assert duel.bob.figures[duel.a.index].name == "Ana [INVISIBLE]"
    duel.running.app.game.world.warp(duel.a, 2, 52, 52)
    await duel.hear()
    assert duel.bob.figures[duel.a.index].name == "Ana [INVISIBLE]"
    duel.ana.yell("Hola")
    await duel.hear()
    assert duel.bob.figures[duel.a.index].name == "Ana"


async def test_words_of_the_invisible_are_read_in_the_console(duel: Duel) -> None:
    await duel.veil(duel.a, invisible=True)
    duel.ana.talk("Soy [yo]")
    await duel.hear()
    assert "Ana: Soy " in lines(duel.bob)
    assert not values(duel.bob, CHAT)
    assert values(duel.ana, CHAT)


async def test_a_map_without_hiding_ends_it(duel: Duel) -> None:
    game = duel.running.app.game
    await duel.veil(duel.a, hidden=True, invisible=True)
    game.world.maps[2].data.no_hiding = game.world.maps[2].data.no_invisibility = True
    duel.pass_time(400)
    await duel.hear()
    assert not duel.a.out_of_sight
    assert duel.a.index in duel.bob.figures
    assert "visible" in lines(duel.ana)


async def test_a_click_finds_nobody_where_the_invisible_stand(duel: Duel) -> None:
    await duel.veil(duel.b, invisible=True)
    await duel.act(26, duel.b.x, duel.b.y)
    assert "Bob" not in lines(duel.ana)


async def test_who_appears_in_a_trance_is_seen_in_it(duel: Duel) -> None:
    await duel.veil(duel.a, invisible=True)
    start_meditating(duel.a, duel.clock.now())
    duel.a.effects.invisible_until = duel.clock.now() + 500
    duel.pass_time(700)
    await duel.hear()
    assert not duel.a.invisible
    assert (duel.a.index, 4, -1) in values(duel.bob, EFFECT)


async def test_attempts_to_hide_are_counted_and_steps_forget_them(duel: Duel) -> None:
    duel.dice.high = True
    for _ in range(3):
        await hide(duel)
    assert duel.a.hiding_attempts == 3
    assert duel.a.working == 0
    duel.clock.advance(1000)
    duel.ana.walk(NORTH)
    await duel.hear()
    assert duel.a.hiding_attempts == 2
