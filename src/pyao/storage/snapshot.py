"""The writer between the game and the store: cuts go out in order, one at a time, from one thread.

The game hands over what changed and goes on at once. While a cut is on its way, or the store is
away, further changes merge into the next one, so that memory is bounded by the number of records.
A cut that got no answer is sent again unchanged until the store says what became of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import structlog

from pyao.errors import StorageCorrupt, StorageError, StorageUnavailable
from pyao.process import give_way
from pyao.rules.character import UserId
from pyao.storage.backup import write_whole
from pyao.storage.history import RecentCuts
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import Books, add, held_in_all, moves, rows_for
from pyao.storage.owner import Owner
from pyao.storage.presence import Presence, PresenceTracker
from pyao.storage.rankings import Standings, standings
from pyao.storage.repository import (
    SCHEMA_VERSION,
    Claim,
    Cut,
    Repository,
    Stamp,
    Standing,
    Verdict,
)
from pyao.storage.values import Hash, Value
from pyao.storage.waiters import CommitWaiters

P = ParamSpec("P")
T = TypeVar("T")

BEAT_S: Final = 1.0
BACKOFF_S: Final = (0.05, 0.1, 0.2, 0.4)
LOG_EVERY_S: Final = 10.0
COMMIT_WAIT_S: Final = 2.0
MAX_CALLS: Final = 256
MAX_LEDGER_ROWS: Final = 50_000
LEDGER_LINES: Final = 500_000
TRIM_EVERY: Final = 1_000
GIVE_WAY: Final = 5  # steps of priority below the game, and as many above the hashing

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loss:
    """The store is not where we left it. `complete`: what it lacks can be written from memory.

    When it is not, records of characters that are not in the game are gone from the store.
    """

    stored: Stamp | None
    complete: bool


@dataclass(frozen=True, slots=True)
class WriterStats:
    """Figures for operators and tests."""

    commits: int
    keys_written: int
    last_commit_ms: float
    commit_s: float  # all commits together, in the store's thread
    lag_s: float  # age of the oldest change that is handed over and not stored
    pending_keys: int
    outage_s: float
    outages: int
    rewrites: int


class _Counters:
    __slots__ = (
        "commit_s",
        "commits",
        "keys_written",
        "last_commit_ms",
        "outages",
        "rewrites",
        "rows_dropped",
    )

    def __init__(self) -> None:
        self.commit_s = 0.0
        self.commits = 0
        self.keys_written = 0
        self.last_commit_ms = 0.0
        self.outages = 0
        self.rewrites = 0
        self.rows_dropped = 0


def no_presence() -> Presence:
    """Return the figures of a server nobody asked yet."""
    return Presence()


def stop_on_loss(_loss: Loss) -> None:
    """Answer a loss by stopping: the default of a writer whose owner keeps nothing in memory."""


def ignore_end(_reason: str) -> None:
    """Do nothing when the writer ends; `SnapshotWriter.failure` still tells."""


class SnapshotWriter:
    """Owns the store and the one thread that talks to it; everything else here is loop-side.

    `books` complete the ledger where somebody forgot a line; the newest `ledger_lines` lines of the
    audit are kept. Public attributes to set before `open`: `on_lost` returns every live record
    (encoded at once, like a cut), or None to stop the server; `on_end` is told why the writer ended
    for good (the world was taken over, the store is damaged): the server must stop then; `presence`
    returns the live figures for the heartbeat.
    """

    def __init__(
        self,
        repository: Repository,
        *,
        owner: str = "pyao-server",
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.repository = repository
        self.on_lost: Callable[[Loss], Mapping[str, Value | None] | None] = stop_on_loss
        self.on_end: Callable[[str], None] = ignore_end
        self.presence: Callable[[], Presence] = no_presence
        self.healthy = False
        self.incomplete = False
        self.failure = ""
        self.ledger_lines = LEDGER_LINES
        self.books = Books()
        self._owner = owner
        self._clock = clock
        self._wall_clock = wall_clock
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="pyao-store", initializer=partial(give_way, GIVE_WAY)
        )
        self._calls = 0
        self._driver: asyncio.Task[None] | None = None
        self._closed = False
        self._wake = asyncio.Event()
        self._epoch = 0
        self._stored = 0
        self._last_user_id = 0
        self._pending: dict[str, Value | None] = {}
        self._ledger: list[Hash] = []
        self._pending_since = self._flying_since = 0.0
        self._untrimmed = 0
        self._backing_up = False
        self._held = False  # a backup needs peace: no new cut begins
        self._in_flight: Cut | None = None
        self._recent = RecentCuts(0)
        self._waiters = CommitWaiters()
        self._tracker = PresenceTracker()
        self._next_beat = 0.0
        self._backoff = 0
        self._away_since: float | None = None
        self._last_log = float("-inf")
        self._told_away = False
        self._counters = _Counters()

    # --- life

    async def open(self, *, take_over: bool = False) -> Claim:
        """Open the store, own the world and start writing.

        Raises `StorageConflict` naming the owner, `StorageCorrupt`, `StorageUnavailable`.
        """
        await self._in_thread(self.repository.open)
        owner = Owner.this_process(self._owner)
        claim = await self._in_thread(partial(self.repository.claim, owner, take_over=take_over))
        self._epoch = claim.stamp.epoch
        self._stored = claim.stamp.number
        self._last_user_id = claim.last_user_id
        self._recent = RecentCuts(claim.stamp.number)
        self._waiters.stored(claim.stamp.number)
        self.healthy = True
        self._driver = asyncio.create_task(self._drive(), name="snapshot-writer")
        self._driver.add_done_callback(self._driver_ended)
        return claim

    async def drain(self, timeout_s: float) -> bool:
        """Wait until everything submitted so far is stored; return whether it is."""
        return await self.committed(self.last_number, timeout_s)

    async def close(self) -> None:
        """Stop writing, give the world up and close the store; `drain` first."""
        if self._closed:
            return
        self._closed = True
        if self._driver is not None:
            self._driver.cancel()
            await asyncio.wait([self._driver])
            self._driver = None
            if not self.failure:
                try:
                    await self._in_thread(self.repository.release, self._stamp(self._stored))
                except StorageError as error:
                    _log.warning("store_release_failed", reason=str(error))
        await self._in_thread(self.repository.close)
        self.healthy = False
        self._thread.shutdown(wait=False)

    # --- what the game uses

    @property
    def last_number(self) -> int:
        """The number of the cut that holds everything submitted so far."""
        if self._pending or self._ledger:
            return self._pending_number
        return self._in_flight.stamp.number if self._in_flight else self._stored

    def submit(self, changes: Mapping[str, Value | None], ledger: Iterable[Hash] = ()) -> int:
        """Hand over changes and return the commit number that will hold them; never waits.

        Hand over everything that is dirty, each time: a trade saved without the earlier changes of
        its two sides is not a consistent cut. Values are absolute and must not be changed later;
        None removes a key.
        """
        if not (self._pending or self._ledger):
            self._pending_since = self._clock()
        rows = list(ledger)
        rows += self.books.check(changes, rows, int(self._wall_clock()))
        self._pending.update(changes)
        self._ledger.extend(rows)
        if len(self._ledger) > MAX_LEDGER_ROWS:
            self._drop_rows()
        if self._pending or self._ledger:
            self._wake.set()
        return self.last_number

    async def committed(self, number: int, timeout_s: float = COMMIT_WAIT_S) -> bool:
        """Wait until a commit number is stored; False when it took longer."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def settle(stored: bool) -> None:  # noqa: FBT001 - the answer itself
            if not answer.done():
                answer.set_result(stored)

        self.on_committed(number, settle, timeout_s)
        return await answer

    def on_committed(
        self, number: int, callback: Callable[[bool], None], timeout_s: float = COMMIT_WAIT_S
    ) -> None:
        """Call back once: with True when the number is stored, with False when that takes longer.

        A False is no promise that it will not be stored, only that it is not known in time.
        """
        self._waiters.add(number, callback, timeout_s)

    async def read(self, keys: Sequence[str]) -> dict[str, Hash]:
        """Return the hashes under these keys as the game last submitted them.

        What was written or submitted lately is answered from memory, also while the store is away.
        """
        known = self._known(keys)
        missing = [key for key in keys if key not in known]
        if missing:
            known.update(await self._ask(self.repository.read, missing))
            known.update(self._known(keys))
        found = {key: value for key, value in known.items() if isinstance(value, dict)}
        self.books.learn(found)
        return found

    def renewed(self, records: Mapping[str, Hash]) -> dict[str, Hash]:
        """Return records that were read a moment ago with what was submitted since then."""
        known = self._known(records)
        newest = {key: known.get(key, record) for key, record in records.items()}
        return {key: value for key, value in newest.items() if isinstance(value, dict)}

    async def read_strings(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the plain texts under these keys, as the store has them."""
        return await self._ask(self.repository.read_strings, keys)

    async def read_config(self, leaves: Sequence[str]) -> dict[str, str]:
        """Return the settings `config:server:*` kept in the store, by leaf name."""
        return await self._ask(self.repository.read_config, leaves, RedisKeys.CONFIG_SERVER)

    async def scan(self, prefix: str) -> list[str]:
        """Return all keys that start so, sorted; for tools and start-up, not for play."""
        found = set(await self._ask(self.repository.scan, prefix))
        fresh = self._known([*self._recent.keys(), *self._flying(), *self._pending])
        for key, value in fresh.items():
            if key.startswith(prefix):
                (found.discard if value is None else found.add)(key)
        return sorted(found)

    async def standings(self, board: str, user_id: UserId, *, best: int, around: int) -> Standings:
        """Return the best of a ranking and who stands around a character.

        What was submitted until now is in it: that is waited for, as no memory knows all places.
        """
        if self.healthy:
            await self.drain(COMMIT_WAIT_S)
        return await self._ask(standings, self.repository, board, user_id, best=best, around=around)

    async def allocate_user_id(self) -> UserId:
        """Return a character number nobody has or had."""
        user_id = await self._ask(self.repository.allocate_user_id, self._last_user_id)
        self._last_user_id = max(self._last_user_id, user_id)
        return user_id

    async def back_up(self, target: Path) -> None:
        """Write the world into a file, with all that was submitted so far; the game goes on.

        Where the store needs peace for that, cuts wait and merge until it is done. Raises
        `StorageUnavailable` when it cannot be done now.
        """
        if self._backing_up:
            raise StorageUnavailable("another backup is being made; try again when it is done")
        self._backing_up = True
        try:
            stored = await self.drain(COMMIT_WAIT_S)
            self._held = self.repository.backup_needs_peace
            if self._held and self._in_flight is not None:
                stored = await self.committed(self._in_flight.stamp.number)
            if not (stored and self.healthy):
                raise StorageUnavailable(f"{self.repository.describe()} does not answer now")
            await asyncio.to_thread(write_whole, target, self.repository.back_up)
        finally:
            self._backing_up = self._held = False
            self._wake.set()

    @property
    def stats(self) -> WriterStats:
        """The figures of now."""
        away = self._away_since
        return WriterStats(
            commits=self._counters.commits,
            keys_written=self._counters.keys_written,
            last_commit_ms=self._counters.last_commit_ms,
            commit_s=self._counters.commit_s,
            lag_s=self._lag_s(),
            pending_keys=len(self._pending) + len(self._flying()),
            outage_s=0.0 if away is None else self._clock() - away,
            outages=self._counters.outages,
            rewrites=self._counters.rewrites,
        )

    # --- the driver

    async def _drive(self) -> None:
        while not self.failure:
            await self._wait_for_work()
            # A cut without an answer comes first: until it is known what became of it, the number
            # the store should have is not known either.
            if self._in_flight is None and self._clock() >= self._next_beat:
                done = await self._attempt(self._beat())
            elif self._has_work:
                done = await self._attempt(self._commit())
            elif self._in_flight is None and self._untrimmed >= TRIM_EVERY:
                done = await self._attempt(self._trim())
            else:
                continue
            if not done and not self.failure:
                await asyncio.sleep(BACKOFF_S[min(self._backoff, len(BACKOFF_S) - 1)])
                self._backoff += 1

    async def _wait_for_work(self) -> None:
        if not self._has_work:
            self._wake.clear()
            wait = self._next_beat - self._clock()
            if wait > 0 and self._untrimmed < TRIM_EVERY:
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._wake.wait()

    async def _attempt(self, step: Awaitable[Standing]) -> bool:
        """Take one step against the store; return whether it answered as it should."""
        try:
            standing = await step
        except StorageUnavailable as error:
            self._away(str(error))
            return False
        except StorageCorrupt as error:
            self._end(str(error))
            return False
        self._back()
        if standing.verdict is Verdict.FENCED:
            self._end("another server took this world over; this one may write no more")
            return False
        if standing.verdict is Verdict.LOST:
            self._rewrite(standing.stamp)
        return not self.failure

    async def _commit(self) -> Standing:
        cut = self._in_flight = self._in_flight or self._take()
        began = self._clock()
        standing = await self._in_thread(self.repository.commit, cut)
        if standing.verdict is Verdict.STORED:
            self._counters.commits += 1
            self._counters.keys_written += len(cut.changes)
            self._untrimmed += len(cut.ledger)
            took = self._clock() - began
            self._counters.commit_s += took
            self._counters.last_commit_ms = took * 1000
            self._in_flight = None
            self._stored = cut.stamp.number
            self._recent.add(cut, self._clock())
            self._waiters.stored(cut.stamp.number)
        return standing

    def _take(self) -> Cut:
        cut = Cut(self._stamp(self._pending_number), self._pending, tuple(self._ledger))
        self._flying_since = self._pending_since
        self._pending = {}
        self._ledger = []
        return cut

    async def _trim(self) -> Standing:
        stamp = self._stamp(self._stored)
        standing = await self._in_thread(self.repository.trim, stamp, self.ledger_lines)
        if standing.verdict is Verdict.STORED:
            self._untrimmed -= TRIM_EVERY
        return standing

    async def _beat(self) -> Standing:
        now = self._clock()
        live = self.presence()
        beat = self._tracker.plan(self._stamp(self._stored), live, now, self._wall_clock())
        standing = await self._in_thread(self.repository.beat, beat)
        if standing.verdict is Verdict.STORED:
            self._tracker.written(live, beat, now)
            self._next_beat = now + BEAT_S
        return standing

    def _rewrite(self, stored: Stamp | None) -> None:
        """Make the next cut one that brings the store to what memory knows, whatever it holds."""
        complete = (
            stored is not None
            and stored.epoch == self._epoch
            and stored.number >= self._recent.floor
        )
        _log.error(
            "store_lost",
            stored=stored and stored.number,
            expected=self._stored,
            complete=complete,
            hint="the store was emptied or rolled back under this server; it is written anew from "
            "memory" + ("" if complete else ", but characters not in the game are gone from it"),
        )
        live = self.on_lost(Loss(stored, complete))
        if live is None:
            self._end("the store was emptied or rolled back under this server")
            return
        self.incomplete = self.incomplete or not complete
        records, rows = self._recent.since(stored.number if stored and complete else -1)
        changes = {
            **records,
            **self._flying(),
            **self._pending,
            **live,
            RedisKeys.WORLD_SCHEMA: str(SCHEMA_VERSION),
            RedisKeys.WORLD_LAST_USER_ID: str(self._last_user_id),
        }
        ledger = [*rows, *(self._in_flight.ledger if self._in_flight else ()), *self._ledger]
        if stored is None:
            # No line and no balance is left: the ledger begins anew, so that with the lines still
            # known it adds up to what is written now.
            stock = held_in_all(changes)
            for row in ledger:
                add(stock, moves(row), -1)
            ledger = [*rows_for(stock, "rewritten", "0", int(self._wall_clock())), *ledger]
        number = max(self._pending_number, stored.number + 1 if stored else 0)
        if self._in_flight is None:
            self._flying_since = self._clock()
        self._in_flight = Cut(self._stamp(number), changes, tuple(ledger), rewrite=True)
        self._pending = {}
        self._ledger = []
        self._tracker.forget()
        self._counters.rewrites += 1

    # --- health

    def _away(self, reason: str) -> None:
        now = self._clock()
        if self._away_since is None:
            self._away_since = now
            self._counters.outages += 1
        self.healthy = False
        if now - self._last_log >= LOG_EVERY_S:
            self._last_log = now
            self._told_away = True
            _log.warning(
                "store_away",
                store=self.repository.describe(),
                seconds=round(now - self._away_since, 1),
                outages=self._counters.outages,
                pending=self.stats.pending_keys,
                reason=reason,
            )

    def _back(self) -> None:
        if self._away_since is not None and self._told_away:
            # A way to the store that breaks ten times a second makes two lines in ten.
            self._told_away = False
            seconds = round(self._clock() - self._away_since, 1)
            _log.warning("store_back", store=self.repository.describe(), seconds=seconds)
        self._away_since = None
        self._backoff = 0
        self.healthy = True

    def _end(self, reason: str) -> None:
        self.failure = reason
        self.healthy = False
        _log.critical("store_writer_ended", store=self.repository.describe(), reason=reason)
        self.on_end(reason)

    def _driver_ended(self, driver: asyncio.Task[None]) -> None:
        """Let a bug in the driver stop the server instead of silently stopping to save."""
        if not driver.cancelled() and (error := driver.exception()) is not None:
            _log.critical("store_writer_broke", exc_info=error)
            self._end(f"the snapshot writer broke: {error!r}")

    # --- small parts

    def _lag_s(self) -> float:
        if self._in_flight is not None:
            return self._clock() - self._flying_since
        return self._clock() - self._pending_since if self._has_work else 0.0

    @property
    def _has_work(self) -> bool:
        fresh = bool(self._pending or self._ledger)
        return self._in_flight is not None or (fresh and not self._held)

    @property
    def _pending_number(self) -> int:
        return (self._in_flight.stamp.number if self._in_flight else self._stored) + 1

    def _stamp(self, number: int) -> Stamp:
        return Stamp(self._epoch, number)

    def _flying(self) -> Mapping[str, Value | None]:
        return self._in_flight.changes if self._in_flight else {}

    def _known(self, keys: Iterable[str]) -> dict[str, Value | None]:
        """Return what memory knows of these keys, the newest word of each."""
        flying = self._flying()
        known: dict[str, Value | None] = {}
        for key in keys:
            if key in self._pending:
                known[key] = self._pending[key]
            elif key in flying:
                known[key] = flying[key]
            elif (recent := self._recent.get(key)) is not None:
                known[key] = recent[0]
        return known

    def _drop_rows(self) -> None:
        surplus = len(self._ledger) - MAX_LEDGER_ROWS
        del self._ledger[:surplus]
        self._counters.rows_dropped += surplus
        _log.error("audit_rows_dropped", rows=surplus, total=self._counters.rows_dropped)

    async def _in_thread(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(call, *args, **kwargs))

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the store on behalf of the game: refused at once while it is away or swamped."""
        if not self.healthy:
            raise StorageUnavailable(f"{self.repository.describe()} does not answer now")
        if self._calls >= MAX_CALLS:
            raise StorageUnavailable(f"{self.repository.describe()} has too much to do now")
        self._calls += 1
        try:
            return await self._in_thread(call, *args, **kwargs)
        except StorageUnavailable as error:
            self._away(str(error))
            self._next_beat = 0.0
            self._wake.set()
            raise
        finally:
            self._calls -= 1
