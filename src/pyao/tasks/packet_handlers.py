"""The packet-ID table, complete once this module is imported: it imports every task there is.

The modules are named for what they enter into the table, and used nowhere here.
"""

from __future__ import annotations

from pyao.tasks import (
    account,
    bank,
    boards,
    centinels,
    chat,
    clicks,
    combat,
    command_list,
    commerce,
    crafting,
    creatures_serving,
    factions,
    gambling,
    gathering,
    guild_diplomacy,
    guild_elections,
    guild_windows,
    guilds,
    guilds_by_word,
    hiding,
    information,
    inventory,
    journey,
    leaving,
    login,
    magic,
    movement,
    parties,
    polls,
    rankings,
    states,
    stealing,
    trading,
    trading_by_word,
    use,
    work,
)
from pyao.tasks.gm import (
    addresses,
    discipline,
    editing,
    help_desk,
    inspection,
    items,
    lists,
    maps,
    operation,
    sides,
    speech,
    travel,
)
from pyao.tasks.gm import creatures as gm_creatures
from pyao.tasks.task import TASK_HANDLERS

__all__ = ["TASK_HANDLERS"]
