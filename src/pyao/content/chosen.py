"""Which world is served: a compiled file, a folder of text, the imported one, or the starter."""

from __future__ import annotations

from pathlib import Path

from pyao.config import Settings
from pyao.content.starter import client_ground, load_starter
from pyao.content.text_world import load_text_world
from pyao.content.world_data import WorldData
from pyao.content.world_file import WORLD_FILE, load_world
from pyao.errors import ConfigError


def load_chosen(settings: Settings) -> WorldData:
    """Load the world the settings name; `auto` is the imported one if there is one.

    Raises ConfigError where nothing can be loaded from, ContentError for what is wrong inside.
    """
    chosen, data_dir, language = settings.world, settings.data_dir, settings.game.language
    imported = data_dir / WORLD_FILE
    if chosen == "starter" or (chosen == "auto" and not imported.exists()):
        return load_starter(data_dir, language)
    path = imported if chosen == "auto" else Path(chosen)
    if path.is_dir():
        return load_text_world(path, language, client_ground(data_dir))
    if not path.is_file():
        raise ConfigError(
            f"world {path}: expected a compiled world file or a folder of world text, found "
            "neither; make one with `pyao-server import --maps DIR` or `pyao-server world export "
            "DIR`, or use --world starter"
        )
    return load_world(path)
