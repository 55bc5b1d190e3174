"""Writes a world as the readable text that `text_world.py` reads, whichever source it came from.

What is read back equals what was written. A world that came from text is copied as it was written,
with its rectangles, remarks and both languages. Of any other the ground is drawn tile by tile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from pyao.content.balance import Balance, classic_balance
from pyao.content.ini import read_bytes
from pyao.content.sealed import write_whole
from pyao.content.starter import STARTER, STARTER_FOLDER
from pyao.content.text_files import MAX_FILE_BYTES
from pyao.content.text_maps import TILE_CHARS, TILE_FLAGS
from pyao.content.text_world import BALANCE_TOML, DIRECTIONS, MAPS_FOLDER, WORDS, WORLD_TOML
from pyao.content.world_data import SIDE, MapData, Place, WorldData, tile_place
from pyao.errors import ContentError
from pyao.rules.kinds import CharClass, Race, TileFlag

Table = Mapping[str, Any]
ExitBox = tuple[int, int, int, int, Place]
"""West, north, east, south, and where the north-west tile leads."""

_GROUND: Final = int(TileFlag.BLOCKED | TileFlag.WATER | TileFlag.LAVA)
_LETTERS: Final = bytes(
    ord(TILE_CHARS[TILE_FLAGS.index(bits & _GROUND)]) if bits & _GROUND in TILE_FLAGS else ord("#")
    for bits in range(256)
)
_SWITCHES: Final = (
    *("safe", "backup", "no_magic", "no_invisibility", "no_resurrection", "no_hiding"),
    *("no_summons", "free_npcs"),
)
_LINE: Final = 98


def export_world(world: WorldData, folder: Path) -> int:
    """Write the whole world into an empty or new folder; return how many files that took."""
    try:
        taken = folder.exists() and any(folder.iterdir())
    except OSError as error:  # a file, or a folder that may not be looked into
        raise ContentError(f"{error.strerror}; name a new folder", file=folder) from error
    if taken:
        raise ContentError("is not empty; name a new folder", file=folder)
    source = STARTER_FOLDER if world.source == STARTER else Path(world.source or folder)
    files = copies(source) if source.is_dir() and source != folder else spelt(world)
    for name, text in files.items():
        write_whole(folder / name, text)
    return len(files)


def copies(folder: Path) -> dict[str, bytes]:
    """Return the files of a world of text as they were written, by name."""
    paths = sorted((*folder.glob("*.toml"), *folder.glob(f"{MAPS_FOLDER}/*.toml")))
    return {path.relative_to(folder).as_posix(): read_bytes(path, MAX_FILE_BYTES) for path in paths}


def spelt(world: WorldData) -> dict[str, bytes]:
    """Return a world that came from anywhere as text, by file name."""
    return {name: text.encode("utf-8") for name, text in world_files(world)}


def world_files(world: WorldData) -> Iterator[tuple[str, str]]:
    """Spell a world as file names and texts."""
    yield WORLD_TOML, _world_text(world)
    yield BALANCE_TOML, _balance_text(world.rulebook.balance)
    for name, records in (
        ("item", world.items),
        ("npc", world.npcs),
        ("spell", world.spells),
        ("quest", world.rulebook.quests),
    ):
        if records:
            tables = [_spelt(name, record) for _, record in sorted(records.items())]
            yield f"{name}s.toml", "\n".join(_array_table(name, table) for table in tables)
    for number, entry in sorted(world.maps.items()):
        yield f"{MAPS_FOLDER}/{number:03}.toml", map_text(entry)


def _world_text(world: WorldData) -> str:
    book = world.rulebook
    text = _keys(
        {
            "name": world.name,
            "sends_scenery": world.sends_scenery,
            "motd": world.motd,
            "help": world.help,
            "forbidden_names": world.forbidden_names,
            "pretorian_camp": book.pretorian_camp,
            "arenas": msgspec.to_builtins(book.arenas),
            "fishing_zones": msgspec.to_builtins(book.fishing_zones),
        }
    )
    for number, city in sorted(world.cities.items()):
        place = (city.map, city.x, city.y)
        text += "\n" + _array_table("city", {"number": number, "name": city.name, "at": place})
    if book.places:
        text += "\n[places]\n" + _keys(book.places)
    recipes = msgspec.to_builtins(book.recipes)
    if recipes:
        text += "\n[recipes]\n" + _keys(recipes)
    if book.faction_armour:
        text += "\n[faction_armour]\n" + _keys(
            {
                CharClass(number).name.lower(): msgspec.to_builtins(armour)
                for number, armour in sorted(book.faction_armour.items())
            }
        )
    if book.pretorians:
        text += "\n[pretorians]\n" + _keys(msgspec.to_builtins(book.pretorians))
    return text


def _balance_text(balance: Balance) -> str:
    table = msgspec.to_builtins(balance)
    races, classes = table.pop("races"), table.pop("classes")
    text = _keys({**msgspec.to_builtins(classic_balance()), **table}, but=("races", "classes"))
    kinds: tuple[tuple[str, type[IntEnum], Table], ...] = (
        ("race", Race, races),
        ("class", CharClass, classes),
    )
    for title, words, figures in kinds:
        for number, entry in figures.items():
            text += f"\n[{title}.{words(int(number)).name.lower()}]\n" + _keys(entry)
    return text


def _spelt(name: str, record: object) -> dict[str, Any]:
    """Turn a record into a table, with words where the files use words."""
    table: dict[str, Any] = msgspec.to_builtins(record)
    for key, value in table.items():
        words = WORDS.get((name, key))
        if words is None:
            continue
        if key in DIRECTIONS:
            table[key] = [_word(words, value[0]), *value[1:]]
        elif isinstance(value, list):
            table[key] = [_word(words, entry) for entry in value]
        else:
            table[key] = _word(words, value)
    return table


def _word(words: type[IntEnum], number: int) -> str | int:
    return words(number).name.lower() if number in words.__members__.values() else number


# --- maps ------------------------------------------------------------------------------------


def map_text(entry: MapData) -> str:
    """Spell one map."""
    table: dict[str, Any] = {"number": entry.number, "name": entry.name, "version": entry.version}
    if entry.music:
        table["music"] = entry.music
    table |= {name: True for name in _SWITCHES if getattr(entry, name)}
    table |= {"terrain": entry.terrain, "zone": entry.zone}
    if entry.restriction:
        table["restriction"] = entry.restriction
    table |= {"start_pos": entry.start_pos, "on_death_goto": entry.on_death_goto}
    text = _keys(table) + "\n"
    text += _drawing("tiles", entry.flags.translate(_LETTERS))
    if any(entry.triggers):
        digits = bytes(b"."[0] if not kind else ord("0") + kind for kind in entry.triggers)
        text += _drawing("triggers", digits)
    text += _keys(
        {
            "npcs": [(*tile_place(at), number) for at, number in entry.npcs],
            "objects": [(*tile_place(at), *pile) for at, *pile in entry.objects],
        }
    )
    for west, north, east, south, to in exit_boxes(entry.exits):
        table = {"box": (west, north, east, south), "to": to}
        text += "\n" + _array_table("exit", table)
    for sound in entry.sounds:
        text += "\n" + _array_table("sound", msgspec.to_builtins(sound))
    return text


def exit_boxes(exits: Mapping[int, Place]) -> list[ExitBox]:
    """Join exits that lie and lead beside each other into rectangles, in tile order."""
    done: list[ExitBox] = []
    open_: dict[tuple[int, int, int, int], ExitBox] = {}  # by west, east, map and where west leads
    for row in _exit_rows(exits):
        west, north, east, _, (number, x, y) = row
        above = open_.get((west, east, number, x))
        if above is not None and above[3] == north - 1 and above[4][2] + north - above[1] == y:
            row = (west, above[1], east, north, above[4])  # noqa: PLW2901 - the row above grows
            done.remove(above)
        open_[west, east, number, x] = row
        done.append(row)
    return sorted(done, key=lambda box: (box[1], box[0]))


def _exit_rows(exits: Mapping[int, Place]) -> Iterator[ExitBox]:
    """Go through the runs of exits within each row."""
    start: tuple[int, Place] | None = None
    last = -1
    for at in sorted(exits):
        number, x, y = exits[at]
        if start is not None:
            first, to = start
            if (
                at == last + 1
                and at // SIDE == first // SIDE
                and (number, x, y) == (to[0], to[1] + at - first, to[2])
            ):
                last = at
                continue
            yield _row(first, last, to)
        start, last = (at, (number, x, y)), at
    if start is not None:
        yield _row(start[0], last, start[1])


def _row(first: int, last: int, to: Place) -> ExitBox:
    west, y = tile_place(first)
    return west, y, tile_place(last)[0], y, to


def _drawing(name: str, letters: bytes) -> str:
    rows = (letters[at : at + SIDE].decode("ascii") for at in range(0, len(letters), SIDE))
    return f'{name} = """\n' + "\n".join(rows) + '\n"""\n'


# --- TOML ------------------------------------------------------------------------------------


def _array_table(name: str, table: Table) -> str:
    return f"[[{name}]]\n" + _keys(table)


def _keys(table: Table, but: tuple[str, ...] = ()) -> str:
    """Spell keys and values, leaving out what says nothing."""
    return "".join(
        f"{_key(key)} = {_value(value)}\n"
        for key, value in table.items()
        if value is not None and value != [] and key not in but
    )


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(key)} = {_value(entry)}" for key, entry in value.items())
        return "{ " + pairs + " }"
    if isinstance(value, Sequence):
        return _list([_value(entry) for entry in value])
    return repr(value)


def _list(entries: list[str]) -> str:
    """Spell a list on one line, or on as many as it needs."""
    line = "[" + ", ".join(entries) + "]"
    if len(line) <= _LINE and "\n" not in line:
        return line
    lines = [""]
    for entry in entries:
        if lines[-1] and len(lines[-1]) + len(entry) + 2 > _LINE:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else '  '}{entry},"
    return "[\n" + "\n".join(lines) + "\n]"
