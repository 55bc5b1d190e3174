"""What the list of events promises is emitted somewhere, and by whom."""

from __future__ import annotations

import ast
from pathlib import Path

from pyao.events.payloads import PAYLOADS

ROOT = Path(__file__).resolve().parents[2]
# Games inside rooms are played by modules; the example of a duel shows how they tell of them.
OF_MODULES = {"GameStarted", "GameEnded", "GameStateUpdated"}


def called(folder: Path) -> set[str]:
    """Return the names of everything that is called in the files of a folder."""
    calls = [
        node.func
        for path in folder.rglob("*.py")
        if "events" not in path.relative_to(folder).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in calls
        if isinstance(each, ast.Name | ast.Attribute)
    }


def test_every_event_is_emitted_by_the_server_but_those_of_modules() -> None:
    emitted = called(ROOT / "src" / "pyao")
    silent = {payload.__name__ for payload in PAYLOADS.values()} - emitted
    assert silent == OF_MODULES


def test_the_example_of_a_duel_tells_when_it_begins_draws_to_its_close_and_ends() -> None:
    assert called(ROOT / "examples" / "modules") >= OF_MODULES
