"""A store that lost the world is given all of it again, not only who is in the game."""

from __future__ import annotations

from tests.support.running import Start

from pyao.rules.inventory import Pile
from pyao.storage import RedisKeys


async def test_what_is_written_anew_holds_all_that_is_stored_but_for_accounts(start: Start) -> None:
    first = await start()
    await first.newcomer("Ana")
    world = first.app.game.world
    world.rooms.rooms["map:1"].set_variable("owner", "Ana", broadcast=True)
    world.rooms.create_room(room_id="hall:main", owner="halls").set_variable("topic", "duels")
    item = next(iter(world.data.items))
    world.set_ground(world.maps[1], 20, 20, Pile(item, 3))
    first.app.game.changes.saved_data.put("welcome", "met:1", {"when": "1"})
    first.app.game.changes.snapshot()
    await first.app.stop()

    second = await start()
    ana = await second.connect()
    await ana.enter("Ana")
    app = second.app
    keys = [
        key
        for prefix in ("player:", "room:", "map:", "module:")
        for key in await app.writer.scan(prefix)
    ]
    stored = await app.writer.read(keys)
    everything = app.game.changes.everything()
    assert {
        RedisKeys.room_vars("map:1"),
        RedisKeys.room_vars("hall:main"),  # of a room that nobody has made again yet
        RedisKeys.map_ground(1),
        RedisKeys.module_data("welcome", "met:1"),
        RedisKeys.player(1, "inventory"),
    } <= set(stored)
    assert set(stored) <= set(everything)
    unchanged = [key for key in stored if not key.startswith("player:")]
    assert {key: everything[key] for key in unchanged} == {key: stored[key] for key in unchanged}
