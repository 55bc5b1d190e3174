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


def test_a_creature_stands_in_its_own_element(tmp_path: Path) -> None:
    fish = "[[npc]]\nnumber = 606\nname = 'Fish'\nwater_ok = true\nland_forbidden = true\n"
    pond = MAP + "water = [[70, 70, 71, 71]]\nnpcs = [[70, 70, {}], [20, 20, {}]]\n"
    folder = write_world(tmp_path, things=THINGS + fish, maps=(pond.format(606, 500),))
    assert mistakes(folder) == []
    write_world(tmp_path, things=THINGS + fish, maps=(pond.format(500, 606),))
    assert [entry.partition(": ")[2] for entry in mistakes(folder)] == [
        "npcs[1]: npc 606 at (20, 20) does not live on land",
        "npcs[0]: npc 500 at (70, 70) does not live in the water",
    ]


def test_a_look_that_the_client_lacks_is_a_mistake_when_asked_for(tmp_path: Path) -> None:
    folder = write_world(tmp_path, things=THINGS.replace("graphic = 511", "graphic = 30_000"))
    assert mistakes(folder) == []
    report = Report()
    read_text_world(folder, report=report, limits=known_client())
    (finding,) = report.findings
    assert (finding.line, finding.key) == (5, "item[0].graphic")
    assert finding.message == "the client has no graphic 30000"


def test_a_world_that_is_right_has_no_mistakes(tmp_path: Path) -> None:
    assert mistakes(write_world(tmp_path)) == []


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
