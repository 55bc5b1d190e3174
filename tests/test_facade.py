"""What modules see of the server: clients as members of rooms, through losses and log-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.running import Running, starter
from tests.support.waiting import until

from pyao.errors import ModuleError
from pyao.facade import MAX_CREATURES, ConnectedClient
from pyao.protocol import msg
from pyao.rooms import GenericRoom, Plain, RoomMember
from pyao.rules import inventory
from pyao.rules.weather import DRY_AT_MOST
from pyao.tasks.weather import pass_minute
from pyao.world import MapRoom

DAGGER = 460
CHARACTER_CHANGE = 34
CHANGE_SLOT = 47
PLAY_WAVE = 39

ZOO = """
from pyao import BaseModule

class Zoo(BaseModule):
    async def enable(self):
        if not self.server.reloading:
            assert self.server.spawn_creature(1, 1, 50, 50)
            assert self.server.spawn_creature(1, 1, 50, 50)
        assert not self.server.spawn_creature(1, 99, 50, 50)
        assert not self.server.spawn_creature(999, 1, 50, 50)
        return True
"""


@pytest.fixture(name="running")
async def running_fixture(tmp_path: Path) -> AsyncIterator[Running]:
    async with starter(tmp_path) as start:
        yield await start()


def den(running: Running, grace_s: float) -> GenericRoom:
    return running.app.game.world.rooms.create_room(None, {"grace_s": grace_s}, room_id="den:1")


def visitor(running: Running, name: str = "") -> ConnectedClient:
    (found,) = [each for each in running.app.facade.clients.values() if each.name == name]
    assert isinstance(found, ConnectedClient)
    return found


async def lines(client: ByteClient) -> list[str]:
    return [str(each.values[0]) for each in await client.settle() if each.id == CONSOLE_MSG]


async def test_who_lost_the_line_is_in_its_rooms_again_at_log_in_and_hears_what_was_missed(
    running: Running,
) -> None:
    room = den(running, grace_s=60)
    ana = await running.newcomer("Ana")
    assert running.app.game.world.rooms.join("den:1", visitor(running, "Ana")) is None
    await ana.reset()
    await until(lambda: not running.app.game.connected)
    room.set_variable("door", "open", broadcast=True)
    again = await running.connect()
    again.log_in("Ana")
    assert "(den:1) door: open" in await lines(again)
    assert list(room.members) == [running.player("Ana").member_id]
    assert room.away == {}
    room.broadcast("bell", "rings")
    assert await lines(again) == ["(den:1) bell: rings"]


async def test_a_second_log_in_takes_the_places_of_the_first(running: Running) -> None:
    room = den(running, grace_s=60)
    await running.newcomer("Ana")
    running.app.game.world.rooms.join("den:1", visitor(running, "Ana"))
    again = await running.connect()
    again.log_in("Ana")
    await again.settle()
    room.broadcast("bell", "rings")
    assert await lines(again) == ["(den:1) bell: rings"]


async def test_a_room_class_speaks_to_players_by_packets_of_its_choice(running: Running) -> None:
    class Tower(GenericRoom):
        def send(self, member: RoomMember, name: str, value: Plain) -> None:
            if name == "bell" and isinstance(member, ConnectedClient):
                member.send_packet(msg.play_wave(7, 50, 50))
            else:
                super().send(member, name, value)

    tower = running.app.game.world.rooms.create_room(Tower)
    ana = await running.newcomer("Ana")
    running.app.game.world.rooms.join(tower.id, visitor(running, "Ana"))
    await ana.settle()
    tower.broadcast("bell", "rings")
    tower.broadcast("word", "hush")
    seen = {packet.id: packet.values for packet in await ana.settle()}
    assert seen[PLAY_WAVE] == (7, 50, 50)
    assert seen[CONSOLE_MSG][0] == f"({tower.id}) word: hush"


async def test_a_broken_class_of_a_map_keeps_nobody_from_coming_and_going(running: Running) -> None:
    class Broken(MapRoom):
        def set_variable(self, *what: object, **options: object) -> None:
            raise ValueError(what, options)

    rooms = running.app.game.world.rooms
    rooms.bind_class("map:1", Broken, "castle")
    ana = await running.newcomer("Ana")
    player = running.player("Ana")
    assert running.app.game.world.warp(player, 2, 50, 50)
    assert running.app.game.world.warp(player, 1, 50, 50)
    running.app.game.world.sky.minutes = DRY_AT_MOST
    pass_minute(running.app.game)
    assert rooms.rooms["map:2"].get_variable("weather") == "rain"
    await ana.settle()
    assert running.app.game.world.maps[1].population == 1
    assert running.app.game.events.bulkhead.failures == {"castle": 4}


async def test_a_line_that_breaks_in_the_middle_of_a_packet_leaves_once_and_nobody_notices(
    running: Running,
) -> None:
    room = den(running, grace_s=0)
    ana, bea = await running.newcomer("Ana"), await running.newcomer("Bea")
    for name in ("Ana", "Bea"):
        assert running.app.game.world.rooms.join("den:1", visitor(running, name)) is None
    await bea.settle()
    ana.send(b"\x03\xff\x00hol")  # Talk: 255 letters are to come, and never do
    await ana.reset()
    await until(lambda: len(room.members) == 1)
    room.broadcast("bell", "rings")
    assert [line for line in await lines(bea) if line.startswith("(den:1)")] == [
        '(den:1) room:left: {"id": "player:1", "name": "Ana"}',
        "(den:1) bell: rings",
    ]
    history = running.app.game.events.get_event_history("room:left")
    assert [event.data["name"] for event in history] == ["Ana"]


async def test_who_leaves_the_game_leaves_its_rooms_whatever_their_grace(running: Running) -> None:
    room = den(running, grace_s=60)
    ana = await running.newcomer("Ana")
    running.app.game.world.rooms.join("den:1", visitor(running, "Ana"))
    ana.send(b"\x47")
    await ana.until_closed()
    assert (room.members, room.away) == ({}, {})


async def test_a_visitor_of_the_lobby_leaves_with_its_connection_and_at_log_in(
    running: Running,
) -> None:
    room = den(running, grace_s=60)
    ana = await running.newcomer("Ana")
    ana.send(b"\x47")
    await ana.until_closed()
    for name in ("", "Ana"):
        client = await running.connect()
        client.throw_dices()
        await client.get(67)
        running.app.game.world.rooms.join("den:1", visitor(running))
        assert len(room.members) == 1
        if name:
            client.log_in(name)
            await client.settle()
        else:
            await client.reset()
            await until(lambda: not running.app.game.connected)
        assert (room.members, room.away) == ({}, {})


async def test_modules_read_and_change_what_a_player_has_through_the_ledger(
    running: Running,
) -> None:
    ana = await running.newcomer("Ana")
    client, player = visitor(running, "Ana"), running.player("Ana")
    assert (client.level, client.gold, client.dead) == (player.level, player.gold, False)
    had_gold = player.gold
    assert client.give_gold(-1_000_000, "a fine") == -had_gold
    assert client.gold == 0
    assert client.give_gold(70, "a prize") == 70
    had = inventory.count(player.inventory, DAGGER)
    assert client.give_item(DAGGER, 2, "a prize")
    assert inventory.count(player.inventory, DAGGER) == had + 2
    assert not client.give_item(9_999, 1, "no such item")
    assert not client.give_item(DAGGER, 0, "nothing")
    before = player.experience
    client.give_experience(1, "a lesson")
    assert player.experience == before + 1
    assert CHANGE_SLOT in [packet.id for packet in await ana.settle()]
    assert await running.app.writer.drain(5)
    rows = running.app.writer.repository.audit(2)
    assert [(row["cause"], row["item"], row["amount"]) for row in rows] == [
        ("a prize", "12", "70"),
        ("a prize", str(DAGGER), "2"),
    ]


async def test_a_full_bag_takes_no_gift_and_nothing_is_written(running: Running) -> None:
    await running.newcomer("Ana")
    client, player = visitor(running, "Ana"), running.player("Ana")
    for amount in (inventory.STACK_MAX, 1):
        while inventory.put(player.inventory, DAGGER, amount):
            pass
    rows = len(running.app.game.changes.ledger)
    assert not client.give_item(DAGGER, 1, "a prize")
    assert len(running.app.game.changes.ledger) == rows


async def test_a_module_takes_items_all_or_none_and_the_ledger_tells(running: Running) -> None:
    """Taking value: whatever slots hold it, worn ones too; both sides in one cut."""
    ana = await running.newcomer("Ana")
    client, player = visitor(running, "Ana"), running.player("Ana")
    (worn,) = (slot for slot in player.inventory if slot and slot.item == DAGGER and slot.equipped)
    assert client.give_item(DAGGER, 2, "a loan")
    assert client.carries(DAGGER) == worn.amount
    assert not client.take_item(DAGGER, worn.amount + 1, "too much")
    assert not client.take_item(DAGGER, 0, "nothing")
    await ana.settle()
    assert client.take_item(DAGGER, worn.amount, "a debt")
    assert client.carries(DAGGER) == 0
    assert player.gear.weapon is None
    assert {CHANGE_SLOT, CHARACTER_CHANGE} <= {packet.id for packet in await ana.settle()}
    assert await running.app.writer.drain(5)
    (row,) = running.app.writer.repository.audit(1)
    assert (row["cause"], row["item"], row["amount"]) == ("a debt", str(DAGGER), "3")
    assert (row["from"], row["to"]) == (f"player:{player.user_id}", "")


async def test_a_modules_creatures_are_seen_and_go_with_it(
    running: Running, tmp_path: Path
) -> None:
    folder = tmp_path / "data" / "modules"
    folder.mkdir(exist_ok=True)
    (folder / "zoo.py").write_text(ZOO)
    ana = await running.newcomer("Ana")
    manager, room = running.app.modules, running.app.game.world.maps[1]
    before = len(list(room.npcs()))
    assert await manager.enable_module("zoo")
    await ana.settle()
    assert len(list(room.npcs())) == before + 2
    assert await manager.reload_module("zoo")
    assert len(list(room.npcs())) == before + 2, "enable was called again and found them there"
    assert await manager.disable_module("zoo")
    assert len(list(room.npcs())) == before
    status = manager.get_module_status("zoo")
    assert status is not None
    assert status["failures"] == 0


async def test_no_module_fills_the_world_with_creatures(running: Running) -> None:
    creatures = running.app.facade.creatures
    kind = min(running.app.game.world.data.npcs)
    for number in range(MAX_CREATURES):
        assert creatures.spawn("zoo", kind, 1, 10 + number % 80, 10 + number // 80 * 6)
    with pytest.raises(ModuleError, match="1000 creatures of zoo"):
        creatures.spawn("zoo", kind, 1, 50, 50)
    assert creatures.remove_owned("zoo") == MAX_CREATURES


async def test_in_the_lobby_there_is_nothing_to_give_to(running: Running) -> None:
    client = await running.connect()
    client.throw_dices()
    await client.get(67)
    lobby = visitor(running)
    lobby.give_experience(5, "a lesson")
    lobby.send_packet(msg.rain_toggle())
    assert not lobby.give_item(DAGGER, 1, "a prize")
    assert not lobby.take_item(DAGGER, 1, "a fine")
    assert lobby.carries(DAGGER) == 0
    assert (lobby.give_gold(5, "a prize"), lobby.gold, lobby.level) == (0, 0, 0)
