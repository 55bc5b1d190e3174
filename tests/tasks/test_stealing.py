from __future__ import annotations

from tests.support.duel import BeginDuel, Duel, lines, values

from pyao.content.items import Item
from pyao.rules.character import Slot
from pyao.rules.kinds import CharClass, Skill
from pyao.tasks.trading import begin
from pyao.tasks.windows import close_window

CLICK, GOLD, SLOT = 33, 18, 47
GEM = Item(number=900, name="gem", kind=21, graphic=1)


async def rob(duel: Duel) -> None:
    duel.clock.advance(1000)
    await duel.act(CLICK, duel.b.x, duel.b.y, int(Skill.STEAL))


async def test_gold_changes_hands_and_a_name_is_lost(duel: Duel) -> None:
    duel.b.gold = 500
    await rob(duel)
    assert (duel.a.gold, duel.b.gold) == (1, 499)
    assert values(duel.ana, GOLD)[-1] == (1,)
    assert values(duel.bob, GOLD)[-1] == (499,)
    assert duel.a.criminal
    assert duel.a.stamina == 500 - 15


async def test_a_failure_is_told_to_both(duel: Duel) -> None:
    duel.b.gold = 500
    duel.dice.high = True
    await rob(duel)
    assert duel.b.gold == 500
    assert "No has logrado robar" in lines(duel.ana)
    assert "Ana ha intentado robarte" in lines(duel.bob)


async def test_a_thief_takes_things(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(GEM, ana=CharClass.THIEF)
    duel.give(duel.b, Slot(900, 100))
    await rob(duel)
    assert duel.held(1) == Slot(900, 5)
    assert duel.b.inventory[0] == Slot(900, 95)
    assert values(duel.bob, SLOT)[-1][:2] == (1, 900)
    assert "gem" in lines(duel.ana)


async def test_who_is_robbed_trades_no_more(duel: Duel) -> None:
    await duel.running.newcomer("Eva")
    duel.b.gold = 500
    for robbed in (False, True):
        duel.dice.high = not robbed
        begin(duel.running.app.game, duel.b, duel.running.player("Eva"))
        await rob(duel)
        assert (duel.b.trade is None) == robbed
        close_window(duel.running.app.game, duel.b)


async def test_an_empty_purse_gives_nothing(duel: Duel) -> None:
    await rob(duel)
    assert "nada que puedas robar" in lines(duel.ana)


async def test_thieves_need_time_a_victim_and_an_unlocked_hand(duel: Duel) -> None:
    duel.b.gold = 500
    duel.a.safe = True
    await rob(duel)
    assert duel.b.gold == 500
    duel.a.safe = False
    await rob(duel)
    await duel.act(CLICK, duel.b.x, duel.b.y, int(Skill.STEAL))
    assert duel.b.gold == 499
    duel.clock.advance(1000)
    await duel.act(CLICK, 45, 50, int(Skill.STEAL))
    assert "no hay nadie" in lines(duel.ana)


async def test_a_robbed_player_does_not_get_away_by_leaving(duel: Duel) -> None:
    duel.bob.send(bytes((71,)))
    await duel.hear()
    assert duel.b.leaving is not None
    await rob(duel)
    assert duel.b.leaving is None
