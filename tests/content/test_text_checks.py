"""Every kind of mistake in a world of text is named by file, line, key and cause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.text_world import MAP, THINGS, WORLD, write_world

from pyao.content.client_limits import known_client
from pyao.content.report import FindingKind, Report
from pyao.content.text_world import check_text_world, load_text_world, read_text_world
from pyao.errors import ContentError

RULES = "meditation_percent = 5\n[race.elf]\nstrength = 1\n[class.mage]\nevasion = 1.0\n"
GRID = '[[grid]]\nat = [30, 30]\nrows = """\n{}\n"""\n'
ITEM = '[[item]]\nnumber = 30\nname = "x"\n'
NPC = '[[npc]]\nnumber = 600\nname = "x"\n'
SPELL = '[[spell]]\nnumber = 9\nname = "x"\n'
QUEST = '[[quest]]\nnumber = 1\nname = "x"\n'
FACTION = "[faction_armour]\n{} = [[0, 0, 0], [0, 99, 0], [0, 0, 0], [0, 0, 0]]\n"


def mistakes(folder: Path) -> list[str]:
    report = Report()
    read_text_world(folder, report=report, limits=known_client())
    return [str(finding).removeprefix(f"{folder}/") for finding in report.findings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_world(tmp_path)
    (tmp_path / "balance.toml").write_text(RULES)
    assert mistakes(tmp_path) == []
    return tmp_path


def plant(folder: Path, name: str, text: str) -> list[str]:
    """Write one file anew and return what is found then."""
    (folder / name).write_text(text, encoding="utf-8")
    return mistakes(folder)


WORLDS = [
    (WORLD.partition("\n\n")[2], "1: Object missing required field `name`"),
    ("colour = 1\n" + WORLD, "1: colour: Object contains unknown field `colour`"),
    (WORLD.replace('["Hola"]', '"Hola"'), "3: motd: Expected `array`, got `str`"),
    (WORLD.replace('["Hola"]', '["Hola", 5]'), "3: motd[1]: Expected `str`, got `int`"),
    (WORLD.replace("[1, 50, 50]", "[7, 50, 50]"), "10: city[0].at: (7, 50, 50): there is no map 7"),
    (
        WORLD.replace("[1, 50, 50]", "[1, 90, 50]"),
        "10: city[0].at: (1, 90, 50): that is no free ground",
    ),
    (WORLD.replace("50, 50", "50, 150"), "10: city[0].at[2]: Expected `int` <= 100"),
    (
        WORLD + '[[city]]\nnumber = 1\nname = "x"\nat = [1, 50, 50]\n',
        "17: city[1]: city 1 is defined already, ",
    ),
    (
        WORLD.replace("12, 12", "90, 90"),
        "13: places.prison: (1, 90, 90): that is no free ground",
    ),
    (
        WORLD + "[recipes]\ncarpenter = [12,\n 99]\n",
        "19: recipes.carpenter[1]: there is no item 99",
    ),
    (WORLD + "[recipes]\nbaker = [12]\n", "18: recipes.baker: Object contains unknown field"),
    (WORLD + FACTION.format("chef"), "18: faction_armour.chef: 'chef' is none of mage, cleric"),
    (WORLD + FACTION.format("mage"), "18: faction_armour.mage: there is no item 99"),
    (WORLD + "[pretorians]\nking = [[600], []]\n", "18: pretorians.king: there is no npc 600"),
    ("pretorian_camp = [4, 9, 9]\n" + WORLD, "1: pretorian_camp: (4, 9, 9): there is no map 4"),
    (
        "arenas = [\n [1, 20, 20, 30, 30],\n [1, 20, 20, 90, 90],\n]\n" + WORLD,
        "3: arenas[1]: (1, 90, 90): that is no free ground",
    ),
    ("fishing_zones = [[1, [99]]]\n" + WORLD, "1: fishing_zones[0]: there is no item 99"),
    ("fishing_zones = [[8, [12]]]\n" + WORLD, "1: fishing_zones[0]: there is no map 8"),
    (WORLD + '"!" = { objct = 20 }\n', "15: legend.objct: Object contains unknown field `objct`"),
    (WORLD.replace("[legend]", "[legend"), "15: is no TOML"),
]


@pytest.mark.parametrize(("text", "expected"), WORLDS)
def test_a_mistake_about_the_whole(folder: Path, text: str, expected: str) -> None:
    found = plant(folder, "world.toml", text)
    place, _, cause = expected.partition(": ")
    wanted = f"world.toml:{place}: {cause}"
    assert any(entry.startswith(wanted) for entry in found), found


THING_CASES = [
    (THINGS.replace('"money"', '"cash"'), "4: item[0].kind: 'cash' is none of use_once, weapon"),
    (THINGS.replace("graphic = 511", "graphic = -1"), "5: item[0].graphic: Expected `int` >= 0"),
    (THINGS.replace("graphic = 511", "graphic = 30_000"), "5: item[0].graphic: the client has no"),
    (THINGS.replace("graphic = 511", "price = 1.5"), "5: item[0].price: Expected `int`, got"),
    (THINGS + ITEM + "cost = 1\n", "31: item[2].cost: Object contains unknown field `cost`"),
    (THINGS + "[[item]]\nname = 'x'\n", "28: item[2]: Object missing required field `number`"),
    (THINGS + ITEM.replace("30", "12"), "28: item[2]: item 12 is defined already, "),
    (THINGS + ITEM + "spell = 9\n", "31: item[2].spell: there is no spell 9"),
    (THINGS + ITEM + "upgrade = 99\n", "31: item[2].upgrade: there is no item 99"),
    (THINGS + ITEM + "ore = 99\n", "31: item[2].ore: there is no item 99"),
    (THINGS + ITEM + "ingot = 99\n", "31: item[2].ingot: there is no item 99"),
    (THINGS + ITEM + "open_item = 99\n", "31: item[2].open_item: there is no item 99"),
    (THINGS + ITEM + "closed_item = 99\n", "31: item[2].closed_item: there is no item 99"),
    (THINGS + ITEM + "locked_item = 99\n", "31: item[2].locked_item: there is no item 99"),
    (
        THINGS + ITEM + "ingredients = [\n [12, 1],\n [99, 1],\n]\n",
        "33: item[2].ingredients[1]: there is no item 99",
    ),
    (
        THINGS + ITEM + 'forbidden_classes = ["mage", "chef"]\n',
        "31: item[2].forbidden_classes: 'chef' is none of mage, cleric",
    ),
    (THINGS + ITEM + 'kind = "armour"\nbody = 900\n', "32: item[2].body: the client has no body"),
    (THINGS + ITEM + 'kind = "shield"\nanimation = 60\n', "32: item[2].animation: the client has"),
    (THINGS + ITEM + "sounds = [107]\n", "31: item[2].sounds: the client has no sounds (107,)"),
    (THINGS + ITEM + 'kind = "scroll"\n', "31: item[2].kind: is a scroll that teaches nothing"),
    (THINGS + ITEM + "min_hit = 5\nmax_hit = 4\n", "31: item[2].min_hit: 5 is more than max_hit 4"),
    (THINGS.replace("[[12, 5]]", "[[13, 5]]"), "20: npc[0].drops[0]: there is no item 13"),
    (THINGS.replace('"random"', '"fly"'), "16: npc[0].movement: 'fly' is none of "),
    (THINGS.replace("min_hp = 5", "min_hp = 6"), "19: npc[0].min_hp: 6 is more than max_hp 5"),
    (THINGS + NPC + "heading = 5\n", "31: npc[1].heading: Expected `int` <= 4"),
    (THINGS + NPC + "body = 900\n", "31: npc[1].body: the client has no body 900"),
    (THINGS + NPC + "head = 52\n", "31: npc[1].head: the client has no head 52"),
    (THINGS + NPC + "hurt_sound = 107\n", "31: npc[1].hurt_sound: the client has no hurt sound"),
    (THINGS + NPC + "spells = [1, 9]\n", "31: npc[1].spells[1]: there is no spell 9"),
    (THINGS + NPC + "quest = 3\n", "31: npc[1].quest: there is no quest 3"),
    (
        THINGS + NPC + 'creatures = [[500, "a"], [501, "b"]]\n',
        "31: npc[1].creatures[1]: there is no npc 501",
    ),
    (THINGS + NPC + 'role = "trainer"\n', "31: npc[1].role: is a trainer without creatures"),
    (THINGS + NPC + "trades = true\n", "31: npc[1].trades: trades but has no stock to sell"),
    (
        THINGS + NPC + f"stock = {[[12, 1]] * 51}\n",
        "31: npc[1].stock: 51 goods, the client shows 50",
    ),
    (THINGS + NPC + f"drops = {[[12, 1]] * 6}\n", "31: npc[1].drops: 6 drops, there are odds for"),
    (THINGS + NPC + "attackable = true\n", "31: npc[1].attackable: can be attacked but has no max"),
    (THINGS + NPC.replace("600", "500"), "28: npc[1]: npc 500 is defined already, "),
    (THINGS + "creature = 9\n", "28: spell[0].creature: there is no npc 9"),
    (THINGS + SPELL + "item = 99\n", "31: spell[1].item: there is no item 99"),
    (THINGS + SPELL + "effect = 36\n", "31: spell[1].effect: the client has no effect 36"),
    (THINGS + SPELL + "sound = 145\n", "31: spell[1].sound: the client has no sound 145"),
    (THINGS + SPELL + "summons = true\n", "31: spell[1].summons: summons nothing; name its"),
    (THINGS.replace('["lower", 2, 5]', '["up", 2, 5]'), "27: spell[0].hp: 'up' is none of none"),
    (THINGS.replace('["lower", 2, 5]', '["lower", 6, 5]'), "27: spell[0].hp: 6 is more than 5"),
    (THINGS + SPELL + 'target = "moon"\n', "31: spell[1].target: 'moon' is none of "),
    (THINGS + QUEST + "kills = [[600, 5]]\n", "31: quest[0].kills[0]: there is no npc 600"),
    (THINGS + QUEST + "items = [[99, 5]]\n", "31: quest[0].items[0]: there is no item 99"),
    (THINGS + QUEST + "rewards = [[99, 5]]\n", "31: quest[0].rewards[0]: there is no item 99"),
    (THINGS + "[[thing]]\nnumber = 1\n", "28: thing: unknown key 'thing', expected item, npc"),
    ("item = 5\n", "1: item: expected tables [[item]]"),
    ("[[item]]\nnumber = = 1\n", "2: is no TOML"),
]


@pytest.mark.parametrize(("text", "expected"), THING_CASES)
def test_a_mistake_about_a_thing(folder: Path, text: str, expected: str) -> None:
    found = plant(folder, "things.toml", text)
    assert any(entry.startswith(f"things.toml:{expected}") for entry in found), found


MAPS = [
    (MAP.replace("number = 1", "number = 0"), "1: number: Expected `int` >= 1"),
    (MAP + "npcs = [\n [20, 20, 500],\n [21, 20, 501],\n]\n", "8: npcs[1]: there is no npc 501"),
    (MAP + "npcs = [[5, 5, 500]]\n", "6: npcs[0]: npc 500 at (5,5) stands on no free ground"),
    (
        MAP + "objects = [[20, 20, 99, 1]]\n",
        "6: objects[0]: there is no item 99, placed at (20, 20)",
    ),
    (
        MAP + "[[exit]]\nbox = [20, 20, 20, 20]\nto = [1, 5, 5]\n",
        "8: exit[0].to: the exit at (20, 20) leads to (1, 5, 5): that is no free ground",
    ),
    (
        MAP + "[[exit]]\nbox = [20, 20, 20, 20]\nto = [7, 5, 5]\n",
        "8: exit[0].to: the exit at (20, 20) leads to (7, 5, 5): there is no map 7",
    ),
    (MAP + GRID.format("..\n.?"), "10: grid[0].rows: letter '?' is not in the legend"),
    (
        MAP + '[legend]\n"x" = { npc = 501 }\n' + GRID.format("..\n.x"),
        "12: grid[0].rows: there is no npc 501, placed at (31, 31)",
    ),
    (
        MAP + '[legend]\n"x" = { exit = [9, 5, 5] }\n' + GRID.format("x"),
        "11: grid[0].rows: the exit at (30, 30) leads to (9, 5, 5): there is no map 9",
    ),
    (
        MAP + '[legend]\n"x" = { trigger = "wet" }\n' + GRID.format("x"),
        "7: legend.x.trigger: 'wet' is none of none, under_roof",
    ),
    (
        MAP + "[[spawn]]\nnpc = 501\ncount = 1\nbox = [20, 20, 30, 30]\n",
        "7: spawn[0].npc: there is no npc 501",
    ),
    (
        MAP + "[[spawn]]\nnpc = 500\ncount = 0\nbox = [20, 20, 30, 30]\n",
        "8: spawn[0].count: Expected `int` >= 1",
    ),
    (MAP + "start_pos = [1, 5, 5]\n", "6: start_pos: (1, 5, 5): that is no free ground"),
    (MAP + "on_death_goto = [7, 5, 5]\n", "6: on_death_goto: (7, 5, 5): there is no map 7"),
    (MAP + "[[sound]]\nsound = 107\npercent = 5\n", "6: sound: the client has no sound 107"),
    (MAP + "[[sound]]\nsound = 21\npercent = 500\n", "8: sound[0].percent: Expected `int` <= 100"),
    ("number = = 1\n", "1: is no TOML"),
]


@pytest.mark.parametrize(("text", "expected"), MAPS)
def test_a_mistake_about_a_map(folder: Path, text: str, expected: str) -> None:
    found = plant(folder, "maps/001.toml", text)
    assert any(entry.startswith(f"maps/001.toml:{expected}") for entry in found), found


BALANCES = [
    ("meditation_percent = 500\n", "1: meditation_percent: Expected `int` <= 100"),
    ("speed = 5\n", "1: speed: unknown key 'speed', expected one of "),
    ("[race.troll]\nstrength = 1\n", "1: race.troll: unknown key 'troll', expected one of human"),
    ("[race.elf]\nstrenght = 1\n", "2: race.elf.strenght: unknown key 'strenght', expected one"),
    ('[class.mage]\nevasion = "high"\n', "2: class.mage.evasion: Expected `float`, got `str`"),
    ("whole_spread = [50, 50, 1, 0, 0]\n", "1: whole_spread: expected 5 per cents that sum to 100"),
    ("faction_experience = [1, 2]\n", "1: faction_experience: expected 15 figures"),
]


@pytest.mark.parametrize(("text", "expected"), BALANCES)
def test_a_mistake_about_the_balance(folder: Path, text: str, expected: str) -> None:
    found = plant(folder, "balance.toml", text)
    assert any(entry.startswith(f"balance.toml:{expected}") for entry in found), found


def test_two_maps_of_one_number_are_a_mistake(folder: Path) -> None:
    (found,) = plant(folder, "maps/002.toml", MAP)
    assert found.startswith("maps/002.toml:1: number: map 1 is defined already")


def test_a_folder_without_maps_is_a_mistake(folder: Path) -> None:
    (folder / "maps" / "001.toml").unlink()
    found = mistakes(folder)
    assert "maps: has no *.toml files" in found
    assert any("there is no map 1" in entry for entry in found)


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / "more.toml").write_bytes(b'x = "\xff"')
    assert mistakes(folder) == ["more.toml: expected UTF-8 text, byte 5 is none"]


def test_every_mistake_of_a_folder_is_found_at_once(folder: Path) -> None:
    plant(folder, "world.toml", WORLD.replace("12, 12", "90, 90"))
    plant(folder, "balance.toml", "speed = 5\n")
    plant(folder, "maps/001.toml", MAP + "npcs = [[20, 20, 501]]\n")
    found = plant(folder, "things.toml", THINGS + "creature = 9\n" + ITEM + "spell = 9\n")
    assert {entry.partition(":")[0] for entry in found} == {
        *("world.toml", "balance.toml", "maps/001.toml", "things.toml"),
    }
    assert len(found) == 5


def test_what_is_only_hardly_meant_is_a_warning_and_no_obstacle(folder: Path) -> None:
    (found,) = plant(folder, "things.toml", THINGS + NPC + "trades = true\n")
    assert "trades but has no stock" in found
    assert [one.kind for one in check_text_world(folder).findings] == [FindingKind.SENSE]
    assert load_text_world(folder).npcs[600].trades
    plant(folder, "things.toml", THINGS + NPC + "trades = true\n" + SPELL + "item = 99\n")
    with pytest.raises(
        ContentError, match=r"^.*things\.toml:35: spell\[1\]\.item: there is no item 99$"
    ):
        load_text_world(folder)


def test_a_drawn_map_may_have_the_oddities_of_its_source(folder: Path) -> None:
    rows = ["." * 100] * 50 + ["#" * 100] * 50
    text = 'number = 1\nname = "x"\ntiles = """\n' + "\n".join(rows) + '\n"""\n'
    text += "npcs = [[60, 60, 500]]\n[[exit]]\nbox = [20, 20, 20, 20]\nto = [1, 60, 60]\n"
    (found,) = plant(folder, "maps/001.toml", text)
    assert found.startswith(
        "maps/001.toml:108: exit[0].to: the exit at (20, 20) leads to (1, 60, 60)"
    )
    assert load_text_world(folder).maps[1].exits


VALUE = re.compile(r"(?<== )[^\n\[{\"'][^\n]*|(?<== )\"[^\"\n]*\"|(?<== )\[[^\n]*|\b\d+\b")
ODD = (
    *("5", "-1", "0", "99999999999999999999", "1e400", "nan", "true", "'x'", "''", "[]", "[[]]"),
    *("{}", "[1, 2]", "{ a = 1 }", "[{}]", '"""\n"""', "1979-05-27", "[[1, 2], 'x']", "['mage']"),
)


@pytest.mark.untraced
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_value_at_all_breaks_the_reader_of_worlds(folder: Path, data: st.DataObject) -> None:
    texts = {
        "world.toml": WORLD + "[recipes]\ncarpenter = [12]\n" + FACTION.format("mage"),
        "things.toml": THINGS + ITEM + NPC + "stock = [[12, 1]]\ndrops = [[12, 1]]\n" + QUEST,
        "balance.toml": RULES,
        "maps/001.toml": MAP
        + "npcs = [[20, 20, 500]]\nobjects = [[21, 20, 12, 1]]\n"
        + "[[exit]]\nbox = [22, 20, 22, 20]\nto = [1, 30, 30]\n"
        + "[[spawn]]\nnpc = 500\ncount = 1\nbox = [23, 23, 24, 24]\n"
        + GRID.format("#.#"),
    }
    for name, text in texts.items():
        changed = text
        for _ in range(data.draw(st.integers(0, 2))):
            spans = [found.span() for found in VALUE.finditer(changed)]
            if spans:
                start, end = data.draw(st.sampled_from(spans))
                changed = changed[:start] + data.draw(st.sampled_from(ODD)) + changed[end:]
        (folder / name).write_text(changed, encoding="utf-8")
    report = check_text_world(folder, known_client())
    assert all(finding.file and finding.message for finding in report.findings)
    try:
        load_text_world(folder)
    except ContentError:
        assert report.total > report.counts[FindingKind.SENSE]
