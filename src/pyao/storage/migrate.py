"""Copy a whole world from one store to another, checked record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import msgspec

from pyao.errors import ConfigError, StorageCorrupt
from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.repository import Cut, Repository, Stamp
from pyao.storage.values import Value

# What each store keeps for itself.
_OWN: Final = frozenset(
    {
        RedisKeys.WORLD_SCHEMA,
        RedisKeys.WORLD_EPOCH,
        RedisKeys.WORLD_COMMIT,
        RedisKeys.WORLD_MIGRATING,
    }
)


@dataclass(frozen=True, slots=True)
class Migration:
    """What was copied."""

    records: int
    audit_rows: int


def migrate(source: Repository, target: Repository, *, force: bool = False) -> Migration:
    """Copy every lasting record and the audit; the source is not changed.

    Refuses a target that holds a world, unless forced, and a store that a server owns. A copy that
    breaks off leaves a mark in the target, so that no server starts on half a world. What is
    refused makes no file.
    """
    if source.describe() == target.describe():
        raise ConfigError(f"source and target are both {source.describe()}: name two stores")
    owner = Owner.this_process("pyao-server storage migrate")
    with ExitStack() as closing:
        source.open()
        closing.callback(source.close)
        if next(_records(source), None) is None:
            raise ConfigError(f"{source.describe()} holds nothing to copy")
        target.open(unfinished=force)
        closing.callback(target.close)
        from_stamp = source.claim(owner).stamp
        closing.callback(source.release, from_stamp)
        to_stamp = target.claim(owner).stamp
        closing.callback(lambda: target.release(to_stamp))
        return _copy(source, target, Stamp(to_stamp.epoch, from_stamp.number), force=force)


def _as_it_comes(things: Iterable[Any]) -> Iterable[Any]:
    return things


def _copy(source: Repository, target: Repository, stamp: Stamp, *, force: bool) -> Migration:
    held = sum(1 for _ in _records(target))
    if held and not force:
        raise ConfigError(
            f"{target.describe()} holds a world already ({held} records); --force replaces it"
        )
    target.wipe()
    return copy_world(source, target, stamp)


def copy_world(
    source: Repository,
    target: Repository,
    stamp: Stamp,
    *,
    pace: Callable[[Iterable[Any]], Iterable[Any]] = _as_it_comes,
) -> Migration:
    """Copy every lasting record and the audit into an empty store that is ours, and compare.

    `pace` may wrap the walks, to let others work in between.
    """
    target.fill([(RedisKeys.WORLD_MIGRATING, f"from {source.describe()}")], ())
    target.fill(pace(_records(source)), pace(source.audit_rows()))
    wanted, found = _digest(pace(_records(source))), _digest(pace(_records(target)))
    if wanted != found:
        raise StorageCorrupt(
            f"the copy differs: {wanted[0]} records in {source.describe()}, {found[0]} in "
            f"{target.describe()}; nothing else may write to either while they are copied"
        )
    target.commit(Cut(stamp, {RedisKeys.WORLD_MIGRATING: None}, rewrite=True))
    return Migration(wanted[0], sum(1 for _ in target.audit_rows()))


def _records(store: Repository) -> Iterator[tuple[str, Value]]:
    return ((key, value) for key, value in store.items() if key not in _OWN)


def _digest(records: Iterable[tuple[str, Value]]) -> tuple[int, int]:
    """Return the number of records and a sum of their contents that knows no order."""
    count = total = 0
    for record in records:
        text = msgspec.json.encode(record, order="sorted")
        count += 1
        total ^= int.from_bytes(blake2b(text, digest_size=16).digest())
    return count, total
