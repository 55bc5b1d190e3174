"""What lies on the ground comes back after a restart, all of it, whatever the map brings anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.by_hand import changed_by_hand, check_ledger
from tests.support.byte_client import ByteClient
from tests.support.running import Running, Start, start_fixture
from tests.support.things import APPLE, SWORD
from tests.support.world import world_data

from pyao.content.items import Item
from pyao.content.world_data import tile_index, tile_place
from pyao.content.world_file import save_world
from pyao.protocol.client_packets import Drop, PickUp
from pyao.rules.character import Section, Slot
from pyao.rules.inventory import Pile
from pyao.rules.kinds import ObjectType
from pyao.storage.keys import RedisKeys

__all__ = ["start_fixture"]

TILE = (30, 30)
TURNS = 4
FORGE = Item(number=28, name="forge", kind=ObjectType.FORGE, graphic=550, fixed=True)


def save(path: Path, brings: Item) -> str:
    """Write a world in which the first map brings something."""
    data = world_data()
    things = {item.number: item for item in (APPLE, SWORD, FORGE)}
    first = replace(data.maps[1], objects=[(tile_index(*TILE), brings.number, 1)])
    maps = {**data.maps, 1: first}
    save_world(replace(data, maps=maps, items={**data.items, **things}), path)
    return str(path)


async def at_the_tile(running: Running, *slots: Slot) -> ByteClient:
    """Bring Ana in, with something in her bag, and put her on the tile."""
    client = await running.newcomer("Ana")
    player = running.player("Ana")
    with changed_by_hand(running.app, player):
        player.inventory[:] = [*slots, *[None] * (len(player.inventory) - len(slots))]
    running.app.game.world.warp(player, 1, *TILE)
    await client.settle()
    return client


def lying(running: Running) -> dict[tuple[int, int], Pile]:
    """Return what lies on the first map."""
    ground = running.app.game.world.maps[1].ground
    return {tile_place(at): Pile(pile.item.number, pile.amount) for at, pile in ground.items()}


@pytest.mark.parametrize("dropped", [SWORD, APPLE])
async def test_what_was_dropped_is_there_again_where_the_map_brings_something_anew(
    start: Start, tmp_path: Path, dropped: Item
) -> None:
    world = save(tmp_path / "world.pyao", brings=APPLE)
    running = await start(world=world)
    client = await at_the_tile(running, Slot(dropped.number, 3))
    taken = (PickUp(),) if dropped is SWORD else ()  # apples are added to the one that lies there
    client.send(*(packet.encode() for packet in (*taken, Drop(1, 3))))
    await client.settle()
    there = Pile(dropped.number, 3 if taken else 4)
    assert lying(running) == {TILE: there}
    await running.app.stop()

    again = await start(world=world)
    assert lying(again) == {TILE: there}
    found = await check_ledger(again.app)
    assert found.held[dropped.number] == there.amount


async def test_what_lay_where_a_new_map_has_something_immovable_lies_beside_it(
    start: Start, tmp_path: Path
) -> None:
    running = await start(world=save(tmp_path / "old.pyao", brings=APPLE))
    client = await at_the_tile(running, Slot(SWORD.number, 3))
    client.send(PickUp().encode(), Drop(1, 3).encode())
    await client.settle()
    await running.app.stop()

    again = await start(world=save(tmp_path / "new.pyao", brings=FORGE))
    assert sorted(lying(again).values()) == [Pile(SWORD.number, 3), Pile(FORGE.number, 1)]
    await check_ledger(again.app)


async def test_what_lies_on_no_tile_or_is_no_known_thing_stays_in_the_store(
    start: Start, tmp_path: Path
) -> None:
    world = save(tmp_path / "world.pyao", brings=FORGE)
    strange = {"200,5": "2x3", "5,200": "2x3", "40,40": "9999x1", "41,41": "2x0", "x,y": "2x1"}
    running = await start(world=world)
    running.app.writer.submit({RedisKeys.map_ground(1): strange})
    await running.app.stop()

    again = await start(world=world)
    assert lying(again) == {TILE: Pile(FORGE.number, 1)}
    game = again.app.game
    game.world.set_ground(game.world.maps[1], 50, 50, Pile(SWORD.number, 1))
    game.changes.snapshot()
    key = RedisKeys.map_ground(1)
    assert (await game.writer.read([key]))[key] == {**strange, "50,50": f"{SWORD.number}x1"}


async def test_who_only_moves_is_written_in_its_turn_and_value_always_together(
    start: Start,
) -> None:
    running = await start(snapshot_ms=60_000)
    names = [f"Member{letter}" for letter in "ABCDEF"]
    for name in names:
        await running.newcomer(name)
    app = running.app
    changes, world, writer = app.game.changes, app.game.world, app.writer
    changes.snapshot()
    assert await writer.drain(5)
    walkers = [running.player(name) for name in names[:4]]
    payer, paid = (running.player(name) for name in names[4:])
    for player in (*walkers, payer, paid):
        world.mark(player, Section.POSITION)
    for player in (payer, paid):
        world.mark(player, Section.STATS)
    written = []
    for turn in range(TURNS):
        before = {*world.dirty}
        changes.snapshot_in_turn(turn, TURNS)
        assert await writer.drain(5)
        written.append(before - world.dirty)
    assert not world.dirty
    for turn, players in enumerate(written):
        expected = {one for one in walkers if one.user_id % TURNS == turn}
        assert players == (expected | {payer, paid} if turn == 0 else expected)
    assert sum(bool(players) for players in written) == TURNS


async def test_when_much_has_changed_it_does_not_wait_for_its_turn(start: Start) -> None:
    running = await start(snapshot_ms=60_000)
    for name in ("Ana", "Bob"):
        await running.newcomer(name)
    app, ana, bob = running.app, running.player("Ana"), running.player("Bob")
    changes, world = app.game.changes, app.game.world
    changes.snapshot(moves=True)
    turn = next(turn for turn in range(1, TURNS) if turn != bob.user_id % TURNS)
    world.mark(ana, Section.STATS)
    world.mark(bob, Section.POSITION)
    changes.snapshot_in_turn(turn, TURNS, cut_at=2)
    assert world.dirty == {ana, bob}
    world.dirty_ground.add(world.maps[1])
    changes.snapshot_in_turn(turn, TURNS, cut_at=2)
    assert world.dirty == {bob}
    assert not world.dirty_ground


async def test_a_cut_leaves_who_only_moved_to_its_turn_unless_all_are_asked_for(
    start: Start,
) -> None:
    running = await start(snapshot_ms=60_000)
    for name in ("Ana", "Bob"):
        await running.newcomer(name)
    app, ana, bob = running.app, running.player("Ana"), running.player("Bob")
    app.game.changes.snapshot(moves=True)
    for player in (ana, bob):
        app.game.world.warp(player, 1, *TILE)
    bob.gold = 7
    app.game.world.mark(bob, Section.STATS)
    app.game.changes.snapshot()
    assert app.game.world.dirty == {ana}
    app.game.changes.snapshot(moves=True)
    assert not app.game.world.dirty
    places = [RedisKeys.player_position(player.user_id) for player in (ana, bob)]
    assert await app.writer.drain(5)
    found = await app.writer.read(places)
    assert [found[key]["x"] for key in places] == [str(ana.x), str(bob.x)]
    assert abs(ana.x - TILE[0]) <= 1


async def test_a_place_that_was_written_in_its_turn_is_the_newest(start: Start) -> None:
    running = await start(snapshot_ms=60_000)
    await running.newcomer("Ana")
    app, ana = running.app, running.player("Ana")
    app.game.changes.snapshot()
    app.game.world.warp(ana, 1, *TILE)
    assert ana.dirty == Section.POSITION
    for turn in range(TURNS):
        app.game.changes.snapshot_in_turn(turn, TURNS)
    key = RedisKeys.player_position(ana.user_id)
    assert (await app.writer.read([key]))[key]["x"] == str(TILE[0])
    assert await app.writer.drain(5)
