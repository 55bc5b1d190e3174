"""What in a world would make the client complain, judged by what it has, not by our code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator

from tests.support.client_facts import (
    BODIES,
    EFFECTS,
    HEADS,
    HELMETS,
    MAPS,
    NONE,
    SHIELDS,
    WEAPONS,
    ZONE_TILES,
)

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.content.world_data import MapData, WorldData, tile_place

# `Sounds` of the client: wave files by number.
SOUNDS: Container[int] = frozenset(
    {0, *range(1, 107), *range(108, 145), *range(146, 174), 175, *range(200, 211)}
)
MERCHANT_SLOTS = 50
TEXT_BYTES = 32_767
SIGNED_16 = range(32_768)
OBJECT_BYTES, BLOCK_BYTES, CHARACTER_BYTES = 5, 4, 29
DRAWN_BY_THE_CLIENT = frozenset({4, 8, 10, 22})  # trees, signs, forums, deposits of its own maps
WEAPON, ARMOUR, SHIELD, HELMET, MOUNT = 2, 3, 16, 17, 25


def complaints(
    world: WorldData, graphics: Container[int], maps: Container[int] = range(1, MAPS + 1)
) -> Iterator[str]:
    """Name everything that the client would log an error for, draw wrongly or not at all."""
    for item in world.items.values():
        yield from (f"item {item.number}: {wrong}" for wrong in _of_item(item, graphics))
    for npc in world.npcs.values():
        yield from (f"npc {npc.number}: {wrong}" for wrong in _of_npc(npc))
    for spell in world.spells.values():
        yield from (f"spell {spell.number}: {wrong}" for wrong in _of_spell(spell))
    for number, entry in world.maps.items():
        if number not in maps:
            yield f"map {number}: the client has none"
        yield from (f"map {number}: {wrong}" for wrong in _of_map(entry))


def _of_item(item: Item, graphics: Container[int]) -> Iterator[str]:
    if item.graphic and item.graphic not in graphics:
        yield f"graphic {item.graphic}"
    if item.kind in {ARMOUR, MOUNT} and item.body and item.body not in BODIES:
        yield f"body {item.body}"
    worn = {WEAPON: WEAPONS, SHIELD: SHIELDS, HELMET: HELMETS}.get(item.kind)
    for look in (item.animation, item.small_animation) if worn else ():
        if worn is not None and look and look not in worn and look != NONE:
            yield f"animation {look}"
    yield from (f"sound {sound}" for sound in item.sounds if sound not in SOUNDS)
    yield from _texts(item.name, item.text)


def _of_npc(npc: NpcKind) -> Iterator[str]:
    if npc.body and npc.body not in BODIES:
        yield f"body {npc.body}"
    if npc.head and npc.head not in HEADS:
        yield f"head {npc.head}"
    if not 1 <= npc.heading <= 4:
        yield f"heading {npc.heading}"
    if len(npc.stock) > MERCHANT_SLOTS:
        yield f"{len(npc.stock)} slots of goods"
    for sound in (npc.attack_sound, npc.hurt_sound, npc.death_sound):
        if sound not in SOUNDS:
            yield f"sound {sound}"
    names = [trainee.name for trainee in npc.creatures]
    yield from _texts(npc.name, npc.description, *npc.phrases, *names)
    if any("\0" in name for name in names):
        yield "a creature's name ends the list early"


def _of_spell(spell: Spell) -> Iterator[str]:
    if spell.effect > EFFECTS:
        yield f"effect {spell.effect}"
    if spell.loops not in SIGNED_16:
        yield f"loops {spell.loops}"
    if spell.sound not in SOUNDS:
        yield f"sound {spell.sound}"
    yield from _texts(spell.name, spell.words, spell.caster_text, spell.target_text)


def _of_map(entry: MapData) -> Iterator[str]:
    if entry.music not in SIGNED_16:
        yield f"midi {entry.music}"
    if not 0 <= entry.version < len(SIGNED_16):
        yield f"version {entry.version}"
    yield from (f"sound {one.sound}" for one in entry.sounds if one.sound not in SOUNDS)
    yield from _texts(entry.name)


def _texts(*texts: str) -> Iterator[str]:
    for text in texts:
        if "\0" in text or len(text.encode("utf-8")) > TEXT_BYTES:
            yield f"text {text[:40]!r}"


def heaviest_view(world: WorldData, entry: MapData) -> int:
    """Return how many bytes the fullest view of a map takes: the things and people around."""
    zones: Counter[tuple[int, int]] = Counter()

    def at_zone(at: int) -> tuple[int, int]:
        x, y = tile_place(at)
        return x // ZONE_TILES, y // ZONE_TILES

    for at, item, _ in entry.objects:
        if world.items[item].kind in DRAWN_BY_THE_CLIENT and not world.sends_scenery:
            continue
        zones[at_zone(at)] += OBJECT_BYTES + BLOCK_BYTES * (entry.flags[at] & 1)
    for at, number in entry.npcs:
        zones[at_zone(at)] += CHARACTER_BYTES + len(world.npcs[number].name)
    around = [(column, row) for column in (-1, 0, 1) for row in (-1, 0, 1)]
    return max(
        (
            sum(zones[x + column, y + row] for column, row in around)
            for x in range(12)
            for y in range(12)
        ),
        default=0,
    )
