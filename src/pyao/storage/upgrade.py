"""What a store of an older layout needs to become one of this version; written when it is claimed.

One step per layout. A store is upgraded in the transaction that takes it, so it is of one layout or
of the other, and an older server refuses it from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

import structlog

from pyao.errors import StorageCorrupt
from pyao.rules.character import Character, Section, UserId
from pyao.rules.kinds import Privilege
from pyao.rules.ranking import scores
from pyao.storage.keys import PARTS, RedisKeys
from pyao.storage.ledger import Stock, add, balances, held_in
from pyao.storage.records import AccountRecord
from pyao.storage.repository import SCHEMA_VERSION, Repository, read_number
from pyao.storage.values import Hash, Value

LEDGER_SINCE: Final = 2  # the first layout with a line for every coin and item
_RANKED_BY: Final = ("level", "experience", "users_killed", "gold", "bank_gold")

_log = structlog.get_logger(__name__)


def open_books(records: Iterable[tuple[str, Value]]) -> dict[str, Hash]:
    """From 1 to 2: begin the ledger with what everybody has. What is damaged is not counted."""
    stock: Stock = {}
    for key, value in records:
        try:
            add(stock, held_in(key, value).items())
        except ValueError as error:
            _log.warning("record_not_counted", key=key, reason=str(error))
    return balances(stock)


def rank_everybody(records: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """From 2 to 3: rank every character by its figures. What is damaged is not ranked."""
    figures: dict[UserId, Hash] = {}
    privileges: dict[UserId, int] = {}
    for key, value in records:
        kind, *rest = key.split(":")
        if isinstance(value, str):
            continue
        if kind == "account":
            with suppress(StorageCorrupt):  # the log-in reports it
                account = AccountRecord.from_hash(key, value)
                privileges |= dict.fromkeys(account.characters, account.privileges)
        elif kind == "player" and rest[1:] == [PARTS[Section.STATS]] and rest[0].isdigit():
            figures[UserId(int(rest[0]))] = value
    ranked: dict[str, Value] = {}
    for user_id, stats in figures.items():
        who = _unnamed(user_id, privileges.get(user_id, int(Privilege.PLAYER)))
        try:
            for name in _RANKED_BY:
                setattr(who, name, int(stats.get(name, getattr(who, name))))
        except ValueError as error:
            _log.warning("character_not_ranked", character=int(user_id), reason=str(error))
            continue
        for board, score in scores(who).items():
            ranked[RedisKeys.ranked(board, user_id)] = str(score)
    return ranked


def _unnamed(user_id: UserId, privileges: int) -> Character:
    """Return a character of whom nothing else is known."""
    return Character(
        user_id=user_id,
        name="",
        account="",
        race=1,
        gender=1,
        char_class=1,
        head=1,
        privileges=privileges,
    )


Step = Callable[[Iterable[tuple[str, Value]]], Mapping[str, Value]]

STEPS: Final[Mapping[int, Step]] = MappingProxyType({1: open_books, 2: rank_everybody})


def has_ledger(store: Repository) -> bool:
    """Tell whether an open store has a ledger to compare with; a new one has."""
    key = RedisKeys.WORLD_SCHEMA
    layout = read_number(key, store.read_strings([key]).get(key))
    return not layout or layout >= LEDGER_SINCE


def upgraded(version: int, records: Callable[[], Iterable[tuple[str, Value]]]) -> dict[str, Value]:
    """Return the records that bring a store of some layout to this one; none for a new store."""
    changes: dict[str, Value] = {}
    for before in range(version, SCHEMA_VERSION):
        if before in STEPS:
            changes |= STEPS[before](records())
    if changes:
        _log.info("store_upgraded", layout=version, to=SCHEMA_VERSION, records=len(changes))
    return changes
