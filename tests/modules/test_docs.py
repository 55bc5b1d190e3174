"""The modules in docs/modules.md run as they stand there."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.support.small_server import Workshop
from tests.support.world import world_data

from pyao.config import ConfigurationManager, Origin
from pyao.events.payloads import CombatKill, SessionStarted
from pyao.modules.sqlite_module import SQLiteModule
from pyao.tasks.commands import COMMANDS
from pyao.world import MapRoom

PAGE = Path(__file__).resolve().parents[2] / "docs" / "modules.md"
BLOCK = re.compile(r"```python\n# data/modules/(\w+)\.py\n(.*?)```", re.DOTALL)


def blocks() -> dict[str, str]:
    return dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    configuration = ConfigurationManager(Origin(cwd=tmp_path))
    shop = Workshop(
        tmp_path / "modules",
        builtin={"sqlite_module": SQLiteModule},
        load_order=["sqlite_module"],
        config=configuration.load_config,
        register_schema=configuration.register_schema,
    )
    shop.server.config = SimpleNamespace(data_dir=tmp_path)
    shop.server.bulkhead.hang_s = 5.0
    shop.server.rooms.add(MapRoom(world_data().maps[1]))
    for name, text in blocks().items():
        shop.write(name, text)
    return shop


def test_no_command_of_the_page_is_one_of_the_server() -> None:
    named = set(re.findall(r'self\.command\("(\w+)"', PAGE.read_text(encoding="utf-8")))
    assert "lottery" in named
    assert not named & COMMANDS.keys()


async def test_every_module_of_the_page_loads_reloads_and_unloads(shop: Workshop) -> None:
    before = shop.server.registered()
    names = await shop.manager.load_all_modules()
    assert sorted(names) == sorted([*blocks(), "sqlite_module"])
    for name in blocks():
        assert await shop.manager.reload_module(name), shop.error(name)
    assert shop.server.bulkhead.failures == {}
    await shop.manager.shutdown()
    assert shop.server.registered() == before


async def test_the_first_module_is_short_and_keeps_its_tickets(shop: Workshop) -> None:
    assert len(blocks()["lottery"].strip().splitlines()) < 40
    assert await shop.manager.enable_module("lottery")
    ana = shop.server.add_client("Ana")
    started = SessionStarted(client_id="tcp:1", user_id=1, name="Ana", address="::1")
    shop.server.event_manager.announce(started)
    shop.server.commands.run(ana, "lottery", "")
    assert await shop.manager.reload_module("lottery")
    shop.server.commands.run(ana, "lottery", "")
    assert ana.lines == [
        "Take your ticket with /lottery!",
        "Good luck! It is ticket 1 for 100 gold.",
        "You have a ticket already.",
    ]
    shop.server.advance(3600)
    assert shop.server.said == ["Ana wins the lottery!"]
    assert ana.ledger == [(100, "lottery prize")]
    shop.server.commands.run(ana, "lottery", "")
    assert ana.lines[-1] == "Good luck! It is ticket 1 for 100 gold."


async def test_the_room_of_the_page_greets_and_throws(shop: Workshop) -> None:
    assert await shop.manager.enable_module("dice_table")
    ana = shop.server.add_client("Ana")
    shop.server.commands.run(ana, "dice", "")
    room = shop.server.rooms.rooms["dice:main"]
    thrown = room.invoke_method("throw", [2], ana)
    assert ana.messages == [
        ("dice:main", "welcome", "Welcome to the table, Ana!"),
        ("dice:main", "last_throw", ["Ana", thrown]),
    ]
    shop.server.commands.run(ana, "dice", "")
    assert ana.lines == ["Not possible: ALREADY_IN"]


async def test_the_map_of_the_page_shows_its_beacon_while_the_module_is_there(
    shop: Workshop,
) -> None:
    room = shop.server.rooms.rooms["map:1"]
    assert await shop.manager.enable_module("beacon")
    ana = shop.server.add_client("Ana")
    shop.server.commands.run(ana, "watch", "")
    assert {name for _, name, _ in ana.messages} == {
        "name", "safe", "population", "weather", "owner",
    }  # fmt: skip
    shop.server.advance(60)
    assert ana.messages[-1] == ("map:1", "beacon", True)
    assert room.invoke_method("people", [], ana) == []
    assert await shop.manager.unload_module("beacon")
    assert type(room) is MapRoom
    assert list(room.members) == [ana.member_id]


async def test_the_hunters_of_the_page_count_in_the_database(shop: Workshop) -> None:
    await shop.manager.load_all_modules()
    ana = shop.server.add_client("Ana")
    for attacker in ("Bea", "Ana", "Bea"):
        kill = CombatKill(attacker=attacker, target="wolf", map=1, npc=5)
        await shop.server.event_manager.announce(kill)
    assert shop.server.commands.run(ana, "hunters", "")
    await asyncio.wait(shop.server.bulkhead._tasks["hunters"], timeout=20)
    await asyncio.sleep(0)
    assert ana.lines == ["Bea: 2", "Ana: 1"]
    await shop.manager.shutdown()
