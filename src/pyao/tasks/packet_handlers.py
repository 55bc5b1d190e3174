"""The packet-ID table, complete once this module is imported: it imports every task there is."""

from __future__ import annotations

from pyao.tasks import (
    account,
    bank,
    chat,
    clicks,
    combat,
    commerce,
    creatures_serving,
    gambling,
    hiding,
    information,
    inventory,
    journey,
    leaving,
    login,
    magic,
    movement,
    states,
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
    commerce,
    creatures_serving,
    gambling,
    hiding,
    information,
    inventory,
    journey,
    leaving,
    login,
    magic,
    movement,
    states,
    use,
    work,
)

__all__ = ["TASK_HANDLERS", "TASK_MODULES"]
