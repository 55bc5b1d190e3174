"""The accounts of a world: create, check, change."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from pyao.accounts.hashing import HasherBusy, PasswordHasher
from pyao.accounts.lockout import Lockout
from pyao.accounts.refusal import LoginRefusal, Why
from pyao.config import GameSettings
from pyao.errors import StorageUnavailable
from pyao.rules.character import Character, Section, UserId
from pyao.rules.names import name_key
from pyao.storage.keys import RedisKeys
from pyao.storage.records import AccountRecord, sections
from pyao.storage.snapshot import SnapshotWriter
from pyao.storage.values import Hash, Value

log = structlog.get_logger(__name__)

Make = Callable[[UserId], Character]


class Accounts:
    """Reads and writes accounts through the writer, so that a cut holds them with the rest."""

    def __init__(
        self,
        writer: SnapshotWriter,
        rules: GameSettings,
        *,
        hasher: PasswordHasher | None = None,
        wall_clock: Callable[[], float] = time.time,
        commit_wait_s: float = 2.0,
    ) -> None:
        self._writer = writer
        self._hasher = hasher or PasswordHasher()
        self._wall_clock = wall_clock
        self._commit_wait_s = commit_wait_s
        self._by_account = Lockout(rules.lockout_failures, rules.lockout_s, wall_clock=wall_clock)
        self._by_address = Lockout(
            rules.lockout_ip_failures, rules.lockout_ip_s, wall_clock=wall_clock
        )
        self._creating: set[str] = set()

    # --- coming in ---------------------------------------------------------------------------

    async def verify(self, name: str, password: str, address: str) -> AccountRecord | LoginRefusal:
        """Check the password of an account or of a character's account.

        `name` is either; the address is counted against as well as the name. A locked name or
        address is refused before any hashing.
        """
        key = name_key(name)
        locks = RedisKeys.lockout_account(key), RedisKeys.lockout_address(address)
        found = await self._writer.read([RedisKeys.name(key), RedisKeys.account(key), *locks])
        counts = [found.get(lock, {}) for lock in locks]
        seconds = max(
            self._by_account.seconds_left(counts[0]), self._by_address.seconds_left(counts[1])
        )
        if seconds:
            return LoginRefusal(Why.LOCKED, seconds)
        account = await self._account_of(key, found)
        try:
            right = await self._hasher.verify(
                account.password if account is not None else None, password
            )
        except HasherBusy:
            return LoginRefusal(Why.BUSY)
        if account is None or not right:
            await self._count_failure(locks)
            log.info("wrong password", name=name, address=address)
            return LoginRefusal(Why.WRONG)
        changes: dict[str, Value | None] = {locks[0]: None} if counts[0] else {}
        if self._hasher.outdated(account.password):
            account.password = await self._hasher.hash(password)
            changes[RedisKeys.account(name_key(account.name))] = account.to_hash()
        if changes:
            self._writer.submit(changes)
        return account

    async def read(self, name: str) -> AccountRecord | None:
        """Return the account of that name, or the one a character of that name belongs to."""
        key = name_key(name)
        found = await self._writer.read([RedisKeys.name(key), RedisKeys.account(key)])
        return await self._account_of(key, found)

    async def _account_of(self, key: str, found: dict[str, Hash]) -> AccountRecord | None:
        owner = found.get(RedisKeys.name(key), {}).get("account", "")
        account_key = RedisKeys.account(name_key(owner) if owner else key)
        record = found.get(account_key) or (await self._writer.read([account_key])).get(account_key)
        return None if record is None else AccountRecord.from_hash(account_key, record)

    async def _count_failure(self, locks: tuple[str, str]) -> None:
        # Read again: other attempts may have failed while this one was being hashed.
        found = await self._writer.read(locks)
        self._writer.submit(
            {
                locks[0]: self._by_account.after_failure(found.get(locks[0], {})),
                locks[1]: self._by_address.after_failure(found.get(locks[1], {})),
            }
        )

    # --- creating ----------------------------------------------------------------------------

    async def create(
        self, name: str, password: str, *, email: str = "", privileges: int = 1
    ) -> AccountRecord | LoginRefusal:
        """Make an account without characters; it is stored when this returns."""
        made = await self._create(name, password, email=email, privileges=privileges, make=None)
        return made if isinstance(made, LoginRefusal) else made[0]

    async def create_with_character(
        self, name: str, password: str, *, email: str, make: Make
    ) -> Character | LoginRefusal:
        """Make an account and its first character of the same name; stored when this returns."""
        made = await self._create(name, password, email=email, privileges=1, make=make)
        if isinstance(made, LoginRefusal):
            return made
        character = made[1]
        if character is None:
            msg = "an account was made without its character"
            raise RuntimeError(msg)
        return character

    async def _create(
        self, name: str, password: str, *, email: str, privileges: int, make: Make | None
    ) -> tuple[AccountRecord, Character | None] | LoginRefusal:
        key = name_key(name)
        if key in self._creating:
            return LoginRefusal(Why.TAKEN)
        self._creating.add(key)
        try:
            if await self._writer.read([RedisKeys.account(key), RedisKeys.name(key)]):
                return LoginRefusal(Why.TAKEN)
            hashed = await self._hasher.hash(password)
            account = AccountRecord(
                name, hashed, email, privileges, created=int(self._wall_clock())
            )
            character = None
            changes: dict[str, Value | None] = {}
            if make is not None:
                character = make(await self._writer.allocate_user_id())
                character.privileges = privileges
                account.characters[character.user_id] = character.name
                changes[RedisKeys.name(key)] = {
                    "user_id": str(character.user_id),
                    "account": name,
                }
                changes.update(sections(character, Section.everything()))
            changes[RedisKeys.account(key)] = account.to_hash()
            await self._store(changes)
        except HasherBusy:
            return LoginRefusal(Why.BUSY)
        finally:
            self._creating.discard(key)
        log.info("account created", name=name, character=character is not None)
        return account, character

    # --- changing ----------------------------------------------------------------------------

    async def change_password(
        self, name: str, old: str, new: str, address: str
    ) -> LoginRefusal | None:
        """Replace a password after checking the old one; None when the new one is stored."""
        account = await self.verify(name, old, address)
        if isinstance(account, LoginRefusal):
            return account
        return await self._set(account, new)

    async def set_password(self, name: str, new: str) -> LoginRefusal | None:
        """Replace a password without asking for the old one, as an operator may."""
        account = await self.read(name)
        return LoginRefusal(Why.WRONG) if account is None else await self._set(account, new)

    async def set_privileges(self, name: str, privileges: int) -> LoginRefusal | None:
        """Give an account a rank; it holds from the next log-in on."""
        account = await self.read(name)
        if account is None:
            return LoginRefusal(Why.WRONG)
        account.privileges = privileges
        await self._store({RedisKeys.account(name_key(account.name)): account.to_hash()})
        log.info("privileges changed", account=account.name, privileges=privileges)
        return None

    async def names(self) -> list[str]:
        """Return the names of all accounts, sorted; walks over the whole store."""
        keys = await self._writer.scan("account:")
        found = await self._writer.read(keys)
        return sorted(record.get("name", key) for key, record in found.items())

    async def close(self) -> None:
        """End the hashing thread."""
        await self._hasher.close()

    async def _set(self, account: AccountRecord, new: str) -> LoginRefusal | None:
        try:
            account.password = await self._hasher.hash(new)
        except HasherBusy:
            return LoginRefusal(Why.BUSY)
        await self._store({RedisKeys.account(name_key(account.name)): account.to_hash()})
        return None

    async def _store(self, changes: dict[str, Value | None]) -> None:
        number = self._writer.submit(changes)
        if not await self._writer.committed(number, self._commit_wait_s):
            raise StorageUnavailable("the store does not answer; the change waits to be written")
