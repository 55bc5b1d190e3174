"""The importer of Dat folders has the golden figures of two distributions; skipped without them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.archives import unpack

from pyao.content.client_limits import known_client
from pyao.content.dat_import import DatContent, find_dat, import_dat
from pyao.content.dat_records import SectionReader, read_item, read_npc, read_spell
from pyao.content.fields import Ref
from pyao.content.ini import IniSection, decode, parse_ini
from pyao.content.npcs import NO_DROP
from pyao.content.report import FindingKind, Report
from pyao.content.world_data import City
from pyao.rules.balance import CLASSES, RACES

pytestmark = pytest.mark.untraced


@dataclass(frozen=True)
class Imported:
    """A distribution once read, with what was found and the figures it must have."""

    folder: Path
    content: DatContent
    report: Report
    golden: dict[str, Any]
    examples: dict[str, Any]

    def found(self, kind: FindingKind) -> list[str]:
        return [str(finding) for finding in self.report.findings if finding.kind is kind]


ARCHIVES = {
    "ao_libre_dat": ("ao-libre-dat", "ao-libre-server"),
    "argentum_net_dat": ("argentum-net-resources", "argentum-server-net/resources"),
}


@pytest.fixture(scope="module", params=ARCHIVES)
def imported(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Imported:
    archive, folder = ARCHIVES[request.param]
    path = unpack(shared, archive, tmp_path_factory.mktemp("dat")) / folder
    golden = json.loads((shared / "data" / "golden.json").read_text(encoding="utf-8"))
    report = Report()
    content = import_dat(path, report)
    name = request.param
    return Imported(path, content, report, golden[name], golden["examples"][name])


def sums(records: Iterable[object], fields: dict[str, str]) -> dict[str, int]:
    records = list(records)
    return {key: sum(getattr(record, name) for record in records) for key, name in fields.items()}


def counts(records: Iterable[object], fields: dict[str, str]) -> dict[str, int]:
    records = list(records)
    return {
        key: sum(1 for record in records if getattr(record, name)) for key, name in fields.items()
    }


def by(records: Iterable[object], name: str) -> dict[str, int]:
    return dict(Counter(str(getattr(record, name)) for record in records))


def test_the_items_have_the_golden_figures(imported: Imported) -> None:
    items, golden = imported.content.items, imported.golden["objects"]
    dangling = [spell for _, spell in imported.golden["cross_references"]["object_spell_missing"]]
    assert len(items) == golden["sections"]
    assert max(items) == golden["max_id"]
    assert sorted(set(range(1, golden["max_id"] + 1)) - set(items)) == golden["missing_ids"]
    assert by(items.values(), "kind") == golden["by_type"]
    summed = sums(
        items.values(),
        {
            "GrhIndex": "graphic",
            "Valor": "price",
            "MinHIT": "min_hit",
            "MaxHIT": "max_hit",
            "MINDEF": "min_defense",
            "MAXDEF": "max_defense",
            "Clave": "key_code",
            "NumRopaje": "body",
            "HechizoIndex": "spell",
        },
    )
    summed["HechizoIndex"] += sum(dangling)
    assert summed == golden["sums"]
    counted = counts(
        items.values(),
        {
            "Agarrable": "fixed",
            "Newbie": "newbie",
            "Crucial": "crucial",
            "NoSeCae": "stays_on_death",
            "HechizoIndex": "spell",
            "SkHerreria": "smithing_skill",
            "SkCarpinteria": "carpentry_skill",
            "Real": "royal",
            "Caos": "chaos",
        },
    )
    counted["HechizoIndex"] += len(dangling)
    assert counted == golden["count_nonzero"]
    forbidden = sum(len(item.forbidden_classes) for item in items.values())
    assert forbidden == golden["forbidden_class_entries"]


def test_the_npcs_have_the_golden_figures(imported: Imported) -> None:
    npcs, golden = imported.content.npcs, imported.golden["npcs"]
    assert len(npcs) == golden["sections"]
    assert max(npcs) == golden["max_id"]
    assert by(npcs.values(), "role") == golden["by_type"]
    assert by(npcs.values(), "movement") == golden["by_movement"]
    flags = {
        "hostile": "hostile",
        "attackable": "attackable",
        "traders": "trades",
        "tameable": "taming",
        "water_ok": "water_ok",
        "land_forbidden": "land_forbidden",
        "quest_givers": "quest",
    }
    assert counts(npcs.values(), flags) == {key: golden[key] for key in flags}
    summed = sums(
        npcs.values(),
        {
            "MaxHP": "max_hp",
            "MinHIT": "min_hit",
            "MaxHIT": "max_hit",
            "GiveEXP": "experience",
            "GiveGLD": "gold",
            "DEF": "defense",
            "PoderAtaque": "attack_power",
            "PoderEvasion": "evasion_power",
        },
    )
    assert summed == golden["sums"]
    nameless = sum("names no item" in text for text in imported.found(FindingKind.VALUE))
    drops = [pile for npc in npcs.values() for pile in npc.drops if pile != NO_DROP]
    assert sum(len(npc.stock) for npc in npcs.values()) + nameless == golden["inventory_entries"]
    assert len(drops) == golden["drop_entries"]
    assert sum(len(npc.spells) for npc in npcs.values()) == golden["spell_entries"]
    assert sum(len(npc.creatures) for npc in npcs.values()) == golden["trainer_creatures"]


def test_the_spells_have_the_golden_figures(imported: Imported) -> None:
    spells, golden = imported.content.spells, imported.golden["spells"]
    assert len(spells) == golden["sections"]
    assert by(spells.values(), "kind") == golden["by_type"]
    assert by(spells.values(), "target") == golden["by_target"]
    summed = sums(
        spells.values(),
        {
            "ManaRequerido": "mana",
            "MinSkill": "min_skill",
            "StaRequerido": "stamina",
            "WAV": "sound",
            "FXgrh": "effect",
        },
    )
    hp = [spell.hp for spell in spells.values()]
    summed["MinHP"] = sum(change.low for change in hp)
    summed["MaxHP"] = sum(change.high for change in hp)
    assert summed == golden["sums"]


def test_the_recipes_are_the_golden_ones(imported: Imported) -> None:
    recipes, golden = imported.content.rulebook.recipes, imported.golden["crafting"]
    read = {
        "armasherrero.dat": recipes.smith_weapons,
        "armadurasherrero.dat": recipes.smith_armours,
        "objcarpintero.dat": recipes.carpenter,
        "objartesano.dat": recipes.artisan,
    }
    for file, items in read.items():
        assert list(items) == golden.get(file, {}).get("indices", [])


def test_the_cities_are_the_golden_ones(imported: Imported) -> None:
    content = imported.content
    read = {city.name.upper(): [city.map, city.x, city.y] for city in content.cities.values()}
    names = {"prison": "PRISION", "prison_exit": "PRISION-AFUERA", "newbie_start": "NEMAHUAK"}
    read |= {names[place]: list(spot) for place, spot in content.rulebook.places.items()}
    assert read == imported.golden["cities"]
    assert content.cities[1] == City(1, 58, 45, "Ullathorpe")
    assert content.cities[5].name == "Arghal"


def test_the_texts_have_the_golden_figures(imported: Imported) -> None:
    content, golden = imported.content, imported.golden
    assert [len(content.help)] * 2 == golden["help_lines"]
    assert [len(content.motd)] * 2 == golden["motd_lines"]
    assert len(content.forbidden_names) == golden["forbidden_names"]
    assert not any("~" in line for line in content.motd)


def test_the_quests_have_the_golden_figures(imported: Imported) -> None:
    quests = imported.content.rulebook.quests.values()
    golden = imported.golden.get("quests")
    if golden is None:
        assert not quests
        assert "Quests.dat: is missing; nothing of it is known" in imported.found(FindingKind.FILE)
        return
    assert len(quests) == golden["sections"]
    assert sum(quest.experience for quest in quests) == golden["reward_exp_sum"]
    assert sum(quest.gold for quest in quests) == golden["reward_gold_sum"]
    assert sum(len(quest.items) for quest in quests) == golden["required_objects"]
    assert sum(len(quest.kills) for quest in quests) == golden["required_npcs"]
    assert sum(len(quest.rewards) for quest in quests) == golden["reward_objects"]


def test_the_pretorians_have_the_golden_figures(imported: Imported) -> None:
    golden = imported.golden.get("praetorians", {"groups": {}})
    ranks = imported.content.rulebook.pretorians
    read = {rank.upper(): len(of.tall) + len(of.short) for rank, of in ranks.items()}
    assert read == golden["groups"]


def test_every_class_has_faction_armour_that_exists(imported: Imported) -> None:
    armour = imported.content.rulebook.faction_armour
    assert len(armour) == imported.golden["faction_armour"]["classes"]
    for of in armour.values():
        items = (*of.royal_tall, *of.royal_short, *of.chaos_tall, *of.chaos_short)
        assert [len(items)] == imported.golden["faction_armour"]["keys_per_class"]
        assert all(item in imported.content.items for item in items)


def test_the_balance_is_read_with_either_spelling(imported: Imported) -> None:
    balance = imported.content.rulebook.balance
    assert balance.classes == dict(CLASSES)
    assert balance.races == dict(RACES)
    assert (sum(balance.whole_spread), sum(balance.half_spread)) == (100, 100)
    assert balance.party_exponent == 1.75
    assert len(balance.faction_experience) == imported.golden["balance"]["RECOMPENSAFACCION"]


def test_only_the_golden_references_dangle(imported: Imported) -> None:
    dangling = [
        (number, target)
        for references in imported.golden["cross_references"].values()
        for number, target in references
    ]
    found = imported.found(FindingKind.REFERENCE)
    assert len(found) == len(dangling)
    for text, (number, target) in zip(found, dangling, strict=True):
        assert f"[OBJ{number}]" in text
        assert f"spell {target}" in text
        assert imported.content.items[number].spell == 0


def test_every_golden_duplicate_is_reported_with_its_line(imported: Imported) -> None:
    read = {"npcs.dat": "NPCs.dat", "obj.dat": "obj.dat", "hechizos.dat": "Hechizos.dat"}
    expected = []
    for golden_name, file in read.items():
        odd = imported.golden["anomalies"][golden_name]
        expected += [f"{file}:{line}: [{section}]: " for line, section in odd["duplicate_sections"]]
        expected += [
            f"{file}:{line}: [{section}] {key}: "
            for line, section, key, *_ in odd["duplicate_keys"]
        ]
    found = imported.found(FindingKind.DUPLICATE)
    assert len(found) == len(expected)
    for text, start in zip(sorted(found), sorted(expected), strict=True):
        assert text.startswith(start)


def test_every_file_of_the_folder_has_the_golden_oddities(imported: Imported) -> None:
    paths = {path.name.lower(): path for path in find_dat(imported.folder).iterdir()}
    for name, odd in imported.golden["anomalies"].items():
        data = paths[name].read_bytes()
        ini = parse_ini(data, name)
        read = {
            "encoding": ini.encoding,
            "crlf": data.count(b"\r\n"),
            "lf": data.count(b"\n") - data.count(b"\r\n"),
            "duplicate_sections": [list(found) for found in ini.duplicate_sections],
            "duplicate_keys": [list(found) for found in ini.duplicate_keys],
            "lines_without_equals": ini.lines_without_equals,
            "assignments_before_first_section": ini.assignments_before_first_section,
        }
        assert read == odd, name


def test_the_report_says_how_each_file_was_read(imported: Imported) -> None:
    for name, figures in imported.content.files.items():
        golden = imported.golden["anomalies"].get(name.lower())
        if golden is not None:
            assert figures.encoding == golden["encoding"], name
            assert figures.lines_without_equals == golden["lines_without_equals"], name
    assert {"obj.dat", "npcs.dat", "hechizos.dat"} <= {
        name.lower() for name in imported.content.files
    }


def test_counts_in_headers_are_golden_and_too_small_ones_are_reported(imported: Imported) -> None:
    paths = {path.name.lower(): path for path in find_dat(imported.folder).iterdir()}

    def header(file: str, key: str, section: str = "INIT") -> int:
        return parse_ini(paths[file].read_bytes(), file).section(section).number(key)

    golden = imported.golden
    assert header("obj.dat", "NUMOBJS") == golden["objects"]["header_count"]
    assert header("npcs.dat", "NUMNPCS") == golden["npcs"]["header_count"]
    assert header("hechizos.dat", "NUMEROHECHIZOS") == golden["spells"]["header_count"]
    keys = {"armasherrero.dat": "NUMARMAS", "armadurasherrero.dat": "NUMARMADURAS"}
    for file, crafting in golden["crafting"].items():
        assert header(file, keys.get(file, "NUMOBJS")) == crafting["header_count"]
        assert crafting["sections"] == len(crafting["indices"])
        assert crafting["zero_entries"] == crafting["missing_objects"] == []
    if "quests" in golden:
        assert header("quests.dat", "NUMQUESTS") == golden["quests"]["header_count"]
    if "praetorians" in golden:
        combinations = header("pretorianos.dat", "COMBINACIONES", "MAIN")
        assert combinations == golden["praetorians"]["combinations"]
    too_small = [text for text in imported.found(FindingKind.COUNT) if "all are read" in text]
    beyond = golden["npcs"]["header_count"] < golden["npcs"]["max_id"]
    assert [text.partition(": ")[2] for text in too_small] == (
        ["[INIT] NUMNPCS: says 904, but there is [NPC906]; all are read"] if beyond else []
    )


def test_the_balance_file_has_the_golden_keys(imported: Imported) -> None:
    (path,) = (
        path for path in find_dat(imported.folder).iterdir() if path.name.lower() == "balance.dat"
    )
    ini = parse_ini(path.read_bytes(), path.name)
    counts = {name: len(ini.section(name).entries) for name in imported.golden["balance"]}
    assert counts == imported.golden["balance"]


def test_looks_the_client_lacks_are_the_golden_ones(imported: Imported) -> None:
    report, limits = Report(), known_client()
    content = import_dat(imported.folder, report, limits)
    golden = imported.golden["client_coverage"]
    looks = {"OBJ": Counter[str](), "NPC": Counter[str](), "HECHIZO": Counter[str]()}
    numbers: dict[tuple[str, str], list[int]] = {}
    for finding in report.findings:
        if finding.kind is FindingKind.LOOK:
            section, field = finding.key.removeprefix("[").split("] ")
            kind = section.rstrip("0123456789")
            looks[kind][field] += 1
            numbers.setdefault((kind, field), []).append(int(section.removeprefix(kind)))

    def of_kind(kind: int) -> list[int]:
        animated = numbers.get(("OBJ", "animation"), [])
        return [number for number in animated if content.items[number].kind == kind]

    assert numbers.get(("OBJ", "graphic"), []) == golden["objects_graphic_missing_in_client"]
    assert numbers.get(("OBJ", "body"), []) == golden["objects_body_beyond_client"]
    assert numbers.get(("NPC", "body"), []) == golden["npcs_body_beyond_client"]
    assert set(numbers.get(("NPC", "head"), [])) >= set(golden["npcs_head_beyond_client"])
    assert of_kind(2) == golden["weapons_anim_missing_in_client"]
    assert of_kind(16) == golden["shields_anim_missing_in_client"]
    assert of_kind(17) == golden["helmets_anim_beyond_client"]
    assert not looks["HECHIZO"]
    for item in content.items.values():
        assert item.graphic in limits.graphics or not item.graphic
    for npc in content.npcs.values():
        assert npc.body in limits.bodies or not npc.body
        assert npc.head in limits.heads or not npc.head
        assert 1 <= npc.heading <= 4


def test_the_golden_examples_are_read_key_by_key(imported: Imported) -> None:
    examples = imported.examples
    content = imported.content
    known: dict[Ref, Container[int]] = {
        Ref.ITEM: content.items,
        Ref.NPC: content.npcs,
        Ref.SPELL: content.spells,
        Ref.QUEST: content.rulebook.quests,
    }
    reader = SectionReader("golden", Report(), known)

    def section(title: str, number: str, keys: dict[str, str]) -> IniSection:
        lines = [f"{key}={value}" for key, value in keys.items()]
        text = "\n".join([f"[{title}{number}]", *lines])
        return parse_ini(text.encode(), "golden").section(title + number)

    for number, keys in examples["objects"].items():
        assert (
            read_item(int(number), section("OBJ", number, keys), reader)
            == content.items[int(number)]
        )
    for number, keys in examples["npcs"].items():
        assert (
            read_npc(int(number), section("NPC", number, keys), reader) == content.npcs[int(number)]
        )
    for number, keys in examples["spells"].items():
        spell = read_spell(int(number), section("HECHIZO", number, keys), reader)
        assert spell == content.spells[int(number)]


def test_a_windows_check_out_reads_as_the_repository_does(
    imported: Imported, tmp_path: Path
) -> None:
    for path in (*find_dat(imported.folder).iterdir(), imported.folder / "Server.ini"):
        if path.is_file():
            text, _ = decode(path.read_bytes())
            crlf = text.replace("\r\n", "\n").replace("\n", "\r\n")
            (tmp_path / path.name).write_bytes(crlf.encode("cp1252", errors="replace"))
    content = import_dat(tmp_path, Report())
    assert content.items == imported.content.items
    assert content.npcs == imported.content.npcs
    assert content.spells == imported.content.spells
    assert content.rulebook == imported.content.rulebook
