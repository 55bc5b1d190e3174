"""`pyao-server init` and `config show`."""

from __future__ import annotations

from pathlib import Path

from tests.support.commands import invoke
from tests.support.files import tree


def test_init_makes_the_folders_and_commented_files_that_change_nothing(tmp_path: Path) -> None:
    before = invoke("config", "show", cwd=tmp_path).stdout
    ended = invoke("init", cwd=tmp_path)
    assert ended.code == 0, ended
    for folder in ("config/server", "config/modules", "data", "logs"):
        assert (tmp_path / folder).is_dir()
    assert "config/server/server.yaml" in ended.stdout
    assert "config/main.yaml" in ended.stdout
    assert invoke("config", "show", cwd=tmp_path).stdout == before


def test_init_leaves_what_exists_alone(tmp_path: Path) -> None:
    assert invoke("init", "there", cwd=tmp_path).code == 0
    server = tmp_path / "there" / "config" / "server" / "server.yaml"
    server.write_text("server:\n  port: 7700\n")
    before = tree(tmp_path)
    ended = invoke("init", "there", cwd=tmp_path)
    assert ended.code == 0
    assert "nothing to write" in ended.stdout
    assert tree(tmp_path) == before


def test_an_uncommented_line_of_init_counts(tmp_path: Path) -> None:
    invoke("init", cwd=tmp_path)
    server = tmp_path / "config" / "server" / "server.yaml"
    text = server.read_text()
    assert "  # port: 7666\n" in text
    server.write_text(text.replace("  # port: 7666\n", "  port: 7700\n"))
    shown = invoke("config", "show", cwd=tmp_path).stdout
    begin, rest = shown.split(" server.port ")
    whole_row = rest.split(" server.fallback_ports ")[0]
    assert "7700" in whole_row
    assert "config/server/server" in whole_row
    assert "…" not in begin + rest, "nothing is cut off, however narrow the terminal"


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in invoke("init", "file/below", cwd=tmp_path).refusal
