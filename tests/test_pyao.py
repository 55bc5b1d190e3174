from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pyao
from pyao.protocol import CLIENT_PACKETS

PUBLIC = [
    "BaseModule",
    "Caller",
    "Client",
    "ConfigField",
    "Event",
    "EventPriority",
    "EventTypes",
    "GenericRoom",
    "MapRoom",
    "ModuleInfo",
    "ModuleServer",
    "ModuleState",
    "Plain",
    "RoomMember",
    "RoomRefusal",
    "Turn",
    "__version__",
    "msg",
    "on",
    "packets",
    "payloads",
    "remote",
]


def test_the_public_surface_is_what_module_authors_need_and_no_more() -> None:
    assert dir(pyao) == PUBLIC
    assert all(getattr(pyao, name) is not None for name in PUBLIC)


def test_editors_and_type_checkers_are_told_the_same() -> None:
    stub = ast.parse((Path(pyao.__file__).parent / "__init__.pyi").read_text(encoding="utf-8"))
    told = {"__version__"}
    for node in stub.body:
        if isinstance(node, ast.ImportFrom):
            (alias,) = node.names
            told.add(alias.name)
            home = importlib.import_module(str(node.module))
            assert getattr(home, alias.name) is getattr(pyao, alias.name)
    assert sorted(told) == PUBLIC


def test_every_packet_of_a_client_is_among_the_packets() -> None:
    assert all(getattr(pyao.packets, cls.__name__) is cls for cls in CLIENT_PACKETS)


def test_what_is_not_public_is_not_there() -> None:
    assert not hasattr(pyao, "App")


def test_importing_one_part_brings_in_no_other() -> None:
    code = (
        "import sys, pyao.protocol; "
        "print([name for name in sys.modules if name.startswith(('pyao.tasks', 'pyao.world'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == "[]"
