from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.content.world_data import (
    TILES,
    AmbientSound,
    City,
    MapData,
    PackedExits,
    WorldData,
    pack_exits,
)
from pyao.content.world_file import load_world, save_world
from pyao.errors import ContentError


def small_world(source: str = "x") -> WorldData:
    town = MapData(
        number=1,
        name="Puerto Año",
        version=3,
        music=4,
        flags=bytes(range(8)) * 1_250,
        triggers=b"\6" + bytes(TILES - 1),
        exits={5: (2, 10, 11), 9_999: (1, 100, 100)},
        npcs=[(7, 504)],
        objects=[(0, 148, 1), (3, 12, 10_000)],
        safe=True,
        terrain="NIEVE",
        zone="CIUDAD",
        restriction="NEWBIE",
        no_magic=True,
        free_npcs=True,
        start_pos=(1, 50, 50),
        on_death_goto=(2, 3, 4),
        sounds=(AmbientSound(21, 30, dry_only=True),),
    )
    return WorldData(
        name="Prueba",
        source=source,
        maps={1: town, 2: MapData(number=2)},
        items={12: Item(number=12, name="Oro", kind=5)},
        npcs={504: NpcKind(number=504, name="Lobo")},
        spells={1: Spell(number=1, name="Chispa")},
        cities={1: City(1, 50, 50, "Puerto")},
        motd=["Hola"],
        help=["Ayuda"],
        forbidden_names=["gm"],
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "world.pyao"
    save_world(small_world(), path)
    return path


def test_a_world_comes_back_as_it_was_written(file: Path) -> None:
    expected = small_world(str(file))
    found = load_world(file)
    assert dict(found.maps[1].exits) == expected.maps[1].exits
    for number in (1, 2):
        found.maps[number].exits = dict(found.maps[number].exits)
    assert found == expected


def test_writing_again_leaves_one_whole_file_and_nothing_else(file: Path) -> None:
    save_world(WorldData(name="Otro"), file)
    assert load_world(file).name == "Otro"
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_a_file_cut_anywhere_is_refused(file: Path) -> None:
    data = file.read_bytes()
    for length in range(0, len(data), 7):
        file.write_bytes(data[:length])
        with pytest.raises(ContentError, match="import the world again"):
            load_world(file)


def test_a_file_with_one_byte_changed_is_refused(file: Path) -> None:
    data = file.read_bytes()
    for at in range(0, len(data), 5):
        file.write_bytes(data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :])
        with pytest.raises(ContentError, match="import the world again"):
            load_world(file)


def test_a_file_of_another_format_says_which(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[8] = 99
    file.write_bytes(data)
    with pytest.raises(ContentError, match="format 99, this server reads format 1"):
        load_world(file)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_a_sealed_file_that_holds_no_world_is_refused(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "world.pyao"
    packed = zlib.compress(body)
    header = b"PYAOWRLD" + (1).to_bytes(2, "little") + len(packed).to_bytes(8, "little")
    path.write_bytes(header + hashlib.sha256(packed).digest() + packed)
    with pytest.raises(ContentError, match="does not hold a world"):
        load_world(path)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"world\.pyao: cannot be read: No such file"):
        load_world(tmp_path / "world.pyao")


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ContentError, match="cannot be written"):
        save_world(small_world(), tmp_path / "file" / "world.pyao")


def test_packed_exits_read_like_a_dictionary() -> None:
    exits = {9: (2, 10, 11), 3: (1, 100, 100)}
    packed = PackedExits(pack_exits(exits))
    assert len(packed) == 2
    assert 3 in packed
    assert 4 not in packed
    assert packed.get(4) is None
    assert packed[9] == (2, 10, 11)
    assert list(packed) == [3, 9]
    assert packed == exits
    assert pack_exits(packed) is packed.packed


def test_packed_exits_of_a_wrong_length_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        PackedExits(b"12345")
