"""Which world the settings name, and that one of text stands on the client's true ground."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.text_world import write_world

from pyao.config import Origin, Settings
from pyao.content.chosen import load_chosen
from pyao.content.collision import save_collision
from pyao.content.starter import COLLISION_FILE, load_starter
from pyao.content.text_world import load_text_world
from pyao.content.world_data import TILES, tile_index
from pyao.content.world_file import WORLD_FILE, save_world
from pyao.errors import ConfigError


def settings(folder: Path, world: str) -> Settings:
    return Origin(cli={"data_dir": folder / "data", "world": world}, env={}, cwd=folder).load()


def test_the_starter_world_is_served_where_nothing_was_imported(tmp_path: Path) -> None:
    assert load_chosen(settings(tmp_path, "auto")).source == "starter"


def test_an_imported_world_goes_before_the_starter_unless_that_is_named(tmp_path: Path) -> None:
    imported = load_text_world(write_world(tmp_path / "text"))
    save_world(imported, tmp_path / "data" / WORLD_FILE)
    assert load_chosen(settings(tmp_path, "auto")).name == "Prueba"
    assert load_chosen(settings(tmp_path, "starter")).source == "starter"


def test_a_world_of_text_stands_on_the_clients_ground_where_that_is_known(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "text")
    before = load_chosen(settings(tmp_path, str(folder)))
    assert before.maps[1].flags[tile_index(80, 80)] & 1
    save_collision({1: bytes(TILES)}, tmp_path / "data" / COLLISION_FILE)
    after = load_chosen(settings(tmp_path, str(folder)))
    assert not any(after.maps[1].flags)
    assert load_starter(tmp_path / "data").maps[8] == load_starter().maps[8]


def test_a_path_with_nothing_there_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="world export"):
        load_chosen(settings(tmp_path, str(tmp_path / "nowhere")))
