from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.text_world import MAP

from pyao.content.report import Report
from pyao.content.text_files import TextFile
from pyao.content.text_maps import Mark, compile_map
from pyao.content.world_data import TILES, AmbientSound, MapData, tile_index
from pyao.rules.kinds import TileFlag, Trigger

WALL = {"#": Mark(object=20, blocked=True)}


def compiled(
    tmp_path: Path, text: str, collision: dict[int, bytes] | None = None
) -> tuple[MapData, list[str]]:
    """Compile one map; return it and its mistakes without the folder name."""
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    report = Report()
    found = compile_map(TextFile(path), report, WALL, collision)
    mistakes = [str(finding).removeprefix(f"{tmp_path}/") for finding in report.findings]
    return found.data if found else MapData(number=0), mistakes


def test_ground_is_free_only_where_a_rectangle_says_so(tmp_path: Path) -> None:
    found, mistakes = compiled(tmp_path, MAP + "water = [[70, 70, 71, 71]]\n")
    assert not mistakes
    assert found.flags.count(0) == 51 * 51
    assert found.flags[tile_index(10, 10)] == found.flags[tile_index(60, 60)] == 0
    assert found.flags[tile_index(9, 10)] == found.flags[tile_index(61, 60)] == TileFlag.BLOCKED
    assert found.flags[tile_index(71, 70)] == TileFlag.WATER


def test_the_properties_of_a_map_are_its_keys(tmp_path: Path) -> None:
    found, mistakes = compiled(
        tmp_path,
        MAP + 'safe = true\nterrain = "nieve"\nzone = "ciudad"\nrestriction = "newbie"\n'
        "no_magic = true\nno_hiding = true\nmusic = 5\non_death_goto = [1, 20, 20]\n"
        "[[sound]]\nsound = 21\npercent = 3\ndry_only = true\n",
    )
    assert not mistakes
    assert (found.safe, found.no_magic, found.no_hiding, found.no_summons) == (
        True,
        True,
        True,
        False,
    )
    assert (found.terrain, found.zone, found.restriction) == ("NIEVE", "CIUDAD", "NEWBIE")
    assert (found.music, found.on_death_goto) == (5, (1, 20, 20))
    assert found.sounds == (AmbientSound(21, 3, dry_only=True),)


def test_letters_put_what_the_legend_says(tmp_path: Path) -> None:
    found, mistakes = compiled(
        tmp_path,
        MAP + '[legend]\n"a" = { npc = 500, trigger = "safe" }\n'
        '"O" = { object = 12, amount = 7, exit = [1, 20, 20] }\n'
        '[[grid]]\nat = [30, 40]\nrows = """\n#a.\n  O\n"""\n',
    )
    assert not mistakes
    assert found.objects == [(tile_index(30, 40), 20, 1), (tile_index(32, 41), 12, 7)]
    assert found.npcs == [(tile_index(31, 40), 500)]
    assert found.exits == {tile_index(32, 41): (1, 20, 20)}
    assert found.triggers[tile_index(31, 40)] == Trigger.SAFE
    assert found.flags[tile_index(30, 40)] == TileFlag.BLOCKED


def test_triggers_that_are_roofs_show_in_the_flags(tmp_path: Path) -> None:
    found, _ = compiled(
        tmp_path, MAP + '[[area]]\nbox = [20, 20, 21, 21]\ntrigger = "under_roof"\n'
    )
    assert found.flags[tile_index(21, 21)] == TileFlag.ROOF
    assert found.flags[tile_index(22, 21)] == 0


def test_a_row_of_exits_leads_to_a_row(tmp_path: Path) -> None:
    found, mistakes = compiled(
        tmp_path,
        MAP + "[[exit]]\nbox = [10, 10, 12, 11]\nto = [2, 50, 90]\n"
        "[[exit]]\nbox = [20, 20, 21, 20]\nto = [3, 5, 5]\ngather = true\n",
    )
    assert not mistakes
    assert found.exits[tile_index(10, 10)] == (2, 50, 90)
    assert found.exits[tile_index(12, 11)] == (2, 52, 91)
    assert found.exits[tile_index(21, 20)] == (3, 5, 5)
    assert len(found.exits) == 8


def test_creatures_are_scattered_the_same_way_every_time(tmp_path: Path) -> None:
    text = (
        MAP + '[[area]]\nbox = [10, 10, 60, 30]\ntrigger = "safe"\n'
        "[[spawn]]\nnpc = 500\ncount = 40\nbox = [5, 5, 60, 60]\n"
    )
    found, mistakes = compiled(tmp_path, text)
    assert not mistakes
    assert len({at for at, _ in found.npcs}) == 40
    assert all(not found.flags[at] and not found.triggers[at] for at, _ in found.npcs)
    assert compiled(tmp_path, text)[0].npcs == found.npcs


def test_true_ground_replaces_the_rectangles_and_keeps_what_stands_on_it(tmp_path: Path) -> None:
    ground = bytearray(TILES)
    ground[tile_index(40, 40)] = TileFlag.WATER
    text = MAP + '[[grid]]\nat = [30, 30]\nrows = """\n#\n"""\n'
    found, mistakes = compiled(tmp_path, text, {1: bytes(ground)})
    assert not mistakes
    assert found.flags[tile_index(95, 95)] == 0
    assert found.flags[tile_index(40, 40)] == TileFlag.WATER
    assert found.flags[tile_index(30, 30)] == TileFlag.BLOCKED


def test_true_ground_does_not_replace_tiles_that_somebody_drew(tmp_path: Path) -> None:
    text = 'number = 1\nname = "x"\ntiles = """\n' + ("." * 99 + "#\n") * 100 + '"""\n'
    found, _ = compiled(tmp_path, text, {1: bytes([TileFlag.BLOCKED]) * TILES})
    assert found.flags.count(0) == 99 * 100


def test_a_map_may_be_drawn_tile_by_tile(tmp_path: Path) -> None:
    rows = ["." * 100] * 100
    rows[0] = ".#~%lL" + "." * 94
    triggers = ["." * 100] * 100
    triggers[1] = "456" + "." * 97
    text = (
        'number = 1\nname = "x"\ntiles = """\n'
        + "\n".join(rows)
        + '\n"""\ntriggers = """\n'
        + "\n".join(triggers)
        + '\n"""\nnpcs = [[2, 1, 500]]\nobjects = [[3, 3, 12, 9]]\n'
    )
    found, mistakes = compiled(tmp_path, text)
    assert not mistakes
    assert list(found.flags[:7]) == [0, 1, 4, 5, 8, 9, 0]
    assert list(found.triggers[100:104]) == [4, 5, 6, 0]
    assert found.flags[100] == TileFlag.ROOF
    assert found.npcs == [(1, 500)], "somebody behind a counter may stand on a blocked tile"
    assert found.objects == [(tile_index(3, 3), 12, 9)]


GRID = '[[grid]]\nat = [30, 30]\nrows = """\n{}\n"""\n'


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('name = "x"\n', "map.toml:1: Object missing required field `number`"),
        (MAP + "colour = 3\n", "map.toml:6: colour: Object contains unknown field `colour`"),
        (MAP + "music = -1\n", "map.toml:6: music: Expected `int` >= 0"),
        (MAP + "water = [[5, 5, 101, 9]]\n", "map.toml:6: water[0][2]: Expected `int` <= 100"),
        (MAP + "water = [[9, 9, 5, 9]]\n", "map.toml:6: water[0]: [9, 9, 5, 9] is no rectangle"),
        (MAP + 'terrain = "luna"\n', "map.toml:6: terrain: 'luna' is none of BOSQUE, NIEVE"),
        (MAP + 'restriction = "x"\n', "map.toml:6: restriction: 'x' is none of NEWBIE"),
        (
            MAP + '[[area]]\nbox = [5, 5, 6, 6]\ntrigger = "wet"\n',
            "map.toml:8: area[0].trigger: 'wet' is none of none, under_roof",
        ),
        (MAP + GRID.format("..\n.?"), "map.toml:10: grid[0].rows: letter '?' is not in the legend"),
        (MAP + GRID.format("." * 71 + "#"), "map.toml:9: grid[0].rows: row 1 leaves the map"),
        (
            MAP + GRID.format("\n" * 40 + "#"),
            "map.toml:49: grid[0].rows: (30,70) cannot be blocked",
        ),
        (
            MAP + GRID.format("#") + "[[spawn]]\nnpc = 500\ncount = 9\nbox = [30, 30, 31, 31]\n",
            "map.toml:11: spawn[0]: 9 creatures do not fit on 3 free tiles",
        ),
        (
            MAP + "npcs = [[5, 5, 500]]\n",
            "map.toml:6: npcs[0]: npc 500 at (5,5) stands on no free ground",
        ),
        (
            MAP + "npcs = [[20, 20, 500], [20, 20, 501]]\n",
            "map.toml:6: npcs[1]: (20,20) has npc 500 already",
        ),
        (
            MAP + "objects = [[20, 20, 12, 1], [20, 20, 20, 1]]\n",
            "map.toml:6: objects[1]: (20,20) has object 12 already",
        ),
        (
            MAP + "[[exit]]\nbox = [10, 10, 20, 10]\nto = [2, 95, 5]\n",
            "map.toml:8: exit[0].to: (16,10) would lead to (101,5), beyond the map",
        ),
        (MAP + 'tiles = """\n...\n"""\n', "map.toml:6: tiles: expected 100 rows of 100"),
        (
            MAP + 'tiles = """\n' + ("." * 100 + "\n") * 99 + "." * 99 + 'ñ\n"""\n',
            "map.toml:106: tiles: row 100: 'ñ' is none of '.#~%lL'",
        ),
        (
            MAP + 'triggers = """\n' + ("." * 99 + "9\n") * 100 + '"""\n',
            "map.toml:7: triggers: row 1: '9' is none of ' .0123456'",
        ),
    ],
)
def test_a_mistake_is_named_by_line_key_and_cause(tmp_path: Path, text: str, mistake: str) -> None:
    _, mistakes = compiled(tmp_path, text)
    assert mistakes
    assert mistakes[0].startswith(mistake)
