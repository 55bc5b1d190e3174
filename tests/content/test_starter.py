"""The world that ships, alone and against the client's own files where they are at hand."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from pathlib import Path

import pytest
from tests.support.archives import unpack
from tests.support.content_facts import heaviest_view

from pyao.content.collision import save_collision
from pyao.content.maps import read_tiles
from pyao.content.starter import COLLISION_FILE, STARTER_FOLDER, load_starter
from pyao.content.texts import LANGUAGES, Language
from pyao.content.world_data import TILES, WorldData, tile_index, tile_place
from pyao.rules.kinds import ObjectType, TileFlag

BLOCKED = int(TileFlag.BLOCKED)
WATER = int(TileFlag.WATER)


@pytest.fixture(scope="module")
def world() -> WorldData:
    return load_starter()


@pytest.fixture(scope="module")
def client_ground(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, bytes]:
    """Return the flags of the client's own maps that the starter world uses."""
    folder = unpack(shared, "godot-client-assets", tmp_path_factory.mktemp("client"))
    maps = folder / "godot-client" / "Assets" / "Maps"
    return {
        number: read_tiles((maps / f"mapa{number}.map").read_bytes(), f"{number}").flags()
        for number in load_starter().maps
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_world_reads_without_a_mistake(language: Language) -> None:
    world = load_starter(language=language)
    assert world.source == "starter"
    assert {1, 166} <= world.maps.keys()


def test_every_home_is_in_the_town(world: WorldData) -> None:
    assert sorted(world.cities) == [1, 2, 3, 4, 5, 6]
    assert {city.map for city in world.cities.values()} == {1}


def test_the_town_is_safe_and_the_hall_beyond_its_entrance_is_not(world: WorldData) -> None:
    assert world.maps[1].safe
    assert not world.maps[166].safe
    assert 4 in world.maps[166].triggers
    assert world.maps[166].triggers[tile_index(50, 60)] != 4


def test_exits_lead_both_ways_between_town_and_hall(world: WorldData) -> None:
    assert 166 in {leads[0] for leads in world.maps[1].exits.values()}
    assert 1 in {leads[0] for leads in world.maps[166].exits.values()}


def test_an_arrival_is_no_exit_and_stands_free(world: WorldData) -> None:
    for entry in world.maps.values():
        for at, (number, x, y) in entry.exits.items():
            target = world.maps[number]
            arrival = tile_index(x, y)
            assert arrival not in target.exits, (entry.number, tile_place(at))
            assert not target.flags[arrival] & BLOCKED


def test_every_way_out_has_a_way_back(world: WorldData) -> None:
    leads = {(number, to[0]) for number, entry in world.maps.items() for to in entry.exits.values()}
    assert leads == {(there, here) for here, there in leads}
    for number, entry in world.maps.items():
        for at, (there, x, y) in entry.exits.items():
            back = [
                tile_place(way) for way, to in world.maps[there].exits.items() if to[0] == number
            ]
            near = min(max(abs(x - bx), abs(y - by)) for bx, by in back)
            assert near <= 4, (number, tile_place(at), "one who turns round is back")


# How strong the creatures of a map are, as the level of a player they are a fair match for.
STRENGTH = {
    500: 1,
    536: 1,
    504: 2,
    529: 3,
    505: 5,
    501: 6,
    503: 8,
    594: 9,
    530: 10,
    502: 11,
    519: 13,
    522: 14,
    538: 16,
    510: 18,
    606: 18,
    549: 20,
    537: 22,
    541: 24,
    550: 26,
    554: 28,
    552: 30,
    509: 32,
    601: 34,
}


def test_the_way_from_town_grows_harder_step_by_step(world: WorldData) -> None:
    def hostile(number: int) -> list[int]:
        found = [kind for _, kind in world.maps[number].npcs if world.npcs[kind].hostile]
        return sorted(STRENGTH[kind] for kind in found)

    assert {n for n, npc in world.npcs.items() if npc.hostile and npc.drops} == STRENGTH.keys()
    assert max(hostile(1)) <= 2
    assert max(hostile(8)) <= 2
    assert (min(hostile(18)), max(hostile(18))) == (1, 6)
    assert (min(hostile(16)), max(hostile(16))) == (3, 13)
    assert (min(hostile(22)), max(hostile(22))) == (6, 16)
    assert min(hostile(168)) >= 11
    assert max(hostile(168)) == 34
    graded = sorted({strength for number in world.maps for strength in hostile(number)})
    assert all(stronger - weaker <= 2 for weaker, stronger in pairwise(graded))


def test_creatures_keep_to_their_part_of_the_map(world: WorldData) -> None:
    for number, npc in world.npcs.items():
        if npc.hostile and npc.drops:
            assert npc.fixed_place or 0 < npc.territory <= 20, number
            assert npc.respawn_s, number


def test_every_map_can_be_reached_from_the_town(world: WorldData) -> None:
    assert reached(world) == world.maps.keys()


def reached(world: WorldData) -> set[int]:
    """Walk and sail from the first home through every exit; return the maps seen."""
    city = world.cities[1]
    start = (city.map, tile_index(city.x, city.y))
    seen = {start}
    queue = deque([start])
    while queue:
        number, at = queue.popleft()
        entry = world.maps[number]
        nearby = [(number, at + step) for step in (-100, -1, 1, 100) if 0 <= at + step < TILES]
        leads = entry.exits.get(at)
        if leads is not None:
            nearby.append((leads[0], tile_index(leads[1], leads[2])))
        for place in nearby:
            if place not in seen and not world.maps[place[0]].flags[place[1]] & BLOCKED:
                seen.add(place)
                queue.append(place)
    return {number for number, _ in seen}


def on_foot(world: WorldData) -> set[tuple[int, int]]:
    """Walk from the first home, through doors and exits but not into water."""
    city = world.cities[1]
    doors = {
        (entry.number, at - west)
        for entry in world.maps.values()
        for at, number, _ in entry.objects
        for west in (0, 1)
        if world.items[number].kind == ObjectType.DOOR
    }
    seen = {(city.map, tile_index(city.x, city.y))}
    queue = deque(seen)
    while queue:
        number, at = queue.popleft()
        nearby = [(number, at + step) for step in (-100, -1, 1, 100)]
        leads = world.maps[number].exits.get(at)
        if leads is not None:
            nearby.append((leads[0], tile_index(leads[1], leads[2])))
        for place in nearby:
            shut = world.maps[place[0]].flags[place[1]] & (BLOCKED | WATER)
            if place not in seen and (not shut or place in doors):
                seen.add(place)
                queue.append(place)
    return seen


def test_a_newcomer_can_walk_up_to_everybody_and_everything_ashore(world: WorldData) -> None:
    ground = on_foot(world)
    for number, entry in world.maps.items():
        if number in {106, 107}:
            continue
        standing = [at for at, _ in entry.npcs] + [at for at, *_ in entry.objects]
        cell = {tile_index(x, y) for x in range(86, 92) for y in range(89, 94)}
        for at in standing:
            beside = {(number, at + step) for step in (0, -100, -1, 1, 100)}
            unreachable = number == 166 and at in cell
            assert unreachable or beside & ground, (number, tile_place(at))


def test_the_cell_of_the_game_masters_has_no_way_out(world: WorldData) -> None:
    number, x, y = world.rulebook.places["prison"]
    assert not world.maps[number].flags[tile_index(x, y)] & BLOCKED
    assert (number, tile_index(x, y)) not in on_foot(world)


def test_a_view_takes_one_segment_on_the_wire(world: WorldData) -> None:
    """The client parses each read on its own, so what it is shown on arrival should be one."""
    for entry in world.maps.values():
        assert heaviest_view(world, entry) <= 1_000, entry.number


def test_what_is_free_here_is_free_in_the_client(
    world: WorldData, client_ground: dict[int, bytes]
) -> None:
    for number, entry in world.maps.items():
        ground = client_ground[number]
        for at, flags in enumerate(entry.flags):
            if not flags & BLOCKED:
                expected = (BLOCKED | WATER) & flags
                assert ground[at] & (BLOCKED | WATER) == expected, (number, tile_place(at))


def test_all_ground_the_client_lets_a_player_reach_is_free_or_told_to_be_blocked(
    world: WorldData, client_ground: dict[int, bytes]
) -> None:
    """Else a step that the client takes for free would be taken back."""
    for number, entry in world.maps.items():
        told = {at for at, *_ in entry.objects if entry.flags[at] & BLOCKED}
        told |= {
            at - 1 for at, item, _ in entry.objects if world.items[item].kind == ObjectType.DOOR
        }
        theirs = connected(client_ground[number], entry.flags)
        ours = {at for at in range(TILES) if not entry.flags[at] & BLOCKED}
        assert theirs - ours - told == set(), number


def connected(ground: bytes, known: bytes) -> set[int]:
    """Collect the client's tiles that are joined to one known to be free, by land or by water."""
    seen = {at for at in range(TILES) if not known[at] & BLOCKED}
    queue = deque(seen)
    while queue:
        at = queue.popleft()
        for beside in (at - 100, at - 1, at + 1, at + 100):
            kind_changes = (ground[beside] ^ ground[at]) & WATER
            if beside not in seen and not ground[beside] & BLOCKED and not kind_changes:
                seen.add(beside)
                queue.append(beside)
    return seen


def test_the_clients_true_ground_is_used_where_the_data_folder_has_it(
    tmp_path: Path, client_ground: dict[int, bytes]
) -> None:
    save_collision(client_ground, tmp_path / COLLISION_FILE)
    world = load_starter(tmp_path)
    for number, entry in world.maps.items():
        walls = {at for at, item, _ in entry.objects if entry.flags[at] & BLOCKED}
        walls |= {at - 1 for at in walls}  # a door shuts the tile west of it too
        for at, flags in enumerate(client_ground[number]):
            if at not in walls:
                assert entry.flags[at] & (BLOCKED | WATER) == flags & (BLOCKED | WATER)


def test_the_texts_are_spanish_with_english_beside() -> None:
    for path in sorted(STARTER_FOLDER.rglob("*.toml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for key in ("name", "text", "motd", "help", "description", "phrases"):
            spanish = sum(line.startswith(f"{key} = ") for line in lines)
            english = sum(line.startswith(f"{key}_en = ") for line in lines)
            assert spanish == english, (path.name, key)
