"""Commands about worlds: import a distribution, look at a world, edit it as text."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from pyao.cli.common import DataDir, World, err, explained, out, settings_of
from pyao.content.chosen import load_chosen
from pyao.content.client_limits import known_client
from pyao.content.importer import ImportOptions, ImportReport, import_world
from pyao.content.map_view import map_as_text
from pyao.content.report import FindingKind
from pyao.content.sealed import write_whole
from pyao.content.text_export import export_world
from pyao.content.text_world import check_text_world
from pyao.content.world_data import MapData, WorldData
from pyao.errors import ContentError

WARNINGS_SHOWN = 20

Folder = Path | None

world_app = typer.Typer(help="Look at a world, edit it as text.", no_args_is_help=True)


def import_(
    *,
    maps: Annotated[
        Folder, typer.Option("--maps", help="Folder with MapaN.map, MapaN.inf, MapaN.dat.")
    ] = None,
    dat: Annotated[Folder, typer.Option("--dat", help="Folder with obj.dat, NPCs.dat...")] = None,
    client_assets: Annotated[
        Folder, typer.Option("--client-assets", help="The Godot client's Assets folder.")
    ] = None,
    data_dir: DataDir = None,
    report: Annotated[
        Folder, typer.Option("--report", help="Write counts and warnings here, as JSON.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a distribution with warnings.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Import maps that disagree with the client's.")
    ] = False,
) -> None:
    """Compile an AO distribution into the data folder.

    The server then serves it.

    Exit code 0: imported; 1: refused because of warnings (--strict); 2: not possible.

    Example: pyao-server import --maps ~/ao/Maps --dat ~/ao/Dat
    """
    with explained():
        options = ImportOptions(
            data_dir=settings_of({"data_dir": data_dir}).data_dir,
            maps=maps,
            dat=dat,
            client_assets=client_assets,
            report=report,
            strict=strict,
            force=force,
        )
        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        quiet = not err.is_terminal
        with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
            rows: dict[str, TaskID] = {}

            def show(what: str, done: int, total: int) -> None:
                row = rows.get(what)
                if row is None:
                    row = rows[what] = bar.add_task(what, total=total)
                bar.update(row, completed=done, total=total)

            found = import_world(options, show)
        summarise(found)
        raise typer.Exit(1 if found.refused else 0)


def summarise(found: ImportReport) -> None:
    """Print what was imported, and the first warnings."""
    table = Table("imported", title=escape(found.name) or None)
    table.add_column("count", justify="right")
    for name, count in found.rows():
        table.add_row(name, count)
    out.print(table)
    for finding in found.findings.findings[:WARNINGS_SHOWN]:
        out.print(f"[yellow]{escape(str(finding))}[/]")
    if found.findings.total > WARNINGS_SHOWN:
        more = found.findings.total - WARNINGS_SHOWN
        out.print(f"... and {more} more; --report FILE holds them all")
    if found.refused:
        out.print("refused because of the warnings; leave out --strict to import all the same")
    elif found.written is not None:
        out.print(f"written to {escape(str(found.written))} in {found.seconds:.1f} s")


@world_app.command("export")
def world_export(
    folder: Annotated[Path, typer.Argument(help="An empty or new folder.")],
    *,
    data_dir: DataDir = None,
    world: World = None,
) -> None:
    """Write the world the server would run as text to edit.

    Serve the edited folder with --world DIR; changes are taken over while players play.

    Example: pyao-server world export my-world
    """
    with explained():
        data = load_chosen(settings_of({"data_dir": data_dir, "world": world}))
        count = export_world(data, folder)
        out.print(f"wrote {count} files of {escape(data.name)} to {escape(str(folder))}")


@world_app.command("check")
def world_check(
    folder: Annotated[Path, typer.Argument(help="A folder of world text files.")],
) -> None:
    """Check a folder of world text.

    Every mistake comes with file and line; exit code 1 if there is one.

    Warnings are about what is allowed but hardly meant, such as a merchant with nothing to sell.

    Example: pyao-server world check my-world
    """
    with explained():
        report = check_text_world(folder, known_client())
        for finding in report.findings:
            mark = "warning: " if finding.kind is FindingKind.SENSE else ""
            out.print(f"{mark}{escape(str(finding))}")
        warnings = report.counts[FindingKind.SENSE]
        if mistakes := report.total - warnings:
            out.print(f"{mistakes} mistakes; the server would refuse this world")
            raise typer.Exit(1)
        out.print(f"no mistakes, {warnings} warnings" if warnings else "no mistakes")


@world_app.command("show")
def world_show(
    number: Annotated[int, typer.Argument(metavar="MAP", help="Number of the map.")],
    *,
    data_dir: DataDir = None,
    world: World = None,
    png: Annotated[
        Folder, typer.Option("--png", help="Draw it into this file; needs the extra images.")
    ] = None,
) -> None:
    """Print a map, or draw it as a picture.

    It is shown with its walls, water, exits, people and things.

    Pictures need Pillow: pip install 'pyao-server[images]', or uv sync --extra images in a clone.

    Example: pyao-server world show 1 --png town.png
    """
    with explained():
        data = load_chosen(settings_of({"data_dir": data_dir, "world": world}))
        entry = data.maps.get(number)
        if entry is None:
            known = ", ".join(str(one) for one in list(data.maps)[:20])
            raise ContentError(f"there is no map {number} in {data.name}; there are {known}...")
        if png is not None:
            write_whole(png, _picture(data, entry))
            out.print(f"drew {escape(entry.name)} into {escape(str(png))}")
        else:
            out.print(map_as_text(data, entry), markup=False)


def _picture(data: WorldData, entry: MapData) -> bytes:
    """Draw a map, or say what the drawing lacks: Pillow is no part of a plain installation."""
    if find_spec("PIL") is None:
        raise ContentError(
            "a picture needs Pillow, which is not installed; pip install 'pyao-server[images]' "
            "(in a clone: uv sync --extra images), or leave out --png"
        )
    drawn: bytes = import_module("pyao.content.map_picture").map_as_png(data, entry)
    return drawn
