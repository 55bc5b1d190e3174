from __future__ import annotations

from tests.support.byte_client import PONG
from tests.support.duel import WORK, Duel, lines, values

from pyao.rules.kinds import Skill


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
