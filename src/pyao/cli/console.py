"""`pyao-server console`: speak to the running server, by hand or from a script."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.markup import escape

from pyao.cli.common import Config, DataDir, err, explained, run_loop, settings_of
from pyao.config import SETTINGS
from pyao.console.answer import Answer
from pyao.console.remote import RemoteConsole
from pyao.console.tty import has_terminal
from pyao.errors import ConfigError
from pyao.status import STATUS_FILE

FAILED = 1  # exit code of a command that the server refused


def console(
    *,
    command: Annotated[
        str | None, typer.Option("-c", "--command", help="Run this one command and end.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print answers as JSON, one line each.")
    ] = False,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Speak to the server that runs on this data folder.

    Without -c it reads commands from the terminal, or one per line from its input. Exit code 0: all
    were done; 1: one was refused; 2: no server answers.

    Example: pyao-server console -c "modules" --json
    """
    with explained():
        folder = folder_of_server(data_dir, config)
        raise typer.Exit(run_loop(lambda: converse(folder, command, as_json=as_json)))


def folder_of_server(data_dir: Path | None, config: Path | None) -> Path:
    """Return the data folder, also when an edit of the settings has gone wrong meanwhile.

    The server goes on with the old ones then, and its operator must get in.
    """
    try:
        return settings_of({"data_dir": data_dir}, config).data_dir
    except ConfigError as error:
        default = SETTINGS["data_dir"]
        folder = data_dir or Path(os.environ.get(default.env) or str(default.default))
        if not (folder / STATUS_FILE).exists():
            raise
        err.print(f"[yellow]{escape(str(error))}[/]")
        return folder


async def converse(folder: Path, command: str | None, *, as_json: bool) -> int:
    """Connect, run what is asked for, and return the exit code."""
    remote = await RemoteConsole.connect(folder)
    try:
        if command is not None:
            return show(await remote.run(command), as_json=as_json)
        if not has_terminal():
            codes = [show(await remote.run(line), as_json=as_json) for line in sys.stdin]
            return max(codes, default=0)
        await talk(remote, folder)
        return 0
    finally:
        await remote.close()


async def talk(remote: RemoteConsole, folder: Path) -> None:
    """Let an operator type until Ctrl+D or Ctrl+C."""
    typer.echo(f"{remote.greeting}; `help` lists all commands, Ctrl+D leaves")
    terminal = import_module("pyao.console.terminal").Terminal(remote, folder)
    try:
        await terminal.talk()
    except KeyboardInterrupt:
        return


def show(answer: Answer, *, as_json: bool) -> int:
    """Print an answer, what went wrong apart from the rest, and return the exit code."""
    if as_json:
        typer.echo(msgspec.json.encode(answer.as_dict()))
    else:
        for line in answer.text():
            typer.echo(line, err=not answer.ok)
    return 0 if answer.ok else FAILED
