"""The texts made from the settings are true, and those kept in the project are up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyao.config import SETTINGS, Settings, changed, load_settings
from pyao.config.pages import dotenv_example, init_files, main_yaml, server_yaml, settings_page

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "text"),
    [("docs/configuration.md", settings_page()), (".env.example", dotenv_example())],
)
def test_the_text_in_the_project_is_up_to_date(name: str, text: str) -> None:
    assert (ROOT / name).read_text() == text, "run: uv run python -m pyao.config.pages"


def test_the_page_has_a_row_for_every_setting() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)`.*\| `(PYAO_[A-Z_]+)` \|", settings_page(), re.MULTILINE)
    assert rows == [(one.path, one.env) for one in SETTINGS.values()]


def test_the_limits_of_packets_are_named_in_the_example() -> None:
    assert "# PYAO_PACKET_RATE=40\n" in dotenv_example()
    assert "# PYAO_PACKET_BURST=80\n" in dotenv_example()


def test_the_example_changes_nothing_commented_or_not(tmp_path: Path) -> None:
    for text in (dotenv_example(), re.sub(r"(?m)^# (PYAO_)", r"\1", dotenv_example())):
        (tmp_path / ".env").write_text(text)
        assert changed(Settings(), load_settings(env={}, cwd=tmp_path)) == {}


def test_the_commented_files_change_nothing(tmp_path: Path) -> None:
    written = init_files(tmp_path)
    assert written == [tmp_path / "config/main.yaml", tmp_path / "config/server/server.yaml"]
    assert load_settings(env={}, cwd=tmp_path) == Settings()
    for folder in ("config/server", "config/modules", "data", "logs"):
        assert (tmp_path / folder).is_dir()


def test_the_commented_files_change_nothing_when_uncommented_either(tmp_path: Path) -> None:
    init_files(tmp_path)
    names = "|".join(one.short for one in SETTINGS.values())
    for path, text in (("main.yaml", main_yaml()), ("server/server.yaml", server_yaml())):
        bare = re.sub(rf"(?m)^( *)# ((?:{names}): )", r"\1\2", text)
        (tmp_path / "config" / path).write_text(bare)
    settings = load_settings(env={}, cwd=tmp_path)
    assert changed(Settings(), settings) == {}
    given = {name for name, one in SETTINGS.items() if one.default is not None}
    assert set(settings.settings_sources) == given


def test_init_never_overwrites(tmp_path: Path) -> None:
    init_files(tmp_path)
    mine = tmp_path / "config/main.yaml"
    mine.write_text("# mine\n")
    assert init_files(tmp_path) == []
    assert mine.read_text() == "# mine\n"
