"""The packet-ID table, complete once this module is imported: it imports every task there is."""

from __future__ import annotations

from pyao.tasks import (
    account,
    bank,
    chat,
    clicks,
    combat,
    command_list,
    commerce,
    crafting,
    creatures_serving,
    gambling,
    gathering,
    hiding,
    information,
    inventory,
    journey,
    leaving,
    login,
    magic,
    movement,
    parties,
    states,
    stealing,
    trading,
    trading_by_word,
    use,
    work,
)
from pyao.tasks.task import TASK_HANDLERS

TASK_MODULES = (
    account,
    bank,
    chat,
    clicks,
    combat,
    command_list,
    commerce,
    crafting,
    creatures_serving,
    gambling,
    gathering,
    hiding,
    information,
    inventory,
    journey,
    leaving,
    login,
    magic,
    movement,
    parties,
    states,
    stealing,
    trading,
    trading_by_word,
    use,
    work,
)

__all__ = ["TASK_HANDLERS", "TASK_MODULES"]
