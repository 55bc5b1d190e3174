"""What a store of an older layout needs to become one of this version; written when it is claimed.

One step per layout. A store is upgraded in the transaction that takes it, so it is of one layout or
of the other, and an older server refuses it from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

import structlog

from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import Stock, add, balances, held_in
from pyao.storage.repository import SCHEMA_VERSION, Repository, read_number
from pyao.storage.values import Hash, Value

LEDGER_SINCE: Final = 2  # the first layout with a line for every coin and item

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


Step = Callable[[Iterable[tuple[str, Value]]], dict[str, Hash]]

STEPS: Final[Mapping[int, Step]] = MappingProxyType({1: open_books})


def has_ledger(store: Repository) -> bool:
    """Tell whether an open store has a ledger to compare with; a new one has."""
    key = RedisKeys.WORLD_SCHEMA
    layout = read_number(key, store.read_strings([key]).get(key))
    return not layout or layout >= LEDGER_SINCE


def upgraded(version: int, records: Callable[[], Iterable[tuple[str, Value]]]) -> dict[str, Hash]:
    """Return the records that bring a store of some layout to this one; none for a new store."""
    changes: dict[str, Hash] = {}
    for before in range(version, SCHEMA_VERSION):
        if before in STEPS:
            changes |= STEPS[before](records())
    if changes:
        _log.info("store_upgraded", layout=version, to=SCHEMA_VERSION, records=len(changes))
    return changes
