"""`pyao-server bots`: let bots play on a server and measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pyao.bots import BotOptions, Mode, play
from pyao.cli.common import explained, out, run_loop
from pyao.errors import ConfigError

DENSE_TILES = 6  # how far from where they entered bots of one crowd walk


def bots(  # noqa: PLR0913 - one parameter per option
    *,
    host: Annotated[str, typer.Option("--host", help="Address of the server.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port of the server.")] = 7666,
    count: Annotated[
        int, typer.Option("--count", min=1, max=20_000, help="How many bots play.")
    ] = 50,
    minutes: Annotated[
        float, typer.Option("--minutes", min=0.01, help="How long, once all are in.")
    ] = 1.0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here, as JSON.")
    ] = None,
    mode: Annotated[Mode, typer.Option("--mode", help="What they do.")] = Mode.WALK,
    dense: Annotated[
        bool, typer.Option("--dense", help="One crowd, instead of all over the map.")
    ] = False,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, help="Processes that share the bots.")
    ] = 1,
) -> None:
    """Let bots play on a server and measure what they see.

    Bots create their characters (Bot Dadada, Bot Dadade...) the first time and log in with them
    from then on. A server limits connections per address, except from the machine it runs on.

    Example: pyao-server bots --count 200 --minutes 2
    """
    options = BotOptions(
        host=host,
        port=port,
        count=count,
        minutes=minutes,
        mode=mode,
        roam_tiles=DENSE_TILES if dense else BotOptions.roam_tiles,
        processes=min(processes, count),
    )
    with explained():
        if json_file is not None and not json_file.parent.is_dir():
            raise ConfigError(f"{json_file}: expected a file in a folder that exists")
        report = run_loop(lambda: play(options))
        out.print(report.table())
        if json_file is not None:
            json_file.write_text(json.dumps(report.as_dict(), indent=2) + "\n", encoding="utf-8")
