"""What all commands share: options, settings, and how a refusal is shown."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pyao.config import SETTINGS, Origin, Settings
from pyao.config.fields import show
from pyao.errors import PyaoError

T = TypeVar("T")

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)

CHOICE = "one of "  # how a setting begins to tell the words it accepts
REFUSED = 2  # exit code of everything that is refused with a sentence


def setting_option(name: str, metavar: str | None = None) -> Any:  # noqa: ANN401 - as typer.Option
    """Return the command-line option of a setting, explained as the setting itself is."""
    one = SETTINGS[name]
    if one.expects.startswith(CHOICE):
        metavar = one.expects.removeprefix(CHOICE).replace(", ", "|")
    told = f"{one.sentence.replace('`', '')} (default: {show(one.default)}; {one.env})"
    return typer.Option(one.option, metavar=metavar, help=told)


DataDir = Annotated[Path | None, setting_option("data_dir", "FOLDER")]
Storage = Annotated[str | None, setting_option("storage")]
RedisUrl = Annotated[str | None, setting_option("redis_url", "URL")]
World = Annotated[str | None, setting_option("world", "WORLD")]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="A YAML or JSON file with settings."),
]


def origin_of(given: Mapping[str, object], config: Path | None = None) -> Origin:
    """Say where settings are to be read from: this command line over everything else."""
    return Origin(cli=given, env=os.environ, cwd=Path.cwd().absolute(), config_file=config)


def settings_of(given: Mapping[str, object], config: Path | None = None) -> Settings:
    """Read the settings; ConfigError names every mistake."""
    return origin_of(given, config).load()


def warn_of(settings: Settings) -> None:
    """Print what was found in the settings that changes nothing, though it was meant to."""
    for warning in settings.warnings:
        err.print(f"[yellow]{escape(warning)}[/]")


def run_loop(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on uvloop where there is one."""
    runner: Callable[[Coroutine[Any, Any, T]], T] = asyncio.run
    if find_spec("uvloop") is not None:  # there is none for Windows
        runner = import_module("uvloop").run
    return runner(main())


def columns(*titles: str) -> Table:
    """Return a table in which long cells go on in the next line instead of being cut off."""
    table = Table()
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn what is refused on purpose into its sentence and exit code 2, without a traceback."""
    try:
        yield
    except PyaoError as error:
        err.print(f"[bold red]error:[/] {escape(str(error))}")
        raise typer.Exit(REFUSED) from error


def on_a_store(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command that takes settings first be called with the options that say which store.

    What is refused on purpose ends it in words, as `explained` has it.
    """

    @functools.wraps(command)
    def called(
        *,
        data_dir: DataDir = None,
        storage: Storage = None,
        redis_url: RedisUrl = None,
        **own: object,
    ) -> None:
        with explained():
            given = {"data_dir": data_dir, "storage": storage, "redis_url": redis_url}
            command(settings_of(given), **own)

    options = {"data_dir": DataDir, "storage": Storage, "redis_url": RedisUrl}
    hints = get_type_hints(command, include_extras=True)
    _, *rest = inspect.signature(command).parameters.values()
    parameters = [one.replace(annotation=hints[one.name]) for one in rest]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, option in options.items()
    ]
    # Typer reads what a command takes from these two.
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # no stub
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called
