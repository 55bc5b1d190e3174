from __future__ import annotations

import subprocess
import sys

import pyao

PUBLIC = [
    "BaseModule",
    "ConfigField",
    "Event",
    "EventPriority",
    "EventTypes",
    "GenericRoom",
    "ModuleInfo",
    "ModuleServer",
    "ModuleState",
    "Turn",
    "__version__",
    "msg",
    "on",
]


def test_the_public_surface_is_what_module_authors_need_and_no_more() -> None:
    assert dir(pyao) == PUBLIC
    assert all(getattr(pyao, name) is not None for name in PUBLIC)


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
