"""The `pyao-server` command: every sub-command is a function with its help as docstring."""

from __future__ import annotations

import typer

from pyao.cli.bans import accounts_ban, accounts_mute, accounts_unban, accounts_unmute
from pyao.cli.bots import bots
from pyao.cli.console import console
from pyao.cli.replay import replay
from pyao.cli.serve import check, default, run
from pyao.cli.settings import config_app, init
from pyao.cli.storage import storage_app
from pyao.cli.stores import accounts_app, inspect
from pyao.cli.transfer import accounts_export, accounts_import
from pyao.cli.worlds import import_, world_app

app = typer.Typer(
    name="pyao-server",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback(invoke_without_command=True)(default)
app.command("run")(run)
app.command("check")(check)
app.command("init")(init)
app.command("inspect")(inspect)
app.command("console")(console)
app.command("import")(import_)
app.command("bots")(bots)
app.command("replay")(replay)
app.add_typer(config_app, name="config")
app.add_typer(world_app, name="world")
app.add_typer(storage_app, name="storage")
accounts_app.command("ban")(accounts_ban)
accounts_app.command("unban")(accounts_unban)
accounts_app.command("mute")(accounts_mute)
accounts_app.command("unmute")(accounts_unmute)
accounts_app.command("export")(accounts_export)
accounts_app.command("import")(accounts_import)
app.add_typer(accounts_app, name="accounts")

__all__ = ["app"]
