from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT

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


def modules_of_the_docs() -> dict[str, str]:
    """Return the example modules and those of the page for their authors, by name."""
    page = (ROOT / "docs" / "modules.md").read_text(encoding="utf-8")
    found = dict(re.findall(r"```python\n# data/modules/(\w+)\.py\n(.*?)```", page, re.DOTALL))
    for path in (ROOT / "examples" / "modules").glob("*.py"):
        found[path.stem] = path.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("name", modules_of_the_docs())
def test_modules_that_are_shown_to_authors_use_nothing_but_the_public_surface(name: str) -> None:
    for node in ast.walk(ast.parse(modules_of_the_docs()[name])):
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "pyao":
            assert node.module == "pyao"
            assert {alias.name for alias in node.names} <= set(PUBLIC)
        elif isinstance(node, ast.Import):
            assert not any(alias.name.startswith("pyao") for alias in node.names)


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
