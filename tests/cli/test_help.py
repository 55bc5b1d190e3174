"""What `--help` tells somebody who has never seen the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from tests.support.commands import invoke

from pyao.cli import app
from pyao.config import SETTINGS
from pyao.config.fields import show

NARROW = {"COLUMNS": "80"}


def groups(command: object, *words: str) -> Iterator[tuple[str, ...]]:
    """Give the words that lead to each command which has commands of its own."""
    commands = getattr(command, "commands", {})
    if commands:
        yield words
    for name, below in commands.items():
        yield from groups(below, *words, name)


GROUPS = list(groups(typer.main.get_command(app)))


@pytest.mark.parametrize("words", GROUPS, ids=lambda words: " ".join(words) or "all")
def test_the_list_of_commands_is_made_of_whole_sentences(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    shown = invoke(*words, "--help", cwd=tmp_path, env=NARROW)
    assert shown.code == 0
    lines = shown.stdout.partition("Commands:")[2].splitlines()
    assert len(lines) > 1
    assert [line for line in lines if line.endswith("...")] == []


@pytest.mark.parametrize("command", ["", "run"])
def test_an_option_tells_its_default_and_its_variable(command: str, tmp_path: Path) -> None:
    help_text = invoke(*command.split(), "--help", cwd=tmp_path, env=NARROW).stdout
    shown = " ".join(help_text.partition("Options:")[2].split())
    for one in SETTINGS.values():
        if one.option is not None:
            told = shown.partition(one.option + " ")[2].partition(" --")[0]
            assert f"default: {show(one.default)}" in told, one.option
            assert one.env in told
