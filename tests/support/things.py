"""Items for tests of rules, made of the records that content loads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pyao.content.items import Item
from pyao.rules.kinds import ObjectType

APPLE = Item(number=1, name="apple", kind=ObjectType.USE_ONCE, price=5, hunger=20)
SWORD = Item(
    number=2, name="sword", kind=ObjectType.WEAPON, min_hit=6, max_hit=17, animation=7, price=100
)
TUNIC = Item(number=3, name="tunic", kind=ObjectType.ARMOUR, body=77, min_defense=5, max_defense=9)
SHIELD = Item(
    number=4, name="shield", kind=ObjectType.SHIELD, animation=8, min_defense=1, max_defense=3
)
HELMET = Item(
    number=5, name="helmet", kind=ObjectType.HELMET, animation=9, min_defense=10, max_defense=15
)
RING = Item(number=6, name="ring", kind=ObjectType.RING)
ARROWS = Item(number=7, name="arrows", kind=ObjectType.ARROW, min_hit=1, max_hit=1)
BOW = Item(
    number=8,
    name="bow",
    kind=ObjectType.WEAPON,
    ranged=True,
    needs_ammo=True,
    min_hit=2,
    max_hit=2,
    animation=10,
    small_animation=11,
)
DAGGER = Item(number=9, name="dagger", kind=ObjectType.WEAPON, min_hit=1, max_hit=3, stabs=True)
NEWBIE_DAGGER = Item(number=10, name="old dagger", kind=ObjectType.WEAPON, newbie=True)
GOLD = Item(number=12, name="gold", kind=ObjectType.MONEY, price=1)
KEY = Item(number=13, name="key", kind=ObjectType.KEY, key_code=4)
BARGE = Item(
    number=474,
    name="barge",
    kind=ObjectType.BOAT,
    body=84,
    min_skill=35,
    min_hit=2,
    max_hit=4,
    min_defense=1,
    max_defense=2,
)
HEIRLOOM = Item(number=14, name="heirloom", kind=ObjectType.RING, bound=True)
STATUE = Item(number=15, name="statue", fixed=True)
SAFE_GEM = Item(number=16, name="gem", stays_on_death=True, no_steal=True)
STONE = Item(number=17, name="stone", no_drop=True)
PACK = Item(number=18, name="pack", kind=ObjectType.BACKPACK, backpack=1)

ALL = (
    *(APPLE, SWORD, TUNIC, SHIELD, HELMET, RING, ARROWS, BOW, DAGGER, NEWBIE_DAGGER, GOLD, KEY),
    *(BARGE, HEIRLOOM, STATUE, SAFE_GEM, STONE, PACK),
)
ITEMS: Mapping[int, Item] = MappingProxyType({item.number: item for item in ALL})


def catalogue(*more: Item) -> Mapping[int, Item]:
    """Return the items above and some others."""
    return {**ITEMS, **{item.number: item for item in more}}
