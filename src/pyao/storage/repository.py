"""What every store can do, and the words its users share. No back-end and no thread lives here.

A store keeps records (key -> hash of text fields, or one text) and an append-only audit. It is
written in cuts: each is one transaction that carries a commit number and the owner's epoch, both
checked inside that transaction. So a cut can be sent again after a time-out without being applied
twice, and a server that lost the world cannot write. All methods block; `SnapshotWriter` calls
them in its own thread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from pyao.errors import StorageCorrupt
from pyao.rules.character import UserId
from pyao.storage.owner import Owner
from pyao.storage.stocktaking import Findings
from pyao.storage.values import Hash, Value

# 2: with a ledger; 3: with rankings; 4: SQLite keeps places in a table of their own; see upgrade.py
SCHEMA_VERSION: Final = 4
LEASE_S: Final = 5.0
TRIM_AT_ONCE: Final = 2_000


class Verdict(Enum):
    """How the store answered a cut or a heartbeat."""

    STORED = "stored"  # applied now, or already applied by an earlier try
    LOST = "lost"  # the store is not where this server left it: emptied or rolled back
    FENCED = "fenced"  # another server took the world; nothing of ours may be written any more


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far a store is: the epoch of its owner and the number of its last cut."""

    epoch: int
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer to a cut or a heartbeat; `stamp` is what the store holds, None when nothing."""

    verdict: Verdict
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class Claim:
    """The world is ours: with which stamp, and the highest character number given out."""

    stamp: Stamp
    last_user_id: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Everything that changed since the last cut; None, or a hash without fields, removes a key.

    Values are absolute, never differences. A `rewrite` follows a loss: it does not ask where the
    store is, only that nobody else took the world since.
    """

    stamp: Stamp
    changes: Mapping[str, Value | None]
    ledger: Sequence[Hash] = ()
    rewrite: bool = False


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life with what is true only while the server lives.

    `volatile` keys vanish `ttl_s` after the last beat that named them in `volatile` or `refresh`.
    """

    stamp: Stamp
    volatile: Mapping[str, Value | None] = field(default_factory=dict)
    refresh: Sequence[str] = ()
    durable: Mapping[str, str] = field(default_factory=dict)
    ttl_s: int = 60


def judge(stored: Stamp | None, cut: Cut) -> Verdict | None:
    """Decide inside the transaction whether a cut may be written; None means: write it."""
    if stored is not None and stored.epoch > cut.stamp.epoch:
        return Verdict.FENCED
    if stored == cut.stamp:
        return Verdict.STORED
    if cut.rewrite or stored == Stamp(cut.stamp.epoch, cut.stamp.number - 1):
        return None
    return Verdict.LOST


def judge_beat(stored: Stamp | None, mine: Stamp) -> Verdict:
    """Decide whether the store is still ours and where we left it."""
    if stored == mine:
        return Verdict.STORED
    if stored is not None and stored.epoch > mine.epoch:
        return Verdict.FENCED
    return Verdict.LOST


def next_epoch(stored: int | None, now: float) -> int:
    """Return the epoch of a new owner: above the last one, and above any of an emptied store.

    Counting from the wall clock keeps an owner whose store was emptied and taken by another server
    from believing that it is the newer one.
    """
    return max((stored or 0) + 1, int(now))


def read_number(key: str, text: str | None) -> int | None:
    """Read one of the store's own counters; None when it is not there."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - fits 64 bits
        raise StorageCorrupt(f"{key}: expected a whole number, got {text[:40]!r}")
    return int(text)


def check_schema(where: str, text: str | None, key: str) -> int:
    """Return the store's layout, 0 for a new one; refuse what this version cannot read."""
    version = read_number(key, text)
    if version is None:
        return 0
    if version > SCHEMA_VERSION:
        raise StorageCorrupt(
            f"{where} was written by a newer version of the server (layout {version}, this one "
            f"reads up to {SCHEMA_VERSION}); install that version, or use another store. Nothing "
            "was changed."
        )
    return version


def half_migrated(where: str) -> str:
    """Say that a store holds a copy that was never finished."""
    return (
        f"{where} holds half a migration; run `pyao-server storage migrate` again with --force, or "
        "use another store"
    )


def owned_message(holder: Owner) -> str:
    """Say who has the world and what can be done about it."""
    return (
        f"this world is served by {holder.describe()}; stop that server, or start with --take-over "
        "(it can then write no more)"
    )


class Repository(ABC):
    """A store of records. Every method may raise `StorageUnavailable`: nothing was decided then."""

    kind: str
    backup_needs_peace: bool

    @abstractmethod
    def open(self, *, unfinished: bool = False) -> None:
        """Connect and check that the store can be understood; may be called again.

        Raises `StorageCorrupt` for a store of a newer version, a damaged one, or half a migration
        unless `unfinished` ones are welcome.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of files and sockets; may be called twice."""

    @abstractmethod
    def describe(self) -> str:
        """Say for people which store this is, without credentials."""

    @abstractmethod
    def claim(self, owner: Owner, *, take_over: bool = False) -> Claim:
        """Become the owner with an epoch above every earlier one; clear what died with the last.

        Raises `StorageConflict` naming the owner while one lives.
        """

    @abstractmethod
    def release(self, stamp: Stamp) -> None:
        """Give the world up at a clean stop, if it is still ours."""

    @abstractmethod
    def commit(self, cut: Cut) -> Standing:
        """Write a cut as one transaction; an answer of LOST or FENCED means nothing was written."""

    @abstractmethod
    def beat(self, beat: Beat) -> Standing:
        """Renew the ownership and the volatile keys; written only while the world is ours."""

    @abstractmethod
    def read(self, keys: Sequence[str]) -> dict[str, Hash]:
        """Return the hashes that exist under these keys."""

    @abstractmethod
    def read_strings(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the plain texts that exist under these keys."""

    @abstractmethod
    def scan(self, prefix: str) -> list[str]:
        """Return all keys that start so, sorted; costs a walk over the whole store on Redis."""

    @abstractmethod
    def best(self, board: str, first: int, count: int) -> list[tuple[UserId, int]]:
        """Return who stands in a ranking from a place on, with scores; 0 is the first place.

        Cuts rank a character by a text under `RedisKeys.ranked`, a whole number, which is read only
        here. The highest score comes first; of equal ones the character whose number is the
        greater text.
        """

    @abstractmethod
    def place(self, board: str, user_id: UserId) -> int | None:
        """Return the place of a character in a ranking, from 0 on; None when it is not ranked."""

    @abstractmethod
    def allocate_user_id(self, floor: int) -> UserId:
        """Give out a character number never given before; it is above `floor`."""

    @abstractmethod
    def trim(self, stamp: Stamp, keep: int) -> Standing:
        """Drop the oldest rows of the audit above `keep`, some at a time.

        What the ledger's lines among them add up to is carried forward in the same transaction.
        """

    @abstractmethod
    def take_stock(self) -> Findings:
        """Compare what everybody has with the ledger; a server may be writing meanwhile."""

    @abstractmethod
    def audit(self, count: int) -> list[Hash]:
        """Return the last `count` rows of the audit, oldest first."""

    @abstractmethod
    def audit_rows(self) -> Iterator[Hash]:
        """Walk over the whole audit, oldest first."""

    @abstractmethod
    def items(self) -> Iterator[tuple[str, Value]]:
        """Walk over every lasting record, in no order; for migration and offline checks."""

    @abstractmethod
    def damage(self) -> list[str]:
        """Return what is wrong with the file itself, a sentence each."""

    @abstractmethod
    def back_up(self, target: Path) -> None:
        """Write the world into an SQLite file; may be called in any thread, beside `commit`.

        With `backup_needs_peace` nothing may be committed until it returns.
        """

    @abstractmethod
    def wipe(self) -> None:
        """Remove every record of ours; for a migration that was told to."""

    @abstractmethod
    def fill(self, records: Iterable[tuple[str, Value]], ledger: Iterable[Hash]) -> None:
        """Write records and audit rows of another store, in chunks; for migration."""

    def read_config(self, leaves: Iterable[str], prefix: str) -> dict[str, str]:
        """Return the settings kept under `prefix`, by leaf name."""
        found = self.read_strings([prefix + leaf for leaf in leaves])
        return {key.removeprefix(prefix): text for key, text in found.items()}
