from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.map_files import MIDDLE, dat_bytes, inf_bytes, map_bytes

from pyao.content.maps import (
    MAX_INF_BYTES,
    MAX_MAP_BYTES,
    read_placements,
    read_properties,
    read_tiles,
)
from pyao.content.report import FindingKind, Report
from pyao.content.world_data import PLAIN, TILES, AmbientSound, MapData, tile_index, tile_place
from pyao.errors import ContentError
from pyao.rules.kinds import TileFlag

RICH = {at: (700 + at % 3, 0 if at % 2 else 800, 900) for at in range(TILES)}


@pytest.mark.parametrize("width", [2, 4])
def test_the_width_of_graphic_numbers_is_found_out(width: int) -> None:
    tiles = read_tiles(map_bytes(width=width, layers={MIDDLE: (5, 6, 7)}), "x.map")
    assert tiles.width == width
    assert tiles.version == 7
    assert tiles.ground[MIDDLE] == 6000
    assert [layer[MIDDLE] for layer in tiles.layers] == [5, 6, 7]


def test_a_narrow_map_larger_than_the_smallest_wide_one_is_still_narrow() -> None:
    data = map_bytes(width=2, layers=RICH, triggers=dict.fromkeys(range(TILES), 1))
    assert len(data) > len(map_bytes(width=4))
    assert read_tiles(data, "x.map").width == 2


def test_the_longest_map_is_within_the_bound() -> None:
    full = map_bytes(
        width=4,
        layers=dict.fromkeys(range(TILES), (1, 2, 3)),
        triggers=dict.fromkeys(range(TILES), 6),
    )
    assert len(full) == MAX_MAP_BYTES
    assert read_tiles(full, "x.map").width == 4


def test_blocked_roof_water_and_lava_are_flags_of_a_tile() -> None:
    data = map_bytes(
        blocked=frozenset({0, 1}),
        ground={1: 1505, 2: 1520, 3: 1521, 4: 5665, 5: 13562, 6: 12439, 7: 5837, 8: 5852, 9: 1510},
        layers={9: (700, 0, 0)},
        triggers={10: 1, 11: 2, 12: 4, 13: 3},
    )
    flags = read_tiles(data, "x.map").flags()
    wall, roof, water, lava = TileFlag.BLOCKED, TileFlag.ROOF, TileFlag.WATER, TileFlag.LAVA
    expected = [wall, wall | water, water, 0, water, water, 0, lava, lava, 0, roof, roof, roof, 0]
    assert list(flags[:14]) == expected
    assert set(flags[14:]) == {0}


def test_ground_that_only_servers_took_for_water_is_land_and_listed() -> None:
    data = map_bytes(
        ground={1: 12_439, 2: 12_454, 3: 12_455, 4: 12_440, 5: 1505}, layers={4: (700, 0, 0)}
    )
    tiles = read_tiles(data, "x.map")
    assert tiles.disputed_water() == [1, 2]
    assert list(tiles.flags()[:6]) == [0, 0, 0, 0, 0, TileFlag.WATER]
    assert read_tiles(map_bytes(), "x.map").disputed_water() == []


def test_the_header_is_read_without_its_padding_and_what_cannot_be_shown() -> None:
    data = bytearray(map_bytes(version=-3))
    data[2:14] = b"Hecho en \xd1\x07\0"
    tiles = read_tiles(bytes(data), "x.map")
    assert (tiles.version, tiles.description) == (-3, "Hecho en \u00d1\ufffd")
    assert (tiles.crc, tiles.magic) == (1, 2)


def test_lava_under_a_decoration_is_lava_still() -> None:
    data = map_bytes(ground={0: 5840}, layers={0: (1, 0, 0)})
    assert read_tiles(data, "x.map").flags()[0] == TileFlag.LAVA


def test_triggers_no_rule_knows_count_as_none_and_stay_readable() -> None:
    tiles = read_tiles(map_bytes(triggers={0: -1, 1: 7, 2: 6, 3: 0}), "x.map")
    assert tiles.triggers == {0: -1, 1: 7, 2: 6, 3: 0}
    assert list(tiles.trigger_layer()[:4]) == [0, 0, 6, 0]


def test_maps_without_triggers_share_one_layer() -> None:
    assert read_tiles(map_bytes(), "x.map").trigger_layer() is PLAIN


def test_a_map_cut_anywhere_is_refused_with_file_and_offset() -> None:
    data = map_bytes(layers={9_990: (1, 2, 3), 9_999: (4, 0, 0)}, triggers={9_995: 1})
    for length in [*range(0, len(data) - 60, 997), *range(len(data) - 60, len(data))]:
        with pytest.raises(ContentError, match=rf"^mapa1\.map: .*{length}") as caught:
            read_tiles(data[:length], "mapa1.map")
        assert caught.value.file == "mapa1.map"


def test_a_wide_map_cut_anywhere_is_refused() -> None:
    data = map_bytes(width=4, layers={9_990: (1, 2, 3)}, triggers={9_999: 1})
    for length in [*range(0, len(data) - 40, 1_499), *range(len(data) - 40, len(data))]:
        with pytest.raises(ContentError):
            read_tiles(data[:length], "x.map")


def test_bytes_after_the_last_tile_are_refused() -> None:
    data = map_bytes()
    with pytest.raises(ContentError, match=rf"end at offset {len(data)}, 1 bytes follow"):
        read_tiles(data + b"\0", "x.map")


def test_a_flag_byte_that_cannot_be_is_named_with_its_tile() -> None:
    data = bytearray(map_bytes())
    data[273 + 3 * tile_index(5, 1)] = 0x20
    with pytest.raises(ContentError, match=r"offset 285, tile \(5,1\): flag byte 32"):
        read_tiles(bytes(data), "x.map")


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2**32))
def test_no_bytes_at_all_break_the_reader_of_maps(prefix: bytes, seed: int) -> None:
    tail = random.Random(seed).randbytes(60_000)
    for data in (prefix, prefix + tail, map_bytes()[:-400] + prefix):
        try:
            tiles = read_tiles(data, "x.map")
        except ContentError:
            continue
        assert len(tiles.flags()) == TILES
        assert len(tiles.trigger_layer()) == TILES


def test_exits_npcs_and_objects_are_read_in_tile_order() -> None:
    data = inf_bytes(
        exits={5: (2, 10, 11), MIDDLE: (3, 1, 100)},
        npcs={7: 504, MIDDLE: 5},
        objects={0: (148, 1), MIDDLE: (12, 500)},
    )
    found = read_placements(data, "x.inf")
    assert found.exits == {5: (2, 10, 11), MIDDLE: (3, 1, 100)}
    assert found.npcs == [(7, 504), (MIDDLE, 5)]
    assert found.objects == [(0, 148, 1), (MIDDLE, 12, 500)]


def test_numbers_of_zero_and_below_mean_none() -> None:
    data = inf_bytes(exits={1: (0, 5, 5)}, npcs={2: -1}, objects={3: (0, 9), 4: (12, -5)})
    found = read_placements(data, "x.inf")
    assert (found.exits, found.npcs) == ({}, [])
    assert found.objects == [(4, 12, 1)]


def test_placements_cut_anywhere_are_refused_with_the_offset() -> None:
    data = inf_bytes(exits={9_998: (1, 2, 3)}, npcs={9_999: 1}, objects={9_999: (1, 1)})
    assert len(data) < MAX_INF_BYTES
    for length in [*range(0, len(data) - 20, 499), *range(len(data) - 20, len(data))]:
        with pytest.raises(ContentError, match=rf"^x\.inf: cut short.*{length}"):
            read_placements(data[:length], "x.inf")
    with pytest.raises(ContentError, match="3 bytes follow"):
        read_placements(data + b"abc", "x.inf")


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_reader_of_placements(tail: bytes) -> None:
    for data in (tail, inf_bytes()[:-100] + tail):
        try:
            found = read_placements(data, "x.inf")
        except ContentError:
            continue
        assert all(0 <= at < TILES for at in found.exits)


def properties(data: bytes, number: int = 1) -> tuple[MapData, Report]:
    report = Report()
    return read_properties(data, number, "Mapa1.dat", report), report


def test_pk_is_inverted_in_the_file() -> None:
    assert properties(dat_bytes(1, Pk=1))[0].safe
    assert not properties(dat_bytes(1, Pk=0))[0].safe
    assert not properties(dat_bytes(1, Name="x"))[0].safe


def test_properties_are_read_with_their_quirks() -> None:
    data = dat_bytes(
        1,
        Name="  Bahía del Sur ",
        MusicNum="12 ' slow",
        Zona="Ciudad",
        Terreno="nieve",
        Restringir="No",
        BackUp=" 1",
        MagiaSinEfecto=1,
        InviSinEfecto=1,
        ResuSinEfecto=1,
        OcultarSinEfecto=1,
        InvocarSinEfecto=1,
        RoboNpcsPermitido=1,
        StartPos="1-50-51",
        OnDeathGoTo="2-10-20",
    )
    found, report = properties(data)
    assert found == MapData(
        number=1,
        name="Bahía del Sur",
        music=12,
        zone="CIUDAD",
        terrain="NIEVE",
        backup=True,
        no_magic=True,
        no_invisibility=True,
        no_resurrection=True,
        no_hiding=True,
        no_summons=True,
        free_npcs=True,
        start_pos=(1, 50, 51),
        on_death_goto=(2, 10, 20),
    )
    assert report.total == 0


def test_sections_of_other_maps_are_leftovers() -> None:
    data = dat_bytes(7, Name="other") + b"\r\n" + dat_bytes(1, Name="mine")
    assert properties(data)[0].name == "mine"


def test_music_may_stand_under_the_newer_key() -> None:
    assert properties(dat_bytes(1, MusicNumMp3=33))[0].music == 33


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"Terreno": "LUNA"}, "TERRENO"),
        ({"Restringir": "REYES"}, "RESTRINGIR"),
        ({"OnDeathGoTo": "1-0-5"}, "ONDEATHGOTO"),
    ],
)
def test_a_property_that_cannot_be_is_reported_and_left_out(
    keys: dict[str, object], key: str
) -> None:
    found, report = properties(dat_bytes(1, **keys))
    assert found == MapData(number=1)
    (finding,) = report.findings
    assert (finding.kind, finding.key, finding.line) == (FindingKind.VALUE, key, 2)


def test_the_game_masters_restriction_is_kept() -> None:
    assert properties(dat_bytes(1, Restringir="gm"))[0].restriction == "GM"


def test_ambient_sounds_name_wave_odds_and_weather() -> None:
    data = dat_bytes(1, Name="x") + (
        b"\n[SONIDOS]\nCantidad=3\n[SONIDO1]\nSonido=21\nProbabilidad=300\nFlags=1\n"
        b"[SONIDO2]\nSonido=999\n[SONIDO3]\nSonido=28\nProbabilidad=5\n"
    )
    assert properties(data)[0].sounds == (
        AmbientSound(21, 100, dry_only=True),
        AmbientSound(28, 5, dry_only=False),
    )


def test_a_huge_count_of_sounds_costs_nothing() -> None:
    assert properties(b"[Mapa1]\nName=x\n[SONIDOS]\nCantidad=99999999999\n")[0].sounds == ()


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(1, 300))
def test_no_bytes_at_all_break_the_reader_of_properties(data: bytes, number: int) -> None:
    found = read_properties(b"[Mapa1]\n" + data, number, "x.dat", Report())
    assert found.number == number


def test_tile_index_and_place_are_inverse() -> None:
    assert tile_index(1, 1) == 0
    assert tile_index(100, 100) == TILES - 1
    assert all(tile_index(*tile_place(at)) == at for at in range(TILES))
