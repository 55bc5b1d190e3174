"""The commands about worlds, run as an operator runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.commands import invoke
from tests.support.distribution import write_client, write_dat, write_maps
from tests.support.pty_process import PtyProcess
from tests.support.text_world import THINGS, write_world

WITHOUT_PILLOW = """
import sys
sys.modules["PIL"] = None
from pyao.run_server import main
sys.argv[0] = "pyao-server"
main()
"""


def test_a_map_is_drawn_into_a_file(tmp_path: Path) -> None:
    ended = invoke("world", "show", "1", "--png", "new/town.png", cwd=tmp_path)
    assert ended.code == 0, ended
    assert "drew Villa Candela" in ended.stdout
    assert (tmp_path / "new" / "town.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_without_pillow_a_picture_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    ended = invoke("world", "show", "1", "--png", "town.png", cwd=tmp_path)
    assert "pyao-server[images]" in ended.refusal
    assert list(tmp_path.glob("*.png")) == []


def test_without_pillow_a_map_is_printed_all_the_same(tmp_path: Path) -> None:
    """In a process of its own: nothing that is imported at the start may ask for Pillow."""
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_PILLOW, "world", "show", "1"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended
    assert "Villa Candela" in ended.stdout


def test_a_map_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    ended = invoke("world", "show", "77", cwd=tmp_path)
    assert ended.code == 2
    assert "there is no map 77" in ended.stderr
    assert "166" in ended.stderr


@pytest.fixture
def distribution(tmp_path: Path) -> Path:
    write_maps(tmp_path / "ao" / "Maps")
    write_dat(tmp_path / "ao" / "Dat")
    return tmp_path / "ao"


IMPORT = ("import", "--maps", "ao/Maps", "--dat", "ao/Dat", "--data-dir", "data")


def test_an_import_prints_what_it_found_and_ends_with_0(tmp_path: Path, distribution: Path) -> None:
    write_client(tmp_path / "client")
    ended = invoke(*IMPORT, "--client-assets", "client/Assets", cwd=distribution.parent)
    assert ended.code == 0, ended
    rows = {
        parts[0]: parts[1]
        for line in ended.stdout.splitlines()
        if len(parts := [part.strip() for part in line.strip("│ ").split("│")]) == 2
    }
    assert rows["maps"] == rows["npcs placed"] == rows["maps like the client's"] == "2"
    assert (rows["items"], rows["object amount"], rows["npcs"]) == ("2", "18", "1")
    assert int(rows["findings: file"]) > 0
    assert "Quests.dat: is missing" in ended.stdout
    assert "world.pyao" in ended.stdout
    assert ended.stderr == "", "no bar where nobody looks"


def test_a_strict_import_with_warnings_ends_with_1_and_writes_only_the_report(
    tmp_path: Path, distribution: Path
) -> None:
    ended = invoke(*IMPORT, "--strict", "--report", "found.json", cwd=distribution.parent)
    assert ended.code == 1, ended
    assert "refused because of the warnings" in ended.stdout
    assert not (tmp_path / "data").exists()
    report = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert report["refused"]
    assert report["maps"]["1"]["exits"] == 1
    assert report["kinds"]["items"] == {"5": 1, "4": 1}
    assert report["files"]["Obj.dat"]["encoding"] == "ascii"
    assert len(report["findings"]) == report["findings_total"] > 0


def test_an_import_that_is_not_possible_ends_with_2_and_says_why(
    tmp_path: Path, distribution: Path
) -> None:
    (distribution / "Maps" / "Mapa2.map").write_bytes(b"no map")
    ended = invoke(*IMPORT, "--report", "found.json", cwd=distribution.parent)
    assert ended.code == 2, ended
    assert "Mapa2.map: cut short" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "data").exists()
    assert "Mapa2.map" in json.loads((tmp_path / "found.json").read_text())["error"]


def test_an_import_at_a_terminal_shows_how_far_it_is(tmp_path: Path, distribution: Path) -> None:
    assert distribution.is_dir()
    with PtyProcess(tmp_path, "pyao.run_server", *IMPORT) as terminal:
        terminal.read_until("maps")
        assert terminal.wait() == 0


def test_a_check_names_mistakes_and_warnings_and_ends_with_1(tmp_path: Path) -> None:
    trader = "[[npc]]\nnumber = 600\nname = 'x'\ntrades = true\n"
    write_world(tmp_path / "w", things=THINGS + "creature = 9\n" + trader)
    ended = invoke("world", "check", "w", cwd=tmp_path)
    assert ended.code == 1, ended
    assert ended.stdout.splitlines() == [
        "w/things.toml:28: spell[0].creature: there is no npc 9",
        "warning: w/things.toml:32: npc[1].trades: trades but has no stock to sell",
        "1 mistakes; the server would refuse this world",
    ]
    write_world(tmp_path / "w", things=THINGS + trader)
    ended = invoke("world", "check", "w", cwd=tmp_path)
    assert (ended.code, ended.stdout.splitlines()[-1]) == (0, "no mistakes, 1 warnings")


def test_an_exported_world_passes_the_check_and_is_not_written_over(tmp_path: Path) -> None:
    ended = invoke("world", "export", "mine", cwd=tmp_path)
    assert ended.code == 0, ended
    assert (tmp_path / "mine" / "maps" / "001.toml").is_file()
    ended = invoke("world", "check", "mine", cwd=tmp_path)
    assert (ended.code, ended.stdout) == (0, "no mistakes\n")
    again = invoke("world", "export", "mine", cwd=tmp_path)
    assert again.code == 2
    assert "is not empty" in again.stderr


def test_a_folder_of_world_text_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "nowhere: expected a folder" in invoke("world", "check", "nowhere", cwd=tmp_path).refusal
