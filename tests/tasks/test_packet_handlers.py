from __future__ import annotations

import ast
import re
from pathlib import Path

from pyao.tasks import packet_handlers

TASKS = Path(packet_handlers.__file__).parent
ENTERS = re.compile(r"^@(on|command|order|typed)\(", re.MULTILINE)


def imported() -> set[str]:
    """Return the modules the table imports, by their names below `pyao.tasks`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(Path(packet_handlers.__file__).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pyao.tasks"):
            folder = (node.module or "").removeprefix("pyao.tasks").lstrip(".")
            names |= {".".join(filter(None, (folder, alias.name))) for alias in node.names}
    return names


def test_no_module_that_enters_something_into_the_table_is_forgotten() -> None:
    entering = {
        ".".join(path.relative_to(TASKS).with_suffix("").parts)
        for path in TASKS.rglob("*.py")
        if ENTERS.search(path.read_text("utf-8"))
    }
    assert len(entering) > 40
    assert entering - imported() == set()
