from __future__ import annotations

from tests.support.byte_client import CHAT, NORTH
from tests.support.creatures import VILLAGER
from tests.support.duel import BeginDuel, Duel, coded, lines, values
from tests.support.things import BARGE

from pyao.rules.character import Slot
from pyao.rules.kinds import NpcRole
from pyao.tasks import living

HOME = 124
BEGUN, CANCELLED, DONE = 21, 22, 23
MINUTE = 60_000


async def test_the_dead_travel_home_by_distance(duel: Duel) -> None:
    await duel.die()
    await duel.act(HOME)
    begun = coded(duel.ana, BEGUN)
    assert begun is not None
    assert begun.values[1:3] == (1, 60), "one map away: (1 + 1) * 30 seconds"
    duel.pass_time(MINUTE - 100)
    await duel.hear()
    assert duel.a.map == 2
    duel.pass_time(150)
    await duel.hear()
    assert duel.a.map == 1
    assert coded(duel.ana, DONE) is not None
    assert duel.ana.map == 1


async def test_nobody_walks_while_travelling(duel: Duel) -> None:
    await duel.die()
    await duel.act(HOME)
    duel.clock.advance(1000)
    duel.ana.walk(NORTH)
    await duel.hear()
    assert (duel.a.x, duel.a.y) == (50, 50)
    assert (duel.ana.x, duel.ana.y) == (50, 50)


async def test_the_command_again_breaks_a_trip_off(duel: Duel) -> None:
    await duel.die()
    await duel.act(HOME)
    await duel.act(HOME)
    assert coded(duel.ana, CANCELLED) is not None
    duel.pass_time(2 * MINUTE)
    assert duel.a.map == 2


async def test_life_breaks_a_trip_off(duel: Duel) -> None:
    await duel.die()
    await duel.act(HOME)
    duel.a.hp = 10
    living.revive(duel.running.app.game, duel.a)
    await duel.hear()
    assert coded(duel.ana, CANCELLED) is not None
    assert duel.a.journey is None


async def test_leaving_breaks_a_trip_off(duel: Duel) -> None:
    await duel.die()
    await duel.act(HOME)
    duel.running.app.game.leave(duel.a)
    assert duel.a.journey is None
    duel.pass_time(2 * MINUTE)
    assert duel.a.map == 2


async def test_a_trip_is_refused_to_the_living_at_home_and_in_restricted_places(
    duel: Duel,
) -> None:
    await duel.act(HOME)
    assert "los muertos pueden volver" in lines(duel.ana)
    await duel.die()
    duel.running.app.game.world.maps[2].data.restriction = "FACCION"
    await duel.act(HOME)
    duel.running.app.game.world.maps[2].data.restriction = ""
    duel.a.jail_minutes = 5
    await duel.act(HOME)
    duel.a.jail_minutes = 0
    duel.running.app.game.world.warp(duel.a, 1, 50, 50)
    await duel.act(HOME)
    told = lines(duel.ana)
    assert told.count("Desde aqui no puedes") == 2
    assert "Ya estas en tu hogar" in told
    assert coded(duel.ana, BEGUN) is None


async def test_who_travels_is_not_idle(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(idle_minutes=1)
    await duel.die()
    await duel.act(HOME)
    duel.clock.advance(2 * MINUTE)
    duel.running.app.game.kick_idle()
    assert duel.a.user_id in duel.running.app.game.clients
    assert duel.b.user_id not in duel.running.app.game.clients


async def test_a_ghost_at_sea_comes_home_on_foot(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(BARGE)
    duel.give(duel.a, Slot(BARGE.number, 1, equipped=True))
    duel.a.sailing = True
    duel.ana.flags.add("sailing")
    await duel.die()
    await duel.act(HOME)
    duel.pass_time(MINUTE + 100)
    await duel.settle()
    assert not duel.a.sailing
    assert "sailing" not in duel.ana.flags
    assert duel.ana.figures[duel.ana.index].head == 500


async def test_maps_of_the_living_send_their_dead_away(duel: Duel) -> None:
    duel.running.app.game.world.maps[2].data.on_death_goto = (1, 40, 60)
    await duel.die()
    assert (duel.a.map, duel.a.x, duel.a.y) == (1, 40, 60)
    assert duel.ana.map == 1


async def test_a_governor_changes_what_is_called_home(duel: Duel) -> None:
    governor = await duel.wolf(number=VILLAGER.number)
    duel.remake(governor, role=NpcRole.GOVERNOR, city=2)
    cities = duel.running.app.game.world.data.cities
    cities[2] = cities[1]
    duel.a.clicked = governor
    await duel.act(HOME)
    assert duel.a.home == 2
    assert "Ahora tu hogar" in str(values(duel.ana, CHAT))


async def test_who_meditates_is_not_idle(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(idle_minutes=1)
    duel.a.meditating = True
    duel.clock.advance(2 * MINUTE)
    duel.running.app.game.kick_idle()
    assert duel.a.user_id in duel.running.app.game.clients
    duel.a.meditating = False
    duel.clock.advance(MINUTE // 2)
    duel.running.app.game.kick_idle()
    assert duel.a.user_id in duel.running.app.game.clients, "its time began anew"


async def test_the_borders_of_maps_are_learnt_before_anybody_travels(duel: Duel) -> None:
    world = duel.running.app.game.world
    duel.pass_time(1_000)
    assert all(room._borders is not None for room in world.maps.values())
