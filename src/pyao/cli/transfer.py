"""`pyao-server accounts export, import`: an account with its characters as a file of JSON."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pyao.accounts import AccountRecord, Why
from pyao.accounts.transfer import exported, import_account, read_document
from pyao.cli.common import on_a_store, out, run_loop
from pyao.cli.storage import opened
from pyao.cli.stores import PROBLEMS, Name, opened_writer, rank_of, row_of
from pyao.config import Settings
from pyao.errors import ConfigError
from pyao.storage.backup import write_whole

AccountFile = Annotated[Path, typer.Argument(help="A file that `accounts export` made.")]


@on_a_store
def accounts_export(
    settings: Settings,
    name: Name,
    *,
    target: Annotated[
        Path | None, typer.Option("--to", help="Write it here instead of printing it.")
    ] = None,
) -> None:
    """Write an account and its characters as JSON.

    The server may be running. The file holds the hash of the password, and no log-in tokens.

    Example: pyao-server accounts export Ana --to ana.json
    """
    if target is not None and target.exists():
        raise ConfigError(f"{target} exists; name another file or remove it")
    with opened(settings) as store:
        text = exported(store, name)
    if text is None:
        raise ConfigError(PROBLEMS[Why.WRONG])
    if target is None:
        sys.stdout.write(text.decode())
        return
    whole = text

    def write(draft: Path) -> None:
        draft.write_bytes(whole)

    write_whole(target, write)
    out.print(f"wrote {escape(name)} to {escape(str(target))}")


@on_a_store
def accounts_import(settings: Settings, file: AccountFile) -> None:
    """Put an exported account into a world.

    It keeps its password, its rank and all its characters have, and is in no guild.

    Example: pyao-server accounts import ana.json
    """
    try:
        text = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error
    document = read_document(text)
    row = row_of("import", document.account.get("name", ""), str(file))
    when, wait_s = int(time.time()), settings.storage.commit_wait_s

    async def main() -> AccountRecord:
        async with opened_writer(settings, may_be_new=True) as writer:
            return await import_account(writer, document, [row], when=when, wait_s=wait_s)

    account = run_loop(main)
    characters = ", ".join(account.characters.values()) or "none"
    out.print(
        f"imported {escape(account.name)} ({rank_of(account.privileges)}), characters: "
        f"{escape(characters)}"
    )
