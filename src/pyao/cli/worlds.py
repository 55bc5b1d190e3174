"""Commands about worlds: import a distribution."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from pyao.cli.common import DataDir, err, explained, out, settings_of
from pyao.content.importer import ImportOptions, ImportReport, import_world

WARNINGS_SHOWN = 20

Folder = Path | None


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
    """Compile an AO distribution into the data folder; the server then serves it.

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
        with Progress(*columns, console=err, transient=True) as bar:
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
    table = Table("imported", "count", title=escape(found.name) or None)
    table.add_row("maps", str(len(found.maps)))
    for kind, count in found.records.items():
        table.add_row(kind, str(count))
    if found.compared_maps:
        table.add_row("maps compared with the client's", str(found.compared_maps))
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
