"""Writes small distributions and client folders, for tests of the importer."""

from __future__ import annotations

from pathlib import Path

from tests.support.map_files import dat_bytes, inf_bytes, map_bytes

from pyao.content.world_data import TILES, tile_index

HERE = tile_index(50, 50)
NEAR = tile_index(51, 50)
EDGE = frozenset(
    at for at in range(TILES) if not (9 <= at % 100 + 1 <= 92 and 7 <= at // 100 + 1 <= 94)
)

OBJ = "[OBJ12]\nName=Gold\nGrhIndex=511\nObjType=5\n[OBJ4]\nName=Tree\nGrhIndex=7000\nObjType=4\n"
NPCS = "[NPC500]\nName=Rat\nBody=9\nHeading=3\n"
SPELLS = "[HECHIZO1]\nNombre=Spark\nTipo=1\n"
CITIES = "[ULLATHORPE]\nMapa=1\nX=50\nY=50\n"


def write_maps(folder: Path, *, width: int = 2) -> Path:
    """Write maps 1 and 2, joined by an exit each way, with a rat and some gold."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in (1, 2):
        tiles = map_bytes(width=width, blocked=EDGE, triggers={HERE: 4})
        (folder / f"Mapa{number}.map").write_bytes(tiles)
        placed = inf_bytes(
            exits={NEAR: (3 - number, 50, 50)}, npcs={HERE: 500}, objects={HERE: (12, 9)}
        )
        (folder / f"mapa{number}.INF").write_bytes(placed)
        (folder / f"Mapa{number}.dat").write_bytes(dat_bytes(number, Name=f"Map {number}", Pk=1))
    return folder


def write_dat(folder: Path, *, map_path: str = "\\Mundos\\Uno\\", count: int = 2) -> Path:
    """Write a Dat folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "Obj.dat": OBJ,
        "NPCs.dat": NPCS,
        "hechizos.dat": SPELLS,
        "Ciudades.Dat": CITIES,
        "Map.dat": f"[INIT]\nNumMaps={count}\nMapPath={map_path}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="cp1252", newline="\r\n")
    return folder


def write_client(folder: Path) -> Path:
    """Write a client's folder whose maps are those of `write_maps`."""
    maps = folder / "Assets" / "Maps"
    maps.mkdir(parents=True)
    for number in (1, 2):
        tiles = map_bytes(blocked=EDGE, triggers={HERE: 4})
        (maps / f"mapa{number}.map").write_bytes(tiles)
    return folder
