from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from msgspec import structs
from tests.support.world import DOOR, WATER, Recorder, make_player, make_world, world_data

from pyao.content.world_data import tile_index, tile_place
from pyao.protocol.packet import Packet
from pyao.protocol.server_packets import (
    AreaChanged,
    BlockPosition,
    ChangeMap,
    CharacterCreate,
    CharacterMove,
    CharacterRemove,
    ForceCharMove,
    ObjectCreate,
    ObjectDelete,
    UserCharIndexInServer,
)
from pyao.rules.character import Section, Slot
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Heading, ObjectType
from pyao.world import Player, World
from pyao.world.map_room import GroundItem


@pytest.fixture
def world() -> World:
    return make_world()


def of(kind: type[Packet], packets: list[Packet]) -> list[Packet]:
    return [packet for packet in packets if isinstance(packet, kind)]


def test_a_newcomer_is_told_its_map_before_its_character_and_its_index(world: World) -> None:
    _, seen = make_player(world)
    kinds = [type(packet) for packet in seen.packets()]
    assert kinds.index(ChangeMap) < kinds.index(CharacterCreate)
    assert kinds.index(CharacterCreate) < kinds.index(UserCharIndexInServer)


def test_two_who_stand_near_are_shown_to_each_other_once(world: World) -> None:
    ana, ana_sees = make_player(world)
    ana_sees.packets()
    bob, bob_sees = make_player(world, "Bob", 52, 50, number=2)
    assert [p.char_index for p in ana_sees.packets() if isinstance(p, CharacterCreate)] == [
        bob.index
    ]
    shown = [p.char_index for p in bob_sees.packets() if isinstance(p, CharacterCreate)]
    assert sorted(shown) == sorted([ana.index, bob.index])


def test_a_step_is_shown_to_others_and_never_to_the_walker(world: World) -> None:
    ana, ana_sees = make_player(world)
    _, bob_sees = make_player(world, "Bob", 52, 50, number=2)
    ana_sees.packets(), bob_sees.packets()
    assert world.walk(ana, Heading.NORTH)
    assert bob_sees.packets() == [CharacterMove(ana.index, 50, 49)]
    assert ana_sees.packets() == []
    assert (ana.x, ana.y, ana.heading) == (50, 49, Heading.NORTH)
    assert ana.dirty & Section.POSITION


@pytest.mark.parametrize(
    ("x", "y", "heading"),
    [
        (25, 21, Heading.NORTH),
        (39, 42, Heading.EAST),
        (9, 60, Heading.WEST),
        (50, 7, Heading.NORTH),
    ],
    ids=["wall", "water", "west rim", "north rim"],
)
def test_nobody_walks_into(world: World, x: int, y: int, heading: Heading) -> None:
    ana, _ = make_player(world, x=x, y=y)
    assert not world.walk(ana, heading)
    assert (ana.x, ana.y) == (x, y)


def test_a_boat_sails_on_water_only(world: World) -> None:
    ana, _ = make_player(world, x=42, y=42 - 3)
    assert not world.walk(ana, Heading.SOUTH)
    ana.sailing = True
    assert world.walk(ana, Heading.SOUTH)
    assert not world.walk(ana, Heading.NORTH)


def test_the_living_block_the_way(world: World) -> None:
    ana, _ = make_player(world)
    make_player(world, "Bob", 51, 50, number=2)
    assert not world.walk(ana, Heading.EAST)


def test_a_ghost_changes_places_with_who_walks_into_it(world: World) -> None:
    ana, ana_sees = make_player(world)
    bob, bob_sees = make_player(world, "Bob", 51, 50, number=2)
    _, eve_sees = make_player(world, "Eve", 52, 52, number=3)
    bob.hp = 0
    for seen in (ana_sees, bob_sees, eve_sees):
        seen.packets()
    assert world.walk(ana, Heading.EAST)
    assert (ana.x, bob.x) == (51, 50)
    room = world.maps[1]
    assert room.occupant(50, 50) is bob
    assert room.occupant(51, 50) is ana
    assert of(ForceCharMove, bob_sees.packets()) == [ForceCharMove(Heading.WEST)]
    assert of(CharacterMove, ana_sees.packets()) == [CharacterMove(bob.index, 50, 50)]
    moves = of(CharacterMove, eve_sees.packets())
    assert sorted(moves, key=str) == sorted(
        [CharacterMove(ana.index, 51, 50), CharacterMove(bob.index, 50, 50)], key=str
    )


def test_leaving_the_view_removes_both_sides_and_coming_back_creates_them(world: World) -> None:
    ana, ana_sees = make_player(world, x=53, y=50)
    bob, bob_sees = make_player(world, "Bob", 40, 50, number=2)
    ana_sees.packets(), bob_sees.packets()
    assert world.walk(ana, Heading.EAST)  # from zone column 5 to 6; Bob stands in 4
    assert of(CharacterRemove, ana_sees.packets()) == [CharacterRemove(bob.index)]
    gone = bob_sees.packets()
    assert gone == [CharacterMove(ana.index, 54, 50), CharacterRemove(ana.index)]
    assert world.walk(ana, Heading.WEST)
    back = ana_sees.packets()
    assert isinstance(back[0], AreaChanged)
    assert [p.char_index for p in back if isinstance(p, CharacterCreate)] == [bob.index]
    assert [p.char_index for p in bob_sees.packets() if isinstance(p, CharacterCreate)] == [
        ana.index
    ]


def test_objects_come_and_go_with_the_view(world: World) -> None:
    ana, seen = make_player(world, x=44, y=60)
    assert of(ObjectCreate, seen.packets()) == []
    while not (created := of(ObjectCreate, seen.packets())):
        assert world.walk(ana, Heading.EAST)
    assert created == [ObjectCreate(*DOOR, 500)]
    while not (deleted := of(ObjectDelete, seen.packets())):
        assert world.walk(ana, Heading.WEST)
    assert deleted == [ObjectDelete(*DOOR)]


def test_an_exit_leads_to_the_other_map_in_the_order_the_client_needs(world: World) -> None:
    ana, ana_sees = make_player(world, x=91, y=50)
    _, bob_sees = make_player(world, "Bob", 90, 50, number=2)
    ana_sees.packets(), bob_sees.packets()
    old_index = ana.index
    assert world.walk(ana, Heading.EAST)
    assert (ana.map, ana.x, ana.y) == (2, 11, 50)
    kinds = [type(packet) for packet in ana_sees.packets()]
    assert kinds[0] is ChangeMap
    assert kinds.index(CharacterCreate) < kinds.index(UserCharIndexInServer)
    assert of(CharacterRemove, bob_sees.packets()) == [CharacterRemove(old_index)]


def test_an_exit_to_a_map_that_does_not_exist_is_plain_ground(world: World) -> None:
    ana, seen = make_player(world, x=10, y=50)
    seen.packets()
    assert world.walk(ana, Heading.WEST)
    assert (ana.map, ana.x, ana.y) == (1, 9, 50)
    assert of(ChangeMap, seen.packets()) == []


def test_a_taken_place_gives_the_nearest_free_one(world: World) -> None:
    make_player(world)
    bob, _ = make_player(world, "Bob", 50, 50, number=2)
    assert abs(bob.x - 50) + abs(bob.y - 50) == 1


def test_who_leaves_the_world_leaves_no_ghost(world: World) -> None:
    ana, _ = make_player(world)
    _, bob_sees = make_player(world, "Bob", 52, 50, number=2)
    bob_sees.packets()
    index = ana.index
    world.remove(ana)
    assert CharacterRemove(index) in bob_sees.packets()
    assert world.maps[1].occupant(50, 50) is None
    assert world.find("ana") is None
    assert ana.dirty == Section.everything()


def test_indices_return_only_after_all_others_were_used(world: World) -> None:
    ana, _ = make_player(world)
    first = ana.index
    world.remove(ana)
    again, _ = make_player(world)
    assert again.index != first


def test_a_jump_on_the_same_map_makes_the_client_forget_the_old_place(world: World) -> None:
    ana, ana_sees = make_player(world)
    bob, bob_sees = make_player(world, "Bob", 52, 50, number=2)
    ana_sees.packets(), bob_sees.packets()
    assert world.warp(ana, 1, 80, 80, flash=True)
    told = ana_sees.packets()
    assert CharacterRemove(bob.index) in told
    assert of(ChangeMap, told) == []
    assert any(isinstance(p, UserCharIndexInServer) and p.char_index == ana.index for p in told)


def test_nobody_sees_across_maps(world: World) -> None:
    ana, _ = make_player(world)
    _, bob_sees = make_player(world, "Bob", 50, 50, number=2, on=2)
    bob_sees.packets()
    world.walk(ana, Heading.EAST)
    assert bob_sees.packets() == []


def test_an_opened_door_can_be_walked_through_and_everybody_is_told(world: World) -> None:
    ana, seen = make_player(world, x=60, y=61)
    seen.packets()
    assert not world.walk(ana, Heading.NORTH)
    room = world.maps[1]
    world.replace_ground(room, *DOOR, world.data.items[21])
    world.block(room, *DOOR, blocked=False)
    told = ["OBJECT_DELETE", "OBJECT_CREATE", "BLOCK_POSITION"]
    assert [p.packet_name for p in seen.packets()] == told
    assert world.walk(ana, Heading.NORTH)
    assert world.data.maps[1].flags[tile_index(*DOOR)] == 1, "the map file is never changed"


def test_a_wall_that_the_client_does_not_draw_is_told_with_its_tile() -> None:
    data = world_data()
    at = tile_index(25, 20)  # in the wall
    data.maps[1].objects.append((at, 20, 1))
    data.items[20] = structs.replace(data.items[20], kind=ObjectType.CONTAINER, graphic=580)
    _, seen = make_player(make_world(data=data), x=25, y=22)
    packets = seen.packets()
    assert ObjectCreate(25, 20, 580) in packets
    assert BlockPosition(25, 20, blocked=True) in packets


def test_a_long_random_walk_never_shows_what_is_not_there(world: World) -> None:
    """Each viewer's picture, built from its packets alone, equals what stands in its view."""
    rng = random.Random(7)
    crowd = [
        make_player(world, f"P{chr(97 + n)}", rng.randint(46, 75), rng.randint(46, 75), number=n)
        for n in range(1, 13)
    ]
    pictures: dict[int, set[int]] = {player.user_id: set() for player, _ in crowd}
    for _ in range(3000):
        player, _ = rng.choice(crowd)
        world.walk(player, rng.randint(1, 4))
        for viewer, seen in crowd:
            follow(pictures[viewer.user_id], seen)
    for viewer, _ in crowd:
        visible = {other.index for other in world.maps[viewer.map].viewers(viewer.zone)} | {
            npc.index for npc in world.maps[viewer.map].npcs() if npc.zone in near(viewer.zone)
        }
        assert pictures[viewer.user_id] == visible


def near(zone: int) -> set[int]:
    row, column = divmod(zone, 12)
    return {
        r * 12 + c
        for r in range(row - 1, row + 2)
        for c in range(column - 1, column + 2)
        if 0 <= r < 12 and 0 <= c < 12
    }


def follow(picture: set[int], seen: Recorder) -> None:
    for packet in seen.packets():
        if isinstance(packet, ChangeMap):
            picture.clear()
        elif isinstance(packet, CharacterCreate):
            picture.add(packet.char_index)
        elif isinstance(packet, CharacterRemove):
            picture.discard(packet.char_index)
        elif isinstance(packet, CharacterMove):
            assert packet.char_index in picture, "moved without having been created"


class Watcher:
    """A member of a map's room that is no player: a web page, a bot."""

    member_id = "watcher"
    name = "Watcher"

    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []

    def room_message(self, room_id: str, name: str, value: object) -> None:
        assert room_id == "map:1"
        self.heard.append((name, value))

    def last(self) -> tuple[str, object]:
        return self.heard[-1]


def test_a_map_is_a_room_whose_variables_change_live(world: World) -> None:
    watcher = Watcher()
    assert world.rooms.join("map:1", watcher) is None
    assert (
        dict(watcher.heard).items()
        >= {
            "name": "Meadow 1",
            "safe": True,
            "population": 0,
            "weather": "clear",
            "owner": "",
        }.items()
    )
    ana, _ = make_player(world)
    assert watcher.last() == ("population", 1)
    world.maps[1].set_variable("weather", "rain")
    assert watcher.last() == ("weather", "rain")
    world.warp(ana, 2, 50, 50)
    assert watcher.last() == ("population", 0)


def test_what_falls_on_land_stays_on_land_and_at_sea_on_the_water(world: World) -> None:
    room = world.maps[1]
    daggers = Pile(460, 1)
    for _ in range(6):
        assert world.lay_near(room, 46, 43, daggers._replace(item=463))
    laid = {tile_place(at) for at, pile in room.ground.items() if not pile.fixed}
    assert laid
    assert not laid & WATER
    assert world.lay_near(room, 43, 43, daggers)
    assert room.ground[tile_index(43, 43)].item.number == 460


def test_nothing_is_laid_under_anybody_or_onto_an_exit_or_what_the_map_brings(
    world: World,
) -> None:
    room = world.maps[1]
    make_player(world, x=91, y=50)
    assert world.lay_near(room, 92, 50, Pile(460, 1))
    (at,) = [at for at, pile in room.ground.items() if not pile.fixed]
    assert tile_place(at) == (92, 49)
    dagger = world.data.items[460]
    room.lay(30, 60, GroundItem(dagger, 1, fixed=True))
    assert world.lay_near(room, 30, 60, Pile(460, 1))
    assert room.ground[tile_index(30, 60)].amount == 1


def test_each_of_several_things_needs_a_tile_of_its_own(world: World) -> None:
    room = world.maps[1]
    for x in range(1, 101):
        for y in range(1, 101):
            world.set_ground(room, x, y, Pile(460, 1))
    world.set_ground(room, 31, 60, None)
    daggers, others = Pile(460, 9_998), Pile(463, 7)
    assert world.places_near(room, 30, 60, []) == {}
    assert world.places_near(room, 30, 60, [others, others]) == {(31, 60): Pile(463, 14)}
    assert world.places_near(room, 30, 60, [others, Pile(12, 1)]) is None
    assert world.places_near(room, 30, 60, [daggers, daggers]) == {
        (30, 60): Pile(460, 9_999),
        (29, 60): Pile(460, 9_999),
    }
    assert world.places_near(room, 30, 60, [Pile(99_999, 1)]) is None
    assert tile_index(31, 60) not in room.ground


def test_one_who_comes_in_on_an_exit_begins_where_it_leads() -> None:
    player, _ = make_player(make_world(), x=92, y=50)
    assert (player.map, player.x, player.y) == (2, 11, 50)


def test_one_who_comes_in_on_an_exit_it_may_not_take_stands_beside_it() -> None:
    world = make_world()
    world.maps[2].data.restriction = "CAOS"
    player, _ = make_player(world, x=92, y=50)
    assert player.map == 1
    assert abs(player.x - 92) + abs(player.y - 50) in (1, 2)
    nowhere, _ = make_player(world, "Bob", x=9, y=50, number=2)
    assert nowhere.map == 1
    assert (nowhere.x, nowhere.y) != (9, 50)


def test_a_race_looks_and_is_built_as_the_world_says() -> None:
    data = world_data()
    human = data.rulebook.balance.races[1]
    data.rulebook.balance.races[1] = replace(human, small=True, naked_male=222)
    player, _ = make_player(make_world(data=data))
    assert player.build.small
    assert player.look.body == 222


def join_a_guild(world: World, player: Player) -> None:
    player.guild_name = "Los Pardos"
    world.show_label(player)


def fall_from_grace(world: World, player: Player) -> None:
    player.bandit = 50_000
    world.show_label(player)


def draw(world: World, player: Player) -> None:
    player.inventory[0] = Slot(460, 1, equipped=True)
    world.dress(player)


def go_and_return(world: World, player: Player) -> None:
    assert world.warp(player, 2, 50, 50)
    world.indices.take()  # somebody else has the index now
    assert world.warp(player, 1, 50, 50)


def step(world: World, player: Player) -> None:
    assert world.walk(player, Heading.WEST)


@pytest.mark.parametrize("change", [join_a_guild, fall_from_grace, draw, go_and_return, step])
def test_whoever_comes_into_view_is_shown_as_it_is_now(
    world: World, change: Callable[[World, Player], None]
) -> None:
    ana, _ = make_player(world)
    make_player(world, "Bob", 52, 50, number=2)  # is shown Ana as she is
    before = world.create_bytes(ana)
    change(world, ana)
    assert world.create_bytes(ana) != before
    _, eva_sees = make_player(world, "Eva", 52, 51, number=3)
    shown = [p.encode() for p in of(CharacterCreate, eva_sees.packets())]
    assert world.create_bytes(ana) in shown
