"""The commands about worlds, run as an operator runs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.server_process import run_command

WITHOUT_PILLOW = """
import sys
sys.modules["PIL"] = None
from pyao.run_server import main
sys.argv[0] = "pyao-server"
main()
"""


def test_a_map_is_drawn_into_a_file(tmp_path: Path) -> None:
    ended = run_command("world", "show", "1", "--png", "new/town.png", cwd=tmp_path)
    assert ended.returncode == 0, ended
    assert "drew Villa Candela" in ended.stdout
    assert (tmp_path / "new" / "town.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_without_pillow_a_picture_is_refused_with_what_to_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_PILLOW, "world", "show", "1", "--png", "town.png"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "pyao-server[images]" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.glob("*.png")) == []


def test_without_pillow_a_map_is_printed_all_the_same(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_PILLOW, "world", "show", "1"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended
    assert "Villa Candela" in ended.stdout


def test_a_map_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    ended = run_command("world", "show", "77", cwd=tmp_path)
    assert ended.returncode == 2
    assert "there is no map 77" in ended.stderr
    assert "166" in ended.stderr
