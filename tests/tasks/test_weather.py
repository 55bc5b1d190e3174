from __future__ import annotations

import pytest
from tests.support.duel import SOUND, Duel, ids, values
from tests.support.rooms import Listener

from pyao.content.world_data import AmbientSound
from pyao.events import EventTypes
from pyao.tasks import weather
from pyao.tasks.living import around
from pyao.world import MapRoom, Player

RAIN = 43


@pytest.fixture(name="rainy")
async def rainy_fixture(duel: Duel) -> Duel:
    """Return a duel at the moment when rain begins."""
    duel.running.app.game.world.sky.minutes = 15
    weather.pass_minute(duel.running.app.game)
    await duel.hear()
    return duel


async def test_rain_is_shown_to_all_and_stops_again(rainy: Duel) -> None:
    game = rainy.running.app.game
    assert game.world.sky.raining
    assert [ids(client).count(RAIN) for client in (rainy.ana, rainy.bob)] == [1, 1]
    assert game.world.maps[2].get_variable("weather") == "rain"
    rainy.dice.high = True
    for _ in range(4):
        weather.pass_minute(game)
    await rainy.hear()
    assert ids(rainy.ana).count(RAIN) == 1
    weather.pass_minute(game)
    await rainy.hear()
    assert ids(rainy.ana).count(RAIN) == 2
    assert game.world.maps[2].get_variable("weather") == "clear"


async def test_a_module_hears_of_the_rain_and_who_watches_a_map_sees_it_come_and_go(
    duel: Duel,
) -> None:
    game = duel.running.app.game
    told: list[tuple[int, str]] = []
    game.events.register_handler(
        EventTypes.WEATHER_CHANGED,
        lambda event: told.append((event.data.map, event.data.weather)),
        "test",
    )
    watcher = Listener("w", "Watcher")
    assert game.world.rooms.join("map:2", watcher) is None
    assert watcher.values("weather") == ["clear"]
    game.world.sky.minutes = 15
    weather.pass_minute(game)
    weather.pass_minute(game)
    assert told == [(0, "rain"), (0, "clear")]
    assert watcher.values("weather") == ["clear", "rain", "clear"]


async def test_no_rain_falls_on_a_dungeon(duel: Duel) -> None:
    game = duel.running.app.game
    game.world.maps[1].data.zone = "DUNGEON"
    game.world.sky.minutes = 15
    weather.pass_minute(game)
    assert game.world.maps[1].get_variable("weather") == "clear"
    assert game.world.maps[2].get_variable("weather") == "rain"


async def test_a_server_that_starts_after_rain_shows_the_clear_sky_it_has(rainy: Duel) -> None:
    stored = rainy.running.app.game.world.maps[2].stored_variables()
    later = MapRoom(rainy.running.app.game.world.maps[2].data)
    later.restore_variables({**stored, "weather": '"rain"'})
    later.on_create()
    assert later.get_variable("weather") == "clear"
    assert "weather" not in stored


async def test_newcomers_see_the_rain(rainy: Duel) -> None:
    client = await rainy.running.connect()
    client.throw_dices()
    await client.get(67)
    client.create("Eva")
    await client.get(RAIN)


async def test_rain_wets_whom_it_reaches(rainy: Duel) -> None:
    game, player = rainy.running.app.game, rainy.a

    def wet(one: Player) -> bool:
        return around(game, one).rain

    assert wet(player)
    game.world.warp(player, 2, 70, 70)
    assert not wet(player), "an arena"
    game.world.warp(player, 2, 50, 50)
    game.world.maps[2].data.zone = "DUNGEON"
    assert not wet(player)


async def test_maps_with_somebody_on_them_sound(duel: Duel) -> None:
    game = duel.running.app.game
    game.world.maps[2].data.sounds = (AmbientSound(21, 50, dry_only=True),)
    game.world.maps[1].data.sounds = (AmbientSound(22, 50, dry_only=True),)
    weather.play_sounds(game)
    await duel.hear()
    assert values(duel.ana, SOUND) == [(21, 1, 1)]
    duel.dice.high = True
    weather.play_sounds(game)
    game.world.sky.raining, duel.dice.high = True, False
    weather.play_sounds(game)
    await duel.hear()
    assert values(duel.ana, SOUND) == [(21, 1, 1)]
