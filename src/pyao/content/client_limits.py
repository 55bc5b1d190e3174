"""Which graphics, bodies, heads and effects the Godot client has, and a default look for the rest.

Read from the client's `Assets/Init` when an operator names it, else from figures measured on
ArgentumOnlineGodot of 2025-11. A number outside makes the client log errors or draw nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from msgspec import structs

from pyao.content.fields import MAX_NUMBER
from pyao.content.ini import parse_ini, read_bytes
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.content.world_data import AmbientSound
from pyao.errors import ContentError
from pyao.rules.kinds import ObjectType

NO_ANIMATION: Final = 2
"""The number of weapon, shield and helmet that means none; no client has a sprite for it."""

DEFAULT_BODY: Final = 1
DEFAULT_SMALL_BODY: Final = 300
DEFAULT_CREATURE_BODY: Final = 9
DEFAULT_HEAD: Final = 1
DEFAULT_GRAPHIC: Final = 502  # an open chest: something lies there

DEFAULT_GRAPHICS: Final[Mapping[int, int]] = MappingProxyType(
    {
        ObjectType.USE_ONCE: 506,
        ObjectType.WEAPON: 504,
        ObjectType.ARMOUR: 526,
        ObjectType.TREE: 7000,
        ObjectType.MONEY: 511,
        ObjectType.DOOR: 5593,
        ObjectType.SIGN: 500,
        ObjectType.KEY: 509,
        ObjectType.FORUM: 529,
        ObjectType.POTION: 542,
        ObjectType.DRINK: 537,
        ObjectType.FIREWOOD: 550,
        ObjectType.CAMPFIRE: 1521,
        ObjectType.SHIELD: 557,
        ObjectType.HELMET: 559,
        ObjectType.RING: 4900,
        ObjectType.TELEPORT: 669,
        ObjectType.ORE_DEPOSIT: 8616,
        ObjectType.MINERAL: 604,
        ObjectType.SCROLL: 609,
        ObjectType.INSTRUMENT: 684,
        ObjectType.ANVIL: 600,
        ObjectType.FORGE: 722,
        ObjectType.BOAT: 749,
        ObjectType.ARROW: 752,
        ObjectType.STAIN: 264,
        ObjectType.ELVEN_TREE: 18802,
    }
)

# Numbers below the highest graphic that graficos.ind has no record for.
_GRAPHIC_GAPS: Final = frozenset(
    {
        *(5750, 5751, 5760, 5761, 5771, 5917, 5998, 5999, 6575, 6576, 6764, 6771, 6777, 6827),
        *(6834, 6840, 6856, 6863, 6869, 6882, 6886, 6890, 6964, 6965, 6966, 6998, 6999, 7009),
        *(7016, 7023, 7040, 7047, 7054, 7071, 7078, 7085, 7176, 7182, 7188, 8553, 8554, 8555),
        *(8561, 8567, 8573, 8586, 8590, 8594, 8606, 8607, 8683, 9086, 9447, 9451, 9455, 9528),
        *(9847, 9872, 9879, 9999, 10058, 10059, 10892, 11997, 11998, 11999, 12297, 12303, 12304),
        *(12316, 12326, 12327, 12339, 12355, 12356, 12357, 12398, 12399, 12427, 12431, 12699),
        *(12701, 12702, 13002, 13556, 13998, 13999, 14194, 14195, 15573, 15654, 15735, 17919),
        *(17920, 22094),
    }
)
_HEADS: Final = (
    *(range(1, 52), range(70, 90), range(101, 123), range(170, 189), range(201, 222)),
    *(range(270, 289), range(301, 320), range(370, 386), range(401, 419), range(470, 487)),
    range(500, 515),
)

_SOUNDS: Final = frozenset(
    {*range(1, 107), *range(108, 145), *range(146, 174), 175, *range(200, 211)}
)

_WORN_KINDS: Final = frozenset({ObjectType.ARMOUR, 25})  # 25 mounts; a boat's body is a table row

_INDEX_HEADER: Final = struct.Struct("<255s2ih")
_GRAPHICS_HEADER: Final = struct.Struct("<2i")
_GRAPHIC: Final = struct.Struct("<ih")
_PICTURE_BYTES: Final = 12
_FRAME_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """The numbers a client can draw. 0 always means nothing and is not among them."""

    graphics: frozenset[int]
    bodies: frozenset[int]
    heads: frozenset[int]
    helmets: frozenset[int]
    weapons: frozenset[int]
    shields: frozenset[int]
    effects: frozenset[int]
    sounds: frozenset[int] = _SOUNDS  # as measured: no index file lists them

    def animations(self, kind: int) -> frozenset[int]:
        """Return the animations an item of that kind may have while worn."""
        if kind == ObjectType.SHIELD:
            return self.shields
        return self.helmets if kind == ObjectType.HELMET else self.weapons


def known_client() -> ClientLimits:
    """Return the limits of the Godot client as measured, for who has no copy of its files."""
    return ClientLimits(
        graphics=frozenset(range(1, 23_651)) - _GRAPHIC_GAPS,
        bodies=frozenset(range(1, 549)),
        heads=frozenset(number for span in _HEADS for number in span),
        helmets=frozenset({1, *range(3, 17)}),
        weapons=frozenset({1, *range(3, 77)}),
        shields=frozenset({1, *range(3, 11)}),
        effects=frozenset(range(1, 36)),
    )


def read_client_limits(init: Path) -> ClientLimits:
    """Read the limits from the client's `Assets/Init`; a missing or cut file is refused."""
    files = {path.name.lower(): path for path in init.iterdir()} if init.is_dir() else {}

    def data(name: str) -> bytes:
        if name not in files:
            raise ContentError(f"has no {name}; expected the client's Assets/Init", file=init)
        return read_bytes(files[name])

    return ClientLimits(
        graphics=_graphics(data("graficos.ind"), init),
        bodies=_indexed(data("personajes.ind"), 6, init / "personajes.ind", complete=False),
        heads=_indexed(data("cabezas.ind"), 4, init / "cabezas.ind"),
        helmets=_indexed(data("cascos.ind"), 4, init / "cascos.ind") - {NO_ANIMATION},
        weapons=_sections(data("armas.dat"), "ARMA"),
        shields=_sections(data("escudos.dat"), "ESC"),
        effects=_indexed(data("fxs.ind"), 3, init / "fxs.ind", complete=False),
    )


def read_graphics(data: bytes, file: Path) -> dict[int, tuple[int, ...]]:
    """Read graficos.ind: the pictures of each graphic by number, of a still one only itself."""
    found = {}
    at = _GRAPHICS_HEADER.size
    while at + _GRAPHIC.size <= len(data):
        number, frames = _GRAPHIC.unpack_from(data, at)
        at += _GRAPHIC.size
        start, length = at, _PICTURE_BYTES if frames == 1 else frames * _FRAME_BYTES + _FRAME_BYTES
        at += length
        if frames < 1 or at > len(data):
            raise ContentError(f"graphic {number} is cut or has no frames", file=file)
        still = frames == 1
        found[number] = (number,) if still else struct.unpack_from(f"<{frames}i", data, start)
    return found


def _graphics(data: bytes, file: Path) -> frozenset[int]:
    """Collect the graphics that can be drawn: an animation needs every picture it names."""
    graphics = read_graphics(data, file)
    found = frozenset(
        number
        for number, frames in graphics.items()
        if 1 <= number <= MAX_NUMBER and all(frame in graphics for frame in frames)
    )
    if not found:
        raise ContentError("holds no graphics", file=file)
    return found


def _indexed(data: bytes, words: int, file: Path, *, complete: bool = True) -> frozenset[int]:
    """Return which records of an index file exist; `complete` ones have a graphic per heading."""
    if len(data) < _INDEX_HEADER.size:
        raise ContentError("is shorter than its header", file=file)
    *_, count = _INDEX_HEADER.unpack_from(data)
    record = struct.Struct(f"<{words}h")
    if count < 1 or len(data) < _INDEX_HEADER.size + count * record.size:
        raise ContentError(f"says {count} records but is too short for them", file=file)
    body = data[_INDEX_HEADER.size : _INDEX_HEADER.size + count * record.size]
    records = enumerate(record.iter_unpack(body), start=1)
    return frozenset(number for number, graphics in records if all(graphics) or not complete)


def _sections(data: bytes, prefix: str) -> frozenset[int]:
    found = frozenset(number for number, _ in parse_ini(data, prefix).numbered(prefix))
    return found - {NO_ANIMATION}


Record = TypeVar("Record", Item, NpcKind, Spell)
Replaced = list[tuple[str, object]]
"""What was wrong with a look: the field and the number the client lacks."""


def fit_item(item: Item, limits: ClientLimits) -> tuple[Item, Replaced]:
    """Return the item with a look that the client has, and what had to be replaced."""
    wrong: dict[str, Any] = {}
    if item.graphic and item.graphic not in limits.graphics:
        wrong["graphic"] = DEFAULT_GRAPHICS.get(item.kind, DEFAULT_GRAPHIC)
    if item.kind in _WORN_KINDS and item.body and item.body not in limits.bodies:
        wrong["body"] = DEFAULT_SMALL_BODY if item.small_races else DEFAULT_BODY
    if item.kind in {ObjectType.WEAPON, ObjectType.SHIELD, ObjectType.HELMET}:
        allowed = limits.animations(item.kind)
        for name, number in (
            ("animation", item.animation),
            ("small_animation", item.small_animation),
        ):
            if number not in {0, NO_ANIMATION} and number not in allowed:
                wrong[name] = NO_ANIMATION
    if any(sound and sound not in limits.sounds for sound in item.sounds):
        wrong["sounds"] = ()
    return _replaced(item, wrong)


def fit_npc(npc: NpcKind, limits: ClientLimits) -> tuple[NpcKind, Replaced]:
    """Return the npc with a look that the client has, and what had to be replaced."""
    wrong: dict[str, Any] = {}
    if npc.body and npc.body not in limits.bodies:
        wrong["body"] = DEFAULT_BODY if npc.head else DEFAULT_CREATURE_BODY
    if npc.head and npc.head not in limits.heads:
        wrong["head"] = DEFAULT_HEAD
    for name in ("attack_sound", "hurt_sound", "death_sound"):
        if getattr(npc, name) and getattr(npc, name) not in limits.sounds:
            wrong[name] = 0
    return _replaced(npc, wrong)


def fit_spell(spell: Spell, limits: ClientLimits) -> tuple[Spell, Replaced]:
    """Return the spell with effect and sound that the client has, and what had to be replaced."""
    wrong: dict[str, Any] = {}
    if spell.effect and spell.effect not in limits.effects:
        wrong["effect"] = 0
    if spell.sound and spell.sound not in limits.sounds:
        wrong["sound"] = 0
    return _replaced(spell, wrong)


def fit_sounds(
    sounds: tuple[AmbientSound, ...], limits: ClientLimits
) -> tuple[tuple[AmbientSound, ...], list[int]]:
    """Return the sounds of a place that the client can play, and the numbers of the others."""
    lacking = [one.sound for one in sounds if one.sound not in limits.sounds]
    return tuple(one for one in sounds if one.sound in limits.sounds), lacking


def _replaced(record: Record, wrong: dict[str, Any]) -> tuple[Record, Replaced]:
    if not wrong:
        return record, []
    lacking = [(name, getattr(record, name)) for name in wrong]
    return structs.replace(record, **wrong), lacking
