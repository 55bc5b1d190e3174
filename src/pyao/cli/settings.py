"""Commands about settings: write files to begin with, show what is in force and whence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pyao.cli.common import Config, DataDir, columns, explained, out, settings_of, warn_of
from pyao.config import effective
from pyao.config.pages import init_files
from pyao.errors import ConfigError

config_app = typer.Typer(help="Look at the settings.", no_args_is_help=True)


@config_app.command("show")
def config_show(*, data_dir: DataDir = None, config: Config = None) -> None:
    """Print every setting in force and where its value came from.

    A change of what is called live counts while the server runs.

    Example: pyao-server config show
    """
    with explained():
        table = columns("setting", "value", "live", "from")
        settings = settings_of({"data_dir": data_dir}, config)
        warn_of(settings)
        for row in effective(settings):
            table.add_row(*map(escape, row))
        out.print(table, soft_wrap=False)


def init(
    folder: Annotated[
        Path, typer.Argument(help="Where; the current folder if not given.")
    ] = Path(),
) -> None:
    """Make the folders and commented configuration files.

    Files that exist are left alone, so it may be run again after an update.

    Example: pyao-server init .
    """
    with explained():
        try:
            written = init_files(folder)
        except OSError as error:
            raise ConfigError(
                f"{error.filename or folder} cannot be written: {error.strerror}; "
                "name a folder this user may write"
            ) from error
        for path in written:
            out.print(f"wrote {escape(str(path))}")
        if not written:
            out.print("nothing to write: the files are there already")
