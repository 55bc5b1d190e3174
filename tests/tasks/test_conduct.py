from __future__ import annotations

from tests.support.duel import BeginDuel, Duel, lines

from pyao.content.world_data import tile_index
from pyao.rules.kinds import Privilege, Trigger

PASSAGE = (50, 50)
CHECK_MS, MINUTE_MS = 6_000, 60_000
PRISON, FREEDOM = (1, 30, 30), (1, 40, 60)


def make_passage(duel: Duel) -> None:
    world = duel.running.app.game.world
    data = world.maps[2].data
    triggers = bytearray(data.triggers)
    triggers[tile_index(*PASSAGE)] = Trigger.ANTI_BLOCKADE
    data.triggers = bytes(triggers)
    world.data.rulebook.places.update(prison=PRISON, prison_exit=FREEDOM)


def look(duel: Duel, times: int) -> None:
    for _ in range(times):
        duel.clock.advance(CHECK_MS)
        duel.running.app.game.world.schedule.run_due()


async def test_who_stands_in_a_passage_is_warned_and_then_jailed(duel: Duel) -> None:
    make_passage(duel)
    look(duel, 22)
    await duel.hear()
    assert "cerrando el paso" in lines(duel.ana)
    assert "cerrando el paso" not in lines(duel.bob)
    assert duel.a.map == 2
    look(duel, 3)
    await duel.settle()
    assert (duel.a.map, duel.a.x, duel.a.y) == PRISON
    assert duel.ana.map == PRISON[0]
    assert duel.a.jail_minutes == 10


async def test_a_step_out_of_the_passage_starts_the_count_anew(duel: Duel) -> None:
    make_passage(duel)
    world = duel.running.app.game.world
    look(duel, 20)
    world.warp(duel.a, 2, 40, 60)
    look(duel, 1)
    world.warp(duel.a, 2, *PASSAGE)
    look(duel, 20)
    assert duel.a.map == 2


async def test_the_dead_and_the_staff_may_stand_in_passages(duel: Duel) -> None:
    make_passage(duel)
    duel.a.privileges = int(Privilege.PLAYER | Privilege.COUNSELLOR)
    look(duel, 30)
    duel.a.privileges = int(Privilege.PLAYER)
    await duel.die()
    look(duel, 30)
    assert duel.a.map == 2


async def test_prison_lasts_as_many_minutes_as_it_was_given(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(idle_minutes=0)
    make_passage(duel)
    look(duel, 25)
    duel.pass_time(9 * MINUTE_MS)
    assert duel.a.map == PRISON[0]
    assert duel.a.jail_minutes == 1
    duel.pass_time(MINUTE_MS)
    await duel.hear()
    assert duel.a.jail_minutes == 0
    assert (duel.a.map, duel.a.x, duel.a.y) == FREEDOM
    assert "Vuelves a ser libre" in lines(duel.ana)
