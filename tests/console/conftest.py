"""A whole server in this process, and an operator who types at its console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.byte_client import ByteClient
from tests.support.running import Running, Start, running_fixture, start_fixture

from pyao.console.answer import Answer, Cell
from pyao.storage.values import Hash

__all__ = ["Running", "Start", "running_fixture", "start_fixture"]

WHO = "console:test"


@dataclass
class Operator:
    """Types lines and looks at what they did."""

    running: Running

    async def ask(self, line: str) -> Answer:
        return await self.running.app.console.run(line, WHO)

    async def done(self, line: str) -> Answer:
        """Ask and expect it to be done."""
        answer = await self.ask(line)
        assert answer.ok, answer.error
        return answer

    async def refused(self, line: str) -> str:
        """Ask and expect to be refused; return the reason."""
        answer = await self.ask(line)
        assert not answer.ok, answer
        return answer.error

    async def facts(self, line: str) -> dict[str, Cell]:
        """Ask for a table of names and values."""
        answer = await self.done(line)
        assert len(answer.columns) >= 2
        return {str(row[0]): row[1] for row in answer.rows}

    async def audit(self, count: int = 1) -> list[Hash]:
        """Return the last rows of the audit, once all is stored."""
        assert await self.running.app.writer.drain(5)
        return self.running.app.writer.repository.audit(count)

    @property
    def data_dir(self) -> Path:
        return self.running.app.settings.data_dir

    async def newcomer(self, name: str) -> ByteClient:
        return await self.running.newcomer(name)


Hire = Callable[..., Awaitable[Operator]]


@pytest.fixture
async def operator(running: Running) -> Operator:
    """Return the operator of a server with default settings."""
    return Operator(running)


async def leave(client: ByteClient) -> None:
    """Log out where it is safe."""
    client.send(b"\x47")
    await client.until_closed()
