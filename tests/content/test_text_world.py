from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.text_world import MAP, THINGS, WORLD, write_world

from pyao.content.client_limits import known_client
from pyao.content.report import Report
from pyao.content.starter import STARTER_FOLDER
from pyao.content.text_world import check_text_world, load_text_world, read_text_world
from pyao.content.world_data import City
from pyao.errors import ContentError
from pyao.rules.kinds import ObjectType


def mistakes(folder: Path) -> list[str]:
    report = Report()
    read_text_world(folder, report=report)
    return [str(finding).removeprefix(f"{folder}/") for finding in report.findings]


def test_a_folder_of_text_is_a_world(tmp_path: Path) -> None:
    world = load_text_world(write_world(tmp_path))
    assert world.name == "Prueba"
    assert world.motd == ["Hola"]
    assert world.forbidden_names == ["bobo"]
    assert world.cities == {1: City(1, 50, 50, "Pueblo")}
    assert world.rulebook.places == {"prison": (1, 12, 12)}
    assert world.items[12].kind == ObjectType.MONEY
    assert world.npcs[500].movement == 2
    assert world.spells[1].hp.direction == 2
    assert world.maps[1].name == "Prado"


def test_the_other_language_is_a_choice(tmp_path: Path) -> None:
    world = load_text_world(write_world(tmp_path), "en")
    assert (world.name, world.motd, world.maps[1].name) == ("Trial", ["Hello"], "Meadow")


@pytest.mark.parametrize(
    ("world", "things", "game_map", "mistake"),
    [
        (
            WORLD + "[recipes]\ncarpenter = [99]\n",
            THINGS,
            MAP,
            "world.toml:18: recipes.carpenter: there is no item 99",
        ),
        (
            WORLD.replace("[1, 50, 50]", "[7, 50, 50]"),
            THINGS,
            MAP,
            "world.toml:7: city[0]: (7, 50, 50): there is no map 7",
        ),
        (
            WORLD.replace("12, 12", "90, 90"),
            THINGS,
            MAP,
            "world.toml:13: places.prison: (1, 90, 90): that is no free ground",
        ),
        (
            WORLD + "colour = 1\n",
            THINGS,
            MAP,
            "world.toml:15: legend: Expected `object`, got `int`",
        ),
        (
            WORLD,
            THINGS.replace("[[12, 5]]", "[[13, 5]]"),
            MAP,
            "things.toml:20: npc[0].drops: there is no item 13",
        ),
        (
            WORLD,
            THINGS + "creature = 9\n",
            MAP,
            "things.toml:28: spell[0].creature: there is no npc 9",
        ),
        (
            WORLD,
            THINGS.replace('"money"', '"cash"'),
            MAP,
            "things.toml:4: item[0].kind: 'cash' is none of use_once, weapon",
        ),
        (
            WORLD,
            THINGS + "[[item]]\nnumber = 12\n",
            MAP,
            "things.toml:28: item[2]: item 12 is defined already",
        ),
        (
            WORLD,
            THINGS.replace("price", "cost") + "[[thing]]\nnumber = 1\n",
            MAP,
            "things.toml:28: thing: unknown key 'thing', expected item, npc, quest, spell",
        ),
        (
            WORLD,
            THINGS + '[[quest]]\nnumber = 1\nname = "x"\nkills = [[600, 5]]\n',
            MAP,
            "things.toml:31: quest[0].kills: there is no npc 600",
        ),
        (
            WORLD,
            THINGS,
            MAP + "npcs = [[20, 20, 501]]\n",
            "maps/001.toml:2: name: there is no npc 501, placed at (20, 20)",
        ),
        (
            WORLD,
            THINGS,
            MAP + "objects = [[20, 20, 99, 1]]\n",
            "maps/001.toml:2: name: there is no item 99, placed at (20, 20)",
        ),
        (
            WORLD,
            THINGS,
            MAP + "[[exit]]\nbox = [20, 20, 20, 20]\nto = [1, 5, 5]\n",
            "maps/001.toml:2: name: the exit at (20, 20) leads to (1, 5, 5): that is no free",
        ),
        (WORLD, THINGS, "number = = 1\n", "maps/001.toml:1: is no TOML"),
    ],
)
def test_a_planted_mistake_is_named_by_place_and_cause(
    tmp_path: Path, world: str, things: str, game_map: str, mistake: str
) -> None:
    found = mistakes(write_world(tmp_path, world=world, things=things, maps=(game_map,)))
    assert any(entry.startswith(mistake) for entry in found), found


def test_a_creature_stands_in_its_own_element(tmp_path: Path) -> None:
    fish = "[[npc]]\nnumber = 606\nname = 'Fish'\nwater_ok = true\nland_forbidden = true\n"
    pond = MAP + "water = [[70, 70, 71, 71]]\nnpcs = [[70, 70, {}], [20, 20, {}]]\n"
    folder = write_world(tmp_path, things=THINGS + fish, maps=(pond.format(606, 500),))
    assert mistakes(folder) == []
    write_world(tmp_path, things=THINGS + fish, maps=(pond.format(500, 606),))
    assert [entry.partition(": name: ")[2] for entry in mistakes(folder)] == [
        "npc 606 at (20, 20) does not live on land",
        "npc 500 at (70, 70) does not live in the water",
    ]


def test_a_look_that_the_client_lacks_is_a_mistake_when_asked_for(tmp_path: Path) -> None:
    folder = write_world(tmp_path, things=THINGS.replace("graphic = 511", "graphic = 30_000"))
    assert mistakes(folder) == []
    report = Report()
    read_text_world(folder, report=report, limits=known_client())
    (finding,) = report.findings
    assert (finding.line, finding.key) == (5, "item[0].graphic")
    assert finding.message == "the client has no graphic 30000"


def test_a_sound_of_a_place_that_the_client_lacks_is_a_mistake_too(tmp_path: Path) -> None:
    folder = write_world(tmp_path, maps=(MAP + "[[sound]]\nsound = 107\npercent = 5\n",))
    report = Report()
    read_text_world(folder, report=report, limits=known_client())
    (finding,) = report.findings
    assert (finding.key, finding.message) == ("sound", "the client has no sound 107")
    assert finding.line > 1


def test_a_world_that_is_right_has_no_mistakes(tmp_path: Path) -> None:
    assert mistakes(write_world(tmp_path)) == []


def test_two_maps_of_one_number_are_a_mistake(tmp_path: Path) -> None:
    (found,) = mistakes(write_world(tmp_path, maps=(MAP, MAP)))
    assert found.startswith("maps/002.toml:1: number: map 1 is defined already")


def test_a_world_with_a_mistake_is_no_world(tmp_path: Path) -> None:
    write_world(tmp_path, things=THINGS + "creature = 9\n[[item]]\nnumber = 12\n")
    with pytest.raises(ContentError, match=r"things\.toml:\d+: .* \(and 1 more mistakes\)"):
        load_text_world(tmp_path)


def test_a_folder_without_files_is_no_world(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"has no \*\.toml files"):
        load_text_world(tmp_path)


def test_a_check_reads_both_languages_and_names_each_mistake_once(tmp_path: Path) -> None:
    folder = write_world(tmp_path, things=THINGS + "creature = 9\n")
    with (folder / "maps" / "001.toml").open("a") as file:
        file.write("npcs = [[5, 5, 500]]\n")
    (folder / "world.toml").write_text(WORLD.replace('motd_en = ["Hello"]', "motd_en = 5"))
    found = [finding.key for finding in check_text_world(folder, known_client()).findings]
    assert found == ["npcs[0]", "spell[0].creature", "motd"]


def test_the_starter_world_passes_every_check() -> None:
    assert check_text_world(STARTER_FOLDER, known_client()).findings == []
