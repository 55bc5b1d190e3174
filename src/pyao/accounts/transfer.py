"""An account as JSON: to put it aside, to look at it, or to carry it into another world.

All of it goes along but log-in tokens and guilds, which belong to their world. Coming in, its
characters get new numbers, and the ledger a line for everything they own: it was "imported".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from pyao.errors import ConfigError, StorageCorrupt, StorageUnavailable
from pyao.rules.character import UserId
from pyao.rules.names import check_name, name_key
from pyao.storage.keys import PARTS, RedisKeys, character_keys
from pyao.storage.ledger import held_in_all, rows_for
from pyao.storage.records import AccountRecord, load_character
from pyao.storage.repository import SCHEMA_VERSION, Repository
from pyao.storage.snapshot import COMMIT_WAIT_S, SnapshotWriter
from pyao.storage.values import Hash, Value

MAX_CHARACTERS: Final = 100
MAX_BYTES: Final = 2**24
NOBODY_YET: Final = UserId(0)

Parts = dict[str, Hash]
"""The records of one character by the part of it that each holds."""


class Document(msgspec.Struct, forbid_unknown_fields=True):
    """What such a file holds; `layout` is that of the store it came from."""

    layout: int
    account: Hash
    characters: dict[str, Parts]


def exported(store: Repository, name: str) -> bytes | None:
    """Return the account of that name, or of that character, as a file; None when there is none.

    A server may be writing meanwhile: each character is read at one moment.
    """
    index = RedisKeys.name(name_key(name))
    owner = store.read([index]).get(index, {}).get("account", name)
    key = RedisKeys.account(name_key(owner))
    record = store.read([key]).get(key)
    if record is None:
        return None
    account = AccountRecord.from_hash(key, record)
    characters = {}
    for user_id, character in account.characters.items():
        records = store.read(character_keys(user_id))
        characters[character] = {key.rpartition(":")[2]: one for key, one in records.items()}
    account.tokens, account.characters = {}, {}
    document = Document(SCHEMA_VERSION, account.to_hash(), characters)
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


async def import_account(
    writer: SnapshotWriter,
    document: Document,
    rows: Sequence[Hash],
    *,
    when: int,
    wait_s: float = COMMIT_WAIT_S,
) -> AccountRecord:
    """Give a world the account in such a file; it is stored when this returns.

    `rows` go into the audit with it, `when` is the time in unix seconds. Raises `ConfigError` for
    records no server could read, or a name that is taken, and changes nothing then.
    """
    account = _account_in(document)
    names = [account.name, *document.characters]
    keys = [key(name_key(one)) for one in names for key in (RedisKeys.account, RedisKeys.name)]
    if await writer.read(keys):
        raise ConfigError(
            f"of the names {', '.join(dict.fromkeys(names))} one belongs to somebody here; "
            "`pyao-server accounts list` shows to whom"
        )
    changes: dict[str, Value | None] = {}
    lines = list(rows)
    for name, parts in document.characters.items():
        user_id = await writer.allocate_user_id()
        records = records_of(user_id, parts)
        changes.update(records)
        index: Hash = {"user_id": str(user_id), "account": account.name}
        changes[RedisKeys.name(name_key(name))] = index
        account.characters[user_id] = name
        lines += rows_for(held_in_all(dict(records)), "imported", str(user_id), when)
    changes[RedisKeys.account(name_key(account.name))] = account.to_hash()
    if not await writer.committed(writer.submit(changes, lines), wait_s):
        raise StorageUnavailable(f"the store does not answer; look for {account.name} when it does")
    return account


def read_document(text: bytes) -> Document:
    """Read a file and check its shape; ConfigError says what was expected."""
    if len(text) > MAX_BYTES:
        raise ConfigError(f"expected an account in at most {MAX_BYTES // 2**20} MiB")
    try:
        document = msgspec.json.decode(text, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"expected a file that `pyao-server accounts export` made: {error}"
        ) from error
    if not 1 <= document.layout <= SCHEMA_VERSION:
        raise ConfigError(
            f"this account is of layout {document.layout}, this version reads 1 to "
            f"{SCHEMA_VERSION}; import it with the version that wrote it"
        )
    if len(document.characters) > MAX_CHARACTERS:
        raise ConfigError(f"expected at most {MAX_CHARACTERS} characters")
    for name, parts in document.characters.items():
        if unknown := sorted(set(parts) - set(PARTS.values())):
            raise ConfigError(f"{name!r} has an unknown part {unknown[0]!r}")
    return document


def records_of(user_id: UserId, parts: Parts) -> dict[str, Hash]:
    """Return the records of a character under the keys that its number gives them."""
    return {RedisKeys.player(user_id, part): record for part, record in parts.items()}


def _account_in(document: Document) -> AccountRecord:
    """Return the account without what stays behind, once a server could read all of it."""
    try:
        account = AccountRecord.from_hash("account", document.account)
        for name, parts in document.characters.items():
            who = load_character(NOBODY_YET, records_of(NOBODY_YET, parts))
            if who.name != name:
                raise ConfigError(f"the records of {name!r} are those of {who.name!r}")
    except StorageCorrupt as error:
        what = str(error).partition(". ")[0]
        raise ConfigError(f"this account is damaged: {what}") from error
    for name in (account.name, *document.characters):
        if check_name(name) is not None:
            raise ConfigError(f"name {name!r}: expected 3 to 15 letters with single spaces between")
    if len({name_key(name) for name in document.characters}) < len(document.characters):
        raise ConfigError("two of its characters have the same name")
    account.tokens, account.characters = {}, {}
    return account
