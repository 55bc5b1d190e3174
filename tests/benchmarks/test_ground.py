from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.ground import Crowd, dense, fill_store, observers, spread, write_world
from pyao.accounts.hashing import PasswordHasher
from pyao.bots import BotOptions, Region
from pyao.bots.role import bot_name
from pyao.content.world_file import load_world
from pyao.rules.character import UserId
from pyao.storage.keys import RedisKeys, character_keys
from pyao.storage.records import load_character
from pyao.storage.sqlite_store import SqliteStore


@pytest.mark.parametrize("bots", [200, 500, 1000, 2000])
def test_a_spread_crowd_has_about_thirty_observers(bots: int) -> None:
    crowd = spread(bots)
    assert observers(bots // crowd.maps, crowd.region) == pytest.approx(30, abs=1)


def test_in_a_dense_crowd_of_four_zones_everybody_sees_everybody() -> None:
    assert observers(50, dense(50, 2).region) == pytest.approx(49)


def test_the_world_is_open_where_bots_walk(tmp_path: Path) -> None:
    write_world(tmp_path / "bench.pyao", 2)
    world = load_world(tmp_path / "bench.pyao")
    assert sorted(world.maps) == [1, 2]
    assert world.maps[2].flags.count(0) == 84 * 88


async def test_the_store_holds_characters_that_can_log_in(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "world.db")
    crowd = Crowd(bots=4, maps=2, region=Region(20, 20, 30, 30))
    fill_store(store, crowd, extra=1)
    store.open()
    account = store.read([RedisKeys.account(bot_name(3).lower())])
    hasher = PasswordHasher()
    (record,) = account.values()
    assert await hasher.verify(record["password"], BotOptions.password)
    await hasher.close()
    places = set()
    for number in range(1, 5):
        character = load_character(UserId(number), store.read(character_keys(UserId(number))))
        assert crowd.region.holds(character.x, character.y)
        places.add((character.map, character.x, character.y))
    assert len(places) == 4
    assert {place[0] for place in places} == {1, 2}
    store.close()
