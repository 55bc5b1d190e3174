"""What a whole world consists of once it is read, whichever source it came from.

Nothing here changes while the server runs: `world/` copies what it lets live. The records of items,
npcs and spells have modules of their own; the readers and the compiled file are in `maps.py`,
`starter.py`, `importer.py` and `world_file.py`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.rulebook import Rulebook
from pyao.content.spells import Spell

SIDE = 100
TILES = SIDE * SIDE
PLAIN = bytes(TILES)
"""A layer with nothing in it. Maps without triggers share this one."""

Place = tuple[int, int, int]
"""Map, x and y."""

_EXIT = struct.Struct("<4h")


def tile_index(x: int, y: int) -> int:
    """Return where a tile stands in the flat arrays; x and y run from 1 to 100."""
    return (y - 1) * SIDE + x - 1


def tile_place(index: int) -> tuple[int, int]:
    """Return x and y of a tile index."""
    return index % SIDE + 1, index // SIDE + 1


class PackedExits(Mapping[int, Place]):
    """The exits of a map by tile index, unpacked when first asked for.

    60,000 exits cost 0.5 MB packed and 12 MB as dictionaries, and most maps are empty of players.
    """

    __slots__ = ("_packed", "_table")

    def __init__(self, packed: bytes) -> None:
        """Take what `pack_exits` gave; anything else fails here, not at the first step."""
        if len(packed) % _EXIT.size:
            msg = f"packed exits are {len(packed)} bytes long, not a multiple of {_EXIT.size}"
            raise ValueError(msg)
        self._packed = packed
        self._table: dict[int, Place] | None = None

    def _unpack(self) -> dict[int, Place]:
        self._table = {at: (number, x, y) for at, number, x, y in _EXIT.iter_unpack(self._packed)}
        return self._table

    def __getitem__(self, at: int) -> Place:
        table = self._table
        return (self._unpack() if table is None else table)[at]

    def __iter__(self) -> Iterator[int]:
        return iter(self._unpack() if self._table is None else self._table)

    def __len__(self) -> int:
        return len(self._packed) // _EXIT.size

    def __contains__(self, at: object) -> bool:
        return at in (self._unpack() if self._table is None else self._table)

    @property
    def packed(self) -> bytes:
        """The exits as eight bytes each."""
        return self._packed


def pack_exits(exits: Mapping[int, Place]) -> bytes:
    """Return the exits as tile, map, x and y of 16 bits each, in tile order."""
    if isinstance(exits, PackedExits):
        return exits.packed
    return b"".join(_EXIT.pack(at, *exits[at]) for at in sorted(exits))


def exit_places(exits: Mapping[int, Place]) -> Iterator[tuple[int, int]]:
    """Go through tile and target map of each exit, unpacking nothing for good."""
    if isinstance(exits, PackedExits):
        return ((at, number) for at, number, _, _ in _EXIT.iter_unpack(exits.packed))
    return ((at, place[0]) for at, place in exits.items())


@dataclass(frozen=True, slots=True)
class AmbientSound:
    """A sound heard now and then on a map ("SONIDOS")."""

    sound: int
    percent: int
    dry_only: bool = False  # else only while it rains


@dataclass(slots=True, kw_only=True)
class MapData:
    """One map of 100 x 100 tiles; every list names tiles by `tile_index`.

    `npcs` holds tile and npc number, `objects` tile, item number and amount. `restriction` is empty
    or NEWBIE, ARMADA, CAOS, FACCION or GM; `terrain` and `zone` are the words of the classic files.
    """

    number: int
    name: str = ""
    version: int = 0
    music: int = 0
    flags: bytes = PLAIN  # TileFlag bits of each tile
    triggers: bytes = PLAIN  # Trigger number of each tile
    exits: Mapping[int, Place] = field(default_factory=dict)
    npcs: list[tuple[int, int]] = field(default_factory=list)
    objects: list[tuple[int, int, int]] = field(default_factory=list)
    safe: bool = False  # nobody attacks a player; the file's Pk, inverted
    terrain: str = "BOSQUE"
    zone: str = "CAMPO"
    restriction: str = ""
    backup: bool = False
    no_magic: bool = False
    no_invisibility: bool = False
    no_resurrection: bool = False
    no_hiding: bool = False
    no_summons: bool = False
    free_npcs: bool = False  # creatures belong to nobody ("RoboNpcsPermitido")
    start_pos: Place | None = None
    on_death_goto: Place | None = None  # map for the living only: the dead are sent here
    sounds: tuple[AmbientSound, ...] = ()


@dataclass(frozen=True, slots=True)
class City:
    """A home players may choose: where they start and where they are brought back to."""

    map: int
    x: int
    y: int
    name: str = ""


@dataclass(slots=True, kw_only=True)
class WorldData:
    """Everything a world is made of. `source` is "starter" or the path it was read from."""

    name: str
    source: str = ""
    maps: dict[int, MapData] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    npcs: dict[int, NpcKind] = field(default_factory=dict)
    spells: dict[int, Spell] = field(default_factory=dict)
    cities: dict[int, City] = field(default_factory=dict)
    motd: list[str] = field(default_factory=list)
    help: list[str] = field(default_factory=list)
    forbidden_names: list[str] = field(default_factory=list)
    rulebook: Rulebook = field(default_factory=Rulebook)
    sends_scenery: bool = True
    """Whether clients are told of trees, signs, forums and deposits; those of the classic maps are
    in the pictures that the client has already."""
