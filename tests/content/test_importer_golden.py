"""Two distributions and their mixture have the golden figures; skipped without the archives."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.archives import unpack
from tests.support.client_facts import read_graphics
from tests.support.content_facts import complaints, heaviest_view

from pyao.content.collision import differing_tiles, read_ground
from pyao.content.importer import ImportOptions, ImportReport, import_world
from pyao.content.map_folder import MapFigures
from pyao.content.maps import read_properties, read_tiles
from pyao.content.report import FindingKind, Report
from pyao.content.starter import COLLISION_FILE, load_starter
from pyao.content.world_data import MapData, WorldData, tile_index, tile_place
from pyao.content.world_file import load_world

pytestmark = pytest.mark.untraced


@dataclass(frozen=True)
class Imported:
    """A distribution once imported, and the figures it must have."""

    report: ImportReport
    world: WorldData
    golden: dict[str, Any]
    maps: Path  # where the files are
    dat: str  # the name of the definitions among the figures


def golden_figures(shared: Path) -> dict[str, Any]:
    text = (shared / "data" / "golden.json").read_text(encoding="utf-8")
    figures: dict[str, Any] = json.loads(text)
    return figures


def import_golden(options: ImportOptions, golden: dict[str, Any], maps: Path, dat: str) -> Imported:
    report = import_world(options)
    assert report.written is not None
    return Imported(report, load_world(report.written), golden, maps, dat)


@pytest.fixture(scope="module")
def archives(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives")
    for archive in (
        *("classic290-maps", "argentum-net-resources", "godot-client-assets"),
        *("ao-libre-dat", "ao-libre-alkon-maps"),
    ):
        unpack(shared, archive, folder)
    return folder


@pytest.fixture(scope="module")
def classic(shared: Path, archives: Path) -> Imported:
    maps = archives / "classic290" / "maps"
    options = ImportOptions(
        data_dir=archives / "classic",
        maps=maps,
        dat=archives / "argentum-server-net" / "resources" / "Dat",
        client_assets=archives / "godot-client" / "Assets",
    )
    golden = golden_figures(shared)["classic_world"]
    return import_golden(options, golden, maps, "argentum_net_dat")


@pytest.fixture(scope="module")
def mixed(shared: Path, archives: Path) -> Imported:
    """Return the classic maps with the other definitions."""
    maps = archives / "classic290" / "maps"
    options = ImportOptions(
        data_dir=archives / "mixed", maps=maps, dat=archives / "ao-libre-server" / "Dat"
    )
    return import_golden(options, golden_figures(shared)["classic_world"], maps, "ao_libre_dat")


@pytest.fixture(scope="module")
def alkon(shared: Path, archives: Path) -> Imported:
    options = ImportOptions(data_dir=archives / "alkon", dat=archives / "ao-libre-server")
    maps = archives / "ao-libre-server" / "Mundos" / "Alkon"
    return import_golden(options, golden_figures(shared)["alkon_world"], maps, "ao_libre_dat")


@pytest.fixture(params=["classic", "alkon", "mixed"])
def imported(request: pytest.FixtureRequest) -> Imported:
    found: Imported = request.getfixturevalue(request.param)
    return found


# --- the golden figures ----------------------------------------------------------------------


def figures(found: MapFigures, entry: MapData) -> dict[str, object]:
    """Spell a map as the golden file does."""
    return {
        "version": entry.version,
        "header_text": found.description[:40],
        "crc": found.crc,
        "magic": found.magic,
        "size": found.size_bytes,
        "sha256": found.sha256,
        "name": entry.name,
        "blocked": found.blocked,
        "layer1_zero": found.void,
        "layer2": found.layers[0],
        "layer3": found.layers[1],
        "layer4": found.layers[2],
        "triggers": {str(kind): count for kind, count in found.triggers.items()},
        "water_client": found.water,
        "water": found.water + found.disputed_water,
        "water_blocked": found.water_blocked + found.disputed_water_blocked,
        "lava": found.lava,
        "exits": found.exits,
        "exit_targets": {str(number): count for number, count in found.exit_targets.items()},
        "npcs": sum(found.npcs.values()),
        "npc_kinds": {str(number): count for number, count in found.npcs.items()},
        "objects": sum(found.objects.values()),
        "object_kinds": len(found.objects),
        "object_amount": found.object_amount,
        "pvp_allowed": not entry.safe,
        "backup": int(entry.backup),
        "no_magic": int(entry.no_magic),
        "no_invisibility": int(entry.no_invisibility),
        "no_resurrect": int(entry.no_resurrection),
        "no_hide": int(entry.no_hiding),
        "no_summon": int(entry.no_summons),
        "steal_from_npcs": int(entry.free_npcs),
        "ambient_sounds": found.sounds,
        "terrain": entry.terrain,
        "zone": entry.zone,
        "restrict": entry.restriction,
        "music": entry.music,
    }


def expected(golden: dict[str, Any]) -> dict[str, object]:
    """Bring what the golden file has as raw text into our form."""
    restriction = golden["restrict"].upper()
    return {
        **golden,
        "terrain": golden["terrain"].upper() or "BOSQUE",
        "zone": golden["zone"].upper() or "CAMPO",
        "restrict": "" if restriction == "NO" else restriction,
        "music": int(golden["music"] or golden["music_mp3"] or 0),
    }


def test_every_map_has_its_golden_figures(imported: Imported) -> None:
    assert imported.world.maps.keys() == {int(number) for number in imported.golden["maps"]}
    for number, entry in imported.world.maps.items():
        found = figures(imported.report.maps[number], entry)
        golden = expected(imported.golden["maps"][str(number)])
        assert found == {key: golden[key] for key in found}, number
        assert imported.report.maps[number].width_bits == 8 * imported.golden["layer_width_bytes"]


def test_the_totals_are_golden(imported: Imported) -> None:
    totals, golden = imported.report.totals(), imported.golden["totals"]
    maps = imported.report.maps.values()
    triggers: Counter[str] = Counter()
    for found in maps:
        triggers.update({str(kind): count for kind, count in found.triggers.items()})
    assert totals["maps"] == imported.golden["maps_parsed"]
    assert golden == {
        "blocked": totals["blocked"],
        "layer2": sum(found.layers[0] for found in maps),
        "layer3": sum(found.layers[1] for found in maps),
        "layer4": sum(found.layers[2] for found in maps),
        "water": totals["water"] + totals["disputed_water"],
        "water_client": totals["water"],
        "water_blocked": totals["water_blocked"] + totals["disputed_water_blocked"],
        "lava": totals["lava"],
        "exits": totals["exits"],
        "npcs": totals["npcs_placed"],
        "objects": totals["objects_placed"],
        "object_amount": totals["object_amount"],
        "size": totals["size_bytes"],
        "triggers": dict(triggers),
    }


def test_what_refers_to_what_is_golden(imported: Imported) -> None:
    totals, golden = imported.report.totals(), imported.golden["cross_references"]
    maps = imported.world.maps
    aimed_at = {leads[0] for entry in maps.values() for leads in entry.exits.values()}
    npcs = Counter(number for entry in maps.values() for _, number in entry.npcs)
    objects = Counter(number for entry in maps.values() for _, number, _ in entry.objects)
    hostile = sum(count for number, count in npcs.items() if imported.world.npcs[number].hostile)
    by_type: Counter[str] = Counter()
    for number, count in objects.items():
        by_type[str(imported.world.items[number].kind)] += count
    lost = [
        finding
        for finding in imported.report.findings.findings
        if finding.kind is FindingKind.REFERENCE and finding.file.lower().endswith(".inf")
    ]
    assert len(lost) == golden["exits_to_missing_map"] + golden["exits_to_bad_coordinates"]
    assert not golden[f"npc_numbers_missing_in_{imported.dat}"]
    assert not golden[f"object_numbers_missing_in_{imported.dat}"]
    assert totals["exits_onto_blocked"] == golden["exits_onto_blocked_tile"]
    assert totals["exits_on_blocked"] == golden["exits_on_blocked_tile"]
    assert totals["npcs_on_blocked"] == golden["npcs_on_blocked_tile"]
    assert len(npcs) == golden["npc_kinds"]
    assert len(objects) == golden["object_kinds"]
    without = [number for number, entry in maps.items() if not entry.exits]
    assert without == golden["maps_without_exits"]
    assert sorted(maps.keys() - aimed_at) == golden["maps_never_a_target"]
    attitude = {"hostile": hostile, "friendly": npcs.total() - hostile}
    assert attitude == golden[f"placed_npcs_by_attitude_{imported.dat}"]
    assert by_type == golden[f"placed_objects_by_type_{imported.dat}"]


def test_the_samples_stand_where_they_should(imported: Imported) -> None:
    for number, sample in imported.golden["samples"].items():
        entry = imported.world.maps[int(number)]
        exits = [[*tile_place(at), *leads] for at, leads in entry.exits.items()]
        npcs = [[*tile_place(at), npc] for at, npc in entry.npcs]
        objects = [[*tile_place(at), *pile] for at, *pile in entry.objects]
        triggers = [[*tile_place(at), kind] for at, kind in enumerate(entry.triggers) if kind]
        for found, name in (
            (exits, "first_exits_x_y_map_tx_ty"),
            (npcs, "first_npcs_x_y_number"),
            (objects, "first_objects_x_y_number_amount"),
            (triggers, "first_triggers_x_y_kind"),
        ):
            assert found[: len(sample[name])] == sample[name], (number, name)
        (path,) = (
            path for path in imported.maps.iterdir() if path.name.lower() == f"mapa{number}.map"
        )
        tiles, middle = read_tiles(path.read_bytes(), path.name), tile_index(50, 50)
        assert sample["tile_50_50"] == {
            "blocked": entry.flags[middle] & 1,
            "layers": [tiles.ground[middle], *(layer.get(middle, 0) for layer in tiles.layers)],
            "trigger": tiles.triggers.get(middle, 0),
        }


def test_the_classic_ground_is_the_clients_own(classic: Imported, shared: Path) -> None:
    golden = golden_figures(shared)
    assert classic.report.compared_maps == 290
    assert classic.report.different_maps == []
    for number, sha256 in golden["client"]["collision_sha256"].items():
        collision = bytes(bits & 7 for bits in classic.world.maps[int(number)].flags)
        assert hashlib.sha256(collision).hexdigest() == sha256, number
    counts = Counter(bits for entry in classic.world.maps.values() for bits in entry.flags)
    assert golden["client"]["collision_totals"] == {
        name: sum(count for bits, count in counts.items() if bits & flag)
        for name, flag in (("blocked", 1), ("roof", 2), ("water", 4))
    }


def test_a_world_keeps_its_definitions(classic: Imported, alkon: Imported) -> None:
    assert classic.report.records == {
        "items": 1048,
        "npcs": 316,
        "spells": 46,
        "quests": 0,
        "cities": 5,
    }
    assert alkon.report.records["items"] == len(alkon.world.items) == 1237
    assert alkon.report.records["quests"] == len(alkon.world.rulebook.quests) == 24
    for imported in (classic, alkon):
        assert all(city.map in imported.world.maps for city in imported.world.cities.values())


@pytest.fixture(scope="module")
def graphics(archives: Path) -> frozenset[int]:
    return read_graphics(archives / "godot-client" / "Assets" / "Init" / "graficos.ind")


def test_nothing_imported_makes_the_client_complain(
    imported: Imported, graphics: frozenset[int]
) -> None:
    assert list(complaints(imported.world, graphics, imported.world.maps.keys())) == []


def test_every_view_of_an_imported_world_takes_one_segment(imported: Imported) -> None:
    for entry in imported.world.maps.values():
        assert heaviest_view(imported.world, entry) <= 1_200, entry.number


def test_maps_the_client_lacks_are_only_those_of_the_other_world(
    classic: Imported, alkon: Imported, graphics: frozenset[int]
) -> None:
    assert list(complaints(classic.world, graphics)) == []
    assert list(complaints(alkon.world, graphics)) == [
        f"map {number}: the client has none" for number in range(291, 318)
    ]


def test_the_windows_form_of_the_properties_reads_the_same(shared: Path, tmp_path: Path) -> None:
    unpack(shared, "classic290-maps", tmp_path)
    for path in (tmp_path / "classic290" / "maps").glob("*.dat"):
        number = int("".join(filter(str.isdigit, path.stem)))
        data = path.read_bytes()
        text = data.decode("cp1252").replace("\r\n", "\n")
        windows = text.replace("\n", "\r\n").encode("cp1252")
        assert read_properties(windows, number, "w", Report()) == read_properties(
            data, number, "u", Report()
        )


def test_the_alkon_world_differs_from_the_clients_as_measured(
    alkon: Imported, classic: Imported, archives: Path, shared: Path
) -> None:
    folder = archives / "godot-client" / "Assets" / "Maps"
    ground = read_ground({n: folder / f"mapa{n}.map" for n in range(1, 291)})
    measured = compared(shared)
    assert measured.keys() == ground.keys()
    for number, flags in ground.items():
        theirs, ours = alkon.world.maps[number], classic.world.maps[number]
        blocked = [(one & 1, two & 1) for one, two in zip(theirs.flags, flags, strict=True)]
        in_alkon, in_client = blocked.count((1, 0)), blocked.count((0, 1))
        assert measured[number] == (
            *(in_alkon + in_client, in_alkon, in_client),
            theirs.name == ours.name,
            dict(theirs.exits) == dict(ours.exits),
        ), number
    assert sum(row[0] for row in measured.values()) == 308_094
    differ = [n for n in ground if differing_tiles(alkon.world.maps[n].flags, ground[n])]
    assert len(differ) == 281


def compared(shared: Path) -> dict[int, tuple[int, int, int, bool, bool]]:
    """Read the comparison: tiles blocked in one only, in Alkon, in the client; name; exits."""
    text = (shared / "formats" / "compat.md").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 10 and cells[0].isdecimal():
            diff, in_alkon, in_client = map(int, cells[1:4])
            found[int(cells[0])] = (
                *(diff, in_alkon, in_client),
                cells[6] == "yes",
                cells[7] == "yes",
            )
    return found


def test_the_pretorian_clan_has_its_camp(alkon: Imported) -> None:
    assert alkon.world.rulebook.pretorian_camp == (163, 34, 25)


def test_the_clients_files_alone_give_the_starter_world_its_ground(
    shared: Path, tmp_path: Path
) -> None:
    unpack(shared, "godot-client-assets", tmp_path)
    data = tmp_path / "data"
    before = load_starter(data)
    report = import_world(
        ImportOptions(data_dir=data, client_assets=tmp_path / "godot-client" / "Assets")
    )
    assert report.written == data / COLLISION_FILE
    after = load_starter(data)
    assert free_tiles(after) > free_tiles(before)


def free_tiles(world: WorldData) -> int:
    return sum(not bits & 1 for entry in world.maps.values() for bits in entry.flags)
