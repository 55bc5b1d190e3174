from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.classic import Classic, classic_fixture
from tests.support.text_world import write_world

from pyao.content.balance import Balance
from pyao.content.fields import Pile
from pyao.content.items import Item
from pyao.content.rulebook import (
    Arena,
    FactionArmour,
    FishingZone,
    PretorianRank,
    Quest,
    Recipes,
    Rulebook,
)
from pyao.content.spells import Change, Spell
from pyao.content.starter import load_starter
from pyao.content.text_export import exit_boxes, export_world, map_text
from pyao.content.text_world import load_text_world
from pyao.content.world_data import TILES, AmbientSound, City, MapData, WorldData, tile_index
from pyao.content.world_file import load_world
from pyao.errors import ContentError

__all__ = ["classic_fixture"]


def again(world: WorldData, folder: Path) -> WorldData:
    """Export a world as one that came from nowhere, and read what was written."""
    world.source = ""
    export_world(world, folder)
    read = load_text_world(folder)
    read.source = ""
    for entry in (*read.maps.values(), *world.maps.values()):
        entry.exits = dict(entry.exits)
    return read


def test_the_starter_world_survives_the_way_through_text(tmp_path: Path) -> None:
    world = load_starter()
    assert again(world, tmp_path / "out") == world


@pytest.mark.slow
@pytest.mark.untraced
def test_all_of_the_classic_world_survives_the_way_through_text(
    classic: Classic, tmp_path: Path
) -> None:
    world = load_world(classic.file)
    world.forbidden_names = [name.lower() for name in world.forbidden_names]
    found = again(world, tmp_path / "out")
    for number, entry in world.maps.items():
        assert found.maps[number] == entry, number
    assert found == world


def test_every_part_of_the_rulebook_is_written(tmp_path: Path) -> None:
    world = load_text_world(write_world(tmp_path / "in"))
    world.rulebook = Rulebook(
        balance=Balance(meditation_percent=9),
        recipes=Recipes(carpenter=(12,)),
        quests={3: Quest(number=3, name="Q", items=(Pile(12, 5),), kills=(Pile(500, 2),))},
        faction_armour={1: FactionArmour((12, 20, 0), (20, 12, 0), (0, 12, 0), (0, 0, 20))},
        pretorians={"king": PretorianRank((500,), ())},
        pretorian_camp=(1, 20, 20),
        arenas=(Arena(1, 20, 20, 30, 30),),
        fishing_zones=(FishingZone(1, (12, 20)),),
        places={"prison": (1, 12, 12)},
    )
    assert again(world, tmp_path / "out").rulebook == world.rulebook


def test_an_unknown_class_in_a_file_is_named(tmp_path: Path) -> None:
    folder = write_world(tmp_path)
    with (folder / "world.toml").open("a") as file:
        file.write("[faction_armour]\nchef = [[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]]\n")
    with pytest.raises(ContentError, match=r"world\.toml:18: faction_armour\.chef: 'chef' is none"):
        load_text_world(folder)


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_survives(
    tmp_path_factory: pytest.TempPathFactory, name: str, lines: list[str]
) -> None:
    name = name.encode("utf-8", "replace").decode()
    lines = [line.encode("utf-8", "replace").decode() for line in lines]
    world = WorldData(
        name=name,
        motd=lines,
        maps={1: MapData(number=1, name=name)},
        items={1: Item(number=1, name=name)},
        spells={1: Spell(number=1, name=name, hp=Change(2, 1, 2))},
        cities={1: City(1, 50, 50, name)},
    )
    assert again(world, tmp_path_factory.mktemp("any") / "out") == world


def test_everything_a_map_knows_is_written(tmp_path: Path) -> None:
    entry = MapData(
        number=1,
        name="x",
        version=9,
        music=3,
        flags=bytes([0, 1, 4, 5, 8, 9]) + bytes(TILES - 6),
        triggers=bytes(50) + bytes([3, 5, 6]) + bytes(TILES - 53),
        exits={7: (1, 50, 50), 8: (1, 51, 50)},
        objects=[(20, 12, 7)],
        safe=True,
        terrain="NIEVE",
        zone="CIUDAD",
        restriction="NEWBIE",
        backup=True,
        no_magic=True,
        no_invisibility=True,
        no_resurrection=True,
        no_hiding=True,
        no_summons=True,
        free_npcs=True,
        start_pos=(1, 2, 3),
        on_death_goto=(1, 4, 5),
        sounds=(AmbientSound(21, 5, dry_only=True), AmbientSound(28, 2)),
    )
    world = WorldData(name="x", maps={1: entry}, items={12: Item(number=12)})
    assert again(world, tmp_path / "out") == world


def test_exits_beside_each_other_are_one_rectangle() -> None:
    row = {tile_index(x, 7): (2, x, 93) for x in range(10, 92)}
    column = {tile_index(92, y): (3, 10, y) for y in range(8, 94)}
    lone = {tile_index(50, 50): (4, 1, 1), tile_index(51, 50): (4, 1, 1)}
    assert exit_boxes(row | column | lone) == [
        (10, 7, 91, 7, (2, 10, 93)),
        (92, 8, 92, 93, (3, 10, 8)),
        (50, 50, 50, 50, (4, 1, 1)),
        (51, 50, 51, 50, (4, 1, 1)),
    ]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 250),
        st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 5)),
        max_size=40,
    )
)
def test_rectangles_hold_exactly_the_exits(exits: dict[int, tuple[int, int, int]]) -> None:
    found: dict[int, tuple[int, int, int]] = {}
    for west, north, east, south, (number, to_x, to_y) in exit_boxes(exits):
        for y in range(north, south + 1):
            for x in range(west, east + 1):
                assert tile_index(x, y) not in found
                found[tile_index(x, y)] = (number, to_x + x - west, to_y + y - north)
    assert found == exits


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("a = 1\n")
    with pytest.raises(ContentError, match="is not empty; name a new folder"):
        export_world(load_starter(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


def test_a_file_is_no_folder_to_export_into(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file", "file/below"):
        with pytest.raises(ContentError, match=r"file.*Not a directory"):
            export_world(load_starter(), tmp_path / name)


def test_an_exported_map_is_a_picture(tmp_path: Path) -> None:
    text = map_text(load_starter(tmp_path).maps[166])
    rows = text.partition('tiles = """\n')[2].splitlines()
    assert rows[0] == "#" * 100
    assert rows[40] == "#" * 9 + "." * 83 + "#" * 8
