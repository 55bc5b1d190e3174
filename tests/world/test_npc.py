from __future__ import annotations

import random

import pytest
from tests.support.creatures import WOLF
from tests.support.world import Recorder, make_player, make_world, world_data
from tests.world.test_world import follow, near

from pyao.content.npcs import NpcKind
from pyao.content.world_data import tile_index
from pyao.protocol.server_packets import (
    CharacterChange,
    CharacterCreate,
    CharacterMove,
    CharacterRemove,
    ForceCharMove,
)
from pyao.rules.kinds import Heading, TileFlag, Trigger
from pyao.world import World
from pyao.world.npc import Npc

FISH = NpcKind(number=600, body=1, water_ok=True, land_forbidden=True)
DUCK = NpcKind(number=601, body=1, water_ok=True)


@pytest.fixture
def world() -> World:
    return make_world()


def living(world: World, x: int, y: int, kind: NpcKind = WOLF) -> Npc:
    npc = Npc.at(kind, 1, tile_index(x, y))
    world.add_npc(world.maps[1], npc)
    return npc


def test_a_step_of_a_creature_is_shown_to_those_who_see_it(world: World) -> None:
    _, seen = make_player(world)
    wolf = living(world, 52, 50)
    seen.packets()
    assert world.walk_npc(wolf, Heading.WEST)
    assert seen.packets() == [CharacterMove(wolf.index, 51, 50)]
    assert (wolf.x, wolf.y, wolf.heading) == (51, 50, Heading.WEST)


def test_a_creature_that_comes_into_view_is_created_and_one_that_leaves_it_removed(
    world: World,
) -> None:
    _, seen = make_player(world, x=40, y=50)
    wolf = living(world, 54, 50)
    assert [p for p in seen.packets() if getattr(p, "char_index", 0) == wolf.index] == []
    assert world.walk_npc(wolf, Heading.WEST)
    (created,) = seen.packets()
    assert isinstance(created, CharacterCreate)
    assert (created.char_index, created.x, created.y) == (wolf.index, 53, 50)
    assert world.walk_npc(wolf, Heading.EAST)
    assert seen.packets() == [CharacterMove(wolf.index, 54, 50), CharacterRemove(wolf.index)]


@pytest.mark.parametrize(
    ("kind", "x", "y", "heading"),
    [
        (WOLF, 25, 21, Heading.NORTH),
        (WOLF, 39, 42, Heading.EAST),
        (FISH, 40, 42, Heading.WEST),
        (WOLF, 9, 60, Heading.WEST),
        (WOLF, 50, 94, Heading.SOUTH),
        (WOLF, 91, 50, Heading.EAST),
        (WOLF, 70, 71, Heading.NORTH),
    ],
    ids=["wall", "water", "land", "west rim", "south rim", "exit", "somebody"],
)
def test_no_creature_steps_on(
    world: World, kind: NpcKind, x: int, y: int, heading: Heading
) -> None:
    npc = living(world, x, y, kind)
    assert not world.walk_npc(npc, heading)
    assert (npc.x, npc.y) == (x, y)


@pytest.mark.parametrize(("kind", "x"), [(FISH, 41), (DUCK, 39), (DUCK, 41)])
def test_creatures_of_the_water_swim(world: World, kind: NpcKind, x: int) -> None:
    assert world.walk_npc(living(world, x, 42, kind), Heading.EAST)


def test_only_pets_step_where_creatures_may_not() -> None:
    data = world_data()
    triggers = bytearray(10_000)
    triggers[tile_index(50, 49)] = Trigger.NO_NPC
    data.maps[1].triggers = bytes(triggers)
    world = make_world(data=data)
    wolf = living(world, 50, 50)
    assert not world.walk_npc(wolf, Heading.NORTH)
    wolf.master = 1
    assert world.walk_npc(wolf, Heading.NORTH)


def test_a_creature_changes_places_with_a_ghost(world: World) -> None:
    ana, ana_sees = make_player(world, x=53, y=50)
    _, bob_sees = make_player(world, "Bob", 52, 52, number=2)
    ana.hp = 0
    wolf = living(world, 54, 50)  # in another zone than Ana
    ana_sees.packets(), bob_sees.packets()
    assert world.walk_npc(wolf, Heading.WEST)
    room = world.maps[1]
    assert room.occupant(53, 50) is wolf
    assert room.occupant(54, 50) is ana
    assert (wolf.zone, ana.zone) == (65, 66)
    told = ana_sees.packets()
    assert told[:2] == [CharacterMove(wolf.index, 53, 50), ForceCharMove(Heading.EAST)]
    assert CharacterMove(ana.index, 54, 50) in bob_sees.packets()


def test_a_ghost_is_never_pushed_into_the_water(world: World) -> None:
    ana, _ = make_player(world, x=39, y=42)
    ana.hp = 0
    assert not world.walk_npc(living(world, 40, 42, DUCK), Heading.WEST)


def test_unseen_staff_stays_where_it_is(world: World) -> None:
    ana, _ = make_player(world)
    ana.hp, ana.unseen = 0, True
    assert not world.walk_npc(living(world, 51, 50), Heading.WEST)


def test_a_creature_that_turns_is_shown_once(world: World) -> None:
    _, seen = make_player(world)
    wolf = living(world, 52, 50)
    seen.packets()
    world.turn_npc(wolf, Heading.WEST)
    world.turn_npc(wolf, Heading.WEST)
    (shown,) = seen.packets()
    assert isinstance(shown, CharacterChange)
    assert shown.heading == Heading.WEST


def test_a_creature_that_jumps_is_taken_away_and_shown_anew(world: World) -> None:
    _, seen = make_player(world)
    wolf = living(world, 52, 50)
    seen.packets()
    world.jump_npc(wolf, world.maps[1], 48, 50)
    kinds = [type(packet) for packet in seen.packets()]
    assert kinds[-2:] == [CharacterRemove, CharacterCreate]
    assert world.maps[1].occupant(48, 50) is wolf


def test_pets_leave_the_world_with_their_master(world: World) -> None:
    ana, _ = make_player(world)
    _, bob_sees = make_player(world, "Bob", 52, 52, number=2)
    wolf = living(world, 51, 50)
    ana.pets.append(wolf)
    bob_sees.packets()
    world.remove(ana)
    assert wolf.gone
    assert any(isinstance(packet, CharacterRemove) for packet in bob_sees.packets())


def test_creatures_keep_off_who_has_just_arrived(world: World) -> None:
    ana, _ = make_player(world)
    assert ana.protected_until == world.clock.now() + 5000


def test_a_long_random_walk_of_creatures_never_shows_what_is_not_there(world: World) -> None:
    """Each viewer's picture, built from its packets alone, equals what stands in its view."""
    rng = random.Random(11)
    crowd = [
        make_player(world, f"P{chr(97 + n)}", 48 + 3 * n, 50 + 2 * n, number=n) for n in range(1, 7)
    ]
    crowd[0][0].hp = crowd[1][0].hp = 0
    herd = [living(world, 46 + 2 * n, 60) for n in range(12)]
    pictures: dict[int, set[int]] = {player.user_id: set() for player, _ in crowd}

    def look(viewer: int, seen: Recorder) -> None:
        follow(pictures[viewer], seen)

    for _ in range(3000):
        if rng.random() < 0.3:
            world.walk(rng.choice(crowd)[0], rng.randint(1, 4))
        else:
            world.walk_npc(rng.choice(herd), rng.randint(1, 4))
        for viewer, seen in crowd:
            look(viewer.user_id, seen)
    for viewer, _ in crowd:
        room = world.maps[viewer.map]
        visible = {other.index for other in room.viewers(viewer.zone)}
        visible |= {npc.index for npc in room.npcs() if npc.zone in near(viewer.zone)}
        assert pictures[viewer.user_id] == visible
    assert all(not room.flag(npc.x, npc.y) & TileFlag.BLOCKED for npc in herd)
