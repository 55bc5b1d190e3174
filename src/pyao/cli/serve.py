"""`pyao-server run`: start, say where, serve until told to stop. And `check`, which only looks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console, Group, RenderableType
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
    setting_option,
    warn_of,
)
from pyao.collector import Collector
from pyao.config import LogSettings, Origin, Settings
from pyao.console.tty import has_terminal
from pyao.content.chosen import load_chosen
from pyao.logs import is_readable, set_up_logging
from pyao.process import heed_signals, ignore_signals
from pyao.status import Status
from pyao.storage.choose import choose_repository

log = structlog.get_logger(__name__)

Host = Annotated[list[str] | None, setting_option("host", "ADDRESS[,ADDRESS]")]
Port = Annotated[str | None, setting_option("port", "PORT")]
LogLevel = Annotated[str | None, setting_option("log_level")]
LogFormat = Annotated[str | None, setting_option("log_format")]
TakeOver = Annotated[bool | None, setting_option("take_over")]


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
    if ctx.invoked_subcommand is not None:
        refuse_options_before(ctx, ctx.invoked_subcommand)
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


def refuse_options_before(ctx: typer.Context, command: str) -> None:
    """Refuse an option in front of a command: it would be the server's, and do nothing."""
    for parameter in ctx.command.params:
        source = ctx.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE":
            option = parameter.opts[0]
            ctx.fail(f"{option} would be lost before {command}: put it behind the command")


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
    """Start a server, say where it is, and serve until it is told to stop."""
    server = App(origin, collector=Collector())
    server.set_up_logging()
    machine_reads = machine_reads_stderr(server.settings.log)
    if machine_reads:
        for warning in server.settings.warnings:
            log.warning("settings", warning=warning)
    else:
        warn_of(server.settings)
    heed_signals(server.request_stop)
    status = await server.start()
    terminal = has_terminal()
    log_start(status, server.settings)
    if server.settings.log.log_format != "json" or not machine_reads:
        where = out if machine_reads else err
        show(where, banner(status, server.settings.data_dir, terminal=terminal))
    code = await server.run(terminal=terminal)
    ignore_signals()
    return code


def machine_reads_stderr(settings: LogSettings) -> bool:
    """Tell whether stderr takes JSON lines, which nothing else may stand between."""
    return settings.log_file is None and not is_readable(settings)


def log_start(status: Status, settings: Settings) -> None:
    """Leave what the banner says in the log too, unless both are read at one terminal."""
    if settings.log.log_file is not None or not is_readable(settings.log):
        addresses = [f"{host}:{port}" for host, port in status.addresses]
        data = str(settings.data_dir)
        log.info(
            "listening", addresses=addresses, world=status.world, store=status.store, data=data
        )


def show(where: Console, what: RenderableType) -> None:
    """Print something a server can go without: a full disk or a closed pipe does not stop it."""
    try:
        where.print(what)
    except (OSError, SystemExit):  # with the latter rich ends a program whose pipe is closed
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), where.file.fileno())


def banner(status: Status, data_dir: Path, *, terminal: bool) -> Group:
    """Return in words what is running and how to get in."""
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
    return Group("[bold green]PyAO Server[/]", table)


def check(
    *,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
    world: World = None,
    config: Config = None,
) -> None:
    """Check settings, world and store without starting.

    Says what is wrong and what to do.

    Example: pyao-server check --config server.yaml
    """
    given = {"data_dir": data_dir, "storage": storage, "redis_url": redis_url, "world": world}
    with explained():
        settings = origin_of(given, config).load()
        warn_of(settings)
        set_by = sum(source != "default" for source in settings.settings_sources.values())
        out.print(f"settings  good, {set_by} differ from the defaults")
        data = load_chosen(settings)
        out.print(f"world     {escape(data.name)}, {len(data.maps)} maps ({escape(data.source)})")
        repository = choose_repository(settings.storage, settings.data_dir, remember=False)
        out.print(f"store     {escape(repository.describe())}")
        repository.close()
