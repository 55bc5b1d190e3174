"""What the client can draw: measured figures, its own files, and what stands in for the rest."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.archives import unpack

from pyao.content.client_limits import (
    NO_ANIMATION,
    fit_item,
    fit_npc,
    fit_sounds,
    fit_spell,
    known_client,
    read_client_limits,
    read_graphics,
)
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.content.world_data import AmbientSound
from pyao.errors import ContentError
from pyao.rules.kinds import ObjectType

LIMITS = known_client()


def indexed(words: int, *records: tuple[int, ...]) -> bytes:
    header = struct.pack("<255s2ih", b"made up", 0, 0, len(records))
    return header + b"".join(struct.pack(f"<{words}h", *record) for record in records)


@pytest.fixture
def init(tmp_path: Path) -> Path:
    """Write a client with a handful of everything."""
    pictures = [struct.pack("<ihi4h", number, 1, 9, 0, 0, 32, 32) for number in (1, 2, 5)]
    pictures.append(struct.pack("<ih3if", 7, 3, 1, 2, 5, 100.0))
    (tmp_path / "Graficos.ind").write_bytes(struct.pack("<2i", 1, 7) + b"".join(pictures))
    (tmp_path / "Personajes.ind").write_bytes(indexed(6, (1, 1, 1, 1, 0, 0), (0, 0, 0, 0, 0, 0)))
    (tmp_path / "Cabezas.ind").write_bytes(indexed(4, (1, 1, 1, 1), (0, 1, 1, 1), (2, 2, 2, 2)))
    (tmp_path / "Cascos.ind").write_bytes(indexed(4, (1, 1, 1, 1), (1, 1, 1, 1)))
    (tmp_path / "Fxs.ind").write_bytes(indexed(3, (1, 0, 0), (2, 0, 0)))
    (tmp_path / "armas.dat").write_text("[INIT]\nNumArmas=3\n[ARMA1]\nDir1=1\n[Arma3]\nDir1=1\n")
    (tmp_path / "escudos.dat").write_text("[ESC1]\nDir1=1\n[ESC2]\nDir1=1\n")
    return tmp_path


def test_the_measured_figures_are_those_of_the_clients_files(shared: Path, tmp_path: Path) -> None:
    assets = unpack(shared, "godot-client-assets", tmp_path) / "godot-client" / "Assets" / "Init"
    assert read_client_limits(assets) == known_client()


def test_the_clients_files_have_the_golden_figures(shared: Path, tmp_path: Path) -> None:
    assets = unpack(shared, "godot-client-assets", tmp_path) / "godot-client" / "Assets" / "Init"
    golden = json.loads((shared / "data" / "golden.json").read_text(encoding="utf-8"))
    init, limits = golden["client"]["init"], read_client_limits(assets)
    assert len(limits.graphics) == init["graficos"]["records"]
    assert max(limits.graphics) == init["graficos"]["max_id"] == init["graficos"]["header_count"]
    file = next(path for path in assets.iterdir() if path.name.lower() == "graficos.ind")
    graphics = read_graphics(file.read_bytes(), file)
    moving = {number: frames for number, frames in graphics.items() if len(frames) > 1}
    assert len(moving) == init["graficos"]["animations"]
    assert len(graphics) - len(moving) == init["graficos"]["single"]
    assert (
        len(graphics) - len(limits.graphics) == (init["graficos"]["animations_with_missing_frames"])
    )
    for number, animation in init["graficos"]["first_animations"].items():
        assert list(moving[int(number)]) == animation["frames"]
    assert len(limits.bodies) == init["bodies"]["count"]
    assert len(limits.heads) == init["heads"]["complete"]
    assert max(limits.heads) == init["heads"]["count"]
    assert limits.helmets == {*range(1, init["helmets"]["count"] + 1)} - {NO_ANIMATION}
    assert len(limits.effects) == init["fxs"]["count"]
    assert len(limits.weapons) == init["weapons"]["sections"]
    named = {*range(1, init["weapons"]["header_count"] + 1)}
    assert sorted(named - limits.weapons) == init["weapons"]["missing"]
    assert sorted(limits.shields) == init["shields"]["sections"]


def test_the_measured_figures_have_the_documented_sizes() -> None:
    assert len(LIMITS.graphics) == 23_555
    assert len(LIMITS.heads) == 237
    assert (max(LIMITS.bodies), max(LIMITS.effects)) == (548, 35)


def test_limits_are_read_from_files_whatever_the_case_of_their_names(init: Path) -> None:
    limits = read_client_limits(init)
    assert limits.graphics == {1, 2, 5, 7}
    assert limits.bodies == {1, 2}
    assert limits.heads == {1, 3}
    assert limits.helmets == {1}
    assert limits.weapons == {1, 3}
    assert limits.shields == {1}
    assert limits.effects == {1, 2}


@pytest.mark.parametrize(
    "name",
    [
        *("Graficos.ind", "Personajes.ind", "Cabezas.ind", "Cascos.ind", "Fxs.ind"),
        *("armas.dat", "escudos.dat"),
    ],
)
def test_a_missing_file_is_refused(init: Path, name: str) -> None:
    (init / name).unlink()
    with pytest.raises(ContentError, match=name.lower()):
        read_client_limits(init)


def test_an_animation_that_lacks_a_picture_cannot_be_drawn(init: Path) -> None:
    path = init / "Graficos.ind"
    broken = struct.pack("<ih3if", 8, 3, 1, 2, 6, 100.0)
    path.write_bytes(path.read_bytes() + broken)
    assert read_client_limits(init).graphics == {1, 2, 5, 7}


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="Assets/Init"):
        read_client_limits(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["Graficos.ind", "Personajes.ind", "Cabezas.ind", "Fxs.ind"])
@pytest.mark.parametrize("kept", [0, 9, -1])
def test_a_cut_file_is_refused(init: Path, name: str, kept: int) -> None:
    path = init / name
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ContentError):
        read_client_limits(init)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["Graficos.ind", "Personajes.ind", "Cabezas.ind", "armas.dat"]),
    tail=st.binary(max_size=200),
    kept=st.integers(0, 300),
)
def test_any_bytes_are_read_or_refused(init: Path, name: str, tail: bytes, kept: int) -> None:
    path = init / name
    whole = path.read_bytes()
    path.write_bytes(whole[:kept] + tail)
    try:
        read_client_limits(init)
    except ContentError:
        pass
    finally:
        path.write_bytes(whole)


def test_a_look_the_client_has_is_left_alone() -> None:
    item = Item(number=1, kind=ObjectType.WEAPON, graphic=504, animation=NO_ANIMATION)
    assert fit_item(item, LIMITS) == (item, [])
    npc = NpcKind(number=1, body=9, head=0)
    assert fit_npc(npc, LIMITS) == (npc, [])
    spell = Spell(number=1, effect=35)
    assert fit_spell(spell, LIMITS) == (spell, [])


def test_a_graphic_the_client_lacks_becomes_one_of_the_same_kind() -> None:
    for kind in range(40):
        item, replaced = fit_item(Item(number=1, kind=kind, graphic=30_000), LIMITS)
        assert item.graphic in LIMITS.graphics
        assert replaced == [("graphic", 30_000)]


def test_clothes_the_client_lacks_fit_who_may_wear_them() -> None:
    tall, _ = fit_item(Item(number=1, kind=ObjectType.ARMOUR, body=900), LIMITS)
    small, _ = fit_item(Item(number=1, kind=ObjectType.ARMOUR, body=900, small_races=True), LIMITS)
    assert (tall.body, small.body) == (1, 300)


def test_a_boats_body_is_a_row_of_a_table_and_no_look() -> None:
    boat = Item(number=1, kind=ObjectType.BOAT, body=900)
    assert fit_item(boat, LIMITS) == (boat, [])


@pytest.mark.parametrize("kind", [ObjectType.WEAPON, ObjectType.SHIELD, ObjectType.HELMET])
def test_an_animation_the_client_lacks_becomes_none(kind: ObjectType) -> None:
    item, replaced = fit_item(Item(number=1, kind=kind, animation=99), LIMITS)
    assert item.animation == NO_ANIMATION
    assert replaced == [("animation", 99)]


def test_npcs_and_spells_get_a_look_that_exists() -> None:
    npc, replaced = fit_npc(NpcKind(number=1, body=900, head=2_050), LIMITS)
    assert npc.body in LIMITS.bodies
    assert npc.head in LIMITS.heads
    assert replaced == [("body", 900), ("head", 2_050)]
    spell, _ = fit_spell(Spell(number=1, effect=36), LIMITS)
    assert spell.effect == 0


def test_sounds_the_client_lacks_fall_silent() -> None:
    horn, replaced = fit_item(Item(number=1, sounds=(48, 107)), LIMITS)
    assert horn.sounds == ()
    assert replaced == [("sounds", (48, 107))]
    npc, _ = fit_npc(NpcKind(number=1, attack_sound=48, hurt_sound=174, death_sound=175), LIMITS)
    assert (npc.attack_sound, npc.hurt_sound, npc.death_sound) == (48, 0, 175)
    spell, _ = fit_spell(Spell(number=1, sound=145, effect=1), LIMITS)
    assert (spell.sound, spell.effect) == (0, 1)


def test_a_place_keeps_the_sounds_that_the_client_has() -> None:
    heard = (AmbientSound(21, 5), AmbientSound(107, 5), AmbientSound(145, 5))
    assert fit_sounds(heard, LIMITS) == ((AmbientSound(21, 5),), [107, 145])
