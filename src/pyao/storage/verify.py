"""Reads a whole store as an auditor would: everything must load, fit together and add up.

For stores that nobody writes meanwhile: backups, copies of files, the world of a stopped server.
Those of a layout without a ledger are as sound as any: theirs begins when a server opens them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyao.errors import StorageCorrupt
from pyao.rules.character import UserId
from pyao.rules.names import name_key
from pyao.storage.guild_records import load_guild
from pyao.storage.keys import RedisKeys, character_keys, unquoted
from pyao.storage.records import AccountRecord, load_character
from pyao.storage.repository import Repository, read_number
from pyao.storage.stocktaking import Findings
from pyao.storage.upgrade import has_ledger
from pyao.storage.values import Hash, Value


@dataclass(frozen=True, slots=True)
class Verification:
    """What an open store holds, and everything that is wrong with it, a sentence each."""

    commit: int
    accounts: int
    characters: int
    findings: Findings
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether a server could go on from here and nothing would be missing."""
        return not self.problems


def verify(store: Repository) -> Verification:
    """Check an open store; it is not changed. Costs a walk over all of it."""
    problems = list(store.damage())
    records = dict(store.items())
    accounts = _accounts(records, problems)
    characters = [
        (user_id, account.name, name)
        for account in accounts
        for user_id, name in account.characters.items()
    ]
    for user_id, account, name in characters:
        _check_character(records, user_id, account, name, problems)
    _check_names(records, characters, problems)
    _check_guilds(records, problems)
    last = read_number("world:last_user_id", _text(records, RedisKeys.WORLD_LAST_USER_ID)) or 0
    if any(user_id > last for user_id, _, _ in characters):
        problems.append(f"world:last_user_id is {last}: a number could be given out twice")
    findings = store.take_stock()
    compared = has_ledger(store)
    problems += [
        f"ledger: {one.holder} has {one.stored} of item {one.item}, its lines say {one.told}"
        for one in findings.differences
        if compared
    ]
    problems += [f"ledger: cannot count {what}" for what in findings.unreadable]
    return Verification(
        commit=read_number("world:commit", _text(records, RedisKeys.WORLD_COMMIT)) or 0,
        accounts=len(accounts),
        characters=len(characters),
        findings=findings,
        problems=tuple(problems),
    )


def _text(records: dict[str, Value], key: str) -> str | None:
    value = records.get(key)
    return value if isinstance(value, str) else None


def _hashes(records: dict[str, Value], prefix: str) -> dict[str, Hash]:
    return {
        key: value
        for key, value in records.items()
        if key.startswith(prefix) and isinstance(value, dict)
    }


def _accounts(records: dict[str, Value], problems: list[str]) -> list[AccountRecord]:
    found: list[AccountRecord] = []
    for key, record in _hashes(records, "account:").items():
        try:
            account = AccountRecord.from_hash(key, record)
        except StorageCorrupt as error:
            problems.append(str(error))
            continue
        if RedisKeys.account(name_key(account.name)) != key:
            problems.append(f"{key}: is the account of {account.name!r}")
        found.append(account)
    return found


def _check_character(
    records: dict[str, Value], user_id: UserId, account: str, name: str, problems: list[str]
) -> None:
    parts = {key: records.get(key) for key in character_keys(user_id)}
    hashes = {key: value for key, value in parts.items() if isinstance(value, dict)}
    try:
        character = load_character(user_id, hashes)
    except StorageCorrupt as error:
        problems.append(str(error))
        return
    if (character.name, character.account) != (name, account):
        problems.append(
            f"player:{user_id}:profile says {character.name!r} of account {character.account!r}, "
            f"the account {account!r} says {name!r}"
        )


def _check_names(
    records: dict[str, Value], characters: list[tuple[UserId, str, str]], problems: list[str]
) -> None:
    wanted = {
        RedisKeys.name(name_key(name)): {"user_id": str(int(user_id)), "account": account}
        for user_id, account, name in characters
    }
    stored = _hashes(records, "name:")
    problems += [
        f"{key} is {stored.get(key)}, accounts say {wanted.get(key)}"
        for key in sorted(wanted.keys() | stored.keys())
        if wanted.get(key) != stored.get(key)
    ]
    owned = {key for user_id, _, _ in characters for key in character_keys(user_id)}
    strays = sorted(_hashes(records, "player:").keys() - owned)
    problems += [f"{key} belongs to no account" for key in strays]


def _check_guilds(records: dict[str, Value], problems: list[str]) -> None:
    parts: dict[str, dict[str, Hash]] = {}
    for key, record in _hashes(records, "guild:").items():
        _, name, part = unquoted(key)
        parts.setdefault(name, {})[part] = record
    of_guild: dict[UserId, str] = {}
    for name, found in parts.items():
        try:
            guild = load_guild(name, found)
        except StorageCorrupt as error:
            problems.append(str(error))
            continue
        problems += [
            f"guild {name!r}: its member {member!r} is one of guild {of_guild[user_id]!r}, too"
            for user_id, member in guild.members.items()
            if user_id in of_guild
        ]
        of_guild |= dict.fromkeys(guild.members, name)
