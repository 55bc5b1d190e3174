"""The page for authors of modules, followed to the letter in an empty folder by somebody new."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.server_process import ServerProcess, server_process
from tests.support.waiting import until

from pyao.console.remote import RemoteConsole

pytestmark = pytest.mark.slow

QUIT = b"\x47"


def first_module() -> tuple[Path, str]:
    """Return where the page says to put its first module, and the module."""
    page = (ROOT / "docs" / "modules.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n# (\S+)\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return Path(found[1]), found[2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    options = ("--storage", "sqlite", "--world", "starter")
    with server_process(tmp_path / "data", *options, PYAO_MODULES_WATCH="true") as running:
        yield running


@pytest.fixture
async def console(server: ServerProcess) -> AsyncIterator[RemoteConsole]:
    remote = await RemoteConsole.connect(server.data_dir)
    yield remote
    await remote.close()


async def says(console: RemoteConsole, line: str, *words: str) -> bool:
    """Return whether the console's answer to a line holds these words in one row."""
    rows = (await console.run(line)).rows
    return any(all(word in str(row) for word in words) for row in rows)


async def lottery(client: ByteClient) -> str:
    """Type /lottery and return the answer."""
    client.seen.clear()
    client.talk("/lottery")
    return str((await client.get(CONSOLE_MSG)).values[0])


async def newcomer(server: ServerProcess, name: str) -> ByteClient:
    client = await ByteClient.connect(server.port)
    await client.enter_new(name)
    return client


@pytest.mark.timeout(60)
async def test_a_stranger_writes_edits_breaks_and_removes_a_module_while_people_play(
    server: ServerProcess, console: RemoteConsole
) -> None:
    """A command, an event, state over a reload, settings: nobody is disconnected."""
    place, text = first_module()
    file = server.data_dir.parent / place
    ana, bea, cid = [await newcomer(server, name) for name in ("Ana", "Bea", "Cid")]
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    await until(lambda: says(console, "status lottery", "state", "enabled"))
    assert await lottery(ana) == "Good luck! It is ticket 1 for 100 gold."

    file.write_text(text.replace("Good luck!", "Buena suerte!"))
    await until(lambda: says(console, "status lottery", "reloads", "1"))
    assert await lottery(ana) == "You have a ticket already."
    assert await lottery(bea) == "Buena suerte! It is ticket 2 for 100 gold."

    file.write_text("1 / 0\n")
    await until(lambda: says(console, "status lottery", "error", "ZeroDivisionError"))
    assert await lottery(bea) == "You have a ticket already."

    settings = server.data_dir.parent / "config" / "modules" / "lottery.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("settings:\n  prize: 0\n")
    await until(lambda: says(console, "events config:rejected", "lottery.yaml:2: settings.prize"))
    settings.write_text("settings:\n  prize: 500\n")
    await until(lambda: says(console, "events config:changed", "settings.prize", "500"))
    assert await lottery(cid) == "Buena suerte! It is ticket 3 for 500 gold."

    cid.send(QUIT)
    await cid.until_closed()
    again = await ByteClient.connect(server.port)
    again.log_in("Cid")
    await again.until(lambda seen: "Take your ticket" in str(seen.values))

    assert (await console.run("stop lottery")).ok
    assert "No conozco" in await lottery(ana)
    for client in (ana, bea, again):
        await client.settle()
        await client.close()
