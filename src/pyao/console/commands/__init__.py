"""Every console command there is: importing this fills the table."""

from __future__ import annotations

from pyao.console.command import COMMANDS
from pyao.console.commands import (
    database,
    guilds,
    modules,
    people,
    polls,
    records,
    rooms,
    server,
    settings,
)

COMMAND_MODULES = (database, guilds, modules, people, polls, records, rooms, server, settings)

__all__ = ["COMMANDS", "COMMAND_MODULES"]
