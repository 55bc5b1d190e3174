from __future__ import annotations

from tests.support.duel import SOUND, BeginDuel, Duel, coded, ids, lines, values
from tests.support.things import NEWBIE_DAGGER, SWORD

from pyao.rules.character import Slot
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
    told = lines(duel.ana)
    assert "Ocultarse: ahora tienes 1 puntos" in told
    assert duel.running.app.game.texts("fight.experience", amount=50) in told


async def test_each_level_is_heard_and_tells_only_what_it_gave(duel: Duel) -> None:
    growth.earn(duel.running.app.game, duel.a, 1000, "test")
    await duel.hear()
    assert duel.a.level == 3
    assert [packet[0] for packet in values(duel.bob, SOUND)] == [6, 6]
    told = lines(duel.ana)
    assert "nivel 2" in told
    assert "nivel 3" in told
    assert told.count("puntos de vida") == 2
    assert "man" not in told  # a warrior has none


async def test_a_changed_name_is_told_and_shown(duel: Duel) -> None:
    game = duel.running.app.game
    standing = Standing(changed=True, expelled=Faction.ROYAL, nobility_lost=True)
    growth.show_standing(game, duel.a, standing)
    await duel.hear()
    assert coded(duel.ana, 10)
    assert "Armada Real" in lines(duel.ana)
    assert values(duel.bob, TAG) == [(duel.a.index, 2, "Ana")]


async def test_points_are_told_before_the_new_figures(duel: Duel) -> None:
    growth.earn(duel.running.app.game, duel.a, 700, "test")
    await duel.hear()
    order = [packet for packet in ids(duel.ana) if packet in (LEVEL_UP, STATS)]
    assert order == [LEVEL_UP, STATS]
    assert "10 puntos de habilidad" in lines(duel.ana)


async def test_whoever_outgrows_the_newcomers_loses_their_things_and_their_map(
    begin_duel: BeginDuel,
) -> None:
    duel = await begin_duel(NEWBIE_DAGGER)
    duel.give(duel.a, Slot(NEWBIE_DAGGER.number, 3, equipped=True), Slot(SWORD.number, 1))
    game = duel.running.app.game
    game.world.maps[2].data.restriction = "NEWBIE"
    duel.a.level, duel.a.experience_next = 11, 100
    growth.earn(game, duel.a, 100, "test")
    await duel.hear()
    assert duel.held(1) is not None
    assert duel.a.map == 2
    duel.a.experience_next = duel.a.experience + 100
    growth.earn(game, duel.a, 100, "test")
    await duel.hear()
    assert duel.a.level == 13
    assert duel.held(1) is None
    assert duel.held(2) == Slot(SWORD.number, 1)
    assert duel.a.gear.weapon is None
    assert (duel.a.map, duel.a.x, duel.a.y) == (1, 50, 50)


async def test_the_dead_learn_nothing(duel: Duel) -> None:
    duel.a.hp = 0
    growth.earn(duel.running.app.game, duel.a, 700, "test")
    assert duel.a.dead
    assert duel.a.experience == 0
