"""Finds out whether every holder has exactly what the ledger says, to the coin.

A store may be read while a server writes it. Each holder is compared at one moment of its own: its
records, its balance and how far the ledger reaches are read together. Every line names both sides,
so when each holder agrees with its lines, what exists is what was created less what was destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyao.storage.keys import PARTS, RedisKeys
from pyao.storage.ledger import (
    UNEXPLAINED,
    Holder,
    Stake,
    Stock,
    add,
    balance_key,
    held_in,
    holder_of,
    holds_value,
    moves,
    read_balance,
)
from pyao.storage.values import Hash, Value

Order = tuple[int, int]
"""Where a line stands in the ledger."""

BEGINNING: Final[Order] = (0, 0)
END: Final[Order] = (2**63, 0)
_VALUE_PARTS: Final = ("stats", "inventory", "bank")


@dataclass(frozen=True, slots=True)
class Difference:
    """One holder has another amount of one item than its lines add up to."""

    holder: Holder
    item: int
    stored: int
    told: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What a stocktaking found. `held`, `created` and `destroyed` are amounts by item.

    `brought_forward` is what lines that were trimmed add up to; `unexplained` counts the lines the
    server had to add because nobody had written one.
    """

    lines: int
    held: Mapping[int, int]
    created: Mapping[int, int]
    destroyed: Mapping[int, int]
    brought_forward: Mapping[int, int]
    unexplained: int
    differences: tuple[Difference, ...]
    unreadable: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether everything could be read and nothing differs."""
        return not (self.differences or self.unreadable)


@dataclass(slots=True)
class _Shelf:
    """What some holders had at one moment, and which lines were in the ledger then."""

    holders: frozenset[Holder]
    held: Stock
    forward: Stock
    first: Order
    last: Order


@dataclass(slots=True)
class Stocktaking:
    """Gathers lines and shelves in any order; `findings` compares them."""

    _flows: dict[Holder, list[tuple[Order, int, int]]] = field(default_factory=dict)
    _shelves: list[_Shelf] = field(default_factory=list)
    _created: dict[int, int] = field(default_factory=dict)
    _destroyed: dict[int, int] = field(default_factory=dict)
    _unreadable: list[str] = field(default_factory=list)
    _lines: int = 0
    _unexplained: int = 0

    def line(self, order: Order, row: Mapping[str, str]) -> None:
        """Take a line of the audit; what tells of no value is passed over."""
        ends = list(moves(row))
        if not ends:
            return
        self._lines += 1
        self._unexplained += row.get("cause") == UNEXPLAINED
        for (holder, item), amount in ends:
            self._flows.setdefault(holder, []).append((order, item, amount))
        if len(ends) == 1:
            (_, item), amount = ends[0]
            side = self._created if amount > 0 else self._destroyed
            side[item] = side.get(item, 0) + abs(amount)

    def shelf(
        self,
        holders: Iterable[Holder],
        records: Mapping[str, Value],
        *,
        first: Order = BEGINNING,
        last: Order = END,
    ) -> None:
        """Take what was read at one moment of all records and balances of some holders."""
        held: Stock = {}
        forward: Stock = {}
        for key, value in records.items():
            try:
                add(held, held_in(key, value).items())
                if key.startswith("ledger:") and isinstance(value, dict):
                    add(forward, read_balance(holder_of(key), value).items())
            except ValueError as error:
                self.unreadable(f"{key}: {error}")
        self._shelves.append(_Shelf(frozenset(holders), held, forward, first, last))

    def unreadable(self, what: str) -> None:
        """Note something that cannot be read, and so cannot be counted."""
        self._unreadable.append(what)

    def holders(self) -> set[Holder]:
        """Return every holder that lines name and no shelf was taken of."""
        seen = {holder for shelf in self._shelves for holder in shelf.holders}
        return set(self._flows) - seen

    def findings(self) -> Findings:
        """Compare."""
        differences: list[Difference] = []
        held: dict[int, int] = {}
        forward: dict[int, int] = {}
        for shelf in self._shelves:
            told = dict(shelf.forward)
            for holder in shelf.holders:
                for order, item, amount in self._flows.get(holder, ()):
                    if shelf.first <= order <= shelf.last:
                        add(told, [((holder, item), amount)])
            for stake in sorted({*told, *shelf.held}):
                stored, expected = shelf.held.get(stake, 0), told.get(stake, 0)
                if stored != expected:
                    differences.append(Difference(*stake, stored, expected))
            _sum_up(held, shelf.held)
            _sum_up(forward, shelf.forward)
        return Findings(
            lines=self._lines,
            held=held,
            created=self._created,
            destroyed=self._destroyed,
            brought_forward=forward,
            unexplained=self._unexplained,
            differences=tuple(differences),
            unreadable=tuple(self._unreadable),
        )


def _sum_up(totals: dict[int, int], stock: Mapping[Stake, int]) -> None:
    for (_, item), amount in stock.items():
        totals[item] = totals.get(item, 0) + amount


def owners(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return who keeps value under these keys, as kind and number, each once."""
    found: dict[tuple[str, str], None] = {}
    for key in keys:
        if key.startswith("ledger:"):
            kind, _, number = holder_of(key).partition(":")
            found["player" if kind == "bank" else kind, number] = None
        elif holds_value(key):
            kind, number, _ = key.split(":")
            found[kind, number] = None
    return sorted(found)


def holders_of(kind: str, number: str) -> tuple[Holder, ...]:
    """Return the holders whose value one owner's records hold."""
    return (f"player:{number}", f"bank:{number}") if kind == "player" else (f"{kind}:{number}",)


def keys_of(kind: str, number: str) -> list[str]:
    """Return every key that has to be read together for one owner."""
    keys = [balance_key(holder) for holder in holders_of(kind, number)]
    if kind == "player":
        parts = [part for part in PARTS.values() if part in _VALUE_PARTS]
        return keys + [f"player:{number}:{part}" for part in parts]
    return [*keys, RedisKeys.map_ground(int(number))] if number.isdigit() else keys


def all_at_once(items: Iterable[tuple[str, Value]], rows: Iterable[tuple[int, Hash]]) -> Findings:
    """Take stock of a store of which everything is read at one moment."""
    taking = Stocktaking()
    for number, row in rows:
        taking.line((number, 0), row)
    records = {key: value for key, value in items if holds_value(key) or key.startswith("ledger:")}
    found = {holder for owner in owners(records) for holder in holders_of(*owner)}
    taking.shelf(found | taking.holders(), records)
    return taking.findings()


Together = Callable[[list[str]], tuple[Mapping[str, Value], Order, Order]]
"""Reads hashes together with the places of the first and the last line at that moment."""


def bit_by_bit(
    keys: Iterable[str],
    read: Together,
    rows: Callable[[], Iterator[tuple[Order, Hash]]],
    *,
    at_once: int,
) -> Findings:
    """Take stock of a store that changes meanwhile, some owners at a time.

    `rows` goes on each time behind the last line it gave.
    """
    taking = Stocktaking()
    for order, row in rows():
        taking.line(order, row)
    left = owners(keys)
    while left:
        now, left = left[:at_once], left[at_once:]
        records, first, last = read([key for owner in now for key in keys_of(*owner)])
        taking.shelf(
            (holder for owner in now for holder in holders_of(*owner)),
            records,
            first=first,
            last=last,
        )
        if not left:
            for order, row in rows():
                taking.line(order, row)
            left = owners(map(balance_key, taking.holders()))
    return taking.findings()
