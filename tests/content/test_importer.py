"""The importer: golden figures of two whole distributions, and small ones made by the tests."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.archives import unpack
from tests.support.distribution import HERE, NEAR, write_client, write_dat, write_maps
from tests.support.map_files import dat_bytes, inf_bytes, map_bytes

from pyao.content import importer
from pyao.content.client_limits import fit_item, fit_npc, fit_spell, known_client
from pyao.content.collision import differing_tiles, read_ground
from pyao.content.importer import ImportOptions, ImportReport, import_world
from pyao.content.map_folder import MapFigures
from pyao.content.maps import read_properties
from pyao.content.report import FindingKind, Report
from pyao.content.starter import COLLISION_FILE, load_starter
from pyao.content.world_data import TILES, City, MapData, WorldData, tile_index, tile_place
from pyao.content.world_file import WORLD_FILE, load_world
from pyao.errors import ContentError


@dataclass(frozen=True)
class Imported:
    """A distribution once imported, and the figures it must have."""

    report: ImportReport
    world: WorldData
    golden: dict[str, Any]


def import_golden(options: ImportOptions, shared: Path, world: str) -> Imported:
    golden = json.loads((shared / "data" / "golden.json").read_text(encoding="utf-8"))
    report = import_world(options)
    assert report.written is not None
    return Imported(report, load_world(report.written), golden[world])


@pytest.fixture(scope="module")
def classic(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("classic")
    for archive in ("classic290-maps", "argentum-net-resources", "godot-client-assets"):
        unpack(shared, archive, folder)
    options = ImportOptions(
        data_dir=folder / "data",
        maps=folder / "classic290" / "maps",
        dat=folder / "argentum-server-net" / "resources" / "Dat",
        client_assets=folder / "godot-client" / "Assets",
    )
    return import_golden(options, shared, "classic_world")


@pytest.fixture(scope="module")
def alkon(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("alkon")
    for archive in ("ao-libre-dat", "ao-libre-alkon-maps"):
        unpack(shared, archive, folder)
    options = ImportOptions(data_dir=folder / "data", dat=folder / "ao-libre-server")
    return import_golden(options, shared, "alkon_world")


# --- the golden figures ----------------------------------------------------------------------


def figures(found: MapFigures, entry: MapData) -> dict[str, object]:
    """Spell a map as the golden file does."""
    return {
        "version": entry.version,
        "sha256": found.sha256,
        "name": entry.name,
        "blocked": found.blocked,
        "layer2": found.layers[0],
        "layer3": found.layers[1],
        "layer4": found.layers[2],
        "triggers": {str(kind): count for kind, count in found.triggers.items()},
        "water_client": found.water,
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
        "ambient_sounds": len(entry.sounds),
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


@pytest.mark.parametrize("world", ["classic", "alkon"])
def test_every_map_has_its_golden_figures(world: str, request: pytest.FixtureRequest) -> None:
    imported: Imported = request.getfixturevalue(world)
    assert imported.world.maps.keys() == {int(number) for number in imported.golden["maps"]}
    for number, entry in imported.world.maps.items():
        found = figures(imported.report.maps[number], entry)
        golden = expected(imported.golden["maps"][str(number)])
        assert found == {key: golden[key] for key in found}, number
        assert imported.report.maps[number].width_bits == 8 * imported.golden["layer_width_bytes"]


@pytest.mark.parametrize("world", ["classic", "alkon"])
def test_the_totals_are_golden(world: str, request: pytest.FixtureRequest) -> None:
    imported: Imported = request.getfixturevalue(world)
    totals, golden = imported.report.totals(), imported.golden["totals"]
    cross = imported.golden["cross_references"]
    assert totals["maps"] == imported.golden["maps_parsed"]
    for ours, theirs in (
        ("blocked", "blocked"),
        ("water", "water_client"),
        ("lava", "lava"),
        ("exits", "exits"),
        ("npcs_placed", "npcs"),
        ("objects_placed", "objects"),
        ("object_amount", "object_amount"),
    ):
        assert totals[ours] == golden[theirs], ours
    assert totals["exits_onto_blocked"] == cross["exits_onto_blocked_tile"]
    assert totals["exits_on_blocked"] == cross["exits_on_blocked_tile"]
    assert totals["npcs_on_blocked"] == cross["npcs_on_blocked_tile"]


@pytest.mark.parametrize("world", ["classic", "alkon"])
def test_the_samples_stand_where_they_should(world: str, request: pytest.FixtureRequest) -> None:
    imported: Imported = request.getfixturevalue(world)
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
        blocked = entry.flags[tile_index(50, 50)] & 1
        assert blocked == sample["tile_50_50"]["blocked"]


def test_the_classic_ground_is_the_clients_own(classic: Imported, shared: Path) -> None:
    golden = json.loads((shared / "data" / "golden.json").read_text(encoding="utf-8"))
    assert classic.report.compared_maps == 290
    assert classic.report.different_maps == []
    for number, sha256 in golden["client"]["collision_sha256"].items():
        collision = bytes(bits & 7 for bits in classic.world.maps[int(number)].flags)
        assert hashlib.sha256(collision).hexdigest() == sha256, number


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


@pytest.mark.parametrize("world", ["classic", "alkon"])
def test_an_imported_world_shows_nothing_that_the_client_lacks(
    world: str, request: pytest.FixtureRequest
) -> None:
    imported: Imported = request.getfixturevalue(world)
    limits = known_client()
    assert [item for item in imported.world.items.values() if fit_item(item, limits)[1]] == []
    assert [npc for npc in imported.world.npcs.values() if fit_npc(npc, limits)[1]] == []
    assert [it for it in imported.world.spells.values() if fit_spell(it, limits)[1]] == []
    assert {npc.heading for npc in imported.world.npcs.values()} <= {1, 2, 3, 4}
    sounds = [sound.sound for entry in imported.world.maps.values() for sound in entry.sounds]
    assert all(0 < sound <= 255 for sound in sounds)


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


def test_the_alkon_ground_is_not_the_clients(alkon: Imported, shared: Path, tmp_path: Path) -> None:
    unpack(shared, "godot-client-assets", tmp_path)
    maps = tmp_path / "godot-client" / "Assets" / "Maps"
    ground = read_ground({n: maps / f"mapa{n}.map" for n in range(1, 291)})
    differ = [
        number
        for number, flags in ground.items()
        if differing_tiles(alkon.world.maps[number].flags, flags)
    ]
    assert len(differ) == 281


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


# --- small distributions ---------------------------------------------------------------------


@pytest.fixture
def distribution(tmp_path: Path) -> Path:
    """Return a distribution of two maps, as a repository has it."""
    root = tmp_path / "server"
    write_dat(root / "Dat")
    write_maps(root / "mundos" / "uno")
    return root


def options(
    tmp_path: Path,
    *,
    maps: Path | None = None,
    dat: Path | None = None,
    client_assets: Path | None = None,
    strict: bool = False,
    force: bool = False,
) -> ImportOptions:
    return ImportOptions(
        data_dir=tmp_path / "data",
        report=tmp_path / "report.json",
        maps=maps,
        dat=dat,
        client_assets=client_assets,
        strict=strict,
        force=force,
    )


def messages(report: ImportReport) -> list[str]:
    return [
        str(finding)
        for finding in report.findings.findings
        if finding.kind in {FindingKind.MAP, FindingKind.REFERENCE, FindingKind.COUNT}
    ]


def test_a_distribution_becomes_one_file(tmp_path: Path, distribution: Path) -> None:
    report = import_world(options(tmp_path, dat=distribution))
    assert report.exit_code == 0
    assert report.written == tmp_path / "data" / WORLD_FILE
    world = load_world(report.written)
    assert world.name == "server"
    assert world.cities == {1: City(1, 50, 50, "Ullathorpe")}
    assert world.items[12].name == "Gold"
    entry = world.maps[2]
    assert entry.safe
    assert entry.exits == {NEAR: (1, 50, 50)}
    assert (entry.npcs, entry.objects) == ([(HERE, 500)], [(HERE, 12, 9)])
    assert messages(report) == []


def test_the_written_report_holds_every_count_and_finding(
    tmp_path: Path, distribution: Path
) -> None:
    report = import_world(options(tmp_path, dat=distribution))
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert written["totals"]["maps"] == 2
    assert written["maps"]["1"]["npcs"] == {"500": 1}
    assert written["records"]["items"] == 2
    assert written["kinds"]["items"] == {"5": 1, "4": 1}
    assert written["findings_total"] == report.findings.total == len(written["findings"])
    assert {"kind", "file", "line", "key", "message"} == written["findings"][0].keys()
    assert ("maps", "2") in report.rows()
    assert written["error"] == ""


def test_progress_is_told_map_by_map(tmp_path: Path, distribution: Path) -> None:
    told: list[tuple[str, int, int]] = []
    import_world(
        options(tmp_path, dat=distribution), lambda *step: told.append((step[0], step[1], step[2]))
    )
    assert [step for step in told if step[0] == "maps"] == [
        ("maps", 0, 2),
        ("maps", 1, 2),
        ("maps", 2, 2),
    ]


def test_a_strict_import_refuses_findings_and_writes_only_the_report(
    tmp_path: Path, distribution: Path
) -> None:
    report = import_world(options(tmp_path, dat=distribution, strict=True))
    assert report.refused
    assert report.exit_code == 1
    assert not (tmp_path / "data").exists()
    assert json.loads((tmp_path / "report.json").read_text())["refused"]


def test_maps_alone_are_a_world_with_a_home(tmp_path: Path) -> None:
    maps = write_maps(tmp_path / "maps")
    report = import_world(options(tmp_path, maps=maps))
    assert report.written is not None
    world = load_world(report.written)
    assert world.cities[6] == City(1, 50, 50, "Map 1")
    assert world.maps[1].npcs == [(HERE, 500)], "kept for a later import of definitions"
    assert any("no Dat folder" in str(finding) for finding in report.findings.findings)


def test_what_leads_nowhere_is_dropped_and_reported(tmp_path: Path, distribution: Path) -> None:
    placed = inf_bytes(
        exits={1: (9, 50, 50), 2: (1, 0, 50), 3: (1, 9, 7)},
        npcs={4: 999},
        objects={5: (998, 1), 6: (12, 3)},
    )
    (distribution / "mundos" / "uno" / "mapa2.INF").write_bytes(placed)
    report = import_world(options(tmp_path, dat=distribution))
    assert messages(report) == [
        "map 2: the exit at (2, 1) leads to (9, 50, 50), no such place",
        "map 2: the exit at (3, 1) leads to (1, 0, 50), no such place",
        "map 2: npc 999 at (5, 1) is not defined",
        "map 2: object 998 at (6, 1) is not defined",
    ]
    assert report.written is not None
    entry = load_world(report.written).maps[2]
    assert (dict(entry.exits), entry.npcs) == ({3: (1, 9, 7)}, [])
    assert entry.objects == [(6, 12, 3)]


def test_a_map_cut_short_stops_the_import_and_nothing_is_written(
    tmp_path: Path, distribution: Path
) -> None:
    path = distribution / "mundos" / "uno" / "Mapa2.map"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ContentError, match=r"Mapa2\.map: "):
        import_world(options(tmp_path, dat=distribution))
    assert not (tmp_path / "data").exists()
    assert "Mapa2.map" in json.loads((tmp_path / "report.json").read_text())["error"]


def test_a_file_too_large_for_a_map_is_not_read(tmp_path: Path, distribution: Path) -> None:
    (distribution / "mundos" / "uno" / "Mapa2.map").write_bytes(bytes(300_000))
    with pytest.raises(ContentError, match="larger than 190273 bytes"):
        import_world(options(tmp_path, dat=distribution))


def test_maps_of_two_widths_are_refused_unless_forced(tmp_path: Path, distribution: Path) -> None:
    (distribution / "mundos" / "uno" / "Mapa2.map").write_bytes(map_bytes(width=4))
    with pytest.raises(ContentError, match=r"Mapa1\.map has 16-bit, Mapa2\.map has 32-bit"):
        import_world(options(tmp_path, dat=distribution))
    assert import_world(options(tmp_path, dat=distribution, force=True)).written is not None


@pytest.mark.parametrize("map_path", ["..\\elsewhere\\", "/etc/", "", "nowhere/"])
def test_a_map_path_never_leads_out_of_the_distribution(tmp_path: Path, map_path: str) -> None:
    write_dat(tmp_path / "server" / "Dat", map_path=map_path)
    write_maps(tmp_path / "elsewhere")
    with pytest.raises(ContentError, match="names no folder of maps beside it"):
        import_world(options(tmp_path, dat=tmp_path / "server"))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, distribution: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(map_bytes())
    (distribution / "mundos" / "uno" / "mapa3.map").symlink_to(secret)
    report = import_world(options(tmp_path, dat=distribution))
    assert 3 not in report.maps
    assert any("leads out of the folder" in str(entry) for entry in report.findings.findings)


def test_two_files_of_one_map_are_reported(tmp_path: Path, distribution: Path) -> None:
    (distribution / "mundos" / "uno" / "mapa02.MAP").write_bytes(b"")
    report = import_world(options(tmp_path, dat=distribution))
    assert any("is map 2 again" in str(entry) for entry in report.findings.findings)


def test_a_wrong_number_of_maps_is_reported(tmp_path: Path, distribution: Path) -> None:
    write_dat(distribution / "Dat", count=290)
    report = import_world(options(tmp_path, dat=distribution))
    assert messages(report) == ["Map.dat: NumMaps: says 290 maps, there are 2"]


def test_missing_companions_are_reported_and_stand_for_defaults(
    tmp_path: Path, distribution: Path
) -> None:
    (distribution / "mundos" / "uno" / "mapa2.INF").unlink()
    (distribution / "mundos" / "uno" / "Mapa2.dat").unlink()
    report = import_world(options(tmp_path, dat=distribution))
    assert report.written is not None
    entry = load_world(report.written).maps[2]
    assert not entry.safe
    assert not entry.exits
    found = [str(finding) for finding in report.findings.findings]
    assert any("Mapa2.map: has no .inf file" in finding for finding in found)
    assert any("Mapa2.map: has no .dat file" in finding for finding in found)


def test_tiles_may_come_from_the_client(tmp_path: Path, distribution: Path) -> None:
    client = write_client(tmp_path / "client")
    (distribution / "mundos" / "uno" / "Mapa2.map").unlink()
    report = import_world(options(tmp_path, dat=distribution, client_assets=client))
    assert report.written is not None
    assert load_world(report.written).maps[2].npcs == [(HERE, 500)]


def test_definitions_and_the_client_alone_say_that_nobody_leaves_a_map(tmp_path: Path) -> None:
    client = write_client(tmp_path / "client")
    dat = write_dat(tmp_path / "server" / "Dat")
    report = import_world(options(tmp_path, dat=dat, client_assets=client))
    assert len(report.maps) == 2
    assert any("nobody leaves a map" in str(finding) for finding in report.findings.findings)


def test_a_map_that_differs_from_the_clients_is_reported(
    tmp_path: Path, distribution: Path
) -> None:
    client = write_client(tmp_path / "client")
    (distribution / "mundos" / "uno" / "Mapa2.map").write_bytes(map_bytes())
    (distribution / "mundos" / "uno" / "Mapa7.map").write_bytes(map_bytes())
    write_dat(distribution / "Dat", count=3)
    report = import_world(options(tmp_path, dat=distribution, client_assets=client))
    assert report.different_maps == [2]
    assert messages(report) == [
        f"map 2: {TILES - 84 * 88} tiles are open on one side only, here or in the client",
        "map 7: the client has no such map",
    ]


def test_a_world_the_client_does_not_share_is_refused_unless_forced(
    tmp_path: Path, distribution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = write_client(tmp_path / "client")
    (distribution / "mundos" / "uno" / "Mapa2.map").write_bytes(map_bytes())
    monkeypatch.setattr(importer, "MAX_DIFFERENT_MAPS", 0)
    with pytest.raises(ContentError, match="1 of 2 maps differ from the client's"):
        import_world(options(tmp_path, dat=distribution, client_assets=client))
    assert not (tmp_path / "data").exists()
    forced = options(tmp_path, dat=distribution, client_assets=client, force=True)
    assert import_world(forced).written is not None


def test_leftovers_of_another_map_are_reported(tmp_path: Path, distribution: Path) -> None:
    (distribution / "mundos" / "uno" / "Mapa2.dat").write_bytes(dat_bytes(7, Name="x"))
    report = import_world(options(tmp_path, dat=distribution))
    assert messages(report) == ["Mapa2.dat: has no section [Mapa2]: default properties"]


@pytest.mark.parametrize(
    ("maps", "dat"), [(None, None), ("empty", None), (None, "empty"), ("absent", None)]
)
def test_nothing_to_import_is_one_clear_line(
    tmp_path: Path, maps: str | None, dat: str | None
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ContentError, match=r"nothing to import|has no|cannot be read"):
        import_world(
            options(
                tmp_path,
                maps=tmp_path / maps if maps else None,
                dat=tmp_path / dat if dat else None,
            )
        )


def test_a_folder_that_is_no_client_is_refused(tmp_path: Path, distribution: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ContentError, match="neither Maps nor Init"):
        import_world(options(tmp_path, dat=distribution, client_assets=tmp_path / "empty"))


def test_a_client_without_the_starter_maps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="which the starter world needs"):
        import_world(options(tmp_path, client_assets=write_client(tmp_path / "client")))
