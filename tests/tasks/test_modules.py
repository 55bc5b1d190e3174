"""Modules in a running server, with players who notice nothing of a reload."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.support.byte_client import CONSOLE_MSG, NORTH, SOUTH, ByteClient
from tests.support.waiting import until
from tests.tasks.conftest import Running, Start

COUNTER = '''
from pyao.modules import BaseModule

class Counter(BaseModule):
    """Counts how often it is asked."""

    def __init__(self, server):
        super().__init__(server)
        self.count = 0
        self.command("cuenta", self.answer)

    def answer(self, caller, arguments):
        self.count += 1
        return f"VERSION {self.count}"

    def export_state(self):
        return self.count

    def import_state(self, state):
        self.count = state
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    modules = tmp_path / "data" / "modules"
    modules.mkdir(parents=True)
    return modules


async def answer(client: ByteClient, command: str) -> str:
    client.seen.clear()
    client.talk(command)
    return str((await client.get(CONSOLE_MSG)).values[0])


async def test_a_module_greets_who_enters_and_knows_old_friends(start: Start, folder: Path) -> None:
    shutil.copy(ROOT / "examples" / "modules" / "welcome.py", folder)
    running = await start()
    ana = await running.newcomer("Ana")
    ana.send(b"\x47")
    await ana.until_closed()
    again = await running.connect()
    again.log_in("Ana")
    assert "again" in str((await again.get(CONSOLE_MSG)).values[0])


async def test_what_a_module_remembers_survives_a_restart(start: Start, folder: Path) -> None:
    shutil.copy(ROOT / "examples" / "modules" / "welcome.py", folder)
    running = await start()
    await running.newcomer("Ana")
    await running.app.stop()
    later = await start()
    again = await later.connect()
    again.log_in("Ana")
    assert "again" in str((await again.get(CONSOLE_MSG)).values[0])


async def test_a_reload_takes_new_code_and_old_state_and_no_player_notices(
    start: Start, folder: Path
) -> None:
    file = folder / "counter.py"
    file.write_text(COUNTER.replace("VERSION", "one"))
    running = await start()
    ana = await running.newcomer("Ana")
    assert await answer(ana, "/cuenta") == "one 1"
    handlers = len(running.app.facade.event_manager.handlers())
    for number in range(2, 12):
        file.write_text(COUNTER.replace("VERSION", f"text{number}"))
        assert await running.app.modules.reload_module("counter")
        assert await answer(ana, "/cuenta") == f"text{number} {number}"
        ana.walk(SOUTH if number % 2 else NORTH)
    file.write_text("this is no Python")
    assert not await running.app.modules.reload_module("counter")
    assert await answer(ana, "/cuenta") == "text11 12"
    assert len(running.app.facade.event_manager.handlers()) == handlers
    await ana.settle()
    assert not ana.closed


async def test_an_unloaded_module_leaves_nothing_behind(start: Start, folder: Path) -> None:
    (folder / "counter.py").write_text(COUNTER)
    running = await start()
    ana = await running.newcomer("Ana")
    await answer(ana, "/cuenta")
    assert await running.app.modules.unload_module("counter")
    assert "/cuenta" in await answer(ana, "/cuenta"), "it is an unknown command now"
    assert not running.app.facade.commands.commands()


async def test_an_edited_file_is_reloaded_when_watching_is_on(start: Start, folder: Path) -> None:
    file = folder / "counter.py"
    file.write_text(COUNTER.replace("VERSION", "one"))
    running = await start(modules_watch=True)
    ana = await running.newcomer("Ana")
    assert await answer(ana, "/cuenta") == "one 1"
    file.write_text(COUNTER.replace("VERSION", "two"))

    async def is_new() -> bool:
        return (await answer(ana, "/cuenta")).startswith("two")

    await until(is_new)


async def test_gold_from_a_module_is_bounded_shown_and_written_in_the_ledger(
    running: Running,
) -> None:
    ana = await running.newcomer("Ana")
    client = next(iter(running.app.facade.clients.values()))
    client.give_gold(500, "a test")
    assert (await ana.get(18)).values == (500,)
    client.give_gold(-900, "a test")
    assert (await ana.get(18)).values == (0,)
    assert await running.app.writer.drain(5)
    rows = running.app.writer.repository.audit(2)
    assert [(row["from"], row["to"], row["amount"]) for row in rows] == [
        ("", "player:1", "500"),
        ("player:1", "", "500"),
    ]
    assert rows[0]["cause"] == "a test"


async def test_the_lobby_cannot_be_told_anything(running: Running) -> None:
    visitor = await running.connect()
    visitor.throw_dices()
    await visitor.get(67)
    client = next(iter(running.app.facade.clients.values()))
    assert (client.name, client.user_id, client.place) == ("", 0, (0, 0, 0))
    client.tell("psst")
    running.app.facade.broadcast_message("all")
    visitor.throw_dices()
    await visitor.get(67)
    assert not visitor.in_game
