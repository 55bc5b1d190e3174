"""Modules are edited, broken, mended and unloaded while players play; nobody notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.running import Start

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "modules"
PLAYERS = 8
CYCLES = 50

TEXT = """
from pyao.modules import BaseModule, EventTypes

VERSION = 0

class Guide(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.asked = 0
        self.on(EventTypes.CHAT_SAID, self.heard)
        self.command("version", self.answer)
        self.every(0.2, self.beat, name="beat")

    def heard(self, event):
        pass

    def answer(self, caller, arguments):
        self.asked += 1
        return f"version {VERSION} asked {self.asked}"

    def beat(self):
        pass

    def export_state(self):
        return self.asked

    def import_state(self, state):
        self.asked = state
"""


async def ask(client: ByteClient) -> str:
    client.talk("/version")
    said = await client.until(
        lambda packet: packet.id == CONSOLE_MSG and "version" in str(packet.values[0])
    )
    return str(said.values[0])


@pytest.mark.slow
async def test_fifty_edits_of_a_module_under_players(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "modules"
    folder.mkdir(parents=True)
    file = folder / "guide.py"
    file.write_text(TEXT)
    running = await start()
    modules, facade = running.app.modules, running.app.facade
    clients = [await running.newcomer(f"Ana{chr(97 + number)}") for number in range(PLAYERS)]
    version = 0
    for cycle in range(1, CYCLES + 1):
        client = clients[cycle % PLAYERS]
        if cycle % 2:
            file.write_text(TEXT.replace("VERSION = 0", f"VERSION = {cycle}"))
            assert await modules.reload_module("guide")
            version = cycle
        else:
            file.write_text(TEXT.replace("VERSION = 0", "VERSION = 1 / 0"))
            assert not await modules.reload_module("guide")
        assert await ask(client) == f"version {version} asked {cycle}"
    assert len(facade.timers.timers("guide")) == 1
    assert len(facade.event_manager.handlers("guide")) == 1
    assert await modules.unload_module("guide")
    assert facade.timers.timers("guide") == []
    assert facade.event_manager.handlers("guide") == []
    assert facade.commands.commands() == []
    for client in clients:
        await client.settle()
        assert not client.closed


async def test_the_examples_run_in_the_whole_server(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "modules"
    folder.mkdir(parents=True)
    for file in EXAMPLES.glob("*.py"):
        (folder / file.name).write_text(file.read_text())
    running = await start()
    assert len(running.app.modules.modules) == 5
    ana = await running.newcomer("Ana")
    bea = await running.newcomer("Bea")
    assert len(running.app.facade.saved_data.keys("welcome")) == 2
    assert running.player("Ana").gold >= 100
    ana.talk("/duel Bea")
    await bea.until(lambda packet: "challenges you" in str(packet.values))
    for name in list(running.app.modules.modules):
        assert await running.app.modules.reload_module(name)
    bea.talk("/accept")
    await ana.until(lambda packet: "The duel begins!" in str(packet.values))
    await bea.close()
    await ana.until(lambda packet: "Ana wins the duel!" in str(packet.values))
    assert running.app.facade.event_manager.bulkhead.failures == {}
