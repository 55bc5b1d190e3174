"""Modules: parts of the server that are loaded, replaced and removed while players play.

A module author needs what stands here, `pyao.rooms` and `pyao.events.payloads`; docs/modules.md
shows how. Nothing here knows the network, the store or the world.
"""

from __future__ import annotations

from pyao.events import Event, EventPriority, EventTypes
from pyao.modules.base import BaseModule, ModuleInfo, ModuleState, on
from pyao.modules.commands import Caller, CommandRegistry, ModuleCommand
from pyao.modules.facade import Client, ServerFacade
from pyao.modules.manager import ModuleManager
from pyao.modules.saved_data import SavedData
from pyao.modules.scope import ModuleServer
from pyao.modules.task_table import TaskTable
from pyao.modules.timers import Timer, Timers
from pyao.modules.watch import watch_modules

__all__ = [
    "BaseModule",
    "Caller",
    "Client",
    "CommandRegistry",
    "Event",
    "EventPriority",
    "EventTypes",
    "ModuleCommand",
    "ModuleInfo",
    "ModuleManager",
    "ModuleServer",
    "ModuleState",
    "SavedData",
    "ServerFacade",
    "TaskTable",
    "Timer",
    "Timers",
    "on",
    "watch_modules",
]
