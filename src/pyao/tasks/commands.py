"""Commands that players type: what the client has no packet for arrives as talk.

A command is one decorated function; its docstring is its line in /ayuda.
"""

from __future__ import annotations

from collections.abc import Callable

from pyao.tasks.turn import Turn

Command = Callable[[Turn, str], None]

COMMANDS: dict[str, Command] = {}


def command(name: str) -> Callable[[Command], Command]:
    """Enter a function as the chat command `/name`."""

    def enter(function: Command) -> Command:
        if name in COMMANDS:
            msg = f"/{name} is defined twice"
            raise ValueError(msg)
        COMMANDS[name] = function
        return function

    return enter


def run_command(turn: Turn, line: str) -> None:
    """Run what a player typed after a slash, or say that there is no such command."""
    name, _, rest = line[1:].partition(" ")
    found = COMMANDS.get(name.lower())
    if found is None:
        turn.tell("action.unknown_command", command=f"/{name[:20]}")
        return
    found(turn, rest.strip())
