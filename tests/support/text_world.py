"""Writes small worlds of text files, for tests of their readers."""

from __future__ import annotations

from pathlib import Path

WORLD = """\
name = "Prueba"
name_en = "Trial"
motd = ["Hola"]
motd_en = ["Hello"]
forbidden_names = ["Bobo"]

[[city]]
number = 1
name = "Pueblo"
at = [1, 50, 50]

[places]
prison = [1, 12, 12]

[legend]
"#" = { object = 20, blocked = true }
"""

THINGS = """\
[[item]]
number = 12
name = "Moneda"
kind = "money"
graphic = 511

[[item]]
number = 20
name = "Muro"
graphic = 32
fixed = true

[[npc]]
number = 500
name = "Rata"
movement = "random"
hostile = true
max_hp = 5
min_hp = 5
drops = [[12, 5]]

[[spell]]
number = 1
name = "Chispa"
kind = "properties"
target = "user_or_npc"
hp = ["lower", 2, 5]
"""

MAP = """\
number = 1
name = "Prado"
name_en = "Meadow"

free = [ [10, 10, 60, 60] ]
"""


def write_world(
    folder: Path, *, world: str = WORLD, things: str = THINGS, maps: tuple[str, ...] = (MAP,)
) -> Path:
    """Write a folder with these files and return it."""
    (folder / "maps").mkdir(parents=True, exist_ok=True)
    (folder / "world.toml").write_text(world, encoding="utf-8")
    (folder / "things.toml").write_text(things, encoding="utf-8")
    for place, text in enumerate(maps, start=1):
        (folder / "maps" / f"{place:03}.toml").write_text(text, encoding="utf-8")
    return folder
