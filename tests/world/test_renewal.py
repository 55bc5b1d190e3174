from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as replace_kind
from tests.support.world import DOOR, make_player, make_world, world_data

from pyao.content.fields import Pile
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.world_data import WorldData, tile_index
from pyao.protocol.server_packets import (
    BlockPosition,
    CharacterCreate,
    CharacterRemove,
    ObjectCreate,
    ObjectDelete,
)
from pyao.rules import deeds
from pyao.rules.kinds import TileFlag
from pyao.rules.options import Options
from pyao.world.npc import Npc
from pyao.world.renewal import problem_with, renew


def changed_world() -> WorldData:
    """Return the meadows with a new wall, the shopkeeper moved, the door gone, a new price."""
    data = world_data()
    flags = bytearray(data.maps[1].flags)
    flags[tile_index(50, 50)] |= TileFlag.BLOCKED
    data.maps[1] = replace(
        data.maps[1], flags=bytes(flags), npcs=[(tile_index(52, 52), 1)], objects=[]
    )
    return data


def test_a_world_that_did_not_change_shows_nothing() -> None:
    world = make_world()
    _, seen = make_player(world)
    seen.packets()
    assert renew(world, world_data()) == []
    assert seen.packets() == []


def test_what_changed_is_shown_and_nobody_is_left_in_a_wall() -> None:
    world = make_world()
    ana, seen = make_player(world, x=55, y=55)
    bob, _ = make_player(world, "Bob", 50, 50, number=2)
    shopkeeper = next(world.maps[1].npcs()).index
    seen.packets()
    assert problem_with(world, changed_world()) is None
    assert renew(world, changed_world()) == [1]
    told = seen.packets()
    assert BlockPosition(50, 50, blocked=True) in told
    assert ObjectDelete(*DOOR) in told
    assert CharacterRemove(shopkeeper) in told
    assert any(isinstance(p, CharacterCreate) and (p.x, p.y) == (52, 52) for p in told)
    assert (bob.x, bob.y) != (50, 50)
    assert (ana.x, ana.y) == (55, 55)
    assert not [p for p in told if isinstance(p, ObjectCreate)]


def test_a_world_without_a_map_that_people_are_on_is_refused() -> None:
    world = make_world()
    make_player(world, on=2)
    smaller = world_data()
    del smaller.maps[2]
    assert "map 2" in str(problem_with(world, smaller))


def test_maps_can_come_and_go() -> None:
    world = make_world()
    other = world_data()
    other.maps[3] = replace(other.maps.pop(2), number=3)
    assert renew(world, other) == [3]
    assert sorted(world.maps) == [1, 3]
    assert world.rooms.get_room("map:2") is None
    assert world.rooms.get_room("map:3") is world.maps[3]


def test_new_definitions_hold_for_what_lies_and_stands_about() -> None:
    world = make_world()
    data = world_data()
    data.npcs[1] = type(data.npcs[1])(number=1, name="Panadera", body=100, head=2)
    renew(world, data)
    assert next(world.maps[1].npcs()).kind.name == "Panadera"


def test_new_looks_are_shown_and_old_ones_taken_away() -> None:
    world = make_world()
    _, seen = make_player(world, x=60, y=62)
    shopkeeper = next(world.maps[1].npcs())
    data = world_data()
    data.npcs[1] = NpcKind(number=1, name="Panadera", body=101, head=2)
    data.items[20] = Item(number=20, name="Puerta", kind=6, graphic=502, closed=True, open_item=21)
    seen.packets()
    assert renew(world, data) == []
    told = seen.packets()
    (created,) = (packet for packet in told if isinstance(packet, CharacterCreate))
    assert (created.char_index, created.body, created.x, created.y) == (
        *(shopkeeper.index, 101),
        *(70, 70),
    )
    assert told.index(CharacterRemove(shopkeeper.index)) < told.index(created)
    assert told.index(ObjectDelete(*DOOR)) < told.index(ObjectCreate(*DOOR, 502))


def test_a_price_or_a_phrase_changes_no_picture() -> None:
    world = make_world()
    _, seen = make_player(world, x=60, y=62)
    data = world_data()
    data.npcs[1] = replace_kind(data.npcs[1], description="Hola")
    seen.packets()
    renew(world, data)
    assert seen.packets() == []
    assert next(world.maps[1].npcs()).kind.description == "Hola"


def test_a_merchant_sells_the_new_goods_and_keeps_what_was_bought_when_they_are_the_same() -> None:
    world = make_world()
    shopkeeper = next(world.maps[1].npcs())
    data = world_data()
    data.npcs[1] = replace_kind(data.npcs[1], trades=True, stock=(Pile(460, 5),))
    renew(world, data)
    assert [slot.item for slot in shopkeeper.goods.slots if slot] == [460]
    goods = shopkeeper.goods
    again = world_data()
    again.npcs[1] = replace_kind(data.npcs[1], name="Tendera")
    renew(world, again)
    assert shopkeeper.goods is goods


def test_a_pet_stays_with_its_master_when_the_map_changes() -> None:
    world = make_world()
    ana, seen = make_player(world, x=55, y=55)
    wolf = Npc.at(NpcKind(number=7, name="Lobo", body=10), 1, tile_index(56, 55))
    wolf.master = ana.user_id
    world.add_npc(world.maps[1], wolf)
    ana.pets.append(wolf)
    seen.packets()
    renew(world, changed_world())
    told = seen.packets()
    assert not wolf.gone
    assert CharacterRemove(wolf.index) not in told
    created = [packet for packet in told if isinstance(packet, CharacterCreate)]
    assert wolf.index not in {packet.char_index for packet in created}
    indices = [npc.index for npc in world.maps[1].npcs()]
    assert len(indices) == len(set(indices)) == 2


def test_a_pet_left_on_a_map_that_goes_is_gone_too() -> None:
    world = make_world()
    ana, _ = make_player(world)
    wolf = Npc.at(NpcKind(number=7, name="Lobo", body=10), 2, tile_index(56, 55))
    wolf.master = ana.user_id
    world.add_npc(world.maps[2], wolf)
    ana.pets.append(wolf)
    smaller = world_data()
    del smaller.maps[2]
    renew(world, smaller)
    assert wolf.gone
    assert ana.pets == []


def test_a_creature_that_goes_with_its_map_is_nobodys_any_more() -> None:
    world = make_world()
    ana, _ = make_player(world, x=55, y=55)
    shopkeeper = next(world.maps[1].npcs())
    deeds.claim(ana, shopkeeper, 0, Options())
    renew(world, changed_world())
    assert ana.owned is None
    assert (shopkeeper.gone, shopkeeper.index) == (True, 0)


def test_whoever_finds_a_player_on_its_place_stands_beside_it() -> None:
    world = make_world()
    ana, seen = make_player(world, x=52, y=52)
    seen.packets()
    renew(world, changed_world())
    (shopkeeper,) = world.maps[1].npcs()
    assert (ana.x, ana.y) == (52, 52)
    assert max(abs(shopkeeper.x - 52), abs(shopkeeper.y - 52)) == 1
    created = [one for one in seen.packets() if isinstance(one, CharacterCreate)]
    assert [(one.char_index, one.x, one.y) for one in created] == [
        (shopkeeper.index, shopkeeper.x, shopkeeper.y)
    ]
