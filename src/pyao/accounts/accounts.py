"""The accounts of a world: create, check, change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final, NoReturn

import structlog

from pyao.accounts.account_changes import (
    MAX_KEY_CHARS,
    Alter,
    bounded_key,
    changed_records,
    key_of,
    renamed_records,
    setting,
    taken_back,
    with_character,
)
from pyao.accounts.counts import LoginCounts
from pyao.accounts.hashing import HasherBusy, PasswordHasher, UnreadableHash
from pyao.accounts.lockout import LockoutBook, network_of
from pyao.accounts.refusal import LoginRefusal, Why
from pyao.config import GameSettings
from pyao.errors import StorageCorrupt, StorageUnavailable
from pyao.rules.character import Character, UserId
from pyao.rules.names import PASSWORD_MAX_CHARS, check_name, check_password
from pyao.rules.roles import MAX_EXCEPTIONS, Exceptions, is_permission_name
from pyao.storage.keys import RedisKeys, character_keys
from pyao.storage.ledger import held_in_all, rows_for
from pyao.storage.records import AccountRecord
from pyao.storage.snapshot import COMMIT_WAIT_S, SnapshotWriter
from pyao.storage.values import Hash, Value

log = structlog.get_logger(__name__)

Make = Callable[[UserId], Character]

MAX_EMAIL_CHARS: Final = 254
MAX_REASON_CHARS: Final = 200


class Accounts:
    """Reads and writes accounts through the writer, so that a cut holds them with the rest.

    `rules` and `commit_wait_s` may be replaced while running. `hasher` and `counts` are there to be
    looked at. Names may hold none of the words in
    `forbidden`.
    """

    def __init__(
        self,
        writer: SnapshotWriter,
        rules: GameSettings,
        *,
        forbidden: Iterable[str] = (),
        hasher: PasswordHasher | None = None,
        wall_clock: Callable[[], float] = time.time,
        commit_wait_s: float = COMMIT_WAIT_S,
    ) -> None:
        self.rules = rules
        self.forbidden = tuple(forbidden)
        self._writer = writer
        self.hasher = hasher or PasswordHasher()
        self.counts = LoginCounts()
        self._wall_clock = wall_clock
        self.commit_wait_s = commit_wait_s
        self._book = LockoutBook()
        self._creating: set[str] = set()
        self._unsettled: set[str] = set()  # names whose creation may still be taken back

    async def close(self) -> None:
        """End the hashing thread."""
        await self.hasher.close()

    # --- coming in ---------------------------------------------------------------------------

    async def verify(self, name: str, password: str, address: str) -> AccountRecord | LoginRefusal:
        """Check the password of an account, or of the account a character belongs to.

        Wrong ones are counted against the name and the address; a locked one is refused before any
        hashing, and again after it: guesses that waited together get no more answers than others.
        Raises `StorageUnavailable`, and `StorageCorrupt` for a record that cannot be read.
        """
        key = bounded_key(name)
        account = await self._find(key)
        # The account is locked, not the name that was typed: it may have several characters.
        locks = (
            RedisKeys.lockout_account(bounded_key(account.name) if account else key),
            RedisKeys.lockout_address(network_of(address)),
        )
        await self._learn(locks)
        if seconds := self._seconds_locked(locks):
            return LoginRefusal(Why.LOCKED, seconds)
        try:
            right = await self.hasher.verify(account.password if account else None, password)
        except HasherBusy:
            return LoginRefusal(Why.BUSY)
        except UnreadableHash as error:
            raise StorageCorrupt(
                f"{RedisKeys.account(key)}, field password: expected an argon2 hash; give it one "
                f"with `pyao-server accounts set-password {name!r}`"
            ) from error
        if seconds := self._seconds_locked(locks):
            return LoginRefusal(Why.LOCKED, seconds)
        if account is None or not right:
            self._count_failure(locks, known=account is not None)
            log.info("wrong_password", name=name[:MAX_KEY_CHARS], address=address)
            return LoginRefusal(Why.WRONG)
        if self._book.forgive(locks[0]):
            self._writer.submit({locks[0]: None})
        current = await self._as_it_is_now(account, password, key)
        if isinstance(current, AccountRecord):
            return self.ban_of(current) or current
        return current

    def ban_of(self, account: AccountRecord) -> LoginRefusal | None:
        """Return why a banned account does not get in now, or None."""
        left = account.banned_until - int(self._wall_clock())
        if left <= 0:
            return None
        return LoginRefusal(Why.BANNED, left, account.banned_until, account.ban_reason)

    async def _learn(self, locks: tuple[str, str]) -> None:
        unknown = [lock for lock in locks if not self._book.knows(lock)]
        if unknown:
            for lock, record in (await self._writer.read(unknown)).items():
                self._book.learn(lock, record)

    async def _as_it_is_now(
        self, checked: AccountRecord, password: str, key: str
    ) -> AccountRecord | LoginRefusal:
        """Return the account anew: it may have changed while its password waited to be checked.

        Nobody comes in by a name whose creation may still be taken back: its character would live
        on in the world without an account. A hash made with other parameters is renewed on the way,
        the password being at hand.
        """
        renewed = ""
        if self.hasher.outdated(checked.password):
            with suppress(HasherBusy):
                renewed = await self.hasher.hash(password)
        account = await self._find(bounded_key(checked.name))
        if account is None or account.password != checked.password:
            return LoginRefusal(Why.WRONG)
        if key in self._unsettled:
            return LoginRefusal(Why.BUSY)
        if renewed:
            account.password = renewed
            self._writer.submit({key_of(account): account.to_hash()})
        return account

    def _seconds_locked(self, locks: tuple[str, str]) -> int:
        now = int(self._wall_clock())
        return max(self._book.seconds_left(lock, now) for lock in locks)

    def _count_failure(self, locks: tuple[str, str], *, known: bool) -> None:
        """Count; names nobody has are counted in memory only, or guesses would fill the store."""
        rules, now = self.rules, int(self._wall_clock())
        by_name = self._book.fail(locks[0], now, rules.lockout_failures, rules.lockout_s)
        by_address = self._book.fail(locks[1], now, rules.lockout_ip_failures, rules.lockout_ip_s)
        changes: dict[str, Value | None] = {locks[1]: by_address}
        if known:
            changes[locks[0]] = by_name
        self._writer.submit(changes)

    # --- looking -----------------------------------------------------------------------------

    async def read(self, name: str) -> AccountRecord | None:
        """Return the account of that name, or the one a character of that name belongs to."""
        return await self._find(bounded_key(name))

    async def names(self) -> list[str]:
        """Return the names of all accounts, sorted; walks over the whole store."""
        keys = await self._writer.scan("account:")
        found = await self._writer.read(keys)
        return sorted(record.get("name", key) for key, record in found.items())

    async def _find(self, key: str) -> AccountRecord | None:
        account_key = RedisKeys.account(key)
        found = await self._writer.read([RedisKeys.name(key), account_key])
        owner = found.get(RedisKeys.name(key), {}).get("account", "")
        if owner and bounded_key(owner) != key:
            account_key = RedisKeys.account(bounded_key(owner))
            found = await self._writer.read([account_key])
        record = found.get(account_key)
        return None if record is None else AccountRecord.from_hash(account_key, record)

    # --- creating ----------------------------------------------------------------------------

    async def create(
        self,
        name: str,
        password: str,
        *,
        email: str = "",
        privileges: int = 1,
        ledger: Iterable[Hash] = (),
    ) -> AccountRecord | LoginRefusal:
        """Make an account without characters; it is stored when this returns."""
        key = bounded_key(name)
        refusal = self._refuse_creation(name, password)
        if refusal is not None:
            return refusal
        self._creating.add(key)
        try:
            if await self._is_taken(key):
                return LoginRefusal(Why.TAKEN)
            account = await self._new_account(name, password, email, privileges)
            if isinstance(account, AccountRecord):
                await self._store(key, {RedisKeys.account(key): account.to_hash()}, list(ledger))
                log.info("account_created", name=name)
            return account
        finally:
            self._creating.discard(key)

    async def create_with_character(
        self, name: str, password: str, *, email: str, make: Make
    ) -> Character | LoginRefusal:
        """Make an account and its first character of the same name; stored when this returns.

        `make` gets the character's number. Both are in one cut, or neither is.
        """
        key = bounded_key(name)
        refusal = self._refuse_creation(name, password)
        if refusal is not None:
            return refusal
        self._creating.add(key)
        try:
            if await self._is_taken(key):
                return LoginRefusal(Why.TAKEN)
            account = await self._new_account(name, password, email, privileges=1)
            if isinstance(account, LoginRefusal):
                return account
            character = make(await self._writer.allocate_user_id())
            changes = with_character(account, character)
            await self._store(key, changes, self._lines(changes, "created", character.user_id))
        finally:
            self._creating.discard(key)
        log.info("account_created", name=name, character=character.user_id)
        return character

    async def add_character(
        self, account_name: str, name: str, make: Make
    ) -> Character | LoginRefusal:
        """Give an account one more character; stored when this returns.

        Characters and accounts share their names: a client that knows only characters logs in with
        either.
        """
        key = bounded_key(name)
        refusal = self._refuse_name(name)
        if refusal is not None:
            return refusal
        self._creating.add(key)
        try:
            own = bounded_key(account_name) == key
            taken = [RedisKeys.name(key)] if own else [RedisKeys.name(key), RedisKeys.account(key)]
            if await self._writer.read(taken):
                return LoginRefusal(Why.TAKEN)
            character = make(await self._writer.allocate_user_id())
            account = await self.read(account_name)
            if account is None:
                return LoginRefusal(Why.WRONG)
            character.privileges = account.privileges
            changes = with_character(account, character)
            rows = self._lines(changes, "created", character.user_id)
            self._unsettled.add(key)
            number = self._writer.submit(changes, rows)
            if not await self._writer.committed(number, self.commit_wait_s):
                await self._take_back(account.name, character.user_id, changes, rows)
        finally:
            self._creating.discard(key)
            self._unsettled.discard(key)
        log.info("character_created", account=account.name, character=character.user_id)
        return character

    # --- the policy --------------------------------------------------------------------------

    @property
    def password_chars(self) -> tuple[int, int]:
        """How short and how long a new password may be."""
        return self.rules.password_min_chars, PASSWORD_MAX_CHARS

    def accepts_password(self, password: str) -> bool:
        """Tell whether a new password is good enough; the only place that decides it."""
        return check_password(password, self.rules.password_min_chars)

    def _refuse_creation(self, name: str, password: str) -> LoginRefusal | None:
        if not self.accepts_password(password):
            return LoginRefusal(Why.PASSWORD)
        return self._refuse_name(name)

    def _refuse_name(self, name: str) -> LoginRefusal | None:
        """Refuse a name nobody may have, or one that is being given away at this moment."""
        if check_name(name, self.forbidden) is not None:
            return LoginRefusal(Why.NAME)
        if bounded_key(name) in self._creating:
            return LoginRefusal(Why.TAKEN)
        if self._writer.incomplete:
            raise StorageUnavailable(
                "the store lost characters while the server ran; new ones could take their names: "
                "restore a backup, or restart to accept the loss"
            )
        return None

    async def _is_taken(self, key: str) -> bool:
        return bool(await self._writer.read([RedisKeys.account(key), RedisKeys.name(key)]))

    async def _new_account(
        self, name: str, password: str, email: str, privileges: int
    ) -> AccountRecord | LoginRefusal:
        try:
            hashed = await self.hasher.hash(password)
        except HasherBusy:
            return LoginRefusal(Why.BUSY)
        return AccountRecord(
            name=name,
            password=hashed,
            email="".join(char for char in email[:MAX_EMAIL_CHARS] if char.isprintable()),
            privileges=privileges,
            created=int(self._wall_clock()),
        )

    async def _store(
        self, key: str, changes: Mapping[str, Value | None], rows: Sequence[Hash]
    ) -> None:
        """Store new records; when that takes too long they are taken back, for we say so."""
        self._unsettled.add(key)
        try:
            number = self._writer.submit(changes, rows)
            if not await self._writer.committed(number, self.commit_wait_s):
                self._writer.submit(dict.fromkeys(changes), taken_back(rows))
                raise StorageUnavailable("the store does not answer; nothing was created")
        finally:
            self._unsettled.discard(key)

    def _lines(
        self, records: Mapping[str, Value | None], cause: str, who: int, *, sign: int = 1
    ) -> list[Hash]:
        """Return the lines of the ledger for all value in records that come, or with -1 go."""
        stock = {stake: sign * amount for stake, amount in held_in_all(records).items()}
        return rows_for(stock, cause, str(int(who)), int(self._wall_clock()))

    async def _take_back(
        self,
        account_name: str,
        user_id: UserId,
        changes: Mapping[str, Value | None],
        rows: Sequence[Hash],
    ) -> NoReturn:
        """Undo a new character of an account that goes on existing."""
        undone: dict[str, Value | None] = dict.fromkeys(changes)
        account = await self.read(account_name)
        if account is not None:
            account.characters.pop(user_id, None)
            undone[key_of(account)] = account.to_hash()
        self._writer.submit(undone, taken_back(rows))
        raise StorageUnavailable("the store does not answer; nothing was created")

    # --- changing ----------------------------------------------------------------------------

    async def change_password(
        self, name: str, old: str, new: str, address: str
    ) -> LoginRefusal | None:
        """Replace a password after checking the old one; None when the new one is stored.

        Whoever is logged in by a token has to log in again.
        """
        if not self.accepts_password(new):
            return LoginRefusal(Why.PASSWORD)
        account = await self.verify(name, old, address)
        if isinstance(account, LoginRefusal):
            return account
        return await self._set_password(account.name, new)

    async def set_password(
        self, name: str, new: str, ledger: Iterable[Hash] = ()
    ) -> LoginRefusal | None:
        """Replace a password without asking for the old one, as an operator may.

        Here as below, `ledger` are rows of the audit, stored in the same cut as the change.
        """
        if not self.accepts_password(new):
            return LoginRefusal(Why.PASSWORD)
        account = await self.read(name)
        if account is None:
            return LoginRefusal(Why.WRONG)
        lock = RedisKeys.lockout_account(bounded_key(account.name))
        self._book.forgive(lock)
        self._writer.submit({lock: None})
        return await self._set_password(account.name, new, ledger)

    async def set_email(
        self, name: str, email: str, ledger: Iterable[Hash] = ()
    ) -> AccountRecord | None:
        """Change where an account gets its mail; None when there is no such account."""
        account = await self.read(name)
        if account is None:
            return None
        address = "".join(char for char in email[:MAX_EMAIL_CHARS] if char.isprintable())
        return await self._change(account.name, setting(email=address), ledger)

    async def rename(
        self,
        who: Character,
        new: str,
        ledger: Iterable[Hash] = (),
        *,
        away: Callable[[], bool] = lambda: True,
    ) -> LoginRefusal | None:
        """Give a character that is not in the game another name; None when it is stored.

        `away` is asked in the very moment of the change: one who came in meanwhile would go on
        under its old name, and write it back. It is refused as `BUSY`.
        An account of the same name keeps its own, by which one may go on logging in.
        """
        key = bounded_key(new)
        refusal = self._refuse_name(new)
        if refusal is not None:
            return refusal
        self._creating.add(key)
        try:
            account = await self.read(who.account)
            if account is None or await self._is_taken(key):
                return LoginRefusal(Why.TAKEN if account is not None else Why.WRONG)
            if not away():
                return LoginRefusal(Why.BUSY)
            changes = renamed_records(account, who, new)
            number = self._writer.submit(changes, list(ledger))
            if not await self._writer.committed(number, self.commit_wait_s):
                raise StorageUnavailable("the store does not answer; the name is changed later")
        finally:
            self._creating.discard(key)
        log.info("character_renamed", character=who.user_id, name=new)
        return None

    async def set_privileges(
        self, name: str, privileges: int, ledger: Iterable[Hash] = ()
    ) -> LoginRefusal | None:
        """Give an account a rank; it holds from the next log-in on."""
        account = await self.change_privileges(name, lambda _bits: privileges, ledger)
        return LoginRefusal(Why.WRONG) if account is None else None

    async def change_privileges(
        self, name: str, change: Callable[[int], int], ledger: Iterable[Hash] = ()
    ) -> AccountRecord | None:
        """Change the ranks and marks an account has at that moment; None: no such account."""
        account = await self.read(name)
        if account is None:
            return None

        def alter(account: AccountRecord) -> Mapping[str, object]:
            return {"privileges": change(account.privileges)}

        account = await self._change(account.name, alter, ledger)
        log.info("privileges_changed", account=account.name, privileges=account.privileges)
        return account

    async def set_exceptions(
        self,
        name: str,
        change: Callable[[Exceptions], Exceptions],
        ledger: Iterable[Hash] = (),
    ) -> AccountRecord | None:
        """Grant or deny permissions; return the account as it is then, None: no such account.

        `change` gets what is granted and denied at that moment. Raises ValueError for a name that
        is none, and for too many.
        """

        def alter(account: AccountRecord) -> Mapping[str, object]:
            changed = change(account.exceptions)
            wrong = [one for one in changed.granted | changed.denied if not is_permission_name(one)]
            if wrong or len(changed) > MAX_EXCEPTIONS:
                raise ValueError(
                    f"permission {wrong[0]!r:.80}: expected words with dots, such as people.kick"
                    if wrong
                    else f"an account has {MAX_EXCEPTIONS} permissions of its own at most"
                )
            return {"exceptions": changed}

        account = await self.read(name)
        if account is None:
            return None
        changed = await self._change(account.name, alter, ledger)
        log.info("permissions_changed", account=account.name)
        return changed

    async def forget_tokens(self, name: str, ledger: Iterable[Hash] = ()) -> int | None:
        """Log an account out everywhere: no token given so far is good any more.

        Returns how many there were, None when there is no such account.
        """
        found = 0

        def alter(account: AccountRecord) -> Mapping[str, object]:
            nonlocal found
            found = len(account.tokens)
            return {"tokens": {}}

        account = await self.read(name)
        if account is None:
            return None
        await self._change(account.name, alter, ledger)
        log.info("logged_out_everywhere", account=account.name, tokens=found)
        return found

    async def set_ban(
        self, name: str, until: int, reason: str = "", ledger: Iterable[Hash] = ()
    ) -> AccountRecord | None:
        """Shut an account out until a moment in unix seconds (0 lets it in again).

        Returns the account as it is then, None when there is no such one. Who is in the game stays
        there: see `pyao.staff`.
        """
        account = await self.read(name)
        if account is None:
            return None
        words = "".join(char for char in reason[:MAX_REASON_CHARS] if char.isprintable())
        changed = await self._change(
            account.name, setting(banned_until=until, ban_reason=words), ledger
        )
        log.info("ban_changed", account=account.name, until=until)
        return changed

    async def remove(self, name: str, ledger: Iterable[Hash] = ()) -> AccountRecord | None:
        """Remove an account with its characters; return what it was, None when there was none.

        Their names are free again, their numbers are never given out anew.
        """
        account = await self.read(name)
        if account is None:
            return None
        gone = [key_of(account), RedisKeys.lockout_account(bounded_key(account.name))]
        for user_id, character in account.characters.items():
            gone.append(RedisKeys.name(bounded_key(character)))
            gone.append(RedisKeys.session_last_seen(user_id))
            gone += character_keys(user_id)
        gone += [RedisKeys.token(digest) for digest in account.tokens]
        rows = [*ledger, *await self._lost_with(account)]
        number = self._writer.submit(dict.fromkeys(gone), rows)
        self._book.forgive(RedisKeys.lockout_account(bounded_key(account.name)))
        log.info("account_removed", name=account.name)
        if not await self._writer.committed(number, self.commit_wait_s):
            raise StorageUnavailable(
                f"the store does not answer; {account.name} is removed from it when it does"
            )
        return account

    async def _lost_with(self, account: AccountRecord) -> list[Hash]:
        """Return the lines for what the characters of an account that is removed have."""
        rows: list[Hash] = []
        for user_id in account.characters:
            records = await self._writer.read(character_keys(user_id))
            with suppress(ValueError):  # a damaged record holds nothing that could be counted
                rows += self._lines(records, "removed", user_id, sign=-1)
        return rows

    async def _set_password(
        self, name: str, new: str, ledger: Iterable[Hash] = ()
    ) -> LoginRefusal | None:
        try:
            hashed = await self.hasher.hash(new)
        except HasherBusy:
            return LoginRefusal(Why.BUSY)
        await self._change(name, setting(password=hashed, tokens={}), ledger)
        log.info("password_changed", account=name)
        return None

    async def _change(self, name: str, alter: Alter, ledger: Iterable[Hash]) -> AccountRecord:
        """Change fields of an account as it is now; put back when storing takes too long."""
        rows = list(ledger)
        account = await self.read(name)
        if account is None:
            raise StorageUnavailable(f"account {name!r} was removed meanwhile")
        changes = alter(account)
        before = {field: getattr(account, field) for field in changes}
        number = self._writer.submit(changed_records(account, changes), rows)
        if await self._writer.committed(number, self.commit_wait_s):
            return account
        account = await self.read(name)
        if account is not None and {field: getattr(account, field) for field in changes} == changes:
            self._writer.submit(changed_records(account, before), taken_back(rows))
        raise StorageUnavailable("the store does not answer; the old value stays")
