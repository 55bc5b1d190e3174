"""Commands about who is stored: inspect a character, keep accounts."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from pyao.accounts import Accounts, LoginRefusal, Why
from pyao.cli.common import columns, on_a_store, out, run_loop
from pyao.cli.storage import demand_world
from pyao.config import Settings
from pyao.console.remote import user_name
from pyao.errors import ConfigError, PyaoError
from pyao.rules.character import UserId
from pyao.rules.kinds import Privilege
from pyao.rules.names import PASSWORD_MAX_CHARS, check_name, name_key
from pyao.rules.roles import (
    NO_EXCEPTIONS,
    PERMISSIONS,
    Exceptions,
    allows,
    is_permission_name,
    role_of,
)
from pyao.staff import act_row
from pyao.storage import SnapshotWriter
from pyao.storage.choose import choose_repository, remember_choice
from pyao.storage.keys import RedisKeys, character_keys
from pyao.storage.values import Hash

T = TypeVar("T")

Name = Annotated[str, typer.Argument(help="Name of the account or of its character.")]
Password = Annotated[
    str | None,
    typer.Option(
        "--password", help="Asked for when it is not given, or read from the input of a script."
    ),
]

accounts_app = typer.Typer(help="Keep accounts while the server is stopped.", no_args_is_help=True)

PROBLEMS = {
    Why.TAKEN: "that name belongs to somebody already",
    Why.WRONG: "there is no account or character of that name",
    Why.BUSY: "too many passwords are being hashed; try again",
    Why.LOCKED: "that account is locked for a while",
}


@on_a_store
def inspect(
    settings: Settings, name: Annotated[str, typer.Argument(help="Name of the character.")]
) -> None:
    """Print everything the store holds of a character.

    The server may be running.

    Example: pyao-server inspect Pepe
    """
    repository = choose_repository(settings.storage, settings.data_dir, remember=False)
    with contextlib.closing(repository):
        index = RedisKeys.name(name_key(name))
        entry = repository.read([index]).get(index)
        if entry is None:
            raise ConfigError(
                f"no character {name!r} in {repository.describe()}; "
                "`pyao-server accounts list` shows who there is"
            )
        keys = character_keys(UserId(int(entry["user_id"])))
        for key, record in sorted(repository.read(keys).items()):
            out.print(f"[bold]{escape(key)}[/]")
            table = Table(show_header=False)
            for label, value in record.items():
                table.add_row(label, escape(value))
            out.print(table, soft_wrap=False)


@accounts_app.command("create")
@on_a_store
def accounts_create(settings: Settings, name: Name, *, password: Password = None) -> None:
    """Create an account without characters.

    Example: pyao-server accounts create Ana
    """
    if check_name(name) is not None:
        raise ConfigError(f"name {name!r}: expected 3 to 15 letters with single spaces between")

    chosen = asked_password(password)

    async def work(accounts: Accounts) -> LoginRefusal | None:
        made = await accounts.create(name, chosen, ledger=[row_of("create", name)])
        return made if isinstance(made, LoginRefusal) else None

    settle(settings, work, may_be_new=True)
    out.print(f"created account {escape(name)}")


@accounts_app.command("list")
@on_a_store
def accounts_list(settings: Settings) -> None:
    """List all accounts with their rank and characters.

    Example: pyao-server accounts list
    """

    async def work(accounts: Accounts) -> Table:
        table = columns("account", "rank", "characters")
        for name in await accounts.names():
            record = await accounts.read(name)
            if record is not None:
                table.add_row(
                    escape(name),
                    rank_of(record.privileges),
                    escape(", ".join(record.characters.values())),
                )
        return table

    out.print(with_accounts(settings, work), soft_wrap=False)


@accounts_app.command("set-password")
@on_a_store
def accounts_set_password(settings: Settings, name: Name, *, password: Password = None) -> None:
    """Replace a password without knowing the old one.

    Example: pyao-server accounts set-password Ana
    """
    new = asked_password(password)
    settle(
        settings, lambda accounts: accounts.set_password(name, new, [row_of("set-password", name)])
    )
    out.print(f"changed the password of {escape(name)}")


@accounts_app.command("set-privilege")
@on_a_store
def accounts_set_privilege(
    settings: Settings,
    name: Name,
    rank: Annotated[str, typer.Argument(help="player, counsellor, demigod, god or admin.")],
) -> None:
    """Give an account a rank.

    It holds from the next log-in on.

    Example: pyao-server accounts set-privilege Ana admin
    """
    known = {privilege.name.lower(): privilege for privilege in Privilege if privilege.name}
    privilege = known.get(rank.lower().replace("-", "_"))
    if privilege is None:
        raise ConfigError(f"rank {rank!r}: expected one of {', '.join(known)}")
    settle(
        settings,
        lambda accounts: accounts.set_privileges(
            name, int(privilege | Privilege.PLAYER), [row_of("set-privilege", name, rank.lower())]
        ),
    )
    out.print(f"{escape(name)} is {rank_of(privilege)} from the next log-in on")


PermissionName = Annotated[
    str, typer.Argument(help="Such as people.kick; `accounts permissions` lists the server's own.")
]


@accounts_app.command("grant")
@on_a_store
def accounts_grant(settings: Settings, name: Name, permission: PermissionName) -> None:
    """Let one account do what its rank does not allow.

    Example: pyao-server accounts grant Ana people.kick
    """
    change_permission(settings, name, permission, "grant", lambda now: now.with_grant(permission))
    out.print(f"{escape(name)} has {permission} from the next log-in on{whose(permission)}")


@accounts_app.command("revoke")
@on_a_store
def accounts_revoke(settings: Settings, name: Name, permission: PermissionName) -> None:
    """Take a permission from one account.

    Granted ones, and those of its rank.

    Example: pyao-server accounts revoke Ana people.ban
    """
    change_permission(settings, name, permission, "revoke", lambda now: now.with_denial(permission))
    out.print(f"{escape(name)} has not {permission} from the next log-in on{whose(permission)}")


@accounts_app.command("permissions")
@on_a_store
def accounts_permissions(
    settings: Settings,
    name: Name,
    *,
    reset: Annotated[
        bool, typer.Option("--reset", help="Forget all grants and revocations first.")
    ] = False,
) -> None:
    """List what an account may do, and why.

    A permission comes with the rank, or with a grant.

    Example: pyao-server accounts permissions Ana
    """
    if reset:
        change_permission(settings, name, "", "reset permissions", lambda _now: NO_EXCEPTIONS)
    account = with_accounts(settings, lambda accounts: accounts.read(name))
    if account is None:
        raise ConfigError(PROBLEMS[Why.WRONG])
    table = columns("permission", "may", "because", "what")
    exceptions = account.exceptions
    for one in sorted({*PERMISSIONS, *exceptions.granted, *exceptions.denied}):
        known = PERMISSIONS.get(one)
        because = f"rank {rank_of(role_of(account.privileges))}"
        if one in exceptions.granted | exceptions.denied:
            because = "revoked" if one in exceptions.denied else "granted"
        may = "yes" if allows(account.privileges, exceptions, one) else "no"
        table.add_row(one, may, because, known.about if known else "of a module")
    out.print(table, soft_wrap=False)


@accounts_app.command("logout-everywhere")
@on_a_store
def accounts_logout_everywhere(settings: Settings, name: Name) -> None:
    """Make every log-in token of an account worthless.

    Example: pyao-server accounts logout-everywhere Ana
    """
    found = with_accounts(
        settings, lambda accounts: accounts.forget_tokens(name, [row_of("logout-everywhere", name)])
    )
    if found is None:
        raise ConfigError(PROBLEMS[Why.WRONG])
    out.print(f"{escape(name)} is logged out everywhere; tokens: {found}")


def whose(permission: str) -> str:
    """Say so of a permission the server itself knows nothing of: it may be misspelt."""
    return "" if permission in PERMISSIONS else "; only a module can ask for that one"


def change_permission(
    settings: Settings,
    name: str,
    permission: str,
    act: str,
    change: Callable[[Exceptions], Exceptions],
) -> None:
    """Change what is granted and denied to an account; what cannot be is an error in words."""
    if permission and not is_permission_name(permission):
        raise ConfigError(f"permission {permission!r}: expected words with dots, as people.kick")

    async def work(accounts: Accounts) -> LoginRefusal | None:
        row = row_of(act, name, permission)
        try:
            account = await accounts.set_exceptions(name, change, [row])
        except ValueError as error:
            raise ConfigError(str(error)) from error
        return LoginRefusal(Why.WRONG) if account is None else None

    settle(settings, work)


def row_of(act: str, name: str, arguments: str = "") -> Hash:
    """Return the row of the audit for an act of this command line."""
    return act_row(f"cli:{user_name()}", f"accounts {act}", name, arguments)


def rank_of(privileges: int) -> str:
    """Return the name of the highest rank among these bits."""
    return (Privilege(1 << (privileges.bit_length() - 1)).name or "player").lower()


def asked_password(given: str | None) -> str:
    """Return the password that was given, is typed twice at the terminal, or comes by a pipe."""
    if given is not None:
        return given
    if sys.stdin.isatty():
        typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return str(typed)
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise ConfigError("password: expected one with --password or as a line of the input")
    return line


def settle(
    settings: Settings,
    work: Callable[[Accounts], Awaitable[LoginRefusal | None]],
    *,
    may_be_new: bool = False,
) -> None:
    """Change something about an account; a refusal becomes an error in words."""
    refusal = with_accounts(settings, work, may_be_new=may_be_new)
    if refusal is not None and refusal.why is Why.PASSWORD:
        least = settings.game.password_min_chars
        raise ConfigError(f"password: expected {least} to {PASSWORD_MAX_CHARS} characters")
    if refusal is not None:
        raise ConfigError(PROBLEMS[refusal.why])


def with_accounts(
    settings: Settings, work: Callable[[Accounts], Awaitable[T]], *, may_be_new: bool = False
) -> T:
    """Own the store for as long as `work` needs; refused while a server owns it."""

    async def main() -> T:
        async with opened_accounts(settings, may_be_new=may_be_new) as accounts:
            return await work(accounts)

    return run_loop(main)


@contextlib.asynccontextmanager
async def opened_accounts(
    settings: Settings, *, may_be_new: bool = False
) -> AsyncIterator[Accounts]:
    """Open the accounts of a store as its owner."""
    async with opened_writer(settings, may_be_new=may_be_new) as writer:
        accounts = Accounts(writer, settings.game)
        try:
            yield accounts
        finally:
            await accounts.close()


@contextlib.asynccontextmanager
async def opened_writer(
    settings: Settings, *, may_be_new: bool = False
) -> AsyncIterator[SnapshotWriter]:
    """Open the store as its owner; one without a world is refused and nothing written."""
    repository = await asyncio.to_thread(
        choose_repository, settings.storage, settings.data_dir, remember=False
    )
    if not may_be_new:
        try:
            demand_world(repository)
        except PyaoError:
            repository.close()
            raise
    remember_choice(repository, settings.data_dir)
    writer = SnapshotWriter(repository, owner="pyao-server accounts")
    try:
        await writer.open()
        try:
            yield writer
        finally:
            await writer.drain(settings.storage.commit_wait_s)
    finally:
        await writer.close()
