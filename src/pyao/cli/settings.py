"""Commands about settings: show what is in force and where it came from."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from pyao.cli.common import Config, DataDir, explained, out, settings_of
from pyao.config import effective

config_app = typer.Typer(help="Look at the settings.", no_args_is_help=True)


@config_app.command("show")
def config_show(*, data_dir: DataDir = None, config: Config = None) -> None:
    """Print every setting in force and where its value came from.

    Example: pyao-server config show
    """
    with explained():
        table = Table("setting", "value", "from")
        for name, value, source in effective(settings_of({"data_dir": data_dir}, config)):
            table.add_row(name, escape(value), escape(source))
        out.print(table)
