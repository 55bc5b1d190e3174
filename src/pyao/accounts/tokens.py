"""Log-in tokens, for doors where nobody wants to type a password each time.

A token is 32 random bytes; only its SHA-256 is stored, in the record of its account, so that a ban,
a new password, the end of the account and "log out everywhere" reach it in one cut.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from pyao.accounts.account_changes import changed_records
from pyao.accounts.accounts import Accounts
from pyao.accounts.refusal import LoginRefusal, Why
from pyao.storage.keys import RedisKeys
from pyao.storage.records import AccountRecord, TokenRecord
from pyao.storage.snapshot import SnapshotWriter

log = structlog.get_logger(__name__)

TOKEN_BYTES: Final = 32
MAX_TOKENS: Final = 16  # of one account; a newer one pushes the oldest out
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_DOOR: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_MINUTE_S: Final = 60
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is handed out, once; times in unix seconds."""

    text: str = field(repr=False)
    account: str
    expires: int
    renewable: int


class Tokens:
    """Gives out tokens and says whose they are.

    Changes are in the next cut and need no waiting: after a crash an older state is at worst one
    more log-in.
    """

    def __init__(
        self, accounts: Accounts, writer: SnapshotWriter, wall_clock: Callable[[], float]
    ) -> None:
        self._accounts = accounts
        self._writer = writer
        self._wall_clock = wall_clock

    async def issue(self, name: str, door: str = "") -> Token | None:
        """Give out a token for an account whose password was checked; None: no such account.

        `door` is a word that tells an operator where it came from.
        """
        account = await self._accounts.read(name)
        return None if account is None else self._add(account, door)

    async def check(self, token: str) -> AccountRecord | LoginRefusal:
        """Return the account a token stands for, or why it does not let anybody in."""
        found = await self._find(token)
        if found is None:
            return LoginRefusal(Why.WRONG)
        account, digest = found
        if account.tokens[digest].expires <= self._now():
            return LoginRefusal(Why.EXPIRED)
        return self._accounts.ban_of(account) or account

    async def refresh(self, token: str) -> Token | LoginRefusal:
        """Exchange a token, good or run out, for a new one; the old one is worth nothing then."""
        found = await self._find(token)
        if found is None:
            return LoginRefusal(Why.WRONG)
        account, digest = found
        old = account.tokens[digest]
        if max(old.expires, old.renewable) <= self._now():
            return LoginRefusal(Why.EXPIRED)
        ban = self._accounts.ban_of(account)
        return self._add(account, old.door, instead_of=digest) if ban is None else ban

    async def revoke(self, token: str) -> bool:
        """Withdraw one token; return whether there was one."""
        found = await self._find(token)
        if found is None:
            return False
        account, digest = found
        kept = {key: one for key, one in account.tokens.items() if key != digest}
        self._writer.submit(changed_records(account, {"tokens": kept}))
        return True

    async def _find(self, token: str) -> tuple[AccountRecord, str] | None:
        if not _SHAPE.fullmatch(token):
            return None
        digest = digest_of(token)
        key = RedisKeys.token(digest)
        entry = (await self._writer.read([key])).get(key)
        if entry is None:
            return None
        account = await self._accounts.read(entry.get("account", ""))
        return None if account is None or digest not in account.tokens else (account, digest)

    def _add(self, account: AccountRecord, door: str, *, instead_of: str = "") -> Token:
        rules, now = self._accounts.rules, self._now()
        text = secrets.token_urlsafe(TOKEN_BYTES)
        expires = now + rules.token_minutes * _MINUTE_S
        record = TokenRecord(
            issued=now,
            expires=expires,
            renewable=max(expires, now + rules.token_renew_days * _DAY_S),
            door=door if _DOOR.fullmatch(door) else "",
        )
        alive = {
            digest: one
            for digest, one in account.tokens.items()
            if digest != instead_of and max(one.expires, one.renewable) > now
        }
        newest = sorted(alive, key=lambda digest: alive[digest].issued)[1 - MAX_TOKENS :]
        kept = {digest: alive[digest] for digest in newest} | {digest_of(text): record}
        self._writer.submit(changed_records(account, {"tokens": kept}))
        log.info("token_issued", account=account.name, door=record.door)
        return Token(text, account.name, expires, record.renewable)

    def _now(self) -> int:
        return int(self._wall_clock())


def digest_of(token: str) -> str:
    """Return under which name a token is stored."""
    return hashlib.sha256(token.encode("ascii", "replace")).hexdigest()
