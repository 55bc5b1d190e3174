"""Whether somebody can type at this process."""

from __future__ import annotations

import ast
import io
import os
import sys
from pathlib import Path

import pytest
from tests.console.conftest import Operator

from pyao import console
from pyao.console.tty import LocalConsole, has_terminal


def test_a_pipe_or_nothing_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("status\n"))
    assert not has_terminal()
    monkeypatch.setattr(sys, "stdin", None)
    assert not has_terminal()


def test_a_terminal_this_process_is_not_in_the_foreground_of_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    master, slave = os.openpty()
    with os.fdopen(master, "rb", 0), os.fdopen(slave, "rb+", 0) as raw:
        terminal = io.TextIOWrapper(raw, write_through=True)
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(sys, "stdout", terminal)
        assert terminal.isatty()
        assert not has_terminal()
        monkeypatch.undo()


async def test_the_console_of_this_process_answers_and_completes(operator: Operator) -> None:
    local = LocalConsole(operator.running.app.console, "console:here")
    assert (await local.run("users add Pepe secreto")).ok
    assert await local.complete("unb") == ["unban"]
    assert (await operator.audit())[0]["who"] == "console:here"


def test_no_part_of_the_console_needs_at_once_what_some_systems_lack() -> None:
    lacking = {"fcntl", "grp", "pty", "pwd", "readline", "resource", "termios", "tty"}
    for file in sorted(Path(console.__file__).parent.rglob("*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.Import):
                assert not lacking & {name.name for name in node.names}, file
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in lacking, file
