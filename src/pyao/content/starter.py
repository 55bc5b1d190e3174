"""The world that ships with the server, in readable text beside this module.

The client draws it on maps of its own, so a tile is free here only where it is free there. Without
the client's files that is known as rectangles; an operator who has them gives them to the importer,
which leaves the true ground in the data folder for this loader.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pyao.content.collision import load_collision
from pyao.content.text_world import load_text_world
from pyao.content.texts import Language
from pyao.content.world_data import WorldData

STARTER_FOLDER: Final = Path(__file__).with_name("starter")
STARTER: Final = "starter"
COLLISION_FILE: Final = "client-ground.pyao"


def load_starter(data_dir: Path | None = None, language: Language = "es") -> WorldData:
    """Read the starter world, on the client's own ground if the data folder knows it."""
    world = load_text_world(STARTER_FOLDER, language, client_ground(data_dir))
    world.source = STARTER
    return world


def client_ground(data_dir: Path | None) -> dict[int, bytes] | None:
    """Return the ground of the client's maps that an import left in the data folder, if any."""
    overlay = None if data_dir is None else data_dir / COLLISION_FILE
    return load_collision(overlay) if overlay is not None and overlay.is_file() else None
