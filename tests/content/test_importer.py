"""The importer on small distributions made by the tests; whole ones in test_importer_golden.py."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.content_facts import complaints
from tests.support.distribution import HERE, NEAR, write_client, write_dat, write_maps
from tests.support.map_files import dat_bytes, inf_bytes, map_bytes

from pyao.content import importer, map_folder
from pyao.content.client_limits import known_client
from pyao.content.importer import ImportOptions, ImportReport, import_world
from pyao.content.report import FindingKind
from pyao.content.text_export import export_world
from pyao.content.text_world import check_text_world
from pyao.content.world_data import TILES, AmbientSound, City
from pyao.content.world_file import WORLD_FILE, load_world
from pyao.errors import ContentError


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


def test_sounds_of_a_place_that_the_client_lacks_are_left_out(
    tmp_path: Path, distribution: Path
) -> None:
    path = distribution / "mundos" / "uno" / "Mapa2.dat"
    sounds = "\n[SONIDOS]\nCantidad=2\n[SONIDO1]\nSonido=107\n[SONIDO2]\nSonido=21\n"
    path.write_bytes(dat_bytes(2, Name="Campo") + sounds.encode())
    report = import_world(options(tmp_path, dat=distribution))
    assert report.written is not None
    assert load_world(report.written).maps[2].sounds == (AmbientSound(21, 0),)
    lacking = [text for text in map(str, report.findings.findings) if "sound" in text]
    assert lacking == ["Mapa2.dat: sound 107 is unknown to the client; left out"]


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


def test_tiles_alone_are_a_world_without_exits_and_the_report_says_so(tmp_path: Path) -> None:
    maps = write_client(tmp_path / "client") / "Assets" / "Maps"
    report = import_world(options(tmp_path, maps=maps))
    nameless, undefined, homeless = map(str, report.findings.findings)
    assert nameless.startswith(f"{maps}: has no .inf and .dat files")
    assert nameless.endswith("nobody leaves a map on foot")
    assert "no Dat folder was named" in undefined
    assert "no city is known" in homeless
    assert report.written is not None
    world = load_world(report.written)
    assert not any(entry.exits or entry.npcs or entry.objects for entry in world.maps.values())


def test_what_leads_nowhere_is_dropped_and_reported(tmp_path: Path, distribution: Path) -> None:
    placed = inf_bytes(
        exits={1: (9, 50, 50), 2: (1, 0, 50), 3: (1, 9, 7)},
        npcs={4: 999},
        objects={5: (998, 1), 6: (12, 3)},
    )
    (distribution / "mundos" / "uno" / "mapa2.INF").write_bytes(placed)
    report = import_world(options(tmp_path, dat=distribution))
    assert messages(report) == [
        "mapa2.INF: (2, 1): the exit leads to (9, 50, 50), no such place",
        "mapa2.INF: (3, 1): the exit leads to (1, 0, 50), no such place",
        "mapa2.INF: (5, 1): npc 999 is not defined",
        "mapa2.INF: (6, 1): object 998 is not defined",
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
        f"Mapa2.map: {TILES - 84 * 88} tiles are open on one side only, here or in the client",
        "Mapa7.map: the client has no such map",
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


def test_a_world_with_more_on_it_than_any_is_refused(
    tmp_path: Path, distribution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_folder, "MAX_PLACED", 5)
    with pytest.raises(ContentError, match="more than 5 exits, npcs and objects") as caught:
        import_world(options(tmp_path, dat=distribution))
    assert str(caught.value.file).endswith("mapa2.INF")


@pytest.mark.untraced
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_the_files_hold_a_world_comes_out_or_one_clear_line(
    tmp_path: Path, distribution: Path, data: st.DataObject
) -> None:
    write_dat(distribution / "Dat")
    write_maps(distribution / "mundos" / "uno")
    files = sorted(path for path in distribution.rglob("*") if path.is_file())
    for path in data.draw(st.lists(st.sampled_from(files), min_size=1, max_size=3)):
        whole = path.read_bytes()
        at = data.draw(st.integers(0, len(whole)))
        new = data.draw(st.binary(max_size=40))
        kept = data.draw(st.sampled_from((at, at + len(new), len(whole))))
        path.write_bytes(whole[:at] + new + whole[kept:])
    before = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
    try:
        report = import_world(replace(options(tmp_path, dat=distribution), report=None))
    except ContentError:
        pass
    else:
        assert report.written is not None
        world = load_world(report.written)
        for entry in world.maps.values():
            assert all(leads[0] in world.maps for leads in entry.exits.values())
            assert all(number in world.npcs for _, number in entry.npcs)
            assert all(number in world.items for _, number, _ in entry.objects)
        assert list(complaints(world, known_client().graphics)) == []
    assert {path for path in tmp_path.rglob("*") if "data" not in path.parts} == before


def test_places_on_maps_that_do_not_exist_are_left_out(tmp_path: Path, distribution: Path) -> None:
    dat = distribution / "Dat"
    (dat / "Ciudades.Dat").write_text(
        "[ULLATHORPE]\nMapa=1\nX=50\nY=50\n[NIX]\nMapa=34\nX=50\nY=50\n"
        "[PRISION]\nMapa=66\nX=50\nY=50\n"
    )
    (dat / "Retos.dat").write_text(
        "[ARENA1]\nMapa=9\nX=1\nY=2\nX2=3\nY2=4\n[ARENA2]\nMapa=2\nX=50\nY=52\nX2=53\nY2=54\n"
    )
    (dat / "EventoPesca.dat").write_text("[ZONA1]\nMapa=9\nCantidad=1\nPez1=12\n")
    (dat / "Server.ini").write_text("[CLAN-PRETORIANO]\nMapa=163\nX=34\nY=25\n")
    leads = dat_bytes(2, Name="Campo", StartPos="9-50-50", OnDeathGoTo="8-50-50")
    (distribution / "mundos" / "uno" / "Mapa2.dat").write_bytes(leads)
    report = import_world(options(tmp_path, dat=distribution))
    assert messages(report) == [
        "Ciudades.dat: Nix is on map 34, which does not exist; left out",
        "Ciudades.dat: prison is on map 66, which does not exist; left out",
        "Retos.dat: an arena is on map 9, which does not exist; left out",
        "EventoPesca.dat: a zone is on map 9, which does not exist; left out",
        "Server.ini: the pretorian clan is on map 163, which does not exist; left out",
        "Mapa2.dat: StartPos is on map 9, which does not exist; left out",
        "Mapa2.dat: OnDeathGoTo is on map 8, which does not exist; left out",
    ]
    assert report.written is not None
    world = load_world(report.written)
    assert world.cities == {1: City(1, 50, 50, "Ullathorpe")}
    book = world.rulebook
    assert [arena.map for arena in book.arenas] == [2]
    assert (book.places, book.fishing_zones, book.pretorian_camp) == ({}, (), None)
    assert (world.maps[2].start_pos, world.maps[2].on_death_goto) == (None, None)
    export_world(world, tmp_path / "text")
    assert check_text_world(tmp_path / "text").findings == []
