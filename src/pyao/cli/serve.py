"""`pyao-server run`: start, say where, serve until told to stop. And `check`, which only looks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pyao import __version__
from pyao.app import App
from pyao.cli.common import (
    Config,
    DataDir,
    RedisUrl,
    Storage,
    World,
    err,
    explained,
    origin_of,
    out,
    run_loop,
)
from pyao.config import LogSettings, Origin
from pyao.console.tty import has_terminal
from pyao.content.chosen import load_chosen
from pyao.logs import set_up_logging
from pyao.process import heed_signals, ignore_signals
from pyao.status import Status
from pyao.storage.choose import choose_repository

Host = Annotated[
    list[str] | None, typer.Option("--host", help="Address to listen on; may be repeated.")
]
Port = Annotated[int | None, typer.Option("--port", help="TCP port; 0 picks a free one.")]
LogLevel = Annotated[
    str | None, typer.Option("--log-level", help="DEBUG, INFO, WARNING, ERROR or CRITICAL.")
]
LogFormat = Annotated[str | None, typer.Option("--log-format", help="auto, console or json.")]
TakeOver = Annotated[
    bool | None,
    typer.Option("--take-over", help="Take the world from a server that still owns it."),
]


def default(  # noqa: PLR0913 - one parameter per option
    ctx: typer.Context,
    *,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
    world: World = None,
    config: Config = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    take_over: TakeOver = None,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.")
    ] = False,
) -> None:
    """Argentum Online server. Without a command it runs the server."""
    if show_version:
        out.print(f"pyao-server {__version__}")
        return
    # Commands print what they have to say; `run` sets the log up as the settings say.
    set_up_logging(LogSettings(log_level="WARNING", log_format="console"))
    if ctx.invoked_subcommand is None:
        run(
            host=host,
            port=port,
            data_dir=data_dir,
            storage=storage,
            redis_url=redis_url,
            world=world,
            config=config,
            log_level=log_level,
            log_format=log_format,
            take_over=take_over,
        )


def run(  # noqa: PLR0913 - one parameter per option
    *,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
    world: World = None,
    config: Config = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    take_over: TakeOver = None,
) -> None:
    """Run the server until it is told to stop.

    Ctrl+C, SIGTERM and the end of its terminal let it tell everybody and save everything.

    Example: pyao-server run --port 7666 --data-dir ./data
    """
    given = {
        "host": host or None,
        "port": port,
        "data_dir": data_dir,
        "storage": storage,
        "redis_url": redis_url,
        "world": world,
        "log_level": log_level,
        "log_format": log_format,
        "take_over": take_over,
    }
    with explained():
        raise typer.Exit(run_loop(lambda: serve(origin_of(given, config))))


async def serve(origin: Origin) -> int:
    """Start a server, print where it is, and serve until it is told to stop."""
    server = App(origin)
    server.set_up_logging()
    for warning in server.settings.warnings:
        err.print(f"[yellow]{escape(warning)}[/]")
    heed_signals(server.request_stop)
    status = await server.start()
    terminal = has_terminal()
    banner(status, server.settings.data_dir, terminal=terminal)
    code = await server.run(terminal=terminal)
    ignore_signals()
    return code


def banner(status: Status, data_dir: Path, *, terminal: bool) -> None:
    """Say on the terminal what is running and how to get in."""
    table = Table.grid(padding=(0, 2))
    for host, port in status.addresses:
        table.add_row("[bold]listening[/]", f"{host}:{port}")
    table.add_row("[bold]world[/]", escape(status.world))
    table.add_row("[bold]store[/]", escape(status.store))
    table.add_row("[bold]data[/]", escape(str(data_dir)))
    table.add_row("[bold]play[/]", f"ArgentumOnlineGodot, port {status.addresses[0][1]}")
    table.add_row(
        "[bold]control[/]", "pyao-server console" + (", or type here: help" if terminal else "")
    )
    table.add_row("[bold]stop[/]", "Ctrl+C: everybody is told and everything is saved")
    err.print("[bold green]PyAO Server[/]")
    err.print(table)


def check(
    *,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
    world: World = None,
    config: Config = None,
) -> None:
    """Check settings, world and store without starting; say what is wrong and what to do.

    Example: pyao-server check --config server.yaml
    """
    given = {"data_dir": data_dir, "storage": storage, "redis_url": redis_url, "world": world}
    with explained():
        settings = origin_of(given, config).load()
        set_by = sum(source != "default" for source in settings.settings_sources.values())
        out.print(f"settings  good, {set_by} differ from the defaults")
        data = load_chosen(settings)
        out.print(f"world     {escape(data.name)}, {len(data.maps)} maps ({escape(data.source)})")
        repository = choose_repository(settings.storage, settings.data_dir, remember=False)
        out.print(f"store     {escape(repository.describe())}")
        repository.close()
