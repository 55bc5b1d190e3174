"""Lists of tests by what they show, and whether those tests are there."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the names of all functions in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


def missing(places: Iterable[str]) -> list[str]:
    """Return those of `folder/test_file.py::test_name` that do not exist."""
    found = ((place, *place.split("::")) for place in places)
    return [place for place, file, name in found if name not in names_in(TESTS / file)]
