"""Commands about the store as a whole: move it, back it up, put it back, prove that it adds up."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pyao.cli.common import (
    DataDir,
    RedisUrl,
    columns,
    explained,
    on_a_store,
    out,
    run_loop,
    settings_of,
)
from pyao.config import Settings
from pyao.console.answer import Answer
from pyao.console.remote import RemoteConsole
from pyao.errors import ConfigError, ConsoleError, StorageConflict, StorageCorrupt
from pyao.rules.inventory import GOLD_ITEM
from pyao.storage.backup import backup_path, write_whole
from pyao.storage.choose import choose_repository, remember_choice, repository_at
from pyao.storage.keys import RedisKeys
from pyao.storage.migrate import migrate
from pyao.storage.owner import Owner
from pyao.storage.repository import Repository
from pyao.storage.settle import settle
from pyao.storage.stocktaking import Findings
from pyao.storage.upgrade import has_ledger
from pyao.storage.verify import verify

FAILED = 1  # exit code of a store that is not what it should be

storage_app = typer.Typer(help="Move, back up and check the store.", no_args_is_help=True)

BackupFile = Annotated[Path, typer.Argument(help="A file that `storage backup` made.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the world that is there.")]


@storage_app.command("migrate")
def storage_migrate(
    *,
    source: Annotated[str, typer.Option("--from", help="sqlite, redis, a file or a URL.")],
    target: Annotated[str, typer.Option("--to", help="sqlite, redis, a file or a URL.")],
    data_dir: DataDir = None,
    redis_url: RedisUrl = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what the target holds.")] = False,
) -> None:
    """Copy the whole store.

    No server may be running on either.

    Example: pyao-server storage migrate --from sqlite --to redis
    """
    with explained():
        settings = settings_of({"data_dir": data_dir, "redis_url": redis_url})
        first, second = (
            repository_at(end, settings.storage, settings.data_dir) for end in (source, target)
        )
        copied = migrate(first, second, force=force)
        if is_store_of(second, settings):  # not a copy that is put aside
            remember_choice(second, settings.data_dir)
        out.print(
            f"copied {copied.records} records and {copied.audit_rows} rows of the audit "
            f"from {escape(first.describe())} to {escape(second.describe())}"
        )


def is_store_of(repository: Repository, settings: Settings) -> bool:
    """Tell whether a server with these settings would keep its world there."""
    own = repository_at(repository.kind, settings.storage, settings.data_dir)
    return own.describe() == repository.describe()


@storage_app.command("backup")
@on_a_store
def storage_backup(
    settings: Settings,
    target: Annotated[
        Path | None, typer.Option("--to", help="The file; else one in DATA_DIR/backups.")
    ] = None,
) -> None:
    """Copy the world of one moment into a file.

    The server may be running; on Redis it makes the copy itself then, in DATA_DIR/backups.

    Example: pyao-server storage backup --to /mnt/safe/world.db
    """
    path = target or backup_path(settings.data_dir, time.time())
    if path.exists():
        raise ConfigError(f"{path} exists; name another file or remove it")
    with opened(settings) as store:
        try:
            back_up(store, path)
        except StorageConflict as conflict:
            if target is not None:
                raise
            for line in asked(settings.data_dir, "backup", conflict).text():
                out.print(escape(line))
            return
    out.print(f"{escape(str(path))}: {path.stat().st_size / 2**20:.1f} MiB")


def back_up(store: Repository, path: Path) -> None:
    """Write a backup; a store that needs peace for it is owned meanwhile."""
    if not store.backup_needs_peace:
        write_whole(path, store.back_up)
        return
    stamp = store.claim(Owner.this_process("pyao-server storage backup")).stamp
    try:
        write_whole(path, store.back_up)
    finally:
        store.release(stamp)


def asked(data_dir: Path, line: str, otherwise: Exception) -> Answer:
    """Let the server that runs on a data folder do something; raise `otherwise` without one."""

    async def ask() -> Answer:
        remote = await RemoteConsole.connect(data_dir)
        try:
            return await remote.run(line)
        finally:
            await remote.close()

    try:
        answer = run_loop(ask)
    except ConsoleError:
        raise otherwise from None
    if not answer.ok:
        raise ConsoleError(answer.error)
    return answer


@storage_app.command("restore")
@on_a_store
def storage_restore(settings: Settings, file: BackupFile, *, force: Force = False) -> None:
    """Check a backup and put it in the place of the world.

    The server must be stopped.

    Example: pyao-server storage restore data/backups/world-20260101-120000.db --force
    """
    with at_hand(backup_at(file, settings)) as backup:
        checked = verify(backup)
    if not checked.sound:
        raise StorageCorrupt(
            f"{file} is damaged and was not restored: {checked.problems[0]} "
            f"(`pyao-server storage verify {file}` lists all; `storage migrate` copies it as "
            "it is)"
        )
    with opened(settings, may_be_new=True) as store:
        copied = migrate(backup, store, force=force)
        remember_choice(store, settings.data_dir)
        out.print(
            f"restored {checked.characters} characters of {checked.accounts} accounts "
            f"({copied.records} records, commit {checked.commit}) to "
            f"{escape(store.describe())}"
        )


@storage_app.command("verify")
@on_a_store
def storage_verify(
    settings: Settings,
    file: Annotated[
        Path | None, typer.Argument(help="A backup; without it, the world of a stopped server.")
    ] = None,
) -> None:
    """Load everything in a store and check that it fits.

    Exit code 1 if it does not.

    Example: pyao-server storage verify data/backups/world-20260101-120000.db
    """
    with opened(settings) if file is None else at_hand(backup_at(file, settings)) as store:
        demand_world(store)  # a file of no bytes is a sound database too
        found = verify(store)
        for problem in found.problems:
            out.print(escape(problem))
        out.print(
            f"{escape(store.describe())}: commit {found.commit}, {found.accounts} accounts, "
            f"{found.characters} characters, {found.findings.lines} lines of the ledger, "
            f"{len(found.problems)} problems"
        )
    if not found.sound:
        raise typer.Exit(FAILED)


@storage_app.command("audit")
@on_a_store
def storage_audit(
    settings: Settings,
    *,
    settling: Annotated[
        bool,
        typer.Option("--settle", help="Accept what is there: write a line for each difference."),
    ] = False,
) -> None:
    """Prove that the ledger explains all gold and items.

    What exists must be what was created less what was destroyed.

    The server may be running, but not for --settle. Exit code 1 names who has too much or too
    little of what.

    Example: pyao-server storage audit
    """
    with opened(settings) as store:
        if not settling and not has_ledger(store):
            where = escape(store.describe())
            out.print(f"{where} is of an older layout: its ledger begins when a server opens it")
            return
        found = settle(store) if settling else store.take_stock()
        tell(found, store.describe())
    if not found.balanced:
        raise typer.Exit(FAILED)


def tell(found: Findings, where: str) -> None:
    """Print what a stocktaking found."""
    table = columns("", "gold", "items")
    for label, amounts in (
        ("brought forward", found.brought_forward),
        ("created since", found.created),
        ("destroyed since", found.destroyed),
        ("exists", found.held),
    ):
        gold = amounts.get(GOLD_ITEM, 0)
        table.add_row(label, f"{gold:,}", f"{sum(amounts.values()) - gold:,}")
    out.print(table, soft_wrap=False)
    for unread in found.unreadable:
        out.print(f"cannot be counted: {escape(unread)}")
    if found.differences:
        wrong = columns("holder", "item", "stored", "ledger", "difference")
        for one in found.differences:
            figures = (one.item, one.stored, one.told, one.stored - one.told)
            wrong.add_row(one.holder, *map(str, figures))
        out.print(wrong, soft_wrap=False)
    out.print(
        f"{escape(where)}: {found.lines} lines, of them {found.unexplained} unexplained; "
        f"{len(found.differences)} differences"
    )


@contextlib.contextmanager
def opened(settings: Settings, *, may_be_new: bool = False) -> Iterator[Repository]:
    """Open the store that the settings lead to; one without a world is refused."""
    store = choose_repository(settings.storage, settings.data_dir, remember=False)
    with at_hand(store):
        if not may_be_new:
            demand_world(store)
        yield store


def demand_world(store: Repository) -> None:
    """Refuse a store in which nobody ever kept a world: mostly it is the wrong folder."""
    if not store.read_strings([RedisKeys.WORLD_EPOCH]):
        raise ConfigError(
            f"there is no world in {store.describe()} yet; name the folder of one with --data-dir, "
            "or start the server once"
        )


@contextlib.contextmanager
def at_hand(store: Repository) -> Iterator[Repository]:
    """Close a store at the end."""
    with contextlib.closing(store):
        yield store


def backup_at(file: Path, settings: Settings) -> Repository:
    """Open a backup; ConfigError when there is none."""
    if not file.is_file():
        raise ConfigError(f"{file}: expected a file that `pyao-server storage backup` made")
    store = repository_at(str(file), settings.storage, settings.data_dir)
    store.open()
    return store
