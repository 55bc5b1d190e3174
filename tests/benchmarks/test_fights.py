from __future__ import annotations

from pathlib import Path

from benchmarks.fights import creature_world, fighters
from pyao.content.world_data import tile_index
from pyao.rules.kinds import TileFlag


def test_creatures_live_on_every_map_of_the_world_to_fight_in(tmp_path: Path) -> None:
    world = creature_world(tmp_path, maps=3, per_map=10)
    for data in world.maps.values():
        assert len({at for at, _ in data.npcs}) == 10
        assert all(world.npcs[number].hostile for _, number in data.npcs)
        assert not data.safe


def test_fighters_stand_on_all_maps_where_one_can_stand(tmp_path: Path) -> None:
    world = creature_world(tmp_path, maps=3, per_map=10)
    made = list(fighters(world, 7))
    assert [one.map for one in made] == [1, 2, 3, 1, 2, 3, 1]
    assert len({one.name for one in made}) == 7
    for one in made:
        assert not world.maps[one.map].flags[tile_index(one.x, one.y)] & TileFlag.BLOCKED


def test_a_map_without_ground_gets_no_fighters(tmp_path: Path) -> None:
    world = creature_world(tmp_path, maps=2, per_map=1)
    world.maps[2].flags = bytes([TileFlag.BLOCKED]) * 10_000
    assert {one.map for one in fighters(world, 4)} == {1}
