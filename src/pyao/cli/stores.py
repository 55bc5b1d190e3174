"""Commands about what is stored: inspect a character, keep accounts, move the store."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from pyao.accounts import Accounts, LoginRefusal, Why
from pyao.cli.common import (
    DataDir,
    RedisUrl,
    Storage,
    explained,
    out,
    run_loop,
    settings_of,
)
from pyao.config import Settings
from pyao.errors import ConfigError
from pyao.rules.character import UserId
from pyao.rules.kinds import Privilege
from pyao.rules.names import check_name, check_password, name_key
from pyao.storage import SnapshotWriter
from pyao.storage.choose import choose_repository, remember_choice, repository_at
from pyao.storage.keys import RedisKeys, character_keys
from pyao.storage.migrate import migrate

T = TypeVar("T")

Name = Annotated[str, typer.Argument(help="Name of the account or of its character.")]
Password = Annotated[
    str,
    typer.Option(
        "--password", prompt=True, confirmation_prompt=True, hide_input=True,
        help="Asked for when it is not given.",
    ),
]  # fmt: skip

storage_app = typer.Typer(help="Move the store.", no_args_is_help=True)
accounts_app = typer.Typer(help="Keep accounts while the server is stopped.", no_args_is_help=True)

PROBLEMS = {
    Why.TAKEN: "that name belongs to somebody already",
    Why.WRONG: "there is no account or character of that name",
    Why.BUSY: "too many passwords are being hashed; try again",
    Why.LOCKED: "that account is locked for a while",
}


def inspect(
    name: Annotated[str, typer.Argument(help="Name of the character.")],
    *,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
) -> None:
    """Print everything the store holds of a character; the server may be running.

    Example: pyao-server inspect Pepe
    """
    with explained():
        settings = settings_for(data_dir, storage, redis_url)
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
                table = Table(title=key, show_header=False, title_justify="left")
                for label, value in record.items():
                    table.add_row(label, escape(value))
                out.print(table)


@storage_app.command("migrate")
def storage_migrate(
    *,
    source: Annotated[str, typer.Option("--from", help="sqlite, redis, a file or a URL.")],
    target: Annotated[str, typer.Option("--to", help="sqlite, redis, a file or a URL.")],
    data_dir: DataDir = None,
    redis_url: RedisUrl = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what the target holds.")] = False,
) -> None:
    """Copy the whole store; no server may be running on either.

    Example: pyao-server storage migrate --from sqlite --to redis
    """
    with explained():
        settings = settings_for(data_dir, None, redis_url)
        first, second = (
            repository_at(end, settings.storage, settings.data_dir) for end in (source, target)
        )
        copied = migrate(first, second, force=force)
        remember_choice(second, settings.data_dir)
        out.print(
            f"copied {copied.records} records and {copied.audit_rows} rows of the audit "
            f"from {escape(first.describe())} to {escape(second.describe())}"
        )


@accounts_app.command("create")
def accounts_create(
    name: Name,
    *,
    password: Password,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
) -> None:
    """Create an account without characters.

    Example: pyao-server accounts create Ana
    """
    with explained():
        if check_name(name) is not None:
            raise ConfigError(f"name {name!r}: expected 3 to 15 letters with single spaces between")
        check_new_password(password)

        async def work(accounts: Accounts) -> LoginRefusal | None:
            made = await accounts.create(name, password)
            return made if isinstance(made, LoginRefusal) else None

        settle(settings_for(data_dir, storage, redis_url), work)
        out.print(f"created account {escape(name)}")


@accounts_app.command("list")
def accounts_list(
    *, data_dir: DataDir = None, storage: Storage = None, redis_url: RedisUrl = None
) -> None:
    """List all accounts with their rank and characters.

    Example: pyao-server accounts list
    """
    with explained():

        async def work(accounts: Accounts) -> Table:
            table = Table("account", "rank", "characters")
            for name in await accounts.names():
                record = await accounts.read(name)
                if record is not None:
                    table.add_row(
                        escape(name),
                        rank_of(record.privileges),
                        escape(", ".join(record.characters.values())),
                    )
            return table

        out.print(with_accounts(settings_for(data_dir, storage, redis_url), work))


@accounts_app.command("set-password")
def accounts_set_password(
    name: Name,
    *,
    password: Password,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
) -> None:
    """Replace a password without knowing the old one.

    Example: pyao-server accounts set-password Ana
    """
    with explained():
        check_new_password(password)
        settle(
            settings_for(data_dir, storage, redis_url),
            lambda accounts: accounts.set_password(name, password),
        )
        out.print(f"changed the password of {escape(name)}")


@accounts_app.command("set-privilege")
def accounts_set_privilege(
    name: Name,
    rank: Annotated[str, typer.Argument(help="player, counsellor, demigod, god or admin.")],
    *,
    data_dir: DataDir = None,
    storage: Storage = None,
    redis_url: RedisUrl = None,
) -> None:
    """Give an account a rank; it holds from the next log-in on.

    Example: pyao-server accounts set-privilege Ana admin
    """
    with explained():
        known = {privilege.name.lower(): privilege for privilege in Privilege if privilege.name}
        privilege = known.get(rank.lower().replace("-", "_"))
        if privilege is None:
            raise ConfigError(f"rank {rank!r}: expected one of {', '.join(known)}")
        settle(
            settings_for(data_dir, storage, redis_url),
            lambda accounts: accounts.set_privileges(name, int(privilege | Privilege.PLAYER)),
        )
        out.print(f"{escape(name)} is {rank_of(privilege)} from the next log-in on")


def settings_for(
    data_dir: DataDir, storage: Storage | None, redis_url: RedisUrl | None
) -> Settings:
    """Read the settings of a command that works on the store."""
    return settings_of({"data_dir": data_dir, "storage": storage, "redis_url": redis_url})


def rank_of(privileges: int) -> str:
    """Return the name of the highest rank among these bits."""
    return (Privilege(1 << (privileges.bit_length() - 1)).name or "player").lower()


def check_new_password(password: str) -> None:
    """Refuse a password no client could type or that is too short."""
    if not check_password(password):
        raise ConfigError("password: expected 3 to 64 characters")


def settle(settings: Settings, work: Callable[[Accounts], Awaitable[LoginRefusal | None]]) -> None:
    """Change something about an account; a refusal becomes an error in words."""
    refusal = with_accounts(settings, work)
    if refusal is not None:
        raise ConfigError(PROBLEMS[refusal.why])


def with_accounts(settings: Settings, work: Callable[[Accounts], Awaitable[T]]) -> T:
    """Own the store for as long as `work` needs; refused while a server owns it."""

    async def main() -> T:
        async with opened_accounts(settings) as accounts:
            return await work(accounts)

    return run_loop(main)


@contextlib.asynccontextmanager
async def opened_accounts(settings: Settings) -> AsyncIterator[Accounts]:
    """Open the store as its owner."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    repository = await asyncio.to_thread(choose_repository, settings.storage, settings.data_dir)
    writer = SnapshotWriter(repository, owner="pyao-server accounts")
    try:
        await writer.open()
        accounts = Accounts(writer, settings.game)
        try:
            yield accounts
        finally:
            await accounts.close()
            await writer.drain(settings.storage.commit_wait_s)
    finally:
        await writer.close()
