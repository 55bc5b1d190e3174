"""PyAO Server: an Argentum Online server in Python.

What a module author needs stands here, brought in when first asked for, so that a part imported by
itself (`pyao.protocol` in a bot) costs no more than itself. `__init__.pyi` tells editors and type
checkers the same. Everything else is internal.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version

_HOMES = {
    "BaseModule": "pyao.modules",
    "Caller": "pyao.modules",
    "Client": "pyao.modules",
    "ConfigField": "pyao.config",
    "Event": "pyao.events",
    "EventPriority": "pyao.events",
    "EventTypes": "pyao.events",
    "GenericRoom": "pyao.rooms",
    "MapRoom": "pyao.world",
    "ModuleInfo": "pyao.modules",
    "ModuleServer": "pyao.modules",
    "ModuleState": "pyao.modules",
    "Plain": "pyao.rooms",
    "RoomMember": "pyao.rooms",
    "RoomRefusal": "pyao.rooms",
    "Turn": "pyao.tasks",
    "msg": "pyao.protocol",
    "on": "pyao.modules",
    "packets": "pyao.protocol",
    "payloads": "pyao.events",
    "remote": "pyao.rooms",
}

__all__ = [  # noqa: PLE0604 - the names are those above, and the version
    "__version__",
    *_HOMES,
]

__version__ = version("pyao-server")


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'pyao' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
