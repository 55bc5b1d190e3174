from __future__ import annotations

from tests.support.duel import Duel, coded, lines, values

from pyao.rules.fight import Lesson
from pyao.rules.kinds import Faction, Skill
from pyao.rules.reputation import Standing
from pyao.tasks import growth

LEVEL_UP, EXPERIENCE, STATS, TAG = 63, 20, 45, 89


async def test_experience_brings_levels_and_their_points(duel: Duel) -> None:
    growth.earn(duel.running.app.game, duel.a, 700, "test")
    await duel.hear()
    assert duel.a.level == 2
    assert values(duel.ana, LEVEL_UP) == [(duel.a.free_skill_points,)]
    assert values(duel.ana, STATS)


async def test_no_experience_is_no_news(duel: Duel) -> None:
    growth.earn(duel.running.app.game, duel.a, 0, "test")
    await duel.hear()
    assert not values(duel.ana, EXPERIENCE)


async def test_practice_teaches_once_the_first_points_are_assigned(duel: Duel) -> None:
    game, lesson = duel.running.app.game, Lesson(Skill.HIDE, success=True)
    growth.teach(game, duel.a, [lesson] * 2)
    await duel.hear()
    assert lines(duel.ana).count("diez puntos") == 1
    duel.a.assigned_points = 10
    growth.teach(game, duel.a, [lesson] * 4)
    await duel.hear()
    assert duel.a.skills[Skill.HIDE - 1] == 1
    assert duel.a.experience == 50


async def test_a_changed_name_is_told_and_shown(duel: Duel) -> None:
    game = duel.running.app.game
    standing = Standing(changed=True, expelled=Faction.ROYAL, nobility_lost=True)
    growth.show_standing(game, duel.a, standing)
    await duel.hear()
    assert coded(duel.ana, 10)
    assert "Armada Real" in lines(duel.ana)
    assert values(duel.bob, TAG) == [(duel.a.index, 2, "Ana")]
