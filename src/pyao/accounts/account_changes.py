"""What changes in the store with an account: its record, its tokens, names of characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from pyao.rules.character import Character, Section
from pyao.rules.names import name_key
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import reversed_row
from pyao.storage.records import AccountRecord, sections
from pyao.storage.values import Hash, Value

Alter = Callable[[AccountRecord], Mapping[str, object]]

# A longer name cannot exist; whoever tries one is treated as any unknown name.
MAX_KEY_CHARS: Final = 64


def changed_records(
    account: AccountRecord, changes: Mapping[str, object]
) -> dict[str, Value | None]:
    """Change fields of an account; return its record, and those of its tokens that come or go."""
    before = set(account.tokens)
    for field, value in changes.items():
        setattr(account, field, value)
    return {
        key_of(account): account.to_hash(),
        **{RedisKeys.token(digest): None for digest in before - set(account.tokens)},
        **{
            RedisKeys.token(digest): {"account": account.name}
            for digest in set(account.tokens) - before
        },
    }


def setting(**changes: object) -> Alter:
    """Return what sets these fields, whatever they were."""
    return lambda _account: changes


def bounded_key(name: str) -> str:
    """Return the compared form of a name; of one too long to exist, that of no name at all."""
    key = name_key(name) if len(name) <= MAX_KEY_CHARS else ""
    return key if len(key) <= MAX_KEY_CHARS else ""


def taken_back(rows: Iterable[Hash]) -> list[Hash]:
    """Return rows of the audit that say that what others tell of did not last."""
    outcome = {"outcome": "taken back: not stored in time"}
    return [{**reversed_row(row), **outcome} for row in rows]


def key_of(account: AccountRecord) -> str:
    """Return the key an account is stored under."""
    return RedisKeys.account(bounded_key(account.name))


def with_character(account: AccountRecord, character: Character) -> dict[str, Value | None]:
    """Return everything that makes a new character exist: its records, its name, its account."""
    account.characters[character.user_id] = character.name
    return {
        **sections(character, Section.everything()),
        RedisKeys.name(bounded_key(character.name)): {
            "user_id": str(character.user_id),
            "account": account.name,
        },
        key_of(account): account.to_hash(),
    }


def renamed_records(account: AccountRecord, who: Character, new: str) -> dict[str, Value | None]:
    """Give a character another name; return everything that changes with it."""
    old, who.name = who.name, new
    account.characters[who.user_id] = new
    return {
        **sections(who, Section.PROFILE),
        RedisKeys.name(bounded_key(old)): None,
        RedisKeys.name(bounded_key(new)): {
            "user_id": str(int(who.user_id)),
            "account": account.name,
        },
        key_of(account): account.to_hash(),
    }
