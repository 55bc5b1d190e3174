"""`pyao-server replay`: play a recording on this build and say what it does differently."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pyao.cli.common import World, explained, out, run_loop
from pyao.replay import Outcome
from pyao.replay import replay as played

DIFFERENT = 1  # exit code of a build that does not do as the recorded one


def replay(
    folder: Annotated[Path, typer.Argument(help="A recording: a folder inside log.record_to.")],
    *,
    speed: Annotated[
        float,
        typer.Option("--speed", min=0.0, help="1 is the recorded pace; 0 as fast as it goes."),
    ] = 0.0,
    world: World = None,
    most: Annotated[
        int, typer.Option("--most", min=1, help="Of how many connections to tell.")
    ] = 5,
) -> None:
    """Play a recording on this build and tell what differs.

    The server runs inside this command on a copy of the recorded store, with the recorded dice,
    clock and settings; nobody can connect to it. Exit code 0: every client is sent the same.

    Example: pyao-server replay recordings/20260131-201500
    """
    with explained():
        given = {} if world is None else {"world": world}
        outcome = run_loop(lambda: played(folder, speed=speed, given=given))
    out.print(
        f"{outcome.connections} connections, {outcome.packets} packets from clients, "
        f"{outcome.sent / 1024:.1f} KiB to them, {outcome.seconds:.1f} s of the game"
    )
    for line in outcome.outside:
        out.print(f"[yellow]not played again, what follows may differ: {escape(line)}[/]")
    if not outcome.differences:
        out.print("equal: this build sends every client what it was sent then")
        return
    tell(outcome, most)
    raise typer.Exit(DIFFERENT)


def tell(outcome: Outcome, most: int) -> None:
    """Print the first difference of each connection, the earliest first."""
    for difference in outcome.differences[:most]:
        for line in difference.lines():
            out.print(escape(line))
    left = len(outcome.differences) - most
    out.print(
        f"different for {len(outcome.differences)} of {outcome.connections} connections"
        + (f"; {left} more with --most" if left > 0 else "")
    )
