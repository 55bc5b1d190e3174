"""The store of a server with Redis: plain keys and hashes that people can read with redis-cli.

A cut is one MULTI/EXEC under WATCH of the commit number and the epoch: Redis runs it only if both
are still what was checked. That needs no scripting (a long script would stop every other client of
Redis, and some hosts forbid them), and also holds for a cut of a dead connection that a frozen
Redis finds in its socket after it woke up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Final, TypeVar

import redis
import structlog
from redis.exceptions import ResponseError

from pyao.errors import ConfigError, StorageConflict, StorageCorrupt, StorageUnavailable
from pyao.rules.character import UserId
from pyao.storage.backup import copy_into
from pyao.storage.crash_points import AFTER_COMMIT, BEFORE_COMMIT, INSIDE_COMMIT, CrashPoint
from pyao.storage.keys import AUDIT, PREFIXES, RANKING, RedisKeys, is_live
from pyao.storage.ledger import carried_forward, holders_in
from pyao.storage.owner import Owner
from pyao.storage.presence import TTL_S
from pyao.storage.redis_config import mask_url
from pyao.storage.redis_link import Command, RedisLink, Reply, make_client
from pyao.storage.repository import (
    LEASE_S,
    SCHEMA_VERSION,
    TRIM_AT_ONCE,
    Beat,
    Claim,
    Cut,
    Repository,
    Stamp,
    Standing,
    Verdict,
    check_schema,
    half_migrated,
    judge,
    judge_beat,
    next_epoch,
    owned_message,
    read_number,
)
from pyao.storage.stocktaking import BEGINNING, Findings, Order, bit_by_bit
from pyao.storage.upgrade import upgraded
from pyao.storage.values import Hash, Value

T = TypeVar("T")

_TRIES: Final = 10
_LOOK_S: Final = 0.25
_MAX_SHAPES: Final = 100_000
_READ_AT_ONCE: Final = 500
_OWNERS_AT_ONCE: Final = 100

_STAMP: Final = (RedisKeys.WORLD_EPOCH, RedisKeys.WORLD_COMMIT)

_log = structlog.get_logger(__name__)


class RedisStore(Repository):
    """`Repository` on one Redis database. `wait` is how a claim waits for a lease to run out."""

    kind = "redis"
    backup_needs_peace = True  # a walk over all keys sees many moments

    def __init__(
        self,
        url: str,
        *,
        client: redis.Redis | None = None,
        crash_point: CrashPoint | None = None,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._client = client or make_client(url)
        self._link = RedisLink(self._client, url)
        self._name = f"Redis {mask_url(url)}"
        self._crash_point = crash_point or CrashPoint()
        self._clock = clock
        self._wait = wait
        self._owner: Owner | None = None
        # The fields each hash was last written with on this connection: as long as none is missing
        # from the new value, one HSET replaces it and no DEL is needed.
        self._shapes: dict[str, tuple[str, ...]] = {}
        self._shapes_of = 0

    # --- opening and closing

    def open(self, *, unfinished: bool = False) -> None:
        """Connect and look at the layout; writes nothing."""
        keys = (RedisKeys.WORLD_SCHEMA, RedisKeys.WORLD_MIGRATING)
        schema, migrating = self._texts(self._link.ask("MGET", *keys))
        if migrating is not None and not unfinished:
            raise StorageCorrupt(half_migrated(self._name))
        check_schema(self._name, schema, RedisKeys.WORLD_SCHEMA)

    def close(self) -> None:
        """Hang up."""
        self._link.close()

    def describe(self) -> str:
        """Say which Redis this is, without credentials."""
        return self._name

    # --- ownership

    def claim(self, owner: Owner, *, take_over: bool = False) -> Claim:
        """Take the lease. One whose holder died elsewhere is waited for, at most `LEASE_S`.

        Raises ConfigError for a Redis that removes keys of ours when its memory is full.
        """
        self._refuse_eviction()
        renewed: str | None = None
        for _ in range(int(LEASE_S / _LOOK_S) + _TRIES):
            self._link.ask("WATCH", *_STAMP, RedisKeys.WORLD_OWNER)
            record = self._hash(RedisKeys.WORLD_OWNER, self._link.ask("HGETALL", "world:owner"))
            holder = Owner.from_hash(record)
            dead = True if not record or take_over else holder.is_dead()
            if dead:
                claim = self._take(owner)
                if claim is not None:
                    return claim
                continue
            self._link.ask("UNWATCH")
            if dead is False or renewed not in {None, record.get("renewed", "")}:
                raise StorageConflict(owned_message(holder))
            renewed = record.get("renewed", "")
            self._wait(_LOOK_S)
        raise StorageConflict(owned_message(holder))

    def _refuse_eviction(self) -> None:
        """Look how Redis makes room; one that does not say so is believed to keep everything."""
        (told,) = self._link.try_each([("INFO", "memory")])
        facts = dict(line.partition(":")[::2] for line in str(told).splitlines())
        policy = facts.get("maxmemory_policy", "")
        if policy.startswith("allkeys") and facts.get("maxmemory") != "0":
            raise ConfigError(
                f"{self._name} removes what players have when its memory is full (maxmemory-policy "
                f"{policy}); expected noeviction: set that in redis.conf, or with CONFIG SET"
            )

    def _take(self, owner: Owner) -> Claim | None:
        """Write a new owner under the watch that is set; None when somebody was faster."""
        keys = (*_STAMP, RedisKeys.WORLD_LAST_USER_ID, RedisKeys.WORLD_SCHEMA)
        texts = self._texts(self._link.ask("MGET", *keys))
        epoch, number, last, _ = (read_number(*pair) for pair in zip(keys, texts, strict=True))
        version = check_schema(self._name, texts[-1], RedisKeys.WORLD_SCHEMA)
        stamp = Stamp(next_epoch(epoch, self._clock()), number or 0)
        stale = [key for key in self.scan("session:") if is_live(key)]
        commands: list[Command] = [("DEL", key) for key in stale]
        commands += [
            ("SET", RedisKeys.SERVER_CONNECTIONS_COUNT, "0", "EX", str(TTL_S)),
            ("SET", RedisKeys.WORLD_SCHEMA, str(SCHEMA_VERSION)),
            *chain.from_iterable(self._put(*one) for one in upgraded(version, self.items).items()),
            *_put_stamp(stamp),
            ("DEL", RedisKeys.WORLD_OWNER),
            *self._lease(owner),
        ]
        if self._link.transaction(commands) is None:
            return None
        self._owner = owner
        return Claim(stamp, last or 0)

    def _lease(self, owner: Owner) -> list[Command]:
        fields = {**owner.to_hash(), "renewed": f"{self._clock():.3f}"}
        return [
            _hset(RedisKeys.WORLD_OWNER, fields),
            ("PEXPIRE", RedisKeys.WORLD_OWNER, str(int(LEASE_S * 1000))),
        ]

    def release(self, stamp: Stamp) -> None:
        """Remove the owner and what lived with it, unless another took the world."""
        stored = self._watch()
        if stored is None or stored.epoch != stamp.epoch:
            self._link.ask("UNWATCH")
            return
        live = [key for key in self.scan("session:") if is_live(key)]
        gone = (RedisKeys.WORLD_OWNER, RedisKeys.SERVER_CONNECTIONS_COUNT, *live)
        self._link.transaction(("DEL", key) for key in gone)

    # --- writing

    def commit(self, cut: Cut) -> Standing:
        """Write a cut, if the store is where it should be."""
        self._crash_point.reach(BEFORE_COMMIT)
        for _ in range(_TRIES):
            stored = self._watch()
            verdict = judge(stored, cut)
            if verdict is not None:
                self._link.ask("UNWATCH")
                return Standing(verdict, stored)
            plan: list[str] = []
            replies = self._link.transaction(self._cut_commands(cut, plan))
            if replies is not None:
                self._crash_point.reach(AFTER_COMMIT)
                self._mend(cut, plan, replies)
                return Standing(Verdict.STORED, cut.stamp)
        raise StorageUnavailable(f"{self._name}: another client keeps changing world:commit")

    def _cut_commands(self, cut: Cut, plan: list[str]) -> Iterator[Command]:
        """Yield the commands of a cut; `plan` gets the key of each. Made while they are sent."""
        if cut.rewrite:
            self._shapes.clear()  # the store is not what was written on this connection
        for key, value in cut.changes.items():
            for command in self._put(key, value):
                plan.append(key)
                yield command
        for row in cut.ledger:
            if row:
                plan.append(AUDIT)
                yield _xadd(row)
        yield from _put_stamp(cut.stamp)
        if cut.rewrite and self._owner is not None:
            yield from self._lease(self._owner)
        self._crash_point.reach(INSIDE_COMMIT)

    def _put(self, key: str, value: Value | None) -> Iterator[Command]:
        if key.startswith(RANKING):
            board, who = _board_of(key)
            yield ("ZADD", board, str(value), who) if value else ("ZREM", board, who)
        elif not value:
            self._shapes.pop(key, None)
            yield ("DEL", key) if value is None or isinstance(value, dict) else ("SET", key, "")
        elif isinstance(value, str):
            self._shapes.pop(key, None)
            yield ("SET", key, value)
        else:
            shape = tuple(value)
            before = self._shapes.get(key)
            if before is None or (before != shape and not set(before) <= value.keys()):
                yield ("DEL", key)
            self._shapes[key] = before if before == shape else shape
            yield _hset(key, value)

    def _mend(self, cut: Cut, plan: Sequence[str], replies: Sequence[Reply]) -> None:
        """Write again what EXEC refused: somebody put another type of value under one of our keys.

        Redis runs the rest of a transaction then, so only that key is behind.
        """
        refused = {
            key: str(reply)
            for key, reply in zip(plan, replies, strict=False)
            if isinstance(reply, ResponseError)
        }
        if not refused:
            return
        _log.error("foreign_values_replaced", store=self._name, keys=refused)
        again: list[Command] = []
        for key in refused:
            self._shapes.pop(key, None)
            again.append(("DEL", _board_of(key)[0] if key.startswith(RANKING) else key))
        for key in refused:
            again.extend(self._put(key, cut.changes.get(key)))
        self._link.pipeline(again)

    def beat(self, beat: Beat) -> Standing:
        """Renew the lease and write what lives with the server, if the world is ours."""
        for _ in range(_TRIES):
            stored = self._watch()
            verdict = judge_beat(stored, beat.stamp)
            if verdict is not Verdict.STORED:
                self._link.ask("UNWATCH")
                return Standing(verdict, stored)
            if self._link.transaction(self._beat_commands(beat)) is not None:
                return Standing(verdict, stored)
        raise StorageUnavailable(f"{self._name}: another client keeps changing world:commit")

    def _beat_commands(self, beat: Beat) -> Iterator[Command]:
        ttl = str(beat.ttl_s)
        if self._owner is not None:
            yield from self._lease(self._owner)
        for key, value in beat.volatile.items():
            if isinstance(value, str):
                yield ("SET", key, value, "EX", ttl)
            else:
                yield ("DEL", key)
                if value:
                    yield _hset(key, value)
                    yield ("EXPIRE", key, ttl)
        for key in beat.refresh:
            yield ("EXPIRE", key, ttl)
        if beat.durable:
            yield ("MSET", *chain.from_iterable(beat.durable.items()))

    def trim(self, stamp: Stamp, keep: int) -> Standing:
        """Drop the oldest rows above `keep` and carry their sums forward, in one transaction."""
        for _ in range(_TRIES):
            stored = self._watch()
            verdict = judge_beat(stored, stamp)
            surplus = 0
            if verdict is Verdict.STORED:
                length = self._link.ask("XLEN", AUDIT)
                surplus = min(length - keep, TRIM_AT_ONCE) if isinstance(length, int) else 0
            if surplus <= 0:
                self._link.ask("UNWATCH")
                return Standing(verdict, stored)
            if self._link.transaction(self._carry_forward(surplus)) is not None:
                return Standing(verdict, stored)
        raise StorageUnavailable(f"{self._name}: another client keeps changing world:commit")

    def _carry_forward(self, surplus: int) -> list[Command]:
        reply = self._link.ask("XRANGE", AUDIT, "-", "+", "COUNT", str(surplus + 1))
        *gone, (first_kept, _) = reply if isinstance(reply, list) else []
        rows = [_pairs(fields) for _, fields in gone]
        balances = carried_forward(rows, self.read(holders_in(rows)))
        commands: list[Command] = [("XTRIM", AUDIT, "MINID", str(first_kept))]
        for key, balance in balances.items():
            commands.append(("DEL", key))
            if balance is not None:
                commands.append(_hset(key, balance))
        return commands

    def take_stock(self) -> Findings:
        """Compare a hundred owners at a time, over a connection of its own."""
        with closing(RedisStore(self._url, client=self._client)) as reader:
            keys = [key for prefix in ("player:", "map:", "ledger:") for key in reader.scan(prefix)]
            rows = _Behind(reader.rows_behind)
            return bit_by_bit(keys, reader.read_together, rows, at_once=_OWNERS_AT_ONCE)

    def read_together(self, keys: list[str]) -> tuple[dict[str, Value], Order, Order]:
        """Return hashes and the places of the first and last row of the audit, at one moment."""
        ends: list[Command] = [
            ("XRANGE", AUDIT, "-", "+", "COUNT", "1"),
            ("XREVRANGE", AUDIT, "+", "-", "COUNT", "1"),
        ]
        replies = self._link.transaction([*ends, *(("HGETALL", key) for key in keys)])
        first, last, *hashes = replies or [[], []]
        records: dict[str, Value] = {
            key: self._hash(key, reply) for key, reply in zip(keys, hashes, strict=True)
        }
        return records, _place(first), _place(last)

    def rows_behind(self, place: str) -> Iterator[tuple[str, Hash]]:
        """Walk over the audit in pages, from behind a place on; `-` is the beginning."""
        start = place if place == "-" else f"({place}"
        while True:
            reply = self._link.ask("XRANGE", AUDIT, start, "+", "COUNT", str(_READ_AT_ONCE))
            if not isinstance(reply, list) or not reply:
                return
            for number, fields in reply:
                yield str(number), _pairs(fields)
                start = f"({number}"

    def allocate_user_id(self, floor: int) -> UserId:
        """Count one up; a try without an answer leaves a gap, which harms nobody."""
        number = self._link.ask("INCR", RedisKeys.WORLD_LAST_USER_ID)
        if not isinstance(number, int):
            raise StorageUnavailable(f"{self._name}: odd answer to INCR: {number!r}")
        if number <= floor:
            number = floor + 1
            self._link.ask("SET", RedisKeys.WORLD_LAST_USER_ID, str(number))
        return UserId(number)

    # --- reading

    def read(self, keys: Sequence[str]) -> dict[str, Hash]:
        """Return the hashes under these keys."""
        replies = self._link.try_each(("HGETALL", key) for key in keys)
        found = {key: self._hash(key, reply) for key, reply in zip(keys, replies, strict=True)}
        return {key: record for key, record in found.items() if record}

    def read_strings(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the texts under these keys."""
        found: dict[str, str] = {}
        for piece in _pieces(keys, _READ_AT_ONCE):
            texts = self._texts(self._link.ask("MGET", *piece))
            found.update(
                (k, text) for k, text in zip(piece, texts, strict=True) if text is not None
            )
        return found

    def scan(self, prefix: str) -> list[str]:
        """Walk over all keys, a thousand at a time."""
        pattern = "".join(f"\\{char}" if char in "*?[]\\" else char for char in prefix) + "*"
        found: set[str] = set()
        cursor = "0"
        while True:
            reply = self._link.ask("SCAN", cursor, "MATCH", pattern, "COUNT", "1000")
            if not (isinstance(reply, list) and len(reply) == 2 and isinstance(reply[1], list)):  # noqa: PLR2004 - cursor and keys
                raise StorageUnavailable(f"{self._name}: odd answer to SCAN")
            cursor = str(reply[0])
            found.update(str(key) for key in reply[1])
            if cursor == "0":
                return sorted(found)

    def best(self, board: str, first: int, count: int) -> list[tuple[UserId, int]]:
        """Read a part of a ranking."""
        if count < 1:
            return []
        key, last = RedisKeys.ranking(board), str(first + count - 1)
        reply = self._link.ask("ZREVRANGE", key, str(first), last, "WITHSCORES")
        return [(UserId(int(who)), int(score)) for who, score in _scores(reply)]

    def place(self, board: str, user_id: UserId) -> int | None:
        """Ask for the place of a character."""
        reply = self._link.ask("ZREVRANK", RedisKeys.ranking(board), str(int(user_id)))
        return reply if isinstance(reply, int) else None

    def audit(self, count: int) -> list[Hash]:
        """Return the last rows of the audit."""
        reply = self._link.ask("XREVRANGE", AUDIT, "+", "-", "COUNT", str(count))
        entries = reply if isinstance(reply, list) else []
        return [_pairs(fields) for _, fields in reversed(entries)]

    def audit_rows(self) -> Iterator[Hash]:
        """Walk over the audit in pages."""
        return (row for _, row in self.rows_behind("-"))

    def items(self) -> Iterator[tuple[str, Value]]:
        """Walk over every lasting record; a value of a kind that is not ours raises."""
        for board in self.scan(RANKING):
            reply = self._link.ask("ZRANGE", board, "0", "-1", "WITHSCORES")
            yield from ((f"{board}:{who}", score) for who, score in _scores(reply))
        for prefix in PREFIXES:
            keys = [key for key in self.scan(prefix) if not is_live(key)]
            if prefix == RANKING:
                continue
            for piece in _pieces(keys, _READ_AT_ONCE):
                kinds = self._link.pipeline(("TYPE", key) for key in piece)
                reads = [
                    ("GET" if kind == "string" else "HGETALL", key)
                    for key, kind in zip(piece, kinds, strict=True)
                ]
                for key, reply in zip(piece, self._link.try_each(reads), strict=True):
                    yield key, reply if isinstance(reply, str) else self._hash(key, reply)

    def damage(self) -> list[str]:
        """Redis looks after its own files."""
        return []

    def back_up(self, target: Path) -> None:
        """Copy everything over a connection of its own."""
        with closing(RedisStore(self._url, client=self._client)) as reader:
            reader.open()
            copy_into(reader, target)

    # --- migration

    def wipe(self) -> None:
        """Remove all our keys, except for what says which layout and whose world it is."""
        keep = {RedisKeys.WORLD_SCHEMA, RedisKeys.WORLD_EPOCH}
        keys = [key for prefix in PREFIXES for key in self.scan(prefix)]
        gone = [key for key in keys if key not in keep and key != RedisKeys.WORLD_OWNER]
        self._link.pipeline(("DEL", key) for key in [*gone, AUDIT])
        self._shapes.clear()

    def fill(self, records: Iterable[tuple[str, Value]], ledger: Iterable[Hash]) -> None:
        """Write what another store held, in many small steps."""
        for piece in _pieces(records, _READ_AT_ONCE):
            self._link.pipeline(
                command for key, value in piece for command in self._put(key, value)
            )
        for rows in _pieces(ledger, _READ_AT_ONCE):
            self._link.pipeline(_xadd(row) for row in rows if row)

    # --- inside

    def _watch(self) -> Stamp | None:
        """Watch the stamp until the next transaction and return it."""
        _, reply = self._link.pipeline([("WATCH", *_STAMP), ("MGET", *_STAMP)])
        if self._link.generation != self._shapes_of:
            # A new connection may lead to a Redis that was rolled back: nothing is known of it.
            self._shapes.clear()
            self._shapes_of = self._link.generation
        if len(self._shapes) > _MAX_SHAPES:
            self._shapes.clear()
        pairs = zip(_STAMP, self._texts(reply), strict=True)
        epoch, number = (read_number(*pair) for pair in pairs)
        return None if epoch is None or number is None else Stamp(epoch, number)

    def _texts(self, reply: Reply) -> list[str | None]:
        if not isinstance(reply, list):
            raise StorageUnavailable(f"{self._name}: odd answer to MGET: {reply!r}")
        return [None if text is None else str(text) for text in reply]

    def _hash(self, key: str, reply: Reply) -> Hash:
        if isinstance(reply, ResponseError):
            if "WRONGTYPE" not in str(reply):
                raise StorageUnavailable(f"{self._name}: {reply}")
            raise StorageCorrupt(
                f"{key}: expected a hash, Redis holds another type there; look at it with "
                f"redis-cli TYPE {key}, and restore or remove it"
            )
        return _pairs(reply)


def _pairs(reply: Reply) -> Hash:
    flat = reply if isinstance(reply, list) else []
    return {str(name): str(text) for name, text in zip(flat[::2], flat[1::2], strict=True)}


def _board_of(key: str) -> tuple[str, str]:
    """Take the key of a character's score apart: the key of the ranking, and the character."""
    board, _, who = key.rpartition(":")
    return board, who


def _scores(reply: Reply) -> Iterator[tuple[str, str]]:
    """Yield members and scores of a sorted set; ours are whole numbers."""
    flat = reply if isinstance(reply, list) else []
    for who, score in zip(flat[::2], flat[1::2], strict=True):
        yield str(who), str(int(float(str(score))))


def _hset(key: str, record: Mapping[str, str]) -> Command:
    return ("HSET", key, *chain.from_iterable(record.items()))


def _xadd(row: Mapping[str, str]) -> Command:
    return ("XADD", AUDIT, "*", *chain.from_iterable(row.items()))


def _order(place: str) -> Order:
    milliseconds, _, sequence = place.partition("-")
    return int(milliseconds), int(sequence)


def _place(reply: Reply) -> Order:
    """Return where the one row of an answer stands; the beginning when there is none."""
    return _order(str(reply[0][0])) if isinstance(reply, list) and reply else BEGINNING


class _Behind:
    """Gives the rows of the audit; each call goes on where the last one ended."""

    def __init__(self, rows_behind: Callable[[str], Iterator[tuple[str, Hash]]]) -> None:
        self._rows_behind = rows_behind
        self._last = "-"

    def __call__(self) -> Iterator[tuple[Order, Hash]]:
        for place, row in self._rows_behind(self._last):
            self._last = place
            yield _order(place), row


def _put_stamp(stamp: Stamp) -> tuple[Command, ...]:
    return (
        ("SET", RedisKeys.WORLD_EPOCH, str(stamp.epoch)),
        ("SET", RedisKeys.WORLD_COMMIT, str(stamp.number)),
    )


def _pieces(things: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(things)
    while piece := list(islice(left, size)):
        yield piece
