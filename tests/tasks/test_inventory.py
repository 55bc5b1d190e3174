from __future__ import annotations

import pytest
from tests.support.by_hand import changed_by_hand, check_ledger
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.duel import BeginDuel, Duel, ids, lines
from tests.support.things import BARGE, HELMET, SHIELD, SWORD
from tests.tasks.conftest import Running, Start

from pyao.content.world_data import tile_place
from pyao.rules.character import Slot
from pyao.world import Player
from pyao.world.map_room import GroundItem

PICK_UP = b"\x09"
DROP, EQUIP, MOVE_ITEM, MOVE_SPELL = 24, 36, 129, 45
SLOT, SPELL_SLOT, GOLD, OBJECT, OBJECT_GONE, LOOK = 47, 49, 18, 35, 36, 34
DAGGER, CLOTHES, GOLD_ITEM = 460, 463, 12
STATS = 45


def drop(slot: int, amount: int) -> bytes:
    return bytes((DROP, slot)) + amount.to_bytes(2, "little", signed=True)


@pytest.fixture
async def ana(running: Running) -> tuple[ByteClient, Player]:
    client = await running.newcomer("Ana")
    player = running.player("Ana")
    player.inventory[:] = [Slot(DAGGER, 5), *[None] * 24]
    player.gold = 1000
    client.seen.clear()
    return client, player


async def test_what_is_dropped_lies_there_for_all_and_can_be_picked_up(
    running: Running, ana: tuple[ByteClient, Player]
) -> None:
    client, player = ana
    bob = await running.newcomer("Bob")
    client.send(drop(1, 2))
    assert (await client.get(SLOT)).values[:4] == (1, DAGGER, "Daga", 3)
    assert (await bob.get(OBJECT)).values == (player.x, player.y, 601)
    client.send(PICK_UP)
    assert (await client.get(SLOT)).values[:4] == (1, DAGGER, "Daga", 5)
    await bob.get(OBJECT_GONE)
    assert player.inventory[0] == Slot(DAGGER, 5)


@pytest.mark.parametrize("amount", [0, -1, -32768])
async def test_an_impossible_amount_drops_nothing(
    ana: tuple[ByteClient, Player], amount: int
) -> None:
    client, player = ana
    client.send(drop(1, amount), drop(31, amount))
    await client.settle()
    assert player.inventory[0] == Slot(DAGGER, 5)
    assert player.gold == 1000


async def test_more_than_one_has_drops_all_of_it_once(ana: tuple[ByteClient, Player]) -> None:
    client, player = ana
    client.send(drop(1, 10_000), drop(1, 10_000))
    await client.settle()
    assert player.inventory[0] is None
    client.send(PICK_UP)
    await client.settle()
    assert player.inventory[0] == Slot(DAGGER, 5)


async def test_gold_changes_hands_over_the_ground(
    running: Running, ana: tuple[ByteClient, Player]
) -> None:
    client, player = ana
    client.send(drop(31, 400))
    assert (await client.get(GOLD)).values == (600,)
    bob = await running.newcomer("Bob")
    heir = running.player("Bob")
    room = running.app.game.world.maps[1]
    (at,) = [tile for tile, pile in room.ground.items() if pile.item.number == GOLD_ITEM]
    running.app.game.world.warp(player, 1, 80, 80)
    running.app.game.world.warp(heir, 1, 80, 82)
    running.app.game.world.warp(heir, 1, at % 100 + 1, at // 100 + 1)
    bob.send(PICK_UP)
    assert (await bob.get(GOLD)).values == (400,)
    assert player.gold + heir.gold == 1000


async def test_what_lies_on_the_ground_survives_a_restart(
    start: Start, running: Running, ana: tuple[ByteClient, Player]
) -> None:
    client, player = ana
    client.send(drop(1, 5))
    await client.settle()
    await running.app.stop()
    later = await start()
    again = await later.connect()
    await again.enter("Ana")
    assert (player.x, player.y) in again.objects
    again.send(PICK_UP)
    await again.settle()
    assert later.player("Ana").inventory[0] == Slot(DAGGER, 5)


async def test_what_lies_about_for_long_vanishes_and_is_written_down(
    running: Running, ana: tuple[ByteClient, Player]
) -> None:
    client, _ = ana
    client.send(drop(1, 5))
    await client.settle()
    running.app.game.world.clear_ground(3600_000)
    await client.settle()
    assert not [packet for packet in client.seen if packet.id == OBJECT_GONE]
    assert running.app.game.world.clear_ground(0)
    await client.get(OBJECT_GONE)


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "added to"])
async def test_what_a_map_brings_comes_into_the_ledger_with_whoever_finds_it(
    running: Running, taken: bool
) -> None:
    client = await running.newcomer("Ana")
    player = running.player("Ana")
    with changed_by_hand(running.app, player):
        player.inventory[0] = Slot(DAGGER, 5)
    room, dagger = running.app.game.world.maps[1], running.app.game.world.data.items[DAGGER]
    room.lay(player.x, player.y, GroundItem(dagger, 3, fixed=True))
    client.send(PICK_UP if taken else drop(1, 2))
    await client.settle()
    assert (player.inventory[0] or Slot(0, 0)).amount == (8 if taken else 3)
    causes = [row["cause"] for row in running.app.game.changes.ledger]
    assert causes[-2:] == ["found", "pick up" if taken else "drop"]
    await check_ledger(running.app)


async def test_clothes_change_the_look_for_everybody(
    running: Running, ana: tuple[ByteClient, Player]
) -> None:
    client, player = ana
    player.inventory[1] = Slot(CLOTHES, 1)
    bob = await running.newcomer("Bob")
    bob.seen.clear()
    client.send(bytes((EQUIP, 2)))
    assert (await client.get(SLOT)).values[4] == 1
    dressed = (await bob.get(LOOK)).values
    client.send(bytes((EQUIP, 2)))
    assert (await client.get(SLOT)).values[4] == 0
    assert (await bob.get(LOOK)).values != dressed


async def test_slots_and_spells_can_be_moved(ana: tuple[ByteClient, Player]) -> None:
    client, player = ana
    client.send(bytes((MOVE_ITEM, 1, 25, 0)))
    moved = [(await client.get(SLOT)).values[:2] for _ in range(2)]
    assert moved == [(1, 0), (25, DAGGER)]
    player.spells[:3] = [7, 8, 9]
    client.send(bytes((MOVE_SPELL, 0, 2)))
    await client.settle()
    assert player.spells[:3] == [7, 9, 8]
    assert not [packet for packet in client.seen if packet.id == SPELL_SLOT]


@pytest.mark.parametrize(("up", "slot"), [(1, 1), (0, 35), (1, 0), (0, 36)])
async def test_a_spell_cannot_be_moved_out_of_the_book(
    ana: tuple[ByteClient, Player], up: int, slot: int
) -> None:
    client, player = ana
    before = list(player.spells)
    client.send(bytes((MOVE_SPELL, up, slot)))
    assert "mover el hechizo" in str((await client.get(CONSOLE_MSG)).values[0])
    assert player.spells == before


async def test_a_move_within_another_grid_leaves_the_bag_alone(
    ana: tuple[ByteClient, Player],
) -> None:
    client, player = ana
    client.send(bytes((MOVE_ITEM, 1, 25, 2)))
    await client.settle()
    assert player.inventory[0] == Slot(DAGGER, 5)


async def test_who_drops_a_boat_is_warned(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(BARGE)
    duel.give(duel.a, Slot(BARGE.number, 1))
    duel.ana.send(drop(1, 1))
    await duel.hear()
    assert duel.held(1) is None
    assert "soltado tu barco" in lines(duel.ana)


async def test_gold_falls_beside_its_owner_and_never_under_anybody(duel: Duel) -> None:
    duel.a.gold = 100
    duel.ana.send(drop(31, 100))
    await duel.hear()
    ground = duel.running.app.game.world.maps[2].ground
    assert [tile_place(at) for at, pile in ground.items() if not pile.fixed] == [(49, 50)]


async def test_impossible_slots_are_ignored(ana: tuple[ByteClient, Player]) -> None:
    client, player = ana
    for slot in (0, 26, 255):
        client.send(bytes((EQUIP, slot)), bytes((MOVE_ITEM, slot, 1, 0)), drop(slot, 1))
    for slot in (0, 1, 35, 36, 255):
        client.send(bytes((MOVE_SPELL, 1, slot)) if slot != 35 else bytes((MOVE_SPELL, 0, slot)))
    await client.settle()
    assert player.inventory[0] == Slot(DAGGER, 5)
    assert not client.closed


async def test_the_dead_carry_nothing_about(ana: tuple[ByteClient, Player]) -> None:
    client, player = ana
    player.hp = 0
    client.send(drop(1, 1), PICK_UP, bytes((EQUIP, 1)))
    for _ in range(3):
        await client.get(CONSOLE_MSG)
    assert player.inventory[0] == Slot(DAGGER, 5)


async def test_helmet_shield_and_clothes_bring_the_figures_along(duel: Duel) -> None:
    clothes = (Slot(SHIELD.number, 1), Slot(HELMET.number, 1), Slot(CLOTHES, 1))
    duel.give(duel.a, *clothes, Slot(SWORD.number, 1))
    for slot in (1, 2, 3, 4):
        await duel.act(EQUIP, slot)
    assert [packet for packet in ids(duel.ana) if packet in (LOOK, STATS)] == [
        *(LOOK, STATS),
        *(LOOK, STATS),
        *(LOOK, STATS),
        LOOK,
    ]
