"""Reads a whole store from outside, as an auditor: everything must load and fit together."""

from __future__ import annotations

from dataclasses import dataclass

from pyao.rules.character import Character, UserId
from pyao.rules.names import name_key
from pyao.storage import Repository
from pyao.storage.keys import RedisKeys, character_keys
from pyao.storage.records import AccountRecord, load_character


@dataclass(frozen=True)
class Audit:
    """What a store holds, by name."""

    accounts: dict[str, AccountRecord]
    characters: dict[str, Character]


def audit(repository: Repository) -> Audit:
    """Load every account and character; AssertionError or StorageCorrupt for anything amiss."""
    repository.open()
    try:
        return _audit(repository)
    finally:
        repository.close()


def _audit(store: Repository) -> Audit:
    keys = store.scan("account:")
    records = store.read(keys)
    assert set(records) == set(keys), "an account is empty"
    accounts = [AccountRecord.from_hash(key, record) for key, record in records.items()]
    characters: dict[str, Character] = {}
    owned: set[str] = set()
    names: dict[str, dict[str, str]] = {}
    for account in accounts:
        assert account.password.startswith("$argon2id$")
        for user_id, name in account.characters.items():
            parts = character_keys(user_id)
            owned.update(parts)
            character = load_character(user_id, store.read(parts))
            assert character.name == name, (character.name, account)
            assert character.account == account.name
            characters[name] = character
            names[RedisKeys.name(name_key(name))] = {
                "user_id": str(int(user_id)),
                "account": account.name,
            }
    assert store.read(store.scan("name:")) == names, "names and accounts tell different stories"
    assert set(store.scan("player:")) == owned, "parts of a character nobody owns, or missing ones"
    last = store.read_strings([RedisKeys.WORLD_LAST_USER_ID]).get(RedisKeys.WORLD_LAST_USER_ID)
    highest = max((who.user_id for who in characters.values()), default=UserId(0))
    assert int(last or 0) >= highest, "a number could be given out twice"
    return Audit({account.name: account for account in accounts}, characters)
