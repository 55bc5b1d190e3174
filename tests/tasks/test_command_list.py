from __future__ import annotations

import pytest
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.tasks.conftest import Running, Start

from pyao.content.texts import LANGUAGES, Catalogue, Language
from pyao.modules.commands import Caller
from pyao.protocol import CLIENT_PACKETS
from pyao.protocol.packet_id import ClientPacketID
from pyao.tasks.command_list import GROUPS
from pyao.tasks.commands import COMMANDS
from pyao.tasks.packet_handlers import TASK_HANDLERS

CONSOLE_LINES = 10  # what the client's console keeps


async def asked(client: ByteClient) -> list[str]:
    await client.settle()
    client.send(bytes((ClientPacketID.HELP,)))
    came = await client.settle()
    return [str(packet.values[0]) for packet in came if packet.id == CONSOLE_MSG]


@pytest.mark.parametrize("language", ["es", "en"])
async def test_the_list_fits_the_console_and_names_what_is_answered(
    start: Start, language: str
) -> None:
    running = await start(language=language)
    lines = await asked(await running.newcomer("Ana"))
    assert len(lines) <= CONSOLE_LINES
    text = "\n".join(lines)
    for command in ("/ayuda", "/online", "/est", "/motd", "/ping", "/salir", "/meditar"):
        assert command in text
    assert "[" not in text


async def test_commands_that_nothing_answers_are_not_named(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    meditate = GROUPS["life"]["meditate"]
    monkeypatch.delitem(TASK_HANDLERS, meditate.key)
    assert "/meditar" not in "\n".join(await asked(await running.newcomer("Ana")))


async def test_commands_of_modules_are_named_to_who_may_use_them(running: Running) -> None:
    def duel(_caller: Caller, _arguments: str) -> None:
        """Challenge [somebody]."""

    commands = running.app.game.commands
    ana = await running.newcomer("Ana")
    commands.register("arena", "duel", duel)
    commands.register("arena", "close", duel, privileges=8)
    (line,) = [line for line in await asked(ana) if "/duel" in line]
    assert "/duel: Challenge (somebody]." in line
    assert "/close" not in line


def test_every_group_fits_when_all_is_answered() -> None:
    assert len(GROUPS) + 1 <= CONSOLE_LINES
    known = {packet.key for packet in CLIENT_PACKETS}
    assert {packet.key for group in GROUPS.values() for packet in group.values()} <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chat_command_of_the_server_is_explained(language: Language) -> None:
    catalogue = Catalogue(language)
    assert [name for name in COMMANDS if f"command.own.{name}" not in catalogue] == []
