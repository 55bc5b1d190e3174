"""`pyao-server accounts ban, unban, mute, unmute`: who may not come in or speak, and until when.

The same acts as in the console, for a server that is stopped.
"""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.markup import escape

from pyao.accounts import FOREVER, Why
from pyao.cli.common import on_a_store, out, run_loop
from pyao.cli.stores import PROBLEMS, Name, opened_writer, row_of, with_accounts
from pyao.config import Settings
from pyao.console.commands.records import moment
from pyao.errors import ConfigError
from pyao.staff import mute_stored

MOST_MINUTES = 52_560_000  # a century

Minutes = Annotated[
    int | None, typer.Option("--minutes", min=1, max=MOST_MINUTES, help="Without it, for ever.")
]
Silence = Annotated[int, typer.Argument(min=1, max=MOST_MINUTES, help="Minutes of silence.")]
Reason = Annotated[str, typer.Option("--reason", help="Told to whom it concerns.")]


@on_a_store
def accounts_ban(
    settings: Settings, name: Name, *, minutes: Minutes = None, reason: Reason = ""
) -> None:
    """Shut an account out, with all its characters.

    Example: pyao-server accounts ban Ana --minutes 1440 --reason "selling gold"
    """
    until = FOREVER if minutes is None else int(time.time()) + minutes * 60
    span = "for ever" if minutes is None else f"until {moment(until)}"
    who = set_ban(settings, name, until, reason, f"ban {span}")
    out.print(f"account {escape(who)} is banned {span}")


@on_a_store
def accounts_unban(settings: Settings, name: Name) -> None:
    """Let a banned account in again.

    Example: pyao-server accounts unban Ana
    """
    who = set_ban(settings, name, 0, "", "unban")
    out.print(f"account {escape(who)} may come in")


@on_a_store
def accounts_mute(settings: Settings, name: Name, minutes: Silence, *, reason: Reason = "") -> None:
    """Let a character be silent for so many minutes.

    Example: pyao-server accounts mute Ana 60 --reason insults
    """
    until = int(time.time()) + minutes * 60
    who = set_mute(settings, name, until, "mute", f"until {moment(until)} {reason}")
    out.print(f"{escape(who)} is silent until {moment(until)}")


@on_a_store
def accounts_unmute(settings: Settings, name: Name) -> None:
    """Let a character speak again.

    Example: pyao-server accounts unmute Ana
    """
    who = set_mute(settings, name, 0, "unmute", "")
    out.print(f"{escape(who)} may speak")


def set_ban(settings: Settings, name: str, until: int, reason: str, act: str) -> str:
    """Write a ban and its line of the audit; return the account's own name."""
    word, _, span = act.partition(" ")
    row = row_of(word, name, f"{span} {reason}".strip())
    found = with_accounts(settings, lambda accounts: accounts.set_ban(name, until, reason, [row]))
    if found is None:
        raise ConfigError(PROBLEMS[Why.WRONG])
    return found.name


def set_mute(settings: Settings, name: str, until: int, act: str, arguments: str) -> str:
    """Write until when a character is silent, and the line of the audit; return its name."""

    async def main() -> str | None:
        async with opened_writer(settings) as writer:
            return await mute_stored(writer, name, until, row_of(act, name, arguments.strip()))

    found = run_loop(main)
    if found is None:
        raise ConfigError(PROBLEMS[Why.WRONG])
    return found
