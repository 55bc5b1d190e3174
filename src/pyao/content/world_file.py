"""The compiled world: one file, read in a blink at every start, written once by an import.

A sealed file (`sealed.py`) whose body is the MessagePack of `_World`. One from another version or
damaged anywhere is refused, never guessed at.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import msgspec

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.rulebook import Rulebook
from pyao.content.sealed import Seal, read_sealed, write_sealed
from pyao.content.spells import Spell
from pyao.content.world_data import (
    PLAIN,
    TILES,
    AmbientSound,
    City,
    MapData,
    PackedExits,
    Place,
    WorldData,
    pack_exits,
)
from pyao.errors import ContentError

WORLD_FILE: Final = "world.pyao"
SEAL: Final = Seal(b"PYAOWRLD", 1, "import the world again (pyao-server import)")

_PAIR: Final = struct.Struct("<2h")
_TRIPLE: Final = struct.Struct("<2hi")


class _Map(msgspec.Struct, array_like=True):
    """A map with its lists packed: 13,000 objects are 0.1 MB that way."""

    number: int
    name: str
    version: int
    music: int
    flags: bytes
    triggers: bytes  # empty when there are none
    exits: bytes
    npcs: bytes
    objects: bytes
    switches: int  # one bit per name in _SWITCHES
    terrain: str
    zone: str
    restriction: str
    start_pos: Place | None
    on_death_goto: Place | None
    sounds: tuple[tuple[int, int, bool], ...]


_SWITCHES: Final = (
    "safe",
    "backup",
    "no_magic",
    "no_invisibility",
    "no_resurrection",
    "no_hiding",
    "no_summons",
    "free_npcs",
)


class _World(msgspec.Struct):
    """The body of the file."""

    name: str
    maps: list[_Map]
    items: list[Item]
    npcs: list[NpcKind]
    spells: list[Spell]
    cities: dict[int, tuple[int, int, int, str]]
    motd: list[str]
    help: list[str]
    forbidden_names: list[str]
    rulebook: Rulebook
    sends_scenery: bool = False


def save_world(data: WorldData, path: Path) -> None:
    """Write a world so that a reader finds the old file or the whole new one, nothing between."""
    write_sealed(path, SEAL, msgspec.msgpack.encode(_fold_world(data)))


def load_world(path: Path) -> WorldData:
    """Read a compiled world; anything but what `save_world` wrote is refused with the reason."""
    body = read_sealed(path, SEAL)
    try:
        world = msgspec.msgpack.decode(body, type=_World)
        return _unfold_world(world, str(path))
    except (msgspec.DecodeError, ValueError, struct.error) as error:
        raise ContentError(f"does not hold a world: {error}; {SEAL.advice}", file=path) from error


def _fold_world(data: WorldData) -> _World:
    return _World(
        name=data.name,
        maps=[_fold_map(entry) for _, entry in sorted(data.maps.items())],
        items=[item for _, item in sorted(data.items.items())],
        npcs=[npc for _, npc in sorted(data.npcs.items())],
        spells=[spell for _, spell in sorted(data.spells.items())],
        cities={
            number: (city.map, city.x, city.y, city.name) for number, city in data.cities.items()
        },
        motd=data.motd,
        help=data.help,
        forbidden_names=data.forbidden_names,
        rulebook=data.rulebook,
        sends_scenery=data.sends_scenery,
    )


def _unfold_world(world: _World, source: str) -> WorldData:
    return WorldData(
        name=world.name,
        source=source,
        maps={entry.number: _unfold_map(entry) for entry in world.maps},
        items={item.number: item for item in world.items},
        npcs={npc.number: npc for npc in world.npcs},
        spells={spell.number: spell for spell in world.spells},
        cities={number: City(*city) for number, city in world.cities.items()},
        motd=world.motd,
        help=world.help,
        forbidden_names=world.forbidden_names,
        rulebook=world.rulebook,
        sends_scenery=world.sends_scenery,
    )


def _fold_map(data: MapData) -> _Map:
    return _Map(
        number=data.number,
        name=data.name,
        version=data.version,
        music=data.music,
        flags=data.flags,
        triggers=b"" if data.triggers == PLAIN else data.triggers,
        exits=pack_exits(data.exits),
        npcs=b"".join(_PAIR.pack(*entry) for entry in data.npcs),
        objects=b"".join(_TRIPLE.pack(*entry) for entry in data.objects),
        switches=sum(1 << bit for bit, name in enumerate(_SWITCHES) if getattr(data, name)),
        terrain=data.terrain,
        zone=data.zone,
        restriction=data.restriction,
        start_pos=data.start_pos,
        on_death_goto=data.on_death_goto,
        sounds=tuple((entry.sound, entry.percent, entry.dry_only) for entry in data.sounds),
    )


def _unfold_map(entry: _Map) -> MapData:
    triggers = entry.triggers or PLAIN
    if len(entry.flags) != TILES or len(triggers) != TILES:
        msg = f"map {entry.number} does not have {TILES} tiles"
        raise ValueError(msg)
    return MapData(
        number=entry.number,
        name=entry.name,
        version=entry.version,
        music=entry.music,
        flags=entry.flags,
        triggers=triggers,
        exits=PackedExits(entry.exits),
        npcs=list(_PAIR.iter_unpack(entry.npcs)),
        objects=list(_TRIPLE.iter_unpack(entry.objects)),
        terrain=entry.terrain,
        zone=entry.zone,
        restriction=entry.restriction,
        start_pos=entry.start_pos,
        on_death_goto=entry.on_death_goto,
        sounds=tuple(AmbientSound(*sound) for sound in entry.sounds),
        **{name: bool(entry.switches & 1 << bit) for bit, name in enumerate(_SWITCHES)},
    )
