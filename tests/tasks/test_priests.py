from __future__ import annotations

from tests.support.creatures import VILLAGER
from tests.support.duel import Duel, coded, lines

from pyao.rules.kinds import NpcRole
from pyao.world.npc import Npc

DOUBLE_CLICK, RESURRECT, HEAL, HOME = 27, 80, 81, 124


async def priest(duel: Duel, role: NpcRole = NpcRole.PRIEST, x: int = 50, y: int = 45) -> Npc:
    npc = await duel.wolf(x, y, VILLAGER.number)
    duel.remake(npc, role=role)
    return npc


async def test_a_double_click_on_a_priest_brings_life_in_full(duel: Duel) -> None:
    await priest(duel)
    await duel.die()
    await duel.act(HOME)
    await duel.act(DOUBLE_CLICK, 50, 45)
    assert duel.a.hp == duel.a.max_hp
    assert duel.ana.hp == duel.a.max_hp
    assert duel.bob.figures[duel.a.index].head == duel.a.head
    assert coded(duel.ana, 22) is not None, "the trip home is over"
    duel.a.hp = 5
    await duel.act(DOUBLE_CLICK, 50, 45)
    assert duel.a.hp == duel.a.max_hp


async def test_the_command_brings_as_much_life_as_constitution(duel: Duel) -> None:
    await priest(duel)
    await duel.die()
    await duel.act(RESURRECT)
    assert duel.a.hp == min(duel.a.attributes.constitution, duel.a.max_hp)
    await duel.act(HEAL)
    assert duel.a.hp == duel.a.max_hp


async def test_priests_of_newcomers_and_far_ones_refuse(duel: Duel) -> None:
    await priest(duel, NpcRole.NEWBIE_PRIEST)
    duel.a.level = 13
    await duel.die()
    await duel.act(DOUBLE_CLICK, 50, 45)
    assert duel.a.dead
    duel.a.level = 12
    await duel.act(DOUBLE_CLICK, 50, 45)
    assert not duel.a.dead


async def test_nobody_else_deals_with_the_dead(duel: Duel) -> None:
    await duel.wolf(50, 45, VILLAGER.number)
    await duel.die()
    await duel.act(DOUBLE_CLICK, 50, 45)
    await duel.act(DOUBLE_CLICK, 60, 60)
    assert duel.a.dead
    assert "Estas muerto" in lines(duel.ana)
